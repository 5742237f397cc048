/** Where the state is kept. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import writeFileAtomic from 'write-file-atomic';
import { DiagnosticError, type Diagnostic } from '../core/diagnostics.js';
import { codeOf } from '../core/error-code.js';
import { holderOf, removeLockFile, takeLockFile, type LockFileOptions } from '../files/lock-file.js';
import { isHeld, parseLock, type Lockable, type LockInfo } from './lock.js';
import { emptyState, parseState, serializeState, type State } from './state.js';

export interface StateStore extends Lockable {
  /** What a person is told, e.g. the path of the file. */
  readonly description: string;
  /** True: bindings outlive the run. */
  readonly durable: boolean;
  readonly read: () => Promise<State>;
  /** Writes the successor of what was read. Throws `DiagnosticError` where another run wrote meanwhile. */
  readonly write: (state: State) => Promise<State>;
  /** Who holds the lock, whether or not that run is still alive. */
  readonly locked: () => Promise<LockInfo | undefined>;
}

/** A state from its text. Throws `DiagnosticError` where it is none; it is left as it is then. */
export const readState = (text: string, where: Pick<Diagnostic, 'place'>): State => {
  const state = parseState(text);
  if (!('problem' in state)) return state;
  const newer = state.newer === true;
  throw new DiagnosticError([
    {
      severity: 'error',
      code: newer ? 'newer-state' : 'damaged-state',
      message: newer
        ? `the state was written by a newer version: ${state.problem}`
        : `the state is damaged: ${state.problem}`,
      hint: newer
        ? 'update polytomic-gitops'
        : 'restore it from a backup or from Git; without it resources are found by name',
      ...where,
    },
  ]);
};

const lockFiles: LockFileOptions<LockInfo> = {
  parse: parseLock,
  isHeld: (lock, touched) => isHeld(lock, hostname(), Date.now(), touched),
};

/** Milliseconds that a write waits for another one, which takes but a moment. */
const WRITE_PATIENCE = 10_000;

const now = (purpose: string): LockInfo => ({
  id: randomUUID(),
  holder: `process ${process.pid}`,
  purpose,
  since: new Date().toISOString(),
  host: hostname(),
  pid: process.pid,
});

/** Somebody whose lock file cannot be read yet, or not any more. */
const somebody: LockInfo = { ...now('a run'), id: 'unreadable', holder: 'somebody' };

/** What to say where two runs wrote at once. */
export const conflict = (message: string, where: Pick<Diagnostic, 'place'> = {}): DiagnosticError =>
  new DiagnosticError([{ severity: 'error', code: 'state-conflict', message, hint: 'plan again', ...where }]);

/** The state in a file, replaced as a whole, so that a killed run leaves the old or the new one. */
export const fileStore = (root: string, environment: string | undefined): StateStore => {
  const relative = path.posix.join('.polytomic', 'state', `${environment ?? 'default'}.json`);
  const file = path.join(root, relative);
  const lockFile = file.replace(/\.json$/, '.lock');
  const writeLock = file.replace(/\.json$/, '.writing');
  const where = { place: { file: relative, line: 1, column: 1 } };
  const fail = (code: string, message: string, hint: string): DiagnosticError =>
    new DiagnosticError([{ severity: 'error', code, message, hint, ...where }]);
  /** What this process wrote last: as long as the file holds it, nobody else wrote. */
  let own: { readonly text: string; readonly serial: number } | undefined;
  const textIn = async (): Promise<string | undefined> => {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw fail('unreadable-state', 'the state cannot be read', 'check that you may read the file');
    }
  };
  const read = async (): Promise<State> => {
    const text = await textIn();
    return text === undefined ? emptyState : readState(text, where);
  };
  const serialNow = async (): Promise<number> => {
    const text = await textIn();
    if (text === undefined) return emptyState.serial;
    return text === own?.text ? own.serial : readState(text, where).serial;
  };
  const locked = async (): Promise<LockInfo | undefined> => Promise.resolve(holderOf(lockFile, lockFiles));
  const writable = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      await mkdir(path.dirname(file), { recursive: true });
      return await work();
    } catch (error) {
      throw fail(
        'unwritable-state',
        `the state cannot be written (${codeOf(error)})`,
        'check the folder and its permissions',
      );
    }
  };
  /** Between reading the serial and writing the next one nobody else writes, whoever holds the lock. */
  const alone = async <T>(work: () => Promise<T>): Promise<T> => {
    const own = now('write');
    const end = performance.now() + WRITE_PATIENCE;
    for (;;) {
      const holder = await writable(async () => Promise.resolve(takeLockFile(writeLock, own, lockFiles)));
      if (holder === undefined) break;
      if (performance.now() > end) throw conflict('another run is writing the state', where);
      await sleep(5);
    }
    try {
      return await work();
    } finally {
      removeLockFile(writeLock, own.id, own, lockFiles);
    }
  };
  return {
    description: relative,
    durable: true,
    read,
    write: async (state) =>
      alone(async () => {
        const serial = await serialNow();
        if (serial !== state.serial)
          throw conflict(
            `another run wrote the state meanwhile (serial ${serial}, expected ${state.serial})`,
            where,
          );
        const next = { ...state, serial: serial + 1 };
        const text = serializeState(next);
        await writable(async () => writeFileAtomic(file, text, { mode: 0o600 }));
        own = { text, serial: next.serial };
        // A sign of life: elsewhere nobody sees whether this process runs.
        const moment = new Date();
        await utimes(lockFile, moment, moment).catch(() => undefined);
        return next;
      }),
    locked,
    tryLock: async (info) =>
      writable(async () => {
        const holder = takeLockFile(lockFile, info, lockFiles);
        return Promise.resolve(holder === 'unreadable' ? somebody : holder);
      }),
    unlock: async (id) =>
      writable(async () => {
        removeLockFile(lockFile, id, now('unlock'), lockFiles);
        return Promise.resolve();
      }),
  };
};

/** No state: objects are found by name in every run, and nothing is ever deleted. */
export const noStore = (): StateStore => {
  let current = emptyState;
  return {
    description: 'none',
    durable: false,
    read: async () => Promise.resolve(current),
    write: async (state) => {
      current = { ...state, serial: state.serial + 1 };
      return Promise.resolve(current);
    },
    locked: async () => Promise.resolve(undefined),
    tryLock: async () => Promise.resolve(undefined),
    unlock: async () => Promise.resolve(),
  };
};
