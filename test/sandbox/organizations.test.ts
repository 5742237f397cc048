/** What a client trips over. Each test is named by the fact that it holds the sandbox to. */
import { describe, expect, it } from 'vitest';
import { choices } from '../../src/sandbox/choices.js';
import { call, connected, data, idOf, listed, mysql, newSandboxes, partner, sandbox } from './harness.js';

newSandboxes();

const in2024 = { 'x-polytomic-version': '2024-02-08' };

describe('OAuth connections', () => {
  it('stay unauthorized until the page of the sandbox is visited', async () => {
    const body = {
      name: 'CRM',
      type: 'salesforce',
      configuration: { domain: 'example.my.salesforce.com' },
      redirect_url: 'https://example.com/done',
    };
    const created = data(await call('POST', '/api/connections', body));
    expect(created).toMatchObject({
      saved: false,
      status: 'unauthorized',
      auth_code: expect.any(String) as string,
    });
    const path = `/api/connections/${created['id'] as string}`;
    expect(data(await call('GET', path))).toMatchObject({ saved: false });
    const page = await (await fetch(created['auth_url'] as string)).text();
    expect(page).toContain('is authorized');
    expect(page).toContain('href="https://example.com/done"');
    expect(data(await call('GET', path))).toMatchObject({
      saved: true,
      status: 'healthy',
      configuration: { username: 'integration@example.com', oauth_token_expiry: choices.tokenExpiry },
    });
    expect(data(await call('PUT', path, body))).not.toHaveProperty('auth_url');
    expect(data(await call('PUT', path, { ...body, reconnect: true }))).toHaveProperty('auth_url');
  });

  it('are made by a link of Connect, that is good for once', async () => {
    const body = { name: 'Hub', redirect_url: 'https://example.com/back', whitelist: ['hubspot'] };
    const { redirect_url: link } = data(await call('POST', '/api/connections/connect/', body));
    expect(sandbox.list('connections')).toEqual([]);
    expect(await (await fetch(link as string)).text()).toContain('is ready');
    expect(sandbox.list('connections')).toMatchObject([{ name: 'Hub', type: 'hubspot', authorized: true }]);
    expect((await fetch(link as string)).status).toBe(404);
    expect((await call('POST', '/api/connections/connect/', body)).status).toBe(422);
  });
});

describe('organizations', () => {
  it('see nothing of each other', async () => {
    const other = idOf(await call('POST', '/api/organizations', { name: 'Other' }, partner));
    const users = `/api/organizations/${other}/users`;
    const user = idOf(await call('POST', users, { email: 'B@Example.com' }, partner));
    const keys = `${users}/${user}/keys`;
    const { value } = data(await call('POST', keys, undefined, partner));
    const theirs = { authorization: `Bearer ${value as string}` };
    expect(data(await call('GET', '/api/me', undefined, theirs))).toMatchObject({
      is_user: true,
      email: 'b@example.com',
      organization_name: 'Other',
    });
    const own = await connected();
    expect(listed(await call('GET', '/api/connections', undefined, theirs))).toEqual([]);
    expect((await call('GET', `/api/connections/${own}`, undefined, theirs)).status).toBe(404);
    expect((await call('POST', '/api/connections', mysql, theirs)).status).toBe(201);
    expect((await call('GET', `/api/organizations/${other}`)).status).toBe(404);
    expect((await call('GET', users)).status).toBe(404);
    expect((await call('POST', keys, undefined, partner)).status).toBe(403);
    expect((await call('POST', `${keys}?force=true`, undefined, partner)).status).toBe(201);
    expect((await call('GET', '/api/me', undefined, theirs)).status).toBe(401);
  });

  it('are administered with the key of a partner alone', async () => {
    expect((await call('POST', '/api/organizations', { name: 'X' })).status).toBe(403);
    expect((await call('GET', '/api/connections', undefined, partner)).status).toBe(403);
    expect(data(await call('GET', '/api/me', undefined, partner))).toEqual({
      credential: { method: 'api_key' },
      is_partner: true,
      is_user: false,
      is_organization: false,
      is_system: false,
    });
    const { id } = sandbox.organization;
    const named = { ...mysql, organization_id: id };
    expect((await call('POST', '/api/connections', named, partner)).status).toBe(201);
    const basic = { authorization: `Basic ${Buffer.from(`${id}:sandbox-partner-key`).toString('base64')}` };
    expect(listed(await call('GET', '/api/connections', undefined, basic))).toHaveLength(1);
    expect((await call('POST', '/api/organizations', { name: 'Sandbox' }, partner)).status).toBe(409);
    expect((await call('DELETE', `/api/organizations/${id}`, undefined, partner)).status).toBe(403);
    const nowhere = {
      authorization: `Basic ${Buffer.from('nowhere:sandbox-partner-key').toString('base64')}`,
    };
    expect((await call('GET', '/api/connections', undefined, nowhere)).status).toBe(404);
  });

  it('share connections, which know their parent', async () => {
    const other = idOf(await call('POST', '/api/organizations', { name: 'Child' }, partner));
    const parent = await connected();
    const shared = await call(
      'POST',
      `/api/connections/${parent}/share`,
      { child_organization_id: other },
      in2024,
    );
    const basic = {
      authorization: `Basic ${Buffer.from(`${other}:sandbox-partner-key`).toString('base64')}`,
    };
    expect(data(await call('GET', `/api/connections/${idOf(shared)}`, undefined, basic))).toMatchObject({
      name: 'MySQL Connection',
      parent_connection_id: parent,
      configuration: { password: '********' },
    });
    expect(listed(await call('GET', `/api/connections/${parent}/shared`))).toHaveLength(1);
  });
});
