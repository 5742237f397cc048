/** The log of a run of one resource: the last one, or one by its id; as it is, or until it ends. Reads only. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createReader } from '../api/client.js';
import { asking, isMissing } from '../api/failure.js';
import { createLinkReader } from '../api/links.js';
import type { Address } from '../core/address.js';
import type { Diagnostic } from '../core/diagnostics.js';
import { isJsonObject, objectsIn, type JsonObject } from '../core/json.js';
import { didYouMean } from '../core/suggest.js';
import { asText, printable } from '../core/text.js';
import { kindOf } from '../kinds/registry.js';
import {
  executionOf,
  isEnded,
  partsOf,
  runStatus,
  writtenOf,
  type Execution,
  type RunPart,
} from '../kinds/runs.js';
import type { Settings } from '../load/config.js';
import { load } from '../load/load.js';
import { shownBy, type ConsoleLine, type ErrorRecord } from '../live/logs.js';
import { addressIn } from '../live/objects.js';
import type { State } from '../state/state.js';
import { openAccess } from './access.js';
import { failure } from './inspect.js';
import { checkOrganization } from './organization.js';
import { namesOf, readConsole, readErrors, runPath, type RunPlace } from './run-log.js';
import { openStore } from './stores.js';

export interface LogsRequest {
  readonly settings: Settings;
  readonly address: string;
  /** Id of a run. Default: the one under way, or the last. */
  readonly execution?: string;
  /** True: records as they are, and messages with the values in them. */
  readonly records?: boolean;
  /** So many records that were left out, at most. */
  readonly most: number;
  /** Sees the run and what is new in its console, until it ends or `signal` is aborted. Absent: one look. */
  readonly onNews?: (run: RunSeen, lines: readonly ConsoleLine[]) => void;
  readonly signal?: AbortSignal;
}

/** A run as it is at some moment. */
export interface RunSeen {
  readonly address: Address;
  readonly execution: Execution;
  readonly written: Readonly<Record<string, number>>;
  readonly parts: readonly RunPart[];
}

export interface RunLog extends RunSeen {
  /** Absent: the version has none, or nothing is kept of this run. */
  readonly console?: readonly ConsoleLine[];
  /** The first records that were left out. */
  readonly errors: readonly ErrorRecord[];
  /** There are more of them. */
  readonly isCut: boolean;
  /** What could not be read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Milliseconds between two looks at a run that is followed. */
const LOOK = 2000;

const notBound = async (settings: Settings, { resources }: State, address: string): Promise<never> => {
  const { desired } = await load({ ...settings, withoutSecrets: true });
  const manifests = (desired?.resources ?? []).filter(({ kind }) => kindOf(kind).runs !== undefined);
  if (manifests.some((each) => each.address === address))
    throw failure('not-applied', `${address} was not applied yet`, 'apply it, and run it');
  const known = new Set([
    ...Object.entries(resources).flatMap(([each, { kind }]) =>
      kindOf(kind).runs === undefined ? [] : [each],
    ),
    ...manifests.map((each) => each.address),
  ]);
  throw failure(
    'unknown-address',
    `there is no ${printable(address)} that runs`,
    didYouMean(address, [...known]) ?? 'an address is KIND.KEY, e.g. sync.customers; status lists what runs',
  );
};

interface Opened extends RunPlace {
  readonly address: Address;
  readonly status: string;
}

/** The way to the runs of an address: the state alone says what it is bound to. Throws `DiagnosticError`. */
const open = async ({ settings, address, records = false }: LogsRequest): Promise<Opened> => {
  const state = await openStore(settings).read();
  const binding = Object.hasOwn(state.resources, address)
    ? state.resources[address as Address]
    : await notBound(settings, state, address);
  const kind = kindOf(binding?.kind ?? '');
  const { runs } = kind;
  if (binding === undefined || runs === undefined)
    throw failure('no-runs', `${address} is nothing that runs`, 'status lists what runs');
  const { options, caller } = await openAccess(settings, []);
  checkOrganization(state, caller.organization, settings);
  const reader = createReader(options);
  return {
    address: address as Address,
    reader,
    links: createLinkReader(options),
    runs,
    status: addressIn(reader, kind, binding.id, runs.status),
    executions: addressIn(reader, kind, binding.id, runs.executions),
    telling: { records, names: namesOf(binding.applied) },
  };
};

/** The id of the run that is meant where none is named: the one under way, or the last. Throws `DiagnosticError`. */
const lastRun = async ({ reader, status, address }: Opened): Promise<string> => {
  const { data } = await asking(`reading the status of ${address}`, async () =>
    reader.get(status).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
      throw failure(
        'gone',
        `${address} lives no more: it was deleted outside`,
        'plan shows it; an apply makes it again',
      );
    }),
  );
  const { current, last } = runStatus(data);
  const run = current ?? last;
  if (run !== undefined) return run.id;
  throw failure('never-ran', `${address} never ran`, `start it: polytomic-gitops run ${address}`);
};

/** So many ids of runs are named where one is unknown. */
const NAMED = 3;

const noSuchRun = async ({ reader, executions, address }: Opened, id: string): Promise<never> => {
  const { data } = await reader.get(executions).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    return { data: [] };
  });
  const ids = objectsIn(data).map((each) => asText(each['id']));
  throw failure(
    'unknown-run',
    `${address} has no run ${printable(id)}`,
    ids.length === 0
      ? 'it never ran, or lives no more: status says which'
      : `the last are ${ids.slice(0, NAMED).map(printable).join(', ')}; without --execution it is the last one`,
  );
};

/** A run with all that an answer says of it: that of the run itself has the schemas of a bulk sync, too. */
const readRun = async (opened: Opened, id: string): Promise<JsonObject> =>
  asking(`reading a run of ${opened.address}`, async () => {
    // Dots lead out of the address.
    if (/^\.*$/.test(id)) return noSuchRun(opened, id);
    const { data } = await opened.reader.get(runPath(opened, id)).catch(async (error: unknown) => {
      // An id is a text of somebody's: what is refused as none is as unknown.
      if (!isMissing(error)) throw error;
      return noSuchRun(opened, id);
    });
    return isJsonObject(data) ? data : noSuchRun(opened, id);
  });

const seen = ({ address, telling }: Opened, id: string, raw: JsonObject): RunSeen => {
  const shown = shownBy(telling);
  const execution = executionOf({ ...raw, id }, shown);
  return {
    address,
    execution: execution ?? { id, status: '', records: 0, errors: 0, warnings: 0, messages: [] },
    written: writtenOf(raw),
    parts: partsOf(raw, shown),
  };
};

/** Sees each line once, whatever an answer repeats. */
const createSieve = (): ((lines: readonly ConsoleLine[]) => readonly ConsoleLine[]) => {
  const ids = new Set<string>();
  return (lines) =>
    lines.filter(({ id }) => {
      const isNew = !ids.has(id);
      ids.add(id);
      return isNew;
    });
};

/**
 * The log of a run. Throws `DiagnosticError` for an address that is not known, not applied or never ran, for a run that
 * it does not have, and for what the API answers.
 */
export const readLogs = async (request: LogsRequest): Promise<RunLog> => {
  const { settings, most, onNews, signal } = request;
  const opened = await open(request);
  const id = request.execution ?? (await lastRun(opened));
  const sieve = createSieve();
  const lines: ConsoleLine[] = [];
  const isAborted = (): boolean => signal?.aborted === true;
  let hasConsole = false;
  let run: RunSeen;
  for (;;) {
    run = seen(opened, id, await readRun(opened, id));
    // After the run: what is said at its end is there, too.
    const console = await asking(`reading the console of ${opened.address}`, async () =>
      readConsole(opened, id),
    );
    hasConsole = hasConsole || console !== undefined;
    const news = sieve(console ?? []);
    lines.push(...news);
    onNews?.(run, news);
    if (onNews === undefined || isEnded(run.execution.status) || isAborted()) break;
    await sleep(settings.jobInterval ?? LOOK, undefined, signal === undefined ? {} : { signal }).catch(
      () => undefined,
    );
    if (isAborted()) break;
  }
  const errors = isAborted()
    ? { records: [], isCut: false, diagnostics: [] }
    : await readErrors(opened, run.execution, most, signal);
  return {
    ...run,
    ...(hasConsole ? { console: lines } : {}),
    errors: errors.records,
    isCut: errors.isCut,
    diagnostics: errors.diagnostics,
  };
};
