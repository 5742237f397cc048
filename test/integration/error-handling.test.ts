/** Error handling of syncs: settings at an address of their own, in the manifest of the sync. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask } from '../support/ask.js';
import { killedAt } from '../support/killing.js';
import { workbench, type Workbench } from '../support/workbench.js';

const file = 'polytomic/all.yaml';
const manifest = (more: string, name = 'Contacts'): string => `kind: Connection
key: db
name: Database
type: postgresql
configuration: { hostname: h, password: '\${secret:DB_PASSWORD}' }
---
kind: Connection
key: warehouse
name: Warehouse
type: snowflake
configuration: { account: acme, username: SYNC, password: '\${secret:WAREHOUSE_PASSWORD}' }
---
kind: Model
key: customers
name: Customers
connection: db
configuration: { table: company.customers }
---
kind: Sync
key: contacts
name: ${name}
mode: updateOrCreate
identity: { source: customers.email, target: EMAIL, function: Equality }
fields:
  - { source: customers.first_name, target: NAME }
schedule: { frequency: manual }
target: { connection: warehouse, object: PUBLIC.CONTACTS }
${more}`;

const told = `error_handling:
  notify_on_record_errors: true
  subscribers: [Ana@example.com, bo@example.com]
`;

const bench = async (text: string, more: Parameters<typeof workbench>[1] = {}): Promise<Workbench> =>
  workbench({ [file]: text }, more);

const applied = async (text: string): Promise<Workbench> => {
  const made = await bench(text);
  const { code, out, err } = await made.cli('apply', '--yes');
  expect([code, err], out).toEqual([0, '']);
  made.sandbox.clearRequests();
  return made;
};

const isEmpty = async (made: Workbench): Promise<void> => {
  const { code, out, err } = await made.cli('plan', '--detailed-exitcode');
  expect([code, out, err]).toEqual([0, expect.stringContaining('No changes.'), '']);
};

const writes = ({ sandbox }: Workbench): readonly (readonly [string, unknown])[] =>
  sandbox.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path: where, body }) => [
      `${method} ${where.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')}`,
      body,
    ]);

const call = async (made: Workbench, method: 'GET' | 'PUT', body?: object): Promise<unknown> =>
  ask(made, method, `syncs/${made.sandbox.list('syncs')[0]?.id ?? ''}/error-handling`, body);

const off = {
  auto_retry_record_errors: false,
  notify_on_record_errors: false,
  warning_notifications: false,
  subscribers: [],
};

describe('error handling', () => {
  it('is set after its sync is made, and a second plan is empty', async () => {
    const made = await bench(manifest(told));
    expect((await made.cli('apply', '--yes')).code).toBe(0);
    expect(writes(made).slice(-2)).toEqual([
      ['POST /api/syncs', expect.not.objectContaining({ error_handling: expect.anything() as object })],
      [
        'PUT /api/syncs/ID/error-handling',
        { notify_on_record_errors: true, subscribers: ['Ana@example.com', 'bo@example.com'] },
      ],
    ]);
    await isEmpty(made);
  });

  it('alone is changed by one call, which names what the manifest names', async () => {
    const made = await applied(manifest(told));
    await made.write({ [file]: manifest(`${told}  warning_notifications: true\n`) });
    expect((await made.cli('apply', '--yes')).code).toBe(0);
    expect(writes(made).map(([call_]) => call_)).toEqual(['PUT /api/syncs/ID/error-handling']);
    expect(await call(made, 'GET')).toMatchObject({
      warning_notifications: true,
      auto_retry_record_errors: false,
    });
    await isEmpty(made);
  });

  it('goes along with a change of the sync', async () => {
    const made = await applied(manifest(told));
    await made.write({ [file]: manifest('error_handling: { subscribers: [] }\n', 'People') });
    expect((await made.cli('apply', '--yes')).code).toBe(0);
    expect(writes(made).map(([call_]) => call_)).toEqual([
      'PUT /api/syncs/ID',
      'PUT /api/syncs/ID/error-handling',
    ]);
    // What is not named any more stays as it is; an empty list is nobody.
    expect(await call(made, 'GET')).toEqual({ ...off, notify_on_record_errors: true });
    await isEmpty(made);
  });

  it('is left as it is where the manifest is silent, and is then not even read', async () => {
    const made = await applied(manifest(''));
    await call(made, 'PUT', { auto_retry_record_errors: true, subscribers: ['x@example.com'] });
    made.sandbox.clearRequests();
    await isEmpty(made);
    expect(made.sandbox.requests.filter(({ path: where }) => where.endsWith('error-handling'))).toEqual([]);
  });

  it.each([
    ['subscribers', { subscribers: ['bo@example.com'] }, 'Ana@example.com'],
    ['a switch', { notify_on_record_errors: false }, 'notify_on_record_errors'],
  ])('drifts by %s, and the next apply brings it back', async (_what, change, shown) => {
    const made = await applied(manifest(told));
    await call(made, 'PUT', change);
    const drift = await made.cli('drift');
    expect(drift.code).not.toBe(0);
    expect(drift.out.toLowerCase()).toContain(shown.toLowerCase());
    expect((await made.cli('apply', '--yes')).code).toBe(0);
    await isEmpty(made);
  });

  it('does not drift by the order or the case of addresses, nor by what the manifest does not name', async () => {
    const made = await applied(manifest(told));
    await call(made, 'PUT', {
      subscribers: ['BO@example.com', 'ana@EXAMPLE.com'],
      auto_retry_record_errors: true,
    });
    await isEmpty(made);
    expect((await made.cli('drift')).code).toBe(0);
  });

  it('is exported where anything is set, and makes the same in an empty organization', async () => {
    const made = await applied(manifest(told));
    await rm(path.join(made.root, 'polytomic'), { recursive: true });
    expect((await made.cli('export', '--force')).code).toBe(0);
    await isEmpty(made);
    const text = await made.read('polytomic/syncs/contacts.yaml');
    expect(text).toContain('error_handling:');
    const other = await bench(manifest(text.slice(text.indexOf('error_handling:'))));
    expect((await other.cli('apply', '--yes')).code).toBe(0);
    expect(await call(other, 'GET')).toEqual(await call(made, 'GET'));
    const plain = await applied(manifest(''));
    await rm(path.join(plain.root, 'polytomic'), { recursive: true });
    expect((await plain.cli('export', '--force')).code).toBe(0);
    expect(await plain.read('polytomic/syncs/contacts.yaml')).not.toContain('error_handling');
  });

  it('that is refused leaves the sync made and bound, says so, and is set by the next apply', async () => {
    const made = await bench(manifest(told));
    made.sandbox.failNext({ method: 'PUT', path: /error-handling/, status: 403 });
    const { code, out, err } = await made.cli('apply', '--yes');
    expect(code).toBe(3);
    expect(out + err).toContain('setting error_handling of sync.contacts');
    expect((await made.cli('apply', '--yes')).code).toBe(0);
    expect(made.sandbox.list('syncs')).toHaveLength(1);
    await isEmpty(made);
  });

  it('that somebody set while the plan was looked at is not overwritten', async () => {
    const made = await applied(manifest(told));
    await made.write({ [file]: manifest(`${told}  warning_notifications: true\n`) });
    expect((await made.cli('plan', '--out', 'saved.plan')).code).toBe(0);
    await call(made, 'PUT', { subscribers: ['mallory@example.com'] });
    const { code, out, err } = await made.cli('apply', 'saved.plan', '--yes');
    expect(code).not.toBe(0);
    expect(out + err).toMatch(/changed since the plan was made|moved|no longer/);
    expect(await call(made, 'GET')).toMatchObject({ subscribers: ['mallory@example.com'] });
  });

  it('that somebody set between the plan and its write is not overwritten either', async () => {
    const made = await applied(manifest(told));
    await made.write({ [file]: manifest(`${told}  warning_notifications: true\n`) });
    // The plan reads it once, and the apply once more before it writes.
    made.sandbox.failNext({
      method: 'GET',
      path: /error-handling/,
      skip: 1,
      until: async () => call(made, 'PUT', { notify_on_record_errors: false }),
      slowMs: 0,
    });
    const { code, out, err } = await made.cli('apply', '--yes');
    expect(code).toBe(1);
    expect(out + err).toContain('sync.contacts: its error_handling was changed since the plan was made');
    expect(await call(made, 'GET')).toMatchObject({ warning_notifications: false });
  });

  it.each([false, true])(
    'is settled by the next apply where a run was killed at it (done: %s)',
    async (afterEffect) => {
      const made = await bench(manifest(told), { real: true });
      await killedAt(made, { method: 'PUT', path: /error-handling/, afterEffect }, 'apply', '--yes');
      expect((await made.cli('apply', '--yes')).code).toBe(0);
      expect(made.sandbox.list('syncs')).toHaveLength(1);
      await isEmpty(made);
      expect(await call(made, 'GET')).toMatchObject({ notify_on_record_errors: true });
    },
  );

  it('has no place in an older version, which the plan says at its line', async () => {
    const made = await bench(manifest(told));
    await made.write({ 'polytomic.config.yaml': "version: '2024-02-08'\n" });
    const { code, err } = await made.cli('plan');
    expect(code).toBe(1);
    expect(err).toMatch(/all\.yaml:\d+:\d+/);
    expect(err).toContain('this version of the API has no form for error_handling');
  });
});

it.each([
  ['subscribers: [nobody]', 'subscribers'],
  ['notify: true', 'unknown field "notify"'],
  ['auto_retry_record_errors: sometimes', 'auto_retry_record_errors must be true or false'],
])('error_handling of a manifest: %s is a finding', async (text, finding) => {
  const made = await bench(manifest(`error_handling: { ${text} }\n`));
  const { code, err } = await made.cli('validate');
  expect(code).toBe(1);
  expect(err).toContain(finding);
});

it('does not keep its sync from being pointed to a connection that is replaced in the same apply', async () => {
  const repository = (type: string, subscribers: string): string => `kind: Connection
key: db
name: Database
type: ${type}
configuration: { hostname: h, account: a, dbname: d, passwd: '\${secret:DB_PASSWORD}', password: '\${secret:DB_PASSWORD}' }
---
kind: Connection
key: source
name: Source
type: postgresql
configuration: { hostname: h }
---
kind: Model
key: m
name: M
connection: source
configuration: { table: company.customers }
---
kind: Sync
key: s
name: S
mode: replace
target: { connection: db, object: CUSTOMERS.CONTACTS }
fields: [{ source: m.email, target: EMAIL }]
schedule: { frequency: manual }
error_handling: { subscribers: [${subscribers}] }
`;
  const bench = await workbench({ 'polytomic/all.yaml': repository('postgresql', 'a@example.com') });
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  await bench.write({ 'polytomic/all.yaml': repository('mysql', 'b@example.com') });
  const { code, out, err } = await bench.cli('apply', '--yes', '--max-deletes', '9');
  expect([code, err], out).toEqual([0, '']);
  expect(out).toContain('refers to connection.db, which is replaced');
  expect((await bench.cli('plan', '--detailed-exitcode')).code).toBe(0);
});
