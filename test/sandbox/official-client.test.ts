import type { PolytomicClient } from 'polytomic';
import { type Polytomic } from 'polytomic';
import { beforeEach, describe, expect, it } from 'vitest';
import { newSandboxes, sandbox } from './harness.js';
import { clientOf, once, present } from './npm-client.js';

newSandboxes();

/** The client that Polytomic publishes; its requests are those of version 2024-02-08. */
let client: PolytomicClient;

beforeEach(() => {
  client = clientOf(sandbox.apiKey);
});

const connection = async (name = 'Database'): Promise<string> =>
  present(
    (
      await client.connections.create(
        { name, type: 'postgresql', configuration: { hostname: 'h', password: 'open sesame' } },
        once,
      )
    ).data?.id,
  );

const model = async (connectionId: string): Promise<string> =>
  present(
    (
      await client.models.create(
        {
          body: {
            name: 'Customers',
            connection_id: connectionId,
            configuration: { table: 'company.customers' },
          },
        },
        once,
      )
    ).data?.id,
  );

describe('the official client', () => {
  it('knows who it is', async () => {
    expect((await client.identity.get(once)).data).toMatchObject({
      is_user: true,
      organization_id: sandbox.organization.id,
    });
  });

  it('takes a connection through its life', async () => {
    const id = await connection();
    const { data } = await client.connections.get(id, once);
    expect(data).toMatchObject({ name: 'Database', configuration: { hostname: 'h', password: '********' } });
    await client.connections.update(id, { name: 'Renamed', configuration: { hostname: 'i' } }, once);
    expect((await client.connections.list(once)).data).toMatchObject([
      { id, name: 'Renamed', configuration: { hostname: 'i' } },
    ]);
    await client.connections.remove(id, {}, once);
    await expect(client.connections.get(id, once)).rejects.toMatchObject({ statusCode: 404 });
  });

  it('reads connection types and their schemas', async () => {
    expect((await client.connections.getTypes(once)).data?.map(({ id }) => id)).toContain('snowflake');
    expect(await client.connections.getConnectionTypeSchema('snowflake', once)).toMatchObject({
      required: ['account', 'username'],
    });
  });

  it('is told what is wrong as errors of its own', async () => {
    await connection();
    await expect(connection()).rejects.toMatchObject({
      statusCode: 422,
      body: { message: 'a connection named "Database" exists already' },
    });
    const stranger = clientOf('wrong');
    await expect(stranger.identity.get(once)).rejects.toMatchObject({ statusCode: 401 });
  });

  it('takes a model through its life', async () => {
    const from = await connection();
    const id = await model(from);
    expect((await client.models.get(id, {}, once)).data?.fields?.map(({ name }) => name)).toContain('email');
    await client.models.update(
      id,
      {
        name: 'Teams',
        connection_id: from,
        configuration: { table: 'company.teams' },
      },
      once,
    );
    expect((await client.models.list(once)).data).toMatchObject([{ id, name: 'Teams', version: 2 }]);
    await client.models.remove(id, {}, once);
    expect((await client.models.list(once)).data).toEqual([]);
  });

  it('takes a sync through its life, its runs and its targets', async () => {
    const from = await connection();
    const source = await model(from);
    expect((await client.modelSync.targets.getTarget(from, { type: 'schema' }, once)).data).toMatchObject({
      requires_one_of: ['schema'],
    });
    expect(
      (
        await client.modelSync.targets.getTargetFields(from, { target: 'CUSTOMERS.CONTACTS' }, once)
      ).data?.fields?.map(({ id }) => id),
    ).toContain('EMAIL');
    const body = {
      name: 'Sync',
      mode: 'replace',
      fields: [{ target: 'EMAIL', source: { model_id: source, field: 'email' } }],
      schedule: { frequency: 'manual' },
      target: { connection_id: from, object: 'CUSTOMERS.CONTACTS' },
    } as unknown as Polytomic.CreateModelSyncRequest;
    const id = present((await client.modelSync.create(body, once)).data?.id);
    expect((await client.modelSync.list({}, once)).data).toMatchObject([
      { id, name: 'Sync', fields: [{ target: 'EMAIL' }] },
    ]);
    await client.modelSync.activate(id, { active: true }, once);
    expect((await client.modelSync.get(id, once)).data).toMatchObject({ active: true });
    const execution = present((await client.modelSync.start(id, {}, once)).data?.id);
    await expect(client.modelSync.start(id, {}, once)).rejects.toMatchObject({ statusCode: 409 });
    await client.modelSync.executions.update(id, execution, { status: 'canceled' } as never, once);
    expect((await client.modelSync.getStatus(id, once)).data?.last_execution).toMatchObject({
      id: execution,
      status: 'canceled',
    });
    await client.modelSync.remove(id, once);
    await expect(client.modelSync.get(id, once)).rejects.toMatchObject({ statusCode: 404 });
  });

  it('sets users, a webhook and permissions', async () => {
    const user = present(
      (await client.users.create(sandbox.organization.id, { email: 'A@example.com', role: 'Member' }, once))
        .data,
    );
    expect(user).toMatchObject({ email: 'a@example.com', role: 'member' });
    const hook = present(
      (await client.webhooks.create({ endpoint: 'https://example.com', secret: 's' }, once)).data?.id,
    );
    expect((await client.webhooks.disable(hook, once)).data).toMatchObject({ disabled: true });
    const role = present((await client.permissions.roles.create({ name: 'Analysts' }, once)).data?.id);
    const policy = await client.permissions.policies.create(
      { name: 'Read', policy_actions: [{ action: 'read', role_ids: [role] }] },
      once,
    );
    expect(policy.data?.policy_actions).toContainEqual({ action: 'read', role_ids: [role] });
    await client.notifications.setGlobalErrorSubscribers({ emails: ['a@example.com'] }, once);
    expect(await client.notifications.getGlobalErrorSubscribers(once)).toEqual({ emails: ['a@example.com'] });
  });
});
