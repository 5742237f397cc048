/** Parts of live objects that the API keeps at addresses of their own. */
import { listPages } from '../api/calls.js';
import type { Reader } from '../api/client.js';
import { isAnswered } from '../api/failure.js';
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import type { ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import type { Kind, Part, PartRead } from '../kinds/kind.js';
import { noCache, type DetailCache } from './cache.js';
import { addressIn } from './objects.js';

/** What manifests and the last apply say of an object, part by part: `all` where everything is to be read. */
export type Spoken = 'all' | readonly ValueObject[];

/** The parts that are read of an object of which this is spoken. Pure. */
export const partsToRead = (kind: Kind, { dialect }: Reader, spoken: Spoken): readonly Part[] =>
  kind.parts.filter(
    ({ name, read, isIn }) =>
      read !== undefined &&
      isIn(dialect) &&
      (spoken === 'all' || spoken.some((document) => document[name] !== undefined)),
  );

/**
 * These parts of an object by their names; what this server or version does not have is left out. `object` is as it was
 * answered. Throws `ApiError`.
 */
export const readParts = async (
  reader: Reader,
  kind: Kind,
  object: JsonObject,
  parts: readonly Part[],
  spoken: Spoken = 'all',
  cache: DetailCache = noCache,
): Promise<JsonObject> => {
  const id = asText(object['id']);
  const read = await Promise.all(
    parts.map(async ({ name, read: how }): Promise<readonly (readonly [string, Json])[]> => {
      if (how === undefined) return [];
      const way: Way = { reader, kind, id, cache: how.dated === true ? cache : noCache, object };
      const said = spoken === 'all' ? spoken : spoken.filter((document) => document[name] !== undefined);
      const value = await orNothing(async () => readPart(way, name, how, said), how.refused);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return Object.fromEntries(read.flat());
};

interface Way {
  readonly reader: Reader;
  readonly kind: Kind;
  readonly id: string;
  readonly object: JsonObject;
  readonly cache: DetailCache;
}

const orNothing = async <T>(
  read: () => Promise<T>,
  refused: readonly number[] = [],
): Promise<T | undefined> => {
  try {
    return await read();
  } catch (error) {
    if (isAnswered(error, 404, ...refused)) return undefined;
    throw error;
  }
};

/** As it was kept with the object, or read and kept. */
const kept = async <T extends Json>(
  { cache, object, id }: Way,
  what: string,
  read: () => Promise<T | undefined>,
): Promise<T | undefined> => {
  const { updated_at: at = null } = object;
  const name = { id: `${id} ${what}`, updated_at: at };
  const found = cache.find(name);
  if (found !== undefined) return found['value'] as T;
  const value = await read();
  if (value !== undefined) cache.keep({ ...name, value });
  return value;
};

const readPart = async (
  way: Way,
  name: string,
  { path, is, query, items }: PartRead,
  spoken: Spoken,
): Promise<Json | undefined> => {
  const { reader, kind, id } = way;
  const address = addressIn(reader, kind, id, path);
  if (is === 'object')
    return kept(way, name, async () => {
      const { data } = await reader.get(address, query);
      return isJsonObject(data) ? data : undefined;
    });
  const list = await kept(way, name, async () => {
    const objects: JsonObject[] = [];
    await listPages(reader, address, (object) => objects.push(object), query);
    return objects;
  });
  if (items === undefined || list === undefined) return list;
  const wanted = (item: JsonObject): boolean => spoken === 'all' || items.wants(item, spoken);
  return Promise.all(
    list.map(async (item) => {
      if (!wanted(item)) return item;
      const own = asText(item['id']);
      const whole = await orNothing(async () =>
        kept(way, `${name} ${own}`, async () => {
          const { data } = await reader.get(
            addressIn(reader, kind, id, items.path.replace('{item}', encodeURIComponent(own))),
          );
          return isJsonObject(data) ? data : undefined;
        }),
      );
      return whole ?? item;
    }),
  );
};
