/** Parts of objects that the API keeps at addresses of their own. */
import type { Reader } from '../api/client.js';
import { isAnswered } from '../api/failure.js';
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import type { Kind } from '../kinds/kind.js';

/** The address of a part of an object. */
export const settingsPath = ({ collection }: Kind, id: string, path: string): string =>
  `${collection}/${encodeURIComponent(id)}${path}`;

/** The parts of an object by their names; what this server or version does not have is left out. Throws `ApiError`. */
export const readSettings = async (reader: Reader, kind: Kind, id: string): Promise<JsonObject> => {
  const parts = await Promise.all(
    kind.settings
      .filter(({ isIn }) => isIn(reader.dialect))
      .map(async ({ name, path, refused = [] }): Promise<readonly (readonly [string, Json])[]> => {
        try {
          const { data } = await reader.get(settingsPath(kind, id, path));
          return isJsonObject(data ?? null) ? [[name, data as Json]] : [];
        } catch (error) {
          if (isAnswered(error, 404, ...refused)) return [];
          throw error;
        }
      }),
  );
  return Object.fromEntries(parts.flat());
};
