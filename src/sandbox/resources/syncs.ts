/** Syncs: filter letters, resolved fields, constants among the fields, write-only parts. */
import { isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { found, ok, refuse, Refusal, updates, type Reply, type Route, type SandboxRequest } from '../http.js';
import { logRoutes } from './logs.js';
import { modelFieldId, modelFieldName } from './model-fields.js';
import { page } from './paging.js';
import { objects } from './references.js';
import { removeSync } from './removal.js';
import { runRoutes } from './runs.js';
import { audit, only, shuffled, type Store, type Stored } from '../store.js';
import { typeOfConnection } from './systems.js';
import { modesOf } from './targets.js';
import { within } from '../versions.js';

const NO_MODEL = '00000000-0000-0000-0000-000000000000';

const sent = [
  'name',
  'mode',
  'active',
  'fields',
  'override_fields',
  'filters',
  'filter_logic',
  'overrides',
  'identity',
  'schedule',
  'target',
  'only_enrich_updates',
  'skip_initial_backfill',
  'sync_all_records',
  'policies',
  'encryption_passphrase',
];

const fail = (key: string, message: string): never => {
  throw new Refusal(refuse(choices.invalidStatus, key, message));
};

const modelOf = (store: Store, id: Json | undefined): Stored =>
  store.get('models', asText(id)) ?? fail('unknown_model', `model ${asText(id)} does not exist`);

/** A reference to a model's field, both ways at once: by name and by id. */
const resolved = (store: Store, entry: JsonObject): JsonObject => {
  const { field, field_id: id } = entry;
  if (isJsonObject(field)) {
    const model = modelOf(store, field['model_id']);
    const found = modelFieldId(store, model, asText(field['field']));
    return found === undefined
      ? fail('unknown_field', `model "${asText(model['name'])}" has no field "${asText(field['field'])}"`)
      : { ...entry, field_id: found };
  }
  if (typeof id !== 'string') return fail('missing_field', 'a filter needs field or field_id');
  for (const model of store.list('models')) {
    const name = modelFieldName(store, model, id);
    if (name !== undefined) return { ...entry, field: { model_id: model.id, field: name } };
  }
  return fail('unknown_field', `no field has the id ${id}`);
};

const letter = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : `${letter(Math.floor(index / 26) - 1)}${letter(index % 26)}`;

/** The name of the target: an existing one, or the one that `create` or `new_name` asks for. */
const targetObject = (store: Store, target: JsonObject): string => {
  const connection = store.get('connections', asText(target['connection_id']));
  if (connection === undefined)
    return fail('unknown_connection', `connection ${asText(target['connection_id'])} does not exist`);
  if (!typeOfConnection(store, connection).capabilities.destination)
    fail('no_target', `connection "${asText(connection['name'])}" cannot be a target`);
  const create = isJsonObject(target['create']) ? target['create'] : undefined;
  const made =
    target['new_name'] ??
    create?.['name'] ??
    (create === undefined ? undefined : Object.values(create).map(asText).join('.'));
  const object = asText(target['object'] ?? made);
  return object === '' ? fail('missing_target', 'target needs object, create or new_name') : object;
};

/** Refuses a mode without the identity that it needs. Modes of targets that are not known are all allowed. */
const checkMode = (store: Store, body: JsonObject, object: string): void => {
  const target = isJsonObject(body['target']) ? body['target'] : {};
  const connection = store.get('connections', asText(target['connection_id']));
  if (connection === undefined) return;
  const mode = modesOf(typeOfConnection(store, connection), object).find(
    (each) => each.mode === body['mode'],
  );
  if (mode?.identity === true && !isJsonObject(body['identity']))
    fail('missing_identity', `mode ${mode.mode} needs an identity`);
};

/** Checks a body and gives the object to store. */
const accept = ({ body, store }: SandboxRequest): JsonObject => {
  const fields = objects(body['fields']);
  for (const { source } of fields)
    if (isJsonObject(source) && source['model_id'] !== NO_MODEL) modelOf(store, source['model_id']);
  const target = isJsonObject(body['target']) ? body['target'] : {};
  const object = targetObject(store, target);
  checkMode(store, body, object);
  const filters = objects(body['filters']).map((filter, index): JsonObject => {
    if (filter['field_type'] !== 'Target')
      return { ...resolved(store, filter), field_type: 'Model', label: letter(index) };
    if (body['mode'] !== 'update') fail('target_filter', 'target filters need mode update');
    return { ...filter, label: letter(index) };
  });
  const overrides = objects(body['overrides']).map((override) => resolved(store, override));
  const identity = isJsonObject(body['identity'])
    ? { ...body['identity'], remote_field_type_id: body['identity']['remote_field_type_id'] ?? 'string' }
    : undefined;
  const models = fields.flatMap(({ source }) =>
    isJsonObject(source) && source['model_id'] !== NO_MODEL ? [asText(source['model_id'])] : [],
  );
  return {
    active: choices.defaultActive,
    only_enrich_updates: false,
    skip_initial_backfill: false,
    sync_all_records: false,
    ...only(body, [...sent, ...store.newer]),
    filters,
    overrides,
    ...(identity === undefined ? {} : { identity }),
    target: { ...only(target, ['connection_id', 'configuration', 'filter_logic', ...store.newer]), object },
    model_ids: [...new Set(models)],
  };
};

const read = (store: Store, sync: Stored): JsonObject => {
  const { encryption_passphrase: _passphrase, override_fields: constants, ...rest } = sync;
  const fields = [
    ...objects(sync['fields']).map((field) => ({ new: false, encryption_enabled: false, ...field })),
    ...objects(constants).map((field) => ({ ...field, source: { model_id: NO_MODEL, field: '' } })),
  ];
  const target = isJsonObject(sync['target']) ? sync['target'] : {};
  return {
    ...rest,
    fields: shuffled(fields, store),
    filters: shuffled(objects(sync['filters']), store),
    overrides: shuffled(objects(sync['overrides']), store),
    schedule: {
      minute: null,
      hour: null,
      day_of_week: '',
      run_after: null,
      ...(isJsonObject(sync['schedule']) ? sync['schedule'] : {}),
    },
    target: {
      ...target,
      configuration: target['configuration'] ?? {},
      search_values: { table: target['object'] ?? '' },
    },
    policies: sync['policies'] ?? null,
    organization_id: store.organization,
  };
};

const summary = (store: Store, sync: Stored): JsonObject => {
  const target = isJsonObject(sync['target']) ? sync['target'] : {};
  return {
    ...only(sync, [
      'id',
      'name',
      'mode',
      'active',
      'model_ids',
      'schedule',
      'only_enrich_updates',
      'skip_initial_backfill',
      'sync_all_records',
      ...audit,
    ]),
    organization_id: store.organization,
    target_connection_id: target['connection_id'] ?? null,
    target_object: target['object'] ?? null,
  };
};

const wanted = ({ store, query }: SandboxRequest): readonly Stored[] =>
  store.list('syncs').filter((sync) => {
    const target = isJsonObject(sync['target']) ? sync['target'] : {};
    return (
      (query['active'] === undefined || asText(sync['active']) === query['active']) &&
      (query['mode'] === undefined || sync['mode'] === query['mode']) &&
      (query['target_connection_id'] === undefined ||
        target['connection_id'] === query['target_connection_id'])
    );
  });

const find = ({ store, params }: SandboxRequest): Stored =>
  found(store.get('syncs', params['id'] ?? ''), 'sync');

const update = (request: SandboxRequest): Reply => {
  const { id } = find(request);
  return ok(read(request.store, request.store.replace('syncs', id, accept(request))));
};

export const syncRoutes: readonly Route[] = [
  ...runRoutes,
  ...logRoutes,
  {
    method: 'GET',
    path: '/api/syncs',
    in: within.current,
    query: ['active', 'mode', 'target_connection_id', 'page_token', 'limit'],
    answer: 'ListSyncResponseEnvelope',
    handle: (request) => page(wanted(request), request.query, (sync) => summary(request.store, sync)),
  },
  {
    method: 'GET',
    path: '/api/syncs',
    in: within.older,
    query: ['active', 'mode'],
    answer: 'OlderSyncListEnvelope',
    handle: (request) => ok(wanted(request).map((sync) => read(request.store, sync))),
  },
  {
    method: 'POST',
    path: '/api/syncs',
    body: 'CreateSyncRequest',
    answer: 'SyncResponseEnvelope',
    handle: (request) =>
      ok(read(request.store, request.store.insert('syncs', accept(request))), {}, choices.createdStatus),
  },
  {
    method: 'GET',
    path: '/api/syncs/:id',
    answer: 'SyncResponseEnvelope',
    handle: (request) => ok(read(request.store, find(request))),
  },
  ...updates({
    path: '/api/syncs/:id',
    body: 'UpdateSyncRequest',
    answer: 'SyncResponseEnvelope',
    handle: update,
  }),
  {
    method: 'DELETE',
    path: '/api/syncs/:id',
    handle: (request) => {
      removeSync(request.store, find(request).id);
      return { status: choices.deletedStatus };
    },
  },
];
