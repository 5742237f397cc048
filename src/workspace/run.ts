/** Runs of syncs and bulk syncs: started in their order, joined where they run already, watched until they end. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { createWriter, type Writer } from '../api/client.js';
import { ApiError, failureDiagnostic, isAnswered } from '../api/failure.js';
import { createLinkReader, type LinkReader } from '../api/links.js';
import { mayHaveWorked } from '../apply/perform.js';
import type { Address } from '../core/address.js';
import { DiagnosticError } from '../core/diagnostics.js';
import { isJsonObject } from '../core/json.js';
import { kindOf } from '../kinds/registry.js';
import {
  executionOf,
  isEnded,
  isFailure,
  runsAfter,
  runStatus,
  type Asked,
  type Execution,
  type Runs,
} from '../kinds/runs.js';
import type { Settings } from '../load/config.js';
import { addressIn } from '../live/objects.js';
import type { Ran, RunEvent } from '../live/ran.js';
import type { LiveObject } from '../live/snapshot.js';
import type { Selection } from '../plan/select.js';
import { readBound } from './drift.js';
import { withErrors } from './run-log.js';
import { openStore } from './stores.js';

export interface RunRequest {
  readonly settings: Settings;
  /** What is run; everything that is bound and runs where absent. */
  readonly selection?: Selection;
  readonly asked: Asked;
  /** Milliseconds; what has not ended by then is left running. Default: as long as it takes. */
  readonly timeout?: number;
  /** False: nothing is waited for. */
  readonly wait?: boolean;
  /** Aborted: nothing more is started, and nothing is watched any more. What runs goes on. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** Milliseconds between two looks at a run, at first and at most. */
const FIRST_LOOK = 1000;
const LAST_LOOK = 15_000;

interface Running extends Pick<RunRequest, 'asked' | 'signal' | 'onEvent'> {
  readonly writer: Writer;
  readonly links: LinkReader;
  readonly object: LiveObject;
  readonly address: Address;
  readonly runs: Runs;
  readonly look: number;
  /** An instant of `performance.now()`. */
  readonly end: number;
  readonly wait: boolean;
}

const at = ({ writer, object }: Running, path: string): string =>
  addressIn(writer, kindOf(object.kind), object.id, path);

/** The run that is under way, or that began since an instant. */
const currentRun = async (running: Running, since: number): Promise<Execution | undefined> => {
  const { data } = await running.writer.get(at(running, running.runs.status));
  const { current, last } = runStatus(isJsonObject(data) ? data : {});
  if (current !== undefined) return current;
  return last?.started !== undefined && Date.parse(last.started) >= since ? last : undefined;
};

/** Starts a run, or finds the one that is under way. One whose answer was lost is looked for, and not started twice. */
const begin = async (
  running: Running,
): Promise<{ readonly execution: Execution; readonly joined: boolean }> => {
  const { writer, runs, asked } = running;
  const since = Date.now();
  const path = at(running, runs.executions);
  for (let attempt = 1; ; attempt += 1)
    try {
      const { data } = await writer.send('POST', path, {
        body: runs.body(asked),
        idempotencyKey: `pg-run-${randomUUID()}`,
        finalConflict: true,
      });
      const execution = executionOf(data);
      if (execution !== undefined) return { execution, joined: false };
      throw new ApiError(
        { reason: 'unexpected', status: 200, message: 'the answer holds no run' },
        'POST',
        path,
      );
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const isTaken = isAnswered(error, 409);
      if (!isTaken && !mayHaveWorked(error)) throw error;
      const found = await currentRun(running, since);
      if (found !== undefined) return { execution: found, joined: isTaken };
      // It ended between the refusal and the look.
      if (!isTaken || attempt === 3) throw error;
    }
};

/** Looks at a run until it ends. */
const watch = async (running: Running, first: Execution): Promise<Execution> => {
  const { writer, runs, look, end, signal, onEvent, address } = running;
  const path = `${at(running, runs.executions)}/${encodeURIComponent(first.id)}`;
  let execution = first;
  for (
    let pause = look;
    !isEnded(execution.status);
    pause = Math.min(pause * 1.5, Math.max(look, LAST_LOOK))
  ) {
    if (performance.now() + pause > end || signal?.aborted === true) return execution;
    try {
      await sleep(pause, undefined, signal === undefined ? {} : { signal });
    } catch {
      return execution;
    }
    const { data } = await writer.get(path);
    execution = executionOf(data) ?? execution;
    onEvent?.({ type: 'progress', address, execution });
  }
  return execution;
};

const endOf = (running: Running, execution: Execution, joined: boolean): Ran => {
  const base = {
    address: running.address,
    name: running.object.name,
    execution,
    ...(joined ? { joined: true as const } : {}),
  };
  if (!isEnded(execution.status)) return { ...base, outcome: 'running' };
  if (isFailure(execution.status) || execution.status === 'canceled')
    return { ...base, outcome: 'failed', reason: execution.messages[0] ?? execution.status };
  return { ...base, outcome: 'done' };
};

const runOne = async (running: Running): Promise<Ran> => {
  const { address, object, onEvent, wait } = running;
  try {
    const { execution, joined } = await begin(running);
    onEvent?.({ type: 'started', address, execution, joined });
    const ran = endOf(running, wait ? await watch(running, execution) : execution, joined);
    return await withErrors({ ...running, executions: at(running, running.runs.executions) }, ran);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { message } = failureDiagnostic(error, `running ${address}`);
    return { address, name: object.name, outcome: 'failed', reason: message };
  }
};

/**
 * Runs what is bound, each after what it runs after by its schedule, side by side where it can be. Throws
 * `DiagnosticError` where there is nothing to run, and for what the API answers before anything is started.
 */
export const runWorkspace = async (request: RunRequest): Promise<readonly Ran[]> => {
  const { settings, selection, asked, timeout, signal, onEvent, wait = true } = request;
  const { live, addressOf, options } = await readBound(settings, openStore(settings), selection);
  const chosen = live.objects.flatMap((object) => {
    const address = addressOf(object);
    const { runs } = kindOf(object.kind);
    return address === undefined || runs === undefined ? [] : [{ object, address, runs }];
  });
  if (chosen.length === 0)
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'nothing-to-run',
        message: 'nothing that is managed here, and chosen, can be run',
        hint: 'name syncs or bulk syncs that were applied; status lists them',
      },
    ]);
  const writer = createWriter(options);
  const links = createLinkReader(options);
  const byId = new Map(chosen.map((each) => [each.object.id, each]));
  const limit = pLimit(settings.concurrency);
  const end = timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeout;
  const started = new Map<string, Promise<Ran>>();
  const tell = (ran: Ran): Ran => {
    onEvent?.({ type: 'ended', ran });
    return ran;
  };
  const after = async (id: string, path: readonly string[]): Promise<Ran> => {
    const known = started.get(id);
    if (known !== undefined) return known;
    const promise = runAfter(id, path);
    started.set(id, promise);
    return promise;
  };
  const runAfter = async (id: string, path: readonly string[]): Promise<Ran> => {
    const { object, address, runs } = byId.get(id) as (typeof chosen)[number];
    // What waits for itself in the end starts all the same, as it does there.
    const first = runs
      .schedules(object.value)
      .flatMap(runsAfter)
      .filter((other) => byId.has(other) && !path.includes(other));
    const before = await Promise.all(first.map(async (other) => after(other, [...path, id])));
    const bad = before.find(({ outcome }) => outcome !== 'done');
    if (bad !== undefined && wait)
      return tell({
        address,
        name: object.name,
        outcome: 'skipped',
        reason: `${bad.address} did not end well`,
      });
    if (signal?.aborted === true)
      return tell({
        address,
        name: object.name,
        outcome: 'skipped',
        reason: 'interrupted before it was started',
      });
    const running: Running = {
      writer,
      links,
      object,
      address,
      runs,
      asked,
      wait,
      end,
      look: settings.jobInterval ?? FIRST_LOOK,
      ...(signal === undefined ? {} : { signal }),
      ...(onEvent === undefined ? {} : { onEvent }),
    };
    return tell(await limit(async () => runOne(running)));
  };
  return Promise.all(chosen.map(async ({ object }) => after(object.id, [object.id])));
};

/** Asks for an end of these runs. Never throws for what the API answers: they go on then. */
export const cancelRuns = async (settings: Settings, rans: readonly Ran[]): Promise<void> => {
  const { live, addressOf, options } = await readBound(settings, openStore(settings));
  const writer = createWriter(options);
  const left = new Set(rans.flatMap(({ address, outcome }) => (outcome === 'running' ? [address] : [])));
  await Promise.all(
    live.objects.map(async (object) => {
      const address = addressOf(object);
      const { runs } = kindOf(object.kind);
      if (address === undefined || runs === undefined || !left.has(address)) return;
      await writer
        .send('POST', addressIn(writer, kindOf(object.kind), object.id, runs.cancel))
        .catch((error: unknown) => {
          if (!(error instanceof ApiError)) throw error;
        });
    }),
  );
};
