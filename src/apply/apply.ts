/** Runs a change set: what can go side by side does, a failure stops what depends on it and nothing else. */
import pLimit from 'p-limit';
import type { JobOptions } from '../api/calls.js';
import type { Writer } from '../api/client.js';
import { ApiError, failureDiagnostic } from '../api/failure.js';
import type { Address } from '../core/address.js';
import { DiagnosticError, type Diagnostic } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import { redact, secretsOf, type ValueObject } from '../core/secret.js';
import { kindOf } from '../kinds/registry.js';
import type { Desired } from '../load/desired.js';
import type { Change, Plan, Work } from '../plan/plan.js';
import { fingerprint, type Fingerprint } from '../state/fingerprint.js';
import { withBinding, type State } from '../state/state.js';
import type { StateStore } from '../state/store.js';
import { bodyOf } from './body.js';
import { create, remove, update, type PerformContext, type Performed } from './perform.js';

export interface ApplyOptions {
  readonly plan: Plan;
  readonly work: Work;
  readonly desired: Desired;
  readonly writer: Writer;
  readonly state: State;
  readonly store: StateStore;
  readonly concurrency: number;
  /** Random, 8 characters or more of `[A-Za-z0-9_-]`. */
  readonly runId: string;
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

export interface Outcome {
  /** In the order of the plan. */
  readonly results: readonly Result[];
  readonly interrupted: boolean;
  readonly milliseconds: number;
}

const doing: Readonly<Record<Change['action'], string>> = {
  create: 'creating',
  update: 'updating',
  delete: 'deleting',
  adopt: 'adopting',
  forget: 'forgetting',
};

/**
 * Does what the plan says. Each change is in the state as soon as it is done. Never throws for what the API
 * answers: failures are results.
 */
export const applyPlan = async (options: ApplyOptions): Promise<Outcome> => {
  const { plan, work, signal, onEvent } = options;
  const start = performance.now();
  const limit = pLimit(options.concurrency);
  const ids = new Map(work.ids);
  const record = createRecorder(options);
  const running = new Map<Address, Promise<Result>>();

  const run = async (change: Change): Promise<Result> => {
    const before = await Promise.all(change.waitsFor.flatMap((address) => running.get(address) ?? []));
    const failed = before.find(({ status }) => status !== 'done');
    if (failed !== undefined)
      return { status: 'skipped', change, reason: `${failed.change.address} was not done` };
    return limit(async () => {
      if (signal?.aborted === true) return { status: 'skipped', change, reason: 'interrupted' };
      onEvent?.({ type: 'started', change });
      return attempt(change);
    });
  };

  const attempt = async (change: Change): Promise<Result> => {
    const begun = performance.now();
    const milliseconds = (): number => Math.round(performance.now() - begun);
    try {
      const { id, note } = await perform(change, ids, options);
      ids.set(change.address, id);
      await record(change, id);
      return {
        status: 'done',
        change,
        id,
        milliseconds: milliseconds(),
        ...(note === undefined ? {} : { note }),
      };
    } catch (error) {
      return {
        status: 'failed',
        change,
        diagnostic: diagnosticOf(error, change),
        milliseconds: milliseconds(),
      };
    }
  };

  // The plan's order has everything that is waited for come first.
  for (const change of plan.changes)
    running.set(
      change.address,
      run(change).then((result) => {
        onEvent?.({ type: 'finished', result });
        return result;
      }),
    );
  const results = await Promise.all(running.values());
  return {
    results,
    interrupted: signal?.aborted === true,
    milliseconds: Math.round(performance.now() - start),
  };
};

const diagnosticOf = (error: unknown, change: Change): Diagnostic => {
  const place = change.place === undefined ? {} : { place: change.place };
  if (error instanceof ApiError)
    return {
      ...failureDiagnostic(error, `${doing[change.action]} ${change.address}`, change.address),
      ...place,
    };
  const first = error instanceof DiagnosticError ? error.diagnostics[0] : undefined;
  if (first !== undefined) return { ...first, address: change.address };
  throw error;
};

const perform = async (
  change: Change,
  ids: ReadonlyMap<Address, string>,
  { work, writer, runId, jobs }: ApplyOptions,
): Promise<Performed> => {
  const kind = kindOf(change.kind);
  const context: PerformContext = {
    writer,
    runId,
    known: work.known,
    ...(jobs === undefined ? {} : { jobs }),
  };
  const id = change.id ?? '';
  if (change.action === 'forget' || (change.action === 'adopt' && change.patch.length === 0)) return { id };
  if (change.action === 'delete') {
    await remove(kind, id, context);
    return { id };
  }
  const body = bodyOf(kind, work.documents.get(change.address) ?? {}, (address) => ids.get(address));
  return change.action === 'create'
    ? create(kind, change.address, change.name, body, context)
    : update(kind, id, body, context);
};

/** Writes each finished change into the state, one after the other. */
const createRecorder = ({
  desired,
  store,
  state: initial,
  plan,
}: ApplyOptions): ((change: Change, id: string) => Promise<void>) => {
  const documents = new Map(desired.resources.map(({ address, document }) => [address, document]));
  let state: State = { ...initial, organization: plan.organization };
  let last: Promise<void> = Promise.resolve();
  return async (change, id) => {
    const document = documents.get(change.address);
    const gone = change.action === 'delete' || change.action === 'forget' || document === undefined;
    const old = initial.resources[change.address];
    // A secret that was only looked at is not known to be the live one.
    const sent = change.action !== 'adopt' || change.patch.length > 0;
    const binding = gone
      ? undefined
      : {
          kind: change.kind,
          id,
          applied: redact(document) as JsonObject,
          secrets: sent ? await fingerprints(document) : (old?.secrets ?? {}),
        };
    const write = last.then(async () => {
      state = await store.write(withBinding(state, change.address, binding));
    });
    last = write.catch(() => undefined);
    await write;
  };
};

const fingerprints = async (document: ValueObject): Promise<Readonly<Record<string, Fingerprint>>> =>
  Object.fromEntries(
    await Promise.all(
      secretsOf(document)
        .filter(([, secret]) => secret.known)
        .map(async ([pointer, secret]) => [pointer, await fingerprint(secret)] as const),
    ),
  );
