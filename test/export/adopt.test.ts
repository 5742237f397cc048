import { describe, expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.js';
import type { JsonObject } from '../../src/core/json.js';
import { shop, stable, workbench, type Workbench } from '../support/workbench.js';

/** The shop lives in Polytomic and stands in manifests; nothing binds the two. */
const unbound = async (io: Partial<Io> = {}): Promise<Workbench> => {
  const bench = await workbench(shop, { io });
  expect((await bench.cli('apply', '--yes', '--json')).code).toBe(0);
  await bench.remove('.polytomic/state/default.json');
  return bench;
};

const idOf = ({ sandbox }: Workbench, collection: 'connections' | 'models' | 'syncs', name: string): string =>
  sandbox.list(collection).find((object) => object['name'] === name)!.id;

const bound = async (bench: Workbench): Promise<Readonly<Record<string, string>>> => {
  const { out } = await bench.cli('--json', 'state', 'list');
  const { resources } = JSON.parse(out) as { readonly resources: readonly { address: string; id: string }[] };
  return Object.fromEntries(resources.map(({ address, id }) => [address, id]));
};

const rename = (bench: Workbench, change: JsonObject): void =>
  bench.sandbox.edit('syncs', idOf(bench, 'syncs', 'Customers to warehouse'), change);

describe('adopt --by name', () => {
  it('binds what bears the name, and shows what a plan would say of it', async () => {
    const bench = await unbound();
    rename(bench, { schedule: { hour: '7' } });
    bench.sandbox.clearRequests();
    const { code, out, err } = await bench.cli('adopt', '--by', 'name', '--yes');
    expect(err).toBe('');
    expect(code).toBe(0);
    await expect(stable(out)).toMatchFileSnapshot('golden/adopt.txt');
    expect(Object.keys(await bound(bench))).toEqual([
      'connection.db',
      'connection.warehouse',
      'model.customers',
      'sync.customers',
    ]);
    expect(bench.sandbox.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('leaves a plan that changes what differs, and nothing else', async () => {
    const bench = await unbound();
    rename(bench, { schedule: { hour: '7' } });
    await bench.cli('adopt', '--by', 'name', '--yes');
    const { out } = await bench.cli('plan');
    expect(out).toContain('~ sync.customers');
    expect(out).toContain('changed in the manifest');
    expect(out).toMatch(/1 to update/);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect((await bench.cli('plan', '--detailed-exitcode')).code).toBe(0);
  });

  it('keeps what lives where the manifest is silent', async () => {
    const bench = await unbound();
    const id = idOf(bench, 'connections', 'Warehouse');
    bench.sandbox.edit('connections', id, { configuration: { role: 'SYNC_ROLE', username: 'OLD' } });
    await bench.cli('adopt', '--by', 'name', '--yes');
    await bench.cli('apply', '--yes');
    expect(bench.sandbox.list('connections').find((each) => each.id === id)!['configuration']).toMatchObject({
      role: 'SYNC_ROLE',
      username: 'SYNC',
    });
  });

  it('says what bears no name, and binds the rest', async () => {
    const bench = await unbound();
    rename(bench, { name: 'Other' });
    const { code, out } = await bench.cli('adopt', '--by', 'name', '--yes');
    expect(code).toBe(0);
    expect(out).toContain('No live object bears the name of:\n  sync.customers');
    expect(Object.keys(await bound(bench))).toHaveLength(3);
  });

  it('takes the addresses that are named alone', async () => {
    const bench = await unbound();
    await bench.cli('adopt', 'connection.db', '--by', 'name', '--yes');
    expect(Object.keys(await bound(bench))).toEqual(['connection.db']);
  });

  it('is an error where two bear the name, that names both', async () => {
    const bench = await unbound();
    bench.sandbox.seed({ models: 1 });
    const twin = bench.sandbox.list('models').find((model) => model['name'] !== 'Customers')!;
    bench.sandbox.edit('models', twin.id, { name: 'Customers' });
    const { code, err } = await bench.cli('adopt', '--by', 'name', '--yes');
    expect(code).toBe(1);
    expect(stable(err)).toContain('2 live models are called "Customers": <id>, <id>');
    expect(err).toContain('adopt --by id model.customers=ID');
    expect(await bound(bench)).toEqual({});
  });
});

describe('adopt --by id', () => {
  it('binds one of two that bear the name, though others cannot be told apart yet', async () => {
    const bench = await unbound();
    bench.sandbox.seed({ models: 1 });
    const twin = bench.sandbox.list('models').find((model) => model['name'] !== 'Customers')!;
    bench.sandbox.edit('models', twin.id, { name: 'Customers' });
    const db = idOf(bench, 'connections', 'Shop database');
    expect((await bench.cli('adopt', '--by', 'id', `connection.db=${db}`, '--yes')).code).toBe(0);
    expect((await bench.cli('adopt', '--by', 'id', `model.customers=${twin.id}`, '--yes')).code).toBe(0);
    expect(await bound(bench)).toEqual({ 'connection.db': db, 'model.customers': twin.id });
  });

  it.each<[string, (bench: Workbench) => readonly string[], string, string]>([
    [
      'an unknown address',
      (bench) => [`connection.bd=${idOf(bench, 'connections', 'Warehouse')}`],
      'there is no manifest of connection.bd',
      'did you mean "connection.db"?',
    ],
    [
      'an unknown id',
      () => ['connection.db=6f0c'],
      'no connection has the id 6f0c',
      'correct the id of connection.db',
    ],
    [
      'an id of another kind',
      (bench) => [`connection.db=${idOf(bench, 'models', 'Customers')}`],
      'is a model, and connection.db a connection',
      'correct the id',
    ],
    [
      'one object for two manifests',
      (bench) =>
        ['db', 'warehouse'].map((key) => `connection.${key}=${idOf(bench, 'connections', 'Warehouse')}`),
      'is bound to connection.db already',
      'keep one of the two',
    ],
    [
      'one manifest for two objects',
      (bench) =>
        ['Shop database', 'Warehouse'].map((name) => `connection.db=${idOf(bench, 'connections', name)}`),
      'connection.db would be bound to two objects',
      'keep one',
    ],
    ['no pair', () => ['connection.db'], 'connection.db is no ADDRESS=ID', 'write connection.warehouse=ID'],
    ['nothing', () => [], '--by id names nothing', 'write adopt --by id'],
  ])('%s is an error', async (_, pairs, message, hint) => {
    const bench = await unbound();
    const { code, err } = await bench.cli('adopt', '--by', 'id', ...pairs(bench), '--yes');
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(err).toContain(hint);
    expect(await bound(bench)).toEqual({});
  });

  it('is an error where the address is bound to another object, and nothing where it is bound to this one', async () => {
    const bench = await unbound();
    const [db, warehouse] = ['Shop database', 'Warehouse'].map((name) => idOf(bench, 'connections', name));
    await bench.cli('adopt', '--by', 'id', `connection.db=${db!}`, '--yes');
    const again = await bench.cli('adopt', '--by', 'id', `connection.db=${db!}`, '--yes');
    expect(again).toMatchObject({ code: 0, out: 'Nothing to adopt.\n' });
    const { code, err } = await bench.cli('adopt', '--by', 'id', `connection.db=${warehouse!}`, '--yes');
    expect(code).toBe(1);
    expect(err).toContain(`connection.db is bound to connection ${db!} already`);
    expect(err).toContain('state rm connection.db lets go of it');
    const taken = await bench.cli('adopt', '--by', 'id', `connection.warehouse=${db!}`, '--yes');
    expect(taken.err).toContain(`connection ${db!} is bound to connection.db already`);
  });

  it('an external manifest, and one that pins another id, cannot be bound', async () => {
    const bench = await unbound();
    const [db, warehouse] = ['Shop database', 'Warehouse'].map((name) => idOf(bench, 'connections', name));
    await bench.write({
      'polytomic/more.yaml': `kind: Connection\nkey: x\nname: Warehouse\nexternal: true\n---\nkind: Connection\nkey: pinned\nid: ${db!}\nname: A\ntype: mysql\nconfiguration: {}\n`,
    });
    const { err } = await bench.cli(
      'adopt',
      '--by',
      'id',
      `connection.x=${warehouse!}`,
      `connection.pinned=${warehouse!}`,
      '--yes',
    );
    expect(err).toContain('connection.x is external: it is looked up, and never bound');
    expect(err).toContain(`the manifest of connection.pinned pins ${db!}`);
  });
});

describe('adopt --mapping', () => {
  it.each([
    ['ids.yaml', (db: string, model: string) => `connection.db: ${db}\nmodel.customers: ${model}\n`],
    [
      'ids.json',
      (db: string, model: string) => JSON.stringify({ 'connection.db': db, 'model.customers': model }),
    ],
    [
      'ids.csv',
      (db: string, model: string) =>
        `address,id\r\nconnection.db,"${db}"\r\n# old\r\n\r\nmodel.customers, ${model}\r\n`,
    ],
  ])('reads %s', async (file, text) => {
    const bench = await unbound();
    const [db, model] = [idOf(bench, 'connections', 'Shop database'), idOf(bench, 'models', 'Customers')];
    await bench.write({ [file]: text(db, model) });
    expect((await bench.cli('adopt', '--mapping', file, '--yes')).code).toBe(0);
    expect(await bound(bench)).toEqual({ 'connection.db': db, 'model.customers': model });
  });

  it.each([
    ['ids.csv', 'connection.db\n', 'ids.csv:1:1', 'the line is no address and id'],
    ['ids.yaml', '- a\n', 'ids.yaml:1:1', 'the file holds no map of addresses'],
    ['ids.yaml', 'a: b\nconnection.db: 5\n', 'ids.yaml:2:1', 'the id of connection.db is no text'],
    ['ids.yaml', 'a: [\n', 'ids.yaml:2:1', 'not valid YAML'],
    ['ids.yaml', 'model.customers: no-id\n', 'ids.yaml:1:1', 'no model has the id no-id'],
  ])('says where %s is wrong: %j', async (file, text, place, message) => {
    const bench = await unbound();
    await bench.write({ [file]: text });
    const { code, err } = await bench.cli('adopt', '--mapping', file, '--yes');
    expect(code).toBe(1);
    expect(err).toContain(place);
    expect(err).toContain(message);
  });

  it('says when there is no such file', async () => {
    const bench = await unbound();
    expect((await bench.cli('adopt', '--mapping', 'none.csv')).err).toContain('none.csv cannot be read');
  });
});

describe('adopt on a terminal', () => {
  const asking = (answers: readonly string[]): { readonly questions: string[]; readonly ask: Io['ask'] } => {
    const questions: string[] = [];
    const left = [...answers];
    return {
      questions,
      ask: async (question) => {
        questions.push(question);
        return Promise.resolve(left.shift() ?? '');
      },
    };
  };

  it('asks for each manifest, the nearest names first, and once more before it binds', async () => {
    const { ask } = asking(['1', 'nonsense', '1', '', '1', 'yes']);
    const bench = await unbound(ask === undefined ? {} : { ask });
    rename(bench, { name: 'Customers to lake' });
    const { code, out } = await bench.cli('adopt');
    expect(code).toBe(0);
    await expect(stable(out)).toMatchFileSnapshot('golden/adopt-asking.txt');
    expect(Object.keys(await bound(bench))).toEqual([
      'connection.db',
      'connection.warehouse',
      'sync.customers',
    ]);
  });

  it('binds nothing without a yes', async () => {
    const { ask } = asking(['1', '1', '1', '1', 'y']);
    const bench = await unbound(ask === undefined ? {} : { ask });
    const { code, out } = await bench.cli('adopt');
    expect(code).toBe(1);
    expect(out).toContain('Nothing was bound.');
    expect(await bound(bench)).toEqual({});
  });

  it('is an error where nobody can be asked', async () => {
    const bench = await unbound();
    expect((await bench.cli('adopt')).err).toContain('add --by name, --by id ADDRESS=ID, or --mapping FILE');
    expect((await bench.cli('adopt', '--by', 'name')).err).toContain('add --yes');
    expect(await bound(bench)).toEqual({});
  });

  it('is an error where no state is kept', async () => {
    const bench = await unbound();
    await bench.write({ 'polytomic.config.yaml': 'state: none\n' });
    expect((await bench.cli('adopt', '--by', 'name', '--yes')).err).toContain(
      'a binding would not outlive this run',
    );
  });

  it('waits for nobody who holds the lock', async () => {
    const bench = await unbound();
    await bench.write({
      '.polytomic/state/default.lock': JSON.stringify({
        id: 'x',
        holder: 'ana',
        purpose: 'apply',
        since: new Date().toISOString(),
        host: 'elsewhere',
        pid: 1,
      }),
    });
    const { code, err } = await bench.cli('adopt', '--by', 'name', '--yes');
    expect(code).toBe(1);
    expect(err).toContain('the state is locked: apply by ana');
    expect((await bench.cli('export')).err).toContain('the state is locked');
  });
});
