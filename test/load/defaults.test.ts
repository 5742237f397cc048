/** Defaults of folders: the manifest where it speaks, then the nearest; each value knows where it was written. */
import { describe, expect, it } from 'vitest';
import { workbench, type Workbench } from '../support/workbench.js';

const CONNECTIONS = `kind: Connection
key: db
name: Shop database
type: postgresql
configuration: { hostname: db.example.com, port: 5432 }
---
kind: Connection
key: warehouse
name: Warehouse
type: snowflake
configuration: { account: acme, username: SYNC }
---
kind: Model
key: customers
name: Customers
connection: db
configuration: { table: company.customers }
identifier: id
`;

const sync = (key: string, more = ''): string => `kind: Sync
key: ${key}
name: ${key}
fields: [{ source: customers.email, target: EMAIL }]
${more}`;

const ALL = `kind: Defaults
for: Sync
values:
  mode: append
  active: true
  labels: { team: data }
  target: { connection: warehouse, object: CRM.CONTACTS }
  schedule: { frequency: daily, hour: 5, minute: '05' }
`;

const files = {
  'polytomic/connections.yaml': CONNECTIONS,
  'polytomic/defaults.yaml': ALL,
  'polytomic/growth/defaults.yaml': `kind: Defaults
for: Sync
values:
  target: { object: CRM.GROWTH }
  labels: { team: growth }
`,
  'polytomic/growth/letters.yaml': sync('letters', "schedule: { minute: '30' }\n"),
  'polytomic/other.yaml': sync('other', 'schedule: null\nactive: false\n'),
};

const explained = async (bench: Workbench, address: string): Promise<string> => {
  const { code, out, err } = await bench.cli('explain', address);
  expect([code, err]).toEqual([0, '']);
  return out;
};

describe('defaults', () => {
  it('are values of every manifest of a kind below their folder, the nearest first, with their places', async () => {
    const bench = await workbench(files);
    expect(await bench.cli('validate')).toMatchObject({
      code: 1,
      err: expect.stringContaining('schedule') as string,
    });
    await bench.write({ 'polytomic/other.yaml': sync('other', 'active: false\n') });
    expect(await bench.cli('validate')).toMatchObject({ code: 0 });
    await expect(
      [await explained(bench, 'sync.letters'), await explained(bench, 'sync.other')].join('\n'),
    ).toMatchFileSnapshot('golden/defaults.txt');
  });

  it('give the same plan as the manifests written out, byte for byte', async () => {
    const bench = await workbench({ ...files, 'polytomic/other.yaml': sync('other', 'active: false\n') });
    const plan = async (): Promise<unknown> => {
      const { plan } = JSON.parse((await bench.cli('--json', 'plan')).out) as {
        readonly plan: { readonly digest: string };
      };
      return plan.digest;
    };
    const short = await plan();
    await bench.remove('polytomic/defaults.yaml');
    await bench.remove('polytomic/growth/defaults.yaml');
    const rest = (object: string, minute: string, active: boolean, team: string): string =>
      `mode: append\nactive: ${active}\nlabels: { team: ${team} }\ntarget: { connection: warehouse, object: ${object} }\nschedule: { frequency: daily, hour: 5, minute: '${minute}' }\n`;
    await bench.write({
      'polytomic/growth/letters.yaml': sync('letters', rest('CRM.GROWTH', '30', true, 'growth')),
      'polytomic/other.yaml': sync('other', rest('CRM.CONTACTS', '05', false, 'data')),
    });
    expect(await plan()).toBe(short);
  });

  it('are told of at their own line where a value is wrong', async () => {
    const bench = await workbench({
      ...files,
      'polytomic/growth/defaults.yaml': 'kind: Defaults\nfor: Sync\nvalues:\n  mode: appendd\n',
      'polytomic/other.yaml': sync('other'),
    });
    const { err } = await bench.cli('validate');
    expect(err).toContain('polytomic/growth/defaults.yaml:4:9');
    expect(err).toContain('did you mean "append"?');
  });

  it.each([
    ['kind: Defaults\nfor: Synk\nvalues: { mode: append }\n', 'did you mean "Sync"?'],
    ['kind: Defaults\nfor: Sync\nvalues: {}\n', 'empty'],
    [
      'kind: Defaults\nfor: Sync\nvalues: { name: x }\n',
      'defaults cannot give name: each resource has its own',
    ],
    [`${ALL}---\n${ALL}`, 'a second document gives defaults for Sync in this folder'],
    ['kind: Defaults\nfor: Sync\nvalue: { mode: append }\n', 'did you mean "values"?'],
  ])('are a finding where they are none: %j', async (text, message) => {
    const bench = await workbench({ ...files, 'polytomic/defaults.yaml': text });
    expect((await bench.cli('validate')).err).toContain(message);
  });

  it('stay as they are in an export; what lives otherwise goes into the manifest', async () => {
    const bench = await workbench({ ...files, 'polytomic/other.yaml': sync('other') });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
    const other = bench.sandbox.list('syncs').find(({ name }) => name === 'other')?.id ?? '';
    bench.sandbox.edit('syncs', other, { mode: 'create', active: false });
    expect(await bench.cli('export')).toMatchObject({ code: 0 });
    expect(await bench.read('polytomic/defaults.yaml')).toBe(ALL);
    const text = await bench.read('polytomic/other.yaml');
    expect(text).toContain('mode: create');
    expect(text).toContain('active: false');
    expect(text).not.toContain('labels');
    expect((await bench.cli('plan')).out).toContain('No changes.');
  });
});
