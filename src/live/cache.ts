/**
 * Details that were read before, by id and time of the last change: a plan of an organization that did not change
 * costs the lists alone. Safe to delete. Holds what the API answers, and therefore no secrets.
 */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { isJsonArray, isJsonObject, type Json, jsonEqual, type JsonObject, parseJson } from '../core/json.js';

export interface DetailCache {
  /** The whole object of a summary, where it is the one that was read before. */
  readonly find: (summary: JsonObject) => JsonObject | undefined;
  readonly keep: (value: JsonObject) => void;
  /** Writes what was found or kept in this run, and nothing else. Never fails: it is only a cache. */
  readonly save: () => Promise<void>;
}

const FORMAT = 1;

/** What a cache was made for: another organization, or another version of the API, has others. */
export interface CacheScope {
  readonly organization: string;
  readonly version: string;
}

/** Where the cache of an environment is. */
export const cacheFile = (root: string, environment: string | undefined): string =>
  path.join(root, '.polytomic', 'cache', `${environment ?? 'default'}.json`);

const idOf = (value: JsonObject): string => (typeof value['id'] === 'string' ? value['id'] : '');

/** Whether all that a summary says is what the details say, too: not every change need move the time. */
const agrees = (summary: JsonObject, details: JsonObject): boolean =>
  Object.entries(summary).every(
    ([name, value]) => !Object.hasOwn(details, name) || sameValue(value, details[name]),
  );

/** A schedule, say, is filled in here and not there. */
const sameValue = (a: Json, b: Json | undefined): boolean =>
  isJsonObject(a) && isJsonObject(b)
    ? Object.entries(a).every(([key, value]) => value === null || jsonEqual(value, b[key]))
    : jsonEqual(a, b);

const hasProblems = ({ problems }: JsonObject): boolean => isJsonArray(problems) && problems.length > 0;

/** A cache that is written and not asked: what refers to something gone looks as it did before. */
export const unasked = (cache: DetailCache): DetailCache => ({ ...cache, find: () => undefined });

/** Opens the cache; one that cannot be read, or is for something else, is empty. */
export const openCache = async (file: string, scope: CacheScope): Promise<DetailCache> => {
  const known = new Map<string, JsonObject>();
  const used = new Map<string, JsonObject>();
  let changed = false;
  try {
    const value = parseJson(await readFile(file, 'utf8'));
    if (
      isJsonObject(value) &&
      value['formatVersion'] === FORMAT &&
      value['organization'] === scope.organization &&
      value['version'] === scope.version &&
      isJsonObject(value['details'])
    )
      for (const [id, details] of Object.entries(value['details']))
        if (isJsonObject(details)) known.set(id, details);
  } catch {
    // Missing or damaged: it is made anew.
  }
  return {
    find: (summary) => {
      const details = known.get(idOf(summary));
      const at = summary['updated_at'];
      if (details === undefined || typeof at !== 'string' || details['updated_at'] !== at) return undefined;
      // What could not be found may have come back, and moves no time of this object.
      if (!agrees(summary, details) || hasProblems(details)) return undefined;
      used.set(idOf(summary), details);
      return details;
    },
    keep: (value) => {
      if (typeof value['updated_at'] !== 'string') return;
      used.set(idOf(value), value);
      changed = true;
    },
    save: async () => {
      if (!changed && used.size === known.size) return;
      const text = JSON.stringify({ formatVersion: FORMAT, ...scope, details: Object.fromEntries(used) });
      try {
        await mkdir(path.dirname(file), { recursive: true });
        await writeFileAtomic(file, `${text}\n`, { mode: 0o600 });
      } catch {
        // The next plan reads the details again.
      }
    },
  };
};

/** For runs that keep nothing. */
export const noCache: DetailCache = {
  find: () => undefined,
  keep: () => undefined,
  save: async () => Promise.resolve(),
};
