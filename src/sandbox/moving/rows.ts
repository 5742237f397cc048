/** The records of tables: what a system had from the beginning, and what syncs and people have written since. */
import { isJsonArray, isJsonObject, objectsIn, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { columnsOf, recordOf, tableOf, type SystemType } from '../catalog/catalog.js';
import { choices } from '../choices.js';
import { fieldsOf, sourceColumns, tableName, tableOfQuery } from '../resources/model-fields.js';
import { within } from '../resources/references.js';
import type { Store, Stored } from '../store.js';
import { typeOfConnection } from '../resources/systems.js';

export type Row = JsonObject;

const idOf = (connection: string, table: string): string => `${connection}/${table}`;

const stored = (store: Store, connection: string, table: string): readonly Row[] | undefined => {
  const held = store.get('rows', idOf(connection, table));
  return held === undefined ? undefined : objectsIn(held['rows']);
};

const generated = (type: SystemType, table: string): readonly Row[] => {
  const columns = columnsOf(type, table);
  return Object.keys(columns).length === 0
    ? []
    : Array.from({ length: choices.recordsOfATable }, (_, index) => recordOf(columns, index + 1));
};

/** Of a table that a model reads: what was written, else what the system had from the beginning. */
export const sourceRows = (store: Store, connection: Stored, table: string): readonly Row[] =>
  stored(store, connection.id, table) ?? generated(typeOfConnection(store, connection), table);

/** Of a table that a sync writes: an application has records of its own; tables of a warehouse, and files, are empty. */
export const targetRows = (store: Store, connection: Stored, table: string): readonly Row[] => {
  const type = typeOfConnection(store, connection);
  const filled = type.shape === 'object' && tableOf(type, table) !== undefined;
  return stored(store, connection.id, table) ?? (filled ? generated(type, table) : []);
};

/** Of a table by its name: what a person would see there. */
export const tableRows = (store: Store, connection: Stored, table: string): readonly Row[] => {
  const type = typeOfConnection(store, connection);
  const isWarehouse = type.shape === 'sql' && table === table.toUpperCase();
  return tableOf(type, table) === undefined || isWarehouse
    ? targetRows(store, connection, table)
    : sourceRows(store, connection, table);
};

/** Puts these records in the place of all that a table had. */
export const setRows = (store: Store, connection: string, table: string, rows: readonly Row[]): void => {
  store.touch('rows', idOf(connection, table), { connection_id: connection, table, rows: [...rows] });
};

/** The records of a model, each with all fields of the model: those of its source, its enricher, and added ones. */
export const modelRows = (store: Store, model: Stored): readonly Row[] => {
  const connection = store.get('connections', asText(model['connection_id']));
  if (connection === undefined) return [];
  const type = typeOfConnection(store, connection);
  const configuration = isJsonObject(model['configuration']) ? model['configuration'] : {};
  const query = asText(configuration['query']);
  const only = type.shape === 'file' ? Object.keys(type.tables)[0] : undefined;
  const table = query === '' ? (tableName(configuration) ?? only ?? '') : (tableOfQuery(query) ?? '');
  const known = stored(store, connection.id, table);
  const rows =
    known ??
    (query === '' || tableOf(type, table) !== undefined
      ? generated(type, table)
      : Array.from({ length: choices.recordsOfATable }, (_, index) =>
          recordOf(sourceColumns(store, model), index + 1),
        ));
  const fields = fieldsOf(store, model);
  const wanted =
    isJsonArray(model['fields']) && model['fields'].length > 0 ? model['fields'].map(asText) : [];
  const added = fields.filter((field) => field['user_added'] === true || field['enriched'] === true);
  return rows.map((row) => ({
    ...Object.fromEntries(
      Object.entries(row).filter(([name]) => wanted.length === 0 || wanted.includes(name)),
    ),
    ...Object.fromEntries(added.map(({ name, example }) => [asText(name), example ?? null])),
  }));
};

/** What relates two models: a field of the one that is a field of the other. */
const relationOf = (
  from: Stored,
  to: Stored,
): { readonly own: string; readonly other: string } | undefined => {
  const found = objectsIn(from['relations']).find(({ to: target }) => within(target, 'model_id') === to.id);
  return found === undefined
    ? undefined
    : { own: asText(found['from']), other: asText(within(found['to'], 'field')) };
};

/** A record of a sync: its row of each model, by the id of the model. */
export type Joined = Readonly<Record<string, Row>>;

/** The records of the first model, each with what the others relate to it: the first of their rows that does. */
export const joinedRows = (store: Store, models: readonly Stored[]): readonly Joined[] => {
  const [base, ...others] = models;
  if (base === undefined) return [];
  const related = others.map((model) => {
    const there = relationOf(base, model);
    const back = relationOf(model, base);
    const by = there ?? (back === undefined ? undefined : { own: back.other, other: back.own });
    return { id: model.id, rows: modelRows(store, model), by };
  });
  return modelRows(store, base).map((row) => ({
    [base.id]: row,
    ...Object.fromEntries(
      related.map(({ id, rows, by }) => [
        id,
        (by === undefined
          ? undefined
          : rows.find((each) => asText(each[by.other]) === asText(row[by.own]))) ?? {},
      ]),
    ),
  }));
};
