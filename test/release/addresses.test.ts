/** Where others find the schemas, and what they are told: SchemaStore, pre-commit, npm. */
import path from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MANIFEST_SCHEMA } from '../../src/core/modeline.js';
import { filesOf } from '../support/files.js';
import { workbench } from '../support/workbench.js';

const json = (file: string): Record<string, unknown> =>
  JSON.parse(filesOf(file)[0]![1]) as Record<string, unknown>;
const manifest = json('package.json');
const major = /^\d+/.exec(String(manifest['version']))![0];
const schemas = filesOf('schemas/*.schema.json').map(
  ([file, text]) => [path.basename(file), JSON.parse(text) as Record<string, unknown>] as const,
);

interface Entry {
  readonly name: string;
  readonly fileMatch: readonly string[];
  readonly url: string;
}

/** What schema-catalog.json of SchemaStore asks of an entry. */
const entrySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'description', 'url'],
  properties: {
    name: { type: 'string' },
    description: { type: 'string' },
    fileMatch: { type: 'array', uniqueItems: true, items: { type: 'string' } },
    url: { type: 'string', format: 'uri', pattern: '^https://' },
    versions: { type: 'object' },
  },
};

describe('a schema', () => {
  it.each(schemas)('%s is at the address that it says, of this major version', (file, schema) => {
    expect(schema['$id']).toBe(`https://unpkg.com/polytomic-gitops@${major}/schemas/${file}`);
  });

  it('of manifests is the one that editors are pointed to', () => {
    expect(schemas.map(([, schema]) => schema['$id'])).toContain(MANIFEST_SCHEMA);
  });

  it('refers to no other than these', () => {
    const ajv = new Ajv2020({ strict: false, schemas: schemas.map(([, schema]) => schema) });
    formats.default(ajv);
    for (const [, { $id }] of schemas) expect(ajv.getSchema(String($id))).toBeTypeOf('function');
  });
});

describe('the entry for SchemaStore', () => {
  const entries = JSON.parse(filesOf('.ci/release/schemastore.json')[0]![1]) as readonly Entry[];

  it('is one that its catalog takes, for schemas that are there', () => {
    const ajv = new Ajv({ strict: false });
    formats.default(ajv);
    const validate = ajv.compile({ type: 'array', items: entrySchema });
    expect([validate(entries), validate.errors]).toEqual([true, null]);
    const ids = schemas.map(([, { $id }]) => $id);
    for (const { url } of entries) expect(ids).toContain(url);
  });

  it.each([
    ['polytomic.config.yaml', 'configuration'],
    ['infra/polytomic.config.yml', 'configuration'],
    ['polytomic/customers.yaml', 'manifest'],
    ['infra/polytomic/east/customers.yml', 'manifest'],
    ['polytomic.yaml', undefined],
    ['.github/workflows/polytomic.yml', undefined],
    ['polytomic/notes.md', undefined],
  ])('means %s as a %s', (file, what) => {
    // A pattern without a folder is for every folder.
    const found = entries.filter(({ fileMatch }) =>
      fileMatch.some((pattern) => picomatch(pattern.includes('/') ? pattern : `**/${pattern}`)(file)),
    );
    expect(found.map(({ name }) => name)).toEqual(what === undefined ? [] : [`Polytomic GitOps ${what}`]);
  });
});

describe('the hooks of pre-commit', () => {
  const hooks = parse(filesOf('.pre-commit-hooks.yaml')[0]![1]) as readonly Readonly<
    Record<string, unknown>
  >[];

  it('are two, which look at all manifests', () => {
    expect(hooks.map(({ id, language, pass_filenames: names }) => [id, language, names])).toEqual([
      ['polytomic-validate', 'node', false],
      ['polytomic-fmt', 'node', false],
    ]);
  });

  it.each(hooks.map(({ entry }) => String(entry)))(
    '%s passes what is right, and fails what is not',
    async (entry) => {
      const [program, ...args] = entry.split(' ');
      expect(Object.keys(manifest['bin'] as object)).toEqual([program]);
      const bench = await workbench({ 'infra/polytomic/a.yaml': 'kind: Role\nkey: a\nname: A\n' });
      // In a folder of the repository, as `args` of a hook may say.
      expect(await bench.cli(...args, '--chdir', 'infra')).toMatchObject({ code: 0 });
      await bench.write({ 'infra/polytomic/b.yaml': 'kind:   Model\nkey: "b"\n' });
      expect(await bench.cli(...args, '--chdir', 'infra')).toMatchObject({ code: 1 });
      expect(bench.sandbox.requests).toEqual([]);
    },
  );
});

describe('package.json', () => {
  it('names the repository, as provenance needs it, and the one that people are told to use', () => {
    const address = 'https://github.com/polytomic/polytomic-gitops';
    expect(manifest['repository']).toEqual({ type: 'git', url: `git+${address}.git` });
    expect(manifest['bugs']).toEqual({ url: `${address}/issues` });
    expect(filesOf('examples/workflows/single.yml')[0]![1]).toContain(
      `uses: ${new URL(address).pathname.slice(1)}@v${major}`,
    );
  });

  it('asks whoever installs it for nothing: what runs is bundled', () => {
    for (const name of ['dependencies', 'peerDependencies', 'optionalDependencies'])
      expect(manifest).not.toHaveProperty(name);
  });
});
