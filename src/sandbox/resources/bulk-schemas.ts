/** Schemas of a bulk sync: which of the source's are copied, and how. */
import { objectsIn, isJsonArray, isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { bulkSyncOf, cancelBulkRuns } from './bulk-executions.js';
import { availableSchemas, keepsHistory, selectionKey } from './bulk-selection.js';
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
import { schemaNames, schemaOf } from './sources.js';
import { only, type Store, type Stored } from '../store.js';
import { typeOfConnection } from './systems.js';

/** What an update that does not name it leaves as it is. */
const kept = ['history_enabled', 'user_output_name'];

const settings = [
  ...kept,
  'enabled',
  'filters',
  'partition_key',
  'tracking_field',
  'data_cutoff_timestamp',
  'disable_data_cutoff',
];

/** Names as the destination has them: in small letters, with one underscore for anything else. */
const outputName = (sync: Stored, name: string): string =>
  sync['normalize_names'] === 'disabled' ? name : name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');

const sourceOf = (store: Store, sync: Stored): Stored | undefined =>
  store.get('connections', asText(sync['source_connection_id']));

const sentFields = (value: Json | undefined): readonly JsonObject[] =>
  (isJsonArray(value) ? value : []).map((field): JsonObject =>
    isJsonObject(field)
      ? {
          ...only(field, ['id', 'enabled', 'user_output_name']),
          // A create says obfuscate, everything else obfuscated.
          obfuscated: field['obfuscated'] ?? field['obfuscate'] ?? false,
        }
      : { id: field, enabled: true },
  );

/** The fields to store: names that are not sent stay, those of fields that are not sent too. */
const fieldsFrom = (value: Json | undefined, before: readonly JsonObject[]): readonly JsonObject[] => {
  const sent = sentFields(value);
  const nameOf = (id: Json | undefined): JsonObject =>
    only(before.find((field) => field['id'] === id) ?? {}, ['user_output_name']);
  const silent = before.filter(({ id }) => !sent.some((field) => field['id'] === id));
  return [
    ...sent.map((field) => ({ ...nameOf(field['id']), ...field })),
    ...silent.flatMap(({ id }) => {
      const name = nameOf(id);
      return id === undefined || Object.keys(name).length === 0 ? [] : [{ id, ...name }];
    }),
  ];
};

/** Refuses a history where the sync does not replicate, or its destination keeps none. */
const checkHistory = (store: Store, sync: JsonObject, sent: readonly JsonObject[]): void => {
  const schema = sent.find((each) => each['history_enabled'] === true);
  if (schema === undefined) return;
  const destination = store.get('connections', asText(sync['destination_connection_id']));
  const able = destination !== undefined && keepsHistory(typeOfConnection(store, destination));
  const problem = !able
    ? 'the destination keeps no history'
    : sync['mode'] === 'replicate'
      ? undefined
      : 'a history needs the mode replicate';
  if (problem !== undefined)
    throw new Refusal(refuse(choices.invalidStatus, 'no_history', `history_enabled: ${problem}`));
};

const write = (store: Store, sync: Stored, schema: string, sent: JsonObject): void => {
  const key = selectionKey(sync, schema);
  const before: JsonObject = store.get('bulkSchemas', key) ?? {};
  const settled = {
    ...only(before, kept),
    ...only(sent, settings),
    enabled: sent['enabled'] ?? true,
    fields: [...fieldsFrom(sent['fields'], objectsIn(before['fields']))],
    bulk_sync_id: sync.id,
    schema_id: schema,
  };
  if (store.get('bulkSchemas', key) === undefined) store.insert('bulkSchemas', { ...settled, id: key });
  else store.replace('bulkSchemas', key, settled);
};

const wantedOf = (available: readonly string[], asked: readonly Json[] | undefined): readonly JsonObject[] =>
  (asked ?? available).map((item): JsonObject => (isJsonObject(item) ? item : { id: item }));

/** Refuses a selection of a body: schemas that the source does not have, a history that cannot be kept. */
export const checkSchemas = (
  store: Store,
  sync: JsonObject,
  source: Stored,
  asked: readonly Json[] | undefined,
): void => {
  const available = schemaNames(typeOfConnection(store, source));
  const wanted = wantedOf(available, asked);
  const unknown = wanted.find(({ id }) => !available.includes(asText(id)));
  if (unknown !== undefined)
    throw new Refusal(
      refuse(choices.invalidStatus, 'unknown_schema', `the source has no schema ${asText(unknown['id'])}`),
    );
  checkHistory(store, sync, wanted);
};

/** Selects what a checked body asks for, or all; what it does not name is not copied. */
export const selectSchemas = (
  store: Store,
  sync: Stored,
  source: Stored,
  asked: readonly Json[] | undefined,
): void => {
  const available = schemaNames(typeOfConnection(store, source));
  const wanted = wantedOf(available, asked);
  for (const name of available)
    write(store, sync, name, wanted.find(({ id }) => id === name) ?? { enabled: false });
};

/** A schema as the sync has it: with all the fields of the source, filled in. */
const read = (store: Store, sync: Stored, name: string): JsonObject | undefined => {
  const source = sourceOf(store, sync);
  const schema = source === undefined ? undefined : schemaOf(store, source, name);
  if (schema === undefined) return undefined;
  const own: JsonObject = store.get('bulkSchemas', selectionKey(sync, name)) ?? { enabled: false };
  const fields = objectsIn(own['fields']);
  const custom = asText(own['user_output_name']);
  const output = custom === '' ? outputName(sync, name) : custom;
  return {
    id: name,
    enabled: false,
    disable_data_cutoff: false,
    partition_key: '',
    tracking_field: '',
    user_output_name: '',
    history_enabled: false,
    filters: [],
    ...only(own, settings),
    output_name: output,
    ...(own['history_enabled'] === true ? { destination_history_output_name: `${output}_history` } : {}),
    fields: objectsIn(schema['fields']).map((field) => {
      const set = fields.find(({ id }) => id === field['id']);
      const own = asText(set?.['user_output_name']);
      return {
        id: field['id'] ?? '',
        enabled: set?.['enabled'] ?? true,
        obfuscated: set?.['obfuscated'] ?? false,
        user_output_name: own,
        output_name: own === '' ? outputName(sync, asText(field['id'])) : own,
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
  const sent = objectsIn(body['schemas']);
  const known = availableSchemas(store, sync);
  const unknown = sent.find(({ id }) => !known.includes(asText(id)));
  if (unknown !== undefined) return notFound(`schema ${asText(unknown['id'])}`);
  checkHistory(store, sync, sent);
  for (const schema of sent) {
    const name = asText(schema['id']);
    const before = store.get('bulkSchemas', selectionKey(sync, name)) ?? ({} as JsonObject);
    // What is not sent stays, but for the fields: without them all are on.
    write(store, sync, name, { ...only(before, settings), ...only(schema, [...settings, 'fields']) });
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
      checkHistory(request.store, sync, [request.body]);
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
