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
export const jsonEqual = (a: Json | undefined, b: Json | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));
