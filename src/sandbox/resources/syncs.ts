/** Syncs: filter letters, resolved fields, constants among the fields, write-only parts. */
import { objectsIn, isJsonObject, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { found, ok, updates, type Reply, type Route, type SandboxRequest } from '../http.js';
import { logRoutes } from './logs.js';
import { page } from './paging.js';
import { within } from './references.js';
import { removeSync } from './removal.js';
import { runRoutes } from './runs.js';
import { audit, only, shuffled, type Store, type Stored } from '../store.js';
import { bothShapes, isNewer, settled } from './sync-forms.js';
import { fail, fieldIdOf, modelOf, NO_MODEL, problemsOf, resolved } from './sync-references.js';
import { typeOfConnection } from './systems.js';
import { modesOf } from './targets.js';
import { within as inVersions, type Version, type Within } from '../versions.js';

const kept = [
  'name',
  'mode',
  'active',
  'fields',
  'override_fields',
  'overrides',
  'schedule',
  'target',
  'only_enrich_updates',
  'skip_initial_backfill',
  'sync_all_records',
  'policies',
  'encryption_passphrase',
];

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

/** Refuses what the mode or the target does not offer. Of targets that are not known everything is allowed. */
const checkTarget = (store: Store, body: JsonObject, object: string, shapes: JsonObject): void => {
  const connection = store.get('connections', asText(within(body['target'], 'connection_id')));
  if (connection === undefined) return;
  const type = typeOfConnection(store, connection);
  const mode = modesOf(type, object).find((each) => each.mode === body['mode']);
  const { length: mappings } = objectsIn(within(shapes['identities'], 'mappings'));
  if (mode?.identity === true && mappings === 0)
    fail('missing_identity', `mode ${mode.mode} needs an identity`);
  const can = (ability: string): boolean => type.targetProperties[ability] !== false;
  if (mappings > 1 && !can('supports_multiple_identities'))
    fail('several_identities', `${object} takes one identity`);
  const filters = objectsIn(within(shapes['target_filters'], 'conditions'));
  if (filters.length > 0 && !(mode?.targetFilters ?? body['mode'] === 'update'))
    fail('target_filter', `mode ${asText(body['mode'])} of ${object} takes no target filters`);
  for (const { value, value_source: from } of filters) {
    if (!isJsonObject(from)) continue;
    if (value !== undefined) fail('two_values', 'a condition has value or value_source, not both');
    if (type.targetProperties['supports_filter_value_fields'] !== true)
      fail('value_source', `filters of ${object} cannot be compared with a field`);
  }
};

/** Refuses what names fields that are not there. */
const checkFields = (
  store: Store,
  { model_filters: ofModel, target_filters: ofTarget }: JsonObject,
): void => {
  for (const [list, name] of [
    [ofModel, 'source'],
    [ofTarget, 'value_source'],
  ] as const)
    for (const { [name]: source } of objectsIn(within(list, 'conditions')))
      if (isJsonObject(source)) fieldIdOf(store, source);
};

/** Of `override_fields`, those with a source are mappings like any other; their encryption is not looked at. */
const mappingsOf = ({ fields, override_fields: more }: JsonObject): readonly (readonly JsonObject[])[] => {
  const isMapping = ({ source }: JsonObject): boolean => isJsonObject(source);
  return [
    [
      ...objectsIn(fields),
      ...objectsIn(more)
        .filter(isMapping)
        .map(({ encryption_enabled: _, ...field }) => ({ sync_mode: 'updateOrCreate', ...field })),
    ],
    objectsIn(more).filter((field) => !isMapping(field)),
  ];
};

/** A body as an older version reads it: what it does not know is nothing to it. */
const olderBody = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !isNewer(name)));

/** A filter without what older versions have no word for. */
const olderFilter = ({ value_field: _, ...filter }: JsonObject): JsonObject => filter;

/** Checks a body and gives the object to store; `before` is the one that it replaces. */
const accept = ({ body: sent, store, version }: SandboxRequest, before?: Stored): JsonObject => {
  const body = version.current ? sent : olderBody(sent);
  const [fields = [], constants = []] = mappingsOf(body);
  for (const { source } of fields)
    if (isJsonObject(source) && source['model_id'] !== NO_MODEL) modelOf(store, source['model_id']);
  const several = objectsIn(within(before?.['identities'], 'mappings')).length > 1;
  if (several && !isJsonObject(body['identities']))
    fail('missing_identities', 'the sync has several identities: name them in identities');
  const compared = objectsIn(within(before?.['target_filters'], 'conditions')).some(
    (each) => each['value_source'],
  );
  if (compared && !version.current)
    fail(
      'newer_filters',
      'the sync has filters that this version has no words for: update it by a newer one',
    );
  const object = targetObject(store, isJsonObject(body['target']) ? body['target'] : {});
  const { shapes, target } = bothShapes(body, store);
  checkTarget(store, body, object, shapes);
  checkFields(store, shapes);
  const overrides = objectsIn(body['overrides']).map((override) => resolved(store, override));
  const models = fields.flatMap(({ source }) =>
    isJsonObject(source) && source['model_id'] !== NO_MODEL ? [asText(source['model_id'])] : [],
  );
  return {
    active: choices.defaultActive,
    only_enrich_updates: false,
    skip_initial_backfill: false,
    sync_all_records: false,
    ...only(body, [...kept, ...store.newer]),
    ...shapes,
    fields,
    override_fields: constants,
    overrides,
    target: { ...only(target, ['connection_id', 'configuration', 'filter_logic', ...store.newer]), object },
    model_ids: [...new Set(models)],
  };
};

/** The answer of a version; `sync` may come from a file of an older sandbox, which kept one shape. */
const read = (store: Store, stored: Stored, { current }: Version): JsonObject => {
  const sync = stored['model_filters'] === undefined ? settled(stored, {}, store) : stored;
  const { encryption_passphrase: _passphrase, override_fields: constants, ...whole } = sync;
  const rest: JsonObject = current
    ? { ...whole, problems: problemsOf(store, sync) }
    : { ...olderBody(whole), filters: objectsIn(whole['filters']).map(olderFilter) };
  const fields = [
    ...objectsIn(sync['fields']).map((field) => ({ new: false, encryption_enabled: false, ...field })),
    ...objectsIn(constants).map((field) => ({ ...field, source: { model_id: NO_MODEL, field: '' } })),
  ];
  const target = isJsonObject(sync['target']) ? sync['target'] : {};
  return {
    ...rest,
    fields: shuffled(fields, store),
    filters: shuffled(objectsIn(rest['filters']), store),
    overrides: shuffled(objectsIn(sync['overrides']), store),
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
  const before = find(request);
  return ok(
    read(request.store, request.store.replace('syncs', before.id, accept(request, before)), request.version),
  );
};

/** A route in two versions: with the newer shapes beside the older ones, and without. */
const twice = (
  { body, ...route }: Route,
  current = 'SyncResponseEnvelope',
  older = 'OlderSyncEnvelope',
): readonly Route[] => {
  const within =
    (is: Within): Within =>
    (version) =>
      is(version) && (route.in ?? is)(version);
  return [
    { ...route, ...(body === undefined ? {} : { body }), in: within(inVersions.current), answer: current },
    {
      ...route,
      ...(body === undefined ? {} : { body: `Older${body}` }),
      in: within(inVersions.older),
      answer: older,
    },
  ];
};

export const syncRoutes: readonly Route[] = [
  ...runRoutes,
  ...logRoutes,
  {
    method: 'GET',
    path: '/api/syncs',
    in: inVersions.current,
    query: ['active', 'mode', 'target_connection_id', 'page_token', 'limit'],
    answer: 'ListSyncResponseEnvelope',
    handle: (request) => page(wanted(request), request.query, (sync) => summary(request.store, sync)),
  },
  {
    method: 'GET',
    path: '/api/syncs',
    in: inVersions.older,
    query: ['active', 'mode'],
    answer: 'OlderSyncListEnvelope',
    handle: (request) => ok(wanted(request).map((sync) => read(request.store, sync, request.version))),
  },
  ...twice({
    method: 'POST',
    path: '/api/syncs',
    body: 'CreateSyncRequest',
    handle: (request) =>
      ok(
        read(request.store, request.store.insert('syncs', accept(request)), request.version),
        {},
        choices.createdStatus,
      ),
  }),
  ...twice({
    method: 'GET',
    path: '/api/syncs/:id',
    handle: (request) => ok(read(request.store, find(request), request.version)),
  }),
  ...updates({ path: '/api/syncs/:id', body: 'UpdateSyncRequest', handle: update }).flatMap((route) =>
    twice(route),
  ),
  {
    method: 'DELETE',
    path: '/api/syncs/:id',
    handle: (request) => {
      removeSync(request.store, find(request).id);
      return { status: choices.deletedStatus };
    },
  },
];
