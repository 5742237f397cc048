/** What each change leaves in the state, and how it gets there. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address } from '../core/address.js';
import { DiagnosticError } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import { redact } from '../core/secret.js';
import type { Resource } from '../load/desired.js';
import type { Change } from '../plan/plan.js';
import { oldStep } from '../plan/replace.js';
import { fingerprintsOf, type Key } from '../state/fingerprint.js';
import { serializeState, withBindings, type Binding, type State } from '../state/state.js';
import type { StateStore } from '../state/store.js';
import { sendsDocument } from './body.js';
import type { Journal, PendingBinding } from './journal.js';

const ENDS: ReadonlySet<string> = new Set(['delete', 'forget']);

/** What a manifest says of the resource itself, and has to be known when the manifest is gone. */
const rulesOf = ({
  preventDestroy,
  ignoreChanges,
  labels,
  place,
}: Resource): Pick<Binding, 'protected' | 'ignored' | 'labels' | 'file'> => ({
  file: place.file,
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
      const { protected: _protected, ignored: _ignored, labels: _labels, file: _file, ...rest } = binding;
      return [address, { ...rest, ...rulesOf(resource) }];
    }),
  ),
});

/** The state as an apply begins: it has the next number, or that of the one before where it goes on with it. */
export const withNextApply = (state: State, goesOn: boolean): State => {
  const { number = 0, unfinished } = state.lastApply ?? {};
  return {
    ...state,
    lastApply: { number: number > 0 && (goesOn || unfinished === true) ? number : number + 1 },
  };
};

/** The state as an apply ends that could not do everything. */
export const withUnfinished = (state: State): State =>
  state.lastApply === undefined ? state : { ...state, lastApply: { ...state.lastApply, unfinished: true } };

/** The binding that a change leaves, or null where it ends one; `resource` is its manifest. Secrets become fingerprints. */
export const bindingFor = (
  change: Change,
  resource: Resource | undefined,
  state: State,
  /** What new fingerprints are made with. */
  key: Key,
): PendingBinding | null => {
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
  const isGone = change.waitsFor.includes(oldStep(address, before?.deposed?.length));
  const replaced = action !== 'replace' ? change.deposes : isGone ? undefined : change.id;
  const deposed = [...(before?.deposed ?? []), ...(replaced === undefined ? [] : [replaced])];
  const sent = sendsDocument(change) ? { apply: state.lastApply?.number } : before;
  return {
    kind,
    ...(sent?.apply === undefined ? {} : { apply: sent.apply }),
    ...(sent === before && before?.sent !== undefined ? { sent: before.sent } : {}),
    applied: redact(resource.document) as JsonObject,
    // A secret that was only looked at is not known to be the live one, and never one of another object.
    secrets: sendsDocument(change)
      ? fingerprintsOf(resource.document, key)
      : replaced === undefined
        ? (before?.secrets ?? {})
        : {},
    ...rulesOf(resource),
    ...(deposed.length === 0 ? {} : { deposed }),
  };
};

const withDates = (state: State, written: ReadonlyMap<Address, string>): State =>
  written.size === 0
    ? state
    : {
        ...state,
        resources: Object.fromEntries(
          (Object.entries(state.resources) as [Address, Binding][]).map(([address, binding]) => {
            const at = written.get(address);
            return [address, at === undefined ? binding : { ...binding, written: at }];
          }),
        ),
      };

export interface Recorder {
  readonly state: () => State;
  /** Resolves when the change is in the state. */
  readonly record: (change: Change, binding: Binding | null) => Promise<void>;
  /**
   * Resolves when the state says when these were written, and has what `finish` makes of it. A state that cannot be
   * written is no failure: everything else is in it.
   */
  readonly finish: (
    written: ReadonlyMap<Address, string>,
    finish: (state: State) => Promise<State>,
  ) => Promise<void>;
  /** Whether something was done that no write could bring into the state. */
  readonly isBehind: () => boolean;
}

/**
 * Milliseconds between two writes of a state with so many resources: it is written whole, and would else take the time
 * of the calls. What is done meanwhile stands in the journal.
 */
const pauseFor = (resources: number): number => Math.min(1000, Math.floor(resources / 10));

/** Writes finished changes into the state; those that finish before the next write go together. */
export const createRecorder = (initial: State, store: StateStore, journal: Journal): Recorder => {
  let state = initial;
  let waiting: (readonly [Address, Binding | undefined])[] = [];
  let writing: Promise<void> | undefined;
  let mayWriteAt = 0;
  const write = async (next: State): Promise<void> => {
    state = await store.write(next);
    await journal.write({ type: 'state', serial: state.serial });
  };
  const flush = async (): Promise<void> => {
    const early = mayWriteAt - performance.now();
    if (early > 0) await sleep(early);
    const batch = waiting;
    waiting = [];
    writing = undefined;
    try {
      await write(withBindings(state, batch));
    } catch (error) {
      // The next write takes them along.
      waiting = [...batch, ...waiting];
      throw error;
    } finally {
      mayWriteAt = performance.now() + pauseFor(Object.keys(state.resources).length);
    }
  };
  let last: Promise<void> = Promise.resolve();
  return {
    state: () => state,
    isBehind: () => waiting.length > 0,
    record: async ({ address, from }, binding) => {
      if (from !== undefined && from !== address) waiting.push([from, undefined]);
      waiting.push([address, binding ?? undefined]);
      writing ??= last = last.catch(() => undefined).then(flush);
      await writing;
    },
    finish: async (written, finish) => {
      await last.catch(() => undefined);
      if (waiting.length > 0) return;
      const next = await finish(withDates(state, written));
      if (serializeState(next) === serializeState(state)) return;
      await write(next).catch((error: unknown) => {
        // The bindings are in the state already: what is missing costs a question later.
        if (!(error instanceof DiagnosticError)) throw error;
      });
    },
  };
};
