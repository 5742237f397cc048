/** The catalogue of the sandbox, with what a directory adds to it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { applications } from './applications.js';
import {
  createCatalog,
  unknownType,
  type Catalog,
  type Column,
  type SystemType,
  type Table,
} from './catalog.js';
import { databases } from './databases.js';
import { modes, type ModeSet } from './modes.js';

/** A file of the directory is not what it should be. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError';
}

const builtIn: readonly SystemType[] = [...databases, ...applications];

const columnTypes = ['unknown', 'string', 'number', 'boolean', 'datetime', 'array', 'object', 'binary'];

const column = {
  anyOf: [
    { enum: columnTypes },
    {
      type: 'object',
      required: ['type'],
      additionalProperties: false,
      properties: {
        type: { enum: columnTypes },
        remote_type: { type: 'string' },
        label: { type: 'string' },
        description: { type: 'string' },
        primary_key: { type: 'boolean' },
        required: { type: 'boolean' },
        createable: { type: 'boolean' },
        updateable: { type: 'boolean' },
        filterable: { type: 'boolean' },
        encryptable: { type: 'boolean' },
        identity: { type: 'array', items: { type: 'string' } },
        values: { type: 'array', items: { type: 'string' } },
        references: { type: 'string' },
      },
    },
  ],
};

/** What `tables/SLUG.json` holds: tables by name, columns by name. */
const tablesSchema = {
  type: 'object',
  additionalProperties: {
    type: 'object',
    required: ['columns'],
    additionalProperties: false,
    properties: {
      label: { type: 'string' },
      modes: { type: 'array', items: { type: 'string' } },
      columns: { type: 'object', additionalProperties: column },
    },
  },
};

/** What `x-polytomic` in a type's schema may say of the system; all of it may be left out. */
const systemSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    oauth: { type: 'boolean' },
    shape: { enum: ['sql', 'object', 'collection', 'file'] },
    modes: { enum: Object.keys(modes) },
    capabilities: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        ['source', 'destination', 'enrichment', 'logging', 'orchestration'].map((name) => [
          name,
          { type: 'boolean' },
        ]),
      ),
    },
  },
};

const ajv = new Ajv2020({ strict: false });

const readJson = (file: string): JsonObject => {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Json;
    if (isJsonObject(value)) return value;
  } catch (error) {
    throw new CatalogError(`${file} is not JSON: ${(error as Error).message}`);
  }
  throw new CatalogError(`${file} holds no object`);
};

const check = (schema: object, value: Json, file: string): void => {
  if (ajv.validate(schema, value)) return;
  throw new CatalogError(`${file}: ${ajv.errorsText(ajv.errors, { dataVar: '' })}`);
};

const filesIn = (directory: string): readonly string[] =>
  existsSync(directory)
    ? readdirSync(directory)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => path.join(directory, name))
    : [];

const slugOf = (file: string): string => path.basename(file, '.json');

const DEEPEST = 40;

const isBounded = (value: Json, depth: number): boolean =>
  depth < DEEPEST &&
  (isJsonArray(value)
    ? value.every((item) => isBounded(item, depth + 1))
    : !isJsonObject(value) || Object.values(value).every((item) => isBounded(item, depth + 1)));

/** Keywords that types write in a way of their own, as the draft has them; undefined: left out. */
const draftForms: Readonly<Record<string, (value: Json) => Json | undefined>> = {
  // A type may name an older draft, and itself by anything.
  $schema: () => undefined,
  $id: () => undefined,
  examples: (value) => (isJsonArray(value) ? value : [value]),
  required: (value) => (typeof value === 'boolean' ? undefined : value),
  ...Object.fromEntries(
    [
      ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
      ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
    ].map((keyword) => [keyword, (value: Json) => (typeof value === 'string' ? Number(value) : value)]),
  ),
};

/** A schema in the forms of draft 2020-12, to be judged by it: the types of the API take liberties. */
const asDraft = (schema: Json): Json => {
  if (isJsonArray(schema)) return schema.map(asDraft);
  if (!isJsonObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, value]): [string, Json][] => {
      if (keyword === 'properties' && isJsonObject(value))
        return [
          [keyword, Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asDraft(item)]))],
        ];
      const form = Object.hasOwn(draftForms, keyword) ? draftForms[keyword]?.(value) : asDraft(value);
      return form === undefined ? [] : [[keyword, form]];
    }),
  );
};

const typeFrom = (file: string, known: SystemType | undefined): SystemType => {
  const { 'x-polytomic': about = {}, ...schema } = readJson(file);
  if (!isBounded(schema, 0)) throw new CatalogError(`${file} is nested too deeply`);
  if (!ajv.validateSchema(asDraft(schema) as JsonObject))
    throw new CatalogError(`${file} is no JSON Schema: ${ajv.errorsText(ajv.errors, { dataVar: '' })}`);
  check(systemSchema, about, file);
  const {
    oauth,
    shape,
    modes: set,
    capabilities,
  } = about as {
    readonly oauth?: boolean;
    readonly shape?: SystemType['shape'];
    readonly modes?: ModeSet;
    readonly capabilities?: Partial<SystemType['capabilities']>;
  };
  const base = known ?? unknownType(slugOf(file));
  return {
    ...base,
    name: asText(schema['title'] ?? base.name),
    schema,
    oauth: oauth ?? base.oauth,
    shape: shape ?? base.shape,
    modes: set === undefined ? base.modes : modes[set],
    capabilities: { ...base.capabilities, ...capabilities },
  };
};

const tablesFrom = (file: string): Readonly<Record<string, Table>> => {
  const value = readJson(file);
  check(tablesSchema, value, file);
  return Object.fromEntries(
    Object.entries(value as unknown as Readonly<Record<string, JsonObject>>).map(([name, table]) => [
      name,
      {
        ...(table['label'] === undefined ? {} : { label: asText(table['label']) }),
        ...(isJsonArray(table['modes']) ? { modes: table['modes'].map(asText) } : {}),
        columns: Object.fromEntries(
          Object.entries(table['columns'] as JsonObject).map(([id, entry]): [string, Column] => [
            id,
            (typeof entry === 'string' ? { type: entry } : entry) as unknown as Column,
          ]),
        ),
      },
    ]),
  );
};

/**
 * The catalogue. Of `directory`: `SLUG.json` is a connection type (the JSON Schema of its configuration, draft
 * 2020-12), `tables/SLUG.json` adds tables to a type. Throws `CatalogError`, which names the file.
 */
export const loadCatalog = (directory?: string): Catalog => {
  const types = new Map(builtIn.map((type) => [type.id, type]));
  if (directory === undefined) return createCatalog([...types.values()]);
  if (!existsSync(directory)) throw new CatalogError(`${directory} does not exist`);
  for (const file of filesIn(directory)) types.set(slugOf(file), typeFrom(file, types.get(slugOf(file))));
  for (const file of filesIn(path.join(directory, 'tables'))) {
    const type = types.get(slugOf(file));
    if (type === undefined) throw new CatalogError(`${file}: there is no connection type ${slugOf(file)}`);
    types.set(type.id, { ...type, tables: { ...type.tables, ...tablesFrom(file) } });
  }
  return createCatalog([...types.values()]);
};
