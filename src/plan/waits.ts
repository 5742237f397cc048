/** Which change waits for which. Pure. */
import { addressOf, type Address } from '../core/address.js';
import { byCodeUnit } from '../core/json.js';
import { awaitedBy, labelsOf } from '../kinds/after.js';
import { bearsUniqueField, bearsUniqueName } from '../kinds/identity.js';
import { referencesFromLive, referencesOf } from '../kinds/references.js';
import { kindOf } from '../kinds/registry.js';
import type { Context } from './context.js';
import { isNaming } from './naming.js';
import type { Change } from './plan.js';

/** What the document that a change sends makes its object known by; undefined where it sends none. */
export type NameIn = (change: Pick<Change, 'step' | 'kind'>) => string | undefined;

/**
 * Each change with the steps of this plan that it waits for: a create for what it refers to and for what its kind says
 * comes first, a delete for all that referred to the object or came after it, a name for whoever bears it.
 */
export const withOrder = (all: readonly Change[], context: Context, nameIn: NameIn): readonly Change[] => {
  const steps = new Set(all.map(({ step }) => step));
  const users = usersIn(all, context);
  const { firstOf, lastOf } = followersIn(all);
  const old = all.filter(({ step, address, action }) => step !== address && action === 'delete');
  const oldStepsOf = (address: Address): readonly string[] =>
    old.flatMap((each) => (each.address === address ? [each.step] : []));
  const waitsOf = (change: Change): readonly string[] => {
    const { address, step, action, kind, id = '' } = change;
    if (step !== address && action === 'delete')
      return [...change.waitsFor, ...users.of(kind, id), ...lastOf(change)];
    if (action === 'delete')
      return [...oldStepsOf(address), ...users.of(kind, id), ...users.of(address), ...lastOf(change)];
    // Whoever ends a binding takes along what it knows of the replaced ones.
    if (action === 'forget') return oldStepsOf(address);
    const holders = holdersOf(change, all, context, nameIn).map((holder) => holder.step);
    return [...change.waitsFor, ...firstOf(change), ...holders];
  };
  return all.map((change) => ({
    ...change,
    waitsFor: [...new Set(waitsOf(change))]
      .filter((other) => steps.has(other) && other !== change.step)
      .sort(byCodeUnit),
  }));
};

interface Users {
  /** Steps of what refers to an object (a kind and an id), or was applied with a reference to an address. */
  readonly of: (...what: [kind: string, id: string] | [address: Address]) => readonly string[];
}

const usersIn = (all: readonly Change[], { liveOf, state }: Context): Users => {
  const users = new Map<string, string[]>();
  const add = (used: string, step: string): unknown => users.set(used, [...(users.get(used) ?? []), step]);
  const isAsked = all.some(({ action }) => action === 'delete');
  // What gives an object its name refers to nothing that its own first step does not.
  for (const { kind: name, address, step, id, action } of isAsked ? all : []) {
    if (step !== address && action !== 'delete') continue;
    const kind = kindOf(name);
    const object = id === undefined ? undefined : liveOf(name, id);
    const lives =
      object === undefined
        ? {}
        : referencesFromLive(kind, kind.fromLive(object.value).document, () => undefined);
    for (const { rule, reference } of referencesOf(kind, lives))
      if (reference.to === 'id' && reference.id !== id) add(`${rule.kind} ${reference.id}`, step);
    if (step !== address) continue;
    for (const { rule, reference } of referencesOf(kind, state.resources[address]?.applied ?? {}))
      if (reference.to === 'key') add(addressOf(rule.kind, reference.key), step);
  }
  return { of: (...what) => users.get(what.join(' ')) ?? [] };
};

interface Followers {
  /** Steps of what has to be there before the object that a change makes. */
  readonly firstOf: (change: Change) => readonly string[];
  /** Steps of what came after the object that a change deletes. */
  readonly lastOf: (change: Change) => readonly string[];
}

const followersIn = (all: readonly Change[]): Followers => {
  const made = new Map<string, string[]>();
  const came = new Map<string, string[]>();
  const add = (steps: Map<string, string[]>, labels: readonly string[], step: string): void => {
    for (const label of labels) steps.set(label, [...(steps.get(label) ?? []), step]);
  };
  for (const { kind, step, before, after } of all) {
    if (after !== null) add(made, labelsOf(kindOf(kind), after), step);
    if (before !== null) add(came, awaitedBy(kindOf(kind), before), step);
  }
  return {
    firstOf: ({ kind, after }) =>
      awaitedBy(kindOf(kind), after ?? {}).flatMap((label) => made.get(label) ?? []),
    lastOf: ({ kind, before }) =>
      labelsOf(kindOf(kind), before ?? {}).flatMap((label) => came.get(label) ?? []),
  };
};

/** The changes that free the name that this one takes, where the API lets only one object bear it. */
export const holdersOf = (
  change: Change,
  all: readonly Change[],
  { bearersOf }: Context,
  nameIn: NameIn,
): readonly Change[] => {
  const name = nameIn(change);
  const kind = kindOf(change.kind);
  if (name === undefined || (!bearsUniqueName(kind) && !bearsUniqueField(kind))) return [];
  const holder = bearersOf(change.kind, name).find((id) => id !== change.id);
  if (holder === undefined) return [];
  // What cannot be called otherwise is free when its bearer is gone.
  if (bearsUniqueField(kind))
    return all.filter(
      (other) => other.kind === change.kind && other.id === holder && other.action === 'delete',
    );
  return all.filter(
    (other) =>
      other.kind === change.kind && other.id === holder && other.action !== 'forget' && !isNaming(other),
  );
};
