import { isJsonObject, type Json, type JsonObject } from './json.js';

/** A merge patch, applied: maps are merged, null removes, everything else replaces (RFC 7396). Pure. */
export const mergePatch = (target: JsonObject, patch: JsonObject): JsonObject => {
  const merged = Object.entries(patch).flatMap(([key, value]): [string, Json][] => {
    if (value === null) return [];
    const held = target[key];
    return [[key, isJsonObject(value) ? mergePatch(isJsonObject(held) ? held : {}, value) : value]];
  });
  return {
    ...Object.fromEntries(Object.entries(target).filter(([key]) => !Object.hasOwn(patch, key))),
    ...Object.fromEntries(merged),
  };
};
