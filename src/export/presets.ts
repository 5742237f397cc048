/** What the API fills into an object by itself, by the schema of its connection type. Pure. */
import { isJsonArray, isJsonObject, type JsonObject } from '../core/json.js';
import type { Path } from '../kinds/paths.js';

/** A value that a manifest need not say. */
export interface Preset {
  readonly path: Path;
  readonly value: string | number | boolean;
}

/**
 * The defaults of a type's schema, as they stand below a path of a document. A property that is required stays
 * written: the API does not say that it fills it in. `schema` is the answer of the API.
 */
export const presetsIn = (schema: JsonObject, below: Path): readonly Preset[] => {
  const { properties, required } = schema;
  const needed = isJsonArray(required) ? required : [];
  return Object.entries(isJsonObject(properties) ? properties : {}).flatMap(([name, property]) => {
    const value = isJsonObject(property) ? property['default'] : undefined;
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isPlain && !needed.includes(name) ? [{ path: [...below, name], value }] : [];
  });
};
