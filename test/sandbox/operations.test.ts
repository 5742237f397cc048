/** Every operation of the reference, called with what it needs; the harness holds each answer to its type. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { routesOf } from '../../src/sandbox/openapi.js';
import { versionOf } from '../../src/sandbox/versions.js';
import {
  bulkBody,
  cached,
  call,
  data,
  idOf,
  listed,
  mysql,
  newSandboxes,
  partner,
  routeFor,
  sandbox,
  snowflake,
  syncBody,
  type Answered,
} from './harness.js';

newSandboxes();

/** As the official client for Python, 25.9.10, has them: method and path. */
const reference = readFileSync(path.join(import.meta.dirname, 'operations.txt'), 'utf8')
  .trim()
  .split('\n');

/** Names of parameters differ between the reference and the routes; their places do not. */
const shape = (operation: string): string => operation.replaceAll(/\{\w+\}|:\w+/g, ':');

it('every operation is served, or says that it is not', async () => {
  const called = new Set<string>();
  const run = async (
    method: string,
    where: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answered> => {
    const route = routeFor(method, where, '2025-09-18');
    called.add(shape(`${method} ${route?.path ?? where}`));
    const answered = await call(method, where, body, headers);
    expect([method, where, answered.status < 400 || answered.status === 501]).toEqual([method, where, true]);
    expect(answered.headers.get('x-polytomic-version')).toBe('2025-09-18');
    return answered;
  };
  const get = async (where: string, headers?: Record<string, string>): Promise<Answered> =>
    run('GET', where, undefined, headers);
  const post = async (where: string, body?: unknown, headers?: Record<string, string>): Promise<Answered> =>
    run('POST', where, body, headers);
  const put = async (where: string, body?: unknown, headers?: Record<string, string>): Promise<Answered> =>
    run('PUT', where, body, headers);
  const remove = async (where: string, headers?: Record<string, string>): Promise<Answered> =>
    run('DELETE', where, undefined, headers);
  const own = sandbox.organization.id;

  // Who calls, and where.
  await get('/api/me');
  await get('/api/organization');
  await get('/api/organizations', partner);
  const other = idOf(await post('/api/organizations', { name: 'Other' }, partner));
  await get(`/api/organizations/${other}`, partner);
  await put(`/api/organizations/${other}`, { name: 'Another', sso_domain: 'example.com' }, partner);

  // Users, roles, policies, webhooks, notifications.
  const user = idOf(await post('/api/organization/users', { email: 'A@example.com', role: 'Admin' }));
  await get('/api/organization/users');
  await get(`/api/organization/users/${user}`);
  await put(`/api/organization/users/${user}`, { role: 'member' });
  const users = `/api/organizations/${other}/users`;
  const theirs = idOf(await post(users, { email: 'b@example.com' }, partner));
  await get(users, partner);
  await get(`${users}/${theirs}`, partner);
  await put(`${users}/${theirs}`, { email: 'b@example.com', role: 'admin' }, partner);
  await post(`${users}/${theirs}/keys?force=true`, undefined, partner);
  await remove(`${users}/${theirs}`, partner);
  await remove(`/api/organization/users/${user}`);
  const role = idOf(await post('/api/permissions/roles', { name: 'Analyst' }));
  await get('/api/permissions/roles');
  await get(`/api/permissions/roles/${role}`);
  await put(`/api/permissions/roles/${role}`, { name: 'Analysts' });
  const policyBody = { name: 'Readers', policy_actions: [{ action: 'read', role_ids: [role] }] };
  const policy = idOf(await post('/api/permissions/policies', policyBody));
  await get('/api/permissions/policies');
  await get(`/api/permissions/policies/${policy}`);
  await put(`/api/permissions/policies/${policy}`, policyBody);
  await remove(`/api/permissions/policies/${policy}`);
  await remove(`/api/permissions/roles/${role}`);
  const hook = { endpoint: 'https://example.com/hook', secret: 's' };
  const webhook = idOf(await post('/api/webhooks', hook));
  await get('/api/webhooks');
  await get(`/api/webhooks/${webhook}`);
  await put(`/api/webhooks/${webhook}`, hook);
  await post(`/api/webhooks/${webhook}/disable`);
  await post(`/api/webhooks/${webhook}/enable`);
  await get(`/api/webhooks/${webhook}/deliveries?success=true`);
  await remove(`/api/webhooks/${webhook}`);
  await put('/api/organization/record-logging', { enabled: true });
  await get('/api/organization/record-logging');
  await put('/api/notifications/global-error-subscribers', { emails: ['a@example.com'] });
  await get('/api/notifications/global-error-subscribers');

  // Connections and their types.
  for (const { id } of listed(await get('/api/connection_types')))
    await get(`/api/connection_types/${id as string}`);
  await post('/api/connection_types/bigquery/parameter_values', { field: 'auth_method' });
  const source = idOf(await post('/api/connections', mysql));
  const target = idOf(await post('/api/connections', snowflake));
  const apollo = { name: 'Apollo', type: 'apollo', configuration: { apikey: 'k' } };
  const enrichment = idOf(await post('/api/connections', apollo));
  await get('/api/connections');
  await get(`/api/connections/${source}`);
  await put(`/api/connections/${source}`, mysql);
  await post('/api/connections/test', { type: 'mysql', configuration: mysql.configuration });
  const card = { name: 'New', redirect_url: 'https://example.com', type: 'hubspot' };
  const { token } = data(await post('/api/connections/connect/', card));
  await get(`/api/connections/connect/session?token=${token as string}`);
  await get(`/api/connections/${source}/parameter_values`);
  const shared = `/api/organizations/${own}/connections/${source}/shared`;
  await post(shared, { child_organization_id: other }, partner);
  await get(shared, partner);
  expect(listed(await get(`/api/connections/${source}/shared`))).toHaveLength(1);
  await get(`/api/entities/${source}`);
  expect(data(await get(`/api/organizations/entities/${source}`, partner))).toMatchObject({
    type: 'connection',
    organization_id: own,
  });

  // Usage, proxy, query runner.
  await get(`/api/connections/${source}/usage`);
  const proxy = `/api/connections/${enrichment}/proxy`;
  await put(`${proxy}/settings`, { enabled: true });
  await get(`${proxy}/settings`);
  await get(`${proxy}/info`);
  await post(proxy, { request: { method: 'GET', path: '/' } });
  const query = idOf(await post(`/api/connections/${source}/query?query=select`));
  await get(`/api/queries/${query}`);

  // Schemas of a connection.
  const schema = `/api/connections/${source}/schemas/company.customers`;
  await post(`/api/connections/${source}/schemas/refresh`);
  await get(`/api/connections/${source}/schemas/status`);
  await cached(source);
  await get(schema);
  await get(`${schema}/records`);
  await post(`${schema}/fields`, { fields: [{ field_id: 'x', label: 'X', type: 'string', path: 'a.b' }] });
  await run('PATCH', `${schema}/fields/x`, { label: 'Y' });
  await remove(`${schema}/fields/x`);
  await put(`${schema}/primary_keys`, { fields: [{ field_id: 'email', is_primary_key: true }] });
  await remove(`${schema}/primary_keys`);

  // Models.
  await get(`/api/connections/${source}/modelsync/source`);
  await get(`/api/connections/${source}/modelsync/source/fields?params={"table":["company.teams"]}`);
  await get(`/api/connections/${enrichment}/modelsync/enrichment-source`);
  await post(`/api/enrichment/${enrichment}/inputfields`, { configuration: { object: 'people' } });
  const modelBody = {
    name: 'Customers',
    connection_id: source,
    configuration: { table: 'company.customers' },
    identifier: 'id',
    enricher: {
      connection_id: enrichment,
      configuration: { object: 'people' },
      mappings: { email: 'email' },
    },
    relations: [{ from: 'account_id', to: { field: 'id', model_id: source } }],
    labels: ['crm'],
  };
  await post('/api/model-preview', modelBody);
  const model = idOf(await post('/api/models', modelBody));
  await get('/api/models');
  await get(`/api/models/${model}`);
  await put(`/api/models/${model}`, modelBody);
  await get(`/api/models/${model}/sample`);
  const { body } = await get(`/api/models/${model}/sample?async=true`);
  const { job_id: job } = body['job'] as { readonly job_id: string };
  await get(`/api/jobs/samplemodel/${job}`);

  // Syncs.
  const targets = `/api/connections/${target}/modelsync`;
  await get(`${targets}/targetobjects`);
  await get(`${targets}/targetobjects/properties/schema`);
  await get(`${targets}/target/fields?target=CUSTOMERS.CONTACTS&refresh=true`);
  const syncText: JsonObject = {
    ...syncBody(target, model),
    filters: [{ field: { model_id: model, field: 'email' }, function: 'StringContains', value: '@' }],
    overrides: [
      { field: { model_id: model, field: 'email' }, function: 'IsNull', override: 'none', value: null },
    ],
    override_fields: [{ target: 'LAST_NAME', override_value: 'X' }],
    identity: { source: { model_id: model, field: 'email' }, target: 'EMAIL', function: 'Equality' },
  };
  const sync = `/api/syncs/${idOf(await post('/api/syncs', syncText))}`;
  await get('/api/syncs');
  await get('/api/syncs/schedules');
  await get(sync);
  await put(sync, { ...syncText, schedule: { frequency: 'hourly', minute: '5' } });
  await post(`${sync}/activate`, { active: true });
  await put(`${sync}/error-handling`, { subscribers: ['a@example.com'] });
  await get(`${sync}/error-handling`);
  const runs = `${sync}/executions`;
  const run1 = `${runs}/${idOf(await post(runs, {}))}`;
  await get(`${sync}/status`);
  await get(runs);
  await get(run1);
  await get(`${run1}/consolelog`);
  await get(`${run1}/logs`);
  await get(`${run1}/records`);
  await get(`${run1}/records/records.jsonl`);
  await post(`${run1}/cancel`);
  await post(`${sync}/cancel`);

  // Bulk syncs.
  await get(`/api/connections/${source}/bulksync/source?include_fields=true`);
  await get(`/api/connections/${target}/bulksync/target`);
  const bulk = `/api/bulk/syncs/${idOf(await post('/api/bulk/syncs', bulkBody(source, target)))}`;
  await get('/api/bulk/syncs');
  await get(bulk);
  await put(bulk, {
    ...bulkBody(source, target),
    additional_schedules: [{ frequency: 'weekly', day_of_week: 'monday', resync_mode: 'rebuild' }],
  });
  await post(`${bulk}/activate`, { active: true });
  await put(`${bulk}/error-handling`, { ingestion_failure_threshold: 600 });
  await get(`${bulk}/error-handling`);
  await get('/api/bulk/syncs/status?all=true');
  await get(`${bulk}/status`);
  await get(`${bulk}/schemas`);
  const copied = `${bulk}/schemas/company.customers`;
  await put(copied, { enabled: true, fields: [{ id: 'email', enabled: false }] });
  await run('PATCH', `${bulk}/schemas`, { schemas: [{ id: 'company.teams', enabled: false }] });
  await get(copied);
  const bulkRuns = `${bulk}/executions`;
  const bulkRun = `${bulkRuns}/${idOf(await post(bulkRuns, {}))}`;
  await get(bulkRuns);
  await get(bulkRun);
  await get(`${bulkRun}/consolelog`);
  await get(`${bulkRun}/schemas/company.customers/consolelog`);
  await get(`/api/connections/${source}/ingest/consolelog`);
  await get(`${bulkRun}/logs`);
  await post(`${bulkRun}/logs/export?notify=true`);
  await post(`${copied}/cancel`);
  await post(`${bulkRun}/cancel`);
  await post(`${bulk}/cancel`);
  const schedules = `${bulk}/schedules`;
  await post(schedules, { schedule: { frequency: 'hourly', minute: '30' } });
  await get(schedules);
  const [additional] = data(await get(bulk))['additional_schedules'] as unknown as readonly JsonObject[];
  const schedule = `${schedules}/${additional?.['id'] as string}`;
  await get(schedule);
  await put(schedule, { schedule: { frequency: 'manual' } });
  await remove(schedule);

  // What happened, and the end of it all.
  await get('/api/events');
  await get('/api/events_types');
  await remove(bulk);
  await remove(sync);
  await remove(`/api/models/${model}`);
  await remove(`/api/connections/${source}`);
  await remove(`/api/organizations/${other}`, partner);

  // What is known and not served says so.
  const unserved = routesOf(versionOf('2025-09-18')!).filter(([route]) => route.unserved === true);
  for (const [{ method, path: where }] of unserved)
    expect(
      await run(method, where.replaceAll(/:\w+/g, 'x'), method === 'GET' ? undefined : {}),
    ).toMatchObject({
      status: 501,
      body: { message: expect.stringMatching('the sandbox does not serve') as string },
    });

  expect(reference.map(shape).filter((operation) => !called.has(operation))).toEqual([]);
  // And the list lacks none that is served.
  const served = routesOf(versionOf('2025-09-18')!).map(([route]) => shape(`${route.method} ${route.path}`));
  expect(served.filter((operation) => !reference.map(shape).includes(operation))).toEqual([]);
});
