/** Runs a change set: what can go side by side does, a failure stops what depends on it and nothing else. */
import pLimit from 'p-limit';
import type { Diagnostic } from '../core/diagnostics.js';
import { identityOf } from '../kinds/identity.js';
import type { Kind } from '../kinds/kind.js';
import type { Change, Work } from '../plan/plan.js';
import type { State } from '../state/state.js';
import { attempt, type ApplyOptions, type Indexes, type Result } from './attempt.js';
import { datesOf } from './observe.js';
import { createRecorder, withNextApply, withRules, withUnfinished } from './record.js';

export type { ApplyEvent, ApplyOptions, Result } from './attempt.js';

export interface Outcome {
  /** In the order of the plan. */
  readonly results: readonly Result[];
  readonly interrupted: boolean;
  readonly milliseconds: number;
  /** What is to be told besides. */
  readonly findings?: readonly Diagnostic[];
}

/**
 * Does what the plan says. Each change is in the journal as soon as it is done, and in the state before what waits for
 * it begins. Never throws for what the API answers: failures are results.
 */
export const applyPlan = async (options: ApplyOptions): Promise<Outcome> => {
  const { plan, work, signal, onEvent, journal, state, failFast = false } = options;
  const start = performance.now();
  const inPlace = createPlaces(options.concurrency);
  const ids = new Map(work.ids);
  const running = new Map<string, Promise<Result>>();
  const indexes: Indexes = {
    namesakes: namesakesIn(work),
    known: new Set(work.known),
    making: new Map(),
    undated: new Map(),
    seen: new Map(work.seen),
    resources: new Map(options.desired.resources.map((resource) => [resource.address, resource])),
  };
  const initial = withNextApply(
    { ...withRules(state, indexes.resources), organization: plan.organization },
    options.goesOn === true,
  );
  const recorder = createRecorder(initial, options.store, journal);
  let failed: Change | undefined;

  const run = async (change: Change): Promise<Result> => {
    const before = await Promise.all(change.waitsFor.flatMap((step) => running.get(step) ?? []));
    const undone = before.find(({ status }) => status !== 'done');
    if (undone !== undefined)
      return { status: 'skipped', change, reason: `${undone.change.step} was not done` };
    return inPlace(async (leave) => {
      if (signal?.aborted === true) return { status: 'skipped', change, reason: 'interrupted' };
      if (failFast && failed !== undefined)
        return { status: 'skipped', change, reason: `${failed.step} failed` };
      onEvent?.({ type: 'started', change });
      const jobs = { ...options.jobs, onPause: leave };
      const result = await attempt(change, ids, { ...options, ...indexes, jobs }, recorder, leave);
      if (result.status === 'failed') failed = change;
      return result;
    });
  };

  // The plan's order has everything that is waited for come first.
  for (const change of plan.changes)
    running.set(
      change.step,
      run(change).then((result) => {
        onEvent?.({ type: 'finished', result });
        return result;
      }),
    );
  const results = await Promise.all(running.values());
  const done = results.filter(({ status }) => status === 'done').length;
  const ended = async (last: State): Promise<State> => {
    const { finish = asIs } = options;
    // A run that was told to stop asks for nothing more: it costs a question later, and loses nothing.
    const next = signal?.aborted === true ? last : await finish(last);
    return done === 0 || done === results.length ? next : withUnfinished(next);
  };
  await recorder.finish(
    signal?.aborted === true ? new Map() : await datesOf(options.writer, indexes.undated),
    ended,
  );
  await journal.close(recorder.isBehind());
  return {
    results,
    interrupted: signal?.aborted === true,
    milliseconds: Math.round(performance.now() - start),
  };
};

/**
 * Places for steps side by side. A step may leave its place before it is done: one that waits for a job, or for the
 * state to be written, makes no calls, and the client bounds those that it makes afterwards.
 */
const createPlaces = (number: number) => {
  const limit = pLimit(number);
  return async <T>(step: (leave: () => void) => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      void limit(
        async () =>
          new Promise<void>((leave) => {
            step(leave).then(resolve, reject).finally(leave);
          }),
      );
    });
};

const asIs = async (state: State): Promise<State> => Promise.resolve(state);

/** A function that gives the ids of the objects of a kind that are known by a text. */
const namesakesIn = ({ seen }: Work): Indexes['namesakes'] => {
  const byKind = new Map<Kind, Map<string, string[]>>();
  const indexed = (kind: Kind): Map<string, string[]> => {
    const ids = new Map<string, string[]>();
    for (const [id, value] of seen) {
      const name = identityOf(kind, value);
      const namesakes = ids.get(name);
      if (namesakes === undefined) ids.set(name, [id]);
      else namesakes.push(id);
    }
    byKind.set(kind, ids);
    return ids;
  };
  return (kind, name) => (byKind.get(kind) ?? indexed(kind)).get(name) ?? [];
};
