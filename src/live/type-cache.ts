/**
 * Connection types that were read before, in a file: they are the same for everybody and change rarely. Safe to
 * delete. What it holds came from the API, and is as little trusted as its answers.
 */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Reader } from '../api/client.js';
import { readConnectionTypeSchema } from '../api/connection-types.js';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../core/json.js';

export interface TypeCache {
  /** What was kept under the name not long ago. */
  readonly find: (name: string) => Json | undefined;
  readonly keep: (name: string, value: Json) => void;
  /** Never fails: it is only a cache. */
  readonly save: () => Promise<void>;
}

const FORMAT = 1;

/** Types gain fields now and then. */
const KEPT_FOR = 7 * 24 * 60 * 60 * 1000;

interface Entry {
  readonly at: number;
  readonly value: Json;
}

/** Where the cache is. */
export const typeCacheFile = (root: string): string => path.join(root, '.polytomic', 'cache', 'types.json');

/** Opens the cache of an API; one that cannot be read, or is of another API or version, is empty. */
export const openTypeCache = async (
  file: string,
  scope: { readonly url: string; readonly version: string },
  now: () => number = Date.now,
): Promise<TypeCache> => {
  const entries = new Map<string, Entry>();
  let changed = false;
  try {
    const kept = parseJson(await readFile(file, 'utf8'));
    if (
      isJsonObject(kept) &&
      kept['formatVersion'] === FORMAT &&
      kept['url'] === scope.url &&
      kept['version'] === scope.version &&
      isJsonObject(kept['types'])
    )
      for (const [name, entry] of Object.entries(kept['types']))
        if (isJsonObject(entry) && typeof entry['at'] === 'number' && entry['value'] !== undefined)
          entries.set(name, { at: entry['at'], value: entry['value'] });
  } catch {
    // Missing or damaged: it is made anew.
  }
  return {
    find: (name) => {
      const entry = entries.get(name);
      const age = entry === undefined ? -1 : now() - entry.at;
      return age >= 0 && age < KEPT_FOR ? entry?.value : undefined;
    },
    keep: (name, value) => {
      entries.set(name, { at: now(), value });
      changed = true;
    },
    save: async () => {
      if (!changed) return;
      const text = JSON.stringify({ formatVersion: FORMAT, ...scope, types: Object.fromEntries(entries) });
      try {
        await mkdir(path.dirname(file), { recursive: true });
        await writeFileAtomic(file, `${text}\n`, { mode: 0o600 });
      } catch {
        // The next run reads them again.
      }
    },
  };
};

/** For runs that keep nothing. */
export const noTypeCache: TypeCache = {
  find: () => undefined,
  keep: () => undefined,
  save: async () => Promise.resolve(),
};

/** The schema of a type's configuration: as it was kept, or read and kept. Throws `ApiError`. */
export const readTypeSchema = async (reader: Reader, types: TypeCache, type: string): Promise<JsonObject> => {
  const name = `schema ${type}`;
  const kept = types.find(name);
  if (isJsonObject(kept)) return kept;
  const schema = await readConnectionTypeSchema(reader, type);
  types.keep(name, schema);
  return schema;
};
