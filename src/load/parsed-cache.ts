/**
 * What files held when they were parsed before, by a hash of their text: parsing is most of what loading thousands of
 * files costs. Kept for this user and never in a work tree, where a stranger could say of a file that it holds something
 * else than it does. Safe to delete.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isJsonObject, type Json } from '../core/json.js';
import { valueAt } from '../kinds/paths.js';
import { kinds } from '../kinds/registry.js';
import { parseFile, type Parsed, type ParsedDocument } from './parse.js';

/** Where this user's caches are, and which version of this tool asks. */
export interface UserCache {
  /** Absolute path, outside of any work tree. */
  readonly folder: string;
  readonly version: string;
}

export interface ParsedCache {
  /** As `parseFile`. */
  readonly parse: (file: string, text: string) => Parsed;
  /** Writes what was asked for in this run, and nothing else. Never fails: it is only a cache. */
  readonly save: () => Promise<void>;
}

/** Changes with whatever changes what `parseFile` gives. */
const FORMAT = 1;

/** Below so many files opening the cache costs more than it saves. */
export const FEWEST_FILES = 100;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Position among the documents of the file, value, line, column. */
type Kept = readonly [number, Json, number, number];

/** Whether a copy of a document may be made elsewhere: it has nothing where secrets stand. */
const isPlain = ({ value }: ParsedDocument): boolean => {
  if (!isJsonObject(value) || 'extra' in value) return false;
  const kind = kinds.find(({ name }) => name === value['kind']);
  return kind?.secretPaths.every((at) => valueAt(value, at) === undefined) === true;
};

const lineOf = (text: string, { documents, diagnostics }: Parsed): string | undefined => {
  if (diagnostics.length > 0 || !documents.every(isPlain)) return undefined;
  const kept = documents.map(({ index, value, place }): Kept => [
    index,
    value as Json,
    place.line,
    place.column,
  ]);
  const line = JSON.stringify(kept);
  // Aliases that are spelled out can be a thousand times the text.
  return line.length > 4 * text.length + 200 ? undefined : line;
};

/** Undefined where a line was damaged. */
const documentsOf = (file: string, line: string): readonly ParsedDocument[] | undefined => {
  try {
    return (JSON.parse(line) as readonly Kept[]).map(([index, value, at, column]) => ({
      file,
      index,
      value,
      place: { file, line: at, column },
    }));
  } catch {
    return undefined;
  }
};

/**
 * The parsed files of the repository at `root` (of one environment), kept in a folder of the user's. What cannot be
 * read, belongs to somebody else, is from another version, or would lie in the work tree is as good as empty.
 */
export const openParsedCache = async (
  { folder, version }: UserCache,
  root: string,
  environment: string | undefined,
): Promise<ParsedCache> => {
  const name = `parsed-${hashOf(`${root}\n${environment ?? ''}`)}`;
  const cache = path.join(folder, name);
  const header = `polytomic-gitops ${version} ${FORMAT}`;
  const isApart = await liesApart(folder, root);
  const known = isApart ? await readKnown(cache, header) : new Map<string, string>();
  const used = new Map<string, string>();
  let changed = false;
  return {
    parse: (file, text) => {
      const hash = hashOf(text);
      const line = known.get(hash);
      const documents = line === undefined ? undefined : documentsOf(file, line);
      if (line !== undefined && documents !== undefined) {
        used.set(hash, line);
        return { documents, diagnostics: [] };
      }
      const parsed = parseFile(file, text);
      const made = lineOf(text, parsed);
      if (made !== undefined) {
        used.set(hash, made);
        changed = true;
      }
      return parsed;
    },
    save: async () => {
      if (!isApart || (!changed && used.size === known.size)) return;
      const lines = [header, ...[...used].map(([hash, line]) => `${hash} ${line}`)];
      try {
        const { default: writeFileAtomic } = await import('write-file-atomic');
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFileAtomic(cache, `${lines.join('\n')}\n`, { mode: 0o600, fsync: false });
      } catch {
        // The next run parses again.
      }
    },
  };
};

/** Whether a folder, which need not be there yet, is not in the work tree: a home can be. */
const liesApart = async (folder: string, root: string): Promise<boolean> => {
  if (!path.isAbsolute(folder)) return false;
  const real = async (at: string): Promise<string> => {
    try {
      return await realpath(at);
    } catch {
      const parent = path.dirname(at);
      return parent === at ? at : path.join(await real(parent), path.basename(at));
    }
  };
  const within = path.relative(await real(root), await real(folder));
  return within.startsWith('..') || path.isAbsolute(within);
};

const readKnown = async (cache: string, expected: string): Promise<ReadonlyMap<string, string>> => {
  const known = new Map<string, string>();
  try {
    const handle = await open(cache, 'r');
    try {
      const { uid, mode } = await handle.stat();
      // As of a key of SSH: what others may write says nothing.
      if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0)) return known;
      const [header, ...lines] = (await handle.readFile('utf8')).split('\n');
      if (header !== expected) return known;
      for (const line of lines) {
        const end = line.indexOf(' ');
        if (end > 0) known.set(line.slice(0, end), line.slice(end + 1));
      }
    } finally {
      await handle.close();
    }
  } catch {
    // Missing or damaged: it is made anew.
  }
  return known;
};
