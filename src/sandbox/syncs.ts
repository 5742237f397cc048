/** Syncs: filter letters, resolved fields, constants among the fields, write-only parts. */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { choices } from './choices.js';
import { organization, targetModes } from './fixtures.js';
import { notFound, ok, refuse, Refusal, type Reply, type Route, type SandboxRequest } from './http.js';
import { modelFieldId, modelFieldName } from './models.js';
import { page } from './paging.js';
import { cancelRuns, runRoutes } from './runs.js';
import { only, shuffled, type Store, type Stored } from './store.js';
import { asText } from '../core/text.js';

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

const objects = (value: Json | undefined): readonly JsonObject[] =>
  isJsonArray(value) ? value.filter(isJsonObject) : [];

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
    const found = modelFieldId(model, asText(field['field']));
    return found === undefined
      ? fail('unknown_field', `model "${asText(model['name'])}" has no field "${asText(field['field'])}"`)
      : { ...entry, field_id: found };
  }
  if (typeof id !== 'string') return fail('missing_field', 'a filter needs field or field_id');
  for (const model of store.list('models')) {
    const name = modelFieldName(model, id);
    if (name !== undefined) return { ...entry, field: { model_id: model.id, field: name } };
  }
  return fail('unknown_field', `no field has the id ${id}`);
};

const letter = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : `${letter(Math.floor(index / 26) - 1)}${letter(index % 26)}`;

/** Checks a body and gives the object to store. */
const accept = ({ body, store }: SandboxRequest): JsonObject => {
  const fields = objects(body['fields']);
  for (const { source } of fields)
    if (isJsonObject(source) && source['model_id'] !== NO_MODEL) modelOf(store, source['model_id']);
  const target = isJsonObject(body['target']) ? body['target'] : {};
  if (store.get('connections', asText(target['connection_id'])) === undefined)
    fail('unknown_connection', `connection ${asText(target['connection_id'])} does not exist`);
  const create = isJsonObject(target['create']) ? target['create'] : undefined;
  const made =
    target['new_name'] ??
    create?.['name'] ??
    (create === undefined ? undefined : Object.values(create).map(asText).join('.'));
  const object = target['object'] ?? made;
  if (object === undefined) fail('missing_target', 'target needs object, create or new_name');
  const needsIdentity = targetModes.some(([mode, , , identity]) => mode === body['mode'] && identity);
  if (needsIdentity && !isJsonObject(body['identity']))
    fail('missing_identity', `mode ${asText(body['mode'])} needs an identity`);
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
    ...only(body, sent),
    filters,
    overrides,
    ...(identity === undefined ? {} : { identity }),
    target: { ...only(target, ['connection_id', 'configuration', 'filter_logic']), object: object ?? '' },
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
    organization_id: organization.id,
  };
};

const summary = (sync: Stored): JsonObject => {
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
      'created_at',
      'created_by',
      'updated_at',
      'updated_by',
    ]),
    organization_id: organization.id,
    target_connection_id: target['connection_id'] ?? null,
    target_object: target['object'] ?? null,
  };
};

const list = ({ store, query, version }: SandboxRequest): Reply => {
  const wanted = store.list('syncs').filter((sync) => {
    const target = isJsonObject(sync['target']) ? sync['target'] : {};
    return (
      (query['active'] === undefined || asText(sync['active']) === query['active']) &&
      (query['mode'] === undefined || sync['mode'] === query['mode']) &&
      (query['target_connection_id'] === undefined ||
        target['connection_id'] === query['target_connection_id'])
    );
  });
  return version.summaries ? page(wanted, query, summary) : ok(wanted.map((sync) => read(store, sync)));
};

const find = (request: SandboxRequest): Stored | undefined =>
  request.store.get('syncs', request.params['id'] ?? '');

const update = (request: SandboxRequest): Reply => {
  const before = find(request);
  if (before === undefined) return notFound('sync');
  return ok(read(request.store, request.store.replace('syncs', before.id, accept(request))));
};

export const syncRoutes: readonly Route[] = [
  ...runRoutes,
  { method: 'GET', path: '/api/syncs', handle: list },
  {
    method: 'POST',
    path: '/api/syncs',
    schema: 'sync',
    handle: (request) =>
      ok(read(request.store, request.store.insert('syncs', accept(request))), {}, choices.createdStatus),
  },
  {
    method: 'GET',
    path: '/api/syncs/:id',
    handle: (request) => {
      const found = find(request);
      return found === undefined ? notFound('sync') : ok(read(request.store, found));
    },
  },
  ...(['PATCH', 'PUT'] as const).map((method): Route => ({
    method,
    path: '/api/syncs/:id',
    in: ({ updateMethod }) => updateMethod === method,
    schema: 'sync',
    handle: update,
  })),
  {
    method: 'DELETE',
    path: '/api/syncs/:id',
    handle: (request) => {
      const found = find(request);
      if (found === undefined) return notFound('sync');
      cancelRuns(request.store, found.id);
      request.store.remove('syncs', found.id);
      return { status: choices.deletedStatus };
    },
  },
];
