/**
 * Replacements: what cannot change in place is made anew, what refers to it is pointed there, and the old one is
 * deleted: in this order, so that nothing refers to an object that is not there. Pure.
 */
import { addressOf, type Address } from '../core/address.js';
import type { JsonObject } from '../core/json.js';
import { redact, type ValueObject } from '../core/secret.js';
import { bearsUniqueName, titleOf } from '../kinds/identity.js';
import type { Kind } from '../kinds/kind.js';
import { comparable, serverOwned } from '../kinds/normalise.js';
import { touchesPartsAlone } from '../kinds/parts.js';
import { referencesOf } from '../kinds/references.js';
import { kindOf } from '../kinds/registry.js';
import { dependenciesOf } from '../load/graph.js';
import type { Resource } from '../load/desired.js';
import type { LiveObject } from '../live/snapshot.js';
import type { Context } from './context.js';
import type { Diff } from './diff.js';
import { interimName, underFinalName } from './interim.js';
import { NAMED_LAST, naming } from './naming.js';
import type { Change } from './plan.js';

export interface Replacement {
  readonly changes: readonly Change[];
  readonly documents: ReadonlyMap<string, ValueObject>;
}

/** What makes an object anew that is told by what it refers to, for references of these names. */
export type Elsewhere = (names: readonly string[]) => Replacement;

/** Why a live object must not be deleted by whoever calls. */
export const sparedBy = (
  kind: Kind,
  live: LiveObject | undefined,
  { caller }: Pick<Context, 'caller'>,
): string | undefined =>
  live === undefined || caller === undefined ? undefined : kind.spares?.(live.value, caller);

/** The step that deletes what was replaced; `index` counts what an address took the place of, from 0. */
export const oldStep = (address: Address, index = 0): string =>
  `${address} (old${index === 0 ? '' : ` ${index + 1}`})`;

type Base = Pick<Change, 'address' | 'kind' | 'name' | 'waitsFor'> & Partial<Pick<Change, 'place' | 'from'>>;

/** The steps of a replacement, but for those of what refers to it; `before` counts what was replaced already. */
export const replacement = (
  kind: Kind,
  base: Base,
  id: string,
  desired: ValueObject,
  compared: Diff,
  before = 0,
): Replacement => {
  const { address } = base;
  const document = kind.complete(desired, undefined, undefined);
  const after = comparable(kind, redact(document) as JsonObject, serverOwned(kind.shape, desired));
  const fields = compared.immutable.map((path) => path.join('.')).join(', ');
  // Two objects cannot bear the name while both are there.
  const interim = interimName(base.name, id);
  const main: Change = {
    ...base,
    step: address,
    action: 'replace',
    id,
    patch: compared.patch,
    before: underFinalName(compared.before, base.name),
    after,
    causes: compared.causes,
    unknownSecrets: [],
    reasons: [
      `${fields} cannot change in place: a new one is made, and the old one deleted`,
      ...compared.reasons,
      ...(kind.consequences?.create === undefined ? [] : [kind.consequences.create]),
    ],
  };
  const old: Change = {
    ...oldObject(
      // What is told by its fields is another one by those that it had.
      kind.identity.idless === true ? { ...base, name: titleOf(kind, compared.before) } : base,
      id,
      compared.before,
      before,
    ),
    reasons: [
      `${address} takes its place`,
      ...(kind.consequences?.delete === undefined ? [] : [kind.consequences.delete]),
    ],
  };
  if (!bearsUniqueName(kind)) return { changes: [main, old], documents: new Map([[address, document]]) };
  const name = naming(base, interim, NAMED_LAST);
  return {
    changes: [main, old, name],
    documents: new Map([
      [address, { ...document, name: interim }],
      [name.step, document],
    ]),
  };
};

/** The step that deletes an object which was replaced. */
export const oldObject = (base: Base, id: string, before: JsonObject, index: number): Change => ({
  ...base,
  step: oldStep(base.address, index),
  action: 'delete',
  id,
  patch: [],
  before,
  after: null,
  causes: {},
  unknownSecrets: [],
  reasons: ['it was replaced'],
  waitsFor: [base.address],
});

/** Objects that are told by what is replaced: what was there goes with it, and they are made anew at the new one. */
export interface Moving {
  readonly elsewhere: (address: Address) => Elsewhere | undefined;
  /** Gets the documents of what is made anew. */
  readonly documents: Map<string, ValueObject>;
}

/**
 * The changes with those of all that refers to something replaced: what would stay as it is gets an update, and
 * what is replaced is deleted after them all.
 */
export const repointed = (
  changes: readonly Change[],
  resources: readonly Resource[],
  unchanged: (resource: Resource) => Change | undefined,
  { elsewhere, documents }: Moving = { elsewhere: () => undefined, documents: new Map() },
): readonly Change[] => {
  const replaced = new Set(changes.flatMap(({ action, address }) => (action === 'replace' ? [address] : [])));
  if (replaced.size === 0) return changes;
  const changing = new Set(changes.map(({ address }) => address));
  const users = new Map<Address, Address[]>();
  const more: Change[] = [];
  const anew = new Map<Address, readonly Change[]>();
  for (const resource of resources) {
    const used = dependenciesOf(resource).filter((address) => replaced.has(address));
    if (used.length === 0 || resource.external) continue;
    for (const address of used) users.set(address, [...(users.get(address) ?? []), resource.address]);
    const why = `refers to ${used.join(', ')}, which is replaced`;
    const names = toldBy(resource, replaced);
    const made = names.length === 0 ? undefined : elsewhere(resource.address)?.(names);
    if (made !== undefined) {
      for (const [step, document] of made.documents) documents.set(step, document);
      anew.set(
        resource.address,
        made.changes.map((change) =>
          change.action === 'replace' ? { ...change, reasons: [...change.reasons, why] } : change,
        ),
      );
      continue;
    }
    const change = changing.has(resource.address) ? undefined : unchanged(resource);
    if (change !== undefined) more.push({ ...change, reasons: [why] });
  }
  const using = new Map([...users].flatMap(([used, all]) => all.map((address) => [address, used] as const)));
  return [
    ...changes
      .filter(({ address }) => !anew.has(address))
      .map((change): Change => {
        if (change.action === 'delete' && change.step !== change.address)
          return { ...change, waitsFor: [...change.waitsFor, ...(users.get(change.address) ?? [])] };
        const used = using.get(change.address);
        const sendsNothing =
          change.action === 'move' || (change.action === 'adopt' && change.patch.length === 0);
        if (used === undefined) return change;
        const reasons = [...change.reasons, `refers to ${used}, which is replaced`];
        if (sendsNothing) return { ...change, action: 'update', reasons };
        const { action, kind, patch } = change;
        return (action === 'update' || action === 'adopt') && touchesPartsAlone(kindOf(kind), patch)
          ? { ...change, repoints: true, reasons }
          : change;
      }),
    ...more,
    ...[...anew.values()].flat(),
  ];
};

/** The references of a document that its object is told by, as far as they lead to one of these. */
const toldBy = ({ kind: name, document }: Resource, addresses: ReadonlySet<Address>): readonly string[] => {
  const kind = kindOf(name);
  return referencesOf(kind, document).flatMap(({ rule, reference }) =>
    kind.identity.fields.includes(rule.wire) &&
    reference.to === 'key' &&
    addresses.has(addressOf(rule.kind, reference.key))
      ? [rule.name]
      : [],
  );
};
