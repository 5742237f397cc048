import { afterEach, describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import {
  bulkBody,
  cached,
  call,
  callTo,
  connected,
  data,
  idOf,
  listed,
  modeled,
  newSandboxes,
  partner,
  sandbox,
} from './harness.js';

newSandboxes();

afterEach(() => {
  vi.useRealTimers();
});

const hubspot = { name: 'Hub', type: 'hubspot', configuration: { oauth_refresh_token: 't' } };
const crm = async (): Promise<string> => idOf(await call('POST', '/api/connections', hubspot));

/** A second organization, a key in it, and a connection that it shares with the first. */
const shared = async (
  parent: string,
): Promise<{ readonly child: string; readonly key: Record<string, string> }> => {
  const other = idOf(await call('POST', '/api/organizations', { name: 'Other' }, partner));
  const users = `/api/organizations/${other}/users`;
  const user = idOf(await call('POST', users, { email: 'b@example.com' }, partner));
  const { value } = data(await call('POST', `${users}/${user}/keys`, undefined, partner));
  const path = `/api/organizations/${sandbox.organization.id}/connections/${parent}/shared`;
  const child = idOf(await call('POST', path, { child_organization_id: other }, partner));
  return { child, key: { authorization: `Bearer ${value as string}` } };
};

describe('a Connect session', () => {
  const body = { name: 'New', redirect_url: 'https://example.com/back', whitelist: ['hubspot'], dark: true };
  const session = async (token: string): ReturnType<typeof call> =>
    callTo(sandbox.url, 'GET', `/api/connections/connect/session?token=${token}`, undefined, {
      'x-polytomic-version': '2025-09-18',
    });

  it('tells its own page what it is for, by its token alone', async () => {
    const created = data(await call('POST', '/api/connections/connect/', body));
    const token = created['token'] as string;
    const shows = data(await session(token));
    expect(shows).toMatchObject({ ...body, type: '', organization_name: 'Sandbox' });
    expect(shows['id']).not.toBe(token);
    expect(shows).not.toHaveProperty('connection_id');
    // Neither a key nor another token is one.
    expect((await call('GET', '/api/connections/connect/session')).status).toBe(401);
    expect((await session('none')).status).toBe(401);
    await fetch(created['redirect_url'] as string);
    expect((await session(token)).status).toBe(401);
  });

  it('lasts as long as it was asked to', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const open = async (ttl?: number): Promise<JsonObject> =>
      data(
        await call('POST', '/api/connections/connect/', { ...body, ...(ttl === undefined ? {} : { ttl }) }),
      );
    const [usual, long] = [await open(), await open(3600)];
    vi.setSystemTime(Date.now() + 301_000);
    expect((await session(usual['token'] as string)).status).toBe(401);
    expect((await fetch(usual['redirect_url'] as string)).status).toBe(404);
    expect((await session(long['token'] as string)).status).toBe(200);
    for (const ttl of [0, 604_801, 1.5])
      expect((await call('POST', '/api/connections/connect/', { ...body, ttl })).status).toBe(422);
  });

  it('shows the name of the partner, or that of the organization where that is wanted', async () => {
    const { child, key } = await shared(await crm());
    const nameFor = async (more: JsonObject): Promise<unknown> => {
      const asked = { ...body, connection: child, ...more };
      const { token } = data(await call('POST', '/api/connections/connect/', asked, key));
      const shows = data(await session(token as string));
      expect(shows['connection_id']).toBe(child);
      return shows['organization_name'];
    };
    expect(await nameFor({})).toBe('Sandbox');
    expect(await nameFor({ use_organization_name: true })).toBe('Other');
  });
});

describe('usage of a connection', () => {
  it('is what the runs of the last day cost, by sync', async () => {
    const [, model] = await modeled();
    const target = await crm();
    expect(data(await call('GET', `/api/connections/${target}/usage`))).toEqual({
      connectionId: target,
      reportsSyncStats: true,
      callsLast24h: 0,
      bySync: [],
    });
    const email = { model_id: model, field: 'email' };
    const sync = idOf(
      await call('POST', '/api/syncs', {
        name: 'To CRM',
        mode: 'updateOrCreate',
        fields: [{ source: email, target: 'email' }],
        identity: { source: email, target: 'email', function: 'Equality' },
        schedule: { frequency: 'manual' },
        target: { connection_id: target, object: 'contacts' },
      }),
    );
    const run = `/api/syncs/${sync}/executions/${idOf(await call('POST', `/api/syncs/${sync}/executions`, {}))}`;
    for (let look = 0; look < 3; look += 1) await call('GET', run);
    expect(data(await call('GET', `/api/connections/${target}/usage`))).toMatchObject({
      callsLast24h: 5,
      bySync: [
        {
          syncId: sync,
          syncName: 'To CRM',
          syncType: 'model',
          totalCalls: 5,
          lastRunAt: data(await call('GET', run))['started_at'],
          categories: [{ key: 'rest', calls: 5 }],
        },
      ],
    });
    expect(data(await call('GET', `/api/connections/${target}`))['api_calls_last_24_hours']).toBe(5);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 25 * 60 * 60 * 1000);
    expect(data(await call('GET', `/api/connections/${target}/usage`))).toMatchObject({ callsLast24h: 0 });
  });

  it('is unknown where the system does not count', async () => {
    expect(data(await call('GET', `/api/connections/${await connected()}/usage`))).toMatchObject({
      reportsSyncStats: false,
      callsLast24h: null,
      bySync: [],
    });
  });
});

it('a connection says until when its system refuses calls', async () => {
  const id = await crm();
  const limit = async (): Promise<unknown> => data(await call('GET', `/api/connections/${id}`))['rate_limit'];
  const none = { currently_limited: false, limited_since: null, expires_at: null };
  expect(await limit()).toEqual(none);
  const mark = { limited_since: '2026-01-01T00:00:00.000Z', expires_at: '2999-01-01T00:00:00.000Z' };
  sandbox.edit('connections', id, { rate_limit: mark });
  expect(await limit()).toEqual({ currently_limited: true, ...mark });
  await call('PUT', `/api/connections/${id}`, hubspot);
  expect(await limit()).toEqual({ currently_limited: true, ...mark });
  sandbox.edit('connections', id, { rate_limit: { ...mark, expires_at: '2026-01-02T00:00:00.000Z' } });
  expect(await limit()).toEqual(none);
});

describe('the proxy', () => {
  const ask = { request: { method: 'POST', path: '/contacts', query: { limit: 5 }, body: { a: 1 } } };

  it('is refused until it is switched on, and then answers with what it was asked', async () => {
    const path = `/api/connections/${await crm()}/proxy`;
    const settings = data(await call('GET', `${path}/settings`));
    expect(settings).toMatchObject({ backendType: 'hubspot', supported: true, enabled: false });
    expect(settings).not.toHaveProperty('parentConnectionId');
    expect((await call('POST', path, ask)).status).toBe(403);
    expect(data(await call('PUT', `${path}/settings`, { enabled: true }))).toEqual({
      ...settings,
      enabled: true,
    });
    await call('PUT', path.replace('/proxy', ''), hubspot);
    const answered = data(await call('POST', path, ask));
    expect(answered).toMatchObject({ status: 200, contentType: 'application/json', truncated: false });
    expect(JSON.parse(answered['body'] as string)).toEqual({ ...ask.request, headers: {} });
    expect(data(await call('GET', `${path}/info`))).toMatchObject({
      inheritedBase: { lockedHeaders: [{ name: 'Authorization', value: '[REDACTED]' }] },
      stats: { proxyCallsLast24h: 1, callsLast24h: 1 },
    });
    await call('PUT', `${path}/settings`, { enabled: false });
    expect((await call('POST', path, ask)).status).toBe(403);
    expect((await call('PUT', `${path}/settings`, {})).status).toBe(422);
  });

  it('holds a call to its contract', async () => {
    const path = `/api/connections/${await crm()}/proxy`;
    await call('PUT', `${path}/settings`, { enabled: true });
    const wrong: readonly JsonObject[] = [
      { method: 'TRACE' },
      { path: 'contacts' },
      { path: '//elsewhere.example.com' },
      { path: '/contacts?limit=5' },
      { rawQuery: 'limit=5' },
      { headers: { Authorization: 'x' } },
      { api: 'other' },
      { body: 'x'.repeat(256 * 1024) },
    ];
    for (const more of wrong) {
      const { status } = await call('POST', path, { request: { ...ask.request, ...more } });
      expect([more, status]).toEqual([more, 400]);
    }
    expect((await call('POST', path, { ...ask, async: true })).status).toBe(400);
  });

  it('answers later where that is asked for', async () => {
    const path = `/api/connections/${await crm()}/proxy`;
    await call('PUT', `${path}/settings`, { enabled: true });
    const request = { method: 'GET', path: '/contacts' };
    const started = data(await call('POST', path, { async: true, request }));
    expect(started).toMatchObject({ status: 202, jobStatus: 'created' });
    const job = (started['jobUrl'] as string).replace(sandbox.url, '');
    expect(data(await call('GET', job))).toMatchObject({ status: 'running' });
    expect(data(await call('GET', job))).toMatchObject({ status: 'done', result: { status: 200 } });
  });

  it('of a shared connection is that of its parent; databases have none', async () => {
    const parent = await crm();
    const { child, key } = await shared(parent);
    const theirs = `/api/connections/${child}/proxy/settings`;
    expect((await call('PUT', theirs, { enabled: true }, key)).status).toBe(403);
    await call('PUT', `/api/connections/${parent}/proxy/settings`, { enabled: true });
    expect(data(await call('GET', theirs, undefined, key))).toMatchObject({
      connectionId: child,
      parentConnectionId: parent,
      enabled: true,
    });
    const database = `/api/connections/${await connected()}/proxy`;
    expect((await call('PUT', `${database}/settings`, { enabled: true })).status).toBe(400);
    expect(data(await call('PUT', `${database}/settings`, { enabled: false }))).toMatchObject({
      supported: false,
      enabled: false,
    });
    expect((await call('GET', `${database}/info`)).status).toBe(400);
  });

  it('is forgotten with its connection', async () => {
    const id = await crm();
    await call('PUT', `/api/connections/${id}/proxy/settings`, { enabled: true });
    await call('POST', `/api/connections/${id}/proxy`, ask);
    await call('DELETE', `/api/connections/${id}`);
    expect(sandbox.list('proxyCalls')).toEqual([]);
  });
});

describe('the query runner', () => {
  const run = async (connection: string, text: string): Promise<string> =>
    `/api/queries/${idOf(await call('POST', `/api/connections/${connection}/query?query=${encodeURIComponent(text)}`))}`;

  it('runs a query, and hands out its records in pages', async () => {
    const query = await run(await connected(), 'select email, id as number from company.customers');
    expect(data(await call('GET', query))).toEqual({ id: query.split('/').at(-1), status: 'running' });
    const first = await call('GET', query);
    expect(data(first)).toMatchObject({ status: 'done', count: 42, fields: ['email', 'number'] });
    const next = async ({ body }: Awaited<ReturnType<typeof call>>): ReturnType<typeof call> =>
      call('GET', ((body['links'] as JsonObject)['next'] as string).replace(sandbox.url, ''));
    const second = await next(first);
    const third = await next(second);
    const rows = [first, second, third].map(
      (page) => data(page)['results'] as unknown as readonly JsonObject[],
    );
    expect(rows.map(({ length }) => length)).toEqual([20, 20, 2]);
    expect(new Set(rows.flat().map(({ email }) => email)).size).toBe(42);
    expect(third.body['links']).toEqual({ previous: expect.any(String) as string });
    expect((await call('GET', `${query}?page=nonsense`)).status).toBe(400);
  });

  it('knows the columns of a table, and a table that is not there', async () => {
    const connection = await connected();
    const all = await run(connection, 'SELECT * FROM company.customers');
    await call('GET', all);
    expect(data(await call('GET', all))['fields']).toContain('email');
    const failed = await run(connection, 'select a from missing.table');
    await call('GET', failed);
    expect(data(await call('GET', failed))).toMatchObject({
      status: 'failed',
      error: expect.any(String) as string,
    });
    expect((await call('POST', `/api/connections/${connection}/query`)).status).toBe(422);
    expect((await call('POST', `/api/connections/${await crm()}/query?query=select`)).status).toBe(400);
  });

  it('shows a result to nobody but who asked, and forgets it with its connection', async () => {
    const connection = await connected();
    const query = await run(connection, 'select 1 from a');
    const own = sandbox.organization.id;
    const basic = {
      authorization: `Basic ${Buffer.from(`${own}:${sandbox.partnerKey}`).toString('base64')}`,
    };
    await call('GET', query, undefined, basic);
    expect((await call('GET', query, undefined, basic)).status).toBe(404);
    expect((await call('GET', query)).status).toBe(200);
    await call('DELETE', `/api/connections/${connection}`);
    expect((await call('GET', query)).status).toBe(404);
  });
});

describe('the console of ingestion', () => {
  it('has a line for each run that reads from a connection', async () => {
    const source = await connected();
    const target = idOf(
      await call('POST', '/api/connections', {
        name: 'S',
        type: 'snowflake',
        configuration: {},
        validate: false,
      }),
    );
    await cached(source);
    const sync = idOf(await call('POST', '/api/bulk/syncs', bulkBody(source, target)));
    const other = idOf(await call('POST', '/api/bulk/syncs', { ...bulkBody(source, target), name: 'Other' }));
    for (const id of [sync, other]) {
      const runs = `/api/bulk/syncs/${id}/executions`;
      const run = `${runs}/${idOf(await call('POST', runs, {}))}`;
      for (let look = 0; look < 3; look += 1) await call('GET', run);
    }
    const console = `/api/connections/${source}/ingest/consolelog`;
    const entries = async (query = ''): Promise<readonly JsonObject[]> =>
      data(await call('GET', `${console}${query}`))['entries'] as unknown as readonly JsonObject[];
    const [newest, oldest] = await entries();
    expect([newest, oldest].map((entry) => (entry!['payload'] as JsonObject)['sync_id'])).toEqual([
      other,
      sync,
    ]);
    expect(await entries(`?sync_id=${sync}`)).toEqual([oldest]);
    expect(await entries(`?after=${oldest!['id'] as string}`)).toEqual([newest]);
    expect(await entries('?limit=1')).toEqual([newest]);
    expect(data(await call('GET', `/api/connections/${target}/ingest/consolelog`))).toEqual({ entries: [] });
    expect((await call('GET', `${console}?sync_id=none`)).status).toBe(404);
    expect(listed(await call('GET', '/api/bulk/syncs'))).toHaveLength(2);
  });
});
