/** `run` lives with whatever happens to any of its requests: each sync is started once, and its rows are right. */
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.js';
import { shop, workbench, type Workbench } from '../support/workbench.js';

const MORE = `kind: Model
key: contacts
name: Contacts
connection: warehouse
configuration: { table: CUSTOMERS.CONTACTS }
identifier: EMAIL
---
kind: Sync
key: copy
name: Copy
mode: replace
active: true
target: { connection: warehouse, object: CUSTOMERS.COPY }
fields: [{ source: contacts.EMAIL, target: EMAIL }]
schedule: { frequency: manual }
`;

const rowsOf = ({ sandbox }: Workbench, table: string): number => {
  const warehouse = sandbox.list('connections').find(({ name }) => name === 'Warehouse');
  return sandbox.rows(warehouse?.id ?? '', table).length;
};

/** How often each sync was started. */
const startsOf = ({ sandbox }: Workbench): readonly number[] =>
  ['Customers to warehouse', 'Copy'].map((name) => {
    const id = sandbox.list('syncs').find((each) => each['name'] === name)?.id;
    return sandbox.list('executions').filter((each) => each['sync_id'] === id).length;
  });

const once: readonly (readonly [string, Fault])[] = [
  ['is cut off before it works', { drop: 'before' }],
  ['is cut off after it worked', { drop: 'before', afterEffect: true }],
  ['is answered with half of a body', { truncate: true }],
  ['is answered with 500 after it worked', { status: 500, afterEffect: true }],
  ['is answered with 503', { status: 503 }],
];

describe('a run of two syncs, one of which reads what the other one writes', () => {
  it.each(once)('ends well where any one of its requests %s', async (_what, fault) => {
    const bench = await workbench({ ...shop, 'polytomic/more.yaml': MORE });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    bench.sandbox.clearRequests();
    expect((await bench.cli('run', '--all')).code).toBe(0);
    const { length } = bench.sandbox.requests;
    expect(length).toBeGreaterThan(8);
    for (let skip = 0; skip < length; skip += 1) {
      const before = startsOf(bench);
      bench.sandbox.failNext({ ...fault, skip });
      const { code, out, err } = await bench.cli('run', '--all');
      expect([skip, code, err, out]).toEqual([skip, 0, '', expect.stringContaining('Ran: 2 done.')]);
      expect([skip, ...startsOf(bench)]).toEqual([skip, ...before.map((number) => number + 1)]);
      expect([skip, rowsOf(bench, 'CUSTOMERS.COPY')]).toEqual([skip, rowsOf(bench, 'CUSTOMERS.CONTACTS')]);
    }
  });

  it('starts nothing twice where nothing answers any more, from any request on; the next run does the rest', async () => {
    const bench = await workbench({ ...shop, 'polytomic/more.yaml': MORE });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    bench.sandbox.clearRequests();
    expect((await bench.cli('run', '--all')).code).toBe(0);
    const { length } = bench.sandbox.requests;
    for (let skip = 0; skip < length; skip += 1) {
      const before = startsOf(bench);
      bench.sandbox.failNext({ drop: 'before', afterEffect: true, skip, times: 10_000 });
      const { code, out } = await bench.cli('run', '--all');
      // How long another run took before is all that the last of them asks for.
      if (code === 0) expect(out).toContain('Ran: 2 done.');
      for (const [index, number] of startsOf(bench).entries())
        expect(number - (before[index] ?? 0)).toBeLessThanOrEqual(1);
      bench.sandbox.clearFaults();
      const rest = await bench.cli('run', '--all');
      expect([skip, rest.code]).toEqual([skip, 0]);
      expect([skip, rowsOf(bench, 'CUSTOMERS.COPY')]).toEqual([skip, rowsOf(bench, 'CUSTOMERS.CONTACTS')]);
    }
  });
});
