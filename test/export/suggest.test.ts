/** `export --suggest-templates`: what is almost the same, as a template that makes exactly that. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import type { Json, JsonObject } from '../../src/core/json.js';
import { differences, generalise } from '../../src/export/generalise.js';
import { suggestTemplates } from '../../src/export/suggest.js';
import { fillShape, shapeOf } from '../../src/load/templates/shape.js';
import { workbench, type Workbench } from '../support/workbench.js';

const CONNECTIONS = `kind: Connection
key: db
name: Shop database
type: postgresql
configuration: { hostname: db.example.com, database: shop }
---
kind: Connection
key: warehouse
name: Warehouse
type: snowflake
configuration: { account: acme, username: SYNC }
`;

const model = (table: string): string => `kind: Model
key: ${table}
name: Table ${table}
connection: db
configuration: { table: public.${table} }
identifier: id
`;

const sync = (table: string, object: string, hour: number, more = ''): string => `kind: Sync
key: ${table}-to-crm
name: ${table} to the CRM
mode: append
fields:
  - { source: ${table}.email, target: EMAIL }
  - { source: ${table}.first_name, target: FIRST_NAME }
schedule: { frequency: daily, hour: ${hour}, minute: '05' }
target: { connection: warehouse, object: CRM.${object} }
${more}`;

const tables = ['accounts', 'contacts', 'orders', 'teams'];

const files = {
  'polytomic/connections.yaml': CONNECTIONS,
  ...Object.fromEntries(tables.map((table) => [`polytomic/models/${table}.yaml`, model(table)])),
  'polytomic/syncs/all.yaml': tables
    .map((table, index) =>
      sync(table, table.toUpperCase(), index === 2 ? 7 : 5, index === 3 ? 'labels: { team: growth }\n' : ''),
    )
    .join('---\n'),
};

const suggested = async (bench: Workbench): Promise<string> => {
  const { code, out } = await bench.cli('export', '--suggest-templates');
  expect(code).toBe(0);
  return out;
};

describe('export --suggest-templates', () => {
  it('prints a template for what differs in few places, and instances; a plan after it is empty', async () => {
    const bench = await workbench(files);
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
    const before = await bench.read('polytomic/syncs/all.yaml');
    const { out, err } = await bench.cli('export', '--suggest-templates');
    await expect(out).toMatchFileSnapshot('golden/suggest-templates.yaml');
    expect(err).toContain('2 templates for 8 of 10 manifests.');
    // It writes nothing.
    expect(await bench.read('polytomic/syncs/all.yaml')).toBe(before);
    for (const table of tables) await bench.remove(`polytomic/models/${table}.yaml`);
    await bench.remove('polytomic/syncs/all.yaml');
    await bench.write({ 'polytomic/templates.yaml': out });
    const plan = await bench.cli('plan', '--detailed-exitcode').catch(() => undefined);
    expect((await bench.cli('plan')).out, plan?.err).toContain('No changes.');
    expect((await bench.cli('drift')).code).toBe(0);
    expect((await bench.cli('export', '--suggest-templates')).err).toContain('No template');
  });

  it('takes what lives and has no manifest yet, as an export would write it', async () => {
    const bench = await workbench(files);
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
    for (const table of tables) await bench.remove(`polytomic/models/${table}.yaml`);
    await bench.remove('polytomic/syncs/all.yaml');
    await bench.remove('.polytomic/state/default.json').catch(() => undefined);
    const json = JSON.parse((await bench.cli('--json', 'export', '--suggest-templates')).out) as {
      readonly suggestions: readonly { readonly replaces: readonly { readonly address: string }[] }[];
    };
    expect(json.suggestions.map(({ replaces }) => replaces.length)).toEqual([4, 4]);
  });

  it('leaves alone what has too little in common', async () => {
    const bench = await workbench({
      'polytomic/a.yaml': ['a', 'b', 'c', 'd']
        .map((key) => `kind: Role\nkey: ${key}\nname: Role ${key}\n`)
        .join('---\n'),
    });
    expect(await suggested(bench)).toBe('');
  });

  it('is no edit: what a template makes is left where an export finds it otherwise', async () => {
    const bench = await workbench(files);
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
    await bench.write({ 'polytomic/templates.yaml': await suggested(bench) });
    for (const table of tables) await bench.remove(`polytomic/models/${table}.yaml`);
    await bench.remove('polytomic/syncs/all.yaml');
    const id = bench.sandbox.list('syncs').find(({ name }) => name === 'orders to the CRM')?.id ?? '';
    bench.sandbox.edit('syncs', id, { active: false, mode: 'create' });
    const text = await bench.read('polytomic/templates.yaml');
    const { code, out } = await bench.cli('export');
    expect(code).toBe(0);
    expect(out).toContain(
      'sync.orders-to-crm: a template makes it; change its instance, or add an overlay there',
    );
    expect(await bench.read('polytomic/templates.yaml')).toBe(text);
  });
});

describe('what documents have in common', () => {
  it('is one parameter for what is the same wherever it differs, cut where words end', () => {
    const { document, parameters } = generalise(
      ['customers', 'orders', 'users'].map((table) => ({
        key: `${table}-eu`,
        name: `Table ${table}`,
        fields: [{ source: `${table}.email` }, { source: `${table}.id` }],
        extra: `${table}-eu!`,
        table,
      })),
    );
    expect(document).toEqual({
      key: '${param.key}',
      name: 'Table ${param.name}',
      fields: [{ source: '${param.name}.email' }, { source: '${param.name}.id' }],
      extra: '${param.key}!',
      table: '${param.name}',
    });
    expect([...parameters.keys()]).toEqual(['key', 'name']);
  });

  const json = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom('a', 'b', 'a.b', 'b.b', '$${x}', '${env:A}', 'a b c', ''),
      fc.integer({ min: 0, max: 3 }),
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c d'), tie('value'), { maxKeys: 3 }),
    ),
  })).value;

  it('makes each of them again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ name: json, fields: json, more: json }, { requiredKeys: ['name'] }), {
          minLength: 1,
          maxLength: 5,
        }),
        (bodies) => {
          const documents = bodies.map((body, index) => ({ key: `k${index}`, ...body }));
          const { document, parameters } = generalise(documents);
          const { shape } = shapeOf(document);
          documents.forEach((one, index) => {
            const own = new Map(
              [...parameters].flatMap(([name, values]) => {
                const value = values[index];
                return value === undefined ? [] : [[name, value] as const];
              }),
            );
            expect(fillShape(shape, own, { left: 1e9 })).toEqual(one);
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('counts the places that two differ in, up to a number', () => {
    fc.assert(
      fc.property(json, json, fc.integer({ min: 0, max: 5 }), (a, b, most) => {
        const all = differences(a, b, 1000);
        expect(differences(a, b, most)).toBe(all > most ? most + 1 : all);
        expect(differences(a, a, most)).toBe(0);
      }),
    );
  });

  it('is looked for within a folder and a kind, and once for each manifest', () => {
    const manifests = ['a', 'b'].flatMap((folder) =>
      tables.flatMap((table) =>
        parseAllDocuments(model(`${folder}-${table}`)).map((document) => ({
          file: `polytomic/${folder}/${table}.yaml`,
          value: document.toJS() as JsonObject,
        })),
      ),
    );
    const suggestions = suggestTemplates(manifests, ['model-db']);
    expect(suggestions.map(({ folder, template }) => [folder, template['key']])).toEqual([
      ['polytomic/a', 'model-db-2'],
      ['polytomic/b', 'model-db-3'],
    ]);
    const all = suggestions.flatMap(({ replaces }) => replaces.map(({ address }) => address));
    expect(new Set(all).size).toBe(8);
    expect(stringify(suggestions[0]?.instances)).toContain('template: model-db-2');
  });
});
