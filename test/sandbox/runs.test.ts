/** What a client trips over. Each test is named by the fact that it holds the sandbox to. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { call, data, idOf, listed, modeled, newSandboxes, sandbox, syncBody } from './harness.js';

newSandboxes();

describe('runs', () => {
  it('fail when the model of the sync was deleted, and say so in an event', async () => {
    const [connection, model] = await modeled();
    const path = `/api/syncs/${idOf(await call('POST', '/api/syncs', syncBody(connection, model)))}`;
    await call('DELETE', `/api/models/${model}`);
    const run = `${path}/executions/${idOf(await call('POST', `${path}/executions`, {}))}`;
    await call('GET', run);
    expect(data(await call('GET', run))).toMatchObject({
      status: 'failed',
      errors: [`model ${model} does not exist`],
    });
    expect(listed(await call('GET', '/api/events?type=sync.failed'))).toMatchObject([
      { type: 'sync.failed', event: { sync_name: 'Sync' } },
    ]);
  });

  it('have logs behind links that hold for a while, and a console', async () => {
    const [connection, model] = await modeled();
    const identity = { source: { model_id: model, field: 'email' }, target: 'EMAIL', function: 'Equality' };
    const body = { ...syncBody(connection, model), identity };
    const path = `/api/syncs/${idOf(await call('POST', '/api/syncs', body))}`;
    const identities = ['person1@example.com', 'person2@example.com'];
    const run = `${path}/executions/${idOf(await call('POST', `${path}/executions`, { identities }))}`;
    for (let look = 0; look < 3; look += 1) await call('GET', run);
    const links = data(await call('GET', `${run}/inserts`))['urls'] as readonly string[];
    const lines = (await (await fetch(links[0]!)).text()).trim().split('\n');
    expect(lines).toHaveLength(2);
    const file = await call('GET', `${run}/inserts/inserts.jsonl`);
    expect([file.status, file.headers.get('location')]).toEqual([302, links[0]]);
    expect((await call('GET', `${run}/nonsense`)).status).toBe(400);
    const newest = data(await call('GET', `${run}/consolelog?limit=1`));
    expect(newest['entries']).toMatchObject([{ level: 'info', message: 'completed, 2 records' }]);
    const cursor = newest['next_cursor'] as string;
    const later = data(await call('GET', `${run}/consolelog?after=${cursor}`));
    expect(later).toEqual({ entries: [], next_cursor: cursor });
    const all = data(await call('GET', `${run}/consolelog`))['entries'] as unknown as readonly JsonObject[];
    expect(all.map(({ message }) => message)).toEqual([
      'completed, 2 records',
      'reading from the source',
      'created',
    ]);
    // Nothing is passed over on the way from an old line to the newest.
    const next = data(await call('GET', `${run}/consolelog?limit=1&after=${all[2]!['id'] as string}`));
    expect(next).toEqual({ entries: [all[1]], next_cursor: all[1]!['id'] });
    expect((await call('GET', `${run}/consolelog?after=none`)).status).toBe(400);
    const index = data(await call('GET', `${run}/logs`));
    expect(Object.keys(index).sort()).toEqual(['inserts', 'records']);
    const { count, url } = index['inserts'] as { readonly count: number; readonly url: string };
    expect(count).toBe(2);
    expect(data(await call('GET', url.replace(sandbox.url, '')))['urls']).toEqual(links);
  });

  it('are foretold for an active sync with a schedule', async () => {
    const [connection, model] = await modeled();
    const at = async (schedule: JsonObject, active = true): Promise<unknown> => {
      const body = { ...syncBody(connection, model), schedule, active };
      const id = idOf(await call('POST', '/api/syncs', body));
      return data(await call('GET', `/api/syncs/${id}/status`))['next_execution_time'];
    };
    expect(await at({ frequency: 'manual' })).toBeNull();
    expect(await at({ frequency: 'daily', hour: '5', minute: '30' }, false)).toBeNull();
    expect(await at({ frequency: 'daily', hour: '5', minute: '30' })).toContain('T05:30:00.000Z');
    expect(await at({ frequency: 'hourly', minute: '7' })).toContain(':07:00.000Z');
    const weekly = await at({ frequency: 'weekly', day_of_week: 'Wednesday', hour: '1', minute: '0' });
    expect(new Date(weekly as string).getUTCDay()).toBe(3);
    expect(Date.parse(weekly as string)).toBeGreaterThan(Date.now());
  });
});

describe('events', () => {
  it('are the newest first, by type and by time, ten unless more are asked for', async () => {
    const path = `/api/syncs/${idOf(await call('POST', '/api/syncs', syncBody(...(await modeled()))))}`;
    for (let run = 0; run < 6; run += 1) {
      await call('POST', `${path}/executions`, {});
      for (let look = 0; look < 3; look += 1) await call('GET', `${path}/status`);
    }
    const all = listed(await call('GET', '/api/events?limit=100'));
    expect(all).toHaveLength(12);
    expect(listed(await call('GET', '/api/events'))).toHaveLength(10);
    expect(listed(await call('GET', '/api/events?type=sync.completed'))).toHaveLength(6);
    const middle = all[5]?.['created_at'] as string;
    expect(listed(await call('GET', `/api/events?limit=100&starting_after=${middle}`))).toHaveLength(5);
    expect(listed(await call('GET', `/api/events?limit=100&ending_before=${middle}`))).toHaveLength(6);
    expect((await call('GET', '/api/events?starting_after=soon')).status).toBe(422);
  });
});
