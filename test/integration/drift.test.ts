import { describe, expect, it } from 'vitest';
import { ask } from '../support/ask.js';
import { shop, stable, workbench, type Workbench } from '../support/workbench.js';

const applied = async (): Promise<Workbench> => {
  const bench = await workbench(shop);
  expect((await bench.cli('apply', '--yes')).code).toBe(0);
  bench.sandbox.clearRequests();
  return bench;
};

const drifted = async (): Promise<Workbench> => {
  const bench = await applied();
  const [sync] = bench.sandbox.list('syncs');
  const [model] = bench.sandbox.list('models');
  bench.sandbox.edit('syncs', sync!.id, { active: false, schedule: { hour: '7' } });
  bench.sandbox.edit('models', model!.id, { identifier: 'email', labels: ['edited'] });
  return bench;
};

const times = (text: string): string => text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<when>');

describe('drift', () => {
  it('is none after an apply; secrets and what the server adds are none', async () => {
    const { code, out } = await (await applied()).cli('drift');
    expect([code, out]).toEqual([0, 'No drift. 4 objects live as applied.\n']);
  });

  it('is told field by field, with who changed it and when, and exits with 2', async () => {
    const bench = await drifted();
    const { code, out } = await bench.cli('drift');
    expect(code).toBe(2);
    await expect(times(stable(out))).toMatchFileSnapshot('golden/drift.txt');
    expect(bench.sandbox.requests.every(({ method }) => method === 'GET')).toBe(true);
    const json = JSON.parse((await bench.cli('--json', 'drift')).out) as {
      readonly drifted: readonly { readonly address: string; readonly by: string }[];
    };
    expect(json.drifted).toMatchObject([
      { address: 'model.customers', by: 'somebody@example.com', gone: false },
      { address: 'sync.customers' },
    ]);
  });

  it('is none in a reference to what is only looked up; and is one where that leads elsewhere', async () => {
    const bench = await workbench({
      'polytomic.config.yaml': 'manifests: [polytomic.yaml]',
      'polytomic.yaml': `kind: Connection
key: lake
name: Lake
type: mysql
external: true
---
kind: Model
key: orders
name: Orders
connection: lake
configuration: { table: company.customers }
identifier: id
`,
    });
    const configuration = { hostname: 'h', account: 'a', passwd: 'p', dbname: 'd' };
    const lake = async (name: string): Promise<string> =>
      (await ask(bench, 'POST', 'connections', { name, type: 'mysql', configuration })).id;
    await lake('Lake');
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(await bench.cli('drift', '--strict')).toMatchObject({ code: 0 });
    expect(await bench.cli('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
    const [model] = bench.sandbox.list('models');
    bench.sandbox.edit('models', model!.id, { labels: ['edited'] });
    expect((await bench.cli('plan')).out).not.toContain('connection');
    bench.sandbox.edit('models', model!.id, { labels: [], connection_id: await lake('Other') });
    expect((await bench.cli('drift')).out).toContain('connection.id:');
  });

  it('is looked for, and accepted, in what is chosen alone', async () => {
    const bench = await drifted();
    const addresses = async (...args: readonly string[]): Promise<readonly string[]> =>
      (
        JSON.parse((await bench.cli('--json', 'drift', ...args)).out) as {
          drifted: readonly { address: string }[];
        }
      ).drifted.map(({ address }) => address);
    expect(await addresses('--kind', 'Sync')).toEqual(['sync.customers']);
    expect(await addresses('--target', 'model.customers')).toEqual(['model.customers']);
    expect(await addresses('--exclude', 'model.customers')).toEqual(['sync.customers']);
    expect(await addresses('--selector', 'nobody=has')).toEqual([]);
    const unknown = await bench.cli('drift', '--target', 'model.custommers');
    expect([unknown.code, unknown.err]).toEqual([
      1,
      expect.stringContaining('did you mean "model.customers"?'),
    ]);
    expect((await bench.cli('apply', '--refresh-only', '--yes', '--target', 'sync.customers')).code).toBe(0);
    expect(await addresses()).toEqual(['model.customers']);
  });

  it('needs neither manifests nor their secrets', async () => {
    const bench = await drifted();
    delete bench.environment['DB_PASSWORD'];
    delete bench.environment['WAREHOUSE_PASSWORD'];
    await bench.remove('polytomic/customers.yaml');
    expect((await bench.cli('drift')).code).toBe(2);
  });

  it('of what was deleted outside is that it is gone', async () => {
    const bench = await applied();
    bench.sandbox.remove('syncs', bench.sandbox.list('syncs')[0]!.id);
    expect((await bench.cli('drift')).out).toContain('was deleted outside');
  });

  it('is told apart in a plan: changed in the manifest, outside, or both', async () => {
    const bench = await drifted();
    const file = 'polytomic/customers.yaml';
    await bench.write({
      [file]: (await bench.read(file)).replace('hour: 5', 'hour: 9').replace('value: 5', 'value: 8'),
    });
    const { out } = await bench.cli('plan');
    await expect(stable(out)).toMatchFileSnapshot('golden/three-way.txt');
    const json = JSON.parse((await bench.cli('--json', 'plan')).out) as {
      readonly plan: { readonly changes: readonly { readonly address: string; readonly causes: object }[] };
    };
    const sync = json.plan.changes.find(({ address }) => address === 'sync.customers');
    expect(sync?.causes).toEqual({
      '/active': 'outside',
      '/schedule/hour': 'both',
      '/model_filters/conditions': 'manifest',
    });
  });

  it('can be accepted into the state: then it is the manifest that differs', async () => {
    const bench = await drifted();
    bench.sandbox.remove('syncs', bench.sandbox.list('syncs')[0]!.id);
    expect((await bench.cli('apply', '--refresh-only')).err).toContain('nobody can be asked');
    const { code, out } = await bench.cli('apply', '--refresh-only', '--yes');
    expect([code, out]).toEqual([0, expect.stringContaining('Accepted into the state.')]);
    expect(bench.sandbox.requests.every(({ method }) => method === 'GET')).toBe(true);
    expect((await bench.cli('drift')).code).toBe(0);
    const plan = stable((await bench.cli('plan')).out);
    expect(plan).toContain('# changed in the manifest');
    expect(plan).not.toContain('outside');
    expect(plan).toContain('Plan: 1 to create, 1 to update. 2 unchanged.');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect((await bench.cli('plan')).out).toContain('No changes.');
  });
});
