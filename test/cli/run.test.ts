/** `run`: syncs are started in their order, waited for, and what they did is in the target. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { ask } from '../support/ask.js';
import { shop, workbench, type Workbench, type WorkbenchOptions } from '../support/workbench.js';

const after = (key: string, before: string): string =>
  `kind: Sync
key: ${key}
name: ${key}
mode: append
active: true
target: { connection: warehouse, object: CUSTOMERS.CONTACTS }
fields: [{ source: customers.email, target: EMAIL }]
schedule: { frequency: runafter, run_after: { syncs: [${before}] } }
`;

const applied = async (
  files: Readonly<Record<string, string>> = {},
  options: WorkbenchOptions = {},
): Promise<Workbench> => {
  const bench = await workbench({ ...shop, ...files }, options);
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  bench.sandbox.clearRequests();
  return bench;
};

const starts = ({ sandbox }: Workbench): readonly string[] =>
  sandbox.requests
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/executions'))
    .map(({ path }) => path.split('/').at(-2) ?? '');

const syncId = ({ sandbox }: Workbench, name: string): string =>
  sandbox.list('syncs').find((each) => each['name'] === name)?.id ?? '';

const contacts = ({ sandbox }: Workbench): readonly JsonObject[] => {
  const warehouse = sandbox.list('connections').find(({ name }) => name === 'Warehouse');
  return sandbox.rows(warehouse?.id ?? '', 'CUSTOMERS.CONTACTS');
};

const NAME = 'Customers to warehouse';

describe('run', () => {
  it('brings what a manifest says into the target: a mapping is changed, applied and run', async () => {
    const bench = await applied();
    const first = await bench.cli('run', 'sync.customers');
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toContain('✓ sync.customers completed: 37 records');
    expect(contacts(bench)[0]).toMatchObject({ EMAIL: 'person6@example.com', FIRST_NAME: 'first_name 6' });
    const text = await bench.read('polytomic/customers.yaml');
    await bench.write({
      'polytomic/customers.yaml': text.replace('customers.first_name', 'customers.last_name'),
    });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect((await bench.cli('run', 'sync.customers')).code).toBe(0);
    expect(contacts(bench)[0]).toMatchObject({ FIRST_NAME: 'last_name 6' });
  });

  it('starts nothing that was not asked for, and what runs after another one after it', async () => {
    const bench = await applied({
      'polytomic/more.yaml': `${after('second', 'customers')}---\n${after('third', 'second')}`,
    });
    const nothing = await bench.cli('run');
    expect([nothing.code, nothing.err]).toEqual([1, expect.stringContaining('nothing says what to run')]);
    expect((await bench.cli('run', 'sync.second')).code).toBe(0);
    expect(starts(bench)).toEqual([syncId(bench, 'second')]);
    bench.sandbox.clearRequests();
    const all = await bench.cli('run', '--all');
    expect([all.code, all.out]).toEqual([0, expect.stringContaining('Ran: 3 done.')]);
    expect(starts(bench)).toEqual([NAME, 'second', 'third'].map((name) => syncId(bench, name)));
  });

  it('skips what comes after one that failed, says why, and exits with 3 where some are done', async () => {
    const bench = await applied({
      'polytomic/more.yaml': `${after('second', 'customers')}---\n${after('alone', 'second').replace(/schedule.*/, 'schedule: { frequency: manual }')}`,
    });
    bench.sandbox.failRun({ sync: syncId(bench, NAME), error: 'the warehouse went away' });
    const { code, out } = await bench.cli('run', '--all');
    expect(code).toBe(3);
    expect(out).toContain('✗ sync.customers failed: the warehouse went away (run ');
    expect(out).toContain('! sync.second skipped: sync.customers did not end well');
    expect(out).toContain('Ran: 1 done, 1 failed, 1 skipped.');
    bench.sandbox.failRun({ sync: syncId(bench, NAME), error: 'no' });
    expect((await bench.cli('run', 'sync.customers')).code).toBe(1);
  });

  it('joins what runs already, and counts records that were left out', async () => {
    const bench = await applied();
    const id = syncId(bench, NAME);
    await ask(bench, 'POST', `syncs/${id}/executions`, {});
    bench.sandbox.failRun({ refuse: [0] });
    const { code, out } = await bench.cli('run', 'sync.customers');
    expect(code).toBe(0);
    expect(out).toMatch(/completed: 37 records, 1 error.*\(it ran already\)/);
    const lines = (await bench.cli('--json', 'run', 'sync.customers')).out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonObject);
    expect(lines.map(({ type }) => type)).toEqual([
      'started',
      ...lines.slice(3).map(() => 'progress'),
      'ended',
      'result',
    ]);
    expect(lines.at(-1)?.['runs']).toMatchObject([
      { address: 'sync.customers', outcome: 'done', execution: { errors: 0, written: 37 } },
    ]);
  });

  it.each([
    ['is lost', { drop: 'before' as const, afterEffect: true, times: 1 }],
    ['is lost again and again', { drop: 'before' as const, afterEffect: true, times: 6 }],
    ['is a fault after it', { status: 500, afterEffect: true, times: 1 }],
    ['is a fault before it', { status: 503, times: 1 }],
  ])('does not start twice where the answer to a start %s', async (_what, fault) => {
    const bench = await applied();
    bench.sandbox.failNext({ method: 'POST', path: /executions$/, ...fault });
    const { code, out } = await bench.cli('run', 'sync.customers');
    expect([code, out]).toEqual([0, expect.stringContaining('✓ sync.customers completed')]);
    expect(bench.sandbox.list('executions')).toHaveLength(1);
  });

  it('goes on where an answer to a look is lost', async () => {
    const bench = await applied();
    bench.sandbox.failNext({ method: 'GET', path: /executions\/[^/]+$/, drop: 'within', times: 2 });
    expect((await bench.cli('run', 'sync.customers')).code).toBe(0);
  });

  it('starts and does not wait, or not for ever, where it is told so', async () => {
    const bench = await applied();
    const started = await bench.cli('run', 'sync.customers', '--no-wait');
    expect([started.code, started.out]).toEqual([0, expect.stringContaining('goes on there: created')]);
    const { code, out } = await bench.cli('run', 'sync.customers', '--timeout', '0');
    expect([code, out]).toEqual([1, expect.stringContaining('Ran: 1 running.')]);
  });

  it('writes nothing in a test, takes everything in a resync, and not both', async () => {
    const bench = await applied();
    expect((await bench.cli('run', 'sync.customers', '--test')).code).toBe(0);
    expect(contacts(bench)).toEqual([]);
    expect((await bench.cli('run', 'sync.customers', '--resync')).code).toBe(0);
    const bodies = bench.sandbox.requests
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/executions'))
      .map(({ body }) => body);
    expect(bodies).toEqual([{ test: true }, { resync: true }]);
    expect((await bench.cli('run', 'sync.customers', '--test', '--resync')).code).toBe(1);
  });

  it('leaves what runs alone when it is interrupted, unless somebody says yes', async () => {
    for (const [answer, status] of [
      ['no', 'created'],
      ['yes', 'canceled'],
    ] as const) {
      let interrupt: () => void = () => undefined;
      const bench = await applied(
        {},
        {
          io: {
            ask: async () => Promise.resolve(answer),
            onInterrupt: (listener) => {
              interrupt = listener;
              return () => undefined;
            },
          },
        },
      );
      bench.sandbox.failNext({
        method: 'POST',
        path: /executions$/,
        afterEffect: true,
        slowMs: 1,
        onHit: () => {
          interrupt();
        },
      });
      const { code, out } = await bench.cli('run', 'sync.customers');
      expect([code, out]).toEqual([130, expect.stringContaining('goes on there')]);
      expect(bench.sandbox.list('executions')[0]?.['status']).toBe(status);
    }
  });

  it('says which of the chosen cannot be run', async () => {
    const bench = await applied();
    const { code, err } = await bench.cli('run', 'model.customers');
    expect([code, err]).toEqual([1, expect.stringContaining('can be run')]);
    expect((await bench.cli('run', 'sync.custommers')).err).toContain('did you mean "sync.customers"?');
  });
});
