import { stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shop, workbench, type Workbench } from '../support/workbench.js';

const customers = 'polytomic/customers.yaml';

const planned = async (...args: readonly string[]): Promise<Workbench> => {
  const bench = await workbench(shop);
  const { code, out } = await bench.cli('plan', '--out', 'plan.json', ...args);
  expect([code, out]).toEqual([0, expect.stringContaining('polytomic-gitops apply plan.json')]);
  return bench;
};

describe('a saved plan', () => {
  it('is shown again, holds no secret, and is for oneself to read', async () => {
    const bench = await planned();
    const text = await bench.read('plan.json');
    for (const secret of ['a-secret-of-the-database', 'a-secret-of-the-warehouse'])
      expect(text).not.toContain(secret);
    expect((await stat(path.join(bench.root, 'plan.json'))).mode & 0o077).toBe(0);
    bench.sandbox.clearRequests();
    const shown = await bench.cli('show', 'plan.json');
    expect(shown.out).toBe((await bench.cli('plan')).out);
    expect((await bench.cli('--json', 'show', 'plan.json')).out).toContain('"digest"');
  });

  it('is applied without a question, and only once', async () => {
    const bench = await planned();
    expect((await bench.cli('apply', 'plan.json')).code).toBe(0);
    expect((await bench.cli('plan')).out).toContain('No changes.');
    const again = await bench.cli('apply', 'plan.json');
    expect(again.code).toBe(4);
    expect(again.err).toContain('connection.db: was create, and there is nothing to do any more');
  });

  it.each<[string, (bench: Workbench) => Promise<void> | void, string]>([
    [
      'a manifest',
      async (bench) =>
        bench.write({ [customers]: (await bench.read(customers)).replace('hour: 5', 'hour: 6') }),
      'sync.customers: the create is another one now',
    ],
    [
      'what lives',
      (bench) => {
        bench.sandbox.seed({ connections: 1 });
        bench.sandbox.edit('connections', bench.sandbox.list('connections')[0]!.id, {
          name: 'Warehouse',
          type: 'snowflake',
        });
      },
      'connection.warehouse: was create, and is adopt now',
    ],
    [
      'a secret',
      (bench) => {
        bench.environment['DB_PASSWORD'] = 'another one entirely';
      },
      'connection.db configuration.password: the secret is another one now',
    ],
    [
      'what there is to do',
      async (bench) =>
        bench.write({
          'polytomic/more.yaml':
            'kind: Model\nkey: more\nname: More\nconnection: db\nconfiguration: { table: t }\n',
        }),
      'model.more: now create, and was not part of the plan',
    ],
  ])('is refused where %s moved, with the list', async (_what, move, message) => {
    const bench = await planned();
    await move(bench);
    bench.sandbox.clearRequests();
    const { code, err } = await bench.cli('apply', 'plan.json');
    expect([code, err]).toEqual([4, expect.stringContaining(message)]);
    expect(bench.sandbox.requests.every(({ method }) => method === 'GET')).toBe(true);
    expect(JSON.parse((await bench.cli('--json', 'apply', 'plan.json')).out)).toHaveProperty('stale');
  });

  it('is refused where it was altered', async () => {
    const bench = await planned();
    const text = await bench.read('plan.json');
    await bench.write({ 'plan.json': text.replace('acme', 'evil-acme') });
    const altered = await bench.cli('apply', 'plan.json');
    expect([altered.code, altered.err]).toEqual([1, expect.stringContaining('its digest does not fit')]);
    for (const [other, message] of [
      ['{', 'it is not JSON'],
      ['{}', 'it is no saved plan'],
      [text.replace('"formatVersion": 2,\n  "plan"', '"formatVersion": 3,\n  "plan"'), 'format version is 3'],
    ] as const) {
      await bench.write({ 'plan.json': other });
      expect((await bench.cli('show', 'plan.json')).err).toContain(message);
    }
    expect((await bench.cli('apply', 'nothing.json')).err).toContain('nothing.json cannot be read');
  });

  it('knows what part of the manifests it was made for', async () => {
    const bench = await planned('--target', 'model.customers');
    expect((await bench.cli('apply', 'plan.json')).code).toBe(0);
    expect(bench.sandbox.list('syncs')).toEqual([]);
    expect(bench.sandbox.list('models')).toHaveLength(1);
  });
});

describe('what an apply touches', () => {
  it('is read again first: what somebody changed since the plan is left alone', async () => {
    const bench = await workbench(shop);
    await bench.cli('apply', '--yes');
    await bench.write({ [customers]: (await bench.read(customers)).replace('hour: 5', 'hour: 6') });
    const [sync] = bench.sandbox.list('syncs');
    // The first look at it is the plan's, the second comes before the write.
    const path = new RegExp(`syncs/${sync!.id}$`);
    bench.sandbox.failNext({ method: 'GET', path, slowMs: 1 });
    bench.sandbox.failNext({
      method: 'GET',
      path,
      edit: { collection: 'syncs', id: sync!.id, change: { mode: 'replace' } },
    });
    const { code, err } = await bench.cli('apply', '--yes');
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('it was changed since the plan was made by somebody@example.com'),
    ]);
    expect(bench.sandbox.list('syncs')[0]).toMatchObject({ mode: 'replace', schedule: { hour: '5' } });
  });
});
