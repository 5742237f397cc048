/** One run of one thing: started, or joined where it runs already, and watched until it ends. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reader, Writer } from '../api/client.js';
import { ApiError, failureDiagnostic, isAnswered } from '../api/failure.js';
import type { LinkReader } from '../api/links.js';
import { mayHaveWorked } from '../apply/perform.js';
import type { Address } from '../core/address.js';
import { objectsIn } from '../core/json.js';
import { kindOf } from '../kinds/registry.js';
import {
  executionOf,
  isEnded,
  isFailure,
  runStatus,
  usualLength,
  type Asked,
  type Execution,
  type Runs,
} from '../kinds/runs.js';
import { addressIn } from '../live/objects.js';
import type { Ran, RunEvent } from '../live/ran.js';
import type { LiveObject } from '../live/snapshot.js';
import { withErrors } from './run-log.js';

/** Milliseconds between two looks at a run, at first and at most. */
export const FIRST_LOOK = 1000;
const LAST_LOOK = 15_000;

/** Runs that tell how long one usually takes. */
const COMPARED = 10;

export interface Executing {
  readonly writer: Writer;
  readonly links: LinkReader;
  readonly object: LiveObject;
  readonly address: Address;
  readonly runs: Runs;
  readonly asked: Asked;
  /**
   * What began before this instant of ISO 8601, or before one that nobody knows (null), has not what is asked for: its
   * end is waited for, and another one started. Absent: what runs will do.
   */
  readonly since?: string | null;
  /** Milliseconds between two looks. */
  readonly look: number;
  /** An instant of `performance.now()`. */
  readonly end: number;
  readonly wait: boolean;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

const at = ({ writer, object }: Executing, path: string): string =>
  addressIn(writer, kindOf(object.kind), object.id, path);

/** The run that is under way, or that began since an instant. */
const currentRun = async (executing: Executing, since: number): Promise<Execution | undefined> => {
  const { data } = await executing.writer.get(at(executing, executing.runs.status));
  const { current, last } = runStatus(data);
  if (current !== undefined) return current;
  return last?.started !== undefined && Date.parse(last.started) >= since ? last : undefined;
};

interface Begun {
  readonly execution: Execution;
  readonly joined: boolean;
}

/** Starts a run, or finds the one that is under way. One whose answer was lost is looked for, and not started twice. */
const begin = async (executing: Executing): Promise<Begun> => {
  const { writer, runs, asked } = executing;
  const since = Date.now();
  const path = at(executing, runs.executions);
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
      const found = await currentRun(executing, since);
      if (found !== undefined) return { execution: found, joined: isTaken };
      // It ended between the refusal and the look.
      if (!isTaken || attempt === 3) throw error;
    }
};

/** Looks at a run until it ends. */
const watch = async (executing: Executing, first: Execution): Promise<Execution> => {
  const { writer, runs, look, end, signal, onEvent, address } = executing;
  const path = `${at(executing, runs.executions)}/${encodeURIComponent(first.id)}`;
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

const endOf = ({ address, object }: Executing, execution: Execution, joined: boolean): Ran => {
  const base = {
    address,
    name: object.name,
    execution,
    ...(joined ? { joined: true as const } : {}),
  };
  if (!isEnded(execution.status)) return { ...base, outcome: 'running' };
  if (isFailure(execution.status) || execution.status === 'canceled')
    return { ...base, outcome: 'failed', reason: execution.messages[0] ?? execution.status };
  return { ...base, outcome: 'done' };
};

/** Whether its last run, or the one under way, has what was written at an instant, and did not fail. */
export const hasRunSince = async (
  reader: Reader,
  { object, runs, since }: Pick<Executing, 'object' | 'runs' | 'since'>,
): Promise<boolean> => {
  const { data } = await reader.get(addressIn(reader, kindOf(object.kind), object.id, runs.status));
  const { current, last } = runStatus(data);
  if (current !== undefined || last === undefined) return false;
  return last.status === 'completed' && (since == null || !isBefore(last, since));
};

/**
 * Whether a run began before the change that it is to bring: when a run takes up what it runs is not documented, so that
 * its first instant counts. A second counts whole where an instant has no more.
 */
const isBefore = ({ created, started }: Execution, since: string | null): boolean => {
  const began = created ?? started;
  if (began === undefined || since === null) return true;
  return /\.\d/.test(since) && /\.\d/.test(began)
    ? Date.parse(began) < Date.parse(since)
    : Math.floor(Date.parse(began) / 1000) <= Math.floor(Date.parse(since) / 1000);
};

/** How long its other runs took, of the first page of them: the last ones. Not to know it is no failure. */
const usual = async (executing: Executing, { id }: Execution): Promise<Pick<Ran, 'usual'>> => {
  try {
    const { data } = await executing.writer.get(at(executing, executing.runs.executions));
    const others = objectsIn(data).flatMap((each) => executionOf(each) ?? []);
    const length = usualLength(others.filter((each) => each.id !== id).slice(0, COMPARED));
    return length === undefined ? {} : { usual: length };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return {};
  }
};

/** Runs one of them. Never throws for what the API answers. */
export const execute = async (executing: Executing): Promise<Ran> => {
  const { address, object, onEvent, since, signal } = executing;
  try {
    let begun = await begin(executing);
    onEvent?.({ type: 'started', address, ...begun });
    if (begun.joined && since !== undefined && isBefore(begun.execution, since)) {
      const first = await watch(executing, begun.execution);
      if (!isEnded(first.status) || signal?.aborted === true) return endOf(executing, first, true);
      begun = await begin(executing);
      onEvent?.({ type: 'started', address, ...begun });
    }
    const { execution, joined } = begun;
    if (!executing.wait) return endOf(executing, execution, joined);
    const last = await watch(executing, execution);
    const ran = endOf(executing, last, joined);
    return {
      ...(await withErrors({ ...executing, executions: at(executing, executing.runs.executions) }, ran)),
      ...(isEnded(last.status) ? await usual(executing, last) : {}),
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { message } = failureDiagnostic(error, `running ${address}`);
    return { address, name: object.name, outcome: 'failed', reason: message };
  }
};
