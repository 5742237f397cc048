import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import {
  call,
  connected,
  data,
  idOf,
  listed,
  modeled,
  mysql,
  newSandboxes,
  sandbox,
  syncBody,
} from './harness.js';

newSandboxes();

describe('runs of syncs', () => {
  const synced = async (): Promise<string> =>
    idOf(await call('POST', '/api/syncs', syncBody(...(await modeled()))));

  it('go on while somebody looks, count their records, and end', async () => {
    const path = `/api/syncs/${await synced()}`;
    const started = data(await call('POST', `${path}/executions`, {}));
    expect(started).toMatchObject({ status: 'created' });
    expect((await call('POST', `${path}/executions`, {})).status).toBe(409);
    expect(data(await call('GET', `${path}/status`))).toMatchObject({
      current_execution: { id: started['id'], status: 'queued' },
      last_execution: null,
    });
    const execution = `${path}/executions/${started['id'] as string}`;
    expect(data(await call('GET', execution))).toMatchObject({
      status: 'running',
      counts: { total: 21, insert: 21 },
    });
    expect(data(await call('GET', execution))).toMatchObject({
      status: 'completed',
      counts: { total: 42, insert: 42 },
      errors: [],
    });
    expect(data(await call('GET', `${path}/status`))).toMatchObject({
      current_execution: null,
      last_execution: { status: 'completed' },
    });
    expect((await call('POST', `${path}/executions`, {})).status).toBe(200);
    expect(listed(await call('GET', `${path}/executions?only_completed=true`))).toHaveLength(1);
    expect(listed(await call('GET', `${path}/executions?ascending=true`))[0]).toMatchObject({
      id: started['id'],
    });
  });

  it('are cancelled alone, by their sync, and with a sync that is deleted', async () => {
    const id = await synced();
    const path = `/api/syncs/${id}`;
    const start = async (): Promise<string> => idOf(await call('POST', `${path}/executions`, {}));
    const statusOf = (execution: string): unknown =>
      sandbox.list('executions').find((each) => each.id === execution)?.['status'];
    const first = await start();
    expect((await call('POST', `${path}/executions/${first}/cancel`)).status).toBe(200);
    expect((await call('POST', `${path}/executions/${first}/cancel`)).status).toBe(400);
    const second = await start();
    expect(data(await call('POST', `${path}/cancel`))).toHaveProperty('message');
    const third = await start();
    await call('DELETE', path);
    expect([first, second, third].map(statusOf)).toEqual(['canceled', 'canceled', 'canceled']);
    expect((await call('GET', `${path}/status`)).status).toBe(404);
  });

  it('are switched on and off beside the sync itself', async () => {
    const id = await synced();
    expect(data(await call('POST', `/api/syncs/${id}/activate`, { active: true }))).toEqual({
      id,
      active: true,
    });
    expect(data(await call('GET', `/api/syncs/${id}`))).toMatchObject({ active: true });
    expect((await call('POST', `/api/syncs/${id}/activate`, {})).status).toBe(422);
  });

  it('have schedules to choose from', async () => {
    const { schedule_options: options } = data(await call('GET', '/api/syncs/schedules')) as {
      readonly schedule_options: readonly JsonObject[];
    };
    expect(options.map(({ frequency }) => frequency)).toContain('runafter');
  });
});

describe('credentials', () => {
  it('are tried over those of a stored connection, and nothing is kept', async () => {
    const id = await connected();
    expect(
      (
        await call('POST', '/api/connections/test', {
          type: 'mysql',
          configuration: { port: 1 },
          connection_id: id,
        })
      ).status,
    ).toBe(204);
    expect(
      (
        await call('POST', '/api/connections/test', {
          type: 'mysql',
          configuration: { password: 'wrong-password' },
          connection_id: id,
        })
      ).status,
    ).toBe(422);
    expect(
      (await call('POST', '/api/connections/test', { ...mysql, connection_id: randomUUID() })).status,
    ).toBe(404);
    expect(sandbox.list('connections')).toMatchObject([{ configuration: mysql.configuration }]);
  });
});

describe('what an administrator sets', () => {
  it('users have addresses and roles in lower case, each address once', async () => {
    const created = await call('POST', '/api/organization/users', {
      email: 'New@Example.com',
      role: 'Admin',
    });
    expect(data(created)).toMatchObject({ email: 'new@example.com', role: 'admin' });
    expect((await call('POST', '/api/organization/users', { email: 'new@example.com' })).status).toBe(422);
    expect(
      (
        await call('POST', '/api/organization/users', {
          email: 'a@b.c',
          role: 'admin',
          role_ids: [randomUUID()],
        })
      ).status,
    ).toBe(422);
    const path = `/api/organizations/${sandbox.organization.id}/users/${idOf(created)}`;
    expect(data(await call('PUT', path, { email: 'other@example.com', role: 'member' }))).toMatchObject({
      email: 'new@example.com',
      role: 'member',
    });
    expect(data(await call('DELETE', path))).toMatchObject({ email: 'new@example.com' });
    expect((await call('GET', `/api/organizations/${randomUUID()}/users`)).status).toBe(404);
  });

  it('roles and policies of the system cannot be changed', async () => {
    for (const path of ['/api/permissions/roles', '/api/permissions/policies']) {
      const system = listed(await call('GET', path)).find((each) => each['system'] === true);
      expect((await call('PUT', `${path}/${system?.['id'] as string}`, { name: 'x' })).status).toBe(403);
      expect((await call('DELETE', `${path}/${system?.['id'] as string}`)).status).toBe(403);
    }
  });

  it('a policy comes back with actions that were not sent, and takes roles that exist', async () => {
    const role = idOf(await call('POST', '/api/permissions/roles', { name: 'Analysts' }));
    const body = { name: 'P', policy_actions: [{ action: 'read', role_ids: [role] }] };
    const created = await call('POST', '/api/permissions/policies', body);
    const granted = data(created)['policy_actions'] as unknown as readonly JsonObject[];
    expect(granted).toContainEqual({ action: 'read', role_ids: [role] });
    expect(granted).toContainEqual({ action: 'delete', role_ids: [] });
    expect(
      data(await call('PUT', `/api/permissions/policies/${idOf(created)}`, { name: 'Q' })),
    ).not.toMatchObject({ policy_actions: granted });
    expect(
      (
        await call('POST', '/api/permissions/policies', {
          ...body,
          policy_actions: [{ action: 'read', role_ids: [randomUUID()] }],
        })
      ).status,
    ).toBe(404);
  });

  it('an organization has one webhook, whose secret is not shown', async () => {
    const body = { endpoint: 'https://example.com/hook', secret: 'open sesame' };
    const created = await call('POST', '/api/webhooks', body);
    expect(JSON.stringify(created.body)).not.toContain('sesame');
    expect((await call('POST', '/api/webhooks', body)).status).toBe(422);
    const path = `/api/webhooks/${idOf(created)}`;
    expect(data(await call('POST', `${path}/disable`))).toMatchObject({ disabled: true });
    expect(data(await call('PUT', path, { ...body, endpoint: 'https://example.com/other' }))).toMatchObject({
      disabled: true,
      endpoint: 'https://example.com/other',
    });
    expect(data(await call('POST', `${path}/enable`))).toMatchObject({ disabled: false });
    expect((await call('PUT', path, { endpoint: body.endpoint })).status).toBe(422);
    expect((await call('DELETE', path)).status).toBe(204);
  });

  it('subscribers are replaced as a whole, outside of any envelope', async () => {
    const path = '/api/notifications/global-error-subscribers';
    expect((await call('GET', path)).body).toEqual({ emails: null });
    expect((await call('PUT', path, { emails: ['A@b.c'] })).body).toEqual({ emails: ['a@b.c'] });
    expect((await call('PUT', path, { emails: ['nobody'] })).status).toBe(422);
    expect((await call('GET', path)).body).toEqual({ emails: ['a@b.c'] });
  });

  it('the organization is the key’s own', async () => {
    expect(data(await call('GET', '/api/organization'))).toEqual(sandbox.organization);
  });
});
