/** Connections: unique names, secrets masked, whole replacement, in-use protection. */
import { isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import type { SystemType } from '../catalog/catalog.js';
import { defaultsOf, isMasked, isServerKept, problemOf, serverProperties } from '../catalog/configuration.js';
import { choices } from '../choices.js';
import { found, ok, refuse, Refusal, updates, type Reply, type Route, type SandboxRequest } from '../http.js';
import { usersOf } from './references.js';
import { removeBulkSync, removeConnection, removeSync } from './removal.js';
import { audit, only, type Store, type Stored } from '../store.js';
import { connectionOf, isWaiting, logosOf, typeOfConnection } from './systems.js';
import { callsOfADay } from './usage.js';

const mask = (type: SystemType, configuration: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(configuration).map(([name, value]): [string, Json] =>
      isMasked(type, name, value)
        ? [name, choices.mask]
        : [name, isJsonObject(value) ? mask(type, value) : value],
    ),
  );

const shown = (store: Store, stored: Stored): JsonObject => {
  const type = typeOfConnection(store, stored);
  const waiting = isWaiting(stored);
  return {
    id: stored.id,
    name: stored['name'] ?? '',
    type: { id: type.id, name: type.name, ...logosOf(type) },
    configuration: mask(type, isJsonObject(stored['configuration']) ? stored['configuration'] : {}),
    organization_id: store.organization,
    policies: stored['policies'] ?? null,
    ...only(stored, store.newer),
    saved: !waiting,
    status: waiting ? choices.connectionStatus.waiting : choices.connectionStatus.healthy,
    status_error: null,
  };
};

/** The mark that a system refused calls, where there is one (an edit sets it) and it holds still. */
const rateLimitOf = (store: Store, { rate_limit: limit }: Stored): JsonObject =>
  isJsonObject(limit) && asText(limit['expires_at']) > store.now()
    ? { ...only(limit, ['limited_since', 'expires_at']), currently_limited: true }
    : { currently_limited: false, limited_since: null, expires_at: null };

/** As GET and lists answer. */
export const readConnection = (store: Store, stored: Stored): JsonObject => {
  const { capabilities } = typeOfConnection(store, stored);
  const { type, ...rest } = shown(store, stored);
  return {
    ...rest,
    type: {
      ...(isJsonObject(type) ? type : {}),
      operations: Object.entries(capabilities).flatMap(([name, able]) => (able ? [name] : [])),
    },
    ...only(stored, ['parent_connection_id']),
    api_calls_last_24_hours: callsOfADay(store, stored),
    rate_limit: rateLimitOf(store, stored),
    ...only(stored, audit),
  };
};

/** As create and update answer: no audit fields, but what only they hold. */
const written = ({ store, baseUrl }: SandboxRequest, stored: Stored): JsonObject => ({
  ...shown(store, stored),
  ...only(stored, ['healthcheck_interval']),
  ...(isWaiting(stored)
    ? {
        auth_url: `${baseUrl}/_sandbox/authorize/${store.organization}/${stored.id}`,
        auth_code: stored.id.slice(0, 8).toUpperCase(),
      }
    : {}),
});

/** Refuses a name that another connection of the organization has. */
export const checkName = (store: Store, name: Json | undefined, own?: string): void => {
  if (store.list('connections').some((other) => other['name'] === name && other.id !== own))
    throw new Refusal(refuse(422, 'name_taken', `a connection named "${asText(name)}" exists already`));
};

/** A value of a configuration as it is stored: a mask is turned back into what it stood for. */
const unmasked = (name: string, value: Json, before: Json | undefined): Json => {
  if (isJsonObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([inner, entry]) => [
        inner,
        unmasked(`${name}.${inner}`, entry, isJsonObject(before) ? before[inner] : undefined),
      ]),
    );
  if (value !== choices.mask) return value;
  if (before !== undefined) return before;
  throw new Refusal(refuse(422, 'masked_value', `${name} is a mask, not a value`));
};

/** The configuration to store: checked, with defaults, without what only the server writes. */
export const configurationOf = (type: SystemType, body: JsonObject, before: JsonObject): JsonObject => {
  const sent = isJsonObject(body['configuration']) ? body['configuration'] : {};
  const own = Object.entries(sent).filter(([name]) => !isServerKept(type, name));
  const problem = body['validate'] === false ? undefined : problemOf(type, Object.fromEntries(own));
  if (problem !== undefined)
    throw new Refusal(refuse(choices.invalidStatus, 'invalid_configuration', problem));
  const entries = own.map(([name, value]): [string, Json] => [name, unmasked(name, value, before[name])]);
  if (body['validate'] !== false && entries.some(([, value]) => value === choices.wrongPassword))
    throw new Refusal(
      refuse(422, 'connection_failed', `${type.name} refused the credentials: access denied`),
    );
  const kept = Object.entries(before).filter(([name]) => isServerKept(type, name));
  return { ...defaultsOf(type), ...Object.fromEntries([...kept, ...entries]) };
};

/** What the server notes beside what was sent. */
const markers = ['proxy_enabled', 'rate_limit'];
const stored = ['name', 'policies', 'healthcheck_interval', 'parent_connection_id'];

/** Makes a connection; an OAuth type without a token of its own waits for somebody with a browser. */
export const insertConnection = (store: Store, body: JsonObject): Stored => {
  checkName(store, body['name']);
  const type = store.catalog.typeOf(asText(body['type']));
  const configuration = configurationOf(type, body, {});
  const waiting = type.oauth && configuration['oauth_refresh_token'] === undefined;
  return store.insert('connections', {
    ...only(body, [...stored, ...store.newer]),
    type: type.id,
    configuration: waiting ? configuration : { ...configuration, ...serverProperties(type) },
    authorized: !waiting,
    ...only(body, ['redirect_url']),
  });
};

const update = (request: SandboxRequest): Reply => {
  const { body, store } = request;
  const before = connectionOf(request);
  checkName(store, body['name'], before.id);
  const type = typeOfConnection(store, before);
  if (body['type'] != null && body['type'] !== type.id)
    return refuse(422, 'type_fixed', 'the type of a connection cannot change');
  const old = isJsonObject(before['configuration']) ? before['configuration'] : {};
  const changed = store.replace('connections', before.id, {
    ...only(body, [...stored, ...store.newer]),
    ...only(before, ['parent_connection_id', 'redirect_url', ...markers]),
    type: type.id,
    configuration: configurationOf(type, body, old),
    authorized: before['authorized'] !== false && !(type.oauth && body['reconnect'] === true),
  });
  return ok(written(request, changed));
};

const remove = (request: SandboxRequest): Reply => {
  const { store, query } = request;
  const { id } = connectionOf(request);
  const { models, syncs, bulkSyncs, dependants } = usersOf(store, id);
  const users = [
    ...models.map((model) => ({ type: 'model', name: model['name'] ?? '', id: model.id })),
    ...syncs.map((sync) => ({ type: 'sync', name: sync['name'] ?? '', id: sync.id })),
    ...bulkSyncs.map((sync) => ({ type: 'bulk_sync', name: sync['name'] ?? '', id: sync.id })),
  ];
  if (users.length > 0 && query['force'] !== 'true')
    return refuse(422, 'connection_in_use', 'connection in use', { used_by: users });
  for (const sync of new Set([...syncs, ...dependants])) removeSync(store, sync.id);
  for (const sync of bulkSyncs) removeBulkSync(store, sync.id);
  for (const model of models) store.remove('models', model.id);
  removeConnection(store, id);
  return { status: choices.deletedStatus };
};

/** Tries credentials, over those of a stored connection where one is named, and keeps nothing. */
const test = ({ body, store }: SandboxRequest): Reply => {
  const base: JsonObject =
    body['connection_id'] == null
      ? {}
      : found(store.get('connections', asText(body['connection_id'])), 'connection');
  const old = isJsonObject(base['configuration']) ? base['configuration'] : {};
  const sent = isJsonObject(body['configuration']) ? body['configuration'] : {};
  configurationOf(store.catalog.typeOf(asText(body['type'])), { configuration: { ...old, ...sent } }, old);
  return { status: choices.deletedStatus };
};

export const connectionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/connections',
    answer: 'ConnectionListResponseEnvelope',
    handle: ({ store }) =>
      ok(store.list('connections').map((connection) => readConnection(store, connection))),
  },
  {
    method: 'POST',
    path: '/api/connections',
    body: 'CreateConnectionRequestSchema',
    answer: 'CreateConnectionResponseEnvelope',
    handle: (request) =>
      ok(written(request, insertConnection(request.store, request.body)), {}, choices.createdStatus),
  },
  {
    method: 'POST',
    path: '/api/connections/test',
    body: 'TestConnectionRequest',
    handle: test,
  },
  {
    method: 'GET',
    path: '/api/connections/:id',
    answer: 'ConnectionResponseEnvelope',
    handle: (request) => ok(readConnection(request.store, connectionOf(request))),
  },
  ...updates({
    path: '/api/connections/:id',
    body: 'UpdateConnectionRequestSchema',
    answer: 'CreateConnectionResponseEnvelope',
    handle: update,
  }),
  { method: 'DELETE', path: '/api/connections/:id', query: ['force'], handle: remove },
];
