/** The rules that `init --rules` writes: for each what it refuses, and what it takes. */
import { describe, expect, it } from 'vitest';
import { configWithRules } from '../../src/cli/starter.js';
import { starterRules } from '../../src/cli/starter-rules.js';
import { workbench, type Workbench } from '../support/workbench.js';

const connections = `kind: Connection
key: db
name: Database
type: postgresql
configuration: { hostname: db.example.com }
---
kind: Connection
key: warehouse
name: Warehouse
type: snowflake
configuration: { account: acme }
---
kind: Model
key: customers
name: Customers
connection: db
labels: { personal: maiden_name }
configuration: { table: public.customers }
`;

/** A sync that fits all of them, with these lines in place of its own. */
const sync = (own: Readonly<Record<string, string>> = {}): string =>
  Object.entries({
    kind: 'Sync',
    key: 'a',
    name: 'Customers to warehouse',
    labels: '{ owner: "@jane" }',
    mode: 'updateOrCreate',
    fields: '[{ source: customers.id, target: ID }]',
    schedule: '{ frequency: hourly, minute: 5 }',
    target: '{ connection: warehouse, object: CUSTOMERS.CONTACTS }',
    ...own,
  })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');

const bulk = (own: Readonly<Record<string, string>> = {}): string =>
  sync({
    kind: 'BulkSync',
    mode: '',
    fields: '',
    schedule: '',
    target: '',
    source_connection: 'db',
    destination_connection: 'warehouse',
    default_schedule: '{ frequency: daily, hour: 5, minute: 0 }',
    schemas: '[{ id: public.orders, fields: [id], other_fields: disabled }]',
    ...own,
  });

const spare = `kind: Connection
key: a
name: Spare
type: postgresql
configuration: { hostname: a.example.com }
`;

const begin = async (manifest: string, others = true): Promise<Workbench> =>
  workbench({
    ...starterRules,
    'polytomic.config.yaml': configWithRules,
    ...(others
      ? { 'polytomic/connections.yaml': connections }
      : { 'polytomic/b.yaml': spare.replace('key: a', 'key: b').replace('Spare', 'Other') }),
    'polytomic/a.yaml': manifest,
  });

/** The rules that a manifest does not fit, each with its line. */
const refused = async (manifest: string): Promise<readonly string[]> => {
  const { out } = await (await begin(manifest)).cli('validate', '--json');
  const { diagnostics } = JSON.parse(out) as {
    diagnostics: readonly { code: string; rule?: string; message: string; place?: { line: number } }[];
  };
  return diagnostics
    .filter(({ code }) => !code.endsWith('schedule'))
    .map(({ rule, message, place }) => `${rule ?? message} at ${place?.line ?? 0}`);
};

describe('the rules of init --rules', () => {
  it('take a sync and a bulk sync that fit', async () => {
    expect(await refused(sync())).toEqual([]);
    expect(await refused(bulk())).toEqual([]);
  });

  it.each([
    ['names-in-one-style at 3', { name: 'customers' }],
    ['names-in-one-style at 3', { name: '"Customers "' }],
    ['sync-has-owner at 1', { labels: '' }],
    ['sync-has-owner at 4', { labels: '{ team: growth }' }],
    ['sync-has-owner at 4', { labels: '{ owner: " " }' }],
    ['no-schedule-tighter-than-an-hour at 7', { schedule: '{ frequency: continuous }' }],
    [
      'no-schedule-tighter-than-an-hour at 7',
      { schedule: '{ frequency: custom, hour: "*", minute: "*/15" }' },
    ],
    ['no-schedule-tighter-than-an-hour at 7', { schedule: '{ frequency: custom, hour: 5 }' }],
    ['personal-columns at 6', { fields: '[{ source: customers.email, target: EMAIL }]' }],
    ['personal-columns at 6', { fields: '[{ source: customers.Home_Phone, target: P }]' }],
    ['personal-columns at 6', { fields: '[{ source: customers.maiden_name, target: N }]' }],
    ['personal-columns at 9', { identity: '{ source: customers.email, target: EMAIL, function: Equality }' }],
  ])('refuse with %s a sync with %j', async (finding, own) => {
    expect(await refused(sync(own))).toEqual([finding]);
  });

  it.each([
    { name: '2026 customers' },
    { name: 'Ä' },
    { labels: '{ owner: data-team@acme.com }' },
    { schedule: '{ frequency: manual }' },
    { schedule: '{ frequency: custom, minute: 5, hour: "*" }' },
    {
      fields: '[{ source: customers.email, target: EMAIL, encryption_enabled: true }]',
      encryption_passphrase: '${secret:DB_PASSWORD}',
    },
  ])('take a sync with %j', async (own) => {
    expect(await refused(sync(own))).toEqual([]);
  });

  it.each([
    ['sync-has-owner at 1', { labels: '' }],
    ['no-schedule-tighter-than-an-hour at 7', { default_schedule: '{ frequency: continuous }' }],
    [
      'no-schedule-tighter-than-an-hour at 9',
      {
        additional_schedules:
          '[{ frequency: weekly, day_of_week: monday, hour: 1, minute: 0 }, { frequency: continuous }]',
      },
    ],
    ['personal-columns at 8', { schemas: '[{ id: public.users, fields: [id, email] }]' }],
    [
      'personal-columns at 8',
      { schemas: '[{ id: public.users, fields: [{ id: email, obfuscate: false }] }]' },
    ],
  ])('refuse with %s a bulk sync with %j', async (finding, own) => {
    expect(await refused(bulk(own))).toEqual([finding]);
  });

  it.each([
    { schemas: '[{ id: public.users, fields: [{ id: email, obfuscate: true }] }]' },
    { schemas: '[{ id: public.users, fields: [{ id: email, enabled: false }] }]' },
    { schemas: '[{ id: public.users, enabled: false, fields: [email] }]' },
  ])('take a bulk sync with %j', async (own) => {
    expect(await refused(bulk(own))).toEqual([]);
  });

  it('refuse deletes, but for those that a document gives a reason for', async () => {
    const bench = await begin(spare, false);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    await bench.remove('polytomic/a.yaml');
    const plan = await bench.cli('plan');
    expect([plan.code, plan.out]).toEqual([1, expect.stringContaining('- connection.a')]);
    expect(plan.err).toContain(
      'no-deletes-in-production: nothing is deleted in production (1 delete, and at most 0 are allowed: connection.a)',
    );
    expect(plan.err).toMatch(/^rules\/production\.yaml:15:7$/m);
    const apply = await bench.cli('apply', '--yes');
    expect([apply.code, apply.out]).toEqual([1, 'Rules stop this plan, and nothing was done.\n']);
    expect(bench.sandbox.list('connections')).toHaveLength(2);
    await bench.write({
      'polytomic/a.yaml':
        'kind: Removed\nfrom: connection.a\ndestroy: true\nexceptions: [{ rule: no-deletes-in-production, reason: The team is gone. }]\n',
    });
    const excepted = await bench.cli('apply', '--yes');
    expect([excepted.code, excepted.err]).toEqual([0, '']);
    expect(excepted.out).toContain('Excepted from rules:');
    expect(excepted.out).toContain('connection.a: The team is gone.');
    expect(bench.sandbox.list('connections')).toHaveLength(1);
  });

  it('want a replacement approved: on the command line by name, in the Action by a label', async () => {
    const bench = await begin(spare, false);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    await bench.write({ 'polytomic/a.yaml': spare.replace('type: postgresql', 'type: redshift') });
    const plan = await bench.cli('plan');
    expect(plan.code).toBe(0);
    expect(plan.err).toContain(
      'warning: no-replace-without-approval: a replacement in production is approved by a label (replace of connection.a needs the label "approved-replace" on the pull request)',
    );
    const apply = await bench.cli('apply', '--yes');
    expect([apply.code, apply.err]).toEqual([
      1,
      expect.stringContaining('error: no-replace-without-approval'),
    ]);
    const wrong = await bench.cli('apply', '--yes', '--approve', 'no-replace-without-approvals');
    expect([wrong.code, wrong.err]).toEqual([
      1,
      expect.stringContaining('did you mean "no-replace-without-approval"?'),
    ]);
    expect((await bench.cli('plan', '--out', 'plan.json')).code).toBe(0);
    expect((await bench.cli('apply', 'plan.json')).code).toBe(1);
    expect((await bench.cli('apply', 'plan.json', '--approve', 'no-replace-without-approval')).code).toBe(0);
  });
});
