import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifestSchema from '../../schemas/manifest.schema.json' with { type: 'json' };
import ruleSchema from '../../schemas/rule.schema.json' with { type: 'json' };
import packageJson from '../../package.json' with { type: 'json' };
import { starterFiles } from '../../src/cli/starter.js';
import { starterRules } from '../../src/cli/starter-rules.js';
import { MANIFEST_SCHEMA, modeline, RULE_SCHEMA } from '../../src/core/modeline.js';
import { isJsonObject, type Json } from '../../src/core/json.js';
import { startLanguageServer, type LanguageServer } from '../support/language-server.js';
import { kinds } from '../../src/kinds/registry.js';

const root = path.join(import.meta.dirname, '..', '..');
const schemaFile = path.join(root, 'schemas', 'manifest.schema.json');
const schema = manifestSchema as unknown as Json;

const at = (pointer: string): Json =>
  pointer
    .split('/')
    .slice(1)
    .reduce<Json>((value, name) => (isJsonObject(value) ? (value[name] ?? null) : null), schema);

/** What an editor shows for a property: its own description, or that of what it refers to. */
const descriptionOf = (property: Json): string => {
  if (!isJsonObject(property)) return '';
  const { description, $ref: reference } = property;
  if (typeof description === 'string') return description;
  return typeof reference === 'string' ? descriptionOf(at(reference)) : '';
};

/** Every property of the schema, by its path. Conditions name properties without describing them. */
const properties = (value: Json, where: string): readonly (readonly [string, Json])[] => {
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((item, index) => properties(item, `${where}/${index}`));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    if (name === 'if' || name === 'enum' || name === 'const') return [];
    if (name !== 'properties' || !isJsonObject(item)) return properties(item, `${where}/${name}`);
    return Object.entries(item).flatMap(([property, inner]) => [
      [`${where}/${property}`, inner] as const,
      ...properties(inner, `${where}/${property}`),
    ]);
  });
};

describe('the schema of manifests', () => {
  it('describes every field in a sentence', () => {
    const all = properties(schema, '');
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter(([, property]) => descriptionOf(property).length < 10).map(([where]) => where)).toEqual(
      [],
    );
  });

  it('is a whole schema in one file: nothing has to be fetched', () => {
    const references = JSON.stringify(schema).match(/"\$ref":"[^"]*"/g) ?? [];
    expect(references.filter((reference) => !reference.includes('"#/'))).toEqual([]);
    expect(
      new Ajv2020({ strict: false, validateFormats: false }).compile(manifestSchema)({ kind: 'Modle' }),
    ).toBe(false);
  });

  it('is published, at the address that new files name', () => {
    expect(packageJson.files).toContain('schemas');
    const [major = ''] = packageJson.version.split('.');
    expect(MANIFEST_SCHEMA).toBe(
      `https://unpkg.com/${packageJson.name}@${major}/schemas/${path.basename(schemaFile)}`,
    );
    // An editor looks for the line in each document.
    for (const document of starterFiles['polytomic/warehouse.yaml']!.split(/^---\n/m))
      expect(document.split('\n')[0]).toBe(modeline(MANIFEST_SCHEMA));
  });
});

describe('in an editor, with the language server for YAML', () => {
  let server: LanguageServer;
  const head = `${modeline(pathToFileURL(schemaFile).href)}\n`;
  const labels = async (text: string): Promise<readonly string[]> =>
    (await server.complete(head + text)).map(({ label }) => label);
  beforeAll(async () => {
    server = await startLanguageServer(path.join(root, 'polytomic', 'a.yaml'));
  });
  afterAll(async () => server.close());

  it('completes kinds, fields of the kind that are not there yet, and values', async () => {
    expect(await labels('kind: |')).toEqual([
      ...kinds.map(({ name }) => name).sort(),
      'Defaults',
      'Instances',
      'Moved',
      'Overlay',
      'Removed',
      'Template',
    ]);
    const fields = await labels('kind: Model\nkey: a\n|');
    expect(fields).toEqual(
      expect.arrayContaining(['name', 'connection', 'configuration', 'tracking_columns']),
    );
    expect(fields).not.toContain('mode');
    expect(fields).not.toContain('key');
    expect(await labels('kind: Sync\nschedule:\n  frequency: |')).toContain('runafter');
    expect(await labels('kind: Sync\ntarget:\n  connection: a\n  |')).toEqual(
      expect.arrayContaining(['object', 'new_name']),
    );
    expect(await labels('kind: Sync\nfields:\n  - source: a.b\n    |')).toEqual(
      expect.arrayContaining(['target', 'override_value']),
    );
    expect(await labels('kind: BulkSync\nschemas:\n  - id: a\n    |')).toEqual(
      expect.arrayContaining(['fields', 'other_fields', 'tracking_field']),
    );
    expect(
      await labels('kind: BulkSync\nschemas:\n  - id: a\n    fields:\n      - id: b\n        |'),
    ).toEqual(expect.arrayContaining(['obfuscate', 'user_output_name']));
    const given = await labels('kind: Defaults\nfor: Sync\nvalues:\n  |');
    expect(given).toEqual(expect.arrayContaining(['mode', 'schedule']));
    expect(given).not.toContain('name');
    expect(await labels('kind: Defaults\nfor: Sync\nvalues:\n  schedule:\n    frequency: |')).toContain(
      'runafter',
    );
  });

  it('completes fields of what a template makes, where any of them may be a parameter', async () => {
    const start = 'kind: Template\nkey: a\nparameters:\n  hour: { type: integer }\nresources:\n  - kind: ';
    expect(await labels(`${start}|`)).toEqual(expect.arrayContaining(['Model', 'Sync', 'Instances']));
    expect(await labels(`${start}Sync\n    |`)).toEqual(
      expect.arrayContaining(['mode', 'schedule', 'labels']),
    );
    expect(
      await server.problems(`${head}${start}Sync\n    key: \${param.key}\n    active: \${param.hour}\n`),
    ).toEqual([]);
    expect(await labels('kind: Template\nparameters:\n  hour:\n    |')).toEqual(
      expect.arrayContaining(['type', 'default', 'description', 'minimum']),
    );
  });

  it('shows what a field means, in lists and behind references too', async () => {
    expect(await server.hover(`${head}kind: Sync\n|mode: replace\n`)).toContain(
      'A target offers some of them.',
    );
    expect(await server.hover(`${head}kind: Sync\n|key: a\n`)).toContain('It never changes');
    expect(await server.hover(`${head}kind: Sync\ntarget:\n  |connection: a\n`)).toContain(
      'The connection that is written to.',
    );
    expect(await server.hover(`${head}kind: Sync\nfields:\n  - |source: a.b\n`)).toContain(
      'A field of a model',
    );
    expect(
      await server.hover(`${head}kind: Model\nkey: a\n---\n${head}kind: Sync\n|active: true\n`),
    ).toContain('Whether the schedule starts it');
  });

  it('points at mistakes, and at nothing in a manifest without any', async () => {
    expect(
      await server.problems(
        `${head}kind: Sync\nkey: a\nmode: replce\nnaem: x\ntarget: {connection: a, objct: b}\n`,
      ),
    ).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^4:7 Value is not accepted. Valid values: "create", /),
        expect.stringMatching(/^5:1 Property naem is not allowed/),
        expect.stringMatching(/^6:25 Property objct is not allowed/),
        expect.stringMatching(/^2:1 Missing property "name"/),
      ]),
    );
    const starter = starterFiles['polytomic/warehouse.yaml']!.replaceAll(
      MANIFEST_SCHEMA,
      pathToFileURL(schemaFile).href,
    );
    expect(await server.problems(starter)).toEqual([]);
    for (const file of ['connections', 'customers']) {
      const text = await readFile(path.join(root, 'examples/quickstart/polytomic', `${file}.yaml`), 'utf8');
      expect(await server.problems(head + text.replaceAll(/^---\n/gm, `---\n${head}`))).toEqual([]);
    }
  });
});

describe('the schema of rules', () => {
  it('describes its own fields, is whole, and is published at the address that new files name', () => {
    const own = ruleSchema as unknown as { readonly properties: Readonly<Record<string, Json>> };
    const described = (value: Json): readonly (readonly [string, Json])[] => properties(value, '');
    const undescribed = Object.entries(own.properties)
      .flatMap(([name, value]) => [[name, value] as const, ...described(value)])
      .filter(([, value]) => !isJsonObject(value) || descriptionOf(value).length < 10)
      .map(([name]) => name);
    expect(undescribed).toEqual([]);
    expect(
      (JSON.stringify(ruleSchema).match(/"\$ref":"[^"]*"/g) ?? []).filter((each) => !each.includes('"#/')),
    ).toEqual([]);
    const [major = ''] = packageJson.version.split('.');
    expect(RULE_SCHEMA).toBe(`https://unpkg.com/${packageJson.name}@${major}/schemas/rule.schema.json`);
    for (const text of Object.values(starterRules))
      for (const document of text.split(/^---\n/m))
        expect(document.split('\n')[0]).toBe(modeline(RULE_SCHEMA));
  });

  it('completes what a rule may say, down into the JSON Schema', async () => {
    const server = await startLanguageServer(path.join(root, 'rules', 'a.yaml'));
    try {
      const head = `${modeline(pathToFileURL(path.join(root, 'schemas', 'rule.schema.json')).href)}\n`;
      const offered = async (text: string): Promise<readonly string[]> =>
        (await server.complete(head + text)).map(({ label }) => label);
      expect(await offered('kind: Rule\nrequire:\n  |')).toEqual(
        expect.arrayContaining(['resource', 'change', 'plan', 'approval', 'obfuscated']),
      );
      expect(
        await offered('kind: Rule\nrequire:\n  resource:\n    properties:\n      labels:\n        re|'),
      ).toEqual(expect.arrayContaining(['required', 'pattern', 'enum']));
    } finally {
      await server.close();
    }
  });
});
