/** What a client trips over. Each test is named by the fact that it holds the sandbox to. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import {
  bulkBody,
  cached,
  call,
  connected,
  data,
  idOf,
  modeled,
  mysql,
  newSandboxes,
  sandbox,
  snowflake,
  syncBody,
} from './harness.js';

newSandboxes();

const in2022 = { 'x-polytomic-version': '2022-12-12' };
const in2023 = { 'x-polytomic-version': '2023-04-25' };
const in2024 = { 'x-polytomic-version': '2024-02-08' };

const names = (list: unknown, key = 'name'): readonly unknown[] =>
  (list as readonly JsonObject[]).map((each) => each[key]);

describe('versions', () => {
  it('every response names the version that answered; without the header it is the oldest', async () => {
    for (const version of ['2022-12-12', '2023-04-25', '2024-02-08', '2025-09-18'])
      expect(
        (await call('GET', '/api/me', undefined, { 'x-polytomic-version': version })).headers.get(
          'x-polytomic-version',
        ),
      ).toBe(version);
    const response = await fetch(`${sandbox.url}/api/me`, {
      headers: { authorization: `Bearer ${sandbox.apiKey}` },
    });
    expect(response.headers.get('x-polytomic-version')).toBe('2022-12-12');
    expect((await call('GET', '/api/me', undefined, { 'x-polytomic-version': '1999-01-01' })).status).toBe(
      400,
    );
  });

  it('an update is PATCH until 2023-04-25, and PUT since 2024-02-08', async () => {
    const path = `/api/connections/${await connected()}`;
    const statuses = await Promise.all(
      [in2022, in2023, in2024, {}].map(async (version) => [
        (await call('PATCH', path, mysql, version)).status,
        (await call('PUT', path, mysql, version)).status,
      ]),
    );
    expect(statuses).toEqual([
      [200, 405],
      [200, 405],
      [405, 200],
      [405, 200],
    ]);
  });

  it('source and target are enumerated at /source and /target, and below /modelsync since 2024-02-08', async () => {
    const path = `/api/connections/${await connected()}`;
    const served = async (where: string): Promise<readonly boolean[]> =>
      Promise.all(
        [in2022, in2023, in2024, {}].map(
          async (version) => (await call('GET', `${path}/${where}`, undefined, version)).status === 200,
        ),
      );
    expect(await served('source')).toEqual([true, true, false, false]);
    expect(await served('target')).toEqual([true, true, false, false]);
    expect(await served('modelsync/source')).toEqual([false, false, true, true]);
    expect(await served('modelsync/target')).toEqual([false, false, true, false]);
    expect(await served('modelsync/targetobjects')).toEqual([false, false, true, true]);
  });

  it('a bulk sync has schedule until 2024-02-08, and default_schedule with additional ones since', async () => {
    const source = await connected();
    const target = idOf(await call('POST', '/api/connections', snowflake));
    await cached(source);
    const { default_schedule: schedule, ...body } = bulkBody(source, target);
    const old = await call('POST', '/api/bulk/syncs', { ...body, schedule: schedule! }, in2024);
    expect(data(old)).toMatchObject({ schedule: { frequency: 'daily', hour: '05' }, discover: false });
    expect(data(old)).not.toHaveProperty('default_schedule');
    const path = `/api/bulk/syncs/${idOf(old)}`;
    expect(data(await call('GET', path))).toMatchObject({
      default_schedule: { frequency: 'daily', hour: '05', id: expect.any(String) as string },
      additional_schedules: [],
    });
    expect((await call('POST', '/api/bulk/syncs', { ...body, schedule: schedule! })).status).toBe(422);
    const multi = {
      frequency: 'multi',
      multi: { schedules: [{ schedule: { frequency: 'hourly', minute: '3' } }] },
    };
    const first = await call('PUT', path, { ...body, schedule: multi }, in2024);
    expect(data(first)).toMatchObject({ schedule: { frequency: 'hourly', minute: '3' } });
    expect((await call('POST', `${path}/executions`, { resync: true }, in2024)).status).toBe(200);
    await call('POST', `${path}/cancel`);
    expect((await call('POST', `${path}/executions`, { resync: true })).status).toBe(400);
  });

  it('an execution is cancelled by PUT of its status before 2025-09-18', async () => {
    const sync = `/api/syncs/${idOf(await call('POST', '/api/syncs', syncBody(...(await modeled()))))}`;
    const run = `${sync}/executions/${idOf(await call('POST', `${sync}/executions`, {}))}`;
    expect((await call('PUT', run, { status: 'canceled' })).status).toBe(405);
    expect((await call('PUT', run, { status: 'completed' }, in2024)).status).toBe(422);
    expect(data(await call('PUT', run, { status: 'canceled' }, in2024))).toMatchObject({
      status: 'canceled',
    });
  });
});

describe('writes', () => {
  it('an update of a model or a sync is a full replacement: what is left out is reset to its default', async () => {
    const [connection, model] = await modeled();
    const whole = {
      ...syncBody(connection, model),
      active: true,
      sync_all_records: true,
      filters: [{ field: { model_id: model, field: 'email' }, function: 'IsNotNull' }],
      filter_logic: 'A',
      policies: [randomUUID()],
    };
    const sync = `/api/syncs/${idOf(await call('POST', '/api/syncs', whole))}`;
    const replaced = data(await call('PUT', sync, syncBody(connection, model)));
    expect(replaced).toMatchObject({ active: false, sync_all_records: false, filters: [], policies: null });
    expect(replaced).not.toHaveProperty('filter_logic');
    const body = {
      name: 'Customers',
      connection_id: connection,
      configuration: { table: 'company.customers' },
    };
    await call('PUT', `/api/models/${model}`, {
      ...body,
      identifier: 'id',
      labels: ['a'],
      fields: ['email'],
    });
    const reset = data(await call('PUT', `/api/models/${model}`, body));
    expect(reset).toMatchObject({ identifier: '', labels: null });
    expect(reset['fields']).toHaveLength(7);
  });

  it('a null clears as what is left out does', async () => {
    const [connection, model] = await modeled();
    const body = {
      ...syncBody(connection, model),
      policies: null,
      filters: null,
      identity: null,
      active: null,
    };
    const created = await call('POST', '/api/syncs', body);
    expect(created.status).toBe(201);
    expect(data(created)).toMatchObject({ filters: [], active: false });
  });

  it('what only the server makes is not taken from a body', async () => {
    const created = await call('POST', '/api/connections', {
      ...mysql,
      id: randomUUID(),
      organization_id: sandbox.organization.id,
      status: 'broken',
      created_at: '1999-01-01T00:00:00Z',
    });
    const read = data(await call('GET', `/api/connections/${idOf(created)}`));
    expect(read).toMatchObject({ status: 'healthy', saved: true });
    expect(read['created_at']).not.toContain('1999');
    const s3 = { name: 'S3', type: 's3', configuration: { s3_bucket_name: 'b', external_id: 'mine' } };
    expect(data(await call('POST', '/api/connections', s3))['configuration']).toMatchObject({
      external_id: 'sandbox-external-id',
      csv_has_headers: true,
    });
  });

  it('updated_at and updated_by move with each change, created_at and created_by do not', async () => {
    const id = await connected();
    const before = data(await call('GET', `/api/connections/${id}`));
    sandbox.edit('connections', id, { name: 'Renamed by hand' });
    const after = data(await call('GET', `/api/connections/${id}`));
    expect(after).toMatchObject({
      created_at: before['created_at'],
      created_by: { name: 'you@example.com' },
      updated_by: { name: 'somebody@example.com', type: 'user' },
    });
    expect(Date.parse(after['updated_at'] as string)).toBeGreaterThan(
      Date.parse(before['updated_at'] as string),
    );
  });

  it('lists come in another order than they were written', async () => {
    const [connection, model] = await modeled();
    const fields = ['email', 'first_name', 'last_name'].map((field) => ({
      source: { model_id: model, field },
      target: field.toUpperCase(),
    }));
    const path = `/api/syncs/${idOf(await call('POST', '/api/syncs', { ...syncBody(connection, model), fields }))}`;
    const orders = new Set<string>();
    for (let time = 0; time < 6; time += 1)
      orders.add(names(data(await call('GET', path))['fields'], 'target').join());
    expect(orders.size).toBeGreaterThan(1);
  });

  it('labels of filters are letters by position, past Z too, whatever was sent', async () => {
    const [connection, model] = await modeled();
    const filter = { field: { model_id: model, field: 'email' }, function: 'IsNotNull', label: 'mine' };
    const body = { ...syncBody(connection, model), filters: Array.from({ length: 28 }, () => filter) };
    const labels = names(data(await call('POST', '/api/syncs', body))['filters'], 'label');
    expect([...labels].sort().filter((label) => String(label).length > 1)).toEqual(['AA', 'AB']);
    expect(labels).not.toContain('mine');
  });

  it('a value of any JSON type comes back as it was', async () => {
    const [connection, model] = await modeled();
    for (const value of ['text', 5, true, ['a'], { from: 1, to: 2 }]) {
      const filter = { field: { model_id: model, field: 'email' }, function: 'Between', value };
      const created = data(
        await call('POST', '/api/syncs', { ...syncBody(connection, model), filters: [filter] }),
      );
      expect((created['filters'] as unknown as readonly JsonObject[])[0]?.['value']).toEqual(value);
    }
  });

  it('a target that is to be created turns into the object, and create is never shown', async () => {
    const [connection, model] = await modeled();
    const at = async (target: JsonObject): Promise<unknown> =>
      data(
        await call('POST', '/api/syncs', {
          ...syncBody(connection, model),
          target: { connection_id: connection, ...target },
        }),
      )['target'];
    expect(await at({ create: { schema: 'CUSTOMERS', name: 'FRESH' } })).toMatchObject({ object: 'FRESH' });
    expect(await at({ new_name: 'NAMED' })).toMatchObject({ object: 'NAMED' });
    const shown = await at({ create: { schema: 'A', table: 'B' } });
    expect(shown).toMatchObject({ object: 'A.B' });
    expect(shown).not.toHaveProperty('create');
    expect(
      (
        await call('POST', '/api/syncs', {
          ...syncBody(connection, model),
          target: { connection_id: connection },
        })
      ).status,
    ).toBe(422);
  });

  it('a mask within a nested configuration keeps what it stands for', async () => {
    const body = {
      name: 'Hook',
      type: 'webhook',
      configuration: { url: 'https://example.com', oauth: { client_secret: 'deep' } },
    };
    const created = await call('POST', '/api/connections', body);
    const { configuration } = data(created);
    expect(configuration).toMatchObject({ oauth: { client_secret: '********' } });
    await call('PUT', `/api/connections/${idOf(created)}`, { name: 'Hook', configuration });
    expect(sandbox.list('connections')[0]?.['configuration']).toMatchObject({
      oauth: { client_secret: 'deep' },
    });
  });

  it('a configuration is held to the schema of its type', async () => {
    const refused = await call('POST', '/api/connections', {
      ...mysql,
      configuration: { hostname: 'h', port: 'five' },
    });
    expect(refused).toMatchObject({ status: 422, body: { message: 'configuration.port must be integer' } });
    expect(await call('POST', '/api/connections', { ...mysql, configuration: {} })).toMatchObject({
      status: 422,
      body: { message: 'configuration is missing hostname' },
    });
  });
});

describe('models', () => {
  it('a preview is always a job, and keeps nothing', async () => {
    const body = {
      name: 'P',
      connection_id: await connected(),
      configuration: { query: 'select a, b from t' },
    };
    const { job_id: job } = (await call('POST', '/api/model-preview', body)).body['job'] as {
      readonly job_id: string;
    };
    await call('GET', `/api/jobs/previewmodel/${job}`);
    const done = data(await call('GET', `/api/jobs/previewmodel/${job}`));
    expect(done['status']).toBe('done');
    expect(names((done['result'] as JsonObject)['fields']).toSorted()).toEqual(['a', 'b']);
    expect(sandbox.list('models')).toEqual([]);
  });

  it('a sample holds records by the id of the model, with the fields that it keeps', async () => {
    const body = {
      name: 'M',
      connection_id: await connected(),
      configuration: { table: 'company.accounts' },
      fields: ['id', 'plan'],
    };
    const model = idOf(await call('POST', '/api/models', body));
    const { records } = data(await call('GET', `/api/models/${model}/sample`));
    expect((records as unknown as readonly JsonObject[])[0]).toEqual({ [model]: { id: 1, plan: 'team' } });
  });

  it('an enricher gets an id, keeps it over updates, and shows the fields that it adds', async () => {
    const apollo = { name: 'Apollo', type: 'apollo', configuration: { apikey: 'k' } };
    const enrichment = idOf(await call('POST', '/api/connections', apollo));
    const connection = await connected();
    const body = {
      name: 'M',
      connection_id: connection,
      configuration: { table: 'company.accounts' },
      enricher: { connection_id: enrichment, configuration: { object: 'companies' } },
    };
    const created = data(await call('POST', '/api/models', body));
    const { enricher_id: id, fields } = created['enricher'] as JsonObject;
    expect(names(fields).toSorted()).toEqual(['employees', 'industry']);
    const updated = data(
      await call('PUT', `/api/models/${created['id'] as string}`, {
        ...body,
        name: 'N',
        enricher: { ...body.enricher, enricher_id: id! },
      }),
    );
    expect(updated['enricher']).toMatchObject({ enricher_id: id });
    expect(
      (await call('POST', '/api/models', { ...body, enricher: { connection_id: connection } })).status,
    ).toBe(422);
    expect((await call('DELETE', `/api/connections/${enrichment}`)).status).toBe(422);
  });

  it('of a database with collections are found level by level', async () => {
    const mongo = { name: 'Mongo', type: 'mongodb', configuration: { hosts: 'h' } };
    const id = idOf(await call('POST', '/api/connections', mongo));
    const path = `/api/connections/${id}/modelsync/source`;
    expect(data(await call('GET', path))).toMatchObject({
      items: { database: { items: ['shop', 'support'], requires_one_of: ['collection'] } },
      requires_one_of: ['database'],
    });
    const drilled = {
      items: { collection: { items: ['orders', 'visits'] } },
      requires_one_of: ['collection'],
    };
    expect(data(await call('GET', `${path}?params={"database":["shop"]}`))).toMatchObject(drilled);
    expect(data(await call('GET', `${path}?params[database]=shop`))).toMatchObject(drilled);
    expect(data(await call('GET', `${path}?database=shop`))).toMatchObject(drilled);
    expect((await call('GET', `${path}?params=nonsense`)).status).toBe(400);
    const configuration = { database: 'shop', collection: 'orders' };
    const model = data(await call('POST', '/api/models', { name: 'M', connection_id: id, configuration }));
    expect(names(model['fields'])).toContain('placed_at');
  });

  it('need a source, and syncs a destination', async () => {
    const hook = { name: 'Hook', type: 'webhook', configuration: { url: 'https://example.com' } };
    const webhook = idOf(await call('POST', '/api/connections', hook));
    const csv = { name: 'CSV', type: 'csv', configuration: { url: 'https://example.com/a.csv' } };
    const file = idOf(await call('POST', '/api/connections', csv));
    const [, model] = await modeled();
    const body = { name: 'M', connection_id: webhook, configuration: {} };
    expect((await call('POST', '/api/models', body)).status).toBe(422);
    expect((await call('POST', '/api/models', { ...body, connection_id: file })).status).toBe(201);
    expect((await call('POST', '/api/syncs', syncBody(file, model))).status).toBe(422);
  });
});

describe('targets', () => {
  it('say what a mode needs, what a field allows, and how records are matched', async () => {
    const crm = { name: 'CRM', type: 'salesforce', configuration: { oauth_refresh_token: 't' } };
    const id = idOf(await call('POST', '/api/connections', crm));
    const path = `/api/connections/${id}/modelsync`;
    const contact = data(await call('GET', `${path}/target/fields?target=Contact`));
    expect(contact['modes']).toContainEqual(
      expect.objectContaining({ mode: 'update', requires_identity: true, supports_target_filters: true }),
    );
    expect(contact['properties']).toMatchObject({ supports_field_creation: false });
    const fields = contact['fields'] as unknown as readonly JsonObject[];
    const field = (name: string): JsonObject | undefined => fields.find((each) => each['id'] === name);
    expect(field('LastName')).toMatchObject({ required: true, createable: true });
    expect(field('CreatedDate')).toMatchObject({ createable: false, updateable: false });
    expect(field('Email')).toMatchObject({
      supports_identity: true,
      identity_functions: [{ id: 'Equality' }, { id: 'DomainMatch' }],
    });
    expect((await call('GET', `${path}/target/fields?target=Nothing`)).status).toBe(404);
    expect((await call('GET', `${path}/targetobjects/properties/schema`)).status).toBe(404);
    expect((await call('GET', `${path}/targetobjects`)).body['target_creation']).toMatchObject({
      supported: false,
    });
  });
});
