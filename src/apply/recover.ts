/** The state as it would be, had the last run not been killed. Pure. */
import type { Address } from '../core/address.js';
import { jsonEqual, type JsonObject } from '../core/json.js';
import { referencesFromLive } from '../kinds/references.js';
import { kindOf } from '../kinds/registry.js';
import type { Live, LiveObject } from '../live/snapshot.js';
import { historyOf } from '../plan/history.js';
import { withBinding, type State } from '../state/state.js';
import { openSteps, type Entry, type PendingBinding } from './journal.js';

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
 * As `recoverDone`, and with what the killed run made and had no answer to: live objects of those names that were
 * not there before.
 */
export const recover = (state: State, entries: readonly Entry[], live: Live): Recovered => {
  const done = recoverDone(state, entries);
  const bound = new Set(Object.values(done.state.resources).map(({ id }) => id));
  const keys = new Map<string, { readonly key: string; readonly body: string }>();
  const addresses = [...done.addresses];
  let next = done.state;
  const bind = ({ step, address }: OpenCreate, binding: PendingBinding, { id }: LiveObject): void => {
    next = withBinding(next, address, { ...binding, id });
    bound.add(id);
    addresses.push(address);
    keys.delete(step);
  };
  const creates = openSteps(entries).filter(({ key, binding }) => key !== undefined && binding !== null);
  for (const { step, key, body } of creates) keys.set(step, { key: key ?? '', body: body ?? '' });
  // What fits exactly first; of several that share a name, the rest in any order: all of them are this run's.
  for (const fits of [isAsSent, () => true])
    for (const create of creates.filter(({ step }) => keys.has(step))) {
      const { kind, name, namesakes, binding } = create;
      if (binding === null) continue;
      const made = live.objects.find(
        (object) =>
          object.kind === kind &&
          object.name === name &&
          !namesakes.includes(object.id) &&
          !bound.has(object.id) &&
          fits(binding, object, next),
      );
      if (made !== undefined) bind(create, binding, made);
    }
  return { state: next, addresses, keys };
};

type OpenCreate = ReturnType<typeof openSteps>[number];

/** Whether a live object is what was sent for a binding. */
const isAsSent = ({ kind: name, applied }: PendingBinding, { value }: LiveObject, state: State): boolean => {
  const kind = kindOf(name);
  const keys = new Map(
    Object.entries(state.resources).map(([address, binding]) => [
      `${binding.kind} ${binding.id}`,
      address.slice(address.indexOf('.') + 1),
    ]),
  );
  const own = referencesFromLive(kind, kind.fromLive(value).document, (to, id) => keys.get(`${to} ${id}`));
  const { applied: sent, seen } = historyOf(kind, applied, own as JsonObject);
  return jsonEqual(sent, seen);
};
