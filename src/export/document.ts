/** From a live object to a manifest that says the same in as few words as a person would. Pure. */
import {
  byCodeUnit,
  canonicalJson,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  jsonEqual,
} from '../core/json.js';
import {
  isValueArray,
  isValueObject,
  pointerSegments,
  redact,
  Secret,
  type Value,
  type ValueObject,
} from '../core/secret.js';
import { asText } from '../core/text.js';
import type { Kind } from '../kinds/kind.js';
import { mapValue, pick, withValue, type Path } from '../kinds/paths.js';
import { referencesFromLive } from '../kinds/references.js';
import type { Preset } from './presets.js';

/** What a manifest is called by when it refers to a live object. */
export type ReferTo = (kind: string, id: string) => string | { readonly name: string } | undefined;

/** A live object in the manifest's terms, with a label in the place of each secret. */
export interface Written {
  readonly document: ValueObject;
  /** The same before it was put into short forms: also what a manifest need not say. */
  readonly whole: ValueObject;
  /** JSON pointers of its secrets, and their names. */
  readonly secrets: readonly { readonly pointer: string; readonly name: string }[];
}

/** Whether a value says nothing: the API answers these one for the other. */
const isEmpty = (value: Json): boolean =>
  value === null ||
  value === '' ||
  (isJsonArray(value) && value.length === 0) ||
  (isJsonObject(value) && Object.keys(value).length === 0);

const isAt = (segments: Path, path: Path): boolean =>
  segments.length === path.length && path.every((part, index) => part === '*' || part === segments[index]);

/** The document without empty values, but for those that stand where any JSON may. */
const trimmed = (document: JsonObject, literal: readonly Path[]): JsonObject => {
  const trim = (value: Json, at: Path): Json => {
    if (literal.some((path) => isAt(at, path))) return value;
    if (isJsonArray(value)) return value.map((item, index) => trim(item, [...at, String(index)]));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, item]): [string, Json][] => {
        const path = [...at, name];
        const kept = trim(item, path);
        const dropped = literal.some((each) => isAt(path, each)) ? kept === null : isEmpty(kept);
        return dropped ? [] : [[name, kept]];
      }),
    );
  };
  return trim(document, []) as JsonObject;
};

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** Fields in the order of the schema, at every depth; what it does not name follows by name. */
export const inOrder = (kind: Kind, document: ValueObject): ValueObject => {
  const root = kind.schema as Schema;
  const follow = (schema: Schema | undefined): Schema =>
    schema?.$ref?.startsWith('#/$defs/') === true
      ? (root.$defs?.[schema.$ref.slice('#/$defs/'.length)] ?? {})
      : (schema ?? {});
  const order = (value: Value, within: Schema | undefined): Value => {
    const schema = follow(within);
    if (isValueArray(value)) return value.map((item) => order(item, schema.items));
    if (!isValueObject(value)) return value;
    const known = schema.properties ?? {};
    const sorted = Object.fromEntries(
      Object.keys(value)
        .sort(byCodeUnit)
        .map((name) => [name, order(value[name] as Value, known[name])]),
    );
    return { ...pick(sorted, Object.keys(known)), ...sorted };
  };
  return order(document, root) as ValueObject;
};

const byText = (a: Value, b: Value): number => byCodeUnit(canonicalJson(redact(a)), canonicalJson(redact(b)));

/** What a manifest would say of a live object, but for what `collapse` of its kind makes of it. */
const spelledOut = (
  kind: Kind,
  live: JsonObject,
  referTo: ReferTo,
  presets: readonly Preset[] = [],
): ValueObject => {
  const { shape } = kind;
  const { document } = kind.fromLive(live);
  let whole: ValueObject = trimmed(document, shape.literal);
  whole = withReferences(kind, whole, referTo);
  for (const { path, value } of [...shape.defaults, ...presets])
    whole = mapValue(whole, path, (held) =>
      value === undefined || jsonEqual(held as Json, value) ? undefined : held,
    );
  // An answer gives these in any order.
  for (const path of shape.sets)
    whole = mapValue(whole, path, (held) => (isValueArray(held) ? [...held].sort(byText) : held));
  for (const { path, key } of shape.keyed)
    whole = mapValue(whole, path, (held) =>
      isValueArray(held) ? [...held].sort((a, b) => byKey(a, b, key) || byText(a, b)) : held,
    );
  return whole;
};

const byKey = (a: Value, b: Value, key: string): number =>
  byCodeUnit(isValueObject(a) ? asText(a[key]) : '', isValueObject(b) ? asText(b[key]) : '');

const withReferences = (kind: Kind, document: ValueObject, referTo: ReferTo): ValueObject => {
  const names = new Map<string, { readonly name: string }>();
  // The table of references knows keys and ids; a name takes the place of the id afterwards.
  const keyed = referencesFromLive(kind, document, (other, id) => {
    const reference = referTo(other, id);
    if (typeof reference === 'object') names.set(id, reference);
    return typeof reference === 'string' ? reference : undefined;
  });
  if (names.size === 0) return keyed;
  const rename = (value: Value): Value => {
    if (isValueArray(value)) return value.map(rename);
    if (!isValueObject(value)) return value;
    const own = Object.keys(value);
    const name = own.length === 1 && typeof value['id'] === 'string' ? names.get(value['id']) : undefined;
    return name ?? Object.fromEntries(own.map((key) => [key, rename(value[key] as Value)]));
  };
  return rename(keyed) as ValueObject;
};

/** What tells two objects of one name apart, ids aside; references by the names of what they lead to. */
export const contentOf = (
  kind: Kind,
  live: JsonObject,
  nameOf: (kind: string, id: string) => string,
): string => canonicalJson(redact(spelledOut(kind, live, (other, id) => nameOf(other, id))));

/** The manifest of a live object, without what is said of the resource itself, and what the API fills in. */
export const documentOf = (
  kind: Kind,
  live: JsonObject,
  referTo: ReferTo,
  secretName: (pointer: string) => string,
  presets: readonly Preset[] = [],
): Written => {
  const secrets = kind.fromLive(live).masked.map((pointer) => ({ pointer, name: secretName(pointer) }));
  const whole = secrets.reduce(
    (document, { pointer, name }) =>
      withValue(document, pointerSegments(pointer), new Secret(`\${secret:${name}}`, undefined)),
    spelledOut(kind, live, referTo, presets),
  );
  return { document: inOrder(kind, kind.collapse(whole)), whole, secrets };
};

/** Prefixes that the environment of a tool or a CI uses for itself: a secret must not be found there by accident. */
const foreign = /^(POLYTOMIC|GITHUB|ACTIONS|RUNNER|INPUT|NODE|NPM|AWS|AZURE|GOOGLE|GCP|PG|MYSQL|SNOWFLAKE)_/;

/** A function that names the secrets of a resource: `WAREHOUSE_PASSWORD`, each name once. */
export const createSecretNames = (
  taken: Iterable<string>,
): ((kind: string, key: string, pointer: string) => string) => {
  const used = new Set(taken);
  return (kind, key, pointer) => {
    const segments = pointerSegments(pointer);
    const field = (segments.length > 1 ? segments.slice(1) : segments).join('_');
    const plain = `${key}_${field}`.replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase();
    const name = foreign.test(plain) || /^\d/.test(plain) ? `${kind.toUpperCase()}_${plain}` : plain;
    let free = name;
    for (let number = 2; used.has(free); number += 1) free = `${name}_${number}`;
    used.add(free);
    return free;
  };
};

/** A document as it is written: `\${` stands for a literal one, and secrets for their names. */
export const escaped = (value: Value): Json => {
  if (value instanceof Secret) return value.label;
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (isValueArray(value)) return value.map(escaped);
  if (!isValueObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, escaped(item)]));
};
