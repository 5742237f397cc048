/** Binds manifests to live objects: what the state says afterwards, and what a plan would say then. */
import type { Identity } from '../api/calls.js';
import { createReader, type Reader } from '../api/client.js';
import { DiagnosticError, hasErrors, type Diagnostic } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import { asApplied } from '../plan/applied.js';
import { silentOf } from '../plan/silent.js';
import { unboundIn, type AdoptInput, type Adoption } from '../export/adoption.js';
import { kindOf } from '../kinds/registry.js';
import type { Settings } from '../load/config.js';
import type { Resource } from '../load/desired.js';
import { load } from '../load/load.js';
import { readLive } from '../live/snapshot.js';
import { makePlan } from '../plan/make.js';
import { matchLive, wantedLive } from '../plan/match.js';
import { applyMoves } from '../plan/moves.js';
import type { Plan } from '../plan/plan.js';
import { spokenParts, unlistedObjects, usedKinds } from '../plan/spoken.js';
import { withBindings, type State } from '../state/state.js';
import type { StateStore } from '../state/store.js';
import { openAccess } from './access.js';
import { checkOrganization } from './organization.js';
import { refuseUnsettled } from './export.js';
import { openSecrets, secretsIn } from './secrets.js';
import { cacheFor } from './stores.js';
import { takeLiveTypes } from './typed.js';

export interface AdoptRun {
  readonly settings: Settings;
  /** Open; locked, where the state is written afterwards. */
  readonly store: StateStore;
}

/** What adopting starts from: manifests, live objects, the state. */
export interface AdoptReady extends AdoptInput {
  readonly run: AdoptRun;
  readonly reader: Reader;
  readonly organization: Identity['organization'];
  /** Manifests that are bound to nothing. */
  readonly unbound: readonly Resource[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads what adopting needs; writes nothing. Throws `DiagnosticError`. */
export const prepareAdoption = async (run: AdoptRun): Promise<AdoptReady> => {
  const { settings, store } = run;
  if (!store.durable)
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'no-state',
        message: 'no state is kept, and a binding would not outlive this run',
        hint: 'set state: file or state: git in the configuration file, or write id: into the manifests',
      },
    ]);
  const { desired: loaded, diagnostics } = await load({ ...settings, withoutSecrets: true });
  if (loaded === undefined) throw new DiagnosticError(diagnostics);
  const stored = await store.read();

  const { options, caller } = await openAccess(settings, secretsIn(loaded));
  const { organization } = caller;
  const reader = createReader(options);
  checkOrganization(stored, organization, settings);
  await refuseUnsettled(settings, store, organization.id);
  const { desired, diagnostics: untyped } = await takeLiveTypes(settings, reader, loaded);
  if (hasErrors(untyped)) throw new DiagnosticError(untyped);
  const { state, diagnostics: moving } = applyMoves(desired, stored);
  if (hasErrors(moving)) throw new DiagnosticError(moving);
  const live = await readLive(reader, () => false, settings.concurrency, {
    kinds: usedKinds(desired, state),
    unlisted: unlistedObjects(desired, state),
  });
  const input = { desired, live, state };
  return { ...input, run, reader, organization, unbound: unboundIn(input), diagnostics };
};

export interface Adopted {
  /** To be written. */
  readonly state: State;
  /** What a plan would say of what is adopted, and of nothing else. */
  readonly plan: Plan;
  readonly diagnostics: readonly Diagnostic[];
}

/** The state with these bindings, and the plan that follows; writes nothing. Throws `DiagnosticError`. */
export const planAdoption = async (ready: AdoptReady, adoptions: readonly Adoption[]): Promise<Adopted> => {
  const { desired, run, reader, organization } = ready;
  const { settings } = run;
  const ids = new Set(adoptions.map(({ live }) => live.id));
  const wanted = wantedLive(desired, ready.state);
  const live = await readLive(
    reader,
    (kind, id, name) => ids.has(id) || wanted(kind, id, name),
    settings.concurrency,
    {
      cache: await cacheFor(settings, organization),
      kinds: usedKinds(desired, ready.state),
      spoken: spokenParts(desired, ready.state, ids),
      unlisted: unlistedObjects(desired, ready.state),
    },
  );
  const bind = (current: State, appliedOf: (adoption: Adoption) => JsonObject): State =>
    withBindings(
      current,
      adoptions.map((adoption) => [
        adoption.resource.address,
        {
          kind: adoption.resource.kind,
          id: adoption.live.id,
          applied: appliedOf(adoption),
          secrets: {},
          ...(adoption.resource.preventDestroy ? { protected: true as const } : {}),
          ...(adoption.resource.ignoreChanges.length === 0
            ? {}
            : { ignored: adoption.resource.ignoreChanges }),
        },
      ]),
    );
  // Keys first: what is applied refers to them.
  const matches = matchLive(
    desired,
    live,
    bind(ready.state, () => ({})),
  );
  const keys = new Map(
    matches.matches.flatMap(({ resource, live: object }) =>
      resource.external ? [] : [[`${resource.kind} ${object?.id ?? ''}`, resource.key]],
    ),
  );
  const objects = new Map(live.objects.map((object) => [object.id, object]));
  const bound = bind(ready.state, ({ resource, live: { id } }) =>
    asApplied(kindOf(resource.kind), resource.document, objects.get(id)?.value ?? {}, (kind, other) =>
      keys.get(`${kind} ${other}`),
    ),
  );
  const state = withBindings(
    bound,
    adoptions.flatMap(({ resource: { address, kind, ignoreChanges }, live: { id } }) => {
      const binding = bound.resources[address];
      const value = objects.get(id)?.value;
      if (binding === undefined || value === undefined) return [];
      return [
        [
          address,
          { ...binding, silent: silentOf(kindOf(kind), binding.applied, value, ignoreChanges) },
        ] as const,
      ];
    }),
  );
  const adopted = new Set(adoptions.map(({ resource }) => resource.address));
  // What else cannot be told apart yet must not stand in the way.
  const unclear = new Set(
    matches.diagnostics.flatMap(({ address }) => (address === undefined ? [] : [address])),
  );
  const part = {
    ...desired,
    resources: desired.resources.filter(({ address }) => adopted.has(address) || !unclear.has(address)),
  };
  const { plan, diagnostics } = makePlan({
    desired: part,
    live,
    state,
    durable: true,
    organization,
    prune: 'never',
    secretStatus: (await openSecrets(settings, part, state)).status,
    ...(settings.environmentName === undefined ? {} : { environment: settings.environmentName }),
  });
  const about = diagnostics.filter(({ address }) => adopted.has(address as Resource['address']));
  if (plan === undefined) throw new DiagnosticError(about.length > 0 ? about : diagnostics);
  const changes = plan.changes.filter(({ address }) => adopted.has(address));
  return {
    state: { ...state, organization },
    plan: {
      ...plan,
      changes,
      unchanged: adopted.size - changes.length,
      retained: [],
      excluded: 0,
      unmanaged: {},
    },
    diagnostics: about,
  };
};
