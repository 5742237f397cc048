/** Laws of bulk syncs: for organizations of every sort, for each field of the schema, and for each request of a run. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import schema from '../../schemas/bulk-sync.schema.json' with { type: 'json' };
import {
  canonicalJson,
  isJsonArray,
  isJsonObject,
  objectsIn,
  type Json,
  type JsonObject,
} from '../../src/core/json.js';
import { asText } from '../../src/core/text.js';
import type { Plan } from '../../src/index.js';
import { ask } from '../support/ask.js';
import { killedAt } from '../support/killing.js';
import { shop, workbench, type Workbench } from '../support/workbench.js';

const connections = { 'polytomic/connections.yaml': shop['polytomic/connections.yaml'] ?? '' };
const file = 'polytomic/copy.yaml';
const schemaIds = ['company.accounts', 'company.customers', 'company.teams'];
const columns: Readonly<Record<string, readonly string[]>> = {
  'company.accounts': ['id', 'name', 'domain', 'plan', 'created_at'],
  'company.customers': ['id', 'email', 'first_name', 'last_name', 'account_id', 'created_at', 'updated_at'],
  'company.teams': ['id', 'name', 'account_id'],
};

const planOf = async (bench: Workbench): Promise<Plan> =>
  (JSON.parse((await bench.cli('--json', 'plan', '--no-preflight')).out) as { readonly plan: Plan }).plan;

const hasNothingToDo = async (bench: Workbench): Promise<void> => {
  const { code, out } = await bench.cli('plan', '--detailed-exitcode');
  expect([code, out]).toEqual([0, expect.stringContaining('No changes.')]);
};

const field = (id: string): fc.Arbitrary<JsonObject> =>
  fc.record({
    id: fc.constant(id),
    enabled: fc.boolean(),
    obfuscated: fc.boolean(),
    user_output_name: fc.constantFrom('', 'renamed'),
  });

const selection = (id: string): fc.Arbitrary<JsonObject> =>
  fc.record({
    id: fc.constant(id),
    enabled: fc.boolean(),
    tracking_field: fc.constantFrom('', 'id'),
    partition_key: fc.constantFrom('', 'id'),
    user_output_name: fc.constantFrom('', 'out', "it's", '# no'),
    history_enabled: fc.boolean(),
    disable_data_cutoff: fc.boolean(),
    filters: fc.array(
      fc.record({
        field_id: fc.constant('id'),
        function: fc.constantFrom('Equality', 'StringOneOf'),
        value: fc.constantFrom<Json[]>('x', 5, true, ['a', 'b'], { a: [] }, '', '${x}'),
      }),
      { maxLength: 2 },
    ),
    fields: fc.oneof(
      fc.tuple(...(columns[id] ?? []).map(field)) as fc.Arbitrary<readonly JsonObject[]>,
      fc.constant([]),
    ),
  });

const schedule = fc.oneof(
  fc.constant({ frequency: 'manual' }),
  fc.record({ frequency: fc.constant('hourly'), minute: fc.constantFrom('5', '30') }),
  fc.record({ frequency: fc.constant('daily'), hour: fc.constant('7'), minute: fc.constantFrom('0', '15') }),
);

const additional = fc
  .tuple(
    schedule,
    fc.record(
      {
        resync_mode: fc.constantFrom('normal', 'rebuild'),
        selective_mode: fc.constantFrom('none', 'nonincrementalFields'),
        schemas: fc.subarray(schemaIds),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([clock, more]) => ({ ...clock, ...more }));

const copies = fc.array(
  fc.record({
    body: fc.record(
      {
        name: fc.constantFrom('Copy', 'copy', 'Other', '日本'),
        default_schedule: schedule,
        additional_schedules: fc.array(additional, { maxLength: 3 }),
        active: fc.boolean(),
        automatically_add_new_objects: fc.constantFrom('all', 'none'),
        automatically_add_new_fields: fc.constantFrom('all', 'onlyIncremental'),
        normalize_names: fc.constantFrom('enabled', 'disabled', 'legacy'),
        concurrency_limit: fc.constantFrom(1, 5),
        data_cutoff_timestamp: fc.constantFrom('2024-01-01T00:00:00Z', '2024-01-01T02:00:00+02:00'),
        disable_record_timestamps: fc.boolean(),
      },
      { requiredKeys: ['name', 'default_schedule'] },
    ),
    selections: fc.tuple(...schemaIds.map(selection)),
    subscribers: fc.subarray(['a@example.com', 'B@example.com']),
  }),
  { minLength: 1, maxLength: 3 },
);

/** What lives of each bulk sync, schema by schema and field by field; ids, times and names that are made aside. */
const livesIn = async (bench: Workbench): Promise<readonly Json[]> => {
  const own = (object: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(object).flatMap(([name, value]): [string, Json][] =>
        /^(id|created_|updated_|organization_id|.*_connection_id)/.test(name) || value === null
          ? []
          : [
              [
                name,
                isJsonArray(value)
                  ? value.map((item) => (isJsonObject(item) ? own(item) : item))
                  : isJsonObject(value)
                    ? own(value)
                    : value,
              ],
            ],
      ),
    );
  const syncs = bench.sandbox.list('bulkSyncs').map(async ({ id }): Promise<Json> => {
    const {
      additional_schedules: more,
      data_cutoff_timestamp: cutoff = '',
      ...sync
    } = own(await ask(bench, 'GET', `bulk/syncs/${id}`));
    return {
      ...sync,
      cutoff: cutoff === '' ? '' : Date.parse(cutoff as string),
      more: objectsIn(more)
        .map((each) => canonicalJson({ resync_mode: 'normal', selective_mode: 'none', schemas: [], ...each }))
        .sort(),
      schemas: await Promise.all(
        [...schemaIds].map(async (name) => {
          const { fields, filters, ...settings } = await ask(
            bench,
            'GET',
            `bulk/syncs/${id}/schemas/${name}`,
          );
          return {
            ...own(settings),
            fields: objectsIn(fields)
              .map((each) => canonicalJson(each))
              .sort(),
            filters: objectsIn(filters)
              .map((each) => canonicalJson(each))
              .sort(),
          };
        }),
      ),
    };
  });
  return (await Promise.all(syncs)).map((each) => canonicalJson(each)).sort();
};

const exported = async ({ sandbox }: Workbench): Promise<Workbench> => {
  const bench = await workbench({});
  Object.assign(bench.environment, {
    POLYTOMIC_URL: sandbox.url,
    POLYTOMIC_API_KEY: sandbox.apiKey,
    SHOP_DATABASE_PASSWORD: 'x',
  });
  expect(await bench.cli('export', '--layout', 'single')).toMatchObject({ code: 0 });
  return bench;
};

describe('whatever bulk syncs an organization has', () => {
  it(
    'an export says all of it: nothing to do here, the same again elsewhere',
    { timeout: 240_000 },
    async () => {
      const all = 'polytomic/organization.yaml';
      await fc.assert(
        fc.asyncProperty(copies, async (bulkSyncs) => {
          const first = await workbench(connections);
          expect(await first.cli('apply', '--yes')).toMatchObject({ code: 0 });
          const [warehouse, db] = first.sandbox.list('connections').map(({ id }) => id);
          await ask(first, 'GET', `connections/${db}/schemas/status`);
          for (const { body, selections, subscribers } of bulkSyncs) {
            const { id } = await ask(first, 'POST', 'bulk/syncs', {
              ...body,
              mode: 'replicate',
              source_connection_id: db,
              destination_connection_id: warehouse,
              destination_configuration: { schema: 'RAW' },
            });
            await ask(first, 'PATCH', `bulk/syncs/${id}/schemas`, { schemas: selections });
            await ask(first, 'PUT', `bulk/syncs/${id}/error-handling`, { subscribers });
          }
          const bench = await exported(first);
          await hasNothingToDo(bench);
          const text = await bench.read(all);
          const second = await workbench({ [all]: text });
          second.environment['SHOP_DATABASE_PASSWORD'] = 'x';
          // A schedule for what is not copied is told, and no error.
          expect(await second.cli('apply', '--yes')).toMatchObject({ code: 0 });
          await hasNothingToDo(second);
          expect(await livesIn(second)).toEqual(await livesIn(first));
          expect(await (await exported(second)).read(all)).toBe(text);
        }),
        { numRuns: 8, endOnFailure: true },
      );
    },
  );
});

/** A manifest with a value for every field that the schema has. */
const full = {
  kind: 'BulkSync',
  key: 'copy',
  name: 'Copy',
  mode: 'replicate',
  active: true,
  source_connection: 'db',
  source_configuration: { a: 'b' },
  destination_connection: 'warehouse',
  destination_configuration: { schema: 'RAW' },
  default_schedule: {
    frequency: 'custom',
    minute: 1,
    hour: 1,
    day_of_week: 'monday',
    day_of_month: 1,
    month: 1,
  },
  additional_schedules: [
    {
      frequency: 'custom',
      minute: 1,
      hour: 1,
      day_of_week: 'monday',
      day_of_month: 1,
      month: 1,
      resync_mode: 'rebuild',
      selective_mode: 'incrementalFields',
      schemas: ['company.customers'],
    },
  ],
  schemas: [
    {
      id: 'company.customers',
      enabled: true,
      fields: [{ id: 'email', enabled: true, obfuscate: true, user_output_name: 'mail' }],
      filters: [{ field_id: 'email', function: 'Equality', value: 'x' }],
      tracking_field: 'id',
      partition_key: 'id',
      history_enabled: true,
      user_output_name: 'people',
      data_cutoff_timestamp: '2024-01-01T00:00:00Z',
      disable_data_cutoff: true,
    },
  ],
  automatically_add_new_objects: 'all',
  automatically_add_new_fields: 'none',
  normalize_names: 'disabled',
  concurrency_limit: 3,
  resync_concurrency_limit: 3,
  data_cutoff_timestamp: '2024-01-01T00:00:00Z',
  disable_record_timestamps: true,
  error_handling: { ingestion_failure_threshold: 60, subscribers: ['a@example.com'] },
  policies: ['7d4b3a52-5f0e-4b57-9c8f-0f3a6e1c9d10'],
} as const;

/** Fields that no answer can differ in, and why. */
const notLive: Readonly<Record<string, string>> = {
  kind: 'of the manifest',
  key: 'of the manifest',
  id: 'of the manifest; of schemas and fields it says which',
  external: 'of the manifest',
  lifecycle: 'of the manifest',
  labels: 'of the manifest',
  extra: 'what nobody knows has tests of its own',
  other_schemas: 'what becomes of others: below',
  other_fields: 'what becomes of others: below',
};

interface Node {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
}

const follow = (node: Node): Node =>
  node.$ref?.startsWith('#/$defs/') === true
    ? (schema.$defs as Readonly<Record<string, Node>>)[node.$ref.slice('#/$defs/'.length)]!
    : node;

/** The path of each field, `*` for items of a list, with its schema. */
const leaves = (given: Node, at: readonly string[] = []): readonly (readonly [readonly string[], Node])[] => {
  const node = follow(given);
  if (node.properties !== undefined)
    return Object.entries(node.properties).flatMap(([name, inner]) =>
      Object.hasOwn(notLive, name) ? [] : leaves(inner, [...at, name]),
    );
  return node.items?.$ref?.startsWith('#') === true || follow(node.items ?? {}).properties !== undefined
    ? leaves(node.items ?? {}, [...at, '*'])
    : [[at, node]];
};

const valueAt = (value: unknown, [head, ...rest]: readonly string[]): unknown =>
  head === undefined
    ? value
    : valueAt((value as Readonly<Record<string, unknown>>)[head === '*' ? '0' : head], rest);

/** Another value of the same sort. */
const another = (value: unknown, name: string, { enum: choices }: Node): Json => {
  if (choices !== undefined) return choices.find((each) => each !== value) ?? '';
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (Array.isArray(value)) return [];
  if (typeof value === 'object') return { ...(value as JsonObject), schema: 'ELSE', a: 'c' };
  return name === 'data_cutoff_timestamp'
    ? '2025-01-01T00:00:00Z'
    : name === 'day_of_week'
      ? 'tuesday'
      : `${asText(value)}x`;
};

/** The names of an answer. */
const wire = (name: string): string =>
  /^(source|destination)_connection$/.test(name) ? `${name}_id` : name === 'obfuscate' ? 'obfuscated' : name;

/** The object with `value` at a path; times are text there. */
const changed = (object: Json, [head = '', ...rest]: readonly string[], value: Json): Json =>
  head === '*'
    ? [changed((object as readonly Json[])[0] ?? null, rest, value), ...(object as readonly Json[]).slice(1)]
    : {
        ...(object as JsonObject),
        [wire(head)]:
          rest.length === 0
            ? /^(minute|hour|month|day_of_month)$/.test(head)
              ? asText(value)
              : value
            : changed((object as JsonObject)[head] ?? {}, rest, value),
      };

describe('what somebody changes in Polytomic', () => {
  it('is seen in each field that a manifest has, and in no other', { timeout: 240_000 }, async () => {
    const bench = await workbench({ ...connections, [file]: stringify(full) });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect((await planOf(bench)).changes).toEqual([]);
    const { sandbox } = bench;
    const sync = sandbox.list('bulkSyncs')[0]!;
    const selected = sandbox.list('bulkSchemas').find(({ id }) => id.endsWith('/company.customers'))!;
    const handling = sandbox.list('errorHandling')[0]!;
    const seen: string[] = [];
    for (const [path, node] of leaves(schema as Node)) {
      const name = path.at(-1) ?? '';
      const before = valueAt(full, path);
      expect(before, `${path.join('.')} has no value in the manifest of this test`).toBeDefined();
      const value =
        name === 'source_connection' || name === 'destination_connection'
          ? (sync[`${name === 'source_connection' ? 'destination' : 'source'}_connection_id`] ?? '')
          : another(before, name, node);
      const [collection, object, below] =
        path[0] === 'schemas'
          ? (['bulkSchemas', selected, path.slice(2)] as const)
          : path[0] === 'error_handling'
            ? (['errorHandling', handling, path.slice(1)] as const)
            : (['bulkSyncs', sync, path] as const);
      sandbox.edit(collection, object.id, changed(object, below, value) as JsonObject);
      const { changes } = await planOf(bench);
      const pointers = changes.flatMap(({ patch }) => patch.map((each) => asText(each['path'])));
      seen.push(...pointers);
      expect(pointers.length, path.join('.')).toBeGreaterThan(0);
      // Another source has other schemas: what is compared there goes with it.
      if (name !== 'source_connection')
        for (const pointer of pointers)
          expect(pointer).toMatch(
            new RegExp(
              `^/${path[0] ?? ''}${path[0] === 'schemas' ? `/company\\.customers${path[2] === 'fields' ? '/fields/email' : ''}/${path[2] === 'filters' ? 'filters' : name}` : ''}`,
            ),
          );
      sandbox.edit(collection, object.id, object);
    }
    expect((await planOf(bench)).changes).toEqual([]);
  });

  it.each([
    [
      'schema',
      { other_schemas: 'disabled', automatically_add_new_objects: 'none' },
      'company.teams',
      { enabled: true },
      '/schemas/company.teams',
    ],
    [
      'field',
      { schemas: [{ id: 'company.customers', fields: ['id', 'email'], other_fields: 'disabled' }] },
      'company.customers',
      { fields: [{ id: 'id' }, { id: 'email' }, { id: 'last_name', enabled: true }] },
      '/schemas/company.customers/fields/',
    ],
  ])('is seen in a %s that is switched on beside all that is named', async (_what, more, id, change, at) => {
    const bench = await workbench({ ...connections, [file]: stringify({ ...full, ...more }) });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    const selected = bench.sandbox.list('bulkSchemas').find((each) => each.id.endsWith(`/${id}`))!;
    bench.sandbox.edit('bulkSchemas', selected.id, change);
    const pointers = (await planOf(bench)).changes.flatMap(({ patch }) =>
      patch.map((each) => asText(each['path'])),
    );
    expect(pointers.length).toBeGreaterThan(0);
    for (const pointer of pointers) expect(pointer).toContain(at);
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect((await planOf(bench)).changes).toEqual([]);
  });
});

/** A bulk sync whose create is followed by requests of its parts. */
const inParts = stringify({
  ...full,
  schemas: [
    { id: 'company.customers', fields: ['id', { id: 'email', obfuscate: true }], other_fields: 'disabled' },
  ],
});

const requests: readonly (readonly [method: string, path: RegExp])[] = [
  ['POST', /^\/api\/bulk\/syncs$/],
  ['GET', /\/schemas$/],
  ['GET', /\/schemas\/company\.customers$/],
  ['PATCH', /\/schemas$/],
  ['PUT', /\/error-handling$/],
];

const isWhole = async (bench: Workbench): Promise<void> => {
  expect(bench.sandbox.list('bulkSyncs')).toHaveLength(1);
  await hasNothingToDo(bench);
  const { id } = bench.sandbox.list('bulkSyncs')[0]!;
  const { fields } = await ask(bench, 'GET', `bulk/syncs/${id}/schemas/company.customers`);
  expect(objectsIn(fields).flatMap((each) => (each['enabled'] === true ? [each['id']] : []))).toEqual([
    'id',
    'email',
  ]);
  expect(await ask(bench, 'GET', `bulk/syncs/${id}/error-handling`)).toMatchObject(full.error_handling);
};

describe('a bulk sync that is made in several requests', () => {
  it.each(
    requests.flatMap(([method, path]) =>
      (method === 'GET' ? [false] : [false, true]).map((afterEffect) => [method, path, afterEffect] as const),
    ),
  )(
    'is whole after a run that was killed at %s %s (after its effect: %s) and another one',
    { timeout: 60_000 },
    async (method, path, afterEffect) => {
      const bench = await workbench({ ...connections, [file]: inParts }, { real: true });
      await killedAt(bench, { method, path, afterEffect }, 'apply', '--yes');
      expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
      await isWhole(bench);
    },
  );

  it.each(
    requests.flatMap(([method, path]) =>
      (
        [
          ['no answer', { drop: 'before', afterEffect: true }],
          ['a fault', { status: 500, afterEffect: true }],
          ['too many', { status: 429, headers: { 'retry-after': '0' } }],
        ] as const
      ).map(([what, fault]) => [method, path, what, fault] as const),
    ),
  )('is whole in the end where %s %s gets %s', async (method, path, _what, fault) => {
    const bench = await workbench({ ...connections, [file]: inParts });
    bench.sandbox.failNext({ method, path, ...fault });
    await bench.cli('apply', '--yes');
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    await isWhole(bench);
  });
});
