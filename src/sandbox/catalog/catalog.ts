/** Systems that connections lead to: what each asks for, which tables it holds, what can be written to it. */
import type { JsonObject } from '../../core/json.js';
import { choices } from '../choices.js';
import { modes, type TargetMode } from './modes.js';

export interface Column {
  readonly type: 'unknown' | 'string' | 'number' | 'boolean' | 'datetime' | 'array' | 'object' | 'binary';
  /** The type's name in the system itself. */
  readonly remote_type?: string;
  readonly label?: string;
  readonly description?: string;
  readonly primary_key?: boolean;
  /** Of a target: must be mapped. */
  readonly required?: boolean;
  /** Default true, both. */
  readonly createable?: boolean;
  readonly updateable?: boolean;
  /** May stand in a target filter. */
  readonly filterable?: boolean;
  /** Functions by which records can be matched; none: it identifies nothing. */
  readonly identity?: readonly string[];
  readonly encryptable?: boolean;
  /** The values that it may have. */
  readonly values?: readonly string[];
  /** `TABLE.COLUMN` of what it refers to. */
  readonly references?: string;
}

export interface Table {
  readonly label?: string;
  readonly columns: Readonly<Record<string, Column>>;
  /** Modes of a sync to it; those of the type where absent. */
  readonly modes?: readonly string[];
}

/** A step of finding a source or a target: `table`, or `database` and then `collection`. */
export interface SystemType {
  readonly id: string;
  readonly name: string;
  /** JSON Schema (draft 2020-12) of the configuration. */
  readonly schema: JsonObject;
  readonly oauth: boolean;
  readonly capabilities: {
    readonly source: boolean;
    readonly destination: boolean;
    readonly enrichment: boolean;
    readonly logging: boolean;
    readonly orchestration: boolean;
  };
  readonly tables: Readonly<Record<string, Table>>;
  /** `sql`: tables in schemas, views and queries; `object`: objects by name; `collection`: in databases. */
  readonly shape: 'sql' | 'object' | 'collection' | 'file';
  readonly modes: readonly TargetMode[];
  readonly targetProperties: JsonObject;
  /** What a new target needs to be told; empty: none can be made. */
  readonly targetCreation: readonly { readonly id: string; readonly title: string; readonly enum: boolean }[];
  /** Alternative sets of inputs of an enrichment. */
  readonly enrichmentInputs?: readonly (readonly string[])[];
}

export interface Catalog {
  readonly types: readonly SystemType[];
  /** A type by its slug. One that the catalogue has no facts of takes any configuration, as a database. */
  readonly typeOf: (id: string) => SystemType;
}

/** A type of which nothing is known but its slug: a database that takes any configuration. */
export const unknownType = (id: string): SystemType => ({
  id,
  name: id,
  schema: { type: 'object' },
  oauth: false,
  capabilities: { source: true, destination: true, enrichment: false, logging: false, orchestration: false },
  tables: {},
  shape: 'sql',
  modes: modes.warehouse,
  targetProperties: { supports_field_creation: true },
  targetCreation: [],
});

/** A catalogue of types; of two with one slug, the later counts. */
export const createCatalog = (types: readonly SystemType[]): Catalog => {
  const byId = new Map(types.map((type) => [type.id, type]));
  return { types: [...byId.values()], typeOf: (id) => byId.get(id) ?? unknownType(id) };
};

/** The table of a name, or undefined where the catalogue has none. */
export const tableOf = (type: SystemType, name: string): Table | undefined =>
  Object.hasOwn(type.tables, name) ? type.tables[name] : undefined;

/** The columns of a table; plain ones where the catalogue does not know it. */
export const columnsOf = (type: SystemType, name: string): Readonly<Record<string, Column>> =>
  tableOf(type, name)?.columns ??
  Object.fromEntries(
    choices.unknownTableFields.map((column): [string, Column] => [
      column,
      { type: column === 'id' ? 'number' : column.endsWith('_at') ? 'datetime' : 'string' },
    ]),
  );

/** A column's type in the system's own words. */
export const remoteType = ({ type, remote_type: remote }: Column): string =>
  remote ??
  {
    string: 'VARCHAR',
    number: 'INT',
    boolean: 'BOOLEAN',
    datetime: 'TIMESTAMP',
    array: 'ARRAY',
    object: 'JSON',
    binary: 'BLOB',
    unknown: 'UNKNOWN',
  }[type];

/** A record of a table, the same each time: text that names its column, numbers that count. */
export const recordOf = (columns: Readonly<Record<string, Column>>, index: number): JsonObject =>
  Object.fromEntries(
    Object.entries(columns).map(([name, { type, values }]) => [
      name,
      values?.[index % values.length] ??
        {
          string: name.toLowerCase().includes('email') ? `person${index}@example.com` : `${name} ${index}`,
          number: index,
          boolean: index % 2 === 0,
          datetime: new Date(Date.UTC(2024, 0, index)).toISOString(),
          array: [`${name} ${index}`],
          object: { number: index },
          binary: Buffer.from(`${name} ${index}`).toString('base64'),
          unknown: null,
        }[type],
    ]),
  );
