/** The state as it would be, had the last run not been killed. Pure. */
import { keyIn, type Address } from '../core/address.js';
import { jsonEqual, type JsonObject } from '../core/json.js';
import { without } from '../kinds/paths.js';
import { referencesFromLive } from '../kinds/references.js';
import { kindOf } from '../kinds/registry.js';
import type { Live, LiveObject } from '../live/snapshot.js';
import { historyOf } from '../plan/history.js';
import { withBinding, withBindings, type State } from '../state/state.js';
import { openSteps, type Entry, type PendingBinding, type Started } from './journal.js';

export interface Recovered {
  readonly state: State;
  /** Addresses whose outcome the journal told. */
  readonly addresses: readonly Address[];
  /** Keys of creates that may be under way still, by step, with the hash of the body that they go with. */
  readonly keys: ReadonlyMap<string, { readonly key: string; readonly body: string }>;
  /** Steps that may still do something. */
  readonly open: readonly Started[];
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
  const next = withBindings(
    state,
    done.map(({ address, binding }) => [address, binding ?? undefined]),
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
  const bound = boundIn(done.state);
  const addresses = [...done.addresses];
  let next = done.state;
  const steps = openSteps(entries);
  const waiting = new Set(steps.filter(isCreate));
  // What fits exactly first; of several that share a name, the rest in any order: all of them are this run's.
  for (const fits of [isAsSent, () => true])
    for (const create of [...waiting].filter((each) => isFree(each, next, live))) {
      const made = live.objects.find(
        (object) => isNewOf(create, object) && !bound.has(object.id) && fits(create, object.value, next),
      );
      if (made === undefined) continue;
      next = withBinding(next, create.address, { ...create.binding, id: made.id });
      bound.add(made.id);
      addresses.push(create.address);
      waiting.delete(create);
    }
  return {
    state: next,
    addresses,
    // Of several keys of a step the last was in use.
    keys: new Map([...waiting].map(({ step, key, body = '' }) => [step, { key, body }])),
    open: [...waiting, ...steps.filter((step) => !isCreate(step) && mayLand(step, live, next))],
  };
};

type Create = Started & { readonly key: string; readonly binding: PendingBinding };

const isCreate = (step: Started): step is Create =>
  step.key !== undefined && step.part === undefined && step.binding !== null;

const boundIn = ({ resources }: State): Set<string> =>
  new Set(Object.values(resources).flatMap(({ id, deposed = [] }) => [id, ...deposed]));

/** Whether an object has a create's kind and name, and was not there before it. */
const isNewOf = ({ kind, name, namesakes }: Started, object: LiveObject): boolean =>
  object.kind === kind && object.name === name && !namesakes.includes(object.id);

/** Whether what a create made can be bound: its address has no object, or one that it is to take the place of. */
const isFree = ({ address, kind, binding }: Create, { resources }: State, live: Live): boolean => {
  const id = resources[address]?.id;
  return (
    id === undefined ||
    binding.deposed?.includes(id) === true ||
    !live.objects.some((object) => object.kind === kind && object.id === id)
  );
};

/** Whether what was sent to a live object may still change it. */
const mayLand = (step: Started, live: Live, state: State): boolean => {
  const object = live.objects.find(({ kind, id }) => kind === step.kind && id === step.id);
  return object !== undefined && (step.binding === null || !isAsSent(step, object.value, state));
};

/** An object that was made beside the one that its address is bound to. */
export interface Twice {
  readonly address: Address;
  readonly kind: string;
  readonly name: string;
  readonly id: string;
  /** Id of the object that the address is bound to. */
  readonly bound: string;
}

/** What creates of killed runs made after all, when their steps were done by other objects already. */
export const madeTwice = (open: readonly Started[], live: Live, state: State): readonly Twice[] => {
  const bound = boundIn(state);
  return open.filter(isCreate).flatMap((create) => {
    const { address, kind, name } = create;
    const own = state.resources[address]?.id;
    if (own === undefined || isFree(create, state, live)) return [];
    return live.objects
      .filter(
        (object) => isNewOf(create, object) && !bound.has(object.id) && isAsSent(create, object.value, state),
      )
      .map(({ id }) => ({ address, kind, name, id, bound: own }));
  });
};

/** What a step sends. */
export type Sent = Pick<Started, 'kind' | 'name' | 'binding'>;

/** Whether a live object is as a step sent it. */
export const isAsSent = ({ kind: of, name, binding }: Sent, value: JsonObject, state: State): boolean => {
  if (binding === null) return false;
  const kind = kindOf(of);
  const keys = new Map(
    Object.entries(state.resources).map(([address, bound]) => [`${bound.kind} ${bound.id}`, keyIn(address)]),
  );
  const own = referencesFromLive(kind, kind.fromLive(value).document, (to, id) => keys.get(`${to} ${id}`));
  // Parts follow the object, and are compared where they were read.
  const unread = kind.parts.flatMap((each) => (value[each.name] === undefined ? [each.name] : []));
  const applied = without(binding.applied, ...unread) as JsonObject;
  // Of a replacement the name is another one at first.
  const named = applied['name'] === undefined ? applied : { ...applied, name };
  const { applied: sent, seen } = historyOf(kind, named, own as JsonObject);
  return jsonEqual(sent, seen);
};
