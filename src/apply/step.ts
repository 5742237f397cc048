/** One step in the journal: each of its requests is on the disk before it is sent, and when it is settled. */
import type { Binding } from '../state/state.js';
import type { Journal, Started } from './journal.js';

export interface Step {
  /** Resolves when the journal says that a request is about to be sent; of a create, under which key. */
  readonly begin: (key?: string) => Promise<void>;
  /** Nothing came of the last request, and nothing will. */
  readonly failed: () => Promise<void>;
  /** The step is done, and leaves this binding. */
  readonly done: (binding: Binding | null) => Promise<void>;
}

/** A step that nothing was sent of yet. */
export const journalled = (
  journal: Journal,
  entry: Omit<Started, 'type' | 'at' | 'key' | 'body'>,
  body: string,
): Step => {
  const { step, address } = entry;
  let current: { readonly key?: string } = {};
  return {
    begin: async (key) => {
      current = key === undefined ? {} : { key };
      await journal.write({
        ...entry,
        type: 'started',
        at: new Date().toISOString(),
        ...(key === undefined ? {} : { key, body }),
      });
    },
    failed: async () => journal.write({ type: 'failed', step, ...current }),
    done: async (binding) => journal.write({ type: 'done', step, address, ...current, binding }),
  };
};
