/** The schemas of the connection types in an export: what they fill in by themselves is left out. */
import type { Reader } from '../api/client.js';
import { readConnectionTypeSchema } from '../api/connection-types.js';
import { ApiError } from '../api/failure.js';
import { isJsonObject, type JsonObject } from '../core/json.js';
import { presetsIn, type Preset } from '../export/presets.js';
import { kindOf } from '../kinds/registry.js';
import type { LiveObject } from '../live/snapshot.js';
import type { TypeCache } from '../live/type-cache.js';

const schemaOf = async (reader: Reader, cache: TypeCache, type: string): Promise<JsonObject | undefined> => {
  const name = `schema ${type}`;
  const kept = cache.find(name);
  if (kept !== undefined) return isJsonObject(kept) ? kept : undefined;
  try {
    const schema = await readConnectionTypeSchema(reader, type);
    cache.keep(name, schema);
    return schema;
  } catch (error) {
    // Without its schema a configuration is written whole.
    if (error instanceof ApiError) return undefined;
    throw error;
  }
};

/** What the API fills into each of these objects. Each type is asked about once. */
export const readPresets = async (
  reader: Reader,
  cache: TypeCache,
  objects: readonly LiveObject[],
): Promise<(object: LiveObject) => readonly Preset[]> => {
  const typed = ({
    kind,
    value,
  }: LiveObject): ReturnType<NonNullable<ReturnType<typeof kindOf>['presets']>> =>
    kindOf(kind).presets?.(value);
  const names = [...new Set(objects.flatMap((object) => typed(object)?.type ?? []))];
  const schemas = new Map(
    await Promise.all(names.map(async (type) => [type, await schemaOf(reader, cache, type)] as const)),
  );
  await cache.save();
  return (object) => {
    const found = typed(object);
    const schema = found === undefined ? undefined : schemas.get(found.type);
    return found === undefined || schema === undefined ? [] : presetsIn(schema, found.path);
  };
};
