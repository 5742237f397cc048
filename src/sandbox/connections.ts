/** Connections: unique names, secrets masked, whole replacement, in-use protection. */
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { choices } from './choices.js';
import { connectionTypes, isSecret, typeOf, type SandboxType } from './connection-types.js';
import { organization } from './fixtures.js';
import { notFound, ok, refuse, Refusal, type Reply, type Route, type SandboxRequest } from './http.js';
import { only, type Store, type Stored } from './store.js';
import { asText } from '../core/text.js';

const mask = (type: SandboxType, configuration: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(configuration).map(([name, value]): [string, Json] =>
      isJsonObject(value)
        ? [name, mask(type, value)]
        : [name, isSecret(type, name) && value !== '' && value !== null ? choices.mask : value],
    ),
  );

const shown = (stored: Stored): JsonObject => {
  const type = typeOf(asText(stored['type']));
  return {
    id: stored.id,
    name: stored['name'] ?? '',
    type: { id: type.id, name: type.name, logo_url: `https://app.polytomic.com/icons/${type.id}.svg` },
    configuration: mask(type, isJsonObject(stored['configuration']) ? stored['configuration'] : {}),
    organization_id: organization.id,
    policies: stored['policies'] ?? null,
    saved: type.oauth !== true,
    status: 'healthy',
    status_error: null,
  };
};

/** As GET and lists answer. */
const read = (stored: Stored): JsonObject => ({
  ...shown(stored),
  ...only(stored, ['created_at', 'created_by', 'updated_at', 'updated_by']),
});

/** As create and update answer: no audit fields, but what only they hold. */
const written = (stored: Stored): JsonObject => ({
  ...shown(stored),
  ...only(stored, ['healthcheck_interval']),
  ...(typeOf(asText(stored['type'])).oauth === true
    ? { auth_url: `https://app.polytomic.com/connect/${stored.id}` }
    : {}),
});

const checkName = (store: Store, name: Json | undefined, own?: string): void => {
  if (store.list('connections').some((other) => other['name'] === name && other.id !== own))
    throw new Refusal(refuse(422, 'name_taken', `a connection named "${asText(name)}" exists already`));
};

/** The configuration to store: defaults added, masks turned back into what they stood for. */
const configurationOf = (type: SandboxType, body: JsonObject, before: JsonObject): JsonObject => {
  const sent = isJsonObject(body['configuration']) ? body['configuration'] : {};
  const missing = type.required.filter((name) => sent[name] === undefined);
  if (missing.length > 0 && body['validate'] !== false)
    throw new Refusal(
      refuse(
        choices.invalidStatus,
        'invalid_configuration',
        `configuration is missing ${missing.join(', ')}`,
      ),
    );
  const entries = Object.entries(sent).map(([name, value]): [string, Json] => {
    if (value !== choices.mask) return [name, value];
    const kept = before[name];
    if (kept === undefined) throw new Refusal(refuse(422, 'masked_value', `${name} is a mask, not a value`));
    return [name, kept];
  });
  if (body['validate'] !== false && entries.some(([, value]) => value === choices.wrongPassword))
    throw new Refusal(
      refuse(422, 'connection_failed', `${type.name} refused the credentials: access denied`),
    );
  return { ...type.defaults, ...Object.fromEntries(entries) };
};

const stored = ['name', 'policies', 'healthcheck_interval'];

const create = ({ body, store }: SandboxRequest): Reply => {
  checkName(store, body['name']);
  const type = typeOf(asText(body['type']));
  const configuration = configurationOf(type, body, {});
  return ok(
    written(store.insert('connections', { ...only(body, stored), type: type.id, configuration })),
    {},
    choices.createdStatus,
  );
};

const update = ({ body, store, params }: SandboxRequest): Reply => {
  const id = params['id'] ?? '';
  const before = store.get('connections', id);
  if (before === undefined) return notFound('connection');
  checkName(store, body['name'], id);
  const type = typeOf(asText(before['type']));
  if (body['type'] !== undefined && body['type'] !== type.id)
    return refuse(422, 'type_fixed', 'the type of a connection cannot change');
  const old = isJsonObject(before['configuration']) ? before['configuration'] : {};
  const configuration = configurationOf(type, body, old);
  return ok(
    written(store.replace('connections', id, { ...only(body, stored), type: type.id, configuration })),
  );
};

const targetOf = (sync: Stored): Json | undefined =>
  isJsonObject(sync['target']) ? sync['target']['connection_id'] : undefined;

const usersOf = (
  store: Store,
  id: string,
): { readonly models: readonly Stored[]; readonly syncs: readonly Stored[] } => {
  const models = store
    .list('models')
    .filter(
      ({ connection_id: from, enricher }) =>
        from === id || (isJsonObject(enricher) && enricher['connection_id'] === id),
    );
  const ids = new Set(models.map((model) => model.id));
  const syncs = store.list('syncs').filter((sync) => {
    const used = Array.isArray(sync['model_ids']) ? sync['model_ids'] : [];
    return targetOf(sync) === id || used.some((model) => ids.has(String(model)));
  });
  return { models, syncs };
};

const remove = ({ store, params, query }: SandboxRequest): Reply => {
  const id = params['id'] ?? '';
  if (store.get('connections', id) === undefined) return notFound('connection');
  const { models, syncs } = usersOf(store, id);
  const users = [
    ...models.map((model) => ({ type: 'model', name: model['name'] ?? '', id: model.id })),
    ...syncs
      .filter((sync) => targetOf(sync) === id)
      .map((sync) => ({ type: 'sync', name: sync['name'] ?? '', id: sync.id })),
  ];
  if (users.length > 0 && query['force'] !== 'true')
    return refuse(422, 'connection_in_use', 'connection in use', { used_by: users });
  for (const sync of syncs) store.remove('syncs', sync.id);
  for (const model of models) store.remove('models', model.id);
  store.remove('connections', id);
  return { status: choices.deletedStatus };
};

const schemaOf = (type: SandboxType): JsonObject => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: [...type.required],
  properties: Object.fromEntries(
    Object.entries(type.properties).map(([name, kind]) => [
      name,
      kind === 'secret'
        ? { type: 'string', title: name, sensitive: true, password: true }
        : { type: kind, title: name },
    ]),
  ),
});

export const connectionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/connection_types',
    handle: () =>
      ok(
        connectionTypes.map(({ id, name, oauth = false, source = false, destination = false }) => ({
          id,
          name,
          use_oauth: oauth,
          capabilities: { source, destination, enrichment: false, orchestration: false },
        })),
      ),
  },
  {
    method: 'GET',
    path: '/api/connection_types/:id',
    handle: ({ params }) => {
      const type = connectionTypes.find(({ id }) => id === params['id']);
      // The one answer without an envelope.
      return type === undefined ? notFound('connection type') : { status: 200, body: schemaOf(type) };
    },
  },
  { method: 'GET', path: '/api/connections', handle: ({ store }) => ok(store.list('connections').map(read)) },
  { method: 'POST', path: '/api/connections', schema: 'createConnection', handle: create },
  {
    method: 'GET',
    path: '/api/connections/:id',
    handle: ({ store, params }) => {
      const found = store.get('connections', params['id'] ?? '');
      return found === undefined ? notFound('connection') : ok(read(found));
    },
  },
  {
    // Tries credentials, over those of a stored connection where one is named, and keeps nothing.
    method: 'POST',
    path: '/api/connections/test',
    schema: 'testConnection',
    handle: ({ body, store }) => {
      const base: JsonObject | undefined =
        body['connection_id'] === undefined ? {} : store.get('connections', asText(body['connection_id']));
      if (base === undefined) return notFound('connection');
      const old = isJsonObject(base['configuration']) ? base['configuration'] : {};
      const sent = isJsonObject(body['configuration']) ? body['configuration'] : {};
      configurationOf(typeOf(asText(body['type'])), { configuration: { ...old, ...sent } }, old);
      return { status: choices.deletedStatus };
    },
  },
  ...(['PATCH', 'PUT'] as const).map((method): Route => ({
    method,
    path: '/api/connections/:id',
    in: ({ updateMethod }) => updateMethod === method,
    schema: 'updateConnection',
    handle: update,
  })),
  { method: 'DELETE', path: '/api/connections/:id', handle: remove },
];
