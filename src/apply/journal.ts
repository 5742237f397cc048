/**
 * The journal of an apply: what is about to be done, and what was. Each line is on the disk before the next step,
 * so that a run that is killed leaves behind what the next one needs to know. No secrets.
 */
import { mkdir, open as openFile, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Address } from '../core/address.js';
import { DiagnosticError } from '../core/diagnostics.js';
import { codeOf } from '../core/error-code.js';
import { isJsonObject, parseJson } from '../core/json.js';
import type { Binding } from '../state/state.js';

/** What a step leaves in the state, but for the id that a create learns only from its answer. */
export type PendingBinding = Omit<Binding, 'id'>;

/** What tells one request of a step from the others. */
interface RequestName {
  readonly step: string;
  readonly key?: string;
  readonly part?: string;
  readonly body?: string;
}

export type Entry =
  /** A run began: for this organization (its id), at this serial of the state. */
  | { readonly type: 'run'; readonly organization: string; readonly serial: number }
  | {
      readonly type: 'started';
      readonly step: string;
      readonly address: Address;
      readonly kind: string;
      readonly action: string;
      readonly name: string;
      /** When it was begun. */
      readonly at: string;
      /** Of a create: the key of its request, and a hash of its body. Each key has an entry of its own. */
      readonly key?: string;
      readonly body?: string;
      /** Of a request of a part of an object that lives: its name. It has an entry of its own, with a hash as `body`. */
      readonly part?: string;
      /** Of what is sent to a live object: its id. */
      readonly id?: string;
      /** Ids of the live objects that bore this name before. */
      readonly namesakes: readonly string[];
      /** Null where the step ends a binding. */
      readonly binding: PendingBinding | null;
    }
  | ({
      readonly type: 'done';
      readonly address: Address;
      readonly binding: Binding | null;
    } & RequestName)
  /** A request of a part was answered. */
  | ({ readonly type: 'answered' } & RequestName)
  /** Nothing came of it, and nothing will. */
  | ({ readonly type: 'failed' } & RequestName)
  /** The state was written, and has this serial. */
  | { readonly type: 'state'; readonly serial: number };

export interface Journal {
  /** Resolves when the entry is on the disk. */
  readonly write: (entry: Entry) => Promise<void>;
  /** Ends the run: the journal is removed where nothing of it is open, and the state is not behind it. */
  readonly close: (isBehind: boolean) => Promise<void>;
}

/** Where the journal of an environment is. */
export const journalFile = (root: string, environment: string | undefined): string =>
  path.join(root, '.polytomic', 'journal', `${environment ?? 'default'}.jsonl`);

/** A step that was begun. */
export type Started = Extract<Entry, { type: 'started' }>;

/** One request of a step: a create has one for each key, and each request of a part is one. */
const requestOf = ({ step, key, part, body }: RequestName): string =>
  JSON.stringify([step, key ?? null, ...(part === undefined ? [] : [part, body])]);

/** Steps that were begun, and of which nothing is known since; of a create, each key that is still open. */
export const openSteps = (entries: readonly Entry[]): readonly Started[] => {
  const open = new Map<string, Started>();
  for (const entry of entries) {
    if (entry.type === 'started') open.set(requestOf(entry), entry);
    if (entry.type === 'done' || entry.type === 'failed' || entry.type === 'answered')
      open.delete(requestOf(entry));
  }
  return [...open.values()];
};

/** How long an answer may still come, in milliseconds: as long as the API keeps an idempotency key. */
const KEPT = 24 * 60 * 60 * 1000;

/** Whether a step was begun so long ago that nothing can come of it any more. */
export const isPast = ({ at }: Started, now: number): boolean => now - Date.parse(at) > KEPT;

const textOf = (entries: readonly Entry[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

const writable = async <T>(file: string, work: () => Promise<T>): Promise<T> => {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    return await work();
  } catch (error) {
    const code = codeOf(error);
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'unwritable-journal',
        message: `the journal cannot be written (${code})`,
        hint: 'check the folder .polytomic and its permissions',
      },
    ]);
  }
};

/**
 * Puts a journal in the place of an older one, whole or not at all: what the older one has open, and `open` holds,
 * is lost at no moment. Without anything open there is none. Throws `DiagnosticError`.
 */
export const replaceJournal = async (
  file: string,
  run: Extract<Entry, { type: 'run' }>,
  open: readonly Started[],
): Promise<void> =>
  writable(file, async () => {
    if (open.length === 0) await rm(file, { force: true });
    else await writeFileAtomic(file, textOf([run, ...open]), { mode: 0o600 });
  });

/** Begins the journal of a run with what earlier ones left open, in place of theirs. Throws `DiagnosticError`. */
export const startJournal = async (
  file: string,
  run: Extract<Entry, { type: 'run' }>,
  open: readonly Started[],
): Promise<Journal> => {
  const handle: FileHandle = await writable(file, async () => {
    await writeFileAtomic(file, textOf([run, ...open]), { mode: 0o600 });
    return openFile(file, 'a');
  });
  const entries: Entry[] = [run, ...open];
  let last: Promise<void> = Promise.resolve();
  return {
    write: async (entry) => {
      entries.push(entry);
      const written = last.then(async () => {
        await handle.appendFile(`${JSON.stringify(entry)}\n`);
        await handle.datasync();
      });
      last = written.catch(() => undefined);
      await written;
    },
    close: async (isBehind) => {
      await last;
      const [own, there] = await Promise.all([handle.stat(), stat(file).catch(() => undefined)]);
      await handle.close();
      // Where the lock was taken from this run, the journal is another one's by now.
      const isOwn = there?.ino === own.ino && there.dev === own.dev;
      if (isOwn && !isBehind && openSteps(entries).length === 0) await rm(file, { force: true });
    },
  };
};

/** For runs that keep nothing. */
export const noJournal: Journal = {
  write: async () => Promise.resolve(),
  close: async () => Promise.resolve(),
};

/** All that an earlier run left behind, of whatever organization; a line that was cut short is none. */
export const readEntries = async (file: string): Promise<readonly Entry[]> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line): readonly Entry[] => {
    try {
      const value = parseJson(line);
      return isJsonObject(value) && typeof value['type'] === 'string' ? [value as unknown as Entry] : [];
    } catch {
      return [];
    }
  });
};

/** The organization (its id) that entries are of; undefined where they do not say. */
export const ownerOf = (entries: readonly Entry[]): string | undefined =>
  entries.find((entry) => entry.type === 'run')?.organization;

/** Entries where a run against this organization (its id) is among them, else none. */
export const entriesFor = (entries: readonly Entry[], organization: string): readonly Entry[] =>
  // What was done to another organization says nothing about this one.
  entries.some((entry) => entry.type === 'run' && entry.organization === organization) ? entries : [];
