/** What the API fills into an object by itself, by the schema of its connection type. Pure. */
import { parseTypeSchema } from '../api/type-schema.js';
import type { Json, JsonObject } from '../core/json.js';
import type { Path } from '../kinds/paths.js';

/** What a manifest need not say. */
export interface Preset {
  readonly path: Path;
  /** The value that absence stands for; without it, whatever the server holds there. */
  readonly value?: Json;
}

/**
 * What a type's schema fills in, as it stands below a path of a document: defaults, and what the server alone
 * writes. A property that is required stays
 * written: the API does not say that it fills it in. `schema` is the answer of the API.
 */
export const presetsIn = (schema: JsonObject, below: Path): readonly Preset[] => {
  const read = parseTypeSchema(schema);
  if (read === undefined) return [];
  return [...read.properties].flatMap(([name, { default: value, serverKept }]): readonly Preset[] => {
    // In a path, this stands for each item.
    if (name === '*') return [];
    const path = [...below, name];
    if (serverKept) return [{ path }];
    return value == null || read.required.includes(name) ? [] : [{ path, value }];
  });
};
