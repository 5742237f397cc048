/** What is read out of a Terraform state, and the keys that its names become. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/json.js';
import { isReserved } from '../../src/core/slug.js';
import { assignKeys } from '../../src/export/keys.js';
import { readTerraform, type TerraformResource } from '../../src/export/terraform.js';
import { terraformKeys } from '../../src/export/terraform-keys.js';
import type { LiveObject } from '../../src/live/snapshot.js';
import { checkSchema } from '../../src/load/schema.js';
import { shown, stateFile, type Held } from '../support/terraform.js';

const SECRET = 'hunter2-of-the-warehouse';

const held: readonly Held[] = [
  {
    type: 'polytomic_snowflake_connection',
    name: 'main',
    id: 'c1',
    attributes: { name: 'Warehouse', configuration: { password: SECRET, id: 'none', type: 'x' } },
  },
  { type: 'polytomic_model', name: 'customers', id: 'm1', index: 0, attributes: { version: SECRET } },
  { type: 'polytomic_model', name: 'customers', id: 'm2', index: 1 },
  { type: 'polytomic_sync', name: 'eu', id: 's1', modules: ['module.crm["e/u ~1"]', 'module.core'] },
  { type: 'polytomic_connection', name: 'looked_up', id: 'c2', data: true },
  // Of somebody else, without an id yet, and what is about to be deleted.
  { type: 'aws_instance', name: 'main', id: 'i-1' },
  { type: 'polytomic_model', name: 'unmade', id: null },
  { type: 'polytomic_model', name: 'replaced', id: 'm9', deposed: '1a2b3c4d' },
];

const expected: readonly TerraformResource[] = [
  {
    address: 'polytomic_snowflake_connection.main',
    type: 'polytomic_snowflake_connection',
    name: 'main',
    module: '',
    data: false,
    id: 'c1',
  },
  ...[0, 1].map((index) => ({
    address: `polytomic_model.customers[${index}]`,
    type: 'polytomic_model',
    name: 'customers',
    module: '',
    index,
    data: false,
    id: `m${index + 1}`,
  })),
  {
    address: 'module.crm["e/u ~1"].module.core.polytomic_sync.eu',
    type: 'polytomic_sync',
    name: 'eu',
    module: 'module.crm["e/u ~1"].module.core',
    data: false,
    id: 's1',
  },
  {
    address: 'data.polytomic_connection.looked_up',
    type: 'polytomic_connection',
    name: 'looked_up',
    module: '',
    data: true,
    id: 'c2',
  },
];

const byAddress = (resources: readonly TerraformResource[]): readonly TerraformResource[] =>
  [...resources].sort((a, b) => (a.address < b.address ? -1 : 1));

describe('a Terraform state', () => {
  it.each<[string, Json]>([
    ['a state file', stateFile(held)],
    ['what terraform show -json prints', shown(held)],
    ['the same of a plan', { format_version: '1.2', planned_values: {}, prior_state: shown(held) }],
    [
      'a state with attributes of old',
      JSON.parse(JSON.stringify(stateFile(held)).replaceAll('"attributes"', '"attributes_flat"')) as Json,
    ],
  ])('is read for the names and ids of Polytomic, and nothing else: %s', (_what, value) => {
    for (const text of [JSON.stringify(value), JSON.stringify(value, undefined, 2)]) {
      const { resources, diagnostics } = readTerraform('state', text);
      expect(diagnostics).toEqual([]);
      expect(byAddress(resources)).toEqual(byAddress(expected));
    }
  });

  const broken = `{\n  "version": 4,\n  "resources": [{ "type": "${SECRET}" "name": "x" }]\n}`;
  it.each<[string, string, string, number, number]>([
    ['no JSON', broken, 'the file is no JSON: comma expected', 3, 54],
    ['cut off', broken.slice(0, 50), 'the file is no JSON: unexpected end of string', 3, 27],
    ['nothing', '', 'the file is no JSON: value expected', 1, 1],
    ['two documents', '{"version":4}\n{}', 'the file is no JSON: end of file expected', 2, 1],
    ['with a comment', '{"version":4} // x', 'the file is no JSON: invalid comment token', 1, 15],
    ['HCL', `resource "polytomic_model" "x" {}`, 'the file is no JSON: invalid symbol', 1, 1],
    ['of another kind', '{"name":"x"}', 'this is neither a Terraform state nor', 1, 1],
    ['a list', '[4]', 'this is neither a Terraform state nor', 1, 1],
    ['of an old format', '{\n  "version": 3,\n  "modules": []\n}', 'the state has the format 3;', 2, 14],
    ['of a format to come', '{"version": 5}', 'the state has the format 5;', 1, 13],
    ['shown in a format to come', '{"format_version": "2.0"}', 'has the format 2.0;', 1, 20],
    ['encrypted', `{"version": 4, "encrypted_data": "${'A'.repeat(5000)}"}`, 'the state is encrypted', 1, 13],
    ['without Polytomic', JSON.stringify(stateFile(held.slice(5))), 'no resource of Polytomic', 1, 1],
    ['empty, as shown', '{"format_version":"1.0"}', 'no resource of Polytomic', 1, 1],
    ['nested without end', `{"version":4,"resources":${'['.repeat(200_000)}`, 'nested more deeply', 1, 1],
  ])('that is %s is a finding at its place', (_what, text, message, line, column) => {
    const { resources, diagnostics } = readTerraform('terraform.tfstate', text);
    expect(resources).toEqual([]);
    expect(diagnostics).toHaveLength(1);
    const [{ message: said, hint, place }] = diagnostics as [(typeof diagnostics)[0]];
    expect(said).toContain(message);
    expect(place).toEqual({ file: 'terraform.tfstate', line, column });
    expect(hint?.length).toBeGreaterThan(10);
    expect(JSON.stringify(diagnostics)).not.toContain(SECRET);
  });

  it('of whatever form, cut or changed anywhere, gives away nothing of its values', () => {
    const texts = [stateFile(held), shown(held)].map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom('', '"', '\\', '{', ']', '\u0000', '"version":7,'),
        (text, at, put) => {
          const place = Math.floor(at * text.length);
          for (const changed of [
            text.slice(0, place) + put,
            text.slice(0, place) + put + text.slice(place),
          ]) {
            const read = JSON.stringify(readTerraform('state', changed));
            expect(read).not.toContain('hunter2');
          }
        },
      ),
    );
  });

  it('holds a value that is too long for a name without taking it for one', () => {
    const long = { type: 'polytomic_model', name: 'x', id: 'm'.repeat(5000) };
    const { resources } = readTerraform('state', JSON.stringify(stateFile([...held, long])));
    expect(resources).toHaveLength(5);
  });
});

const live = (kind: string, id: string, name = id): LiveObject => ({ kind, id, name, value: { id, name } });

const keysOf = (all: readonly Held[], objects: readonly LiveObject[]): Readonly<Record<string, string>> => {
  const { resources } = readTerraform('state', JSON.stringify(stateFile(all)));
  return Object.fromEntries([...terraformKeys(resources, objects).keys].map(([own, { key }]) => [own, key]));
};

describe('the key of a live object', () => {
  it('is the name of the resource that has its id', () => {
    expect(
      keysOf(held, [
        live('Connection', 'c1'),
        live('Connection', 'c2'),
        live('Model', 'm1'),
        live('Model', 'm2'),
        live('Sync', 's1'),
        live('Sync', 's2'),
      ]),
    ).toEqual({
      'Connection c1': 'main',
      'Connection c2': 'looked_up',
      'Model m1': 'customers-0',
      'Model m2': 'customers-1',
      'Sync s1': 'eu',
    });
  });

  it('says as much more as tells two apart: the system, the module, both', () => {
    const connection = (system: string, id: string, modules: readonly string[] = []): Held => ({
      type: `polytomic_${system}_connection`,
      name: 'main',
      id,
      modules,
    });
    const objects = ['a', 'b', 'c'].map((id) => live('Connection', id));
    expect(keysOf([connection('snowflake', 'a'), connection('google_ads', 'b')], objects)).toEqual({
      'Connection a': 'snowflake-main',
      'Connection b': 'google_ads-main',
    });
    expect(
      keysOf(
        [connection('s3', 'a'), connection('s3', 'b', ['module.crm["eu-west"]', 'module.x[2]'])],
        objects,
      ),
    ).toEqual({ 'Connection a': 'main', 'Connection b': 'crm-eu-west-x-2-main' });
    expect(
      keysOf(
        [connection('s3', 'a', ['module.m']), connection('csv', 'b', ['module.m']), connection('s3', 'c')],
        objects,
      ),
    ).toEqual({ 'Connection a': 'm-s3-main', 'Connection b': 'm-csv-main', 'Connection c': 's3-main' });
  });

  it.each<[string, string | number | undefined, string]>([
    ['Customers_EU', undefined, 'Customers_EU'],
    ['_private', undefined, 'private'],
    ['con', undefined, 'con-model'],
    ['größe', undefined, 'grosse'],
    ['m', 'eu-west', 'm-eu-west'],
    ['m', 'a.b/c d', 'm-a-b-c-d'],
    ['m', '../../etc', 'm-etc'],
    ['m', '日本', 'm-model-cf2abf'],
    ['m', '', 'm'],
  ])('of %s with the index %s is %s', (name, index, key) => {
    const all = [{ type: 'polytomic_model', name, id: 'm', ...(index === undefined ? {} : { index }) }];
    expect(keysOf(all, [live('Model', 'm')])).toEqual({ 'Model m': key });
  });

  it('is taken from a resource of its kind, and rather from what is managed than from what is looked up', () => {
    const all: readonly Held[] = [
      { type: 'polytomic_bulk_source', name: 'tables', id: 'c', data: true },
      { type: 'polytomic_connection', name: 'a_looked_up', id: 'c', data: true },
      { type: 'polytomic_csv_connection', name: 'managed', id: 'c' },
      { type: 'polytomic_bulk_sync', name: 'other', id: 's' },
    ];
    expect(keysOf(all, [live('Connection', 'c'), live('Model', 's')])).toEqual({ 'Connection c': 'managed' });
  });

  it('is valid, a name of a file on every system, and unique within its kind, whatever the state says', () => {
    const word = fc.oneof(
      fc.constantFrom('main', 'Main', 'con', '_', '-', '0', '日本', 'a b', '../..', '${x}', '"]'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
      fc.string({ minLength: 120, maxLength: 120 }),
    );
    const resource = fc.record({
      type: fc.constantFrom('polytomic_model', 'polytomic_s3_connection', 'polytomic_csv_connection'),
      name: word,
      modules: fc.array(
        word.map((each) => `module.m[${JSON.stringify(each)}]`),
        { maxLength: 2 },
      ),
      index: fc.oneof(word, fc.nat(3)),
    });
    fc.assert(
      fc.property(fc.array(resource, { minLength: 1, maxLength: 10 }), (all) => {
        const withIds = all.map((each, index) => ({ ...each, id: `id-${index}` }));
        const objects = withIds.map(({ type, id }) =>
          live(type === 'polytomic_model' ? 'Model' : 'Connection', id),
        );
        for (const value of [stateFile(withIds), shown(withIds)]) {
          const { resources } = readTerraform('state', JSON.stringify(value));
          const { keys } = terraformKeys(resources, objects);
          expect(keys.size).toBe(all.length);
          const wanted = objects.map((object) => {
            const key = keys.get(`${object.kind} ${object.id}`)?.key ?? '';
            return { ...object, content: '', wanted: key };
          });
          const given = assignKeys(
            [...wanted, { ...live('Model', 'other', 'main'), content: '' }],
            new Set(),
          );
          const used = [...given].map(([own, key]) => `${own.split(' ')[0] ?? ''} ${key}`.toLowerCase());
          expect(new Set(used).size).toBe(all.length + 1);
          for (const key of given.values()) {
            expect(checkSchema('Model', { kind: 'Model', key, name: 'n', external: true })).toEqual([]);
            expect(isReserved(key)).toBe(false);
          }
        }
      }),
    );
  });
});

it('what does not live, or is of no kind of this version, is listed by its address', () => {
  const { resources } = readTerraform('state', JSON.stringify(stateFile(held)));
  const { elsewhere } = terraformKeys(resources, [live('Model', 'm1'), live('Connection', 'c1')]);
  expect(elsewhere.map(({ address, id }) => `${address} ${id}`)).toEqual([
    'module.crm["e/u ~1"].module.core.polytomic_sync.eu s1',
    'polytomic_model.customers[1] m2',
  ]);
});
