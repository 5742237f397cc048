import { describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../src/sandbox/index.js';
import { call, connected, idOf, mysql, newSandboxes, old, sandbox } from './harness.js';

newSandboxes();

describe('the transport', () => {
  it('says which version answered, and refuses an unknown one', async () => {
    expect((await call('GET', '/api/me', undefined, old)).headers.get('x-polytomic-version')).toBe(
      '2022-12-12',
    );
    expect((await call('GET', '/api/me', undefined, { 'x-polytomic-version': '1999-01-01' })).status).toBe(
      400,
    );
  });

  it('updates by PATCH in old versions and by PUT in new ones', async () => {
    const id = await connected();
    expect((await call('PATCH', `/api/connections/${id}`, mysql, old)).status).toBe(200);
    expect((await call('PUT', `/api/connections/${id}`, mysql, old)).status).toBe(405);
    expect((await call('PATCH', `/api/connections/${id}`, mysql)).status).toBe(405);
    expect((await call('PUT', `/api/connections/${id}`, mysql)).status).toBe(200);
  });

  it('wants a key, on every path, and takes Basic for an organization', async () => {
    for (const path of ['/api/me', '/api/nothing'])
      expect(await call('GET', path, undefined, { authorization: 'Bearer no' })).toMatchObject({
        status: 401,
        body: { code: 401, error: 'invalid or missing API key', status: 'Unauthorized' },
      });
    const basic = Buffer.from(`${sandbox.organization.id}:${sandbox.apiKey}`).toString('base64');
    expect((await call('GET', '/api/me', undefined, { authorization: `Basic ${basic}` })).status).toBe(200);
  });

  it('knows no other path, and says so in its own shape', async () => {
    expect(await call('GET', '/api/nothing')).toMatchObject({
      status: 404,
      body: { key: 'not_found', status: 404, metadata: {} },
    });
    expect((await call('GET', `/api/connections/${await connected()}/source`)).status).toBe(404);
  });

  it('refuses bodies that are no JSON, no object or too large', async () => {
    expect((await call('POST', '/api/models', '{')).status).toBe(400);
    expect((await call('POST', '/api/models', '[]')).status).toBe(400);
    const small = await startSandbox({ maxBodyBytes: 100 });
    onTestFinished(small.close);
    const response = await fetch(`${small.url}/api/models`, {
      method: 'POST',
      headers: { authorization: `Bearer ${small.apiKey}` },
      body: 'x'.repeat(200),
    });
    expect(response.status).toBe(413);
    const large = await call('POST', '/api/models', JSON.stringify({ name: 'x'.repeat(10 * 1024 * 1024) }));
    expect(large).toMatchObject({ status: 413, body: { key: 'too_large' } });
    expect((await call('POST', '/api/models', `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`)).status).toBe(
      400,
    );
  });

  it('repeats the first answer for a repeated key, whatever it was', async () => {
    const key = { 'idempotency-key': 'abcdefgh-1' };
    const first = await call('POST', '/api/connections', mysql, key);
    expect(await call('POST', '/api/connections', mysql, key)).toMatchObject({
      status: first.status,
      body: first.body,
    });
    expect(sandbox.list('connections')).toHaveLength(1);
    const refused = await call('POST', '/api/connections', mysql, { 'idempotency-key': 'abcdefgh-2' });
    sandbox.remove('connections', idOf(first));
    expect(await call('POST', '/api/connections', mysql, { 'idempotency-key': 'abcdefgh-2' })).toMatchObject({
      status: refused.status,
      body: refused.body,
    });
    expect((await call('POST', '/api/connections', mysql, { 'idempotency-key': 'short' })).status).toBe(400);
  });

  it('fails on request', async () => {
    sandbox.failNext({ path: /me$/, status: 429, times: 2, headers: { 'retry-after': '7' } });
    const limited = await call('GET', '/api/me');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await call('GET', '/api/connections')).status).toBe(200);
    expect((await call('GET', '/api/me')).status).toBe(429);
    expect((await call('GET', '/api/me')).status).toBe(200);
    for (const drop of ['before', 'within'] as const) {
      sandbox.failNext({ drop });
      await expect(call('GET', '/api/me')).rejects.toThrow();
    }
    sandbox.failNext({ method: 'POST', status: 500, afterEffect: true });
    expect((await call('POST', '/api/connections', mysql)).status).toBe(500);
    expect(sandbox.list('connections')).toHaveLength(1);
  });

  it('remembers what was asked', async () => {
    await call('GET', '/api/connections?x=1');
    expect(sandbox.requests).toMatchObject([
      { method: 'GET', path: '/api/connections', query: { x: '1' }, status: 200 },
    ]);
    sandbox.clearRequests();
    expect(sandbox.requests).toEqual([]);
  });

  it('says when its port is taken', async () => {
    await expect(startSandbox({ port: sandbox.port })).rejects.toThrow('EADDRINUSE');
  });
});
