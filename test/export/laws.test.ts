import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.js';
import { ask } from '../support/ask.js';
import { workbench, type Workbench } from '../support/workbench.js';

/** An organization as people click one together: what the API takes, with names of every sort. */
interface Organization {
  readonly roles: readonly string[];
  readonly policies: readonly {
    readonly name: string;
    readonly actions: readonly (readonly [string, readonly number[]])[];
  }[];
  readonly users: readonly { readonly email: string; readonly roles: readonly number[] }[];
  readonly webhook: boolean | undefined;
  readonly subscribers: readonly string[];
  readonly authorised: boolean;
  readonly connections: readonly JsonObject[];
  readonly models: readonly (JsonObject & {
    readonly connection: number;
    readonly relation: number | null;
    readonly enriched: boolean;
  })[];
  readonly syncs: readonly (JsonObject & {
    readonly model: number;
    readonly target: number;
    readonly after: number | null;
    readonly columns: readonly string[];
    readonly filters: readonly (readonly [string, string, Json])[];
  })[];
}

const name = fc.oneof(
  fc.constantFrom(
    'Customers',
    'customers',
    'Customers!',
    'a/b',
    'CON',
    '日本',
    '🚀',
    '${x}',
    '$${',
    '# no',
    'yes',
    '05',
    ' ',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  fc.string({ unit: 'grapheme', minLength: 300, maxLength: 300 }),
);
const text = fc.oneof(
  fc.constantFrom('${secret:X}', 'two\nlines\n', '- x', 'null', "it's", '*a', '&b'),
  fc.string({ minLength: 1 }),
);
const columns = ['id', 'email', 'first_name', 'last_name'];
const schedule = fc.oneof(
  fc.constant({ frequency: 'manual' }),
  fc.constant({ frequency: 'continuous' }),
  fc.record({ frequency: fc.constant('hourly'), minute: fc.constantFrom('5', '05', '30') }),
  fc.record({
    frequency: fc.constant('daily'),
    hour: fc.constantFrom('0', '07'),
    minute: fc.constantFrom('0', '15'),
  }),
  fc.record({
    frequency: fc.constant('weekly'),
    hour: fc.constant('3'),
    minute: fc.constant('0'),
    day_of_week: fc.constantFrom('monday', 'Sunday'),
  }),
);
const filter = fc.oneof(
  fc.tuple(fc.constantFrom(...columns), fc.constant('IsNotNull'), fc.constant(null)),
  fc.tuple(
    fc.constantFrom(...columns),
    fc.constant('Equality'),
    fc.oneof(text, fc.integer(), fc.constant('')),
  ),
  fc.tuple(fc.constantFrom(...columns), fc.constant('StringOneOf'), fc.array(text, { maxLength: 3 })),
);

const organization = fc.record({
  roles: fc.array(name, { maxLength: 3 }),
  policies: fc.array(
    fc.record({
      name,
      actions: fc.uniqueArray(
        fc.tuple(
          fc.constantFrom('read', 'update', 'a b', '${x}'),
          fc.uniqueArray(fc.nat(4), { maxLength: 3 }),
        ),
        { selector: ([action]) => action },
      ),
    }),
    { maxLength: 3 },
  ),
  users: fc.uniqueArray(
    fc.record({
      email: fc.constantFrom('ana@example.com', "o'neil@example.com", 'c+d@example.org', 'ünï@example.com'),
      roles: fc.uniqueArray(fc.nat(4), { maxLength: 3 }),
    }),
    { selector: ({ email }) => email, maxLength: 3 },
  ),
  webhook: fc.option(fc.boolean(), { nil: undefined }),
  subscribers: fc.uniqueArray(fc.constantFrom('a@example.com', 'b+c@example.com'), { maxLength: 2 }),
  authorised: fc.boolean(),
  connections: fc.uniqueArray(
    fc.record({
      name,
      type: fc.constantFrom('postgresql', 'mysql', 'redshift'),
      configuration: fc.record(
        {
          hostname: text,
          port: fc.integer({ min: 1, max: 65_535 }),
          password: fc.constantFrom('one', 'two'),
          database: text,
          username: text,
          ssl: fc.boolean(),
        },
        { requiredKeys: ['hostname', 'port', 'password'] },
      ),
    }),
    { selector: (connection) => connection.name, minLength: 1, maxLength: 3 },
  ),
  models: fc.array(
    fc.record(
      {
        name,
        connection: fc.nat(),
        relation: fc.option(fc.nat()),
        enriched: fc.boolean(),
        configuration: fc.oneof(
          fc.record({ table: fc.constantFrom('company.customers', 'other.people') }),
          fc.record({
            query: fc.constantFrom("select id, email\nfrom people\nwhere a <> '${x}'\n", 'select 1'),
          }),
        ),
        identifier: fc.constantFrom('id', 'email'),
        labels: fc.uniqueArray(fc.constantFrom('crm', 'Ünïcode', "it's", '${x}'), { maxLength: 3 }),
        tracking_columns: fc.uniqueArray(fc.constantFrom(...columns), { maxLength: 2 }),
        additional_fields: fc.uniqueArray(
          fc.record({
            name: fc.constantFrom('extra', 'more'),
            label: text,
            type: fc.constantFrom('string', 'number'),
          }),
          { selector: (field) => field.name, maxLength: 2 },
        ),
      },
      { requiredKeys: ['name', 'connection', 'relation', 'enriched', 'configuration'] },
    ),
    { minLength: 1, maxLength: 4 },
  ),
  syncs: fc.array(
    fc.record(
      {
        name,
        model: fc.nat(),
        target: fc.nat(),
        after: fc.option(fc.nat()),
        mode: fc.constantFrom('append', 'replace'),
        active: fc.boolean(),
        columns: fc.subarray(columns, { minLength: 1 }),
        filters: fc.array(filter, { maxLength: 3 }),
        schedule,
        sync_all_records: fc.boolean(),
        skip_initial_backfill: fc.boolean(),
      },
      { requiredKeys: ['name', 'model', 'target', 'after', 'mode', 'columns', 'filters', 'schedule'] },
    ),
    { maxLength: 4 },
  ),
}) as fc.Arbitrary<Organization>;

const post = async ({ sandbox }: Workbench, url: string, body: JsonObject): Promise<string> => {
  const response = await fetch(`${sandbox.url}/api/${url}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { readonly data?: { readonly id: string } };
  if (answer.data === undefined) throw new Error(JSON.stringify([answer, body]));
  return answer.data.id;
};

/** Who is told of errors; the answer has no envelope. */
const subscribe = async ({ sandbox }: Workbench, emails: readonly string[]): Promise<void> => {
  await fetch(`${sandbox.url}/api/notifications/global-error-subscribers`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${sandbox.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ emails }),
  });
};

/** What somebody has to authorise in a browser. */
const authorise = async (bench: Workbench, { authorised }: Organization): Promise<void> => {
  if (authorised)
    await post(bench, 'connections', { name: 'Authorised by hand', type: 'salesforce', configuration: {} });
};

const build = async (bench: Workbench, generated: Organization): Promise<void> => {
  const { roles, policies, users, webhook, subscribers, connections, models, syncs } = generated;
  await authorise(bench, generated);
  // Those that the system keeps come first.
  const idsOf = (collection: 'roles' | 'policies'): readonly string[] =>
    bench.sandbox.list(collection).map(({ id }) => id);
  for (const own of roles) await post(bench, 'permissions/roles', { name: own });
  for (const { name: own, actions } of policies)
    await post(bench, 'permissions/policies', {
      name: own,
      policy_actions: actions.map(([action, numbers]) => ({
        action,
        role_ids: [...new Set(numbers.map((number) => idsOf('roles')[number % idsOf('roles').length]!))],
      })),
    });
  for (const { email, roles: numbers } of users) {
    const own = [...new Set(numbers.map((number) => idsOf('roles')[number % idsOf('roles').length]!))];
    await ask(bench, 'POST', 'organization/users', { email, ...(own.length === 0 ? {} : { role_ids: own }) });
  }
  if (webhook !== undefined) {
    const id = await post(bench, 'webhooks', { endpoint: 'https://hooks.example.com', secret: 'one' });
    if (webhook) await ask(bench, 'POST', `webhooks/${id}/disable`);
  }
  await subscribe(bench, subscribers);
  /** Each object has one policy more than the one before. */
  let objects = 0;
  const applying = (): readonly string[] => idsOf('policies').slice(0, objects++ % 3);
  const connectionIds: string[] = [];
  for (const connection of connections)
    connectionIds.push(await post(bench, 'connections', { ...connection, policies: applying() }));
  const enrichment = models.some(({ enriched }) => enriched)
    ? await post(bench, 'connections', {
        name: 'Enrichment',
        type: 'apollo',
        configuration: { apikey: 'one' },
      })
    : '';
  const modelIds: string[] = [];
  for (const { connection, relation, enriched, ...model } of models)
    modelIds.push(
      await post(bench, 'models', {
        ...model,
        policies: applying(),
        connection_id: connectionIds[connection % connectionIds.length]!,
        ...(enriched
          ? { enricher: { connection_id: enrichment, configuration: { object: 'companies' } } }
          : {}),
        ...(relation === null || modelIds.length === 0
          ? {}
          : {
              relations: [
                { from: 'id', to: { model_id: modelIds[relation % modelIds.length]!, field: 'id' } },
              ],
            }),
      }),
    );
  const syncIds: string[] = [];
  for (const { model, target, after, columns: names, filters, ...sync } of syncs) {
    const model_id = modelIds[model % modelIds.length]!;
    const own = models[model % models.length]!;
    const isTable = 'table' in (own['configuration'] as JsonObject);
    syncIds.push(
      await post(bench, 'syncs', {
        ...sync,
        policies: applying(),
        fields: names.map((field) => ({ source: { model_id, field }, target: field.toUpperCase() })),
        filters: (isTable ? filters : []).map(([field, fn, value]) => ({
          field: { model_id, field },
          function: fn,
          ...(value === null ? {} : { value }),
        })),
        override_fields: [{ target: 'SOURCE', override_value: 'x' }],
        identity: { source: { model_id, field: names[0]! }, target: 'ID', function: 'Equality' },
        overrides: (isTable ? filters : []).map(([field, fn, value]) => ({
          field: { model_id, field },
          function: fn,
          ...(value === null ? {} : { value, override: value }),
        })),
        target: {
          connection_id: connectionIds[target % connectionIds.length]!,
          object: 'CUSTOMERS.CONTACTS',
        },
        ...(after === null || syncIds.length === 0
          ? {}
          : {
              schedule: {
                frequency: 'runafter',
                run_after: { sync_ids: [syncIds[after % syncIds.length]!] },
              },
            }),
      }),
    );
  }
};

/** Every file of a repository; the ids of another organization are no difference. */
const repository = async ({ root }: Workbench): Promise<Readonly<Record<string, string>>> => {
  const all = await readdir(root, { recursive: true, withFileTypes: true });
  const files = all
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith('.polytomic'))
    .sort();
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [file, await readFile(path.join(root, file), 'utf8')] as const),
    ),
  );
};

const clear = async (bench: Workbench): Promise<void> => {
  const { sandbox, root } = bench;
  await subscribe(bench, []);
  for (const collection of [
    'syncs',
    'models',
    'connections',
    'policies',
    'users',
    'roles',
    'webhooks',
  ] as const)
    for (const { id, system } of sandbox.list(collection))
      if (system !== true) sandbox.remove(collection, id);
  for (const entry of await readdir(root)) await rm(path.join(root, entry), { recursive: true });
};

/** What was said but for what Polytomic cannot find: a query may lack what a sync asks of it, and that is kept. */
const beside = ({ code, err }: { readonly code: number; readonly err: string }): object => ({
  code,
  err: err
    .split('\n\n')
    .filter(
      (block) => !block.includes('Polytomic reports a problem') && !/^\d+ warnings?$/.test(block.trim()),
    )
    .join('\n\n'),
});

/** A value for every secret that an export lists. */
const fillIn = (bench: Workbench, files: Readonly<Record<string, string>>): void => {
  for (const [, secret] of (files['.env.example'] ?? '').matchAll(/^([A-Z0-9_]+)=$/gm))
    bench.environment[secret!] = 'one';
};

describe('for any organization', () => {
  it(
    'an export has an empty plan, a second one writes nothing, and what is made of it exports the same',
    { timeout: 600_000 },
    async () => {
      const [bench, other] = [await workbench({}), await workbench({})];
      await fc.assert(
        fc.asyncProperty(
          organization,
          fc.constantFrom('files', 'single', 'by-connection'),
          async (generated, layout) => {
            await clear(bench);
            await clear(other);
            await build(bench, generated);
            const first = await bench.cli('export', '--layout', layout);
            expect(beside(first)).toEqual({ code: 0, err: '' });
            expect(/Looked up|authoris/.test(first.out)).toBe(generated.authorised);
            const files = await repository(bench);
            const plan = await bench.cli('plan', '--detailed-exitcode', '--without-secrets');
            expect(plan).toMatchObject({ code: 0, err: '' });
            const again = await bench.cli('export', '--layout', layout);
            expect(again.out).toContain('No file changes');
            expect(await repository(bench)).toEqual(files);

            await authorise(other, generated);
            fillIn(other, files);
            await other.write(files);
            const apply = await other.cli('apply', '--yes');
            expect(apply).toMatchObject({ code: 0, err: '' });
            for (const entry of await readdir(other.root))
              await rm(path.join(other.root, entry), { recursive: true });
            expect(beside(await other.cli('export', '--layout', layout))).toEqual({ code: 0, err: '' });
            expect(await repository(other)).toEqual(files);
          },
        ),
        { numRuns: Number(process.env['RUNS'] ?? 12) },
      );
    },
  );

  it(
    'an export over manifests has an empty plan, whatever changed meanwhile',
    { timeout: 600_000 },
    async () => {
      const bench = await workbench({});
      await fc.assert(
        fc.asyncProperty(
          organization,
          organization,
          fc.constantFrom('files', 'single'),
          async (generated, changed, layout) => {
            await clear(bench);
            await build(bench, generated);
            expect(beside(await bench.cli('export', '--layout', layout))).toEqual({ code: 0, err: '' });
            for (const [collection, from] of [
              ['models', changed.models],
              ['syncs', changed.syncs],
            ] as const)
              for (const [index, { id }] of bench.sandbox.list(collection).entries()) {
                const other = from[index % Math.max(1, from.length)];
                if (other === undefined) continue;
                const keep = [
                  'name',
                  'labels',
                  'identifier',
                  'tracking_columns',
                  'active',
                  'schedule',
                  'sync_all_records',
                ];
                bench.sandbox.edit(
                  collection,
                  id,
                  Object.fromEntries<JsonObject[string]>(
                    Object.entries(other).filter(
                      ([key]) => keep.includes(key) && !(key in { schedule: 1 } && other.after !== null),
                    ),
                  ),
                );
              }
            const again = await bench.cli('export', '--layout', layout, '--force');
            expect(beside(again)).toEqual({ code: 0, err: '' });
            expect(again.out).not.toContain('Left as they are');
            expect(await bench.cli('plan', '--detailed-exitcode', '--without-secrets')).toMatchObject({
              code: 0,
              err: '',
            });
            expect((await bench.cli('drift')).out).toContain('No drift.');
          },
        ),
        { numRuns: Number(process.env['RUNS'] ?? 12) },
      );
    },
  );
});
