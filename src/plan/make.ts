/** From desired, live and state to a plan. Pure: same inputs, same plan, byte for byte. */
import { addressOf, type Address } from '../core/address.js';
import { hasErrors, sortDiagnostics, type Diagnostic } from '../core/diagnostics.js';
import { byCodeUnit, type JsonObject } from '../core/json.js';
import { redact, type ValueObject } from '../core/secret.js';
import type { Kind } from '../kinds/kind.js';
import { comparable, serverOwned } from '../kinds/normalise.js';
import { mapReferences, referencesFromLive, referencesOf } from '../kinds/references.js';
import { kindOf, kinds } from '../kinds/registry.js';
import { dependenciesOf } from '../load/graph.js';
import type { Desired, Resource } from '../load/desired.js';
import type { Live } from '../live/snapshot.js';
import type { Binding, State } from '../state/state.js';
import { diff, patchOf, type SecretStatus } from './diff.js';
import { digestOf } from './digest.js';
import { matchLive, type Match } from './match.js';
import { inOrder } from './order.js';
import type { Change, Plan, Work } from './plan.js';
import { asText } from '../core/text.js';

export interface PlanInput {
  readonly desired: Desired;
  readonly live: Live;
  readonly state: State;
  /** Whether bindings outlive the run; without, nothing is adopted or forgotten. */
  readonly durable: boolean;
  readonly organization: { readonly id: string; readonly name: string };
  readonly environment?: string;
  readonly secretStatus: (address: Address, pointer: string) => SecretStatus;
}

export interface Planned {
  /** Absent where there is an error. */
  readonly plan?: Plan;
  readonly work?: Work;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compares what is desired with what lives, and says what to do about it. */
export const makePlan = (input: PlanInput): Planned => {
  const { desired, live, state } = input;
  const { matches, diagnostics: matching } = matchLive(desired, live, state);
  const diagnostics = [...matching];
  const ids = new Map<Address, string>(
    matches.flatMap(({ resource, live: object }) =>
      object === undefined ? [] : [[resource.address, object.id]],
    ),
  );
  const alive = new Set(live.objects.map(({ kind, id }) => `${kind} ${id}`));
  const keys = new Map<string, string>();
  // What is about to be deleted is still called by its key.
  for (const [address, { kind, id }] of Object.entries(state.resources))
    keys.set(`${kind} ${id}`, address.slice(address.indexOf('.') + 1));
  for (const { resource, live: object } of matches)
    if (object !== undefined) keys.set(`${resource.kind} ${object.id}`, resource.key);
  const context: Context = {
    ...input,
    keyOf: (kind, id) => keys.get(`${kind} ${id}`),
    findByName: (kind, name) =>
      live.objects.filter((object) => object.kind === kind && object.name === name).map(({ id }) => id),
    exists: (kind, id) => alive.has(`${kind} ${id}`),
  };
  const documents = new Map<Address, ValueObject>();
  const changes: Change[] = [];
  for (const match of matches.filter(({ resource }) => !resource.external)) {
    const planned = planResource(match, context);
    diagnostics.push(...planned.diagnostics);
    documents.set(match.resource.address, planned.document);
    if (planned.change !== undefined) changes.push(planned.change);
  }
  const managed = new Set(desired.resources.map(({ address }) => address));
  const unchanged = matches.filter(({ resource }) => !resource.external).length - changes.length;
  const left = (Object.entries(state.resources) as [Address, Binding][]).filter(
    ([address]) => !managed.has(address),
  );
  changes.push(...left.map(([address, binding]) => leaving(address, binding, context)));
  const { ordered, stuck } = inOrder(withOrder(changes, context));
  diagnostics.push(...stuck.flatMap((change) => takenName(change, changes, context)));
  const sorted = sortDiagnostics(diagnostics);
  if (hasErrors(sorted)) return { diagnostics: sorted };
  const bound = new Set([...ids.values(), ...Object.values(state.resources).map(({ id }) => id)]);
  const body: Omit<Plan, 'digest'> = {
    formatVersion: 1,
    organization: input.organization,
    environment: input.environment ?? null,
    changes: ordered,
    unchanged,
    unmanaged: Object.fromEntries(
      kinds.map(({ name }) => [
        name,
        live.objects.filter(({ kind, id }) => kind === name && !bound.has(id)).length,
      ]),
    ),
  };
  return {
    plan: { ...body, digest: digestOf(body) },
    work: { documents, ids, known: new Set(live.objects.map(({ id }) => id)) },
    diagnostics: sorted,
  };
};

interface Context extends PlanInput {
  readonly keyOf: (kind: string, id: string) => string | undefined;
  readonly findByName: (kind: string, name: string) => readonly string[];
  readonly exists: (kind: string, id: string) => boolean;
}

interface PlannedResource {
  readonly change?: Change;
  readonly document: ValueObject;
  readonly diagnostics: readonly Diagnostic[];
}

const planResource = (match: Match, context: Context): PlannedResource => {
  const { resource, live, by, gone } = match;
  const kind = kindOf(resource.kind);
  const { document: desired, diagnostics } = resolveReferences(kind, resource, context);
  const base = {
    address: resource.address,
    kind: resource.kind,
    name: asText(desired['name']),
    place: resource.place,
    waitsFor: dependenciesOf(resource),
  };
  if (live === undefined) {
    const document = kind.complete(desired, undefined);
    const after = comparable(kind, redact(document) as JsonObject, serverOwned(kind.shape, desired));
    const reasons = gone === undefined ? [] : [`the object it was bound to (${gone}) is gone`];
    const change: Change = {
      ...base,
      action: 'create',
      patch: patchOf({}, after),
      before: null,
      after,
      unknownSecrets: [],
      reasons,
    };
    return { change, document, diagnostics: diagnostics };
  }
  const compared = diff({
    kind,
    desired,
    live: live.value,
    applied: context.state.resources[resource.address]?.applied,
    keyOf: context.keyOf,
    secretStatus: (pointer) => context.secretStatus(resource.address, pointer),
  });
  const adopts = context.durable && context.state.resources[resource.address]?.id !== live.id;
  const findings = compared.findings.map(({ pointer, ...finding }) => ({
    ...finding,
    address: resource.address,
    place: context.desired.locate(resource.address, pointer),
  }));
  const result = { document: compared.document, diagnostics: [...diagnostics, ...findings] };
  if (compared.patch.length === 0 && !adopts) return result;
  const { before, after, patch, unknownSecrets } = compared;
  const change: Change = {
    ...base,
    action: adopts ? 'adopt' : 'update',
    id: live.id,
    patch,
    before,
    after,
    unknownSecrets,
    reasons: [
      ...(gone === undefined ? [] : [`the object it was bound to (${gone}) is gone`]),
      ...(adopts ? [by === 'id' ? 'bound by its id' : 'a live object bears this name'] : []),
      ...compared.reasons,
    ],
  };
  return { ...result, change };
};

/** `{name: …}` and `{id: …}` become the key of what is managed, or `{id: …}`. */
const resolveReferences = (
  kind: Kind,
  resource: Resource,
  { keyOf, findByName, exists, desired }: Context,
): { readonly document: ValueObject; readonly diagnostics: readonly Diagnostic[] } => {
  const diagnostics: Diagnostic[] = [];
  const pointers = referencesOf(kind, resource.document);
  const document = mapReferences(kind, resource.document, (reference, rule) => {
    if (reference.to === 'key') return reference.key;
    const fail = (code: string, message: string, hint: string): void => {
      const pointer =
        pointers.find(
          (found) => found.rule === rule && JSON.stringify(found.reference) === JSON.stringify(reference),
        )?.pointer ?? '';
      diagnostics.push({
        severity: 'error',
        code,
        message,
        hint,
        address: resource.address,
        place: desired.locate(resource.address, pointer),
      });
    };
    const what = rule.kind.toLowerCase();
    if (reference.to === 'id') {
      if (!exists(rule.kind, reference.id))
        fail(
          'unknown-id',
          `no ${what} has the id ${reference.id}`,
          'correct the id, or refer to it by {name: …}',
        );
      return keyOf(rule.kind, reference.id) ?? { id: reference.id };
    }
    const found = findByName(rule.kind, reference.name);
    if (found.length === 0)
      fail(
        'unknown-name',
        `no live ${what} is called "${reference.name}"`,
        'correct the name, or create it first',
      );
    if (found.length > 1)
      fail(
        'ambiguous-name',
        `${found.length} live ${what}s are called "${reference.name}": ${found.join(', ')}`,
        'refer to one of them by {id: …}',
      );
    const id = found[0] ?? '';
    return keyOf(rule.kind, id) ?? { id };
  });
  return { document, diagnostics };
};

/** A bound address whose manifest is gone: deleted, or forgotten where the object is gone too. */
const leaving = (address: Address, binding: Binding, { live, keyOf }: Context): Change => {
  const kind = kindOf(binding.kind);
  const object = live.objects.find(
    (candidate) => candidate.kind === binding.kind && candidate.id === binding.id,
  );
  const base = {
    address,
    kind: binding.kind,
    id: binding.id,
    patch: [],
    after: null,
    unknownSecrets: [],
    waitsFor: [],
  };
  if (object === undefined)
    return {
      ...base,
      action: 'forget',
      name: asText(binding.applied['name']),
      before: null,
      reasons: ['its manifest and the live object are both gone'],
    };
  const normalised = referencesFromLive(kind, kind.fromLive(object.value).document, keyOf);
  return {
    ...base,
    action: 'delete',
    name: object.name,
    before: comparable(kind, normalised as JsonObject),
    reasons: ['its manifest is gone'],
  };
};

/** Each change with what it waits for: creates by their references, deletes after all that referred to them. */
const withOrder = (changes: readonly Change[], { live, state, keyOf }: Context): readonly Change[] => {
  const planned = new Set(
    changes.filter(({ action }) => action !== 'delete' && action !== 'forget').map(({ address }) => address),
  );
  const deleted = new Set(changes.filter(({ action }) => action === 'delete').map(({ address }) => address));
  const users = new Map<Address, Address[]>();
  for (const change of deleted.size === 0 ? [] : changes) {
    const kind = kindOf(change.kind);
    const object = live.objects.find(({ id, kind: name }) => name === change.kind && id === change.id);
    const sources: readonly ValueObject[] = [
      ...(object === undefined
        ? []
        : [referencesFromLive(kind, kind.fromLive(object.value).document, keyOf)]),
      ...(state.resources[change.address] === undefined
        ? []
        : [(state.resources[change.address] as Binding).applied]),
    ];
    for (const { rule, reference } of sources.flatMap((source) => referencesOf(kind, source))) {
      if (reference.to !== 'key') continue;
      const used = addressOf(rule.kind, reference.key);
      if (deleted.has(used) && used !== change.address)
        users.set(used, [...(users.get(used) ?? []), change.address]);
    }
  }
  return changes.map((change) => ({
    ...change,
    waitsFor: deleted.has(change.address)
      ? [...new Set(users.get(change.address) ?? [])].sort(byCodeUnit)
      : [
          ...new Set([
            ...change.waitsFor.filter((address) => planned.has(address)),
            ...holdersOf(change, changes, live).map(({ address }) => address),
          ]),
        ].sort(byCodeUnit),
  }));
};

/** The changes that free the name that this one takes, where the API lets only one object bear it. */
const holdersOf = (change: Change, changes: readonly Change[], live: Live): readonly Change[] => {
  if (!kindOf(change.kind).uniqueNames || change.patch.length === 0) return [];
  const holder = live.objects.find(
    ({ kind, name, id }) => kind === change.kind && name === change.name && id !== change.id,
  );
  if (holder === undefined) return [];
  return changes.filter(
    ({ kind, id, action }) => kind === holder.kind && id === holder.id && action !== 'forget',
  );
};

/** What to tell where a name gets free only after what needs it. */
const takenName = (change: Change, changes: readonly Change[], { live }: Context): readonly Diagnostic[] =>
  holdersOf(change, changes, live).map((holder) => ({
    severity: 'error',
    code: 'name-in-use',
    message: `${change.address} takes the name "${change.name}", which ${holder.address} still bears and frees only afterwards`,
    hint: 'apply one of the two under another name first',
    address: change.address,
    ...(change.place === undefined ? {} : { place: change.place }),
  }));
