import { isJsonObject, type JsonObject } from '../core/json.js';

/** A merge patch (RFC 7396), applied. */
export const jsonMerge = (target: JsonObject, patch: JsonObject): JsonObject => {
  const result = { ...target };
  const merged = Object.entries(patch).filter(([, value]) => value !== null);
  return {
    ...Object.fromEntries(Object.entries(result).filter(([key]) => patch[key] !== null)),
    ...Object.fromEntries(
      merged.map(([key, value]) => {
        const held = result[key];
        return [key, isJsonObject(value) ? jsonMerge(isJsonObject(held) ? held : {}, value) : value];
      }),
    ),
  };
};
