/**
 * Where the sandbox keeps its objects: in memory, and in a file where one is named. The file is a journal: a
 * line for each request that changed something, flushed before the answer goes out. A line that a crash cut
 * short is dropped when the file is opened again, and with it a request that nobody had an answer to.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { sync as writeAtomically } from 'write-file-atomic';
import { isJsonArray, isJsonObject, parseJson, type Json, type JsonObject } from '../core/json.js';
import { isAlive } from '../core/process.js';
import { removeLockFile, takeLockFile, type Holder, type LockFileOptions } from '../files/lock-file.js';

/** As stored: secrets in clear, lists in the order in which they were sent. */
export type Stored = JsonObject & { readonly id: string };

export const collections = [
  'organizations',
  'keys',
  'answers',
  'connections',
  'models',
  'syncs',
  'errorHandling',
  'executions',
  'bulkSyncs',
  'bulkSchemas',
  'bulkExecutions',
  'sources',
  'sessions',
  'proxyCalls',
  'queries',
  'jobs',
  'events',
  'webhooks',
  'deliveries',
  'rows',
  'policies',
  'roles',
  'users',
  'settings',
] as const;
export type Collection = (typeof collections)[number];

/** What became of an object: its new form, or null where it was deleted. */
interface Change {
  readonly organization: string;
  readonly collection: Collection;
  readonly id: string;
  readonly object: Stored | null;
}

type Table = ReadonlyMap<string, Stored>;

export interface Database {
  /** The objects of a collection by id, the last changed at the end. */
  readonly table: (organization: string, collection: Collection) => Table;
  readonly write: (organization: string, collection: Collection, object: Stored) => void;
  readonly delete: (organization: string, collection: Collection, id: string) => boolean;
  /** Flushes the changes since the last call; to be called before an answer that speaks of them. */
  readonly commit: () => void;
  /** The table as it was before the last request that changed it. */
  readonly stale: (organization: string, collection: Collection) => Table;
  /** Milliseconds since 1970, later than any given before. */
  readonly now: () => number;
  readonly close: () => void;
}

/** The file cannot be used: somebody else has it open, or it is damaged. */
export class DataFileError extends Error {
  override readonly name = 'DataFileError';
}

const header = '{"polytomic-gitops sandbox":1}';

/** An empty database, or the one of `file`, which is made where it is missing. Throws `DataFileError`. */
export const openDatabase = (file?: string): Database => {
  const tables = new Map<string, Map<string, Stored>>();
  const tableOf = (organization: string, collection: Collection): Map<string, Stored> => {
    const key = `${organization}/${collection}`;
    const table = tables.get(key) ?? new Map<string, Stored>();
    tables.set(key, table);
    return table;
  };
  const perform = ({ organization, collection, id, object }: Change): void => {
    const table = tableOf(organization, collection);
    table.delete(id);
    if (object !== null) table.set(id, object);
  };
  const journal = file === undefined ? undefined : openJournal(file, perform, () => dump(tables));
  /** Changes of this request, and by table what was there before the last one that changed it. */
  let pending: Change[] = [];
  let last = 0;
  const before = new Map<string, Map<string, Stored | undefined>>();
  const change = (made: Change): void => {
    const key = `${made.organization}/${made.collection}`;
    const known = pending.some(({ organization, collection }) => `${organization}/${collection}` === key)
      ? before.get(key)
      : undefined;
    const olds = known ?? new Map<string, Stored | undefined>();
    if (!olds.has(made.id)) olds.set(made.id, tableOf(made.organization, made.collection).get(made.id));
    before.set(key, olds);
    perform(made);
    pending.push(made);
  };
  return {
    table: tableOf,
    write: (organization, collection, object) => {
      change({ organization, collection, id: object.id, object });
    },
    delete: (organization, collection, id) => {
      if (!tableOf(organization, collection).has(id)) return false;
      change({ organization, collection, id, object: null });
      return true;
    },
    commit: () => {
      if (pending.length > 0) journal?.append(pending);
      pending = [];
    },
    stale: (organization, collection) => {
      const table = new Map(tableOf(organization, collection));
      for (const [id, object] of before.get(`${organization}/${collection}`) ?? [])
        if (object === undefined) table.delete(id);
        else table.set(id, object);
      return table;
    },
    now: () => (last = Math.max(Date.now(), last + 1)),
    close: () => journal?.close(),
  };
};

const dump = (tables: ReadonlyMap<string, Table>): readonly Change[] =>
  [...tables].flatMap(([key, table]) => {
    const [organization = '', collection] = key.split('/');
    return [...table.values()].map((object) => ({
      organization,
      collection: collection as Collection,
      id: object.id,
      object,
    }));
  });

interface Journal {
  readonly append: (changes: readonly Change[]) => void;
  readonly close: () => void;
}

const openJournal = (
  file: string,
  perform: (change: Change) => void,
  all: () => readonly Change[],
): Journal => {
  const unlock = lock(file);
  try {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    // What follows the last line's end was cut short by a crash.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const [first, ...lines] = whole.split('\n').slice(0, -1);
    if (text !== '' && first !== header)
      throw new DataFileError(`${file} is no data file of the sandbox; it is left as it is`);
    let changes = 0;
    for (const [index, line] of lines.entries())
      for (const change of parse(line, file, index + 2)) {
        perform(change);
        changes += 1;
      }
    const live = all();
    if (text === '' || changes > 2 * live.length + 1000) {
      const lines = live.length === 0 ? [header] : [header, JSON.stringify(live)];
      writeAtomically(file, `${lines.join('\n')}\n`, { mode: 0o600 });
    } else if (whole.length < text.length) truncateSync(file, Buffer.byteLength(whole));
    const journal = openSync(file, 'a');
    let open = true;
    return {
      append: (made) => {
        writeSync(journal, `${JSON.stringify(made)}\n`);
        fdatasyncSync(journal);
      },
      close: () => {
        if (!open) return;
        open = false;
        closeSync(journal);
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
};

const isChange = (value: Json): boolean =>
  isJsonObject(value) &&
  typeof value['organization'] === 'string' &&
  (collections as readonly unknown[]).includes(value['collection']) &&
  typeof value['id'] === 'string' &&
  (value['object'] === null || isJsonObject(value['object']));

const parse = (line: string, file: string, number: number): readonly Change[] => {
  let value: Json = null;
  try {
    value = JSON.parse(line) as Json;
  } catch {
    // Said below.
  }
  if (!isJsonArray(value) || !value.every(isChange))
    throw new DataFileError(`${file} is damaged in line ${number}; it is left as it is`);
  return value as unknown as readonly Change[];
};

interface DataHolder extends Holder {
  readonly pid: number;
  readonly host: string;
}

const lockFiles: LockFileOptions<DataHolder> = {
  parse: (text) => {
    try {
      const value = parseJson(text);
      return isJsonObject(value) && typeof value['id'] === 'string'
        ? (value as unknown as DataHolder)
        : undefined;
    } catch {
      return undefined;
    }
  },
  // Elsewhere nobody sees whether a process runs.
  isHeld: ({ host, pid }) => host !== hostname() || isAlive(pid),
};

/** Two sandboxes on one file would each write over what the other does not know of. */
const lock = (file: string): (() => void) => {
  const name = `${file}.lock`;
  const own: DataHolder = { id: randomUUID(), pid: process.pid, host: hostname() };
  const holder = takeLockFile(name, own, lockFiles);
  if (holder === 'unreadable') throw new DataFileError(`${file} is in use, or ${name} is damaged`);
  if (holder !== undefined)
    throw new DataFileError(
      `${file} is in use by process ${holder.pid}${holder.host === hostname() ? '' : ` on ${holder.host}; if that is gone, remove ${name}`}`,
    );
  return () => {
    removeLockFile(name, own.id, own, lockFiles);
  };
};
