/** The client that Polytomic publishes, with what beside connections, models and syncs it can do. */
import type { Polytomic, PolytomicClient } from 'polytomic';
import { beforeEach, describe, expect, it } from 'vitest';
import { mysql, newSandboxes, sandbox, snowflake } from './harness.js';
import { clientOf, once, present } from './npm-client.js';

newSandboxes();

let client: PolytomicClient;

beforeEach(() => {
  client = clientOf(sandbox.apiKey);
});

const connection = async (body: Polytomic.CreateConnectionRequestSchema): Promise<string> =>
  present((await client.connections.create(body, once)).data?.id);

/** Asks until the schemas of a connection are there. */
const cached = async (id: string): Promise<void> => {
  for (;;) if ((await client.schemas.getStatus(id, once)).data?.cache_status === 'fresh') return;
};

describe('the official client', () => {
  it('takes a bulk sync through its life: schemas, schedules, runs', async () => {
    const from = await connection(mysql);
    const to = await connection(snowflake);
    expect(
      (await client.bulkSync.getSource(from, { include_fields: true }, once)).data?.schemas?.map(
        ({ id }) => id,
      ),
    ).toContain('company.customers');
    expect((await client.bulkSync.getDestination(to, once)).data?.modes?.map(({ id }) => id)).toEqual([
      'replicate',
      'snapshot',
    ]);
    const body: Polytomic.CreateBulkSyncRequest = {
      name: 'Copy',
      source_connection_id: from,
      destination_connection_id: to,
      destination_configuration: { schema: 'raw' },
      schedule: { frequency: 'daily', hour: '05', minute: '00' },
      schemas: ['company.customers', { id: 'company.teams', enabled: true, fields: ['name'] }],
    };
    await expect(client.bulkSync.create(body, once)).rejects.toMatchObject({ statusCode: 422 });
    await cached(from);
    const id = present((await client.bulkSync.create(body, once)).data?.id);
    expect((await client.bulkSync.get(id, {}, once)).data).toMatchObject({ schedule: { hour: '05' } });
    await client.bulkSync.update(id, { ...body, name: 'Copy of all', schemas: undefined as never }, once);
    expect((await client.bulkSync.list({}, once)).data).toMatchObject([{ id, name: 'Copy of all' }]);

    expect(
      (await client.bulkSync.schemas.list(id, {}, once)).data
        ?.filter(({ enabled }) => enabled)
        .map((schema) => schema.id),
    ).toEqual(['company.customers', 'company.teams']);
    await client.bulkSync.schemas.update(id, 'company.teams', { enabled: false }, once);
    expect((await client.bulkSync.schemas.get(id, 'company.teams', once)).data).toMatchObject({
      enabled: false,
    });
    await client.bulkSync.schemas.patch(id, { schemas: [{ id: 'company.accounts', enabled: true }] }, once);
    expect((await client.bulkSync.schedules.list(id, once)).data).toMatchObject([
      { isDefault: true, frequency: 'daily' },
    ]);
    await client.bulkSync.schedules.create(id, { schedule: { frequency: 'hourly', minute: '15' } }, once);
    expect((await client.bulkSync.schedules.list(id, once)).data).toHaveLength(2);

    await client.bulkSync.activate(id, { active: true }, once);
    const run = present((await client.bulkSync.start(id, {}, once)).data?.id);
    await expect(client.bulkSync.start(id, {}, once)).rejects.toMatchObject({ statusCode: 409 });
    await client.bulkSync.getStatus(id, once);
    expect((await client.bulkSync.executions.get(id, run, once)).data).toMatchObject({ status: 'running' });
    expect((await client.bulkSync.executions.listStatus({ sync_id: [id] }, once)).data).toMatchObject([
      { sync_id: id, status: 'running' },
    ]);
    expect((await client.bulkSync.executions.getLogs(id, run, once)).data).toHaveProperty('URLs');
    const job = present((await client.bulkSync.executions.exportLogs(id, run, {}, once)).job);
    await client.jobs.get(present(job.job_id), present(job.type), once);
    expect((await client.jobs.get(present(job.job_id), present(job.type), once)).data).toMatchObject({
      status: 'done',
      result: { url: expect.stringContaining(run) as string },
    });
    await client.bulkSync.executions.cancel(id, run, once);
    expect((await client.bulkSync.executions.list(id, { only_terminal: true }, once)).data).toMatchObject([
      { id: run, status: 'canceled' },
    ]);
    expect((await client.events.list({}, once)).data?.map(({ type }) => type)).toEqual([
      'bulk_sync.canceled',
      'bulk_sync.running',
    ]);
    expect((await client.events.getTypes(once)).data).toContain('sync.failed');
    await client.bulkSync.remove(id, {}, once);
    await expect(client.bulkSync.get(id, {}, once)).rejects.toMatchObject({ statusCode: 404 });
  });

  it('looks into the schemas of a connection, and adds to them', async () => {
    const id = await connection(mysql);
    await client.schemas.refresh(id, once);
    await cached(id);
    await client.schemas.setPrimaryKeys(
      id,
      'company.teams',
      { fields: [{ field_id: 'name', is_primary_key: true }] },
      once,
    );
    await client.schemas.upsertField(
      id,
      'company.teams',
      { fields: [{ field_id: 'size', label: 'Size', type: 'number' }] },
      once,
    );
    const { data } = await client.schemas.get(id, 'company.teams', once);
    expect(data?.fields?.map((field) => [field.id, field.is_primary_key])).toEqual([
      ['id', false],
      ['name', true],
      ['account_id', false],
      ['size', false],
    ]);
    expect((await client.schemas.getRecords(id, 'company.teams', once)).data?.[0]).toMatchObject({ id: 1 });
    await client.schemas.deleteField(id, 'company.teams', 'size', once);
    await client.schemas.resetPrimaryKeys(id, 'company.teams', once);
  });

  it('previews, samples and enriches models', async () => {
    const from = await connection(mysql);
    const enricher = await connection({ name: 'Apollo', type: 'apollo', configuration: { apikey: 'k' } });
    expect((await client.models.getEnrichmentSource(enricher, {}, once)).data?.items).toHaveProperty(
      'object',
    );
    expect((await client.models.post(enricher, {}, once)).data).toContainEqual(['email']);
    const body = { name: 'M', connection_id: from, configuration: { table: 'company.accounts' } };
    const { job } = await client.models.preview({ body }, once);
    expect(job).toMatchObject({ type: 'previewmodel', status: 'created' });
    const id = present((await client.models.create({ body }, once)).data?.id);
    expect((await client.models.sample(id, {}, once)).data?.records).toHaveLength(10);
    expect((await client.modelSync.getSource(from, {}, once)).data?.requires_one_of).toContain('table');
    expect((await client.modelSync.targets.list(from, once)).data?.map((target) => target.id)).toContain(
      'CUSTOMERS.CONTACTS',
    );
    expect((await client.modelSync.getScheduleOptions(once)).data?.schedule_options?.length).toBeGreaterThan(
      5,
    );
  });

  it('administers organizations as a partner', async () => {
    const partner = clientOf(sandbox.partnerKey);
    const other = present((await partner.organization.create({ name: 'Other' }, once)).data?.id);
    await expect(partner.organization.create({ name: 'Other' }, once)).rejects.toMatchObject({
      statusCode: 409,
    });
    await partner.organization.update(other, { name: 'Renamed' }, once);
    expect((await partner.organization.list(once)).data?.map(({ name }) => name)).toEqual([
      'Sandbox',
      'Renamed',
    ]);
    const user = present((await partner.users.create(other, { email: 'a@example.com' }, once)).data?.id);
    const key = present((await partner.users.createApiKey(other, user, {}, once)).data?.value);
    expect((await clientOf(key).identity.get(once)).data).toMatchObject({ organization_name: 'Renamed' });
    await partner.organization.remove(other, once);
    await expect(clientOf(key).identity.get(once)).rejects.toMatchObject({ statusCode: 401 });
  });
});
