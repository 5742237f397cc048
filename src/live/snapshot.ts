/** What lives in the organization, as far as a plan needs it. */
import pLimit from 'p-limit';
import { listPages, objectOf } from '../api/calls.js';
import type { Reader } from '../api/client.js';
import { ApiError, failureDiagnostic } from '../api/failure.js';
import { DiagnosticError } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import { kinds } from '../kinds/registry.js';
import { asText } from '../core/text.js';
import { noCache, type DetailCache } from './cache.js';

export interface LiveObject {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** As the API answered; a summary where nothing asked for more. */
  readonly value: JsonObject;
}

export interface Live {
  /** By kind, in the order of the API. */
  readonly objects: readonly LiveObject[];
}

/** Whether a plan compares this object, so that its details are needed. */
export type Wants = (kind: string, id: string, name: string) => boolean;

/**
 * Lists every kind, page by page and side by side, and reads the details of what `wants` picks where the
 * list of this version holds summaries. `onRead` hears of each object. Throws `DiagnosticError`.
 */
export const readLive = async (
  reader: Reader,
  wants: Wants,
  concurrency: number,
  cache: DetailCache = noCache,
  onRead: () => void = () => undefined,
): Promise<Live> => {
  // Details never stand in the way of a page, of which each brings more of them.
  const details = pLimit(Math.max(1, concurrency - kinds.length));
  const lists = await Promise.all(
    kinds.map(async (kind) => {
      const pending: Promise<LiveObject>[] = [];
      const doing = `reading the list of ${kind.name.toLowerCase()}s`;
      await guarded(doing, undefined, async () =>
        listPages(reader, kind.collection, (value) => {
          const object = {
            kind: kind.name,
            id: asText(value['id']),
            name: asText(value['name']),
            value,
          };
          const detailed = kind.listsWhole(reader.dialect) || !wants(kind.name, object.id, object.name);
          const known = detailed ? value : cache.find(value);
          const reading =
            known === undefined
              ? details(async () => readOne(reader, kind.collection, object, cache))
              : Promise.resolve({ ...object, value: known });
          // Awaited below; a failure meanwhile must not count as unhandled.
          reading.then(onRead, () => undefined);
          pending.push(reading);
        }),
      );
      details.concurrency = Math.min(concurrency, details.concurrency + 1);
      return Promise.all(pending);
    }),
  );
  await cache.save();
  return { objects: lists.flat() };
};

const readOne = async (
  reader: Reader,
  collection: string,
  object: LiveObject,
  cache: DetailCache,
): Promise<LiveObject> => {
  const path = `${collection}/${encodeURIComponent(object.id)}`;
  const doing = `reading ${object.kind.toLowerCase()} "${object.name}"`;
  return guarded(doing, object.id, async () => {
    const value = objectOf(await reader.get(path), 'GET', path);
    cache.keep(value);
    return { ...object, value };
  });
};

const guarded = async <T>(doing: string, id: string | undefined, read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApiError)
      throw new DiagnosticError([failureDiagnostic(error, id === undefined ? doing : `${doing} (${id})`)]);
    throw error;
  }
};
