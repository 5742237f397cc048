import { describe, expect, it } from 'vitest';
import { call, connected, data, idOf, newSandboxes, partner } from './harness.js';

newSandboxes();

const where = '/api/organization/record-logging';
const bucket = { name: 'Logs', type: 's3', configuration: { s3_bucket_name: 'logs' } };

describe('record logging', () => {
  it('is off at first, and replaced as a whole', async () => {
    expect(data(await call('GET', where))).toEqual({ enabled: false });
    const id = idOf(await call('POST', '/api/connections', bucket));
    const sent = { enabled: true, deliveryConnectionId: id, deliveryPrefix: 'polytomic/' };
    expect(data(await call('PUT', where, sent))).toEqual({ ...sent, deliveryConnectionName: 'Logs' });
    expect(data(await call('GET', where))).toEqual({ ...sent, deliveryConnectionName: 'Logs' });
    expect(data(await call('PUT', where, { enabled: true, deliveryConnectionId: id }))).not.toHaveProperty(
      'deliveryPrefix',
    );
    expect(data(await call('PUT', where, { enabled: true, deliveryPrefix: null }))).toEqual({
      enabled: true,
    });
  });

  it('loses the name of a connection that is gone', async () => {
    const id = idOf(await call('POST', '/api/connections', bucket));
    await call('PUT', where, { enabled: true, deliveryConnectionId: id });
    expect((await call('DELETE', `/api/connections/${id}`)).status).toBe(204);
    expect(data(await call('GET', where))).toEqual({ enabled: true, deliveryConnectionId: id });
  });

  it('needs enabled, and a connection that stores files', async () => {
    expect((await call('PUT', where, {})).status).toBe(422);
    for (const id of [await connected(), 'none'])
      expect((await call('PUT', where, { enabled: true, deliveryConnectionId: id })).status).toBe(422);
    expect(data(await call('GET', where))).toEqual({ enabled: false });
  });

  it('is a setting of one organization', async () => {
    const other = idOf(await call('POST', '/api/organizations', { name: 'Other' }, partner));
    const users = `/api/organizations/${other}/users`;
    const user = idOf(await call('POST', users, { email: 'b@example.com' }, partner));
    const key = data(await call('POST', `${users}/${user}/keys`, undefined, partner))['value'];
    await call('PUT', where, { enabled: true });
    const theirs = await call('GET', where, undefined, { authorization: `Bearer ${key as string}` });
    expect(data(theirs)).toEqual({ enabled: false });
  });
});

describe('the credential of a caller', () => {
  it('is told in the current version alone', async () => {
    expect(data(await call('GET', '/api/me'))).toMatchObject({
      credential: { method: 'api_key', mode: 'user' },
    });
    expect(data(await call('GET', '/api/me', undefined, partner))).toMatchObject({
      credential: { method: 'api_key' },
    });
    const older = await call('GET', '/api/me', undefined, { 'x-polytomic-version': '2024-02-08' });
    expect(data(older)).not.toHaveProperty('credential');
  });
});
