import { get as httpGet } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox, type FaultSettings, type Sandbox } from '../../src/sandbox/index.js';
import {
  call,
  callTo,
  connected,
  data,
  idOf,
  listed,
  mysql,
  newSandboxes,
  sandbox,
  type Answered,
} from './harness.js';

newSandboxes();

const key = { 'idempotency-key': 'the-key-of-this-test' };

const started = async (faults: FaultSettings): Promise<Sandbox> => {
  const server = await startSandbox({ faults });
  onTestFinished(server.close);
  return server;
};

const ask = async (server: Sandbox, path = '/api/connections'): Promise<Answered> =>
  callTo(server.url, 'GET', path, undefined, {
    authorization: `Bearer ${server.apiKey}`,
    'x-polytomic-version': '2025-09-18',
  });

describe('faults that are announced', () => {
  it.each([
    ['before the work', { drop: 'before' as const }, 0],
    ['after it', { drop: 'before' as const, afterEffect: true }, 1],
    ['in the middle of the answer', { drop: 'within' as const }, 1],
  ])('a connection is cut %s', async (_when, fault, made) => {
    sandbox.failNext(fault);
    await expect(call('POST', '/api/connections', mysql)).rejects.toThrow();
    expect(sandbox.list('connections')).toHaveLength(made);
    expect(sandbox.requests[0]?.status).toBe(fault.drop === 'before' ? 0 : 201);
  });

  it('a connection is cut after a whole answer', async () => {
    sandbox.failNext({ drop: 'after' });
    expect((await call('POST', '/api/connections', mysql)).status).toBe(201);
    expect(listed(await call('GET', '/api/connections'))).toHaveLength(1);
  });

  it('a body ends too early, as if it were whole', async () => {
    sandbox.failNext({ truncate: true });
    await expect(call('POST', '/api/connections', mysql)).rejects.toThrow(SyntaxError);
    expect(sandbox.list('connections')).toHaveLength(1);
  });

  it('a body takes its time, and is whole', async () => {
    const id = await connected();
    sandbox.failNext({ slowMs: 20 });
    expect(idOf(await call('GET', `/api/connections/${id}`))).toBe(id);
  });

  it('a read shows what was before the last change', async () => {
    const id = await connected();
    sandbox.failNext({ stale: true, times: 2 });
    expect((await call('GET', `/api/connections/${id}`)).status).toBe(404);
    expect(listed(await call('GET', '/api/connections'))).toEqual([]);
    await call('PUT', `/api/connections/${id}`, { ...mysql, name: 'New name' });
    sandbox.failNext({ stale: true });
    expect(data(await call('GET', `/api/connections/${id}`))['name']).toBe('MySQL Connection');
    expect(data(await call('GET', `/api/connections/${id}`))['name']).toBe('New name');
  });

  it('somebody else changes something between two calls', async () => {
    const id = await connected();
    sandbox.failNext({ edit: true });
    expect(data(await call('GET', `/api/connections/${id}`))).toMatchObject({
      name: 'MySQL Connection (edited)',
      updated_by: { name: 'somebody@example.com' },
    });
    sandbox.failNext({ edit: { collection: 'connections', id, change: { name: 'Theirs' } } });
    expect(data(await call('GET', `/api/connections/${id}`))['name']).toBe('Theirs');
  });

  it('a recorded 500 is the answer of its key for ever; what comes from before the application is not', async () => {
    sandbox.failNext({ status: 500, afterEffect: true });
    expect((await call('POST', '/api/connections', mysql, key)).status).toBe(500);
    expect((await call('POST', '/api/connections', mysql, key)).status).toBe(500);
    expect(sandbox.list('connections')).toHaveLength(1);
    sandbox.failNext({ status: 502, afterEffect: true });
    const other = { 'idempotency-key': 'another-key' };
    const body = { ...mysql, name: 'Other' };
    expect((await call('POST', '/api/connections', body, other)).status).toBe(502);
    expect((await call('POST', '/api/connections', body, other)).status).toBe(201);
    expect(sandbox.list('connections')).toHaveLength(2);
  });
});

describe('an idempotency key', () => {
  it('in flight is refused with 409', async () => {
    sandbox.slowDown(50);
    const statuses = await Promise.all(
      [1, 2].map(async () => (await call('POST', '/api/connections', mysql, key)).status),
    );
    expect(statuses.toSorted()).toEqual([201, 409]);
    expect((await call('POST', '/api/connections', mysql, key)).status).toBe(201);
    expect(sandbox.list('connections')).toHaveLength(1);
  });

  it('means nothing on a GET', async () => {
    expect((await call('GET', '/api/connections', undefined, key)).status).toBe(200);
    await connected();
    expect(listed(await call('GET', '/api/connections', undefined, key))).toHaveLength(1);
  });
});

describe('faults at a rate', () => {
  const rates = { error: 0.3, 'too-many': 0.2 };
  const run = async (faults: FaultSettings): Promise<readonly number[]> => {
    const server = await started(faults);
    const statuses: number[] = [];
    for (let time = 0; time < 60; time += 1) statuses.push((await ask(server)).status);
    return statuses;
  };

  it('come again with the same seed, and others with another', async () => {
    const first = await run({ rates, seed: 7 });
    expect(await run({ rates, seed: 7 })).toEqual(first);
    expect(await run({ rates, seed: 8 })).not.toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 429, 503]));
  });

  it('hit the same requests, in whatever order others come between', async () => {
    const alone = await run({ rates, seed: 7 });
    const server = await started({ rates, seed: 7 });
    const statuses: number[] = [];
    for (let time = 0; time < 60; time += 1) {
      await ask(server, '/api/models');
      statuses.push((await ask(server)).status);
    }
    expect(statuses).toEqual(alone);
  });

  it('leave Retry-After, and a limit of requests a second does too', async () => {
    const server = await started({ requestsPerSecond: 5 });
    const answers = await Promise.all(Array.from({ length: 10 }, async () => ask(server)));
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(5);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
  });

  it('that make no sense are refused', async () => {
    await expect(startSandbox({ faults: { rates: { error: 2 } } })).rejects.toThrow('from 0 to 1');
    await expect(startSandbox({ faults: { rates: { nonsense: 0.1 } as never } })).rejects.toThrow(
      'no fault "nonsense"',
    );
    await expect(startSandbox({ faults: { requestsPerSecond: 0 } })).rejects.toThrow('more than 0');
  });
});

describe('the controls', () => {
  const control = async (method: string, path: string, body?: unknown): Promise<Answered> =>
    callTo(sandbox.url, method, `/_sandbox/${path}`, body, { 'content-type': 'application/json' });

  it('switch faults on and off while it runs', async () => {
    const settings = { rates: { error: 1 }, seed: 3 };
    expect((await control('PUT', 'faults', settings)).body).toEqual({ settings, waiting: [] });
    expect((await call('GET', '/api/me')).status).toBe(503);
    await control('DELETE', 'faults');
    expect((await call('GET', '/api/me')).status).toBe(200);
    const fault = { method: 'GET', path: 'me$', status: 418, times: 1 };
    expect((await control('POST', 'faults', fault)).body['waiting']).toEqual([fault]);
    expect((await call('GET', '/api/connections')).status).toBe(200);
    expect((await call('GET', '/api/me')).status).toBe(418);
    expect((await control('GET', 'faults')).body['waiting']).toEqual([]);
  });

  it('change, remove and add objects as somebody else', async () => {
    const id = await connected();
    const edit = { collection: 'connections', id, change: { name: 'Theirs' } };
    expect((await control('POST', 'edit', edit)).status).toBe(200);
    expect(data(await call('GET', `/api/connections/${id}`))['name']).toBe('Theirs');
    expect((await control('POST', 'remove', { collection: 'connections', id })).status).toBe(200);
    expect((await control('POST', 'remove', { collection: 'connections', id })).status).toBe(404);
    await control('POST', 'seed', { resources: 100 });
    expect(
      (['connections', 'models', 'syncs'] as const).map((collection) => sandbox.list(collection).length),
    ).toEqual([2, 34, 64]);
  });

  it.each([
    ['PUT', 'faults', { rates: { nonsense: 1 } }, 400],
    ['PUT', 'faults', { latencyMs: 'slow' }, 422],
    ['PUT', 'faults', '{', 400],
    ['POST', 'faults', { path: '(' }, 400],
    ['POST', 'faults', { edit: { collection: 'no', id: 'x', change: {} } }, 400],
    ['POST', 'edit', { collection: 'connections', id: 'no', change: {} }, 400],
    ['POST', 'nothing', {}, 404],
  ])('refuse what makes no sense: %s %s %j', async (method, path, body, status) => {
    expect((await control(method, path, body)).status).toBe(status);
  });

  it('give the record of requests as JSON lines, and forget it', async () => {
    await call('GET', '/api/me?x=1');
    await call('POST', '/api/connections', mysql);
    const text = await (await fetch(`${sandbox.url}/_sandbox/requests`)).text();
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      { method: 'GET', path: '/api/me', query: { x: '1' }, status: 200 },
      { method: 'POST', path: '/api/connections', body: mysql, status: 201 },
    ]);
    await fetch(`${sandbox.url}/_sandbox/requests`, { method: 'DELETE' });
    expect(sandbox.requests).toEqual([]);
  });

  it('are closed to pages of other sites, under whatever name they call the sandbox', async () => {
    const status = async (headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        httpGet(`${sandbox.url}/_sandbox/requests`, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).on('error', reject);
      });
    expect(await status({ host: 'evil.example.com' })).toBe(403);
    expect(await status({ origin: 'https://evil.example.com' })).toBe(403);
    expect(await status({ origin: 'null' })).toBe(403);
    expect(await status({ host: `localhost:${sandbox.port}` })).toBe(200);
    expect(await status({ origin: sandbox.url })).toBe(200);
  });
});
