/** The state as it would be, had the last run not been killed. Pure. */
import type { Address } from '../core/address.js';
import type { Live } from '../live/snapshot.js';
import { withBinding, type State } from '../state/state.js';
import { openSteps, type Entry } from './journal.js';

export interface Recovered {
  readonly state: State;
  /** Addresses whose outcome the journal told. */
  readonly addresses: readonly Address[];
  /** Keys of creates that may be under way still, by step, with the hash of the body that they go with. */
  readonly keys: ReadonlyMap<string, { readonly key: string; readonly body: string }>;
}

/** The serial that the state has if nobody but the journal's run wrote it. */
const lastSerial = (entries: readonly Entry[]): number | undefined =>
  entries.reduce<number | undefined>(
    (serial, entry) => (entry.type === 'run' || entry.type === 'state' ? entry.serial : serial),
    undefined,
  );

/** What the journal says was done, in the state. A journal that the state has left behind says nothing. */
export const recoverDone = (
  state: State,
  entries: readonly Entry[],
): { readonly state: State; readonly addresses: readonly Address[] } => {
  const serial = lastSerial(entries);
  // Killed between writing the state and noting it: the serial is one ahead.
  if (serial === undefined || (state.serial !== serial && state.serial !== serial + 1))
    return { state, addresses: [] };
  const done = entries.flatMap((entry) => (entry.type === 'done' ? [entry] : []));
  const next = done.reduce(
    (current, { address, binding }) => withBinding(current, address, binding ?? undefined),
    state,
  );
  const changed = done.filter(
    ({ address, binding }) => JSON.stringify(state.resources[address] ?? null) !== JSON.stringify(binding),
  );
  return { state: next, addresses: changed.map(({ address }) => address) };
};

/**
 * As `recoverDone`, and with what the killed run made and had no answer to: the one live object of that name
 * that was not there before.
 */
export const recover = (state: State, entries: readonly Entry[], live: Live): Recovered => {
  const done = recoverDone(state, entries);
  const bound = new Set(Object.values(done.state.resources).map(({ id }) => id));
  const keys = new Map<string, { readonly key: string; readonly body: string }>();
  const addresses = [...done.addresses];
  let next = done.state;
  for (const { step, address, kind, name, namesakes, binding, key, body } of openSteps(entries)) {
    if (key === undefined || body === undefined || binding === null) continue;
    keys.set(step, { key, body });
    const made = live.objects.filter(
      (object) =>
        object.kind === kind &&
        object.name === name &&
        !namesakes.includes(object.id) &&
        !bound.has(object.id),
    );
    const [first, second] = made;
    if (first === undefined || second !== undefined) continue;
    next = withBinding(next, address, { ...binding, id: first.id });
    addresses.push(address);
    keys.delete(step);
  }
  return { state: next, addresses, keys };
};
