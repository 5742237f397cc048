/** Locks: one run at a time changes what a state describes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DiagnosticError } from '../core/diagnostics.js';
import { isJsonObject, parseJson } from '../core/json.js';
import { isAlive } from '../core/process.js';

/** Who holds a lock, for what, since when. */
export interface LockInfo {
  readonly id: string;
  /** A person or a job, as far as it is known: `user@host`. */
  readonly holder: string;
  readonly purpose: string;
  readonly since: string;
  /** The process, on its host: a lock whose process is gone is nobody's. */
  readonly host: string;
  readonly pid: number;
}

/** How long a lock holds that nobody renews, in milliseconds: a run that was killed elsewhere ends it. */
export const LEASE = 30 * 60 * 1000;

const PATIENCE = 1000;

/** A lock from its text; undefined where it is none, and therefore nobody's. */
export const parseLock = (text: string): LockInfo | undefined => {
  try {
    const value = parseJson(text);
    return isJsonObject(value) && typeof value['id'] === 'string'
      ? (value as unknown as LockInfo)
      : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Whether a lock still stands, for somebody on `host` at `now`. `renewed`: when its holder last gave a sign, in
 * milliseconds since 1970.
 */
export const isHeld = (
  lock: LockInfo,
  host: string,
  now: number,
  renewed = Date.parse(lock.since),
): boolean =>
  lock.host === host ? isAlive(lock.pid) : now - Math.max(Date.parse(lock.since), renewed) < LEASE;

/** `apply by ana@laptop since 2026-01-01T00:00:00Z`. */
export const lockText = ({ purpose, holder, since }: LockInfo): string =>
  `${purpose} by ${holder} since ${since}`;

/** What a store can do for a lock. */
export interface Lockable {
  /** Takes the lock, or says who has it. */
  readonly tryLock: (info: LockInfo) => Promise<LockInfo | undefined>;
  readonly unlock: (id: string) => Promise<void>;
}

export interface LockOptions {
  readonly info: LockInfo;
  /** Milliseconds to wait for somebody else's lock. */
  readonly timeout: number;
  readonly onWait?: (holder: LockInfo) => void;
}

/** Runs `work` while it holds the lock. Throws `DiagnosticError` where somebody else keeps it. */
export const withLock = async <T>(
  store: Lockable,
  { info, timeout, onWait }: LockOptions,
  work: () => Promise<T>,
): Promise<T> => {
  const end = performance.now() + timeout;
  for (;;) {
    const holder = await store.tryLock(info);
    if (holder === undefined) break;
    if (performance.now() >= end)
      throw new DiagnosticError([
        {
          severity: 'error',
          code: 'locked',
          message: `the state is locked: ${lockText(holder)}`,
          hint: `wait for it, or give --lock-timeout; if that run is dead: polytomic-gitops force-unlock ${holder.id}`,
        },
      ]);
    onWait?.(holder);
    await sleep(Math.min(PATIENCE, Math.max(1, end - performance.now())));
  }
  try {
    return await work();
  } finally {
    await store.unlock(info.id);
  }
};
