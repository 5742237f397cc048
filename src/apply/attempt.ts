/** One step of a change set: its calls, its journal, and what it leaves in the state. */
import type { JobOptions } from '../api/calls.js';
import type { Writer } from '../api/client.js';
import { ApiError } from '../api/failure.js';
import type { Address } from '../core/address.js';
import type { Diagnostic } from '../core/diagnostics.js';
import type { Json, JsonObject } from '../core/json.js';
import type { Kind } from '../kinds/kind.js';
import { kindOf } from '../kinds/registry.js';
import type { Desired, Resource } from '../load/desired.js';
import type { Change, Plan, Work } from '../plan/plan.js';
import type { Key } from '../state/fingerprint.js';
import type { Binding, State } from '../state/state.js';
import type { StateStore } from '../state/store.js';
import { sendsDocument } from './body.js';
import { diagnosticOf } from './failed.js';
import { checkFresh } from './fresh.js';
import type { Journal, PendingBinding, Started } from './journal.js';
import { sentAt, silentIn, writtenAt, type Observed, type Undated } from './observe.js';
import { isPartsOnly } from './parts.js';
import {
  create,
  hashOf,
  keysFor,
  mayHaveWorked,
  remove,
  update,
  type PerformContext,
  type Performed,
} from './perform.js';
import { bindingFor, type Recorder } from './record.js';
import { isAsSent, type Recovered, type Sent } from './recover.js';
import { bodiesFor, nameOf, sends } from './sending.js';
import { settle, withoutThese } from './settle.js';
import { journalled, type Step } from './step.js';

export interface ApplyOptions {
  readonly plan: Plan;
  readonly work: Work;
  readonly desired: Desired;
  readonly writer: Writer;
  readonly state: State;
  readonly store: StateStore;
  readonly concurrency: number;
  readonly journal: Journal;
  /** What idempotency keys are made of, besides the step: the same for a retry in another process. */
  readonly keyBase: string;
  /** Keys of creates that a killed run had no answer to. */
  readonly keys: Recovered['keys'];
  /** What killed runs began and may still do. */
  readonly open?: readonly Started[];
  /** True: an apply that was killed is gone on with. */
  readonly goesOn?: boolean;
  /** What fingerprints of secrets that are sent are made with; the state has it sealed already. */
  readonly fingerprintKey: Key;
  /** What becomes of the state when all is done. */
  readonly finish?: (state: State) => Promise<State>;
  /** True: after a failure nothing more is started. */
  readonly failFast?: boolean;
  /** Aborted: what is under way is finished, nothing more is started. */
  readonly signal?: AbortSignal;
  readonly jobs?: JobOptions;
  readonly onEvent?: (event: ApplyEvent) => void;
}

export type ApplyEvent =
  | { readonly type: 'started'; readonly change: Change }
  | { readonly type: 'finished'; readonly result: Result };

export type Result =
  | {
      readonly status: 'done';
      readonly change: Change;
      readonly id: string;
      readonly milliseconds: number;
      readonly note?: string;
    }
  | {
      readonly status: 'failed';
      readonly change: Change;
      readonly diagnostic: Diagnostic;
      readonly milliseconds: number;
    }
  | { readonly status: 'skipped'; readonly change: Change; readonly reason: string };

export interface Indexes {
  /** Ids of live objects of a kind by what they are known by. */
  readonly namesakes: (kind: Kind, name: string) => readonly string[];
  readonly resources: ReadonlyMap<Address, Resource>;
  /** Ids that no create of this run may take for its own. */
  readonly known: Set<string>;
  /** How many creates are under way for each kind and name. */
  readonly making: Map<string, number>;
  /** By id, what the plan saw, and since then what this run wrote; what it wrote without an answer is left out. */
  readonly seen: Map<string, JsonObject>;
  /** Writes whose answers did not say when they took effect. */
  readonly undated: Map<Address, Undated>;
}

/** Does one change. Never throws for what the API answers. */
export const attempt = async (
  change: Change,
  ids: Map<Address, string>,
  options: ApplyOptions & Indexes,
  recorder: Recorder,
  /** Called when no more calls are to be made. */
  leave: () => void,
): Promise<Result> => {
  const { journal, resources, work } = options;
  const start = performance.now();
  const begun: { step?: Step } = {};
  let isDone = false;
  const milliseconds = (): number => Math.round(performance.now() - start);
  try {
    const pending = bindingFor(
      change,
      rememberedOf(resources.get(change.address), work),
      recorder.state(),
      options.fingerprintKey,
    );
    const kind = kindOf(change.kind);
    const { body, parts } = bodiesFor(change, ids, options);
    const name = nameOf(kind, change, work, ids);
    const makes = change.action === 'create' || change.action === 'replace';
    const id = change.id ?? ids.get(change.address);
    const entry = {
      step: change.step,
      address: change.address,
      kind: change.kind,
      action: change.action,
      name,
      ...(!makes && id !== undefined && sends(change) ? { id } : {}),
      namesakes: makes ? options.namesakes(kind, name) : [],
      binding: pending,
    };
    const step = journalled(journal, entry, hashOf(body));
    begun.step = step;
    // A create has an entry for each of its keys.
    if (!makes) await step.begin();
    const before = id === undefined || makes ? undefined : options.seen.get(id);
    const performed = await perform({ change, sent: entry, body, step, id }, options, recorder.state());
    const { id: made, note } = performed;
    if (performed.object !== undefined) options.seen.set(made, performed.object);
    else if (sends(change)) options.seen.delete(made);
    const ends = change.step !== change.address && change.action === 'delete';
    const kept = ends ? (recorder.state().resources[change.address]?.id ?? '') : made;
    const seen = pending === null || ends ? {} : observed(change, performed, pending, options, recorder);
    const bound = (each: PendingBinding | null): Binding | null =>
      each === null ? null : { ...each, ...seen, id: kept };
    const known = recorder.state().resources[change.from ?? change.address];
    const last = !makes && known?.id === made ? known.applied : undefined;
    const left = withoutThese(kind, Object.keys(parts), pending, last);
    const settled = await settle({ change, kind, id: made, parts, before, performed, step }, options, () =>
      bound(left),
    );
    // The object is there: it is bound, whatever becomes of its parts.
    const binding = bound(settled.failure === undefined ? pending : left);
    if (!ends) ids.set(change.address, made);
    await step.done(binding);
    isDone = true;
    leave();
    await recorder.record(change, binding);
    if (settled.failure !== undefined)
      return { status: 'failed', change, diagnostic: settled.failure, milliseconds: milliseconds() };
    return {
      status: 'done',
      change,
      id: made,
      milliseconds: milliseconds(),
      ...(note === undefined ? {} : { note }),
    };
  } catch (error) {
    const diagnostic = diagnosticOf(error, change);
    // Where nothing is known of the outcome the step stays open, for the next run to look into.
    if (!isDone && !(error instanceof ApiError && mayHaveWorked(error))) await begun.step?.failed();
    return { status: 'failed', change, diagnostic, milliseconds: milliseconds() };
  }
};

/** A manifest as it is remembered: what it refers to by name may be called otherwise tomorrow. */
const rememberedOf = (resource: Resource | undefined, { resolved }: Work): Resource | undefined =>
  resource === undefined
    ? undefined
    : { ...resource, document: resolved.get(resource.address) ?? resource.document };

/** What is remembered of the object that a step wrote, or took as it lives. */
const observed = (
  change: Change,
  performed: Performed,
  pending: PendingBinding,
  { resources, work, undated }: ApplyOptions & Indexes,
  recorder: Recorder,
): Observed => {
  const resource = resources.get(change.address);
  if (resource === undefined) return {};
  const kind = kindOf(change.kind);
  if (sendsDocument(change))
    return {
      ...silentIn(kind, pending, resource, performed.object),
      ...writtenAt(kind, performed, resource, (each) => undated.set(change.address, each)),
      ...(isPartsOnly(kind, change) ? {} : sentAt(performed.object)),
    };
  const before = recorder.state().resources[change.from ?? change.address];
  const isSame = before?.id === performed.id && before.written !== undefined;
  return {
    ...silentIn(kind, pending, resource, work.seen.get(performed.id)),
    ...(isSame ? { written: before.written } : {}),
  };
};

interface Doing {
  readonly change: Change;
  readonly sent: Sent;
  readonly body: Json;
  readonly step: Step;
  /** Of its live object, where it has one. */
  readonly id: string | undefined;
}

const perform = async (
  { change, sent, body, step, id = '' }: Doing,
  options: ApplyOptions & Indexes,
  state: State,
): Promise<Performed> => {
  const { seen, writer, jobs, known, making } = options;
  const kind = kindOf(change.kind);
  const named = `${kind.name} ${sent.name}`;
  const context: PerformContext = {
    writer,
    keys: keysFor(options, change.step, body),
    known,
    hasRival: () => (making.get(named) ?? 0) > 1,
    step,
    ...(jobs === undefined ? {} : { jobs }),
  };
  if (change.action === 'create' || change.action === 'replace') {
    making.set(named, (making.get(named) ?? 0) + 1);
    try {
      return await create(kind, sent.name, body, context);
    } finally {
      making.set(named, (making.get(named) ?? 1) - 1);
    }
  }
  if (!sends(change)) return { id };
  const live = seen.get(id);
  if (isPartsOnly(kind, change)) return { id, ...(live === undefined ? {} : { object: live }) };
  // A write of a killed run of ours may land late; without its journal, it did what this one is about to do.
  const own = [sent, ...(options.open ?? []).filter(({ address }) => address === change.address)];
  await checkFresh(writer, kind, { ...change, id }, live, (now) =>
    own.some((each) => isAsSent(each, now, state)),
  );
  if (change.action !== 'delete') return update(kind, id, body, context);
  await remove(kind, id, context);
  return { id };
};
