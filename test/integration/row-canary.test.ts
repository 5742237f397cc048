/** Nothing of a row is in anything that a run leaves behind, unless it was asked for. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask } from '../support/ask.js';
import { shop, workbench, type Workbench } from '../support/workbench.js';

/** Every cell of every row is one: what is looked for in all that is left. */
const rows = Array.from({ length: 4 }, (_, index) => ({
  id: 1_000_001 + index,
  email: `canary-mail-${index}@cells.example`,
  first_name: `canary "name" ${index} ä`,
  last_name: `canary\\last<${index}>`,
}));

/** A part of each cell, as it is and escaped. */
const CANARY = /canary|cells\.example|100000[1-4]|(?:%63|%43)anary/i;

const armed = async (): Promise<Workbench> => {
  const bench = await workbench({
    ...shop,
    'polytomic/customers.yaml': (shop['polytomic/customers.yaml'] ?? '').replace(
      '{ target: LAST_NAME, override_value: unknown }',
      '{ target: LAST_NAME, override_value: nobody }',
    ),
  });
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  const database = bench.sandbox.list('connections').find(({ name }) => name === 'Shop database');
  bench.sandbox.setRows(database?.id ?? '', 'company.customers', rows);
  return bench;
};

const filesIn = async (root: string): Promise<Readonly<Record<string, string>>> => {
  const names = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    await Promise.all(
      names.map(async (entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return [path.relative(root, file), await readFile(file, 'utf8')] as const;
      }),
    ),
  );
};

const expectClean = (texts: Readonly<Record<string, string>>): void => {
  for (const [where, text] of Object.entries(texts))
    expect([where, CANARY.exec(text)?.[0]]).toEqual([where, undefined]);
};

/** Messages that repeat cells, as databases and applications write them. */
const said = [
  `duplicate key value violates unique constraint "mail": Key (EMAIL)=(${rows[0]!.email}) already exists.`,
  `Failing row contains (${Object.values(rows[1]!).join(', ')}).`,
  `${rows[2]!.first_name} is too long for FIRST_NAME; ${encodeURIComponent(rows[2]!.last_name)}`,
];

/** Each run of the sync left out records, and its log has their rows and these messages. */
const noteErrors = ({ sandbox }: Workbench): void => {
  for (const { id } of sandbox.list('executions'))
    sandbox.edit('executions', id, {
      written: said.map((error, index) => ({ what: 'errors', values: rows[index]!, error })),
      counts: { total: 4, error: 3 },
    });
};

const commands = [
  ['validate'],
  ['plan', '--out', 'plan.json'],
  ['show', 'plan.json'],
  ['apply', '--yes'],
  ['run', 'sync.customers'],
  ['run', '--changed'],
  ['apply', '--yes', '--run-changed'],
  ['status'],
  ['status', '--failing'],
  ['drift'],
  ['logs', 'sync.customers'],
  ['logs', 'sync.customers', '--follow'],
  ['state', 'show', 'sync.customers'],
  ['state', 'pull'],
  ['export'],
  ['graph', '--changes'],
  ['impact', 'model.customers'],
] as const;

describe('a cell of a row', () => {
  it.each([
    ['refuses records', { refuse: [0, 1, 2] }],
    ['fails half-way, and quotes a record', { error: `the row ${JSON.stringify(rows[3])} is odd`, after: 2 }],
  ])('is in no output, log, plan, state or cache where a target %s', async (_what, fault) => {
    const bench = await armed();
    const printed: Record<string, string> = {};
    for (const json of [[], ['--json']])
      for (const args of commands) {
        const runs = args.some((each) => /^(--)?run/.test(each));
        if (runs) bench.sandbox.failRun(fault);
        const { out, err } = await bench.cli('--log-level', 'debug', ...json, ...args);
        if (runs) noteErrors(bench);
        printed[[...json, ...args].join(' ')] = out + err;
      }
    expectClean({ ...printed, ...(await filesIn(bench.root)) });
    // They were there: what is looked for would have been found.
    const log = await bench.cli('logs', 'sync.customers', '--records');
    expect(log.out.match(new RegExp(CANARY, 'gi'))?.length).toBeGreaterThan(8);
    expect(JSON.stringify(bench.sandbox.requests)).not.toMatch(CANARY);
    expect(printed['logs sync.customers']).toMatch(/EMAIL.*already exists/);
  });

  it('is in nothing that the end of a run says, with the first three records and where the rest is', async () => {
    const bench = await armed();
    bench.sandbox.failRun({ refuse: [0, 1, 2, 3], error: 'no more', after: 4 });
    const { code, out } = await bench.cli('run', 'sync.customers');
    const [run] = bench.sandbox.list('executions');
    expect(code).toBe(1);
    expect(out).toBe(
      [
        `✗ sync.customers failed: no more (run ${run?.id ?? ''})`,
        ...Array.from({ length: 3 }, () => '  the target refuses this record'),
        `  log: polytomic-gitops logs sync.customers --execution ${run?.id ?? ''}`,
        '',
        'Ran: 1 failed.',
        '',
      ].join('\n'),
    );
    bench.sandbox.failRun({ refuse: [1] });
    const lines = (await bench.cli('--json', 'run', 'sync.customers')).out.trim().split('\n');
    const json = JSON.parse(lines.at(-1) ?? '') as object;
    expect(json).toMatchObject({
      runs: [{ outcome: 'done', errors: [{ message: 'the target refuses this record' }] }],
    });
    expectClean({ out, json: lines.join('\n') });
  });

  it('that stands in the console of a run is not shown, nor what comes with a line', async () => {
    const bench = await armed();
    await bench.cli('run', 'sync.customers');
    const entry = {
      id: '1',
      level: 'error',
      message: `cannot write ${JSON.stringify(rows[0])} to "CONTACTS"`,
      payload: { row: rows[1] },
      timestamp: '2026-01-01T00:00:00Z',
    };
    bench.sandbox.failNext({
      path: /consolelog$/,
      status: 200,
      times: 9,
      body: JSON.stringify({ data: { entries: [entry] } }),
    });
    for (const args of [[], ['--json'], ['--follow']]) {
      const { out, err } = await bench.cli('logs', 'sync.customers', ...args);
      expect(out).toContain('cannot write {…} to');
      expectClean({ out, err });
    }
    expect((await bench.cli('logs', 'sync.customers', '--records')).out).toContain('canary-mail-1');
  });

  it('is not in the command for a log, though an id is a command itself', async () => {
    const bench = await armed();
    const sync = bench.sandbox.list('syncs')[0]?.id ?? '';
    await ask(bench, 'POST', `syncs/${sync}/executions`, {});
    const body = JSON.stringify({ data: { id: 'a; rm -rf x', status: 'failed', errors: ['no'] } });
    bench.sandbox.failNext({ method: 'POST', path: /executions$/, status: 200, body });
    const { out } = await bench.cli('run', 'sync.customers');
    expect(out).toContain('log: polytomic-gitops logs sync.customers\n');
  });
});
