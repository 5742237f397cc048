import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import {
  call,
  connected,
  data,
  idOf,
  level,
  listed,
  modeled,
  mysql,
  newSandboxes,
  old,
  sandbox,
  snowflake,
  syncBody,
} from './harness.js';

newSandboxes();

describe('the quickstart by hand', () => {
  it('is answered as it says', async () => {
    expect(data(await call('GET', '/api/me', undefined, old))).toMatchObject({
      is_user: true,
      organization_name: 'Sandbox',
    });
    const source = idOf(await call('POST', '/api/connections', mysql, old));
    expect(data(await call('GET', `/api/connections/${source}/source`, undefined, old))).toEqual({
      items: {
        project_id: level(null),
        query: level(null),
        table: level(['company.accounts', 'company.customers', 'company.teams']),
        tracking_columns: level(null),
        view: level(null),
      },
      requires_one_of: ['query', 'table', 'view'],
    });
    const model = idOf(
      await call(
        'POST',
        '/api/models',
        { name: 'Customer Model', configuration: { table: 'company.customers' }, connection_id: source },
        old,
      ),
    );
    const target = idOf(await call('POST', '/api/connections', snowflake, old));
    const path = `/api/connections/${target}/target`;
    expect(data(await call('GET', path, undefined, old))).toEqual({
      items: { schema: level(null, ['table', 'view']), table: level(null), view: level(null) },
      requires_one_of: ['schema'],
    });
    expect(data(await call('GET', `${path}?type=schema`, undefined, old))).toEqual({
      items: { schema: level(['__pt_new_schema', 'CUSTOMERS', 'TEAMS'], ['table']), table: level(null) },
      requires_one_of: ['schema'],
    });
    expect(data(await call('GET', `${path}?type=table&search=CUSTOMERS`, undefined, old))).toEqual({
      items: {
        schema: level(null, ['table']),
        table: level(['__pt_new_target', 'CUSTOMERS.COMPANIES', 'CUSTOMERS.CONTACTS']),
      },
      requires_one_of: ['schema'],
    });
    const fields = data(await call('POST', `${path}/fields`, { target: 'CUSTOMERS.CONTACTS' }, old));
    expect(fields).toMatchObject({
      id: 'CUSTOMERS.CONTACTS',
      properties: { supports_field_creation: true },
      refreshed_at: '0001-01-01T00:00:00Z',
    });
    expect(
      (fields['modes'] as unknown as readonly JsonObject[]).map(({ mode, requires_identity: identity }) => [
        mode,
        identity,
      ]),
    ).toEqual([
      ['create', true],
      ['update', true],
      ['updateOrCreate', true],
      ['replace', false],
      ['append', false],
    ]);
    expect((fields['fields'] as unknown as readonly JsonObject[]).map(({ id }) => id)).toEqual([
      'EMAIL',
      'FIRST_NAME',
      'LAST_NAME',
    ]);
    const created = await call('POST', '/api/syncs', { ...syncBody(target, model), mode: 'replace' }, old);
    expect(created.status).toBe(201);
    expect(data(created)).toMatchObject({
      model_ids: [model],
      target: { object: 'CUSTOMERS.CONTACTS' },
      active: false,
    });
  });
});

describe('connections', () => {
  it('mask every secret, whatever it is called, and say so in every answer', async () => {
    const created = await call('POST', '/api/connections', {
      ...mysql,
      configuration: { ...mysql.configuration, passwd: 'other' },
    });
    const masked = { password: '********', passwd: '********', hostname: 'localhost', ssl: false };
    expect(data(created)['configuration']).toMatchObject(masked);
    expect(data(await call('GET', `/api/connections/${idOf(created)}`))['configuration']).toMatchObject(
      masked,
    );
    expect(listed(await call('GET', '/api/connections'))[0]?.['configuration']).toMatchObject(masked);
  });

  it('never store a mask: it keeps the secret, and a create with one is refused', async () => {
    const id = await connected();
    await call('PUT', `/api/connections/${id}`, {
      ...mysql,
      configuration: { ...mysql.configuration, password: '********' },
    });
    expect(sandbox.list('connections')[0]?.['configuration']).toMatchObject({ password: 'secret' });
    expect(
      (
        await call('POST', '/api/connections', {
          ...snowflake,
          configuration: { ...snowflake.configuration, password: '********' },
        })
      ).status,
    ).toBe(422);
  });

  it('are replaced as a whole', async () => {
    const id = await connected();
    await call('PUT', `/api/connections/${id}`, { name: 'Other', configuration: { hostname: 'h' } });
    expect(sandbox.list('connections')).toMatchObject([
      { id, name: 'Other', configuration: { hostname: 'h', ssl: false } },
    ]);
    expect(sandbox.list('connections')[0]?.['configuration']).not.toHaveProperty('password');
  });

  it('have unique names', async () => {
    await connected();
    expect(await call('POST', '/api/connections', mysql)).toMatchObject({
      status: 422,
      body: { status: 422, message: 'a connection named "MySQL Connection" exists already' },
    });
  });

  it('are tried, unless validate is false', async () => {
    const wrong = { ...mysql, configuration: { ...mysql.configuration, password: 'wrong-password' } };
    expect((await call('POST', '/api/connections', wrong)).status).toBe(422);
    expect((await call('POST', '/api/connections', { ...wrong, validate: false })).status).toBe(201);
  });

  it('that need a browser answer with where to go', async () => {
    const created = data(
      await call('POST', '/api/connections', { name: 'CRM', type: 'salesforce', configuration: {} }),
    );
    expect(created).toMatchObject({ saved: false, type: { id: 'salesforce' } });
    expect(created['auth_url']).toContain(`${sandbox.url}/_sandbox/authorize/`);
  });

  it('in use are not deleted, except with force, which takes all that uses them', async () => {
    const [connection, model] = await modeled();
    await call('POST', '/api/syncs', syncBody(connection, model));
    const refused = await call('DELETE', `/api/connections/${connection}`);
    expect(refused).toMatchObject({ status: 422, body: { message: 'connection in use' } });
    expect((refused.body['metadata'] as JsonObject)['used_by']).toMatchObject([
      { type: 'model', name: 'Customers', id: model },
      { type: 'sync', name: 'Sync' },
    ]);
    expect((await call('DELETE', `/api/connections/${connection}?force=true`)).status).toBe(204);
    expect([sandbox.list('models'), sandbox.list('syncs')]).toEqual([[], []]);
    expect((await call('DELETE', `/api/connections/${connection}`)).status).toBe(404);
  });

  it('have types with a schema each', async () => {
    expect(listed(await call('GET', '/api/connection_types')).map(({ id }) => id)).toContain('mysql');
    expect((await call('GET', '/api/connection_types/mysql')).body).toMatchObject({
      type: 'object',
      properties: { passwd: { sensitive: true } },
    });
    expect((await call('GET', '/api/connection_types/nope')).status).toBe(404);
  });
});

describe('models', () => {
  it('are built by a job where that is asked for', async () => {
    const connection = await connected();
    const started = await call('POST', '/api/models?async=true', {
      name: 'M',
      connection_id: connection,
      configuration: { table: 'company.teams' },
    });
    const { job_id: job } = started.body['job'] as { readonly job_id: string };
    expect(started.body).toMatchObject({ job: { type: 'createmodel', status: 'created' } });
    expect(data(await call('GET', `/api/jobs/createmodel/${job}`))).toMatchObject({ status: 'running' });
    expect(data(await call('GET', `/api/jobs/createmodel/${job}`))).toMatchObject({
      status: 'done',
      result: { name: 'M' },
    });
    expect((await call('GET', `/api/jobs/nonsense/${job}`)).status).toBe(400);
    expect((await call('GET', `/api/jobs/createmodel/${randomUUID()}`)).status).toBe(404);
  });

  it('of a table that does not exist are a failed job', async () => {
    const connection = await connected();
    const { body } = await call('POST', '/api/models?async=true', {
      name: 'M',
      connection_id: connection,
      configuration: { table: 'missing.t' },
    });
    const path = `/api/jobs/createmodel/${(body['job'] as { readonly job_id: string }).job_id}`;
    await call('GET', path);
    expect(data(await call('GET', path))).toMatchObject({
      status: 'failed',
      error: 'table missing.t does not exist',
    });
    expect(sandbox.list('models')).toEqual([]);
  });

  it('take names of fields and answer with objects, labels too', async () => {
    const connection = await connected();
    const model = data(
      await call('POST', '/api/models', {
        name: 'M',
        connection_id: connection,
        configuration: { table: 'company.customers' },
        fields: ['email'],
        additional_fields: [{ name: 'x', label: 'X', type: 'string' }],
        labels: ['crm'],
      }),
    );
    const fields = model['fields'] as unknown as readonly JsonObject[];
    expect(Object.fromEntries(fields.map(({ name, user_added: added }) => [name as string, added]))).toEqual({
      email: false,
      x: true,
    });
    expect(model).not.toHaveProperty('additional_fields');
    expect(model['labels']).toMatchObject([{ name: 'crm' }]);
  });

  it('of a query have the fields that it selects', async () => {
    const connection = await connected();
    const model = data(
      await call('POST', '/api/models', {
        name: 'M',
        connection_id: connection,
        configuration: { query: 'SELECT a, b AS c\nFROM t' },
      }),
    );
    expect(
      (model['fields'] as unknown as readonly JsonObject[]).map(({ name }) => name as string).sort(),
    ).toEqual(['a', 'c']);
  });

  it('count their versions', async () => {
    const [connection, model] = await modeled();
    const body = {
      name: 'Customers',
      connection_id: connection,
      configuration: { table: 'company.customers' },
    };
    expect(data(await call('PUT', `/api/models/${model}`, body))).toMatchObject({ version: 2 });
  });

  it('can be deleted though syncs use them', async () => {
    const [connection, model] = await modeled();
    await call('POST', '/api/syncs', syncBody(connection, model));
    expect((await call('DELETE', `/api/models/${model}`)).status).toBe(204);
  });
});

describe('syncs', () => {
  it('letter their filters, and answer a field by name and id', async () => {
    const [connection, model] = await modeled();
    const filter = { field: { model_id: model, field: 'email' }, function: 'IsNotNull' };
    const created = data(
      await call('POST', '/api/syncs', {
        ...syncBody(connection, model),
        filters: [
          { ...filter, label: 'Z' },
          { ...filter, function: 'IsNull' },
        ],
      }),
    );
    const filters = created['filters'] as unknown as readonly JsonObject[];
    expect(Object.fromEntries(filters.map(({ label, function: name }) => [label as string, name]))).toEqual({
      A: 'IsNotNull',
      B: 'IsNull',
    });
    const byId = data(
      await call('PUT', `/api/syncs/${created['id'] as string}`, {
        ...syncBody(connection, model),
        filters: [{ field_id: filters[0]!['field_id'], function: 'IsNull' }],
      }),
    );
    expect(byId['filters']).toMatchObject([{ label: 'A', field: filter.field, field_type: 'Model' }]);
  });

  it('answer constants among the fields, and never what is write-only', async () => {
    const [connection, model] = await modeled();
    const { target: _, ...body } = syncBody(connection, model);
    const created = data(
      await call('POST', '/api/syncs', {
        ...body,
        override_fields: [{ target: 'PLAN', override_value: 'free' }],
        encryption_passphrase: 'x',
        target: { connection_id: connection, create: { schema: 'CUSTOMERS', name: 'NEW' } },
      }),
    );
    expect(created).not.toHaveProperty('encryption_passphrase');
    expect(created).not.toHaveProperty('override_fields');
    expect(created['fields']).toContainEqual({
      target: 'PLAN',
      override_value: 'free',
      source: { model_id: '00000000-0000-0000-0000-000000000000', field: '' },
    });
    expect(created['target']).toMatchObject({ object: 'NEW' });
    expect(created['target']).not.toHaveProperty('create');
  });

  it.each<[string, (body: JsonObject) => JsonObject, string]>([
    [
      'an unknown model',
      (body) => ({ ...body, fields: [{ source: { model_id: randomUUID(), field: 'a' }, target: 'A' }] }),
      'does not exist',
    ],
    [
      'an unknown connection',
      (body) => ({ ...body, target: { connection_id: randomUUID(), object: 'X' } }),
      'does not exist',
    ],
    ['a mode without its identity', (body) => ({ ...body, mode: 'update' }), 'needs an identity'],
    [
      'a target filter in another mode',
      (body) => ({ ...body, filters: [{ field_id: 'EMAIL', field_type: 'Target', function: 'IsNull' }] }),
      'takes no target filters',
    ],
    ['no fields', ({ fields: _, ...body }) => body, "required property 'fields'"],
    [
      'a number for a time',
      (body) => ({ ...body, schedule: { frequency: 'daily', hour: 5 } }),
      'must be string',
    ],
  ])('are refused with %s', async (_what, change, message) => {
    const [connection, model] = await modeled();
    const refused = await call('POST', '/api/syncs', change(syncBody(connection, model)));
    expect(refused.status).toBe(422);
    expect(refused.body['message']).toContain(message);
  });

  it('are listed in pages of summaries, and whole before 2025-09-18', async () => {
    await modeled();
    sandbox.seed({ syncs: 120 });
    const ids = new Set<unknown>();
    let path = '/api/syncs?limit=500';
    for (let pages = 1; ; pages += 1) {
      const answer = await call('GET', path);
      expect(listed(answer).length).toBeLessThanOrEqual(50);
      expect(listed(answer)[0]).not.toHaveProperty('fields');
      expect(listed(answer)[0]).toHaveProperty('target_object', 'CUSTOMERS.CONTACTS');
      listed(answer).forEach(({ id }) => ids.add(id));
      const token = (answer.body['pagination'] as JsonObject | undefined)?.['next_page_token'];
      if (typeof token !== 'string') {
        expect(pages).toBe(3);
        break;
      }
      path = `/api/syncs?page_token=${token}`;
    }
    expect(ids.size).toBe(120);
    const whole = listed(await call('GET', '/api/syncs', undefined, { 'x-polytomic-version': '2024-02-08' }));
    expect(whole).toHaveLength(120);
    expect(whole[0]).toHaveProperty('fields');
    expect((await call('GET', '/api/syncs?page_token=nonsense')).status).toBe(400);
    expect(listed(await call('GET', '/api/syncs?active=true'))).toEqual([]);
  });
});
