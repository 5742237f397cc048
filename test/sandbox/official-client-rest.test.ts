/** The client that Polytomic publishes: what of its methods the other tests leave out, and that none is left out. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Polytomic, PolytomicClient } from 'polytomic';
import { beforeEach, describe, expect, it } from 'vitest';
import { mysql, newSandboxes, sandbox, snowflake } from './harness.js';
import { clientOf, once, present } from './npm-client.js';

newSandboxes();

let client: PolytomicClient;
let partner: PolytomicClient;

beforeEach(() => {
  client = clientOf(sandbox.apiKey);
  partner = clientOf(sandbox.partnerKey);
});

const connection = async (body: Polytomic.CreateConnectionRequestSchema): Promise<string> =>
  present((await client.connections.create(body, once)).data?.id);

describe('the official client', () => {
  it('connects, tests and shares', async () => {
    const id = await connection(mysql);
    const { configuration } = mysql;
    await client.connections.testConnection({ type: 'mysql', configuration }, once);
    await expect(
      client.connections.testConnection(
        { type: 'mysql', configuration: { ...configuration, passwd: 'wrong-password' } },
        once,
      ),
    ).rejects.toMatchObject({ statusCode: 422 });
    const card = { name: 'New', redirect_url: 'https://example.com', type: 'hubspot' };
    expect((await client.connections.connect(card, once)).data?.redirect_url).toContain(sandbox.url);
    expect((await client.connections.getParameterValues(id, once)).data).toHaveProperty('ssh');
    const values = await client.connections.getTypeParameterValues(
      'bigquery',
      { field: 'auth_method' },
      once,
    );
    expect(values.data).toHaveProperty('auth_method');
    const other = present((await partner.organization.create({ name: 'Other' }, once)).data?.id);
    expect((await partner.organization.get(other, once)).data).toMatchObject({ name: 'Other' });
    const shared = await client.connections.createSharedConnection(
      id,
      { child_organization_id: other },
      once,
    );
    expect((await client.connections.listSharedConnections(id, once)).data).toMatchObject([
      { id: present(shared.data?.id), parent_connection_id: id },
    ]);
  });

  it('runs queries', async () => {
    const id = await connection(mysql);
    const query = 'select email from company.customers';
    const task = present((await client.queryRunner.runQuery(id, { query }, once)).data?.id);
    expect((await client.queryRunner.getQuery(task, {}, once)).data).toMatchObject({ status: 'running' });
    const { data, links } = await client.queryRunner.getQuery(task, {}, once);
    expect(data).toMatchObject({ status: 'done', count: 42, fields: ['email'] });
    const page = present(new URL(present(links?.next)).searchParams.get('page'));
    expect((await client.queryRunner.getQuery(task, { page }, once)).links).toHaveProperty('previous');
  });

  it('follows the runs of a sync, and what they wrote', async () => {
    const from = await connection(mysql);
    const fields = await client.modelSync.getSourceFields(
      from,
      { params: { table: ['company.teams'] } },
      once,
    );
    expect(fields.data?.map(({ name }) => name)).toContain('account_id');
    const body = { name: 'M', connection_id: from, configuration: { table: 'company.customers' } };
    const model = present((await client.models.create({ body }, once)).data?.id);
    const to = await connection(snowflake);
    expect((await client.modelSync.targets.getCreateProperty(to, 'schema', once)).data).toMatchObject({
      enum: true,
    });
    const sync: Polytomic.CreateModelSyncRequest = {
      name: 'Sync',
      mode: 'replace',
      fields: [{ target: 'EMAIL', source: { model_id: model, field: 'email' } }],
      schedule: { frequency: 'manual' },
      target: { connection_id: to, object: 'CUSTOMERS.CONTACTS' },
    };
    const id = present((await client.modelSync.create(sync, once)).data?.id);
    await client.modelSync.update(id, { ...sync, name: 'Other' }, once);
    expect((await client.modelSync.get(id, once)).data).toMatchObject({ name: 'Other' });
    const run = present((await client.modelSync.start(id, {}, once)).data?.id);
    for (let look = 0; look < 3; look += 1) await client.modelSync.executions.get(id, run, once);
    expect((await client.modelSync.executions.list(id, {}, once)).data).toMatchObject([
      { id: run, status: 'completed', counts: { total: 42 } },
    ]);
    const logs = await client.modelSync.executions.getLogUrls(id, run, 'records', once);
    expect(logs.data?.urls).toHaveLength(1);
    // This client takes the lines of the file for an answer in JSON: it gets them, and gives up.
    await expect(
      client.modelSync.executions.getLogs(id, run, 'records', 'records.jsonl', once),
    ).rejects.toMatchObject({ statusCode: 200, body: expect.stringContaining(run) as string });
    await client.modelSync.start(id, {}, once);
    expect((await client.modelSync.cancel(id, once)).data).toHaveProperty('message');
  });

  it('cancels a bulk sync in parts and as a whole, and changes its schedules', async () => {
    const from = await connection(mysql);
    const to = await connection(snowflake);
    while ((await client.schemas.getStatus(from, once)).data?.cache_status !== 'fresh');
    const body: Polytomic.CreateBulkSyncRequest = {
      name: 'Copy',
      source_connection_id: from,
      destination_connection_id: to,
      destination_configuration: { schema: 'raw' },
      schedule: { frequency: 'daily', hour: '05', minute: '00' },
    };
    const id = present((await client.bulkSync.create(body, once)).data?.id);
    await client.bulkSync.start(id, {}, once);
    await client.bulkSync.schemas.cancel(id, 'company.teams', once);
    await client.bulkSync.cancel(id, once);
    expect((await client.bulkSync.getStatus(id, once)).data?.last_execution).toMatchObject({
      status: 'canceled',
    });
    await client.bulkSync.schedules.create(id, { schedule: { frequency: 'hourly', minute: '15' } }, once);
    // This version tells no ids of schedules.
    const [stored] = sandbox.list('bulkSyncs')[0]!['additional_schedules'] as unknown as readonly [
      { id: string },
    ];
    await client.bulkSync.schedules.update(id, stored.id, { schedule: { frequency: 'manual' } }, once);
    expect((await client.bulkSync.schedules.get(id, stored.id, once)).data).toMatchObject({
      frequency: 'manual',
    });
    await client.bulkSync.schedules.delete(id, stored.id, once);
    expect((await client.bulkSync.schedules.list(id, once)).data).toHaveLength(1);
  });

  it('takes users, webhooks, roles and policies through their lives', async () => {
    const own = sandbox.organization.id;
    const user = present((await client.users.create(own, { email: 'a@example.com' }, once)).data?.id);
    await client.users.update(user, own, { email: 'a@example.com', role: 'admin' }, once);
    expect((await client.users.get(user, own, once)).data).toMatchObject({ role: 'admin' });
    expect((await client.users.list(own, once)).data?.map(({ id }) => id)).toContain(user);
    await client.users.remove(user, own, once);
    await expect(client.users.get(user, own, once)).rejects.toMatchObject({ statusCode: 404 });

    const body = { endpoint: 'https://example.com', secret: 's' };
    const hook = present((await client.webhooks.create(body, once)).data?.id);
    await client.webhooks.update(hook, { ...body, endpoint: 'https://example.com/other' }, once);
    expect((await client.webhooks.enable(hook, once)).data).toMatchObject({ disabled: false });
    expect((await client.webhooks.get(hook, once)).data?.endpoint).toBe('https://example.com/other');
    await client.webhooks.remove(hook, once);
    expect((await client.webhooks.list(once)).data).toEqual([]);

    const name = 'Analysts';
    const role = present((await client.permissions.roles.create({ name }, once)).data?.id);
    await client.permissions.roles.update(role, { name: 'Others' }, once);
    expect((await client.permissions.roles.get(role, once)).data).toMatchObject({ name: 'Others' });
    const policy = present((await client.permissions.policies.create({ name }, once)).data?.id);
    const actions = [{ action: 'read', role_ids: [role] }];
    await client.permissions.policies.update(policy, { name, policy_actions: actions }, once);
    expect((await client.permissions.policies.get(policy, once)).data?.policy_actions).toContainEqual(
      actions[0],
    );
    await client.permissions.policies.remove(policy, once);
    await client.permissions.roles.remove(role, once);
    const left = [
      ...present((await client.permissions.policies.list(once)).data),
      ...present((await client.permissions.roles.list(once)).data),
    ];
    expect(left.every(({ system }) => system)).toBe(true);
  });
});

/** The methods of a client by name, those of its parts with their path. */
const methodsOf = (part: object, prefix = ''): readonly string[] =>
  Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(part) as object)).flatMap(
    ([name, descriptor]): readonly string[] => {
      if (name === 'constructor' || name.startsWith('_')) return [];
      const inner: unknown = descriptor.get?.call(part);
      if (typeof inner === 'object' && inner !== null) return methodsOf(inner, `${prefix}${name}.`);
      return typeof descriptor.value === 'function' ? [`${prefix}${name}`] : [];
    },
  );

it('every method of the official client is called by one of its tests', () => {
  const text = readdirSync(import.meta.dirname)
    .filter((file) => file.startsWith('official-client'))
    .map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8').replaceAll(/\s/g, ''))
    .join('');
  const methods = methodsOf(client);
  expect(methods.length).toBeGreaterThan(100);
  const isCalled = (name: string): boolean =>
    ['client', 'partner', 'clientOf(key)'].some((caller) => text.includes(`${caller}.${name}(`));
  expect(methods.filter((name) => !isCalled(name))).toEqual([]);
});
