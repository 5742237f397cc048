import { describe, expect, it } from 'vitest';
import { asText } from '../../src/core/text.js';
import type { Plan } from '../../src/index.js';
import { shop, stable, workbench, type Workbench } from '../support/workbench.js';

const applied = async (): Promise<Workbench> => {
  const bench = await workbench(shop);
  const { code, err } = await bench.cli('apply', '--yes');
  expect(err).toBe('');
  expect(code).toBe(0);
  bench.sandbox.clearRequests();
  return bench;
};

const planOf = async (bench: Workbench): Promise<Plan> => {
  const { out } = await bench.cli('plan', '--json');
  return (JSON.parse(out) as { readonly plan: Plan }).plan;
};

const edit = async (bench: Workbench, file: string, from: string | RegExp, to: string): Promise<void> => {
  const before = await bench.read(file);
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  await bench.write({ [file]: after });
};

const only = (bench: Workbench, collection: 'connections' | 'models' | 'syncs', name?: string) =>
  bench.sandbox.list(collection).find((object) => name === undefined || object['name'] === name)!;

describe('after an apply', () => {
  it('a plan is empty, whatever order and defaults the API answers with', async () => {
    const bench = await applied();
    for (let run = 0; run < 3; run += 1) expect((await planOf(bench)).changes).toEqual([]);
    expect(bench.sandbox.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('a changed manifest is an update of that field, and the body is the whole object', async () => {
    const bench = await applied();
    await edit(bench, 'polytomic/customers.yaml', 'hour: 5', 'hour: 7');
    const { changes } = await planOf(bench);
    expect(changes).toMatchObject([
      {
        address: 'sync.customers',
        action: 'update',
        patch: [{ op: 'replace', path: '/schedule/hour', value: '7' }],
        reasons: ['changed in the manifest'],
      },
    ]);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    const [put] = bench.sandbox.requests.filter(({ method }) => method === 'PUT');
    expect(put?.body).toMatchObject({
      name: 'Customers to warehouse',
      mode: 'updateOrCreate',
      schedule: { frequency: 'daily', hour: '7', minute: '05' },
      model_filters: { logic: 'A AND B' },
    });
    expect((await planOf(bench)).changes).toEqual([]);
  });

  it('a change in the web page is drift, and the plan says so', async () => {
    const bench = await applied();
    bench.sandbox.edit('syncs', only(bench, 'syncs').id, { mode: 'append', identity: null });
    const { out } = await bench.cli('plan');
    expect(out).toContain('~ mode: append → updateOrCreate');
    expect(out).toContain('changed outside since the last apply');
    await bench.cli('apply', '--yes');
    expect(only(bench, 'syncs')['mode']).toBe('updateOrCreate');
  });

  it('a changed secret is sent, an unchanged one is no difference, and neither is shown', async () => {
    const bench = await applied();
    bench.environment['DB_PASSWORD'] = 'another-secret';
    const { out } = await bench.cli('plan');
    expect(out).toContain('configuration.password: (secret) → (secret, changed)');
    expect(out).not.toContain('another-secret');
    await bench.cli('apply', '--yes');
    expect(only(bench, 'connections', 'Shop database')['configuration']).toMatchObject({
      password: 'another-secret',
    });
    expect((await planOf(bench)).changes).toEqual([]);
  });

  it('keys of a configuration that the manifest does not mention keep their live values', async () => {
    const bench = await applied();
    const { id } = only(bench, 'connections', 'Shop database');
    bench.sandbox.edit('connections', id, { configuration: { ssl: true } });
    expect((await planOf(bench)).changes).toEqual([]);
    await edit(bench, 'polytomic/connections.yaml', 'port: 5432', 'port: 5433');
    await bench.cli('apply', '--yes');
    expect(only(bench, 'connections', 'Shop database')['configuration']).toMatchObject({
      port: 5433,
      ssl: true,
      password: 'a-secret-of-the-database',
    });
  });

  it('a key that left the configuration is removed', async () => {
    const bench = await applied();
    await edit(bench, 'polytomic/connections.yaml', '  port: 5432\n', '');
    expect((await planOf(bench)).changes).toMatchObject([
      { patch: [{ op: 'remove', path: '/configuration/port' }] },
    ]);
    await bench.cli('apply', '--yes');
    expect(only(bench, 'connections', 'Shop database')['configuration']).not.toHaveProperty('port');
  });

  it('a manifest that left is a delete, in the reverse order of the references', async () => {
    const bench = await applied();
    await bench.remove('polytomic/customers.yaml');
    await edit(bench, 'polytomic/connections.yaml', /kind: Connection\nkey: db[\s\S]*?---\n/, '');
    const plan = await planOf(bench);
    expect(plan.changes.map(({ action, address, waitsFor }) => [action, address, waitsFor])).toEqual([
      ['delete', 'sync.customers', []],
      ['delete', 'model.customers', ['sync.customers']],
      ['delete', 'connection.db', ['model.customers']],
    ]);
    const { code, out } = await bench.cli('apply', '--yes');
    expect(code).toBe(0);
    expect(out).toContain('3 deleted');
    expect(bench.sandbox.list('models')).toEqual([]);
    expect(
      bench.sandbox.requests
        .filter(({ method }) => method === 'DELETE')
        .every(({ query }) => query['force'] === undefined),
    ).toBe(true);
  });

  it('an object deleted in the web page is made again', async () => {
    const bench = await applied();
    const { id } = only(bench, 'syncs');
    bench.sandbox.remove('syncs', id);
    expect((await planOf(bench)).changes).toMatchObject([
      {
        address: 'sync.customers',
        action: 'create',
        reasons: [`the object it was bound to (${id}) is gone`],
      },
    ]);
  });

  it('a manifest and its object that are both gone are forgotten, with no call', async () => {
    const bench = await applied();
    bench.sandbox.remove('syncs', only(bench, 'syncs').id);
    await edit(bench, 'polytomic/customers.yaml', /---\nkind: Sync[\s\S]*/, '');
    expect((await planOf(bench)).changes).toMatchObject([{ address: 'sync.customers', action: 'forget' }]);
    await bench.cli('apply', '--yes');
    expect(await bench.read('.polytomic/state/default.json')).not.toContain('sync.customers');
  });

  it('a new name is an update of the same object', async () => {
    const bench = await applied();
    const { id } = only(bench, 'models');
    await edit(bench, 'polytomic/customers.yaml', 'name: Customers\n', 'name: All customers\n');
    await bench.cli('apply', '--yes');
    expect(bench.sandbox.list('models')).toMatchObject([{ id, name: 'All customers' }]);
  });
});

describe('a name that only one connection can bear', () => {
  const unused =
    '---\nkind: Connection\nkey: spare\nname: Spare\ntype: mysql\nconfiguration: { hostname: spare }\n';

  it('is freed first, by a delete or by a rename', async () => {
    const bench = await workbench({ ...shop, 'polytomic/spare.yaml': unused.slice(4) });
    await bench.cli('apply', '--yes');
    await bench.write({ 'polytomic/spare.yaml': unused.slice(4).replace('key: spare', 'key: other') });
    const { changes } = await planOf(bench);
    expect(changes.map(({ address, waitsFor }) => [address, waitsFor])).toEqual([
      ['connection.spare', []],
      ['connection.other', ['connection.spare']],
    ]);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
  });

  it('is swapped by two, also where a run is stopped in the middle, and where nobody noted anything', async () => {
    for (const stopped of [undefined, 0, 1, 2])
      for (const forgotten of [false, true]) {
        if (stopped === undefined && forgotten) continue;
        const bench = await workbench({ ...shop, 'polytomic/spare.yaml': unused.slice(4) });
        await bench.cli('apply', '--yes');
        const ids = new Map(bench.sandbox.list('connections').map(({ id, name }) => [name, id]));
        await bench.write({ 'polytomic/spare.yaml': unused.slice(4).replace('Spare', 'Warehouse') });
        await edit(bench, 'polytomic/connections.yaml', 'name: Warehouse', 'name: Spare');
        const plan = (await bench.cli('plan')).out;
        expect(plan).toContain('Plan: 2 to update. 3 unchanged.');
        if (stopped !== undefined) {
          bench.sandbox.failNext({ method: 'PUT', skip: stopped, status: 403 });
          expect((await bench.cli('apply', '--yes')).code).not.toBe(0);
          if (forgotten) await bench.remove('.polytomic/journal/default.jsonl').catch(() => undefined);
        }
        const { code, err } = await bench.cli('apply', '--yes');
        expect([code, err]).toEqual([0, '']);
        expect(new Map(bench.sandbox.list('connections').map(({ id, name }) => [name, id]))).toEqual(
          new Map([
            ['Shop database', ids.get('Shop database')],
            ['Spare', ids.get('Warehouse')],
            ['Warehouse', ids.get('Spare')],
          ]),
        );
        expect((await planOf(bench)).changes).toEqual([]);
        expect((await bench.cli('drift')).code).toBe(0);
      }
  });

  it('is taken over from one that is deleted after all that uses it points to the new one', async () => {
    const bench = await workbench(shop);
    await bench.cli('apply', '--yes');
    await edit(bench, 'polytomic/connections.yaml', 'key: db', 'key: shop');
    await edit(bench, 'polytomic/customers.yaml', 'connection: db', 'connection: shop');
    for (const fault of [{ method: 'DELETE', status: 403 }, undefined]) {
      if (fault !== undefined) bench.sandbox.failNext(fault);
      await bench.cli('apply', '--yes');
    }
    expect(
      bench.sandbox
        .list('connections')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['Shop database', 'Warehouse']);
    expect((await planOf(bench)).changes).toEqual([]);
  });
});

describe('without a state', () => {
  it('adopts live objects by their name, and does not touch what is the same', async () => {
    const bench = await applied();
    await bench.remove('.polytomic/state/default.json');
    const plan = await planOf(bench);
    expect(plan.changes.map(({ action, patch }) => [action, patch])).toEqual(
      Array.from({ length: 4 }, () => ['adopt', []]),
    );
    await bench.cli('apply', '--yes');
    expect(bench.sandbox.requests.every(({ method }) => method === 'GET')).toBe(true);
    expect((await planOf(bench)).changes).toEqual([]);
  });

  it('two objects of one name are an error with both ids', async () => {
    const bench = await applied();
    await bench.remove('.polytomic/state/default.json');
    const { id, created_at: _at, ...model } = only(bench, 'models');
    const response = await fetch(`${bench.sandbox.url}/api/models`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bench.sandbox.apiKey}` },
      body: JSON.stringify({
        name: model['name'],
        connection_id: model['connection_id'],
        configuration: model['configuration'],
      }),
    });
    const twin = ((await response.json()) as { readonly data: { readonly id: string } }).data.id;
    const { code, err } = await bench.cli('plan');
    expect(code).toBe(1);
    expect(err).toContain(id);
    expect(err).toContain(twin);
    await edit(bench, 'polytomic/customers.yaml', 'key: customers\n', `key: customers\nid: ${id}\n`);
    expect((await bench.cli('plan')).code).toBe(0);
  });

  it('deletes nothing: what no manifest names is counted and left alone', async () => {
    const bench = await workbench(shop);
    bench.sandbox.seed({ connections: 3, models: 2 });
    const { out } = await bench.cli('plan');
    expect(out).toContain('Not managed here and left alone: 3 connections, 2 models.');
    await bench.cli('apply', '--yes');
    expect(bench.sandbox.list('connections')).toHaveLength(5);
  });

  it('with state: none a second plan is empty too', async () => {
    const bench = await workbench({ ...shop, 'polytomic.config.yaml': 'state: none\n' });
    await bench.cli('apply', '--yes');
    expect((await planOf(bench)).changes).toEqual([]);
    await expect(bench.read('.polytomic/state/default.json')).rejects.toThrow();
  });
});

describe('references to what the repository does not manage', () => {
  it('are found by name or id, and an external resource is looked up only', async () => {
    const bench = await workbench({});
    bench.sandbox.seed({ connections: 2 });
    const [second, first] = bench.sandbox.list('connections');
    await bench.write({
      'polytomic/a.yaml': `kind: Connection
key: theirs
name: ${asText(first?.['name'])}
external: true
---
kind: Model
key: one
name: One
connection: theirs
configuration: { table: company.customers }
---
kind: Model
key: two
name: Two
connection: { name: ${asText(second?.['name'])} }
configuration: { table: company.customers }
---
kind: Model
key: three
name: Three
connection_id: ${second?.id ?? ''}
configuration: { table: company.customers }
`,
    });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    const ids: unknown = Object.fromEntries(
      bench.sandbox.list('models').map((model) => [asText(model['name']), model['connection_id']]),
    );
    expect(ids).toEqual({ One: first?.id, Two: second?.id, Three: second?.id });
    expect((await planOf(bench)).changes).toEqual([]);
  });

  it('to nothing are errors at their line', async () => {
    const bench = await workbench({
      'polytomic/a.yaml': `kind: Model
key: one
name: One
connection: { name: Nobody }
configuration: { table: company.customers }
`,
    });
    const { code, err } = await bench.cli('plan');
    expect(code).toBe(1);
    expect(stable(err)).toContain('polytomic/a.yaml:4:1\n  error: no live connection is called "Nobody"');
  });
});
