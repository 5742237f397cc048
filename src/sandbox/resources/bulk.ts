/** Bulk syncs: defaults restored by each update, one schedule or several, by version. */
import { objectsIn, isJsonArray, isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { cancelBulkRuns } from './bulk-executions.js';
import { bulkRunRoutes } from './bulk-runs.js';
import { scheduleFrom, scheduleRoutes, shownSchedule } from './bulk-schedules.js';
import { bulkSchemaRoutes, checkSchemas, selectSchemas } from './bulk-schemas.js';
import { keepsHistory } from './bulk-selection.js';
import { choices } from '../choices.js';
import { found, ok, refuse, Refusal, updates, type Reply, type Route, type SandboxRequest } from '../http.js';
import { page } from './paging.js';
import { removeBulkSync } from './removal.js';
import { isCached } from './source-state.js';
import { schemaNames, schemaOf } from './sources.js';
import { audit, only, type Store, type Stored } from '../store.js';
import { connectionOf, typeOfConnection } from './systems.js';
import { within, type Version } from '../versions.js';

const sent = [
  'name',
  'active',
  'mode',
  'source_connection_id',
  'source_configuration',
  'destination_connection_id',
  'destination_configuration',
  'automatically_add_new_fields',
  'automatically_add_new_objects',
  'normalize_names',
  'concurrency_limit',
  'resync_concurrency_limit',
  'data_cutoff_timestamp',
  'disable_record_timestamps',
  'policies',
];

/** What is not sent, on a create and on an update alike. */
const defaults: JsonObject = {
  active: choices.defaultActive,
  mode: 'replicate',
  automatically_add_new_fields: 'all',
  automatically_add_new_objects: 'none',
  normalize_names: 'enabled',
  disable_record_timestamps: false,
  source_configuration: {},
};

const read = (store: Store, sync: Stored, version: Version): JsonObject => {
  const destination = sync['destination_configuration'];
  const shared = {
    ...only(sync, ['id', ...sent, ...audit]),
    concurrency_limit: sync['concurrency_limit'] ?? null,
    resync_concurrency_limit: sync['resync_concurrency_limit'] ?? null,
    // A configuration comes back with what the server adds to it.
    destination_configuration: { mirror_schemas: false, ...(isJsonObject(destination) ? destination : {}) },
    policies: sync['policies'] ?? null,
    organization_id: store.organization,
  };
  const main = isJsonObject(sync['default_schedule']) ? sync['default_schedule'] : {};
  if (version.current)
    return {
      ...shared,
      default_schedule: shownSchedule(main, 'default'),
      additional_schedules: objectsIn(sync['additional_schedules']).map((each) =>
        shownSchedule(each, 'additional'),
      ),
    };
  const { id: _, created_at: _a, created_by: _b, updated_at: _c, updated_by: _d, ...schedule } = main;
  return { ...shared, schedule, discover: sync['automatically_add_new_objects'] === 'all' };
};

const fail = (key: string, message: string, status: number = choices.invalidStatus): never => {
  throw new Refusal(refuse(status, key, message));
};

/** Both ends of a bulk sync: they exist, and can be what they are to be. */
const checkEnds = ({ store, body }: SandboxRequest): Stored => {
  const [source, destination] = (['source', 'destination'] as const).map((side) => {
    const id = asText(body[`${side}_connection_id`]);
    const connection =
      store.get('connections', id) ?? fail('unknown_connection', `connection ${id} does not exist`);
    if (!typeOfConnection(store, connection).capabilities[side])
      fail(`no_${side}`, `connection "${asText(connection['name'])}" cannot be a ${side}`);
    return connection;
  });
  return source === undefined || destination === undefined ? fail('no_ends', 'two connections') : source;
};

/** The schedule of a body, in the words of 2025-09-18. */
const mainSchedule = (body: JsonObject): JsonObject => {
  const schedule = body['default_schedule'] ?? body['schedule'];
  if (!isJsonObject(schedule)) return {};
  const multi = isJsonObject(schedule['multi']) ? objectsIn(schedule['multi']['schedules'])[0] : undefined;
  const first = multi?.['schedule'];
  return schedule['frequency'] === 'multi' && isJsonObject(first) ? first : schedule;
};

const accepted = ({ store, body }: SandboxRequest, before: Stored | undefined): JsonObject => {
  const older = (id: Json | undefined): JsonObject | undefined =>
    objectsIn(before?.['additional_schedules']).find((schedule) => schedule['id'] === id);
  const main = before?.['default_schedule'];
  return {
    ...defaults,
    ...(body['discover'] === true ? { automatically_add_new_objects: 'all' } : {}),
    ...only(body, sent),
    default_schedule: scheduleFrom(store, mainSchedule(body), isJsonObject(main) ? main : undefined),
    additional_schedules: objectsIn(body['additional_schedules']).map((schedule) =>
      scheduleFrom(store, schedule, older(schedule['id'])),
    ),
  };
};

const create = (request: SandboxRequest): Reply => {
  const { store, body, version } = request;
  const source = checkEnds(request);
  if (!isCached(store, source.id))
    return refuse(choices.cacheNotReady.status, 'cache_refresh', choices.cacheNotReady.message);
  const available = schemaNames(typeOfConnection(store, source));
  if (available.length === 0) return refuse(400, 'no_schemas', 'the source did not provide any schemas');
  // Nothing sent is not an empty list: it means all.
  const schemas = isJsonArray(body['schemas']) ? body['schemas'] : undefined;
  const wanted = accepted(request, undefined);
  checkSchemas(store, wanted, source, schemas);
  const sync = store.insert('bulkSyncs', wanted);
  selectSchemas(store, sync, source, schemas);
  return ok(read(store, sync, version), {}, choices.createdStatus);
};

const find = ({ store, params }: SandboxRequest): Stored =>
  found(store.get('bulkSyncs', params['id'] ?? ''), 'bulk sync');

const update = (request: SandboxRequest): Reply => {
  const { store, body, version } = request;
  const before = find(request);
  const source = checkEnds(request);
  const wanted = accepted(request, before);
  if (isJsonArray(body['schemas'])) checkSchemas(store, wanted, source, body['schemas']);
  const sync = store.replace('bulkSyncs', before.id, wanted);
  if (isJsonArray(body['schemas'])) selectSchemas(store, sync, source, body['schemas']);
  return ok(read(store, sync, version));
};

const activate = (request: SandboxRequest): Reply => {
  const { store, body } = request;
  const { id, ...rest } = find(request);
  const active = body['active'] === true;
  store.replace('bulkSyncs', id, { ...rest, active });
  // Other than a sync, a paused bulk sync cancels its run.
  if (!active) cancelBulkRuns(store, id);
  return ok({ id, active });
};

const source = (request: SandboxRequest): Reply => {
  const { store, query } = request;
  const connection = connectionOf(request);
  const type = typeOfConnection(store, connection);
  if (!type.capabilities.source) return refuse(400, 'no_source', `${type.name} cannot be a source`);
  return ok({
    capabilities: {
      supports_tracking_fields: type.shape === 'sql',
      supports_namespaces: type.shape === 'sql',
    },
    configuration: {},
    schemas: schemaNames(type).flatMap((name) => {
      const { fields, ...schema } = schemaOf(store, connection, name) ?? {};
      return query['include_fields'] === 'true' ? [{ ...schema, fields: fields ?? [] }] : [schema];
    }),
  });
};

const target = (request: SandboxRequest): Reply => {
  const type = typeOfConnection(request.store, connectionOf(request));
  if (!type.capabilities.destination) return refuse(400, 'no_target', `${type.name} cannot be a destination`);
  const mode = (id: string, label: string, description: string): JsonObject => ({
    id,
    label,
    description,
    requires_identity: false,
    supports_field_sync_mode: false,
    supports_target_filters: false,
  });
  return ok({
    configuration: {
      schema: { default: '', required: true },
      mirror_schemas: { default: false, required: false },
    },
    modes: [
      mode('replicate', 'Replicate', 'Keep the destination equal to the source'),
      mode('snapshot', 'Snapshot', 'Write a new copy on each run'),
      ...(request.version.current ? [mode('append', 'Append', 'Add what is new, and change nothing')] : []),
    ],
    ...(request.version.current
      ? {
          supported_resync_modes: ['refetch', 'resync', 'rebuild'],
          supports_history_mode: keepsHistory(type),
        }
      : {}),
  });
};

const wanted = ({ store, query }: SandboxRequest): readonly Stored[] =>
  store
    .list('bulkSyncs')
    .filter(({ active }) => query['active'] === undefined || asText(active) === query['active']);

/** What both forms of an operation share: the one of 2025-09-18, and the older one with one schedule. */
const twice = (
  route: Omit<Route, 'in' | 'body' | 'answer'>,
  current: { readonly body?: string; readonly answer: string },
  older: { readonly body?: string; readonly answer: string },
): readonly Route[] => [
  { ...route, ...current, in: within.current },
  { ...route, ...older, in: within.older },
];

const one = { answer: 'BulkSyncResponseEnvelope' };
const olderOne = { answer: 'OlderBulkSyncEnvelope' };

export const bulkRoutes: readonly Route[] = [
  ...twice(
    {
      method: 'GET',
      path: '/api/bulk/syncs',
      query: ['active', 'page_token', 'limit'],
      handle: (request) =>
        page(wanted(request), request.query, (sync) => read(request.store, sync, request.version)),
    },
    { answer: 'BulkSyncListEnvelope' },
    { answer: 'OlderBulkSyncListEnvelope' },
  ),
  ...twice(
    { method: 'POST', path: '/api/bulk/syncs', handle: create },
    { ...one, body: 'CreateBulkSyncRequest' },
    { ...olderOne, body: 'OlderBulkSyncRequest' },
  ),
  ...twice(
    {
      method: 'GET',
      path: '/api/bulk/syncs/:id',
      query: ['refresh_schemas'],
      handle: (request) => ok(read(request.store, find(request), request.version)),
    },
    one,
    olderOne,
  ),
  ...updates({ path: '/api/bulk/syncs/:id', handle: update }).flatMap((route): readonly Route[] => [
    {
      ...route,
      ...one,
      body: 'UpdateBulkSyncRequest',
      in: (version) => within.current(version) && route.in?.(version) === true,
    },
    {
      ...route,
      ...olderOne,
      body: 'OlderBulkSyncRequest',
      in: (version) => within.older(version) && route.in?.(version) === true,
    },
  ]),
  {
    method: 'DELETE',
    path: '/api/bulk/syncs/:id',
    query: ['refresh_schemas'],
    handle: (request) => {
      removeBulkSync(request.store, find(request).id);
      return { status: choices.deletedStatus };
    },
  },
  {
    method: 'POST',
    path: '/api/bulk/syncs/:id/activate',
    body: 'ActivateSyncInput',
    answer: 'ActivateSyncEnvelope',
    handle: activate,
  },
  {
    method: 'GET',
    path: '/api/connections/:id/bulksync/source',
    query: ['include_fields'],
    answer: 'BulkSyncSourceEnvelope',
    handle: source,
  },
  {
    method: 'GET',
    path: '/api/connections/:id/bulksync/target',
    answer: 'BulkSyncDestEnvelope',
    handle: target,
  },
  ...bulkRunRoutes,
  ...bulkSchemaRoutes,
  ...scheduleRoutes,
];
