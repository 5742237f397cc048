/**
 * The one reader of a connection type's JSON Schema: the shapes that types use (values as `{label, value}`,
 * `readonly` beside `readOnly`, a single example …) become plain ones. A schema is a stranger's: what is taken over
 * is bounded, and never an expression (`pattern` could run for ever), a `format` or a reference.
 */
import { isJsonArray, isJsonObject, jsonEqual, type Json, type JsonObject } from '../core/json.js';
import { escapePointer } from '../core/secret.js';
import { asText } from '../core/text.js';

const MOST_BYTES = 512 * 1024;
const MOST_NODES = 5_000;
const DEEPEST = 12;

/** Kept by the server inside the configuration of many types, whether their schemas say so or not. */
export const SERVER_KEPT: ReadonlySet<string> = new Set([
  'authenticated',
  'authenticated_as',
  'oauth_token_expiry',
]);

/** Whether a property holds a secret: by any of the signs in use. */
export const isSecret = (property: JsonObject): boolean =>
  property['sensitive'] === true ||
  property['password'] === true ||
  property['writeOnly'] === true ||
  property['format'] === 'password' ||
  property['widget'] === 'password' ||
  property['ui:widget'] === 'password';

/** Whether the server alone writes a property; both spellings are in use. */
export const isReadOnly = (property: JsonObject): boolean =>
  property['readOnly'] === true || property['readonly'] === true;

/** Neither for people nor for callers of the API: the server keeps it for itself. */
const isInternal = (property: JsonObject): boolean =>
  property['hidden'] === true && property['api_field'] !== true && !isSecret(property);

const isServerKept = (name: string, property: JsonObject): boolean =>
  SERVER_KEPT.has(name) || isReadOnly(property) || isInternal(property);

const typeNames = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'] as const;
export type JsonType = (typeof typeNames)[number];
const isTypeName = (name: unknown): name is JsonType => (typeNames as readonly unknown[]).includes(name);

/** The types that a property may have; empty: any, or none that is known. */
const typesOf = (value: Json | undefined): readonly JsonType[] => {
  const names = [...new Set(isJsonArray(value) ? value : [value])];
  return names.every(isTypeName) ? names : [];
};

/** A value that a property may have, and how a person knows it. */
interface Choice {
  readonly value: Json;
  readonly label: string;
}

/** The values of an `enum`: an item is a value, or an object around one. */
const choicesOf = (items: readonly Json[]): readonly Choice[] =>
  items.map((item) =>
    isJsonObject(item) && Object.hasOwn(item, 'value')
      ? { value: item['value'] ?? null, label: asText(item['label'] ?? item['value']) }
      : { value: item, label: asText(item) },
  );

/** What a property of a configuration is. */
export interface TypeProperty {
  readonly title: string;
  /** Empty: any. */
  readonly types: readonly JsonType[];
  readonly secret: boolean;
  /** A manifest cannot write it. */
  readonly readOnly: boolean;
  /** The server sets it; it is not asked for, and not offered. */
  readonly serverKept: boolean;
  /** Empty: any value. */
  readonly choices: readonly Choice[];
  readonly default?: Json;
}

/** A type's schema, read. */
export interface TypeSchema {
  readonly properties: ReadonlyMap<string, TypeProperty>;
  /** What a manifest must say: without what the server keeps. */
  readonly required: readonly string[];
  /** Draft 2020-12 in the harmless keywords alone, and titles, descriptions and defaults. */
  readonly plain: JsonObject;
  /** Pointers of parts that nobody has seen yet: nothing is checked by them. */
  readonly strange: readonly string[];
}

type Deeper = (value: Json, at: string) => Json | undefined;
/** Undefined: the value is no such thing. */
type Take = (value: Json, deeper: Deeper) => Json | undefined;

const nested: Take = (value, deeper) => deeper(value, '');
const list: Take = (value, deeper) =>
  isJsonArray(value) && value.length > 0
    ? value.flatMap((item, index) => deeper(item, `/${index}`) ?? [])
    : undefined;
const map: Take = (value, deeper) =>
  isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([name, item]) => {
          const taken = deeper(item, `/${escapePointer(name)}`);
          return taken === undefined || name === '__proto__' ? [] : [[name, taken] as const];
        }),
      )
    : undefined;
/** Numbers are answered as text, too. */
const number: Take = (value) => {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
};
const size: Take = (value, deeper) => {
  const found = number(value, deeper);
  return typeof found === 'number' && Number.isInteger(found) && found >= 0 ? found : undefined;
};
const step: Take = (value, deeper) => {
  const found = number(value, deeper);
  return typeof found === 'number' && found > 0 ? found : undefined;
};
const text: Take = (value) => (typeof value === 'string' ? value : undefined);
const anything: Take = (value) => value;

const keywords: Readonly<Record<string, Take>> = {
  title: text,
  description: text,
  default: anything,
  type: (value) => {
    const names = typesOf(value);
    return names.length === 0 ? undefined : names;
  },
  enum: (value) => (isJsonArray(value) && value.length > 0 ? value : undefined),
  const: anything,
  properties: map,
  required: (value) =>
    isJsonArray(value) && value.every((name) => typeof name === 'string') ? [...new Set(value)] : undefined,
  additionalProperties: nested,
  items: nested,
  allOf: list,
  anyOf: list,
  oneOf: list,
  not: nested,
  if: nested,
  then: nested,
  else: nested,
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
  multipleOf: step,
  minLength: size,
  maxLength: size,
  minItems: size,
  maxItems: size,
};

const annotations: readonly string[] = ['title', 'description', 'default'];

/** Values that are listed are all that counts; what the server fills in is right in any case. */
const listed = (plain: JsonObject, items: readonly Json[]): JsonObject => {
  // An object around a value may be the value itself, where it is said that values are objects.
  const objects = typesOf(plain['type']).includes('object') ? items.filter(isJsonObject) : [];
  const filled = plain['default'] === undefined ? [] : [plain['default']];
  const values: Json[] = [];
  for (const value of [...choicesOf(items).map((choice) => choice.value), ...objects, ...filled])
    if (!values.some((other) => jsonEqual(other, value))) values.push(value);
  return {
    ...Object.fromEntries(Object.entries(plain).filter(([keyword]) => annotations.includes(keyword))),
    enum: values,
  };
};

/** Whether a schema is small enough to be looked at. Does not recurse: a deep one would end the process. */
const isBounded = (schema: JsonObject): boolean => {
  let bytes = 0;
  let values = 0;
  let level: readonly Json[] = [schema];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST * 3) return false;
    const next: Json[] = [];
    for (const value of level) {
      values += 1;
      if (typeof value === 'string') bytes += value.length;
      else if (isJsonArray(value)) next.push(...value.slice(0, MOST_BYTES));
      else if (isJsonObject(value))
        for (const [name, item] of Object.entries(value)) {
          bytes += name.length;
          next.push(item);
        }
      if (bytes > MOST_BYTES || values + next.length > MOST_NODES * 10) return false;
    }
    level = next;
  }
  return true;
};

/**
 * The types of the field at a path of a configuration, by the schema of its type; undefined where that does not say.
 */
export const typesIn = (schema: JsonObject, path: readonly string[]): readonly JsonType[] | undefined => {
  const types = typesOf(propertyAt(schema, path)?.['type']);
  return types.length === 0 ? undefined : types;
};

/** The schema of what stands at a path; undefined where nothing is said of it. */
const propertyAt = (schema: JsonObject, path: readonly string[]): JsonObject | undefined => {
  let at: Json | undefined = schema;
  for (const name of path) {
    if (!isJsonObject(at)) return undefined;
    const { properties, items }: JsonObject = at;
    at =
      isJsonObject(properties) && Object.hasOwn(properties, name)
        ? properties[name]
        : /^\d+$/.test(name)
          ? items
          : undefined;
  }
  return isJsonObject(at) ? at : undefined;
};

/** Whether a type keeps the value at a path of its configuration to itself: the property, or one around it, is secret. */
export const keepsSecretIn = (schema: JsonObject, path: readonly string[]): boolean =>
  path.some((_name, index) => {
    const property = propertyAt(schema, path.slice(0, index + 1));
    return property !== undefined && isSecret(property);
  });

const propertyOf = (name: string, property: JsonObject): TypeProperty => {
  const { title, type, enum: items, default: preset } = property;
  return {
    title: asText(title),
    types: typesOf(type),
    secret: isSecret(property),
    readOnly: isReadOnly(property),
    serverKept: isServerKept(name, property),
    choices: isJsonArray(items) ? choicesOf(items) : [],
    ...(preset === undefined ? {} : { default: preset }),
  };
};

/** What a manifest must say of an object with these properties. */
const demanded = (required: Json | undefined, properties: Json | undefined): readonly string[] =>
  (isJsonArray(required) ? required : []).filter((name): name is string => {
    if (typeof name !== 'string') return false;
    const property =
      isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    return !isServerKept(name, isJsonObject(property) ? property : {});
  });

/**
 * Reads the schema of a type, as the API answered it or a file kept it. Undefined where it is too large to be looked
 * at. Never throws, whatever the schema holds.
 */
export const parseTypeSchema = (schema: JsonObject): TypeSchema | undefined => {
  if (!isBounded(schema)) return undefined;
  const strange: string[] = [];
  let nodes = 0;
  const take = (value: Json, depth: number, at: string): Json | undefined => {
    if (typeof value === 'boolean') return value;
    if (!isJsonObject(value)) {
      strange.push(at);
      return undefined;
    }
    nodes += 1;
    if (nodes > MOST_NODES || depth > DEEPEST) return undefined;
    const plain: JsonObject = Object.fromEntries<Json>(
      Object.entries(keywords).flatMap(([keyword, keep]) => {
        const held = Object.hasOwn(value, keyword) ? value[keyword] : undefined;
        if (held === undefined || held === null) return [];
        const before = strange.length;
        const place = `${at}/${keyword}`;
        const taken = keep(held, (inner, below) => take(inner, depth + 1, `${place}${below}`));
        if (taken === undefined && strange.length === before) strange.push(place);
        return taken === undefined ? [] : [[keyword, taken] as const];
      }),
    );
    const needed = demanded(plain['required'], value['properties']);
    const whole: JsonObject = plain['required'] === undefined ? plain : { ...plain, required: needed };
    return isJsonArray(whole['enum']) ? listed(whole, whole['enum']) : whole;
  };
  const plain = take(schema, 0, '');
  if (nodes > MOST_NODES || !isJsonObject(plain)) return undefined;
  const all = isJsonObject(schema['properties']) ? schema['properties'] : {};
  return {
    properties: new Map(
      Object.entries(all).flatMap(([name, property]) =>
        isJsonObject(property) && name !== '__proto__' ? [[name, propertyOf(name, property)] as const] : [],
      ),
    ),
    required: demanded(plain['required'], all),
    plain,
    strange: [...new Set(strange)],
  };
};
