/** What each change leaves in the state, and how it gets there. */
import type { Address } from '../core/address.js';
import { DiagnosticError } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import { redact } from '../core/secret.js';
import type { Resource } from '../load/desired.js';
import type { Change } from '../plan/plan.js';
import { fingerprintsOf } from '../state/fingerprint.js';
import { withBinding, type Binding, type State } from '../state/state.js';
import type { StateStore } from '../state/store.js';
import { sendsDocument } from './body.js';
import type { Journal, PendingBinding } from './journal.js';

const ENDS: ReadonlySet<string> = new Set(['delete', 'forget']);

/** What a manifest says of the resource itself, and has to be known when the manifest is gone. */
const rulesOf = ({
  preventDestroy,
  ignoreChanges,
  labels,
}: Resource): Pick<Binding, 'protected' | 'ignored' | 'labels'> => ({
  ...(preventDestroy ? { protected: true } : {}),
  ...(ignoreChanges.length === 0 ? {} : { ignored: ignoreChanges }),
  ...(Object.keys(labels).length === 0 ? {} : { labels }),
});

/** The state with the rules of today's manifests: they may change where nothing else does. */
export const withRules = (state: State, resources: ReadonlyMap<Address, Resource>): State => ({
  ...state,
  resources: Object.fromEntries(
    (Object.entries(state.resources) as [Address, Binding][]).map(([address, binding]) => {
      const resource = resources.get(address);
      if (resource === undefined) return [address, binding];
      const { protected: _protected, ignored: _ignored, labels: _labels, ...rest } = binding;
      return [address, { ...rest, ...rulesOf(resource) }];
    }),
  ),
});

/** The binding that a change leaves, or null where it ends one; `resource` is its manifest. Secrets become fingerprints. */
export const bindingFor = async (
  change: Change,
  resource: Resource | undefined,
  state: State,
): Promise<PendingBinding | null> => {
  const { address, action, kind } = change;
  const before = state.resources[address] ?? state.resources[change.from ?? address];
  // The old object of a replacement: its address lives on, without it.
  if (change.step !== address && action === 'delete') {
    if (before === undefined) return null;
    const { id: _, deposed: gone = [], ...rest } = before;
    const left = gone.filter((id) => id !== change.id);
    return { ...rest, ...(left.length === 0 ? {} : { deposed: left }) };
  }
  if (ENDS.has(action) || resource === undefined) return null;
  const replaced = action === 'replace' ? change.id : change.deposes;
  const deposed = [...(before?.deposed ?? []), ...(replaced === undefined ? [] : [replaced])];
  return {
    kind,
    applied: redact(resource.document) as JsonObject,
    // A secret that was only looked at is not known to be the live one, and never one of another object.
    secrets: sendsDocument(change)
      ? await fingerprintsOf(resource.document)
      : replaced === undefined
        ? (before?.secrets ?? {})
        : {},
    ...rulesOf(resource),
    ...(deposed.length === 0 ? {} : { deposed }),
  };
};

export interface Recorder {
  readonly state: () => State;
  /** Resolves when the change is in the state. */
  readonly record: (change: Change, binding: Binding | null) => Promise<void>;
  /** Resolves when the state says when these were written. */
  readonly date: (written: ReadonlyMap<Address, string>) => Promise<void>;
  /** Whether something was done that no write could bring into the state. */
  readonly isBehind: () => boolean;
}

/** Writes finished changes into the state; those that finish while a write is under way go together. */
export const createRecorder = (initial: State, store: StateStore, journal: Journal): Recorder => {
  let state = initial;
  let waiting: (readonly [Address, Binding | undefined])[] = [];
  let writing: Promise<void> | undefined;
  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    writing = undefined;
    const next = batch.reduce((current, [address, binding]) => withBinding(current, address, binding), state);
    try {
      state = await store.write(next);
    } catch (error) {
      // The next write takes them along.
      waiting = [...batch, ...waiting];
      throw error;
    }
    await journal.write({ type: 'state', serial: state.serial });
  };
  let last: Promise<void> = Promise.resolve();
  const put = async (bindings: readonly (readonly [Address, Binding | undefined])[]): Promise<void> => {
    waiting.push(...bindings);
    writing ??= last = last.catch(() => undefined).then(flush);
    await writing;
  };
  return {
    state: () => state,
    isBehind: () => waiting.length > 0,
    record: async ({ address, from }, binding) =>
      put([
        ...(from !== undefined && from !== address ? [[from, undefined] as const] : []),
        [address, binding ?? undefined],
      ]),
    date: async (written) => {
      const dated = [...written].flatMap(([address, at]) => {
        const binding = state.resources[address];
        return binding === undefined ? [] : [[address, { ...binding, written: at }] as const];
      });
      if (dated.length === 0) return;
      await put(dated).catch((error: unknown) => {
        // The bindings are in the state already: what is missing costs a question later.
        if (!(error instanceof DiagnosticError)) throw error;
      });
    },
  };
};
