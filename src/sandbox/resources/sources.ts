/** Schemas of a connection: what its system holds, as a cache that takes a moment to build. */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { recordOf, remoteType, type Column, type SystemType } from '../catalog/catalog.js';
import { choices } from '../choices.js';
import { notFound, ok, refuse, Refusal, type Reply, type Route, type SandboxRequest } from '../http.js';
import { objects } from './references.js';
import type { Store, Stored } from '../store.js';
import { connectionOf, isWaiting, typeOfConnection } from './systems.js';

/** What somebody set on top of what the system holds, and how far its cache is. */
const stateOf = (store: Store, connection: string): Stored =>
  store.get('sources', connection) ?? { id: connection };

/** Whether the cache is there; each time somebody asks, it comes closer. */
export const isCached = (store: Store, connection: string): boolean => {
  const state = stateOf(store, connection);
  if (state['finished'] !== undefined) return true;
  const looks = Number(state['looks'] ?? 0) + 1;
  const now = store.now();
  store.touch('sources', connection, {
    looks,
    started: state['started'] ?? now,
    ...(looks < store.looks ? {} : { finished: now }),
  });
  return looks >= store.looks;
};

const refresh = (store: Store, connection: string): void => {
  const { finished: _, ...rest } = stateOf(store, connection);
  store.remove('sources', connection);
  store.touch('sources', connection, { ...rest, looks: 0, started: store.now() });
};

const userFields = (store: Store, connection: string, schema: string): readonly JsonObject[] => {
  const { fields } = stateOf(store, connection);
  return objects(isJsonObject(fields) && Object.hasOwn(fields, schema) ? fields[schema] : undefined);
};

const keysOf = (store: Store, connection: string, schema: string): readonly JsonObject[] | undefined => {
  const { keys } = stateOf(store, connection);
  const own = isJsonObject(keys) && Object.hasOwn(keys, schema) ? keys[schema] : undefined;
  return isJsonArray(own) && own.length > 0 ? objects(own) : undefined;
};

const setOf = (
  store: Store,
  connection: string,
  part: 'fields' | 'keys',
  schema: string,
  value: Json,
): void => {
  const before = stateOf(store, connection)[part];
  store.touch('sources', connection, {
    [part]: { ...(isJsonObject(before) ? before : {}), [schema]: value },
  });
};

const fieldOf = (id: string, column: Column, isKey: boolean): JsonObject => {
  const [table, field] = /^(.+)\.(\w+)$/.exec(column.references ?? '')?.slice(1) ?? [];
  return {
    id,
    name: column.label ?? id,
    type: column.type,
    remote_type: remoteType(column),
    type_spec: { type: column.type },
    is_primary_key: isKey,
    values: (column.values ?? []).map((value) => ({ label: value, value })),
    ...(table === undefined || field === undefined
      ? {}
      : { association: { id: table, name: table, reference_to: [table], referenced_field: field } }),
  };
};

/** The names of the schemas of a connection. */
export const schemaNames = (type: SystemType): readonly string[] => Object.keys(type.tables);

/** A schema with its fields: those of the system, those that somebody added, with the keys in effect. */
export const schemaOf = (store: Store, connection: Stored, name: string): JsonObject | undefined => {
  const { tables } = typeOfConnection(store, connection);
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
  if (table === undefined) return undefined;
  const keys = keysOf(store, connection.id, name);
  const isKey = (id: string, detected: boolean): boolean =>
    keys === undefined
      ? detected
      : keys.some((entry) => entry['field_id'] === id && entry['is_primary_key'] === true);
  return {
    id: name,
    name: table.label ?? name,
    fields: [
      ...Object.entries(table.columns).map(([id, column]) =>
        fieldOf(id, column, isKey(id, column.primary_key === true)),
      ),
      ...userFields(store, connection.id, name).map((field) => {
        const id = asText(field['field_id']);
        return {
          id,
          name: field['label'] ?? '',
          type: field['type'] ?? 'unknown',
          remote_type: 'user-defined',
          is_primary_key: isKey(id, false),
        };
      }),
    ],
  };
};

const fieldIds = (schema: JsonObject): readonly string[] =>
  objects(schema['fields']).map(({ id }) => asText(id));

const source = (request: SandboxRequest): { readonly connection: Stored; readonly schema: JsonObject } => {
  const connection = connectionOf(request);
  const name = request.params['schema'] ?? '';
  const schema = schemaOf(request.store, connection, name);
  if (schema === undefined) throw new Refusal(notFound(`schema ${name}`));
  return { connection, schema };
};

const upsertFields = (request: SandboxRequest): Reply => {
  const { store, body } = request;
  const { connection, schema } = source(request);
  const name = asText(schema['id']);
  const own = userFields(store, connection.id, name);
  const sent = objects(body['fields']);
  const taken = sent.find(
    ({ field_id: id }) =>
      fieldIds(schema).includes(asText(id)) && !own.some((field) => field['field_id'] === id),
  );
  if (taken !== undefined)
    return refuse(400, 'field_exists', `${asText(taken['field_id'])} is a field of the system itself`);
  const kept = own.filter(({ field_id: id }) => !sent.some((field) => field['field_id'] === id));
  setOf(store, connection.id, 'fields', name, [...kept, ...sent]);
  return { status: choices.deletedStatus };
};

const deleteField = (request: SandboxRequest): Reply => {
  const { store, params } = request;
  const { connection, schema } = source(request);
  const name = asText(schema['id']);
  const own = userFields(store, connection.id, name);
  const kept = own.filter(({ field_id: id }) => id !== params['field']);
  if (kept.length === own.length) return notFound('user-defined field');
  setOf(store, connection.id, 'fields', name, [...kept]);
  return { status: choices.deletedStatus };
};

const setKeys = (request: SandboxRequest): Reply => {
  const { connection, schema } = source(request);
  const sent = objects(request.body['fields']);
  const unknown = sent.find(({ field_id: id }) => !fieldIds(schema).includes(asText(id)));
  if (unknown !== undefined)
    return refuse(400, 'unknown_field', `there is no field ${asText(unknown['field_id'])}`);
  setOf(request.store, connection.id, 'keys', asText(schema['id']), [...sent]);
  return { status: choices.deletedStatus };
};

const resetKeys = (request: SandboxRequest): Reply => {
  const { connection, schema } = source(request);
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
  const { connection, schema } = source(request);
  const { tables } = typeOfConnection(request.store, connection);
  const columns = tables[asText(schema['id'])]?.columns ?? {};
  return ok(Array.from({ length: choices.sampleSize }, (_, index) => recordOf(columns, index + 1)));
};

const path = '/api/connections/:id/schemas';

export const sourceRoutes: readonly Route[] = [
  { method: 'POST', path: `${path}/refresh`, handle: startRefresh },
  { method: 'GET', path: `${path}/status`, answer: 'BulkSyncSourceStatusEnvelope', handle: status },
  {
    method: 'GET',
    path: `${path}/:schema`,
    answer: 'BulkSyncSourceSchemaEnvelope',
    handle: (request) => ok(source(request).schema),
  },
  {
    method: 'GET',
    path: `${path}/:schema/records`,
    answer: 'SchemaRecordsResponseEnvelope',
    handle: records,
  },
  {
    method: 'POST',
    path: `${path}/:schema/fields`,
    body: 'UpsertSchemaFieldRequest',
    handle: upsertFields,
  },
  { method: 'DELETE', path: `${path}/:schema/fields/:field`, handle: deleteField },
  {
    method: 'PUT',
    path: `${path}/:schema/primary_keys`,
    body: 'SetPrimaryKeysRequest',
    handle: setKeys,
  },
  { method: 'DELETE', path: `${path}/:schema/primary_keys`, handle: resetKeys },
];
