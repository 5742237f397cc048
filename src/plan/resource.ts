/** What one manifest asks for, beside its live object. Pure. */
import type { Diagnostic } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import { pointerSegments, redact, type ValueObject } from '../core/secret.js';
import { bearsUniqueName, isSingleton, isToldByReferences, titleOf } from '../kinds/identity.js';
import type { Finding, Kind } from '../kinds/kind.js';
import { comparable, serverOwned } from '../kinds/normalise.js';
import { valueAt, withValue } from '../kinds/paths.js';
import { kindOf } from '../kinds/registry.js';
import { dependenciesOf } from '../load/graph.js';
import type { Resource } from '../load/desired.js';
import type { LiveObject } from '../live/snapshot.js';
import type { Binding } from '../state/state.js';
import type { Context } from './context.js';
import { diff, patchOf, type Diff } from './diff.js';
import { interimName, isInterimOf } from './interim.js';
import { NAMED_LAST, naming } from './naming.js';
import type { Match } from './match.js';
import type { Change } from './plan.js';
import { replacement, sparedBy, type Elsewhere } from './replace.js';
import { resolveReferences } from './resolve.js';

/** What to do with an object that stays as it is, should something that it refers to not; and what speaks against it. */
export interface Unchanged {
  readonly change: Change;
  readonly losses: readonly Diagnostic[];
}

export interface PlannedResource {
  readonly changes: readonly Change[];
  readonly unchanged?: Unchanged;
  /** Whole documents to send, by step. */
  readonly documents: ReadonlyMap<string, ValueObject>;
  /** How it is made anew where what it is told by is replaced, by the names of such references; absent where it is new. */
  readonly elsewhere?: Elsewhere;
  /** The manifest with ids in the place of names. */
  readonly resolved: ValueObject;
  readonly diagnostics: readonly Diagnostic[];
}

/** What is asked for by a manifest whose references are resolved. */
type Asked = Omit<PlannedResource, 'resolved'>;

/** What a manifest asks for of the live object that it matches. */
export const planResource = (match: Match, context: Context): PlannedResource => {
  const { resource, live, gone } = match;
  const { address } = resource;
  const kind = kindOf(resource.kind);
  const { document: desired, diagnostics } = resolveReferences(kind, resource, context);
  const from = context.movedFrom.get(address);
  const name = titleOf(kind, desired);
  const base: Base = {
    address,
    step: address,
    kind: resource.kind,
    name,
    place: resource.place,
    waitsFor: dependenciesOf(resource),
    ...(from === undefined ? {} : { from }),
  };
  const origins = [
    ...(from === undefined ? [] : [`moved from ${from}`]),
    ...(gone === undefined ? [] : [`the object it was bound to (${gone}) is gone`]),
  ];
  const interim = interimOf(kind, base, live, context);
  const now = interim === undefined ? desired : { ...desired, name: interim };
  const planned =
    live === undefined
      ? planCreate(kind, { ...base, reasons: origins }, desired, now)
      : planCompared(kind, { ...base, reasons: origins }, { ...match, live }, desired, now, context);
  const document = planned.documents.get(address);
  const isReplaced = planned.changes.some(({ action }) => action === 'replace');
  const last =
    interim === undefined || isReplaced
      ? undefined
      : naming({ ...base, ...(live === undefined ? {} : { id: live.id }) }, interim, NAMED_LAST);
  return {
    ...planned,
    resolved: desired,
    diagnostics: [...diagnostics, ...planned.diagnostics],
    ...(last === undefined
      ? {}
      : {
          changes: [...planned.changes, last],
          documents: new Map([...planned.documents, [last.step, { ...document, name }]]),
        }),
  };
};

type Base = Pick<Change, 'address' | 'step' | 'kind' | 'name' | 'place' | 'waitsFor'> &
  Partial<Pick<Change, 'from'>>;
type Begun = Base & Pick<Change, 'reasons'>;

/** The name that an object bears as long as one that it takes the place of has its own; undefined where none does. */
const interimOf = (
  kind: Kind,
  { address, name }: Base,
  live: LiveObject | undefined,
  { deposedOf, bearersOf }: Context,
): string | undefined => {
  if (!bearsUniqueName(kind)) return undefined;
  if (live !== undefined && isInterimOf(live.name, name)) return live.name;
  const bearers = bearersOf(kind.name, name);
  const bearer = deposedOf(address).find((id) => bearers.includes(id));
  if (bearer === undefined) return undefined;
  return live === undefined ? interimName(name, bearer) : live.name;
};

/** `now` is what is sent at first: the desired document, under a name between where its own is not free. */
const planCreate = (kind: Kind, base: Begun, desired: ValueObject, now: ValueObject): Asked => {
  const after = comparable(
    kind,
    redact(kind.complete(desired, undefined, undefined)) as JsonObject,
    serverOwned(kind.shape, desired),
  );
  const also = kind.consequences?.create;
  const change: Change = {
    ...base,
    reasons: [...base.reasons, ...(also === undefined ? [] : [also])],
    action: 'create',
    patch: patchOf({}, after),
    before: null,
    after,
    causes: {},
    unknownSecrets: [],
  };
  return {
    changes: [change],
    documents: new Map([[base.address, kind.complete(now, undefined, undefined)]]),
    diagnostics: [],
  };
};

/** Why an object is taken for a manifest's own, by how it was found. */
const adoptedBy = (kind: Kind, by: Match['by']): string =>
  ({
    id: 'bound by its id',
    name: isSingleton(kind)
      ? 'an organization has one, which lives'
      : kind.identity.fields[0] === 'name'
        ? 'a live object bears this name'
        : 'a live object is known by the same',
    interim: 'an earlier run made it, and did not get to give it its name',
    state: '',
    nothing: '',
  })[by];

const planCompared = (
  kind: Kind,
  base: Begun,
  { resource, live, by, replaces }: Match & { readonly live: LiveObject },
  desired: ValueObject,
  now: ValueObject,
  context: Context,
): Asked => {
  const { address, from } = base;
  const binding = context.state.resources[address];
  const isOther = replaces !== undefined;
  const compared = diff({
    kind,
    desired: now,
    live: live.value,
    // What was applied to the one whose place it takes says nothing about it.
    applied: isOther ? undefined : binding?.applied,
    keyOf: context.keyOf,
    ...(context.keyWas === undefined ? {} : { keyWas: context.keyWas }),
    secretStatus: (pointer) => (isOther ? 'unknown' : context.secretStatus(address, pointer)),
    ignore: resource.ignoreChanges,
    untouched: binding?.id === live.id && isUntouched(binding, live.value),
  });
  const placed = ({ pointer, ...finding }: Finding): Diagnostic => ({
    ...finding,
    address,
    ...context.desired.cite(address, pointer),
  });
  if (compared.immutable.length > 0) {
    const named = kind.identity.fields.includes('name') ? { name: base.name } : {};
    const document = { ...anew(compared, now), ...named };
    const made = replacement(kind, base, live.id, document, compared, context.deposedOf(address).length);
    const spared = sparedBy(kind, live, context);
    const stopped = [
      ...(resource.preventDestroy ? [protectedFromReplacement(resource, compared, context)] : []),
      ...(spared === undefined ? [] : [sparedFromReplacement(resource, compared, context, spared)]),
    ];
    const gone = hiddenLosses(compared).filter(
      ({ pointer }) => valueAt(desired, pointerSegments(pointer)) === undefined,
    );
    return { ...made, diagnostics: [...stopped, ...gone.map(placed)] };
  }
  const adopts = context.durable && binding?.id !== live.id;
  const beside = kind.beside?.(now, live.value);
  const change: Change = {
    ...base,
    action: adopts ? 'adopt' : compared.patch.length === 0 && from !== undefined ? 'move' : 'update',
    id: live.id,
    ...(isOther ? { deposes: replaces.id } : {}),
    patch: compared.patch,
    before: compared.before,
    after: compared.after,
    causes: compared.causes,
    unknownSecrets: compared.unknownSecrets,
    ...(compared.carried.length === 0 ? {} : { carried: compared.carried }),
    reasons: [
      ...base.reasons,
      ...(adopts ? [adoptedBy(kind, by)] : []),
      ...compared.reasons,
      ...(beside === undefined ? [] : [beside]),
    ],
  };
  const isSame = compared.patch.length === 0 && !adopts && from === undefined;
  const old = context.deposedOf(address).length;
  return {
    ...(isToldByReferences(kind)
      ? {
          elsewhere: (names: readonly string[]) =>
            replacement(
              kind,
              base,
              live.id,
              anew(compared, now),
              { ...compared, immutable: names.map((name) => [name]) },
              old,
            ),
        }
      : {}),
    changes: isSame ? [] : [change],
    ...(isSame ? { unchanged: { change, losses: compared.losses.map(placed) } } : {}),
    documents: new Map([[address, compared.document]]),
    diagnostics: compared.findings.map(placed),
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

const sparedFromReplacement = (
  { address }: Resource,
  { immutable }: Diff,
  { desired }: Context,
  reason: string,
): Diagnostic => {
  const [path = []] = immutable;
  return {
    severity: 'error',
    code: 'not-deletable',
    message: `${address} would be replaced (${path.join('.')} cannot change), and its object cannot be deleted: ${reason}`,
    hint: `keep ${path.join('.')} as it is, or give the new one a manifest of its own`,
    address,
    ...desired.cite(address, `/${path.join('/')}`),
  };
};

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
    ...desired.cite(address, `/${path.join('/')}`),
  };
};
