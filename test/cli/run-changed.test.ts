/** `run --changed` and `apply --run-changed`: from what was applied to the rows that follow from it. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { ask } from '../support/ask.js';
import { shop, workbench, type Workbench } from '../support/workbench.js';

const model = (key: string, table: string, connection = 'db'): string =>
  `kind: Model
key: ${key}
name: ${key}
connection: ${connection}
configuration: ${table.includes(' ') ? `{ query: "${table}" }` : `{ table: ${table} }`}
identifier: id
`;

const sync = (key: string, from: string, object: string, active = true): string =>
  `kind: Sync
key: ${key}
name: ${key}
mode: append
active: ${active}
target: { connection: warehouse, object: ${object} }
fields: [{ source: ${from}.id, target: EMAIL }]
schedule: { frequency: manual }
`;

const bench = async (files: Readonly<Record<string, string>>): Promise<Workbench> => {
  const made = await workbench({ ...shop, ...files });
  expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  return made;
};

const nameOf = ({ sandbox }: Workbench, id: string): unknown =>
  sandbox.list('syncs').find((each) => each.id === id)?.['name'];

/** The names of what was started, in that order. */
const started = (made: Workbench): readonly unknown[] =>
  made.sandbox.requests
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/executions'))
    .map(({ path }) => nameOf(made, path.split('/').at(-2) ?? ''));

const change = async (made: Workbench, file: string, from: string, to: string): Promise<void> => {
  const text = await made.read(file);
  expect(text).toContain(from);
  await made.write({ [file]: text.replace(from, to) });
};

const CUSTOMERS = 'polytomic/customers.yaml';
const MORE = 'polytomic/more.yaml';

describe('run --changed', () => {
  it('runs what the last apply sent, and what reads a model that it sent, and nothing else', async () => {
    const made = await bench({
      [MORE]: [
        model('orders', 'company.orders'),
        sync('orders', 'orders', 'CUSTOMERS.ORDERS'),
        sync('again', 'orders', 'CUSTOMERS.AGAIN'),
        sync('asleep', 'orders', 'CUSTOMERS.ASLEEP', false),
      ].join('---\n'),
    });
    await change(made, MORE, 'table: company.orders', 'table: company.customers');
    expect((await made.cli('apply', '--yes')).code).toBe(0);
    const ofModel = await made.cli('run', '--changed');
    expect([ofModel.code, ofModel.err]).toEqual([0, '']);
    expect([...started(made)].sort()).toEqual(['again', 'orders']);
    made.sandbox.clearRequests();
    await change(made, CUSTOMERS, "minute: '05'", "minute: '10'");
    await change(made, 'polytomic/connections.yaml', 'name: Shop database', 'name: Shop');
    expect((await made.cli('apply', '--yes')).code).toBe(0);
    expect((await made.cli('run', '--changed')).code).toBe(0);
    expect(started(made)).toEqual(['Customers to warehouse']);
  });

  it('says so where nothing was changed that runs', async () => {
    const made = await bench({});
    await change(made, 'polytomic/connections.yaml', 'name: Shop database', 'name: Shop');
    expect((await made.cli('apply', '--yes')).code).toBe(0);
    expect(await made.cli('run', '--changed')).toMatchObject({
      code: 0,
      out: 'The last apply changed nothing that is active and runs.\n',
    });
  });

  it('knows what the apply before sent where that one failed, and this one finished it', async () => {
    const made = await bench({ [MORE]: sync('second', 'customers', 'CUSTOMERS.SECOND') });
    await change(made, CUSTOMERS, "minute: '05'", "minute: '10'");
    await change(
      made,
      MORE,
      'mode: append',
      'mode: updateOrCreate\nidentity: { source: customers.id, target: EMAIL, function: Equality }',
    );
    const second = made.sandbox.list('syncs').find(({ name }) => name === 'second')?.id ?? '';
    made.sandbox.failNext({ method: 'PUT', path: new RegExp(`${second}$`), status: 422 });
    expect((await made.cli('apply', '--yes')).code).toBe(3);
    expect((await made.cli('apply', '--yes')).code).toBe(0);
    expect((await made.cli('run', '--changed')).code).toBe(0);
    expect([...started(made)].sort()).toEqual(['Customers to warehouse', 'second']);
  });

  it('does not take a run for its own that began before the change: it waits for its end, and starts another', async () => {
    const made = await bench({});
    const id = made.sandbox.list('syncs')[0]?.id ?? '';
    const text = await made.read(CUSTOMERS);
    await ask(made, 'POST', `syncs/${id}/executions`, {});
    await made.write({ [CUSTOMERS]: text.replace('customers.first_name', 'customers.last_name') });
    expect((await made.cli('apply', '--yes')).code).toBe(0);
    const { code, out } = await made.cli('run', '--changed');
    expect([code, out]).toEqual([0, expect.stringContaining('✓ sync.customers completed')]);
    expect(out).not.toContain('it ran already');
    expect(made.sandbox.list('executions')).toHaveLength(2);
    const warehouse = made.sandbox.list('connections').find(({ name }) => name === 'Warehouse');
    expect(made.sandbox.rows(warehouse?.id ?? '', 'CUSTOMERS.CONTACTS')[0]).toMatchObject({
      FIRST_NAME: 'last_name 6',
    });
  });

  it('joins a run that began after the change', async () => {
    const made = await bench({});
    const id = made.sandbox.list('syncs')[0]?.id ?? '';
    await new Promise((done) => setTimeout(done, 1100));
    await ask(made, 'POST', `syncs/${id}/executions`, {});
    expect((await made.cli('run', '--changed')).out).toContain('(it ran already)');
    expect(made.sandbox.list('executions')).toHaveLength(1);
  });
});

describe('the order of runs', () => {
  it.each([
    ['a table', 'CUSTOMERS.CONTACTS'],
    ['a query', 'select email, id from customers.contacts where id > 0'],
  ])('is that of the rows: what reads %s runs after what writes it', async (_what, source) => {
    const made = await bench({
      [MORE]: [model('contacts', source, 'warehouse'), sync('afterwards', 'contacts', 'CUSTOMERS.COPY')].join(
        '---\n',
      ),
    });
    expect((await made.cli('run', '--all')).code).toBe(0);
    expect(started(made)).toEqual(['Customers to warehouse', 'afterwards']);
    made.sandbox.clearRequests();
    const id = made.sandbox.list('syncs').find(({ name }) => name === 'Customers to warehouse')?.id ?? '';
    made.sandbox.failRun({ sync: id, error: 'no' });
    const failed = await made.cli('run', '--all');
    expect([failed.code, failed.out]).toEqual([
      1,
      expect.stringContaining('! sync.afterwards skipped: sync.customers did not end well'),
    ]);
  });

  it('is any where rows go in a circle, and each is run once', async () => {
    const made = await bench({
      [MORE]: [
        model('a', 'CUSTOMERS.B', 'warehouse'),
        model('b', 'CUSTOMERS.A', 'warehouse'),
        sync('a', 'a', 'CUSTOMERS.A'),
        sync('b', 'b', 'CUSTOMERS.B'),
      ].join('---\n'),
    });
    expect((await made.cli('run', 'sync.a', 'sync.b')).code).toBe(0);
    expect([...started(made)].sort()).toEqual(['a', 'b']);
  });
});

describe('apply --run-changed', () => {
  it('applies, runs what was changed, and waits for the rows', async () => {
    const made = await bench({});
    await change(made, CUSTOMERS, 'customers.first_name', 'customers.last_name');
    const { code, out, err } = await made.cli('apply', '--yes', '--run-changed');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/1 updated[\s\S]*✓ sync\.customers completed: 37 records[\s\S]*Ran: 1 done\./);
    const again = await made.cli('apply', '--yes', '--run-changed');
    expect([again.code, again.out]).toEqual([0, expect.not.stringContaining('Ran:')]);
  });

  it('runs again what failed the last time, though nothing is to be applied', async () => {
    const made = await bench({});
    const id = made.sandbox.list('syncs')[0]?.id ?? '';
    await change(made, CUSTOMERS, 'customers.first_name', 'customers.last_name');
    made.sandbox.failRun({ sync: id, error: 'the warehouse went away' });
    expect((await made.cli('apply', '--yes', '--run-changed')).code).toBe(1);
    const again = await made.cli('apply', '--yes', '--run-changed');
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('Ran: 1 done.')]);
  });

  it('runs nothing where not all was applied, and tells it with the rest as one value of JSON', async () => {
    const made = await bench({});
    await change(made, CUSTOMERS, 'customers.first_name', 'customers.last_name');
    made.sandbox.failNext({ method: 'PUT', path: /syncs/, status: 422 });
    const failed = await made.cli('apply', '--yes', '--run-changed');
    expect([failed.code, failed.out]).toEqual([1, expect.stringContaining('Nothing is run')]);
    expect(started(made)).toEqual([]);
    const { code, out } = await made.cli('--json', 'apply', '--yes', '--run-changed');
    const value = JSON.parse(out) as JsonObject;
    expect([code, value['runs']]).toEqual([
      0,
      [expect.objectContaining({ address: 'sync.customers', outcome: 'done' })],
    ]);
    expect(value).toHaveProperty('plan');
  });

  it('refuses what does not go together', async () => {
    const made = await bench({});
    expect((await made.cli('apply', '--refresh-only', '--run-changed')).err).toContain('changes nothing');
    expect((await made.cli('apply', '--run-timeout', '5')).err).toContain('add --run-changed');
  });
});
