/** Changes that wait for each other in a ring: opened, so that all can be done one after the other. Pure. */
import { byCodeUnit, type JsonObject } from '../core/json.js';
import type { ValueObject } from '../core/secret.js';
import { bearsUniqueField, bearsUniqueName, identityIn } from '../kinds/identity.js';
import { kindOf } from '../kinds/registry.js';
import type { Context } from './context.js';
import { patchOf } from './diff.js';
import { interimName } from './interim.js';
import { naming } from './naming.js';
import { inOrder } from './order.js';
import type { Change } from './plan.js';
import { holdersOf, withOrder, type NameIn } from './waits.js';

/**
 * All changes with what they wait for, so that an order exists. Where names are passed round (two objects swap
 * theirs, or a new one takes that of one which is deleted only after it), one of them bears another name in between:
 * `documents` gets the document of the step that gives it its own.
 */
export const inOneOrder = (
  all: readonly Change[],
  documents: Map<string, ValueObject>,
  context: Context,
): readonly Change[] => {
  const nameIn: NameIn = ({ step, kind }) => {
    const document = documents.get(step);
    return document === undefined ? undefined : identityIn(kindOf(kind), document) || undefined;
  };
  let changes = withOrder(all, context, nameIn);
  for (let { stuck } = inOrder(changes); stuck.length > 0; { stuck } = inOrder(changes)) {
    const opened =
      openByName(stuck, changes, documents, context, nameIn) ??
      openByDeleting(stuck, changes) ??
      openByReplacing(stuck, changes);
    // References go round in no manifest: the loader has seen to it.
    if (opened === undefined)
      throw new Error(`${stuck.map(({ step }) => step).join(', ')} wait for each other`);
    changes = opened;
  }
  return changes;
};

/** Whether a change comes, sooner or later, after itself: by what is among the stuck ones. */
const isInRing = (change: Change, stuck: readonly Change[]): boolean => {
  const byStep = new Map(stuck.map((each) => [each.step, each]));
  const seen = new Set<string>();
  const ahead = [...change.waitsFor];
  for (let step = ahead.pop(); step !== undefined; step = ahead.pop()) {
    if (step === change.step) return true;
    if (seen.has(step)) continue;
    seen.add(step);
    ahead.push(...(byStep.get(step)?.waitsFor ?? []));
  }
  return false;
};

/** Gives one change of a ring another name until its own is free: of what lives rather than of what is made. */
const openByName = (
  stuck: readonly Change[],
  changes: readonly Change[],
  documents: Map<string, ValueObject>,
  context: Context,
  nameIn: NameIn,
): readonly Change[] | undefined => {
  const [found] = stuck
    .filter(
      (change) =>
        change.step === change.address && bearsUniqueName(kindOf(change.kind)) && isInRing(change, stuck),
    )
    .map((change) => ({ change, holders: holdersOf(change, changes, context, nameIn) }))
    .filter(({ holders }) => holders.length > 0)
    .sort(
      (a, b) =>
        Number(a.change.action === 'create') - Number(b.change.action === 'create') ||
        byCodeUnit(a.change.step, b.change.step),
    );
  if (found === undefined) return undefined;
  const { change, holders } = found;
  const [holder] = holders;
  const document = documents.get(change.step);
  if (holder === undefined || document === undefined) return undefined;
  const interim = interimName(change.name, holder.id ?? '');
  const held = new Set(holders.map(({ step }) => step));
  const why = `is called otherwise until ${holder.step} frees "${change.name}"`;
  const first: Change = {
    ...change,
    ...(change.before === null || change.after === null
      ? {}
      : underName(change.before, change.after, interim)),
    reasons: [...change.reasons, why],
    waitsFor: change.waitsFor.filter((step) => !held.has(step)),
  };
  const last = {
    ...naming(change, interim, `gets its name when ${holder.step} has freed it`),
    waitsFor: [...new Set([change.step, ...held])].sort(byCodeUnit),
  };
  documents.set(last.step, document);
  documents.set(change.step, { ...document, name: interim });
  return [...changes.map((each) => (each === change ? first : each)), last];
};

const underName = (before: JsonObject, after: JsonObject, name: string): Pick<Change, 'after' | 'patch'> => ({
  after: { ...after, name },
  patch: patchOf(before, { ...after, name }),
});

/** Of what is deleted and refers to each other, one goes first. */
const openByDeleting = (
  stuck: readonly Change[],
  changes: readonly Change[],
): readonly Change[] | undefined => {
  const deleted = new Set(stuck.flatMap(({ action, step }) => (action === 'delete' ? [step] : [])));
  const first = stuck.find(
    (change) =>
      deleted.has(change.step) &&
      change.waitsFor.some((step) => deleted.has(step)) &&
      isInRing(change, stuck),
  );
  if (first === undefined) return undefined;
  const waitsFor = first.waitsFor.filter((step) => !deleted.has(step));
  return changes.map((change) => (change.step === first.step ? { ...change, waitsFor } : change));
};

/** Of what is replaced, and takes from each other what it is known by, one old object goes before its new one is made. */
const openByReplacing = (
  stuck: readonly Change[],
  changes: readonly Change[],
): readonly Change[] | undefined => {
  const first = stuck.find(
    ({ action, step, address, kind, waitsFor }) =>
      action === 'delete' &&
      step !== address &&
      bearsUniqueField(kindOf(kind)) &&
      waitsFor.includes(address) &&
      stuck.some((other) => other.step !== address && other.waitsFor.includes(step)),
  );
  if (first === undefined) return undefined;
  const waitsFor = first.waitsFor.filter((step) => step !== first.address);
  const reasons = [...first.reasons, 'it goes first: another one needs what it is known by'];
  return changes.map((change) =>
    change.step === first.step
      ? { ...change, waitsFor, reasons }
      : // Its place is taken when it is gone.
        change.step === first.address
        ? { ...change, waitsFor: [...change.waitsFor, first.step].sort(byCodeUnit) }
        : change,
  );
};
