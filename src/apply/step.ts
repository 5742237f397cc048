/** One step in the journal: each of its requests is on the disk before it is sent, and when it is settled. */
import type { Binding } from '../state/state.js';
import type { Journal, Started } from './journal.js';

/** A request of a part of an object, which lives already. */
export type PartSent = Required<Pick<Started, 'part' | 'id' | 'body'>> & Pick<Started, 'key'>;

export interface Step {
  /** Resolves when the journal says that a request is about to be sent; of a create, under which key. */
  readonly begin: (key?: string) => Promise<void>;
  /** As `begin`, of a request of a part. */
  readonly beginPart: (sent: PartSent) => Promise<void>;
  /** The last request was answered; the step goes on. */
  readonly answered: () => Promise<void>;
  /** Nothing came of the last request, and nothing will. */
  readonly failed: () => Promise<void>;
  /** The step is done, or its object is, and leaves this binding; a request of a part may be open all the same. */
  readonly done: (binding: Binding | null) => Promise<void>;
}

/** A step that nothing was sent of yet. */
export const journalled = (
  journal: Journal,
  entry: Omit<Started, 'type' | 'at' | 'key' | 'body' | 'part'>,
  body: string,
): Step => {
  const { step, address } = entry;
  type Request = Pick<Started, 'key' | 'part' | 'body'>;
  // That of the object, and the last one: requests of its parts follow it.
  let own: Request = {};
  let last: Request = {};
  const started = async (more: Partial<Started>): Promise<void> =>
    journal.write({ ...entry, ...more, type: 'started', at: new Date().toISOString() });
  return {
    begin: async (key) => {
      own = key === undefined ? {} : { key };
      last = own;
      await started(key === undefined ? {} : { key, body });
    },
    beginPart: async (sent) => {
      const { id: _, ...request } = sent;
      last = request;
      await started(sent);
    },
    answered: async () => journal.write({ type: 'answered', step, ...last }),
    failed: async () => journal.write({ type: 'failed', step, ...last }),
    done: async (binding) => journal.write({ type: 'done', step, address, ...own, binding }),
  };
};
