/**
 * A run of a sync: reads the records of its models and writes those of its target, as its mode, identities, filters and
 * overrides say (api.md, 6). What the API does not say of it stands in choices.ts.
 */
import { isJsonObject, objectsIn, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { columnsOf, type Column } from '../catalog/catalog.js';
import { choices } from '../choices.js';
import { texts, within } from '../resources/references.js';
import type { Store, Stored } from '../store.js';
import { typeOfConnection } from '../resources/systems.js';
import { identifies, meets, passes } from './conditions.js';
import { joinedRows, setRows, targetRows, type Joined, type Row } from './rows.js';

/** What became of one record: what stands in the files of a run's log. */
export interface Written extends JsonObject {
  readonly record: number;
  readonly what: 'inserts' | 'updates' | 'deletes' | 'errors';
}

export interface Moved {
  /** Records that were read, after the filters. */
  readonly read: number;
  readonly written: readonly Written[];
}

export interface MoveOptions {
  /** Values of the first identity: these records alone. */
  readonly identities: readonly string[];
  /** The same, of several identities: each record by the values of its fields. */
  readonly sources: readonly (readonly JsonObject[])[];
  /** Nothing is written. */
  readonly test: boolean;
  /** So many records at first, and no more: a run that fails half-way. */
  readonly most?: number;
  /** Places of records that the target refuses, and why. */
  readonly refused?: ReadonlyMap<number, string>;
}

const valueIn = (record: Joined, source: Json | undefined): Json =>
  isJsonObject(source) ? (record[asText(source['model_id'])]?.[asText(source['field'])] ?? null) : null;

/** The value of a field, or what an override puts in its place. */
const overridden = (overrides: readonly JsonObject[], source: Json | undefined, value: Json): Json => {
  const found = overrides.find(
    ({ field, function: name, value: wanted }) =>
      isJsonObject(source) &&
      within(field, 'model_id') === source['model_id'] &&
      within(field, 'field') === source['field'] &&
      meets(name ?? 'Equality', value, wanted ?? null),
  );
  return found === undefined ? value : (found['override'] ?? null);
};

/** A mapping with the value that it writes for a record. */
interface Cell {
  readonly target: string;
  readonly value: Json;
  /** Never in the place of a value that is there. */
  readonly onlyNew: boolean;
}

const cellsOf = (sync: Stored, record: Joined): readonly Cell[] => {
  const overrides = objectsIn(sync['overrides']);
  return [...objectsIn(sync['fields']), ...objectsIn(sync['override_fields'])].map((field) => {
    const { target, source, override_value: constant, encryption_enabled: hidden, sync_mode: mode } = field;
    const value = constant ?? overridden(overrides, source, valueIn(record, source));
    return {
      target: asText(target),
      value: hidden === true && value !== null ? choices.encryptedValue : value,
      onlyNew: mode === 'create',
    };
  });
};

interface Identity {
  readonly target: string;
  readonly function: Json | undefined;
  readonly source: Json | undefined;
}

const identitiesOf = (sync: Stored): readonly Identity[] =>
  objectsIn(within(sync['identities'], 'mappings')).map(({ target, function: name, source }) => ({
    target: asText(target),
    function: name,
    source,
  }));

/** The place of the row that a record is: of the first identity that finds one, or the one that all of them find. */
const placeOf = (sync: Stored, record: Joined, rows: Rows): number => {
  const all = identitiesOf(sync);
  const isOf = (row: Row | undefined, { target, function: name, source }: Identity): boolean =>
    identifies(name, row?.[target] ?? null, valueIn(record, source));
  if (within(sync['identities'], 'strategy') === 'and')
    return rows.findIndex((row) => all.every((identity) => isOf(row, identity)));
  for (const identity of all) {
    const found = rows.findIndex((row) => isOf(row, identity));
    if (found >= 0) return found;
  }
  return -1;
};

const takesTarget = (sync: Stored, record: Joined, row: Row): boolean => {
  const filters = sync['target_filters'];
  return passes(isJsonObject(filters) ? filters : undefined, (condition) =>
    meets(
      condition['function'],
      row[asText(condition['field'])] ?? null,
      isJsonObject(condition['value_source'])
        ? valueIn(record, condition['value_source'])
        : (condition['value'] ?? null),
    ),
  );
};

/** What a new row has that nobody maps: the key that the system gives. */
const given = (columns: Readonly<Record<string, Column>>, index: number): Row =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([name, { createable, primary_key: key }]) =>
      createable === false && key === true ? [[name, `new-${index}`] as const] : [],
    ),
  );

/** Why a system takes no such row. */
const refusalOf = (columns: Readonly<Record<string, Column>>, row: Row): string | undefined => {
  const missing = Object.entries(columns).find(
    ([name, { required }]) => required === true && (row[name] ?? null) === null,
  )?.[0];
  if (missing !== undefined) return `${missing} is required`;
  const wrong = Object.entries(row).find(([name, value]) => {
    const values = Object.hasOwn(columns, name) ? columns[name]?.values : undefined;
    return values !== undefined && value !== null && !values.includes(asText(value));
  });
  return wrong === undefined ? undefined : `${wrong[0]} cannot be "${asText(wrong[1])}"`;
};

/** Modes that find records of the target by an identity, and what each does where it finds one, and where none. */
const matching: Readonly<
  Record<string, { readonly found: 'update' | 'delete' | 'nothing'; readonly none: 'insert' | 'nothing' }>
> = {
  create: { found: 'nothing', none: 'insert' },
  update: { found: 'update', none: 'nothing' },
  updateOrCreate: { found: 'update', none: 'insert' },
  remove: { found: 'delete', none: 'nothing' },
};

/** The models of a sync, that of its first field first; then those that only tell records apart, or choose them. */
const modelsOf = (store: Store, sync: Stored): readonly Stored[] => {
  const told = [
    ...objectsIn(within(sync['identities'], 'mappings')),
    ...objectsIn(within(sync['model_filters'], 'conditions')),
  ].map(({ source }) => asText(within(source, 'model_id')));
  return [...new Set([...texts(sync['model_ids']), ...told])].flatMap((id) => store.get('models', id) ?? []);
};

const passesModel = (sync: Stored, record: Joined): boolean => {
  const filters = sync['model_filters'];
  return passes(isJsonObject(filters) ? filters : undefined, ({ source, function: name, value }) =>
    meets(name, valueIn(record, source), value ?? null),
  );
};

const isAsked = (sync: Stored, record: Joined, { identities, sources }: MoveOptions): boolean => {
  const [first] = identitiesOf(sync);
  if (identities.length > 0) return identities.includes(asText(valueIn(record, first?.source)));
  return (
    sources.length === 0 ||
    sources.some((wanted) =>
      wanted.every(({ source, value }) => asText(valueIn(record, source)) === asText(value)),
    )
  );
};

/** What becomes of one record. */
interface Outcome {
  readonly what: Written['what'];
  readonly values: Row;
  /** The row afterwards: in the place of another, at the end, or none. */
  readonly row?: Row;
  readonly place?: number;
  readonly error?: string;
}

type Rows = readonly (Row | undefined)[];
type Columns = Readonly<Record<string, Column>>;

const valuesOf = (cells: readonly Cell[]): Row =>
  Object.fromEntries(cells.map(({ target, value }) => [target, value]));

const put = (columns: Columns, what: Written['what'], row: Row, place?: number): Outcome => {
  const error = refusalOf(columns, row);
  return error === undefined
    ? { what, values: row, row, ...(place === undefined ? {} : { place }) }
    : { what: 'errors', values: row, error };
};

/** What a record makes of the rows that are there; undefined where it leaves them alone. */
const outcomeOf = (sync: Stored, record: Joined, rows: Rows, columns: Columns): Outcome | undefined => {
  const cells = cellsOf(sync, record);
  const way = matching[asText(sync['mode'])];
  const place = way === undefined ? -1 : placeOf(sync, record, rows);
  const found = rows[place];
  if (found === undefined) {
    if (way?.none === 'nothing') return undefined;
    const keys = identitiesOf(sync).map((each) => [each.target, valueIn(record, each.source)] as const);
    const made = { ...given(columns, rows.length + 1), ...Object.fromEntries(keys), ...valuesOf(cells) };
    return put(columns, 'inserts', made);
  }
  if (way === undefined || way.found === 'nothing' || !takesTarget(sync, record, found)) return undefined;
  if (way.found === 'delete') return { what: 'deletes', values: found, place };
  const fresh = cells.filter(({ target, onlyNew }) => !onlyNew || (found[target] ?? null) === null);
  return put(columns, 'updates', { ...found, ...valuesOf(fresh) }, place);
};

/** Modes that begin with a table without records. */
const startsAnew: ReadonlySet<unknown> = new Set(['replace', 'snapshot']);

/** Moves the records of a sync. */
export const move = (store: Store, sync: Stored, options: MoveOptions): Moved => {
  const target = isJsonObject(sync['target']) ? sync['target'] : {};
  const connection = store.get('connections', asText(target['connection_id']));
  const records = joinedRows(store, modelsOf(store, sync)).filter(
    (record) => passesModel(sync, record) && isAsked(sync, record, options),
  );
  if (connection === undefined) return { read: records.length, written: [] };
  const table = asText(target['object']);
  const columns = columnsOf(typeOfConnection(store, connection), table);
  const rows: (Row | undefined)[] = startsAnew.has(sync['mode'])
    ? []
    : [...targetRows(store, connection, table)];
  const written: Written[] = [];
  for (const [index, record] of records.slice(0, options.most).entries()) {
    const refused = options.refused?.get(index);
    const outcome: Outcome | undefined =
      refused === undefined
        ? outcomeOf(sync, record, rows, columns)
        : { what: 'errors', values: valuesOf(cellsOf(sync, record)), error: refused };
    if (outcome === undefined) continue;
    const { what, values, row, place, error } = outcome;
    if (place !== undefined) rows[place] = row;
    else if (row !== undefined) rows.push(row);
    written.push({ record: index, what, values, ...(error === undefined ? {} : { error }) });
  }
  if (!options.test)
    setRows(
      store,
      connection.id,
      table,
      rows.filter((row) => row !== undefined),
    );
  return { read: records.length, written };
};
