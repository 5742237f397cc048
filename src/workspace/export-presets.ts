/** The schemas of the connection types in an export: what they fill in by themselves is left out. */
import type { Reader } from '../api/client.js';
import { ApiError } from '../api/failure.js';
import type { JsonObject } from '../core/json.js';
import { presetsIn, type Preset } from '../export/presets.js';
import type { Typed } from '../kinds/kind.js';
import { kindOf } from '../kinds/registry.js';
import type { LiveObject } from '../live/snapshot.js';
import { readTypeSchema, type TypeCache } from '../live/type-cache.js';

const typedOf = ({ kind, value }: LiveObject): Typed | undefined => kindOf(kind).typed?.(value);

/** The schema of a type; without one a configuration is written whole. */
const schemaOf = async (reader: Reader, types: TypeCache, type: string): Promise<JsonObject | undefined> => {
  try {
    return await readTypeSchema(reader, types, type);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
};

/** What the API fills into each of these objects. Each type is asked about once. */
export const readPresets = async (
  reader: Reader,
  types: TypeCache,
  objects: readonly LiveObject[],
): Promise<(object: LiveObject) => readonly Preset[]> => {
  const names = [...new Set(objects.flatMap((object) => typedOf(object)?.type ?? []))];
  const schemas = new Map(
    await Promise.all(names.map(async (type) => [type, await schemaOf(reader, types, type)] as const)),
  );
  await types.save();
  return (object) => {
    const typed = typedOf(object);
    const schema = typed === undefined ? undefined : schemas.get(typed.type);
    return typed === undefined || schema === undefined ? [] : presetsIn(schema, typed.path);
  };
};
