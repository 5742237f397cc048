/** A part of a plan: what was asked for, with what it needs. Pure. */
import type { Address } from '../core/address.js';
import type { Diagnostic } from '../core/diagnostics.js';
import { didYouMean } from '../core/suggest.js';
import type { Shard } from '../core/shard.js';
import { dependenciesOf } from '../load/graph.js';
import type { Desired } from '../load/desired.js';
import type { State } from '../state/state.js';
import type { Change } from './plan.js';
import { shardOf, stepsOfShard } from './shard.js';

export interface Selection {
  /** These and what they need; all where empty. */
  readonly targets: readonly string[];
  readonly exclude: readonly string[];
  /** Kinds, e.g. `Model`; all where empty. */
  readonly kinds: readonly string[];
  /** Labels that a resource must have; with a value, or with any. */
  readonly labels: readonly { readonly name: string; readonly value?: string }[];
  /** The part of the changes that this run does, where several share them. */
  readonly shard?: Shard;
}

export interface Selected {
  readonly changes: readonly Change[];
  readonly excluded: number;
  readonly diagnostics: readonly Diagnostic[];
}

const MAKES: ReadonlySet<string> = new Set(['create', 'replace']);

const unknownAddresses = (named: readonly string[], known: readonly Address[]): Diagnostic[] =>
  named
    .filter((address) => !known.includes(address as Address))
    .map((address) => ({
      severity: 'error',
      code: 'unknown-address',
      message: `there is no ${address} to select`,
      hint: didYouMean(address, known) ?? 'an address is KIND.KEY, e.g. connection.warehouse',
    }));

/** `team=growth,crm` as labels. */
export const labelsIn = (selector: string): Selection['labels'] =>
  selector.split(',').map((part) => {
    const [name = '', ...value] = part.split('=');
    return value.length === 0 ? { name: name.trim() } : { name: name.trim(), value: value.join('=').trim() };
  });

/** Whether a resource has all of these labels. */
export const hasLabels = (own: Readonly<Record<string, string>>, labels: Selection['labels']): boolean =>
  labels.every(({ name, value }) => Object.hasOwn(own, name) && (value === undefined || own[name] === value));

/**
 * Which bindings of a state a selection takes in, with no look at manifests: what a target needs does not come along,
 * and each address is in the shard of its own name.
 */
export const selectBindings = (
  { resources }: State,
  selection: Selection | undefined,
): { readonly isChosen: (address: Address) => boolean; readonly diagnostics: readonly Diagnostic[] } => {
  if (selection === undefined) return { isChosen: () => true, diagnostics: [] };
  const { targets, exclude, kinds, labels, shard } = selection;
  return {
    isChosen: (address) => {
      const { kind, labels: own = {} } = resources[address] ?? { kind: '' };
      return (
        (targets.length === 0 || targets.includes(address)) &&
        !exclude.includes(address) &&
        (kinds.length === 0 || kinds.includes(kind)) &&
        hasLabels(own, labels) &&
        (shard === undefined || shardOf(address, shard.count) === shard.index)
      );
    },
    diagnostics: unknownAddresses([...targets, ...exclude], Object.keys(resources) as Address[]),
  };
};

/** The changes that a selection takes in. */
export const select = (
  changes: readonly Change[],
  { resources }: Desired,
  state: State,
  selection: Selection | undefined,
): Selected => {
  if (selection === undefined) return { changes, excluded: 0, diagnostics: [] };
  const { targets, exclude, kinds, labels, shard } = selection;
  const byAddress = new Map(resources.map((resource) => [resource.address, resource]));
  const known = [...byAddress.keys(), ...Object.keys(state.resources)] as Address[];
  const diagnostics = unknownAddresses([...targets, ...exclude], known);
  const made = new Map(changes.filter(({ action }) => MAKES.has(action)).map((each) => [each.step, each]));
  const waits = new Map<Address, readonly string[]>(
    changes.filter(({ step, address }) => step === address).map((each) => [each.address, each.waitsFor]),
  );
  const wanted = new Set<Address>();
  const add = (address: Address): void => {
    if (wanted.has(address)) return;
    wanted.add(address);
    const resource = byAddress.get(address);
    if (resource !== undefined) dependenciesOf(resource).forEach(add);
    // What has to be made first need not be named by a reference.
    for (const step of waits.get(address) ?? []) {
      const first = made.get(step);
      if (first !== undefined) add(first.address);
    }
  };
  (targets as readonly Address[]).forEach(add);
  const takes = ({ address, kind }: Change): boolean => {
    // Of what has no manifest any more, those that it had.
    const own = (byAddress.get(address) ?? state.resources[address])?.labels ?? {};
    return (
      (targets.length === 0 || wanted.has(address)) &&
      !exclude.includes(address) &&
      (kinds.length === 0 || kinds.includes(kind)) &&
      hasLabels(own, labels)
    );
  };
  const chosen = changes.filter(takes);
  const mine = shard === undefined ? undefined : stepsOfShard(changes, shard);
  const taken = completable(mine === undefined ? chosen : chosen.filter(({ step }) => mine.has(step)));
  const steps = new Set(taken.map(({ step }) => step));
  for (const change of taken)
    for (const needed of change.waitsFor)
      if (!steps.has(needed) && made.has(needed) && change.step === change.address)
        diagnostics.push({
          severity: 'error',
          code: 'excluded-dependency',
          message: `${change.address} needs ${needed}, which the selection leaves out`,
          hint: `add ${needed} to the selection, or leave ${change.address} out too`,
          address: change.address,
          ...(change.place === undefined ? {} : { place: change.place }),
        });
  return { changes: taken, excluded: changes.length - taken.length, diagnostics };
};

/** Without what completes a replacement before all that it waits for is selected, too: a later run does that. */
const completable = (chosen: readonly Change[]): readonly Change[] => {
  let taken = chosen;
  for (;;) {
    const own = new Set(taken.map(({ step }) => step));
    const next = taken.filter(
      ({ step, address, waitsFor }) => step === address || waitsFor.every((other) => own.has(other)),
    );
    if (next.length === taken.length) return next;
    taken = next;
  }
};
