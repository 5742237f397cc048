/** Which change waits for which. Pure. */
import { addressOf, type Address } from '../core/address.js';
import type { Diagnostic } from '../core/diagnostics.js';
import { byCodeUnit } from '../core/json.js';
import type { ValueObject } from '../core/secret.js';
import { referencesFromLive, referencesOf } from '../kinds/references.js';
import { kindOf } from '../kinds/registry.js';
import type { Context } from './context.js';
import type { Change } from './plan.js';

/** Each change with what it waits for: creates by their references, deletes after all that referred to them. */
export const withOrder = (all: readonly Change[], context: Context): readonly Change[] => {
  const { liveOf, state, keyOf } = context;
  // What completes a replacement says itself what it waits for.
  const changes = all.filter(({ step, address }) => step === address);
  const planned = new Set(
    changes.filter(({ action }) => action !== 'delete' && action !== 'forget').map(({ address }) => address),
  );
  const deleted = new Set(changes.filter(({ action }) => action === 'delete').map(({ address }) => address));
  const users = new Map<Address, Address[]>();
  for (const change of deleted.size === 0 ? [] : changes) {
    const kind = kindOf(change.kind);
    const object = change.id === undefined ? undefined : liveOf(change.kind, change.id);
    const binding = state.resources[change.address];
    const sources: readonly ValueObject[] = [
      ...(object === undefined
        ? []
        : [referencesFromLive(kind, kind.fromLive(object.value).document, keyOf)]),
      ...(binding === undefined ? [] : [binding.applied]),
    ];
    for (const { rule, reference } of sources.flatMap((source) => referencesOf(kind, source))) {
      if (reference.to !== 'key') continue;
      const used = addressOf(rule.kind, reference.key);
      if (deleted.has(used) && used !== change.address)
        users.set(used, [...(users.get(used) ?? []), change.address]);
    }
  }
  return all.map((change) => ({
    ...change,
    waitsFor:
      change.step !== change.address
        ? change.waitsFor
        : deleted.has(change.address)
          ? [...new Set(users.get(change.address) ?? [])].sort(byCodeUnit)
          : [
              ...new Set([
                ...change.waitsFor.filter((step) => planned.has(step as Address)),
                ...holdersOf(change, changes, context).map(({ address }) => address),
              ]),
            ].sort(byCodeUnit),
  }));
};

/** The changes that free the name that this one takes, where the API lets only one object bear it. */
const holdersOf = (
  change: Change,
  changes: readonly Change[],
  { findByName }: Context,
): readonly Change[] => {
  if (!kindOf(change.kind).uniqueNames || change.patch.length === 0) return [];
  const holder = findByName(change.kind, change.name).find((id) => id !== change.id);
  if (holder === undefined) return [];
  return changes.filter(
    ({ kind, id, action }) => kind === change.kind && id === holder && action !== 'forget',
  );
};

/** What to tell where a name gets free only after what needs it. */
export const takenName = (
  change: Change,
  changes: readonly Change[],
  context: Context,
): readonly Diagnostic[] =>
  holdersOf(change, changes, context).map((holder) => ({
    severity: 'error',
    code: 'name-in-use',
    message: `${change.address} takes the name "${change.name}", which ${holder.address} still bears and frees only afterwards`,
    hint: 'apply one of the two under another name first',
    address: change.address,
    ...(change.place === undefined ? {} : { place: change.place }),
  }));
