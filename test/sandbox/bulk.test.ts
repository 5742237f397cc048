/** What a client trips over. Each test is named by the fact that it holds the sandbox to. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import {
  bulkBody,
  cached,
  call,
  connected,
  data,
  idOf,
  listed,
  newSandboxes,
  sandbox,
  snowflake,
} from './harness.js';

newSandboxes();

const names = (list: unknown, key = 'name'): readonly unknown[] =>
  (list as readonly JsonObject[]).map((each) => each[key]);

describe('schemas of a connection', () => {
  it('are cached after a moment; until then bulk syncs are refused', async () => {
    const source = await connected();
    const target = idOf(await call('POST', '/api/connections', snowflake));
    const early = await call('POST', '/api/bulk/syncs', bulkBody(source, target));
    expect(early).toMatchObject({ status: 422, body: { message: 'schema cache refresh in progress' } });
    const status = `/api/connections/${source}/schemas/status`;
    expect(data(await call('GET', status))).toMatchObject({ cache_status: 'fresh' });
    expect((await call('POST', '/api/bulk/syncs', bulkBody(source, target))).status).toBe(201);
    const refreshed = await call('POST', `/api/connections/${source}/schemas/refresh`);
    expect(refreshed.headers.get('location')).toBe(status);
    expect(data(await call('GET', status))).toMatchObject({
      cache_status: 'refreshing',
      last_refresh_finished: null,
    });
    expect(data(await call('GET', status))).toMatchObject({ cache_status: 'fresh' });
  });

  it('show the primary key in effect, and fields that somebody added', async () => {
    const path = `/api/connections/${await connected()}/schemas/company.customers`;
    const keys = async (): Promise<readonly unknown[]> =>
      names(
        (data(await call('GET', path))['fields'] as unknown as readonly JsonObject[]).filter(
          (field) => field['is_primary_key'] === true,
        ),
        'id',
      );
    expect(await keys()).toEqual(['id']);
    await call('PUT', `${path}/primary_keys`, { fields: [{ field_id: 'email', is_primary_key: true }] });
    expect(await keys()).toEqual(['email']);
    await call('DELETE', `${path}/primary_keys`);
    expect(await keys()).toEqual(['id']);
    expect(
      (await call('PUT', `${path}/primary_keys`, { fields: [{ field_id: 'no', is_primary_key: true }] }))
        .status,
    ).toBe(400);
    const added = { field_id: 'x', label: 'X', type: 'string' };
    await call('POST', `${path}/fields`, { fields: [added] });
    await call('POST', `${path}/fields`, { fields: [{ ...added, label: 'Y' }] });
    expect(names(data(await call('GET', path))['fields'])).toContain('Y');
    expect((await call('DELETE', `${path}/fields/x`)).status).toBe(204);
    expect((await call('DELETE', `${path}/fields/email`)).status).toBe(404);
  });
});

describe('a field of a schema', () => {
  const table = async (): Promise<string> =>
    `/api/connections/${await connected()}/schemas/company.customers`;
  const field = async (path: string, id: string): Promise<JsonObject | undefined> =>
    (data(await call('GET', path))['fields'] as unknown as readonly JsonObject[]).find(
      (each) => each['id'] === id,
    );

  it('that was detected is changed on top of what the system says', async () => {
    const path = await table();
    const before = await field(path, 'email');
    expect(before).toMatchObject({ user_managed: false, type: 'string', source_primary_key: false });
    const patched = data(
      await call('PATCH', `${path}/fields/email`, { label: 'Mail', path: '$.contact.mail' }),
    );
    expect(patched).toEqual({ ...before, name: 'Mail', path: '$.contact.mail', user_managed: true });
    expect(await field(path, 'email')).toEqual(patched);
    // Another type has no details but those that came with it; what is not sent stays.
    expect(
      data(await call('PATCH', `${path}/fields/email`, { type: 'array', definition: ['string'] })),
    ).toMatchObject({
      name: 'Mail',
      type: 'array',
      type_spec: ['string'],
    });
    const plain = data(await call('PATCH', `${path}/fields/email`, { type: 'object', path: '' }));
    expect(plain).toMatchObject({ name: 'Mail', type: 'object', type_spec: null });
    expect(plain).not.toHaveProperty('path');
    expect((await call('DELETE', `${path}/fields/email`)).status).toBe(404);
  });

  it('that somebody added is changed in place, and the wrong ones are refused', async () => {
    const path = await table();
    const added = { field_id: 'x', label: 'X', type: 'string', path: '$.x' };
    await call('POST', `${path}/fields`, { fields: [added] });
    const patched = data(await call('PATCH', `${path}/fields/x`, { label: 'Y', example: 5 }));
    expect(patched).toMatchObject({ name: 'Y', type: 'string', path: '$.x', user_managed: true });
    await call('DELETE', `${path}/fields/x`);
    expect(await field(path, 'x')).toBeUndefined();
    expect((await call('PATCH', `${path}/fields/x`, { label: 'Y' })).status).toBe(404);
    expect((await call('PATCH', `${path}/fields/email`, { type: 'unknown' })).status).toBe(422);
  });

  it('says what of its key was detected, and what was set', async () => {
    const path = await table();
    await call('PUT', `${path}/primary_keys`, { fields: [{ field_id: 'email', is_primary_key: true }] });
    expect(await field(path, 'email')).toMatchObject({
      is_primary_key: true,
      source_primary_key: false,
      primary_key_override: true,
    });
    const id = await field(path, 'id');
    expect(id).toMatchObject({ source_primary_key: true });
    expect(id).not.toHaveProperty('primary_key_override');
  });
});

describe('schemas of a bulk sync', () => {
  const made = async (more: JsonObject = {}, destination: JsonObject = snowflake): Promise<string> => {
    const source = await connected();
    const target = idOf(await call('POST', '/api/connections', destination));
    await cached(source);
    const created = await call('POST', '/api/bulk/syncs', { ...bulkBody(source, target), ...more });
    return created.status === 201 ? `/api/bulk/syncs/${idOf(created)}` : `refused: ${created.status}`;
  };
  const schemas = [
    {
      id: 'company.teams',
      history_enabled: true,
      user_output_name: 'crews',
      fields: [{ id: 'name', user_output_name: 'title' }],
    },
  ];
  const named = { history_enabled: true, user_output_name: 'crews', output_name: 'crews' };
  const nameOf = (schema: JsonObject): JsonObject | undefined =>
    (schema['fields'] as unknown as readonly JsonObject[]).find(({ id }) => id === 'name');

  it('keep names and history until they are told otherwise, on every way in', async () => {
    const sync = await made({ schemas });
    const path = `${sync}/schemas/company.teams`;
    const created = data(await call('GET', path));
    expect(created).toMatchObject({ ...named, destination_history_output_name: 'crews_history' });
    expect(nameOf(created)).toMatchObject({ user_output_name: 'title', output_name: 'title' });
    // A replacement, a patch, and a selection that does not name them.
    const put = data(await call('PUT', path, { enabled: true, fields: [{ id: 'name', enabled: false }] }));
    expect(put).toMatchObject(named);
    expect(nameOf(put)).toMatchObject({ enabled: false, user_output_name: 'title' });
    const [patched] = listed(await call('PATCH', `${sync}/schemas`, { schemas: [{ id: 'company.teams' }] }));
    expect(patched).toMatchObject(named);
    expect(nameOf(patched!)).toMatchObject({ enabled: true, user_output_name: 'title' });
    const { source_connection_id: from, destination_connection_id: to } = data(await call('GET', sync));
    await call('PUT', sync, { ...bulkBody(from as string, to as string), schemas: ['company.teams'] });
    expect(data(await call('GET', path))).toEqual(patched);
    expect(
      listed(await call('GET', `${sync}/schemas`)).find(({ id }) => id === 'company.teams'),
    ).toMatchObject({
      ...named,
      destination_history_output_name: 'crews_history',
    });
    // And back to what follows from the source.
    const cleared = data(
      await call('PUT', path, {
        history_enabled: false,
        user_output_name: '',
        fields: [{ id: 'name', user_output_name: '' }],
      }),
    );
    expect(cleared).toMatchObject({
      history_enabled: false,
      user_output_name: '',
      output_name: 'company_teams',
    });
    expect(cleared).not.toHaveProperty('destination_history_output_name');
    expect(nameOf(cleared)).toMatchObject({ user_output_name: '', output_name: 'name' });
  });

  it('have a history only where a sync replicates to tables', async () => {
    expect(await made({ schemas, mode: 'snapshot' })).toBe('refused: 422');
    expect(sandbox.list('bulkSyncs')).toEqual([]);
    await call('DELETE', `/api/connections/${sandbox.list('connections')[0]!.id}`);
    await call('DELETE', `/api/connections/${sandbox.list('connections')[0]!.id}`);
    const bucket = { name: 'Files', type: 's3', configuration: { s3_bucket_name: 'b' } };
    const sync = await made({}, bucket);
    const history = { id: 'company.teams', history_enabled: true };
    expect((await call('PUT', `${sync}/schemas/company.teams`, history)).status).toBe(422);
    expect((await call('PATCH', `${sync}/schemas`, { schemas: [history] })).status).toBe(422);
    const { destination_connection_id: to, source_connection_id: from } = data(await call('GET', sync));
    const target = async (id: unknown): Promise<JsonObject> =>
      data(await call('GET', `/api/connections/${id as string}/bulksync/target`));
    expect(await target(to)).toMatchObject({ supports_history_mode: false });
    expect(await target(from)).toMatchObject({ supports_history_mode: true });
    expect(names((await target(from))['modes'], 'id')).toEqual(['replicate', 'snapshot', 'append']);
  });

  it('of a selection that is refused leave no bulk sync behind', async () => {
    expect(await made({ schemas: ['no.such'] })).toBe('refused: 422');
    expect(sandbox.list('bulkSyncs')).toEqual([]);
  });
});

describe('schedules of a bulk sync', () => {
  it('take every frequency, and say who made them', async () => {
    const source = await connected();
    const target = idOf(await call('POST', '/api/connections', snowflake));
    await cached(source);
    const schedules = `/api/bulk/syncs/${idOf(await call('POST', '/api/bulk/syncs', bulkBody(source, target)))}/schedules`;
    const frequencies = 'manual continuous hourly daily weekly custom builder runafter multi dbtcloud'.split(
      ' ',
    );
    for (const frequency of frequencies)
      expect(data(await call('POST', schedules, { schedule: { frequency } }))).toMatchObject({
        frequency,
        createdBy: sandbox.list('connections')[0]!['created_by']!['id' as never],
        isDefault: false,
      });
    expect((await call('POST', schedules, { schedule: { frequency: 'yearly' } })).status).toBe(422);
    for (const mode of ['normal', 'refetch', 'resync', 'rebuild'])
      expect(
        (
          await call('PUT', schedules.replace('/schedules', ''), {
            ...bulkBody(source, target),
            additional_schedules: [{ frequency: 'daily', resync_mode: mode }],
          })
        ).status,
      ).toBe(200);
    expect(names(listed(await call('GET', schedules)), 'syncMode')).toEqual([undefined, 'rebuild']);
  });
});

describe('bulk syncs', () => {
  const copied = async (more: JsonObject = {}): Promise<string> => {
    const source = await connected();
    const target = idOf(await call('POST', '/api/connections', snowflake));
    await cached(source);
    return `/api/bulk/syncs/${idOf(await call('POST', '/api/bulk/syncs', { ...bulkBody(source, target), ...more }))}`;
  };
  const enabled = async (path: string): Promise<readonly unknown[]> =>
    names(listed(await call('GET', `${path}/schemas?filters={"enabled":"true"}`)), 'id');

  it('created without schemas copy all, with an empty list none', async () => {
    const all = await copied();
    expect(await enabled(all)).toHaveLength(7);
    const [source, target] = [sandbox.list('connections')[1]!.id, sandbox.list('connections')[0]!.id];
    const none = await call('POST', '/api/bulk/syncs', { ...bulkBody(source, target), schemas: [] });
    expect(await enabled(`/api/bulk/syncs/${idOf(none)}`)).toEqual([]);
    const unknown = { ...bulkBody(source, target), schemas: ['no.such'] };
    expect((await call('POST', '/api/bulk/syncs', unknown)).status).toBe(422);
  });

  it('get their defaults back by an update, which keeps the schemas that it does not name', async () => {
    const path = await copied({
      schemas: ['company.teams'],
      normalize_names: 'disabled',
      automatically_add_new_objects: 'all',
      concurrency_limit: 3,
    });
    const { data: before } = (await call('GET', path)).body as { readonly data: JsonObject };
    expect(before).toMatchObject({ concurrency_limit: 3 });
    const body = bulkBody(
      before['source_connection_id'] as string,
      before['destination_connection_id'] as string,
    );
    expect(data(await call('PUT', path, body))).toMatchObject({
      normalize_names: 'enabled',
      automatically_add_new_objects: 'none',
      automatically_add_new_fields: 'all',
      concurrency_limit: null,
    });
    expect(await enabled(path)).toEqual(['company.teams']);
    expect(before).not.toHaveProperty('schemas');
  });

  it('fill in the fields and the output names of their schemas', async () => {
    const path = await copied({
      schemas: [{ id: 'company.customers', enabled: true, fields: [{ id: 'email', obfuscate: true }] }],
    });
    const schema = data(await call('GET', `${path}/schemas/company.customers`));
    expect(schema).toMatchObject({ enabled: true, output_name: 'company_customers' });
    expect(schema['fields']).toHaveLength(7);
    expect(schema['fields']).toContainEqual(
      expect.objectContaining({ id: 'email', enabled: true, obfuscated: true }),
    );
    await call('PUT', `${path}/schemas/company.customers`, { user_output_name: 'people', fields: [] });
    const replaced = data(await call('GET', `${path}/schemas/company.customers`));
    expect(replaced).toMatchObject({ output_name: 'people', enabled: true });
    expect(names(replaced['fields'], 'obfuscated')).not.toContain(true);
    const patched = await call('PATCH', `${path}/schemas`, {
      schemas: [{ id: 'company.customers', fields: [{ id: 'email', enabled: false }] }],
    });
    expect(listed(patched)[0]).toMatchObject({ user_output_name: 'people', enabled: true });
    expect(await enabled(path)).toEqual(['company.customers']);
  });

  it('run schema by schema, refuse a second run, and stop when they are paused', async () => {
    const path = await copied({ schemas: ['company.teams', 'company.accounts'], active: true });
    const started = data(await call('POST', `${path}/executions`, { resync_mode: 'rebuild' }));
    expect(started).toMatchObject({ is_resync: true, status: 'created', is_partial: false });
    expect((await call('POST', `${path}/executions`, {})).status).toBe(409);
    const run = `${path}/executions/${started['id'] as string}`;
    await call('GET', run);
    await call('GET', run);
    expect(data(await call('GET', run))).toMatchObject({
      status: 'completed',
      record_count: 84,
      schemas: [{ status: 'completed', record_count: 42 }, { record_count: 42 }],
    });
    expect(data(await call('GET', `${path}/status`))).toMatchObject({
      current_execution: null,
      next_execution_time: expect.stringContaining('T05:00:00') as string,
    });
    await call('POST', `${path}/executions`, { schemas: ['company.teams'] });
    await call('POST', `${path}/activate`, { active: false });
    expect(names(listed(await call('GET', `${path}/executions`)), 'status')).toEqual([
      'canceled',
      'completed',
    ]);
    expect((await call('POST', `${path}/executions`, { test: true, resync_mode: 'resync' })).status).toBe(
      400,
    );
    expect(names(listed(await call('GET', '/api/events')), 'type')).toEqual([
      'bulk_sync.canceled',
      'bulk_sync.completed',
      'bulk_sync.running',
    ]);
  });

  it('protect their connections, and go with them by force', async () => {
    const path = await copied();
    const id = data(await call('GET', path))['source_connection_id'] as string;
    expect(await call('DELETE', `/api/connections/${id}`)).toMatchObject({
      status: 422,
      body: { metadata: { used_by: [{ type: 'bulk_sync', name: 'Copy' }] } },
    });
    expect((await call('DELETE', `/api/connections/${id}?force=true`)).status).toBe(204);
    expect([sandbox.list('bulkSyncs'), sandbox.list('bulkSchemas')]).toEqual([[], []]);
  });

  it('have schedules beside them, in another spelling', async () => {
    const path = await copied();
    await call('POST', `${path}/schedules`, {
      schedule: { frequency: 'weekly', dayOfWeek: 'monday', selectiveMode: 'none' },
    });
    const { additional_schedules: more, default_schedule: main } = data(await call('GET', path));
    expect(more).toMatchObject([{ frequency: 'weekly', day_of_week: 'monday', selective_mode: 'none' }]);
    expect(listed(await call('GET', `${path}/schedules`))).toMatchObject([
      { frequency: 'daily', isDefault: true },
      { frequency: 'weekly', dayOfWeek: 'monday', isDefault: false },
    ]);
    const id = (main as JsonObject)['id'] as string;
    expect((await call('DELETE', `${path}/schedules/${id}`)).status).toBe(403);
    await call('PUT', `${path}/schedules/${id}`, { schedule: { frequency: 'hourly', minute: '1' } });
    expect(data(await call('GET', path))['default_schedule']).toMatchObject({
      id,
      frequency: 'hourly',
      minute: '1',
    });
  });
});
