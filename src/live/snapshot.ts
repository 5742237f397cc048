/** What lives in the organization, as far as a plan needs it. */
import pLimit from 'p-limit';
import { listPages, objectOf } from '../api/calls.js';
import type { Reader } from '../api/client.js';
import { ApiError, failureDiagnostic } from '../api/failure.js';
import { DiagnosticError } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import type { Kind } from '../kinds/kind.js';
import { kinds } from '../kinds/registry.js';
import { asText } from '../core/text.js';
import { noCache, type DetailCache } from './cache.js';
import { readSettings } from './settings.js';

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

export interface LiveOptions {
  /** Default: none. */
  readonly cache?: DetailCache;
  /** Of which objects the parts at addresses of their own are read, too. Default: of none. */
  readonly wantsSettings?: Wants;
  /** Hears of each object. */
  readonly onRead?: () => void;
}

/**
 * Lists every kind, page by page and side by side, and reads the details of what `wants` picks where the
 * list of this version holds summaries. Throws `DiagnosticError`.
 */
export const readLive = async (
  reader: Reader,
  wants: Wants,
  concurrency: number,
  { cache = noCache, wantsSettings = () => false, onRead = () => undefined }: LiveOptions = {},
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
          const whole =
            known === undefined
              ? details(async () => readOne(reader, kind.collection, object, cache))
              : Promise.resolve({ ...object, value: known });
          const reading =
            kind.settings.length > 0 && wantsSettings(kind.name, object.id, object.name)
              ? whole.then(async (each) => details(async () => withSettings(reader, kind, each)))
              : whole;
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

const withSettings = async (reader: Reader, kind: Kind, object: LiveObject): Promise<LiveObject> => {
  const doing = `reading the settings of ${object.kind.toLowerCase()} "${object.name}"`;
  return guarded(doing, object.id, async () => ({
    ...object,
    value: { ...object.value, ...(await readSettings(reader, kind, object.id)) },
  }));
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
