/** From desired, live and state to a plan. Pure: same inputs, same plan, byte for byte. */
import { addressOf, keyIn, type Address } from '../core/address.js';
import { hasErrors, sortDiagnostics, type Diagnostic } from '../core/diagnostics.js';
import type { ValueObject } from '../core/secret.js';
import { keysAsIds } from '../kinds/references.js';
import { kindOf, kinds } from '../kinds/registry.js';
import type { Desired } from '../load/desired.js';
import type { Binding, State } from '../state/state.js';
import { dangling } from './dangling.js';
import { digestOf } from './digest.js';
import type { Context, PlanInput } from './context.js';
import { duplicatesOf } from './duplicates.js';
import { finalName } from './interim.js';
import { deposed, leaving } from './leaving.js';
import { tooManyDeletes } from './limits.js';
import type { LiveObject } from '../live/snapshot.js';
import { matchLive, type Match } from './match.js';
import { applyMoves } from './moves.js';
import { inOrder } from './order.js';
import type { Change, Plan, Work } from './plan.js';
import { repointed, type Elsewhere } from './replace.js';
import { planResource, type Unchanged } from './resource.js';
import { inOneOrder } from './rings.js';
import { select, type Selection } from './select.js';
import { shardText } from '../core/shard.js';

export interface Planned {
  /** Absent where there is an error. */
  readonly plan?: Plan;
  readonly work?: Work;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compares what is desired with what lives, and says what to do about it. */
export const makePlan = (input: PlanInput): Planned => {
  const { desired, live } = input;
  const { state, from: movedFrom, diagnostics: moving } = applyMoves(desired, input.state);
  const { matches, diagnostics: matching } = matchLive(desired, live, state);
  const diagnostics = [...moving, ...matching];
  const ids = new Map<Address, string>(
    matches.flatMap(({ resource, live: object }) =>
      object === undefined ? [] : [[resource.address, object.id]],
    ),
  );
  // What is only looked up has no binding: without its manifest nobody could tell its key.
  const external = new Map(
    matches.flatMap(({ resource: { external: is, address }, live: object }) =>
      is && object !== undefined ? [[address, object.id] as const] : [],
    ),
  );
  const lookedUp = (kind: string, key: string): string | undefined => external.get(addressOf(kind, key));
  const context = createContext({ ...input, state }, matches, movedFrom);
  const documents = new Map<string, ValueObject>();
  const resolved = new Map<Address, ValueObject>();
  const planned: Change[] = [];
  const unchanged = new Map<Address, Unchanged>();
  const elsewhere = new Map<Address, Elsewhere>();
  for (const match of matches.filter(({ resource }) => !resource.external)) {
    const result = planResource(match, context);
    diagnostics.push(...result.diagnostics);
    for (const [step, document] of result.documents) documents.set(step, document);
    const kind = kindOf(match.resource.kind);
    resolved.set(match.resource.address, keysAsIds(kind, result.resolved, lookedUp));
    planned.push(...result.changes);
    if (result.elsewhere !== undefined) elsewhere.set(match.resource.address, result.elsewhere);
    if (result.unchanged !== undefined) unchanged.set(match.resource.address, result.unchanged);
  }
  const own = repointed(planned, desired.resources, ({ address }) => unchanged.get(address)?.change, {
    elsewhere: (address) => elsewhere.get(address),
    documents,
  });
  diagnostics.push(...own.flatMap(({ address }) => unchanged.get(address)?.losses ?? []));
  const left = leaving(context);
  const old = deposed(context, addressesOf(matches, state));
  const all = inOneOrder([...own, ...left.changes, ...old], documents, context);
  const selected = select(all, desired, state, input.selection);
  const { ordered } = inOrder(selected.changes);
  diagnostics.push(
    ...left.diagnostics.filter(({ address }) => ordered.some((change) => change.address === address)),
    ...selected.diagnostics,
    ...tooManyDeletes(ordered, state, input.maxDeletes),
    ...dangling(ordered, context),
  );
  const sorted = sortDiagnostics(diagnostics);
  if (hasErrors(sorted)) return { diagnostics: sorted };
  const managed = matches.filter(({ resource }) => !resource.external).length;
  const changing = new Set(own.map(({ address }) => address));
  const bound = new Set([
    ...ids.values(),
    ...matches.flatMap(({ replaces }) => (replaces === undefined ? [] : [replaces.id])),
    ...Object.values(state.resources).flatMap(({ id, deposed: gone = [] }) => [id, ...gone]),
  ]);
  // What the API gives no id is there in any case: nobody made it.
  const isMade = ({ kind, value }: LiveObject): boolean =>
    kindOf(kind).identity.idless !== true && kindOf(kind).isSystem?.(value) !== true;
  const unmanaged = live.objects.filter((object) => !bound.has(object.id) && isMade(object));
  const duplicates = duplicatesOf(unmanaged, matches);
  const body: Omit<Plan, 'digest'> = {
    formatVersion: 1,
    organization: input.organization,
    environment: input.environment ?? null,
    changes: ordered.map(withEffects).map(withLabels(desired, state)),
    unchanged: managed - changing.size,
    retained: left.retained,
    excluded: selected.excluded,
    ...shardIn(input.selection),
    unmanaged: Object.fromEntries(
      kinds.flatMap(({ name, read, identity }) =>
        identity.idless !== true && (read === 'always' || live.kinds?.has(name) === true)
          ? [[name, unmanaged.filter(({ kind }) => kind === name).length]]
          : [],
      ),
    ),
    ...(duplicates.length === 0 ? {} : { duplicates }),
  };
  const seen = new Map(live.objects.map(({ id, value }) => [id, value]));
  return {
    plan: { ...body, digest: digestOf(body) },
    work: { documents, resolved, ids, known: new Set(seen.keys()), seen },
    diagnostics: sorted,
  };
};

/** The change with what its kind says that it does to the data. */
const withEffects = (change: Change): Change => {
  const { kind, before, after, patch, action } = change;
  const isGone = action === 'delete';
  if (!isGone && patch.length === 0) return change;
  const effects =
    kindOf(kind).effects?.(before ?? undefined, isGone ? undefined : (after ?? undefined)) ?? [];
  return effects.length === 0 ? change : { ...change, effects };
};

/** The change with the labels of its manifest; where that is gone, those that are remembered. */
const withLabels = ({ resources }: Desired, state: State): ((change: Change) => Change) => {
  const labels = new Map(resources.map(({ address, labels: own }) => [address, own]));
  return (change) => {
    const own = labels.get(change.address) ?? state.resources[change.address]?.labels ?? {};
    return Object.keys(own).length === 0 ? change : { ...change, labels: own };
  };
};

const shardIn = (selection: Selection | undefined): Pick<Plan, 'shard'> =>
  selection?.shard === undefined ? {} : { shard: shardText(selection.shard) };

/** All that may have taken the place of something. */
const addressesOf = (
  matches: readonly Match[],
  { resources }: State,
): readonly { readonly address: Address; readonly kind: string }[] => [
  ...new Map([
    ...(Object.entries(resources) as [Address, Binding][]).map(
      ([address, { kind }]) => [address, { address, kind }] as const,
    ),
    ...matches.map(({ resource: { address, kind } }) => [address, { address, kind }] as const),
  ]).values(),
];

const createContext = (
  input: PlanInput,
  matches: readonly Match[],
  movedFrom: ReadonlyMap<Address, Address>,
): Context => {
  const { live, state } = input;
  const alive = new Map(live.objects.map((object) => [`${object.kind} ${object.id}`, object]));
  const replaced = new Map(
    matches.flatMap(({ resource, replaces }) =>
      replaces === undefined ? [] : [[resource.address, replaces] as const],
    ),
  );
  const deposedOf = (address: Address): readonly string[] => {
    const known = state.resources[address]?.deposed ?? [];
    const more = replaced.get(address);
    return more === undefined || known.includes(more.id) ? known : [...known, more.id];
  };
  const leaves = new Set([
    ...Object.values(state.resources).flatMap(({ deposed: gone = [] }) => gone),
    ...[...replaced.values()].map(({ id }) => id),
  ]);
  const bearers = grouped(live.objects.map(({ kind, name, id }) => [`${kind} ${name}`, id]));
  const named = grouped(
    live.objects.flatMap(({ kind, name, id }) =>
      leaves.has(id) ? [] : [[`${kind} ${finalName(name)}`, id]],
    ),
  );
  const keys = new Map<string, string>();
  // What is about to be deleted is still called by its key.
  for (const [address, { kind, id }] of Object.entries(state.resources))
    keys.set(`${kind} ${id}`, keyIn(address));
  for (const { kind, id } of replaced.values()) keys.delete(`${kind} ${id}`);
  for (const { resource, live: object } of matches)
    if (object !== undefined) keys.set(`${resource.kind} ${object.id}`, resource.key);
  const keysOfOld = new Map(
    addressesOf(matches, state).flatMap(({ address, kind }) =>
      deposedOf(address).map((id) => [`${kind} ${id}`, keyIn(address)] as const),
    ),
  );
  return {
    ...input,
    movedFrom,
    deposedOf,
    keyOf: (kind, id) => keys.get(`${kind} ${id}`),
    ...(keysOfOld.size === 0
      ? {}
      : { keyWas: (kind, id) => keys.get(`${kind} ${id}`) ?? keysOfOld.get(`${kind} ${id}`) }),
    bearersOf: (kind, name) => bearers.get(`${kind} ${name}`) ?? [],
    findByName: (kind, name) => {
      const exact = (bearers.get(`${kind} ${name}`) ?? []).filter((id) => !leaves.has(id));
      return exact.length > 0
        ? exact
        : (named.get(`${kind} ${name}`) ?? []).filter((id) => keys.has(`${kind} ${id}`));
    },
    liveOf: (kind, id) => alive.get(`${kind} ${id}`),
    isRead: (kind) => live.kinds?.has(kind) ?? true,
  };
};

const grouped = (pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> => {
  const groups = new Map<string, string[]>();
  for (const [key, value] of pairs) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
};
