/** Schemas of a bulk sync: which of the source's are copied, and how. */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { bulkSyncOf, cancelBulkRuns } from './bulk-executions.js';
import { availableSchemas, selectionKey } from './bulk-selection.js';
import { choices } from '../choices.js';
import {
  jsonParameter,
  notFound,
  ok,
  refuse,
  Refusal,
  type Reply,
  type Route,
  type SandboxRequest,
} from '../http.js';
import { objects } from './references.js';
import { schemaNames, schemaOf } from './sources.js';
import { only, type Store, type Stored } from '../store.js';
import { typeOfConnection } from './systems.js';

const settings = [
  'enabled',
  'filters',
  'partition_key',
  'tracking_field',
  'user_output_name',
  'data_cutoff_timestamp',
  'disable_data_cutoff',
];

/** Names as the destination has them: in small letters, with one underscore for anything else. */
const outputName = (sync: Stored, name: string): string =>
  sync['normalize_names'] === 'disabled' ? name : name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');

const sourceOf = (store: Store, sync: Stored): Stored | undefined =>
  store.get('connections', asText(sync['source_connection_id']));

const fieldsSent = (value: Json | undefined): readonly JsonObject[] =>
  (isJsonArray(value) ? value : []).map((field): JsonObject =>
    isJsonObject(field)
      ? {
          ...only(field, ['id', 'enabled', 'user_output_name']),
          // A create says obfuscate, everything else obfuscated.
          obfuscated: field['obfuscated'] ?? field['obfuscate'] ?? false,
        }
      : { id: field, enabled: true },
  );

const write = (store: Store, sync: Stored, schema: string, sent: JsonObject): void => {
  const key = selectionKey(sync, schema);
  const settled = {
    ...only(sent, settings),
    enabled: sent['enabled'] ?? true,
    fields: [...fieldsSent(sent['fields'])],
    bulk_sync_id: sync.id,
    schema_id: schema,
  };
  if (store.get('bulkSchemas', key) === undefined) store.insert('bulkSchemas', { ...settled, id: key });
  else store.replace('bulkSchemas', key, settled);
};

/** Selects what a body asks for, or all; what it does not name is not copied. Refuses unknown schemas. */
export const selectSchemas = (
  store: Store,
  sync: Stored,
  source: Stored,
  asked: readonly Json[] | undefined,
): void => {
  const available = schemaNames(typeOfConnection(store, source));
  const wanted = (asked ?? available).map((item): JsonObject => (isJsonObject(item) ? item : { id: item }));
  const unknown = wanted.find(({ id }) => !available.includes(asText(id)));
  if (unknown !== undefined)
    throw new Refusal(
      refuse(choices.invalidStatus, 'unknown_schema', `the source has no schema ${asText(unknown['id'])}`),
    );
  for (const name of available)
    write(store, sync, name, wanted.find(({ id }) => id === name) ?? { enabled: false });
};

/** A schema as the sync has it: with all the fields of the source, filled in. */
const read = (store: Store, sync: Stored, name: string): JsonObject | undefined => {
  const source = sourceOf(store, sync);
  const schema = source === undefined ? undefined : schemaOf(store, source, name);
  if (schema === undefined) return undefined;
  const own: JsonObject = store.get('bulkSchemas', selectionKey(sync, name)) ?? { enabled: false };
  const fields = objects(own['fields']);
  return {
    id: name,
    enabled: false,
    disable_data_cutoff: false,
    partition_key: '',
    tracking_field: '',
    user_output_name: '',
    filters: [],
    ...only(own, settings),
    output_name:
      asText(own['user_output_name']) === '' ? outputName(sync, name) : (own['user_output_name'] ?? ''),
    fields: objects(schema['fields']).map((field) => {
      const set = fields.find(({ id }) => id === field['id']);
      const custom = asText(set?.['user_output_name']);
      return {
        id: field['id'] ?? '',
        enabled: set?.['enabled'] ?? true,
        obfuscated: set?.['obfuscated'] ?? false,
        user_output_name: custom,
        output_name: custom === '' ? outputName(sync, asText(field['id'])) : custom,
      };
    }),
  };
};

const list = (request: SandboxRequest): Reply => {
  const sync = bulkSyncOf(request);
  const filters = jsonParameter(request.query, 'filters');
  const enabled = filters['enabled'] ?? request.query['filters[enabled]'];
  return ok(
    availableSchemas(request.store, sync)
      .flatMap((name): readonly JsonObject[] => {
        const schema = read(request.store, sync, name);
        return schema === undefined ? [] : [schema];
      })
      .filter((schema) => enabled === undefined || asText(schema['enabled']) === asText(enabled))
      .map(({ fields: _fields, filters: _filters, ...summary }) => summary),
  );
};

const patch = (request: SandboxRequest): Reply => {
  const { store, body } = request;
  const sync = bulkSyncOf(request);
  const sent = objects(body['schemas']);
  const known = availableSchemas(store, sync);
  const unknown = sent.find(({ id }) => !known.includes(asText(id)));
  if (unknown !== undefined) return notFound(`schema ${asText(unknown['id'])}`);
  for (const schema of sent) {
    const name = asText(schema['id']);
    const before = store.get('bulkSchemas', selectionKey(sync, name)) ?? {};
    // What is not sent stays, but for the fields: without them all are on.
    write(store, sync, name, { ...before, fields: [], ...only(schema, [...settings, 'fields']) });
  }
  return ok(sent.flatMap(({ id }) => read(store, sync, asText(id)) ?? []));
};

const withOne =
  (handle: (request: SandboxRequest, sync: Stored, name: string) => Reply) =>
  (request: SandboxRequest): Reply => {
    const sync = bulkSyncOf(request);
    const name = request.params['schema'] ?? '';
    return availableSchemas(request.store, sync).includes(name)
      ? handle(request, sync, name)
      : notFound('schema');
  };

const shown = ({ store }: SandboxRequest, sync: Stored, name: string): Reply => {
  const schema = read(store, sync, name);
  return schema === undefined ? notFound('schema') : ok(schema);
};

const path = '/api/bulk/syncs/:id/schemas';

export const bulkSchemaRoutes: readonly Route[] = [
  { method: 'GET', path, query: ['filters'], answer: 'ListBulkSchemaEnvelope', handle: list },
  {
    method: 'PATCH',
    path,
    body: 'UpdateBulkSyncSchemasRequest',
    answer: 'UpdateBulkSyncSchemasEnvelope',
    handle: patch,
  },
  { method: 'GET', path: `${path}/:schema`, answer: 'BulkSchemaEnvelope', handle: withOne(shown) },
  {
    method: 'PUT',
    path: `${path}/:schema`,
    body: 'UpdateBulkSchema',
    answer: 'BulkSchemaEnvelope',
    handle: withOne((request, sync, name) => {
      write(request.store, sync, name, request.body);
      return shown(request, sync, name);
    }),
  },
  {
    method: 'POST',
    path: `${path}/:schema/cancel`,
    answer: 'CancelBulkSyncResponseEnvelope',
    handle: withOne(({ store }, sync, name) => {
      cancelBulkRuns(store, sync.id, name);
      return ok({ message: `${name} is being canceled` });
    }),
  },
];
