/** JSON values, their canonical text and their equality. */

export type JsonPrimitive = string | number | boolean | null;
export type Json = JsonPrimitive | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Whether `value` is an object with properties: not null, not a list, not a scalar. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null);

/** Whether `value` is a list; `Array.isArray` forgets `readonly`. */
export const isJsonArray = (value: unknown): value is readonly Json[] => Array.isArray(value);

/**
 * The deepest that lists and maps may stand in each other, in an answer and in a file of this tool: manifests have at
 * most 100, what walks a value calls itself, and a stranger's value would run it out of stack.
 */
export const MOST_NESTED = 200;

/** Whether a parsed value is nested deeper than `MOST_NESTED`: this walk goes no deeper itself. */
export const isNestedTooDeeply = (value: unknown, depth = 0): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (depth > MOST_NESTED) return true;
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return inner.some((each) => isNestedTooDeeply(each, depth + 1));
};

/** The value of a JSON text. Throws `SyntaxError`, also for one that is nested too deeply. */
export const parseJson = (text: string): Json => {
  const value = JSON.parse(text) as Json;
  if (isNestedTooDeeply(value)) throw new SyntaxError(`values are nested more than ${MOST_NESTED} deep`);
  return value;
};

/** Order by UTF-16 code unit: the same on every machine and in every locale. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The same value with the keys of every object in one order, so that equal values have equal text.
 * Lists keep their order.
 */
export const sortKeys = (value: Json): Json => {
  if (isJsonArray(value)) return value.map(sortKeys);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort(byCodeUnit)
      .map((key) => [key, sortKeys(value[key] as Json)]),
  );
};

/** Canonical text: keys sorted, no spaces. Two values are equal exactly when their texts are. */
export const canonicalJson = (value: Json): string => JSON.stringify(sortKeys(value));

/** Deep equality of JSON values; the order of keys does not count, the order of lists does. */
export const jsonEqual = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b) return true;
  if (isJsonArray(a))
    return isJsonArray(b) && a.length === b.length && a.every((item, index) => jsonEqual(item, b[index]));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  // As in a text, what is undefined is not there.
  const isThere = (object: JsonObject, key: string): boolean =>
    Object.hasOwn(object, key) && object[key] !== undefined;
  const keys = Object.keys(a).filter((key) => isThere(a, key));
  return (
    keys.every((key) => isThere(b, key) && jsonEqual(a[key], b[key])) &&
    Object.keys(b).filter((key) => isThere(b, key)).length === keys.length
  );
};

/** The objects of a list; none where it is no list. */
export const objectsIn = (value: Json | undefined): readonly JsonObject[] =>
  isJsonArray(value) ? value.filter(isJsonObject) : [];
