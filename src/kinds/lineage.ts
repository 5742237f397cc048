/** Which way rows go: what reads from what, and which tables one object writes that another one reads. Pure. */
import { isValueArray, isValueObject, type Value, type ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import { parseReference, type Reference } from './reference.js';

/** The kind of what tables lie in. */
export const tableOwner = 'Connection';

/** How an object depends on another one that it refers to. */
export type Way = 'reads' | 'writes' | 'runs after';

/** Rows of a connection, as one object uses them. */
export interface TableUse {
  readonly way: 'reads' | 'writes';
  readonly connection: Reference;
  /** What tables lie in there; absent where the system has no such thing, or the table's name says it. */
  readonly schema?: string;
  /** Absent: any table. */
  readonly table?: string;
  /** A query in place of a table. */
  readonly query?: string;
}

const textAt = (value: Value | undefined, ...names: readonly string[]): string | undefined =>
  isValueObject(value)
    ? names.map((name) => value[name]).find((held): held is string => typeof held === 'string' && held !== '')
    : undefined;

/** The table that a model reads: a table, view, object, file or collection (quickstart, "Models"; api.md, 8). */
export const modelTables = ({ connection, configuration }: ValueObject): readonly TableUse[] => {
  const from = parseReference(connection);
  if (from === undefined) return [];
  const query = textAt(configuration, 'query');
  const table = textAt(configuration, 'table', 'view', 'object', 'file', 'collection');
  const schema = textAt(configuration, 'database', 'schema');
  return query === undefined && table === undefined
    ? []
    : [
        {
          way: 'reads',
          connection: from,
          ...(query === undefined ? {} : { query }),
          ...(schema === undefined ? {} : { schema }),
          ...(table === undefined ? {} : { table }),
        },
      ];
};

/** The table that a sync writes, or would make. */
export const syncTables = ({ target }: ValueObject): readonly TableUse[] => {
  const to = isValueObject(target) ? parseReference(target['connection']) : undefined;
  const table = textAt(target, 'object', 'new_name');
  return to === undefined || table === undefined ? [] : [{ way: 'writes', connection: to, table }];
};

/** What of its schemas is copied; undefined where it is not known, which is all of them. */
const copied = (schemas: Value | undefined): readonly (readonly [string, ValueObject])[] | undefined => {
  if (isValueArray(schemas))
    return schemas.map((each) => (isValueObject(each) ? [asText(each['id']), each] : [asText(each), {}]));
  return isValueObject(schemas)
    ? Object.entries(schemas).map(([id, each]: [string, Value]) => [id, isValueObject(each) ? each : {}])
    : undefined;
};

/** The tables that a bulk sync reads, and those that it writes below its destination's schema (api.md, 12). */
export const bulkTables = (document: ValueObject): readonly TableUse[] => {
  const from = parseReference(document['source_connection']);
  const to = parseReference(document['destination_connection']);
  const schema = textAt(document['destination_configuration'], 'schema', 'dataset', 'database');
  const below = schema === undefined ? {} : { schema };
  const schemas = copied(document['schemas'])?.filter(([, each]) => each['enabled'] !== false);
  const uses: (TableUse | undefined)[] =
    schemas === undefined
      ? [from && { way: 'reads', connection: from }, to && { way: 'writes', connection: to, ...below }]
      : schemas.flatMap(([id, each]): readonly (TableUse | undefined)[] => [
          from && { way: 'reads', connection: from, table: id },
          to && {
            way: 'writes',
            connection: to,
            ...below,
            table: textAt(each, 'output_name', 'user_output_name') ?? lastPart(id),
          },
        ]);
  return uses.filter((use) => use !== undefined);
};

const parts = (name: string): readonly string[] => name.toLowerCase().split('.');

const lastPart = (name: string): string => name.split('.').at(-1) ?? name;

/** What a table lies in, as far as anybody says. */
const schemaOf = ({ schema, table }: TableUse): string | undefined =>
  (schema ?? (table === undefined ? undefined : parts(table).at(-2)))?.toLowerCase();

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

const mentions = (query: string, { schema, table }: TableUse): boolean => {
  const [name, end] = table === undefined ? [schema, '["`\\]]?\\s*\\.'] : [lastPart(table), '(?![\\w$])'];
  return name !== undefined && new RegExp(`(?<![\\w$])${escaped(name)}${end}`, 'i').test(query);
};

/**
 * Whether what is written may be what is read, both of one connection. Names are compared without case, and by their
 * last part where only one of them says what it lies in; a query by the names in it. It may be true of tables that are
 * not the same: what follows from it does no harm then.
 */
export const feeds = (written: TableUse, read: TableUse): boolean => {
  if (read.query !== undefined) return mentions(read.query, written);
  const [inside, from] = [schemaOf(written), schemaOf(read)];
  if (inside !== undefined && from !== undefined && inside !== from) return false;
  if (written.table === undefined || read.table === undefined) return true;
  return parts(written.table).at(-1) === parts(read.table).at(-1);
};

/** In the words of whoever reads: all that is written without a name that is one word. In those of the other: so is this. */
const NAMELESS = '*';
/** The other way round: of what reads any table, and of each that is written. */
const EVERY = '**';

/** Words of which a use that writes and one that reads share one where `feeds` may be true of them. */
export const wordsOf = ({ way, table, query }: TableUse): ReadonlySet<string> => {
  if (query !== undefined) return new Set([...(query.toLowerCase().match(/[\w$]+/g) ?? []), NAMELESS]);
  const name = table === undefined ? undefined : parts(table).at(-1);
  if (way === 'reads') return new Set([name ?? EVERY, NAMELESS]);
  if (name === undefined) return new Set([NAMELESS, EVERY]);
  return new Set([name, EVERY, ...(/^[\w$]+$/.test(name) ? [] : [NAMELESS])]);
};
