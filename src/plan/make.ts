/** From desired, live and state to a plan. Pure: same inputs, same plan, byte for byte. */
import type { Address } from '../core/address.js';
import { hasErrors, sortDiagnostics, type Diagnostic } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import { pointerSegments, redact, type ValueObject } from '../core/secret.js';
import type { Finding } from '../kinds/kind.js';
import { comparable, serverOwned } from '../kinds/normalise.js';
import { valueAt, withValue } from '../kinds/paths.js';
import { kindOf, kinds } from '../kinds/registry.js';
import { dependenciesOf } from '../load/graph.js';
import type { Resource } from '../load/desired.js';
import type { Binding } from '../state/state.js';
import { diff, patchOf, type Diff } from './diff.js';
import { digestOf } from './digest.js';
import type { Context, PlanInput } from './context.js';
import { duplicatesOf } from './duplicates.js';
import { deposed, leaving } from './leaving.js';
import { tooManyDeletes } from './limits.js';
import { matchLive, type Match } from './match.js';
import { applyMoves } from './moves.js';
import { repointed, replacement } from './replace.js';
import { select, type Selection } from './select.js';
import { shardText } from './shard.js';
import { resolveReferences } from './resolve.js';
import { takenName, withOrder } from './waits.js';
import { inOrder } from './order.js';
import type { Change, Plan, Work } from './plan.js';
import { asText } from '../core/text.js';

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
  const context = createContext({ ...input, state }, matches, movedFrom);
  const documents = new Map<string, ValueObject>();
  const planned: Change[] = [];
  const unchanged = new Map<Address, Unchanged>();
  for (const match of matches.filter(({ resource }) => !resource.external)) {
    const result = planResource(match, context);
    diagnostics.push(...result.diagnostics);
    for (const [step, document] of result.documents) documents.set(step, document);
    planned.push(...result.changes);
    if (result.unchanged !== undefined) unchanged.set(match.resource.address, result.unchanged);
  }
  const own = repointed(planned, desired.resources, ({ address }) => unchanged.get(address)?.change);
  diagnostics.push(...own.flatMap(({ address }) => unchanged.get(address)?.losses ?? []));
  const left = leaving(context);
  const replacing = new Set(own.map(({ step }) => step));
  const old = deposed(context).filter(({ step }) => !replacing.has(step));
  const all = [...own, ...left.changes, ...old];
  const selected = select(withOrder(all, context), desired, state, input.selection);
  const { ordered, stuck } = inOrder(selected.changes);
  diagnostics.push(
    ...left.diagnostics.filter(({ address }) => ordered.some((change) => change.address === address)),
    ...selected.diagnostics,
    ...stuck.flatMap((change) => takenName(change, all, context)),
    ...tooManyDeletes(ordered, state, input.maxDeletes),
  );
  const sorted = sortDiagnostics(diagnostics);
  if (hasErrors(sorted)) return { diagnostics: sorted };
  const managed = matches.filter(({ resource }) => !resource.external).length;
  const changing = new Set(own.map(({ address }) => address));
  const bound = new Set([
    ...ids.values(),
    ...Object.values(state.resources).flatMap(({ id, deposed: gone = [] }) => [id, ...gone]),
  ]);
  const unmanaged = live.objects.filter(({ id }) => !bound.has(id));
  const duplicates = duplicatesOf(unmanaged, matches);
  const body: Omit<Plan, 'digest'> = {
    formatVersion: 1,
    organization: input.organization,
    environment: input.environment ?? null,
    changes: ordered,
    unchanged: managed - changing.size,
    retained: left.retained,
    excluded: selected.excluded,
    ...shardIn(input.selection),
    unmanaged: Object.fromEntries(
      kinds.map(({ name }) => [name, unmanaged.filter(({ kind }) => kind === name).length]),
    ),
    ...(duplicates.length === 0 ? {} : { duplicates }),
  };
  const seen = new Map(live.objects.map(({ id, value }) => [id, value]));
  return {
    plan: { ...body, digest: digestOf(body) },
    work: { documents, ids, known: new Set(seen.keys()), seen },
    diagnostics: sorted,
  };
};

const shardIn = (selection: Selection | undefined): Pick<Plan, 'shard'> =>
  selection?.shard === undefined ? {} : { shard: shardText(selection.shard) };

const createContext = (
  input: PlanInput,
  matches: readonly Match[],
  movedFrom: ReadonlyMap<Address, Address>,
): Context => {
  const { live, state } = input;
  const alive = new Map(live.objects.map((object) => [`${object.kind} ${object.id}`, object]));
  const named = new Map<string, string[]>();
  for (const { kind, name, id } of live.objects) {
    const namesakes = named.get(`${kind} ${name}`);
    if (namesakes === undefined) named.set(`${kind} ${name}`, [id]);
    else namesakes.push(id);
  }
  const keys = new Map<string, string>();
  // What is about to be deleted is still called by its key.
  for (const [address, { kind, id }] of Object.entries(state.resources))
    keys.set(`${kind} ${id}`, address.slice(address.indexOf('.') + 1));
  for (const { resource, live: object } of matches)
    if (object !== undefined) keys.set(`${resource.kind} ${object.id}`, resource.key);
  return {
    ...input,
    movedFrom,
    keyOf: (kind, id) => keys.get(`${kind} ${id}`),
    findByName: (kind, name) => named.get(`${kind} ${name}`) ?? [],
    liveOf: (kind, id) => alive.get(`${kind} ${id}`),
  };
};

interface Unchanged {
  readonly change: Change;
  readonly losses: readonly Diagnostic[];
}

interface PlannedResource {
  readonly changes: readonly Change[];
  /** What to do where it stays as it is, and something that it refers to does not; and what speaks against it. */
  readonly unchanged?: Unchanged;
  readonly documents: ReadonlyMap<string, ValueObject>;
  readonly diagnostics: readonly Diagnostic[];
}

const planResource = (match: Match, context: Context): PlannedResource => {
  const { resource, live, by, gone } = match;
  const { address } = resource;
  const kind = kindOf(resource.kind);
  const { document: desired, diagnostics } = resolveReferences(kind, resource, context);
  const from = context.movedFrom.get(address);
  const base = {
    address,
    step: address,
    kind: resource.kind,
    name: asText(desired['name']),
    place: resource.place,
    waitsFor: dependenciesOf(resource),
    ...(from === undefined ? {} : { from }),
  };
  const origins = [
    ...(from === undefined ? [] : [`moved from ${from}`]),
    ...(gone === undefined ? [] : [`the object it was bound to (${gone}) is gone`]),
  ];
  if (live === undefined) {
    const document = kind.complete(desired, undefined);
    const after = comparable(kind, redact(document) as JsonObject, serverOwned(kind.shape, desired));
    const change: Change = {
      ...base,
      action: 'create',
      patch: patchOf({}, after),
      before: null,
      after,
      causes: {},
      unknownSecrets: [],
      reasons: origins,
    };
    return { changes: [change], documents: new Map([[address, document]]), diagnostics };
  }
  const binding = context.state.resources[address];
  const compared = diff({
    kind,
    desired,
    live: live.value,
    applied: binding?.applied,
    keyOf: context.keyOf,
    secretStatus: (pointer) => context.secretStatus(address, pointer),
    ignore: resource.ignoreChanges,
    untouched: binding?.id === live.id && isUntouched(binding, live.value),
  });
  const placed = ({ pointer, ...finding }: Finding): Diagnostic => ({
    ...finding,
    address,
    place: context.desired.locate(address, pointer),
  });
  if (compared.immutable.length > 0) {
    const made = replacement(kind, base, live.id, anew(compared, desired), compared);
    const stopped = resource.preventDestroy ? [protectedFromReplacement(resource, compared, context)] : [];
    const gone = hiddenLosses(compared).filter(
      ({ pointer }) => valueAt(desired, pointerSegments(pointer)) === undefined,
    );
    return { ...made, diagnostics: [...diagnostics, ...stopped, ...gone.map(placed)] };
  }
  const adopts = context.durable && binding?.id !== live.id;
  const change: Change = {
    ...base,
    action: adopts ? 'adopt' : compared.patch.length === 0 && from !== undefined ? 'move' : 'update',
    id: live.id,
    patch: compared.patch,
    before: compared.before,
    after: compared.after,
    causes: compared.causes,
    unknownSecrets: compared.unknownSecrets,
    ...(compared.carried.length === 0 ? {} : { carried: compared.carried }),
    reasons: [
      ...origins,
      ...(adopts ? [by === 'id' ? 'bound by its id' : 'a live object bears this name'] : []),
      ...compared.reasons,
    ],
  };
  const isSame = compared.patch.length === 0 && !adopts && from === undefined;
  return {
    changes: isSame ? [] : [change],
    ...(isSame ? { unchanged: { change, losses: compared.losses.map(placed) } } : {}),
    documents: new Map([[address, compared.document]]),
    diagnostics: [...diagnostics, ...compared.findings.map(placed)],
  };
};

/** Whether the last to write the object was this repository, as far as its times tell. */
const isUntouched = ({ written }: Binding, live: JsonObject): boolean =>
  written !== undefined && written === live['updated_at'];

/**
 * What a new object is made of, in the place of one that lives: what was left to others as it lives there, and what
 * no answer shows as the manifest says it, as for any create.
 */
const anew = (compared: Diff, desired: ValueObject): ValueObject =>
  hiddenLosses(compared).reduce((whole, { pointer }) => {
    const path = pointerSegments(pointer);
    const ours = valueAt(desired, path);
    return ours === undefined ? whole : withValue(whole, path, ours);
  }, compared.kept);

/** Of what an update would lose: what is left to others. */
const hiddenLosses = ({ losses }: Diff): readonly Finding[] => losses.filter(({ pointer }) => pointer !== '');

const protectedFromReplacement = (
  { address }: Resource,
  { immutable, before, after }: Diff,
  { desired }: Context,
): Diagnostic => {
  const [path = []] = immutable;
  const shown = (document: JsonObject): string => JSON.stringify(valueAt(document, path) ?? null);
  return {
    severity: 'error',
    code: 'prevent-destroy',
    message: `${address} would be replaced (${path.join('.')} cannot change from ${shown(before)} to ${shown(after)}), and lifecycle.prevent_destroy forbids it`,
    hint: `keep ${path.join('.')} as it is, or remove prevent_destroy`,
    address,
    place: desired.locate(address, `/${path.join('/')}`),
  };
};
