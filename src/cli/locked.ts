/** Commands that change what a state describes: one at a time. */
import { lockText, withLock } from '../state/lock.js';
import type { StateStore } from '../state/store.js';
import type { Settings } from '../load/config.js';
import { lockInfo } from '../workspace/stores.js';
import type { GlobalOptions, Io } from './io.js';

export interface LockedOptions extends GlobalOptions {
  /** Seconds to wait for another run. */
  readonly lockTimeout?: number;
}

/** Runs `work` while it holds the lock of the state. Throws `DiagnosticError` where somebody else keeps it. */
export const locked = async <T>(
  io: Io,
  { lockTimeout = 0, json }: LockedOptions,
  { settings, store, purpose }: { settings: Settings; store: StateStore; purpose: string },
  work: () => Promise<T>,
): Promise<T> => {
  let said = false;
  return withLock(
    store,
    {
      info: lockInfo(purpose, settings),
      timeout: lockTimeout * 1000,
      onWait: (holder) => {
        if (!said && json !== true) io.err(`Waiting for ${lockText(holder)} …\n`);
        said = true;
      },
    },
    work,
  );
};
