/** What belongs to whom: moved, removed, protected, ignored, pruned. */
import { describe, expect, it } from 'vitest';
import { shop, stable, workbench, type Workbench } from '../support/workbench.js';

const applied = async (files: Readonly<Record<string, string>> = {}): Promise<Workbench> => {
  const bench = await workbench({ ...shop, ...files });
  expect((await bench.cli('apply', '--yes')).code).toBe(0);
  bench.sandbox.clearRequests();
  return bench;
};

const edit = async (bench: Workbench, file: string, from: string | RegExp, to: string): Promise<void> =>
  bench.write({ [file]: (await bench.read(file)).replace(from, to) });

const writes = (bench: Workbench): readonly string[] =>
  bench.sandbox.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => stable(`${method} ${path}`));

const plan = async (bench: Workbench, ...args: readonly string[]): Promise<string> => {
  const { out, err } = await bench.cli('plan', ...args);
  return stable(`${out}${err}`);
};

const spare = 'kind: Connection\nkey: spare\nname: Spare\ntype: mysql\nconfiguration: { hostname: h }\n';
const connections = 'polytomic/connections.yaml';
const customers = 'polytomic/customers.yaml';

describe('a resource that moved', () => {
  it('keeps its object, under a new address, through a chain of moves', async () => {
    const bench = await applied();
    await edit(bench, customers, 'kind: Sync\nkey: customers', 'kind: Sync\nkey: people');
    await bench.write({
      'polytomic/moved.yaml':
        'kind: Moved\nfrom: sync.customers\nto: sync.clients\n---\nkind: Moved\nfrom: sync.clients\nto: sync.people\n',
    });
    const text = await plan(bench);
    expect(text).toContain('> sync.people "Customers to warehouse" will be moved');
    expect(text).toContain('# moved from sync.customers');
    expect(text).toContain('Plan: 1 to move. 3 unchanged.');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(writes(bench)).toEqual([]);
    expect(await plan(bench)).toContain('No changes.');
    expect((await bench.cli('state', 'list')).out).not.toContain('sync.customers');
    await edit(bench, customers, 'hour: 5', 'hour: 6');
    expect(await plan(bench)).toContain('1 to update');
  });

  it('can change on the way', async () => {
    const bench = await applied();
    await edit(bench, customers, 'kind: Sync\nkey: customers', 'kind: Sync\nkey: people');
    await edit(bench, customers, 'hour: 5', 'hour: 6');
    await bench.write({ 'polytomic/moved.yaml': 'kind: Moved\nfrom: sync.customers\nto: sync.people\n' });
    expect(await plan(bench)).toContain('Plan: 1 to update. 3 unchanged.');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(writes(bench)).toEqual(['PUT /api/syncs/<id>']);
    expect(await plan(bench)).toContain('No changes.');
  });

  it.each([
    ['kind: Moved\nfrom: sync.customers\nto: sync.other\n', 'there is a manifest of sync.customers'],
    ['kind: Moved\nfrom: sync.old\nto: sync.custmers\n', 'did you mean "sync.customers"?'],
    ['kind: Moved\nfrom: sync.old\nto: model.customers\n', 'that is another kind'],
    ['kind: Moved\nfrom: sync.a\nto: sync.b\n---\nkind: Moved\nfrom: sync.b\nto: sync.a\n', 'in a circle'],
    ['kind: Moved\nfrom: sync.old\n', 'the field "to" is missing'],
    ['kind: Removed\nfrom: sync.customers\ndestroy: true\n', 'there is a manifest of sync.customers'],
    ['kind: Removed\nfrom: sync.old\ndestroy: yes please\n', 'destroy'],
    [
      'kind: Removed\nfrom: sync.old\ndestroy: true\n---\nkind: Moved\nfrom: sync.old\nto: sync.customers\n',
      'a second document says what became of sync.old',
    ],
  ])('is said wrong: %j', async (text, message) => {
    const bench = await workbench({ ...shop, 'polytomic/said.yaml': text });
    const { code, err } = await bench.cli('validate');
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
    expect(err).toContain('polytomic/said.yaml:');
  });
});

describe('a resource that left', () => {
  it('lives on where Removed says so, and is managed no more', async () => {
    const bench = await applied({ 'polytomic/spare.yaml': spare });
    await bench.remove('polytomic/spare.yaml');
    await bench.write({
      'polytomic/removed.yaml': 'kind: Removed\nfrom: connection.spare\ndestroy: false\n',
    });
    expect(await plan(bench)).toContain('# it lives on, and is managed no more');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(writes(bench)).toEqual([]);
    expect(bench.sandbox.list('connections')).toHaveLength(3);
    expect(await plan(bench)).toContain('No changes.');
  });

  it('that was protected is deleted only where Removed says so', async () => {
    const bench = await applied({
      'polytomic/spare.yaml': `${spare}lifecycle: { prevent_destroy: true }\n`,
    });
    await bench.remove('polytomic/spare.yaml');
    const refused = await bench.cli('apply', '--yes');
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('connection.spare would be deleted, and was protected');
    await bench.write({ 'polytomic/removed.yaml': 'kind: Removed\nfrom: connection.spare\ndestroy: true\n' });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(bench.sandbox.list('connections')).toHaveLength(2);
  });

  it('is left alone where nothing is pruned, and told', async () => {
    const bench = await applied({ 'polytomic/spare.yaml': spare });
    await bench.remove('polytomic/spare.yaml');
    const text = await plan(bench, '--prune', 'never');
    expect(text).toContain('No changes.');
    expect(text).toContain('Without a manifest, and not deleted: connection.spare.');
    await bench.write({ 'polytomic.config.yaml': 'prune: never\n' });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(bench.sandbox.list('connections')).toHaveLength(3);
    expect(await plan(bench, '--prune', 'managed')).toContain('1 to delete');
  });

  it('stops a run that would delete more than it may, before it begins', async () => {
    const bench = await applied({ 'polytomic/spare.yaml': spare });
    await bench.remove('polytomic/spare.yaml');
    await edit(bench, customers, 'hour: 5', 'hour: 6');
    for (const limit of ['0', '10%']) {
      const { code, err } = await bench.cli('apply', '--yes', '--max-deletes', limit);
      expect([code, err]).toEqual([
        1,
        expect.stringContaining('would delete or replace 1 object of 5, and may 0'),
      ]);
    }
    await bench.write({ 'polytomic.config.yaml': 'maxDeletes: 0\n' });
    expect((await bench.cli('apply', '--yes')).code).toBe(1);
    expect(writes(bench)).toEqual([]);
    expect((await bench.cli('apply', '--yes', '--max-deletes', '20%')).code).toBe(0);
    expect((await bench.cli('plan', '--max-deletes', 'many')).err).toContain(
      'a number, or a share such as 10%',
    );
  });
});

describe('fields that are left to others', () => {
  it('stay as they live, and are sent as they live', async () => {
    const bench = await applied();
    await edit(
      bench,
      customers,
      'active: true',
      'active: true\nlifecycle: { ignore_changes: [/active, /schedule] }',
    );
    const [sync] = bench.sandbox.list('syncs');
    bench.sandbox.edit('syncs', sync!.id, {
      active: false,
      schedule: { frequency: 'manual', hour: null, minute: null },
    });
    expect(await plan(bench)).toContain('No changes.');
    await edit(bench, customers, 'value: 5', 'value: 6');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(bench.sandbox.list('syncs')[0]).toMatchObject({
      active: false,
      schedule: { frequency: 'manual' },
    });
    expect(await plan(bench)).toContain('No changes.');
  });
});

describe('a field that cannot change in place', () => {
  it('has the object replaced: made, referred to, and the old one deleted, in this order', async () => {
    const bench = await applied();
    await edit(bench, connections, 'type: postgresql', 'type: mysql');
    await expect((await plan(bench)).replace(/replacing \w+/, 'replacing <id>')).toMatchFileSnapshot(
      'golden/replace.txt',
    );
    const { code, out } = await bench.cli('apply', '--yes');
    expect(code).toBe(0);
    await expect(stable(out).split('\n\n').slice(-2).join('\n\n')).toMatchFileSnapshot('golden/replaced.txt');
    expect(writes(bench)).toEqual([
      'POST /api/connections',
      'PUT /api/models/<id>',
      'DELETE /api/connections/<id>',
      'PUT /api/connections/<id>',
    ]);
    expect(
      bench.sandbox
        .list('connections')
        .map(({ name, type }) => [name, type])
        .toSorted(),
    ).toEqual([
      ['Shop database', 'mysql'],
      ['Warehouse', 'snowflake'],
    ]);
    expect(await plan(bench)).toContain('No changes.');
  });

  it('is an error where the object is protected', async () => {
    const bench = await applied();
    await edit(bench, connections, 'type: postgresql', 'type: mysql\nlifecycle: { prevent_destroy: true }');
    const { code, err } = await bench.cli('plan');
    expect(code).toBe(1);
    expect(err).toContain('type cannot change from "postgresql" to "mysql"');
    expect(err).toContain('polytomic/connections.yaml:4:1');
  });

  it('counts as a delete', async () => {
    const bench = await applied();
    await edit(bench, connections, 'type: postgresql', 'type: mysql');
    expect((await bench.cli('plan', '--max-deletes', '0')).err).toContain('would delete or replace 1 object');
  });

  it('goes on where a run was stopped in the middle', async () => {
    const bench = await applied();
    await edit(bench, connections, 'type: postgresql', 'type: mysql');
    bench.sandbox.failNext({ method: 'DELETE', status: 403 });
    expect((await bench.cli('apply', '--yes')).code).toBe(3);
    const text = await plan(bench);
    expect(text).toContain('- connection.db (old) "Shop database" will be deleted');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(await plan(bench)).toContain('No changes.');
    expect(bench.sandbox.list('connections')).toHaveLength(2);
  });
});

describe('a selection', () => {
  const labelled = {
    'polytomic/spare.yaml': `${spare}labels: { team: growth }\n`,
  };

  it('takes a target with what it needs, and leaves the rest out', async () => {
    const bench = await workbench({ ...shop, ...labelled });
    expect(await plan(bench, '--target', 'model.customers')).toContain('Plan: 2 to create. 0 unchanged.');
    const { code, out } = await bench.cli('apply', '--yes', '--target', 'model.customers');
    expect(code).toBe(0);
    expect(out).toContain('Not selected, and left out: 3 changes.');
    expect(bench.sandbox.list('connections').map(({ name }) => name)).toEqual(['Shop database']);
  });

  it('takes kinds and labels', async () => {
    const bench = await workbench({ ...shop, ...labelled });
    expect(await plan(bench, '--kind', 'connection')).toContain('Plan: 3 to create.');
    expect(await plan(bench, '--selector', 'team=growth')).toContain('Plan: 1 to create.');
    expect(await plan(bench, '--selector', 'team=other')).toContain('No changes.');
    expect(await plan(bench, '--selector', 'team')).toContain('Plan: 1 to create.');
    expect(await plan(bench, '--exclude', 'connection.spare')).toContain('Plan: 4 to create.');
  });

  it.each([
    [['--target', 'model.custmers'], 'did you mean "model.customers"?'],
    [['--kind', 'modle'], 'did you mean "Model"?'],
    [['--exclude', 'connection.db'], 'model.customers needs connection.db, which the selection leaves out'],
    [['--kind', 'sync'], 'which the selection leaves out'],
  ])('that makes no sense is an error: %j', async (args, message) => {
    const bench = await workbench(shop);
    const { code, err } = await bench.cli('plan', ...args);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  });

  it('deletes what it names alone', async () => {
    const bench = await applied({
      ...labelled,
      'polytomic/extra.yaml': spare.replace('key: spare', 'key: extra').replace('Spare', 'Extra'),
    });
    await bench.remove('polytomic/spare.yaml');
    await bench.remove('polytomic/extra.yaml');
    expect(await plan(bench, '--target', 'connection.extra')).toContain('Plan: 1 to delete.');
  });

  it('deletes by the labels that the last apply knew, where the manifest is gone', async () => {
    const bench = await applied({
      ...labelled,
      'polytomic/extra.yaml': spare.replace('key: spare', 'key: extra').replace('Spare', 'Extra'),
    });
    await bench.remove('polytomic/spare.yaml');
    await bench.remove('polytomic/extra.yaml');
    expect(await plan(bench, '--selector', 'team=other')).toContain('No changes.');
    expect(await plan(bench, '--selector', 'team=growth')).toContain('Plan: 1 to delete.');
    const { code } = await bench.cli('apply', '--yes', '--selector', 'team=growth');
    expect(code).toBe(0);
    expect(bench.sandbox.list('connections').map(({ name }) => name)).not.toContain('Spare');
    expect(bench.sandbox.list('connections').map(({ name }) => name)).toContain('Extra');
  });

  it('knows labels that were written after the resource was', async () => {
    const bench = await applied({ 'polytomic/spare.yaml': spare });
    await bench.write({
      ...labelled,
      'polytomic/extra.yaml': spare.replace('key: spare', 'key: extra').replace('Spare', 'Extra'),
    });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    await bench.remove('polytomic/spare.yaml');
    expect(await plan(bench, '--selector', 'team=growth')).toContain('Plan: 1 to delete.');
  });
});

describe('labels', () => {
  it('of a map are not sent; a model has labels of its own, too', async () => {
    const bench = await applied();
    await edit(bench, customers, 'identifier: id', 'identifier: id\nlabels: { team: growth }');
    expect(await plan(bench, '--selector', 'team=growth')).toContain('No changes.');
    await edit(bench, customers, 'labels: { team: growth }', 'labels: [crm]');
    expect(await plan(bench, '--selector', 'crm')).toContain('1 to update');
  });
});

describe('what a manifest said of its resource, when it is gone', () => {
  const marked = (text: string) => ({ 'polytomic/spare.yaml': `${spare}${text}\n` });

  it('still selects it, or leaves it out, by its labels', async () => {
    const bench = await applied(marked('labels: { team: growth }'));
    await bench.remove('polytomic/spare.yaml');
    expect(await plan(bench, '--selector', 'team=other')).toContain('No changes.');
    expect(await plan(bench, '--selector', 'team=growth')).toContain('Plan: 1 to delete.');
    expect((await bench.cli('apply', '--yes', '--selector', 'team=growth')).code).toBe(0);
    expect(bench.sandbox.list('connections').map(({ name }) => name)).not.toContain('Spare');
  });

  it.each([
    ['with a label', 'labels: { crm: x }', 'Plan: 1 to delete.'],
    ['protected', 'labels: { crm: x }\nlifecycle: { prevent_destroy: true }', 'prevent_destroy'],
  ])(
    'counts from the apply on that saw it %s, although there was nothing else to do',
    async (_what, text, says) => {
      const bench = await applied(marked(''));
      await bench.write(marked(text));
      const { code, out } = await bench.cli('apply', '--yes');
      expect([code, out]).toEqual([0, expect.stringContaining('No changes.')]);
      await bench.remove('polytomic/spare.yaml');
      const ran = await bench.cli('plan', '--selector', 'crm');
      expect(ran.out + ran.err).toContain(says);
    },
  );
});

describe('what a killed run left behind', () => {
  it('is of no use in another organization: nothing is planned there, and nothing lost', async () => {
    const bench = await workbench(shop);
    const journal = '.polytomic/journal/default.jsonl';
    const text = '{"type":"run","organization":"another-one","serial":0}\n';
    await bench.write({ [journal]: text });
    for (const command of [['plan'], ['apply', '--yes']]) {
      const { code, err } = await bench.cli(...command);
      expect([code, err]).toEqual([
        1,
        expect.stringContaining('an apply to organization another-one was killed'),
      ]);
    }
    expect(await bench.read(journal)).toBe(text);
    expect(bench.sandbox.list('connections')).toEqual([]);
  });
});
