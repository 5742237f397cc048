/** `status`: how what runs is doing, the worst first. */
import { describe, expect, it } from 'vitest';
import { lengthText, scheduleText } from '../../src/report/status-text.js';
import { healthOf } from '../../src/live/health.js';
import type { RunStatus } from '../../src/kinds/runs.js';
import { ask } from '../support/ask.js';
import { filesIn } from '../support/examples.js';
import { shop, workbench, type Workbench } from '../support/workbench.js';

const applied = async (files: Readonly<Record<string, string>> = shop): Promise<Workbench> => {
  const bench = await workbench(files);
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  return bench;
};

/** Runs a sync to its end. */
const ran = async (bench: Workbench, id: string, what = 'syncs'): Promise<void> => {
  const run = await ask(bench, 'POST', `${what}/${id}/executions`, {});
  for (let look = 0; look < 5; look += 1) await ask(bench, 'GET', `${what}/${id}/executions/${run.id}`);
};

const times = (text: string): string => text.replaceAll(/\b\d+ (s|min|h|d)\b/g, '<time>');

interface Shown {
  readonly objects: readonly { readonly address?: string; readonly health: string; readonly name: string }[];
}

const healths = async (bench: Workbench, ...args: readonly string[]): Promise<readonly string[]> => {
  const { out } = await bench.cli('--json', 'status', ...args);
  return (JSON.parse(out) as Shown).objects.map(
    ({ address, name, health }) => `${address ?? name} ${health}`,
  );
};

describe('status', () => {
  it('of a sync goes from never ran over its runs to what is wrong with it', async () => {
    const bench = await applied();
    const [sync] = bench.sandbox.list('syncs');
    const id = sync?.id ?? '';
    expect(await healths(bench)).toEqual(['sync.customers never ran']);
    await ran(bench, id);
    expect(await healths(bench)).toEqual(['sync.customers ok']);
    bench.sandbox.failRun({ refuse: [0, 1] });
    await ran(bench, id);
    expect(await healths(bench)).toEqual(['sync.customers errors']);
    bench.sandbox.failRun({ error: 'the warehouse went away' });
    await ran(bench, id);
    expect(await healths(bench)).toEqual(['sync.customers failed']);
    const { out } = await bench.cli('status');
    expect(out).toContain('✗ sync.customers: the warehouse went away');
    await ran(bench, id);
    bench.sandbox.edit('syncs', id, { schedule: { frequency: 'hourly', minute: '7' } });
    expect(await healths(bench)).toEqual(['sync.customers drifted']);
    bench.sandbox.remove('syncs', id);
    expect(await healths(bench)).toEqual(['sync.customers gone']);
  });

  it('is a table, the worst first, without anything that is secret or long', async () => {
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
    const [sync] = bench.sandbox.list('syncs');
    const [bulk] = bench.sandbox.list('bulkSyncs');
    await ran(bench, bulk?.id ?? '', 'bulk/syncs');
    bench.sandbox.failRun({ error: 'it went \u001b[31maway' });
    await ran(bench, sync?.id ?? '');
    const { code, out } = await bench.cli('status');
    expect(code).toBe(0);
    await expect(times(out)).toMatchFileSnapshot('golden/status.txt');
  });

  it('has what nobody manages with --all, and part of it by the usual flags', async () => {
    const bench = await applied();
    const [sync] = bench.sandbox.list('syncs');
    await ask(bench, 'POST', 'syncs', { ...sync, id: null, name: 'By hand', active: false });
    expect(await healths(bench)).toHaveLength(1);
    expect(await healths(bench, '--all')).toEqual(['sync.customers never ran', 'By hand off']);
    expect(await healths(bench, '--kind', 'BulkSync')).toEqual([]);
    expect((await bench.cli('status', '--kind', 'BulkSync')).out).toBe('Nothing here runs.\n');
  });

  it('exits with 2 for what fails, where that alone is asked for', async () => {
    const bench = await applied();
    const [sync] = bench.sandbox.list('syncs');
    expect(await bench.cli('status', '--failing')).toMatchObject({ code: 0, out: 'Nothing fails.\n' });
    bench.sandbox.failRun({ error: 'no' });
    await ran(bench, sync?.id ?? '');
    const { code, out } = await bench.cli('status', '--failing');
    expect([code, out]).toEqual([2, expect.stringContaining('1 failed.')]);
  });
});

describe('health', () => {
  const run = (status: string, errors = 0): RunStatus => ({
    last: { id: 'a', status, records: 10, errors, warnings: 0, messages: [] },
  });

  it.each([
    ['gone', run('completed'), { active: true, gone: true, drifted: true }],
    ['failed', run('interrupted'), { active: true, gone: false, drifted: true }],
    ['errors', run('completed', 1), { active: true, gone: false, drifted: true }],
    ['drifted', run('failed'), { active: false, gone: false, drifted: true }],
    ['off', run('failed'), { active: false, gone: false, drifted: false }],
    ['never ran', {}, { active: true, gone: false, drifted: false }],
    ['ok', run('canceled'), { active: true, gone: false, drifted: false }],
  ])('is %s', (health, status, about) => {
    expect(healthOf(status, about)).toBe(health);
  });
});

describe('words', () => {
  it.each([
    [{ frequency: 'hourly', minute: '5' }, 'hourly at :05'],
    [{ frequency: 'daily', hour: 5, minute: null }, 'daily at 05:00'],
    [{ frequency: 'weekly', day_of_week: 'sunday', hour: '3', minute: '0' }, 'sundays at 03:00'],
    [{ frequency: 'custom', minute: '5', hour: '6', day_of_week: '' }, 'at 5 6 * * *'],
    [{ frequency: 'runafter', run_after: { sync_ids: ['a', 'b'], bulk_sync_ids: null } }, 'after 2 others'],
    [{ frequency: 'dbtcloud', job_id: 9 }, 'after job 9 of dbt'],
    [{}, 'by hand'],
    [{ frequency: 'builder' }, 'builder'],
  ])('of the schedule %j are %s', (schedule, text) => {
    expect(scheduleText(schedule)).toBe(text);
  });

  it.each([
    [59_000, '59 s'],
    [60_000, '1 min'],
    [7_200_000, '2 h'],
    [200_000_000, '2 d'],
    [-5, '0 s'],
  ])('of %d ms are %s', (milliseconds, text) => {
    expect(lengthText(milliseconds)).toBe(text);
  });
});
