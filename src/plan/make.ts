/** From desired, live and state to a plan. Pure: same inputs, same plan, byte for byte. */
import type { Address } from '../core/address.js';
import { hasErrors, sortDiagnostics, type Diagnostic } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import { redact, type ValueObject } from '../core/secret.js';
import { comparable, serverOwned } from '../kinds/normalise.js';
import { referencesFromLive } from '../kinds/references.js';
import { kindOf, kinds } from '../kinds/registry.js';
import { dependenciesOf } from '../load/graph.js';
import type { Binding } from '../state/state.js';
import { diff, patchOf } from './diff.js';
import { digestOf } from './digest.js';
import type { Context, PlanInput } from './context.js';
import { matchLive, type Match } from './match.js';
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
