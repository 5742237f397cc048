/** `logs`: what a run says of itself, and why records were left out. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { ask } from '../support/ask.js';
import { filesIn } from '../support/examples.js';
import { shop, stable, workbench, type Workbench, type WorkbenchOptions } from '../support/workbench.js';

const applied = async (options: WorkbenchOptions = {}): Promise<Workbench> => {
  const bench = await workbench(shop, options);
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  return bench;
};

/** Runs a sync to its end; gives the id of the run. */
const ran = async (bench: Workbench, what = 'syncs'): Promise<string> => {
  const id = bench.sandbox.list(what === 'syncs' ? 'syncs' : 'bulkSyncs')[0]?.id ?? '';
  const run = await ask(bench, 'POST', `${what}/${id}/executions`, {});
  for (let look = 0; look < 5; look += 1) await ask(bench, 'GET', `${what}/${id}/executions/${run.id}`);
  return run.id;
};

const instants = (text: string): string =>
  stable(text)
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>')
    .replaceAll(/in <time>|in \d+ s/g, 'in <time>');

describe('logs', () => {
  it('has the run, its console, and why records were left out; their values only where they are asked for', async () => {
    const bench = await applied();
    bench.sandbox.failRun({ refuse: [0, 2] });
    await ran(bench);
    const { code, out, err } = await bench.cli('logs', 'sync.customers');
    expect([code, err]).toEqual([0, '']);
    await expect(instants(out)).toMatchFileSnapshot('golden/logs.txt');
    expect(out).not.toContain('person6@example.com');
    const all = await bench.cli('logs', 'sync.customers', '--records', '--most', '1');
    expect(all.out).toContain('"EMAIL":"person6@example.com"');
    expect(all.out).toContain('And 1 more: --most shows more.');
  });

  it('names the field that a message speaks of', async () => {
    const bench = await applied();
    bench.sandbox.failRun({ refuse: [0] });
    const run = await ran(bench);
    bench.sandbox.edit('executions', run, {
      written: [
        {
          what: 'errors',
          values: { EMAIL: 'ana@acme.com', FIRST_NAME: 'Ana' },
          error: 'Ana is no FIRST_NAME for ANA@acme.com',
        },
      ],
    });
    const { out } = await bench.cli('logs', 'sync.customers');
    expect(out).toContain('✗ FIRST_NAME: … is no FIRST_NAME for …');
  });

  it('is of the last run, of one that is named, or of the one under way', async () => {
    const bench = await applied();
    bench.sandbox.failRun({ error: 'the warehouse went away' });
    const first = await ran(bench);
    const second = await ran(bench);
    const of = async (...args: readonly string[]): Promise<JsonObject> =>
      JSON.parse((await bench.cli('--json', 'logs', 'sync.customers', ...args)).out) as JsonObject;
    expect(await of()).toMatchObject({ execution: { id: second, status: 'completed' }, errors: [] });
    expect(await of('--execution', first)).toMatchObject({
      address: 'sync.customers',
      execution: { id: first, status: 'failed', messages: ['the warehouse went away'] },
    });
    const id = bench.sandbox.list('syncs')[0]?.id ?? '';
    const third = await ask(bench, 'POST', `syncs/${id}/executions`, {});
    expect(await of()).toMatchObject({ execution: { id: third.id } });
  });

  it.each([
    ['sync.custommers', [], 'there is no sync.custommers that runs', 'did you mean "sync.customers"?'],
    ['model.customers', [], 'model.customers is nothing that runs', 'status lists'],
    ['sync.customers', [], 'sync.customers never ran', 'polytomic-gitops run sync.customers'],
    ['sync.customers', ['--execution', '..'], 'sync.customers has no run ..', 'it never ran'],
    ['sync.customers', ['--execution', 'none/such'], 'sync.customers has no run none/such', 'it never ran'],
    ['sync.\u001b[31m', [], 'there is no sync.\\u{1b}[31m that runs', 'one of: sync.customers\n'],
  ])('of %j %j is a finding', async (address, args, message, hint) => {
    const bench = await applied();
    const { code, err } = await bench.cli('logs', address, ...args);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
    expect(err).toContain(hint);
  });

  it('of what is not applied, of a run of long ago, and of what is gone is a finding', async () => {
    const bench = await workbench(shop);
    expect((await bench.cli('logs', 'sync.customers')).err).toContain('sync.customers was not applied yet');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    const run = await ran(bench);
    const unknown = await bench.cli('logs', 'sync.customers', '--execution', 'other');
    expect(unknown.err).toContain(`the last are ${run}`);
    bench.sandbox.remove('syncs', bench.sandbox.list('syncs')[0]?.id ?? '');
    expect((await bench.cli('logs', 'sync.customers')).err).toContain('it was deleted outside');
  });

  it('of a bulk sync has its schemas, and the errors among all that its log holds', async () => {
    const bench = await workbench(await filesIn('examples/every-kind'), { partner: true });
    for (const name of [
      'SHOP_PASSWORD',
      'WEBHOOK_SECRET',
      'ARCHIVE_KEY',
      'NORTH_CLIENT_ID',
      'NORTH_CLIENT_SECRET',
    ])
      bench.environment[name] = 'a value';
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    const run = await ran(bench, 'bulk/syncs');
    const [execution] = bench.sandbox.list('bulkExecutions');
    const [first, ...rest] = execution?.['schemas'] as readonly JsonObject[];
    bench.sandbox.edit('bulkExecutions', run, {
      status: 'errors',
      error_count: 1,
      schemas: [{ ...first, status_message: 'row "Ana" is odd', error_count: 1 }, ...rest],
      written: [
        {
          schema: 'company.accounts',
          row: { name: 'Ana' },
          error: { field: 'name', message: 'Ana is too short' },
        },
      ],
    });
    const { code, out } = await bench.cli('logs', 'bulkSync.shop-to-warehouse');
    expect(code).toBe(0);
    await expect(instants(out)).toMatchFileSnapshot('golden/logs-bulk.txt');
    expect((await bench.cli('logs', 'bulkSync.shop-to-warehouse', '--records')).out).toContain(
      'row "Ana" is odd',
    );
  });

  it('of a version without consoles has the rest', async () => {
    const bench = await applied();
    await ran(bench);
    await bench.write({ 'polytomic.config.yaml': "version: '2024-02-08'\n" });
    const { code, out } = await bench.cli('logs', 'sync.customers');
    expect([code, out]).toEqual([0, expect.stringMatching(/^sync\.customers completed: 37 records.*\n$/)]);
  });

  it('tells the run, though its error records cannot be read', async () => {
    const bench = await applied();
    bench.sandbox.failRun({ refuse: [0] });
    await ran(bench);
    const answer = {
      urls: ['http://storage.example.com/a?signature=canary-1'],
      expires: '2030-01-01T00:00:00Z',
    };
    bench.sandbox.failNext({
      path: /errors$/,
      status: 200,
      body: JSON.stringify({ data: answer }),
      times: 9,
    });
    const args = ['--log-level', 'debug', '--trace-http', 'trace.har'];
    const { code, out, err } = await bench.cli(...args, 'logs', 'sync.customers');
    expect([code, out]).toEqual([0, expect.stringContaining('37 records, 1 error')]);
    expect(err).toContain('none of https');
    // Whoever has a link may read the rows behind it.
    for (const left of [out, err, await bench.read('trace.har')]) expect(left).not.toContain('canary');
  });

  it('that is followed says what is new, once, until the run ends', async () => {
    const bench = await applied();
    const id = bench.sandbox.list('syncs')[0]?.id ?? '';
    await ask(bench, 'POST', `syncs/${id}/executions`, {});
    bench.sandbox.failRun({ refuse: [0] });
    const { code, out } = await bench.cli('logs', 'sync.customers', '--follow');
    expect(code).toBe(0);
    await expect(instants(out)).toMatchFileSnapshot('golden/logs-follow.txt');
  });

  it('that is followed ends with Ctrl-C, and leaves the run alone', async () => {
    let interrupt: () => void = () => undefined;
    const bench = await applied({
      io: {
        onInterrupt: (listener) => {
          interrupt = listener;
          return () => undefined;
        },
      },
    });
    const id = bench.sandbox.list('syncs')[0]?.id ?? '';
    await ask(bench, 'POST', `syncs/${id}/executions`, {});
    bench.sandbox.failNext({
      path: /consolelog$/,
      slowMs: 1,
      onHit: () => {
        interrupt();
      },
    });
    const { code } = await bench.cli('logs', 'sync.customers', '--follow');
    expect(code).toBe(130);
    expect(bench.sandbox.list('executions')[0]?.['status']).not.toBe('canceled');
  });
});
