/** Schemas of a connection: what its system holds, as a cache that takes a moment to build. */
import { objectsIn, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { remoteType, type Column, type SystemType } from '../catalog/catalog.js';
import { choices } from '../choices.js';
import { notFound, ok, refuse, Refusal, type Reply, type Route, type SandboxRequest } from '../http.js';
import { sourceRows } from '../moving/rows.js';
import { isCached, keysOf, overridesOf, refresh, setOf, stateOf, userFields } from './source-state.js';
import type { Store, Stored } from '../store.js';
import { connectionOf, isWaiting, typeOfConnection } from './systems.js';

interface KeyState {
  readonly detected: boolean;
  /** What somebody set: for a field of the list, and for whether there is one. */
  readonly set: readonly JsonObject[] | undefined;
}

const keyOf = (id: string, { detected, set }: KeyState): JsonObject => {
  const own = set?.find((entry) => entry['field_id'] === id)?.['is_primary_key'];
  return {
    is_primary_key: set === undefined ? detected : own === true,
    source_primary_key: detected,
    ...(own === undefined ? {} : { primary_key_override: own }),
  };
};

/** What somebody said of a field, in the words of an answer. A type without its definition has no details. */
const saidOf = ({ label, type, path, definition }: JsonObject): JsonObject => ({
  ...(label === undefined ? {} : { name: label }),
  ...(type === undefined ? {} : { type, type_spec: null }),
  ...(definition === undefined ? {} : { type_spec: definition }),
  ...(path === undefined ? {} : { path }),
  user_managed: true,
});

const fieldOf = (id: string, column: Column, said: JsonObject | undefined): JsonObject => {
  const [table, field] = /^(.+)\.(\w+)$/.exec(column.references ?? '')?.slice(1) ?? [];
  return {
    id,
    name: column.label ?? id,
    type: column.type,
    remote_type: remoteType(column),
    type_spec: { type: column.type },
    values: (column.values ?? []).map((value) => ({ label: value, value })),
    ...(table === undefined || field === undefined
      ? {}
      : { association: { id: table, name: table, reference_to: [table], referenced_field: field } }),
    ...(said === undefined ? { user_managed: false } : saidOf(said)),
  };
};

/** The names of the schemas of a connection. */
export const schemaNames = (type: SystemType): readonly string[] => Object.keys(type.tables);

/** A schema with its fields: those of the system, those that somebody added, with the keys in effect. */
export const schemaOf = (store: Store, connection: Stored, name: string): JsonObject | undefined => {
  const { tables } = typeOfConnection(store, connection);
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
  if (table === undefined) return undefined;
  const set = keysOf(store, connection.id, name);
  const overrides = overridesOf(store, connection.id, name);
  return {
    id: name,
    name: table.label ?? name,
    fields: [
      ...Object.entries(table.columns).map(([id, column]) => ({
        ...fieldOf(
          id,
          column,
          overrides.find((said) => said['field_id'] === id),
        ),
        ...keyOf(id, { detected: column.primary_key === true, set }),
      })),
      ...userFields(store, connection.id, name).map((field) => {
        const id = asText(field['field_id']);
        return {
          id,
          type: 'unknown',
          remote_type: 'user-defined',
          ...saidOf(field),
          ...keyOf(id, { detected: false, set }),
        };
      }),
    ],
  };
};

/** The ids of the fields of a schema. */
export const fieldIds = (schema: JsonObject): readonly string[] =>
  objectsIn(schema['fields']).map(({ id }) => asText(id));

/** The schema that a path names, with its connection; a 404 where there is none. */
export const sourceOf = (
  request: SandboxRequest,
): { readonly connection: Stored; readonly schema: JsonObject } => {
  const connection = connectionOf(request);
  const name = request.params['schema'] ?? '';
  const schema = schemaOf(request.store, connection, name);
  if (schema === undefined) throw new Refusal(notFound(`schema ${name}`));
  return { connection, schema };
};

const setKeys = (request: SandboxRequest): Reply => {
  const { connection, schema } = sourceOf(request);
  const sent = objectsIn(request.body['fields']);
  const unknown = sent.find(({ field_id: id }) => !fieldIds(schema).includes(asText(id)));
  if (unknown !== undefined)
    return refuse(400, 'unknown_field', `there is no field ${asText(unknown['field_id'])}`);
  setOf(request.store, connection.id, 'keys', asText(schema['id']), [...sent]);
  return { status: choices.deletedStatus };
};

const resetKeys = (request: SandboxRequest): Reply => {
  const { connection, schema } = sourceOf(request);
  setOf(request.store, connection.id, 'keys', asText(schema['id']), []);
  return { status: choices.deletedStatus };
};

const status = (request: SandboxRequest): Reply => {
  const { id } = connectionOf(request);
  const fresh = isCached(request.store, id);
  const { started, finished } = stateOf(request.store, id);
  return ok({
    cache_status: fresh ? choices.cacheStatus.fresh : choices.cacheStatus.refreshing,
    last_refresh_started: started ?? null,
    last_refresh_finished: finished ?? null,
  });
};

const startRefresh = (request: SandboxRequest): Reply => {
  const connection = connectionOf(request);
  if (isWaiting(connection)) return refuse(400, 'not_healthy', 'the connection is not authorized');
  refresh(request.store, connection.id);
  return { status: 202, headers: { location: `/api/connections/${connection.id}/schemas/status` } };
};

const records = (request: SandboxRequest): Reply => {
  const { connection, schema } = sourceOf(request);
  const rows = sourceRows(request.store, connection, asText(schema['id']));
  return ok(rows.slice(0, choices.sampleSize));
};

const path = '/api/connections/:id/schemas';

export const sourceRoutes: readonly Route[] = [
  { method: 'POST', path: `${path}/refresh`, handle: startRefresh },
  { method: 'GET', path: `${path}/status`, answer: 'BulkSyncSourceStatusEnvelope', handle: status },
  {
    method: 'GET',
    path: `${path}/:schema`,
    answer: 'BulkSyncSourceSchemaEnvelope',
    handle: (request) => ok(sourceOf(request).schema),
  },
  {
    method: 'GET',
    path: `${path}/:schema/records`,
    answer: 'SchemaRecordsResponseEnvelope',
    handle: records,
  },
  {
    method: 'PUT',
    path: `${path}/:schema/primary_keys`,
    body: 'SetPrimaryKeysRequest',
    handle: setKeys,
  },
  { method: 'DELETE', path: `${path}/:schema/primary_keys`, handle: resetKeys },
];
