/** What lives of what is bound, against what was last applied: manifests and secrets are not needed. */
import { createReader, type ClientOptions, type Reader } from '../api/client.js';
import type { Identity } from '../api/calls.js';
import type { Address } from '../core/address.js';
import { DiagnosticError, type Diagnostic } from '../core/diagnostics.js';
import type { Kind } from '../kinds/kind.js';
import type { Settings } from '../load/config.js';
import type { Desired } from '../load/desired.js';
import { liveProblems } from '../live/problems.js';
import { readLive, type Live, type LiveObject } from '../live/snapshot.js';
import { findDrift, type Drift, type Drifted } from '../plan/drift.js';
import { applyMoves } from '../plan/moves.js';
import { selectBindings, type Selection } from '../plan/select.js';
import { spokenParts, usedKinds } from '../plan/spoken.js';
import type { State } from '../state/state.js';
import type { StateStore } from '../state/store.js';
import { openAccess } from './access.js';
import { checkOrganization } from './organization.js';
import { cacheFor } from './stores.js';

/** What is bound, as it lives. */
export interface Bound {
  readonly reader: Reader;
  /** What a client needs that writes there. */
  readonly options: ClientOptions;
  readonly state: State;
  readonly live: Live;
  readonly organization: Identity['organization'];
  readonly isChosen: (address: Address) => boolean;
  readonly addressOf: (object: Pick<LiveObject, 'kind' | 'id'>) => Address | undefined;
}

/** Reads what is bound, and the lists of `also`. Throws `DiagnosticError`. */
export const readBound = async (
  settings: Settings,
  store: StateStore,
  /** Bindings of this part alone. */
  selection?: Selection,
  also: readonly Kind[] = [],
): Promise<Bound> => {
  const state = await store.read();
  const { options, caller } = await openAccess(settings, []);
  const { organization } = caller;
  checkOrganization(state, organization, settings);
  const { isChosen, diagnostics } = selectBindings(state, selection);
  if (diagnostics.length > 0) throw new DiagnosticError(diagnostics);
  const chosen = Object.entries(state.resources).filter(([address]) => isChosen(address as Address));
  const ids = new Set(chosen.map(([, { id }]) => id));
  const reader = createReader(options);
  const live = await readLive(reader, (_kind, id) => ids.has(id), settings.concurrency, {
    cache: await cacheFor(settings, organization),
    kinds: [...new Set([...usedKinds({ resources: [] }, state), ...also])],
    spoken: spokenParts({ resources: [] }, state),
    unlisted: (kind) => chosen.flatMap(([, binding]) => (binding.kind === kind.name ? [binding.id] : [])),
  });
  const addresses = new Map(chosen.map(([address, { kind, id }]) => [`${kind} ${id}`, address as Address]));
  return {
    reader,
    options,
    state,
    live,
    organization,
    isChosen,
    addressOf: ({ kind, id }) => addresses.get(`${kind} ${id}`),
  };
};

/** What was changed outside since the last apply, of what a plan has read. */
export const driftedIn = ({
  desired,
  state,
  live,
}: {
  readonly desired: Desired;
  readonly state: State;
  readonly live: Live;
}): readonly Drifted[] => findDrift(applyMoves(desired, state).state, live).drifted;

/** What was changed outside since the last apply. Throws `DiagnosticError`. */
export const driftWorkspace = async (
  settings: Settings,
  store: StateStore,
  /** Bindings of this part alone. */
  selection?: Selection,
): Promise<
  Drift & {
    readonly organization: Identity['organization'];
    /** What Polytomic cannot find any more of what is bound. */
    readonly diagnostics: readonly Diagnostic[];
  }
> => {
  const { state, live, organization, isChosen, addressOf } = await readBound(settings, store, selection);
  const bound = live.objects.filter((object) => addressOf(object) !== undefined);
  return {
    ...findDrift(state, live, isChosen),
    organization,
    diagnostics: liveProblems(bound, (object) => addressOf(object) ?? object.name),
  };
};
