/** Fields of a schema that somebody adds, and what they say of the ones that were detected. */
import { objectsIn, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { notFound, ok, refuse, type Reply, type Route, type SandboxRequest } from '../http.js';
import { overridesOf, setOf, userFields } from './source-state.js';
import { fieldIds, sourceOf } from './sources.js';
import { only } from '../store.js';
import { within } from '../versions.js';

const properties = ['label', 'type', 'path', 'definition', 'example'];

const upsert = (request: SandboxRequest): Reply => {
  const { store, body } = request;
  const { connection, schema } = sourceOf(request);
  const name = asText(schema['id']);
  const own = userFields(store, connection.id, name);
  const sent = objectsIn(body['fields']);
  const taken = sent.find(
    ({ field_id: id }) =>
      fieldIds(schema).includes(asText(id)) && !own.some((field) => field['field_id'] === id),
  );
  if (taken !== undefined)
    return refuse(400, 'field_exists', `${asText(taken['field_id'])} is a field of the system itself`);
  const kept = own.filter(({ field_id: id }) => !sent.some((field) => field['field_id'] === id));
  setOf(store, connection.id, 'fields', name, [
    ...kept,
    ...sent.map((field) => only(field, ['field_id', ...properties])),
  ]);
  return { status: choices.deletedStatus };
};

const remove = (request: SandboxRequest): Reply => {
  const { store, params } = request;
  const { connection, schema } = sourceOf(request);
  const name = asText(schema['id']);
  const own = userFields(store, connection.id, name);
  const kept = own.filter(({ field_id: id }) => id !== params['field']);
  if (kept.length === own.length) return notFound('user-defined field');
  setOf(store, connection.id, 'fields', name, [...kept]);
  return { status: choices.deletedStatus };
};

/** What is said of a field after a change: another type forgets the old one's definition, an empty path the path. */
const changed = (before: JsonObject, body: JsonObject): JsonObject => {
  const sent = only(body, properties);
  const { definition: _, ...plain } = before;
  const { path, ...rest }: JsonObject = { ...(sent['type'] === undefined ? before : plain), ...sent };
  return { ...rest, ...(path === undefined || path === '' ? {} : { path }) };
};

const patch = (request: SandboxRequest): Reply => {
  const { store, params, body } = request;
  const { connection, schema } = sourceOf(request);
  const id = params['field'] ?? '';
  if (!fieldIds(schema).includes(id)) return notFound('field');
  const name = asText(schema['id']);
  const added = userFields(store, connection.id, name);
  const isAdded = added.some((field) => field['field_id'] === id);
  const all = isAdded ? added : overridesOf(store, connection.id, name);
  const before = all.find((field) => field['field_id'] === id) ?? { field_id: id };
  const after = changed(before, body);
  setOf(
    store,
    connection.id,
    isAdded ? 'fields' : 'overrides',
    name,
    all.some((field) => field['field_id'] === id)
      ? all.map((field) => (field['field_id'] === id ? after : field))
      : [...all, after],
  );
  return ok(objectsIn(sourceOf(request).schema['fields']).find((field) => field['id'] === id) ?? {});
};

const path = '/api/connections/:id/schemas/:schema/fields';

export const schemaFieldRoutes: readonly Route[] = [
  { method: 'POST', path, body: 'UpsertSchemaFieldRequest', handle: upsert },
  { method: 'DELETE', path: `${path}/:field`, handle: remove },
  {
    method: 'PATCH',
    path: `${path}/:field`,
    in: within.current,
    body: 'PatchSchemaFieldRequest',
    answer: 'SchemaFieldResponseEnvelope',
    handle: patch,
  },
];
