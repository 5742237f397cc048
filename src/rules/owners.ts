/** Whom resources belong to, by the `owners` of the configuration file, as CODEOWNERS says it of files. Pure. */
import type { Address } from '../core/address.js';
import type { Ownership } from '../generated/config.js';
import type { Resource } from '../load/desired.js';
import type { Plan } from '../plan/plan.js';
import { hasLabels, labelsIn } from '../plan/select.js';
import type { State } from '../state/state.js';
import { pathGlob, textGlob } from './glob.js';

/** What belongs to somebody. */
export interface Owned {
  readonly address: string;
  readonly kind: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of its manifest, relative to the configuration file, with `/`; absent where nobody knows. */
  readonly file?: string;
}

type Test = (what: Owned) => boolean;

const words = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;

const tests: {
  readonly [Name in Exclude<keyof Ownership, 'owners'>]-?: (value: NonNullable<Ownership[Name]>) => Test;
} = {
  path: (value) => {
    const globs = words(value).map(pathGlob);
    return ({ file }) => file !== undefined && globs.some((isFit) => isFit(file));
  },
  kind: (value) => {
    const kinds = new Set(words(value));
    return ({ kind }) => kinds.has(kind);
  },
  selector: (value) => {
    const labels = labelsIn(value);
    return (what) => hasLabels(what.labels, labels);
  },
  address: (value) => {
    const globs = words(value).map(textGlob);
    return ({ address }) => globs.some((isFit) => isFit(address));
  },
};

const testOf = ({ path, kind, selector, address }: Ownership): Test => {
  const all = [
    ...(path === undefined ? [] : [tests.path(path)]),
    ...(kind === undefined ? [] : [tests.kind(kind)]),
    ...(selector === undefined ? [] : [tests.selector(selector)]),
    ...(address === undefined ? [] : [tests.address(address)]),
  ];
  return (what) => all.every((test) => test(what));
};

/** The owners of something: those of the last entry that fits, and none where none does. */
export const ownersBy = (entries: readonly Ownership[]): ((what: Owned) => readonly string[]) => {
  // The last one counts.
  const known = entries.map((entry) => ({ test: testOf(entry), owners: entry.owners ?? [] })).reverse();
  return (what) => known.find(({ test }) => test(what))?.owners ?? [];
};

/** What there is to own. */
export interface Owning {
  readonly resources: readonly Resource[];
  /** With moves applied. */
  readonly state: State;
  /** The old address of what moved, by the new one. */
  readonly movedFrom: ReadonlyMap<Address, Address>;
}

/**
 * The owners of an address: who owned it as it was last applied, by the labels, the file and the address that it had
 * then, so that no change takes something away from its owners; where nobody did, who owns it by its manifest.
 */
export const ownersIn = (
  entries: readonly Ownership[],
  { resources, state, movedFrom }: Owning,
): ((address: Address) => readonly string[]) => {
  const ownersOf = ownersBy(entries);
  const manifests = new Map(resources.map((resource) => [resource.address, resource]));
  return (address) => {
    const resource = manifests.get(address);
    const binding = state.resources[address];
    const file = binding?.file ?? resource?.place.file;
    const before =
      binding === undefined
        ? []
        : ownersOf({
            address: movedFrom.get(address) ?? address,
            kind: binding.kind,
            labels: binding.labels ?? {},
            ...(file === undefined ? {} : { file }),
          });
    if (before.length > 0 || resource === undefined) return before;
    const { kind, labels, place } = resource;
    return ownersOf({ address, kind, labels, file: place.file });
  };
};

/** The plan with the owners of each change. What it would do, and its digest, stay as they are. */
export const withOwners = (plan: Plan, ownersOf: (address: Address) => readonly string[]): Plan => ({
  ...plan,
  changes: plan.changes.map((change) => {
    const owners = ownersOf(change.address);
    return owners.length === 0 ? change : { ...change, owners };
  }),
});
