/**
 * `lifecycle.ignore_changes` for each sort of field and each action: an ignored field is neither compared nor taken
 * away. An update replaces the whole object, so that what no answer shows has to be sent, or nothing is.
 */
import { describe, expect, it } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import type { JsonObject } from '../../src/core/json.js';
import { shop, workbench, type Workbench } from '../support/workbench.js';

const db = 'polytomic/db.yaml';

const connection = (configuration: object, lifecycle: object = {}, more: object = {}): string =>
  stringify({
    kind: 'Connection',
    key: 'db',
    name: 'Db',
    type: 'postgresql',
    configuration,
    lifecycle,
    ...more,
  });

const password = { password: '${secret:DB_PASSWORD}' };
const ignored = { ignore_changes: ['/configuration/password'] };

const applied = async (text: string): Promise<Workbench> => {
  const bench = await workbench({ [db]: text });
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
  bench.sandbox.clearRequests();
  return bench;
};

const live = (bench: Workbench): JsonObject => {
  const [object] = bench.sandbox.list('connections');
  return object!['configuration'] as JsonObject;
};

const edit = (bench: Workbench, change: JsonObject): void => {
  bench.sandbox.edit('connections', bench.sandbox.list('connections')[0]!.id, change);
};

/** No request ever holds a mask: whether the API takes it for 'keep' is documented nowhere. */
const noMask = (bench: Workbench): void => {
  for (const { body } of bench.sandbox.requests) expect(JSON.stringify(body ?? null)).not.toContain('****');
};

const writes = (bench: Workbench): number =>
  bench.sandbox.requests.filter(({ method }) => method !== 'GET').length;

const settled = async (bench: Workbench): Promise<void> => {
  expect((await bench.cli('plan')).out).toContain('No changes.');
};

describe('an ignored secret', () => {
  it('is no change, and goes along with the change of another field', async () => {
    const bench = await applied(connection({ hostname: 'h', ...password }, ignored));
    await settled(bench);
    await bench.write({ [db]: connection({ hostname: 'i', ...password }, ignored) });
    const { out } = await bench.cli('plan');
    expect(out).toContain('configuration.hostname: h → i');
    expect(out).not.toContain('configuration.password: (secret)');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(live(bench)).toMatchObject({ hostname: 'i', password: 'a-secret-of-the-database' });
    noMask(bench);
    await settled(bench);
  });

  it('that was rotated outside is left alone as long as nothing else changes', async () => {
    const bench = await applied(connection({ hostname: 'h', ...password }, ignored));
    edit(bench, { configuration: { password: 'rotated' } });
    await settled(bench);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect((await bench.cli('drift', '--strict')).code).toBe(0);
    expect([live(bench)['password'], writes(bench)]).toEqual(['rotated', 0]);
  });

  it('that was rotated outside stops an update, with its place and what to do', async () => {
    const bench = await applied(connection({ hostname: 'h', ...password }, ignored));
    edit(bench, { configuration: { password: 'rotated' } });
    await bench.write({ [db]: connection({ hostname: 'i', ...password }, ignored) });
    const { code, err } = await bench.cli('apply', '--yes');
    expect(code).toBe(1);
    expect(err).toContain('polytomic/db.yaml:7:3');
    expect(err).toContain('has to send /configuration/password, which ignore_changes leaves to others');
    expect(err).toContain('take it out of ignore_changes for this change');
    expect([live(bench)['password'], live(bench)['hostname'], writes(bench)]).toEqual(['rotated', 'h', 0]);
    // The way through: the value that lives, and no rule for this change.
    bench.environment['DB_PASSWORD'] = 'rotated';
    await bench.write({ [db]: connection({ hostname: 'i', ...password }) });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    await bench.write({ [db]: connection({ hostname: 'j', ...password }, ignored) });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(live(bench)).toMatchObject({ hostname: 'j', password: 'rotated' });
    noMask(bench);
  });

  it('of many connections costs one list, to know when each was written', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const each = (hostname: string): Record<string, string> =>
      Object.fromEntries(
        keys.map((key) => [
          `polytomic/${key}.yaml`,
          connection({ hostname, ...password }, ignored, { key, name: key }),
        ]),
      );
    const bench = await workbench(each('h'));
    expect((await bench.cli('apply', '--yes')).out).toContain('5 created');
    const asked = bench.sandbox.requests.filter(({ method }) => method === 'GET').map((one) => one.path);
    expect(asked.filter((path) => path === '/api/connections')).toHaveLength(2);
    expect(asked.filter((path) => path.startsWith('/api/connections/'))).toEqual([]);
    await bench.write(each('i'));
    expect((await bench.cli('apply', '--yes')).out).toContain('5 updated');
    expect(bench.sandbox.list('connections')[4]).toMatchObject({
      configuration: { hostname: 'i', password: 'a-secret-of-the-database' },
    });
  });

  it('whose value in hand is another one is not sent', async () => {
    const bench = await applied(connection({ hostname: 'h', ...password }, ignored));
    bench.environment['DB_PASSWORD'] = 'another one';
    await settled(bench);
    await bench.write({ [db]: connection({ hostname: 'i', ...password }, ignored) });
    expect((await bench.cli('apply', '--yes')).code).toBe(1);
    expect([live(bench)['password'], writes(bench)]).toEqual(['a-secret-of-the-database', 0]);
  });

  it('that is rotated between the plan and its step is not overwritten', async () => {
    const bench = await applied(connection({ hostname: 'h', ...password }, ignored));
    await bench.write({ [db]: connection({ hostname: 'i', ...password }, ignored) });
    const { id } = bench.sandbox.list('connections')[0]!;
    bench.sandbox.failNext({
      method: 'GET',
      path: new RegExp(`/api/connections/${id}$`),
      edit: { collection: 'connections', id, change: { configuration: { password: 'rotated' } } },
    });
    const { code, err } = await bench.cli('apply', '--yes');
    expect([code, err]).toEqual([expect.any(Number), expect.stringContaining('changed since the plan')]);
    expect(code).not.toBe(0);
    expect(live(bench)['password']).toBe('rotated');
  });

  it.each([
    ['that the manifest does not name', { hostname: 'i' }],
    ['that the manifest wants to be nothing', { hostname: 'i', password: null }],
  ])('%s is neither taken away nor lost', async (_, configuration) => {
    const bench = await applied(connection({ hostname: 'h' }, ignored));
    edit(bench, { configuration: { password: 'set by hand' } });
    await settled(bench);
    await bench.write({ [db]: connection(configuration, ignored) });
    expect((await bench.cli('apply', '--yes')).code).toBe(1);
    expect([live(bench)['password'], writes(bench)]).toEqual(['set by hand', 0]);
  });

  it('whose line leaves the manifest is not taken away', async () => {
    const bench = await applied(connection({ hostname: 'h', ...password }, ignored));
    await bench.write({ [db]: connection({ hostname: 'h' }, ignored) });
    await settled(bench);
    await bench.write({ [db]: connection({ hostname: 'i' }, ignored) });
    expect((await bench.cli('apply', '--yes')).code).toBe(1);
    expect(live(bench)['password']).toBe('a-secret-of-the-database');
  });

  it('goes along where the whole configuration is left to others', async () => {
    const whole = { ignore_changes: ['/configuration'] };
    const bench = await applied(connection({ hostname: 'h', ...password }, whole));
    await bench.write({ [db]: connection({ hostname: 'i', ...password }, whole, { name: 'New' }) });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(bench.sandbox.list('connections')[0]).toMatchObject({
      name: 'New',
      configuration: { hostname: 'h', password: 'a-secret-of-the-database' },
    });
    noMask(bench);
  });

  it('of an object that is adopted is not overwritten', async () => {
    const bench = await applied(connection({ hostname: 'h', ...password }, ignored));
    edit(bench, { configuration: { password: 'theirs' } });
    await bench.remove('.polytomic/state/default.json');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(writes(bench)).toBe(0);
    await bench.remove('.polytomic/state/default.json');
    await bench.write({ [db]: connection({ hostname: 'i', ...password }, ignored) });
    expect((await bench.cli('apply', '--yes')).code).toBe(1);
    expect([live(bench)['password'], writes(bench)]).toEqual(['theirs', 0]);
  });

  it('outlives an update whose answer was lost', async () => {
    const bench = await applied(connection({ hostname: 'h', ...password }, ignored));
    await bench.write({ [db]: connection({ hostname: 'i', ...password }, ignored) });
    bench.sandbox.failNext({ method: 'PUT', drop: 'after', times: 9 });
    await bench.cli('apply', '--yes');
    bench.sandbox.clearFaults();
    await settled(bench);
    await bench.write({ [db]: connection({ hostname: 'j', ...password }, ignored) });
    await bench.cli('apply', '--yes');
    expect(live(bench)['password']).toBe('a-secret-of-the-database');
    noMask(bench);
  });

  it('is given to the object that takes the place of its own, and what is edited outside too', async () => {
    const both = { ignore_changes: ['/configuration/password', '/configuration/hostname'] };
    const bench = await applied(connection({ hostname: 'h', ...password }, both));
    edit(bench, { configuration: { hostname: 'theirs' } });
    await bench.write({ [db]: connection({ hostname: 'h', ...password }, both, { type: 'mysql' }) });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(bench.sandbox.list('connections')).toMatchObject([
      { type: 'mysql', configuration: { hostname: 'theirs', password: 'a-secret-of-the-database' } },
    ]);
    await settled(bench);
  });

  it('that the manifest does not name stops a replacement', async () => {
    const bench = await applied(connection({ hostname: 'h' }, ignored));
    edit(bench, { configuration: { password: 'set by hand' } });
    await bench.write({ [db]: connection({ hostname: 'h' }, ignored, { type: 'mysql' }) });
    expect((await bench.cli('apply', '--yes')).code).toBe(1);
    expect([bench.sandbox.list('connections').length, writes(bench)]).toEqual([1, 0]);
  });
});

describe('what can only be written', () => {
  it('goes along where it is ignored, as it was last applied, or the plan stops', async () => {
    const rule = { ignore_changes: ['/healthcheck_interval'] };
    const bench = await applied(connection({ hostname: 'h' }, rule, { healthcheck_interval: '1h' }));
    await bench.write({ [db]: connection({ hostname: 'i' }, rule, { healthcheck_interval: '1h' }) });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(bench.sandbox.list('connections')[0]).toMatchObject({ healthcheck_interval: '1h' });
    edit(bench, { healthcheck_interval: '5h' });
    await settled(bench);
    await bench.write({ [db]: connection({ hostname: 'j' }, rule, { healthcheck_interval: '1h' }) });
    expect((await bench.cli('apply', '--yes')).code).toBe(1);
    expect(bench.sandbox.list('connections')[0]).toMatchObject({ healthcheck_interval: '5h' });
  });

  it('is not lost because a manifest never named it: encrypted fields have a passphrase', async () => {
    const file = 'polytomic/customers.yaml';
    const bench = await workbench(shop);
    await bench.cli('apply', '--yes');
    const [sync] = bench.sandbox.list('syncs');
    const encrypted = (shop[file] ?? '').replace(
      'target: EMAIL }\n  -',
      'target: EMAIL, encryption_enabled: true }\n  -',
    );
    const [first, ...others] = sync!['fields'] as JsonObject[];
    bench.sandbox.edit('syncs', sync!.id, {
      fields: [{ ...first, encryption_enabled: true }, ...others],
      encryption_passphrase: 'set by hand',
    });
    await bench.write({ [file]: encrypted });
    await settled(bench);
    await bench.write({ [file]: encrypted.replace('hour: 5', 'hour: 6') });
    const { code, err } = await bench.cli('apply', '--yes');
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('would lose the live secret /encryption_passphrase'),
    ]);
    expect(bench.sandbox.list('syncs')[0]).toMatchObject({ encryption_passphrase: 'set by hand' });
  });
});

describe('a pointer that can have no effect', () => {
  it.each([
    ['/confguration/password', 'has no field "confguration"', 'did you mean "configuration"?'],
    ['/id', 'has no field "id"', 'one of:'],
    ['/policies/0', 'an item of policies, whose order does not count', 'ignore the whole list: /policies'],
  ])('%s is an error at its place', async (pointer, message, hint) => {
    const bench = await workbench({ [db]: connection({ hostname: 'h' }, { ignore_changes: [pointer] }) });
    const { code, err } = await bench.cli('validate');
    expect(code).toBe(1);
    expect(err).toContain('polytomic/db.yaml:9:');
    expect(err).toContain(message);
    expect(err).toContain(hint);
  });
});

/** What somebody else does to a field that a manifest ignores, by kind: pointers, and edits of the stored object. */
const edits: readonly (readonly [
  file: string,
  index: number,
  collection: 'connections' | 'models' | 'syncs',
  rows: readonly (readonly [string, JsonObject])[],
])[] = [
  [
    'polytomic/connections.yaml',
    0,
    'connections',
    [
      ['/configuration/hostname', { configuration: { hostname: 'theirs' } }],
      ['/configuration/port', { configuration: { port: null } }],
      ['/configuration/database', { configuration: { database: 'theirs' } }],
      ['/policies', { policies: ['00000000-0000-4000-8000-000000000001'] }],
      ['/configuration', { configuration: { hostname: 'again', ssh: true } }],
    ],
  ],
  [
    'polytomic/customers.yaml',
    0,
    'models',
    [
      ['/identifier', { identifier: 'email' }],
      ['/labels', { labels: ['theirs'] }],
      ['/tracking_columns', { tracking_columns: ['email'] }],
      ['/fields', { fields: ['id', 'email', 'first_name'] }],
      ['/configuration/table', { configuration: { table: 'other.people' } }],
    ],
  ],
  [
    'polytomic/customers.yaml',
    1,
    'syncs',
    [
      ['/active', { active: false }],
      ['/schedule/hour', { schedule: { hour: '9' } }],
      ['/schedule', { schedule: { frequency: 'manual', hour: null, minute: null } }],
      [
        '/override_fields/0/override_value',
        { override_fields: [{ target: 'LAST_NAME', override_value: 'theirs' }] },
      ],
      ['/override_fields/LAST_NAME', { override_fields: [] }],
      ['/identity/function', { identity: { function: 'ISubstring' } }],
      ['/filter_logic', { filter_logic: 'A OR B' }],
      ['/target/object', { target: { object: 'CUSTOMERS.OTHERS' } }],
      ['/only_enrich_updates', { only_enrich_updates: true }],
      ['/mode', { mode: 'append' }],
      ['/identity', { identity: null }],
    ],
  ],
];

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value).flatMap(([key, item]) =>
            key === 'updated_at' ? [] : [[key, sorted(item)] as const],
          ),
        )
      : value;

/** What the API answers, lists in one order, without what changes with every write. */
const answered = async ({ sandbox }: Workbench, path: string): Promise<object> => {
  const response = await fetch(`${sandbox.url}/api/${path}`, {
    headers: { authorization: `Bearer ${sandbox.apiKey}`, 'x-polytomic-version': '2025-09-18' },
  });
  const { data } = (await response.json()) as { readonly data: JsonObject };
  const { updated_by: _by, version: _version, ...rest } = data;
  return sorted(rest) as object;
};

describe('an update of one field changes nothing else', () => {
  it.each(edits.map(([file, index, collection, rows]) => ({ collection, file, index, rows })))(
    'of $collection, whatever was done outside to what is ignored',
    { timeout: 60_000 },
    async ({ collection, file, index, rows }) => {
      // A secret beside what somebody edits would stop the update: nobody knows whether it is the same.
      const bench = await workbench({ ...shop, [file]: shop[file]!.replaceAll(/^ +password: .*\n/gm, '') });
      expect((await bench.cli('apply', '--yes')).code).toBe(0);
      const own = (): JsonObject & { readonly id: string } =>
        bench.sandbox.list(collection).find(({ name }) => name !== 'Warehouse')!;
      const texts = (await bench.read(file)).split('---\n');
      const pointers: string[] = [];
      for (const [round, [pointer, change]] of rows.entries()) {
        pointers.push(pointer);
        bench.sandbox.edit(collection, own().id, change);
        const document = parseDocument(texts[index]!);
        document.set('lifecycle', { ignore_changes: pointers });
        await bench.write({ [file]: texts.with(index, document.toString()).join('---\n') });
        const quiet = await bench.cli('plan');
        expect([pointer, quiet.out, quiet.err]).toEqual([
          pointer,
          expect.stringContaining('No changes.'),
          '',
        ]);
        const before = await answered(bench, `${collection}/${own().id}`);
        document.set('name', `Round ${round}`);
        await bench.write({ [file]: texts.with(index, document.toString()).join('---\n') });
        const { code, err } = await bench.cli('apply', '--yes');
        expect([pointer, code, err]).toEqual([pointer, 0, expect.any(String)]);
        expect(await answered(bench, `${collection}/${own().id}`)).toEqual({
          ...before,
          name: `Round ${round}`,
        });
        texts[index] = document.toString();
      }
      noMask(bench);
    },
  );
});
