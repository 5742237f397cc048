/** What one side knows of the API: its operations, and its types as JSON Schemas. */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/core/json.js';

export interface Operation {
  readonly method: string;
  /** With each parameter as `{…}`. */
  readonly path: string;
  readonly query: readonly string[];
  /** Schema of what is sent; absent where nothing is. */
  readonly body?: JsonObject;
  /** Schema of what a success answers; absent where that has no body. */
  readonly answer?: JsonObject;
}

export interface Description {
  readonly operations: readonly Operation[];
  /** By the last part of a reference to them. */
  readonly types: Readonly<Record<string, JsonObject>>;
}

/** A schema at its place: what people call the value, and the types that it may refer to. */
export interface Place {
  readonly label: string;
  readonly schema: JsonObject;
  readonly types: Description['types'];
}

/** What a schema says of a value, with all references followed. */
export interface Shape {
  /** Nothing is said: any JSON. */
  readonly open: boolean;
  /** The JSON types that the value may have. */
  readonly kinds: ReadonlySet<string>;
  /** The objects that it may be, each with the name of its type or place, by name. */
  readonly objects: ReadonlyMap<string, Fields>;
  readonly items: readonly Place[];
  readonly values: readonly Place[];
  /** The known texts, with the name of their type or place. */
  readonly words: ReadonlyMap<string, string>;
}

export type Fields = ReadonlyMap<string, { readonly place: Place; readonly required: boolean }>;

const objectOf = (value: Json | undefined): JsonObject =>
  isJsonObject(value ?? null) ? (value as JsonObject) : {};
const textsOf = (value: Json | undefined): readonly string[] =>
  (isJsonArray(value ?? null) ? (value as readonly Json[]) : [value ?? null]).filter(
    (item) => typeof item === 'string',
  );

/** More references in a row than any client has: a type that is only another name for itself. */
const DEEPEST = 40;

/** The name of the type that a reference leads to. */
export const refName = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

/** Every plain schema that a place may be: references and alternatives followed, the nearest name kept. */
const plainOf = ({ label, schema, types }: Place, depth = 0): readonly Place[] => {
  if (depth > DEEPEST) throw new Error(`${label} is a type without an end`);
  const ref = schema['$ref'];
  if (typeof ref === 'string') {
    const name = refName(ref);
    const found = Object.hasOwn(types, name) ? types[name] : undefined;
    if (found === undefined) throw new Error(`${label} is of the type ${name}, which is not there`);
    return plainOf({ label: name, schema: found, types }, depth + 1);
  }
  const several = schema['anyOf'] ?? schema['oneOf'];
  if (isJsonArray(several ?? null) && schema['properties'] === undefined)
    return (several as readonly Json[]).flatMap((each) =>
      plainOf({ label, schema: objectOf(each), types }, depth + 1),
    );
  const all = schema['allOf'];
  if (isJsonArray(all ?? null) && schema['properties'] === undefined)
    return [{ label, schema: merged(all as readonly Json[], label, types, depth + 1), types }];
  return [{ label, schema, types }];
};

/** One object of several that hold together, as a type that inherits from others. */
const merged = (
  parts: readonly Json[],
  label: string,
  types: Description['types'],
  depth: number,
): JsonObject => {
  const plain = parts.flatMap((part) => plainOf({ label, schema: objectOf(part), types }, depth));
  return {
    type: 'object',
    properties: Object.assign({}, ...plain.map(({ schema }) => objectOf(schema['properties']))) as JsonObject,
    required: plain.flatMap(({ schema }) => textsOf(schema['required'])),
  };
};

const kindsOf = (schema: JsonObject): readonly string[] => {
  if (isJsonArray(schema['enum'] ?? null) || typeof schema['const'] === 'string') return ['string'];
  return textsOf(schema['type']).map((type) => (type === 'integer' ? 'number' : type));
};

/**
 * The shape of a value. Null and absence are one to the API, and left out. Throws where a type is not there, or has
 * no end.
 */
export const shapeOf = (place: Place): Shape => {
  const kinds = new Set<string>();
  const objects = new Map<string, Fields>();
  const items: Place[] = [];
  const values: Place[] = [];
  const words = new Map<string, string>();
  let open = false;
  for (const { label, schema, types } of plainOf(place)) {
    const own = kindsOf(schema).filter((kind) => kind !== 'null');
    if (own.length === 0 && kindsOf(schema).length === 0) open = true;
    for (const kind of own) kinds.add(kind);
    for (const word of [...textsOf(schema['enum']), ...textsOf(schema['const'])]) words.set(word, label);
    if (own.includes('array') && schema['items'] !== undefined)
      items.push({ label: `${label}[]`, schema: objectOf(schema['items']), types });
    if (!own.includes('object')) continue;
    const { properties, additionalProperties } = schema;
    if (isJsonObject(properties ?? null)) {
      const required = textsOf(schema['required']);
      objects.set(
        label,
        new Map(
          Object.entries(properties as JsonObject).map(([name, field]) => [
            name,
            {
              place: { label: `${label}.${name}`, schema: objectOf(field), types },
              required: required.includes(name),
            },
          ]),
        ),
      );
    } else if (isJsonObject(additionalProperties ?? null))
      values.push({ label: `${label}{}`, schema: additionalProperties as JsonObject, types });
  }
  return { open, kinds, objects, items, values, words };
};
