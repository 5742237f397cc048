/** Fields of a model: the columns of its source, what its enricher adds, what somebody added by hand. */
import { createHash } from 'node:crypto';
import { objectsIn, isJsonArray, isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { columnsOf, recordOf, remoteType, tableOf, type Column } from '../catalog/catalog.js';
import { choices } from '../choices.js';
import { within } from './references.js';
import type { Store, Stored } from '../store.js';
import { typeOfConnection } from './systems.js';

type Columns = Readonly<Record<string, Column>>;

/** An id that follows from a text: the same field of the same model has the same one each time. */
export const stableId = (text: string): string => {
  const hash = createHash('sha256').update(text).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
};

const fieldId = (model: string, name: string): string => stableId(`${model} ${name}`);

/** The names that a query selects: the last word of each part, its alias where it has one. */
const selectedBy = (query: string): readonly string[] =>
  (/select\s+(.+?)\s+from\s/is.exec(query)?.[1] ?? '').split(',').flatMap((part) => {
    const name = /(\w+)\s*$/.exec(part)?.[1];
    return name === undefined ? [] : [name];
  });

/** The table that a configuration names: a table, a view, an object, a file, or a database's collection. */
export const tableName = (configuration: JsonObject): string | undefined => {
  const { table, view, object, file, database, collection } = configuration;
  if (typeof database === 'string' && typeof collection === 'string') return `${database}.${collection}`;
  return [table, view, object, file, collection].find((name) => typeof name === 'string' && name !== '') as
    string | undefined;
};

/** The columns of a model's source. */
export const sourceColumns = (store: Store, model: Stored): Columns => {
  const connection = store.get('connections', asText(model['connection_id']));
  const configuration = isJsonObject(model['configuration']) ? model['configuration'] : {};
  const { query } = configuration;
  if (typeof query === 'string' && query !== '') {
    const names = selectedBy(query);
    return Object.fromEntries(
      (names.length === 0 ? choices.unknownTableFields : names).map((name) => [name, { type: 'string' }]),
    );
  }
  const type = connection === undefined ? undefined : typeOfConnection(store, connection);
  const only = type?.shape === 'file' ? Object.keys(type.tables)[0] : undefined;
  const name = tableName(configuration) ?? only ?? '';
  return columnsOf(type ?? store.catalog.typeOf(''), name);
};

/** The table that a query reads, where it names one. */
export const tableOfQuery = (query: string): string | undefined => /\bfrom\s+["`]?([\w.]+)/i.exec(query)?.[1];

/** What the source says about a model, or why it cannot be built. */
export const sourceProblem = (configuration: Json | undefined): string | undefined => {
  const query = within(configuration, 'query');
  const table =
    typeof query === 'string' && query !== '' ? tableOfQuery(query) : within(configuration, 'table');
  return typeof table === 'string' && table.split('.')[0] === choices.missingSchema
    ? `table ${table} does not exist`
    : undefined;
};

const fieldOf = (model: Stored, name: string, column: Column): JsonObject => ({
  id: fieldId(model.id, name),
  name,
  label: column.label ?? name,
  description: column.description ?? '',
  type: column.type,
  remote_type: remoteType(column),
  user_added: false,
  unique: column.primary_key === true,
  example: recordOf({ [name]: column }, 1)[name] ?? null,
  created_at: model['created_at'] ?? null,
  created_by: model['created_by'] ?? null,
  updated_at: model['updated_at'] ?? null,
});

const enrichedFields = (store: Store, model: Stored): readonly JsonObject[] => {
  const { enricher } = model;
  if (!isJsonObject(enricher)) return [];
  const connection = store.get('connections', asText(enricher['connection_id']));
  if (connection === undefined) return [];
  const type = typeOfConnection(store, connection);
  const object = asText(within(enricher['configuration'], 'object'));
  const table = tableOf(type, object) ?? Object.values(type.tables)[0];
  return Object.entries(table?.columns ?? {}).map(([name, column]) => ({
    ...fieldOf(model, name, column),
    id: fieldId(asText(enricher['enricher_id']), name),
    enriched: true,
  }));
};

/** All fields of a model; those of its enricher are marked `enriched`, and no part of its own. */
export const fieldsOf = (store: Store, model: Stored): readonly JsonObject[] => {
  const columns = sourceColumns(store, model);
  const wanted =
    isJsonArray(model['fields']) && model['fields'].length > 0
      ? model['fields'].map(asText)
      : Object.keys(columns);
  const unknown: Column = { type: 'string' };
  return [
    ...wanted.map((name) =>
      fieldOf(model, name, (Object.hasOwn(columns, name) ? columns[name] : undefined) ?? unknown),
    ),
    ...objectsIn(model['additional_fields']).map((field) => ({
      id: fieldId(model.id, asText(field['name'])),
      name: field['name'] ?? '',
      label: field['label'] ?? '',
      type: field['type'] ?? 'string',
      user_added: true,
      example: field['example'] ?? null,
    })),
    ...enrichedFields(store, model),
  ];
};

/** The id of a model's field by its name, or undefined where it has no such field. */
export const modelFieldId = (store: Store, model: Stored, name: string): string | undefined => {
  const id = fieldsOf(store, model).find((field) => field['name'] === name)?.['id'];
  return typeof id === 'string' ? id : undefined;
};

/** The name of a model's field by its id, or undefined. */
export const modelFieldName = (store: Store, model: Stored, id: string): string | undefined => {
  const name = fieldsOf(store, model).find((field) => field['id'] === id)?.['name'];
  return typeof name === 'string' ? name : undefined;
};
