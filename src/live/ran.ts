/** What became of runs. */
import type { Address } from '../core/address.js';
import type { Execution } from '../kinds/runs.js';
import type { ErrorRecord } from './logs.js';

/** What became of one of them. */
export interface Ran {
  readonly address: Address;
  readonly name: string;
  /**
   * `done`: it ended well, though records may have been left out. `running`: nobody waited for its end. `skipped`: what
   * it runs after did not end well.
   */
  readonly outcome: 'done' | 'failed' | 'running' | 'skipped';
  readonly execution?: Execution;
  /** Milliseconds that its last runs took before this one, the median; absent where none is known. */
  readonly usual?: number;
  /** It ran already, and was waited for. */
  readonly joined?: true;
  /** Why, where it is not done. */
  readonly reason?: string;
  /** The first records that it left out, without any value of theirs. */
  readonly errors?: readonly ErrorRecord[];
}

export type RunEvent =
  | {
      readonly type: 'started';
      readonly address: Address;
      readonly execution: Execution;
      readonly joined: boolean;
    }
  | { readonly type: 'progress'; readonly address: Address; readonly execution: Execution }
  | { readonly type: 'ended'; readonly ran: Ran };
