/** Sources of a connection, level by level, as the quickstart drills down; and what enriches. */
import { isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { columnsOf, remoteType, tableOf, type SystemType } from '../catalog/catalog.js';
import { jsonParameter, notFound, ok, refuse, type Reply, type Route, type SandboxRequest } from '../http.js';
import { connectionOf, typeOfConnection } from './systems.js';
import { within, type Within } from '../versions.js';

export const level = (
  items: readonly string[] | null,
  requires: readonly string[] | null = null,
): JsonObject => ({ items, requires_one_of: requires, has_items: items !== null });

type Params = Readonly<Record<string, string>>;

/**
 * What was chosen so far: `params` as JSON (of lists or texts), `params[key]=…`, or parameters of their own, as
 * the quickstart writes them. The reference does not say which; all are taken.
 */
const chosen = ({ query }: SandboxRequest): Params => {
  const { params: _, ...plain } = query;
  const entries = Object.entries(jsonParameter(query, 'params'));
  return {
    ...Object.fromEntries(
      Object.entries(plain).map(([name, value]) => [/^params\[(\w+)\]$/.exec(name)?.[1] ?? name, value]),
    ),
    ...Object.fromEntries(
      entries.map(([name, value]) => [
        name,
        asText(Array.isArray(value) ? (value as readonly Json[])[0] : value),
      ]),
    ),
  };
};

const names = (type: SystemType): readonly string[] => Object.keys(type.tables);

const databasesOf = (type: SystemType): readonly string[] => [
  ...new Set(names(type).map((name) => name.split('.')[0] ?? '')),
];

/** The levels of a source by the shape of its system; the first is that of the quickstart. */
const sources: Readonly<Record<SystemType['shape'], (type: SystemType, params: Params) => JsonObject>> = {
  sql: (type) => ({
    items: {
      project_id: level(null),
      query: level(null),
      table: level(names(type).filter((name) => name === name.toLowerCase())),
      tracking_columns: level(null),
      view: level(null),
    },
    requires_one_of: ['query', 'table', 'view'],
  }),
  object: (type) => ({ items: { object: level(names(type)) }, requires_one_of: ['object'] }),
  collection: (type, { database }) => ({
    items: {
      database: level(databasesOf(type), ['collection']),
      collection: level(
        database === undefined
          ? null
          : names(type)
              .filter((name) => name.startsWith(`${database}.`))
              .map((name) => name.slice(database.length + 1)),
      ),
    },
    requires_one_of: database === undefined ? ['database'] : ['collection'],
  }),
  file: (type) =>
    names(type).length > 1
      ? { items: { file: level(names(type)) }, requires_one_of: ['file'] }
      : { items: {}, requires_one_of: null },
};

const valueTypes = (levels: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(isJsonObject(levels['items']) ? levels['items'] : {}).map(([name, entry]) => [
      name,
      { type: 'string', items: isJsonObject(entry) ? (entry['items'] ?? null) : null },
    ]),
  );

const source = (request: SandboxRequest, type: SystemType): Reply => {
  if (!type.capabilities.source)
    return refuse(400, 'no_source', `${type.name} cannot be the source of a model`);
  const levels = sources[type.shape](type, chosen(request));
  return ok(request.version.current ? { configuration: valueTypes(levels), ...levels } : levels);
};

const sourceFields = (request: SandboxRequest, type: SystemType): Reply => {
  const { table, object, file, database = '', collection } = chosen(request);
  const name =
    table ?? object ?? file ?? (collection === undefined ? undefined : `${database}.${collection}`);
  const known = name ?? (type.shape === 'file' ? names(type)[0] : undefined);
  if (known === undefined || tableOf(type, known) === undefined) return notFound(`table ${known ?? ''}`);
  return ok(
    Object.entries(columnsOf(type, known)).map(([id, column]) => ({
      name: id,
      label: column.label ?? id,
      type: column.type,
      remote_type: remoteType(column),
      unique: column.primary_key === true,
    })),
  );
};

const enrichmentSource = (_request: SandboxRequest, type: SystemType): Reply =>
  type.capabilities.enrichment
    ? ok({ configuration: {}, items: { object: level(names(type)) }, requires_one_of: ['object'] })
    : notFound(`an enrichment of ${type.name}`);

const enrichmentInputs = (_request: SandboxRequest, type: SystemType): Reply =>
  type.capabilities.enrichment
    ? ok((type.enrichmentInputs ?? []).map((inputs) => [...inputs]))
    : notFound(`an enrichment of ${type.name}`);

const sourceRoute = (
  method: 'GET' | 'POST',
  path: string,
  answer: string,
  handle: (request: SandboxRequest, type: SystemType) => Reply,
  more: { readonly in?: Within; readonly query?: readonly string[]; readonly body?: string } = {},
): Route => ({
  ...more,
  method,
  path,
  answer,
  handle: (request) => handle(request, typeOfConnection(request.store, connectionOf(request))),
});

const params = ['params'];

export const enumerationRoutes: readonly Route[] = [
  sourceRoute('GET', '/api/connections/:id/source', 'GetSyncSourceMetaEnvelope', source, {
    in: within.oldEnumeration,
    query: params,
  }),
  sourceRoute('GET', '/api/connections/:id/modelsync/source', 'GetSyncSourceMetaEnvelope', source, {
    in: within.newEnumeration,
    query: params,
  }),
  sourceRoute('GET', '/api/connections/:id/modelsync/source/fields', 'ModelFieldResponse', sourceFields, {
    in: within.newEnumeration,
    query: params,
  }),
  sourceRoute(
    'GET',
    '/api/connections/:id/modelsync/enrichment-source',
    'GetSyncSourceMetaEnvelope',
    enrichmentSource,
    { query: params },
  ),
  sourceRoute(
    'POST',
    '/api/enrichment/:id/inputfields',
    'GetEnrichmentInputFieldsResponseEnvelope',
    enrichmentInputs,
    { body: 'EnrichmentInputFieldsRequest' },
  ),
];
