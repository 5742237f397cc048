/** What is on top of the schemas of a connection: how far the cache is, and what somebody set. */
import { objectsIn, isJsonArray, isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import type { Store, Stored } from '../store.js';

/** What somebody set on top of what the system holds, and how far its cache is. */
export const stateOf = (store: Store, connection: string): Stored =>
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

/** Builds the cache anew. */
export const refresh = (store: Store, connection: string): void => {
  const { finished: _, ...rest } = stateOf(store, connection);
  store.remove('sources', connection);
  store.touch('sources', connection, { ...rest, looks: 0, started: store.now() });
};

/** Of a schema: `fields` that somebody added, `overrides` of detected ones, `keys` that were set. */
type Part = 'fields' | 'overrides' | 'keys';

/** What somebody set for a schema, or undefined. */
const partOf = (store: Store, connection: string, part: Part, schema: string): Json | undefined => {
  const value = stateOf(store, connection)[part];
  return isJsonObject(value) && Object.hasOwn(value, schema) ? value[schema] : undefined;
};

/** The fields that somebody added to a schema. */
export const userFields = (store: Store, connection: string, schema: string): readonly JsonObject[] =>
  objectsIn(partOf(store, connection, 'fields', schema));

/** What somebody changed of detected fields of a schema. */
export const overridesOf = (store: Store, connection: string, schema: string): readonly JsonObject[] =>
  objectsIn(partOf(store, connection, 'overrides', schema));

/** The keys that were set for a schema, or undefined where those of the system hold. */
export const keysOf = (
  store: Store,
  connection: string,
  schema: string,
): readonly JsonObject[] | undefined => {
  const own = partOf(store, connection, 'keys', schema);
  return isJsonArray(own) && own.length > 0 ? objectsIn(own) : undefined;
};

/** Sets a part of what is on top of a schema. */
export const setOf = (store: Store, connection: string, part: Part, schema: string, value: Json): void => {
  const before = stateOf(store, connection)[part];
  store.touch('sources', connection, {
    [part]: { ...(isJsonObject(before) ? before : {}), [schema]: value },
  });
};
