/** What runs, in one form: its last run, the one under way, and when the next one begins. Pure. */
import { withoutCells } from '../core/cells.js';
import { isJsonArray, isJsonObject, objectsIn, type Json, type JsonObject } from '../core/json.js';
import { asText } from '../core/text.js';

/** One run. */
export interface Execution {
  readonly id: string;
  /** In the API's own word: `completed`, `failed`, `running`. */
  readonly status: string;
  /** Instants of ISO 8601, as far as they are known. */
  readonly created?: string;
  readonly started?: string;
  readonly ended?: string;
  /** Records that were read. */
  readonly records: number;
  /** Records that came into the target, or left it; absent where the answer does not tell. */
  readonly written?: number;
  readonly errors: number;
  readonly warnings: number;
  /** What the run says of itself, where it failed: without values of rows, unless they were asked for. */
  readonly messages: readonly string[];
}

export interface RunStatus {
  /** Under way. */
  readonly current?: Execution;
  /** The last that ended; absent where none ever ran. */
  readonly last?: Execution;
  /** When the next one begins, of what has a schedule. */
  readonly next?: string;
}

/** What is asked of a run besides that it runs. */
export interface Asked {
  /** All records, as if it never ran before. */
  readonly resync?: boolean;
  /** Nothing is written to the target. */
  readonly test?: boolean;
}

/** Where the log of a run is: paths below that of the run (api.md, 6.6 and 7.5). */
export interface RunLogs {
  /** Lines of a console, where the version has them. */
  readonly console: string;
  /** Links to files, which the storage of Polytomic gives out for a while. */
  readonly files: string;
  /** What these files hold: the records that were left out, or anything of the run, and those among it. */
  readonly hold: 'errors' | 'anything';
}

/** How a kind tells of its runs. The paths are as in `Endpoints`. */
export interface Runs {
  /** Where the status of one object is. */
  readonly status: string;
  /** Where its runs are: one is started there, and read below, by its id. */
  readonly executions: string;
  /** Where what is under way is cancelled. */
  readonly cancel: string;
  /** The body that starts a run. */
  readonly body: (asked: Asked) => JsonObject;
  readonly logs: RunLogs;
  /** The schedules of a live object. */
  readonly schedules: (live: JsonObject) => readonly JsonObject[];
}

const ENDED: ReadonlySet<string> = new Set(['completed', 'canceled', 'failed', 'errors', 'interrupted']);

/** Whether a run with this status is over (api.md, 17). */
export const isEnded = (status: string): boolean => ENDED.has(status);

/** Whether a run with this status did not do what it was to do. */
export const isFailure = (status: string): boolean => status === 'failed' || status === 'interrupted';

const instant = (name: 'created' | 'started' | 'ended', value: Json | undefined): Partial<Execution> =>
  typeof value === 'string' && value !== '' ? { [name]: value } : {};

const number = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);

/** What becomes of a message before it is told: of an API's text nobody knows what of a row is in it. */
export type Shown = (message: string) => string;

const shownCarefully: Shown = (message) => withoutCells(message);

/** What becomes of records that are written, by the API's word (ExecutionCounts). */
const WRITTEN = { insert: 'inserted', update: 'updated', upserts: 'upserted', delete: 'deleted' } as const;

/**
 * A run as an answer has it, or undefined where it has none. One of a sync counts records below `counts`, one of a bulk
 * sync beside its status.
 */
export const executionOf = (
  value: Json | undefined,
  shown: Shown = shownCarefully,
): Execution | undefined => {
  if (!isJsonObject(value)) return undefined;
  const counts = isJsonObject(value['counts']) ? value['counts'] : {};
  const { errors, status, status_message: message } = value;
  const wrote = Object.keys(WRITTEN).flatMap((name) => counts[name] ?? []);
  const said = isJsonArray(errors) ? errors.map(asText) : isFailure(asText(status)) ? [asText(message)] : [];
  return {
    id: asText(value['id']),
    status: asText(status),
    ...instant('created', value['created_at']),
    ...instant('started', value['started_at'] ?? value['created_at']),
    ...instant('ended', value['completed_at']),
    records: number(counts['total'] ?? value['record_count']),
    ...(wrote.length === 0 ? {} : { written: wrote.map(number).reduce((sum, each) => sum + each, 0) }),
    errors: number(counts['error'] ?? value['error_count']),
    warnings: number(counts['warnings'] ?? value['warning_count']),
    messages: said.filter((each) => each !== '').map((each) => shown(each)),
  };
};

/** A part of a run: a schema of a bulk sync. */
export interface RunPart extends Omit<Execution, 'id' | 'started' | 'ended'> {
  readonly name: string;
}

/** The parts of a run; none where it has none (BulkSyncSchemaExecution). */
export const partsOf = ({ schemas }: JsonObject, shown: Shown = shownCarefully): readonly RunPart[] =>
  objectsIn(schemas).map((part) => ({
    name: asText(part['schema']),
    status: asText(part['status']),
    records: number(part['record_count']),
    errors: number(part['error_count']),
    warnings: number(part['warning_count']),
    messages: [asText(part['status_message'])].filter((each) => each !== '').map((each) => shown(each)),
  }));

/** How many records a run of a sync wrote, by what became of them (ExecutionCounts); what is none is left out. */
export const writtenOf = ({ counts }: JsonObject): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(WRITTEN).flatMap(([name, word]) => {
      const many = number(isJsonObject(counts) ? counts[name] : undefined);
      return many === 0 ? [] : [[word, many]];
    }),
  );

/** The links of an answer: the two types have the same under other names. */
export const linksIn = (answer: Json | undefined): readonly string[] => {
  const links = isJsonObject(answer) ? (answer['urls'] ?? answer['URLs']) : undefined;
  return isJsonArray(links) ? links.map(asText).filter((link) => link !== '') : [];
};

/** The ids of what has to run before, by a schedule. */
export const runsAfter = ({ run_after: after }: JsonObject): readonly string[] =>
  isJsonObject(after) ? Object.values(after).flatMap((ids) => (isJsonArray(ids) ? ids.map(asText) : [])) : [];

/** The answer of a status (SyncStatusResponse, BulkSyncStatusResponse); what is none tells nothing. */
export const runStatus = (data: Json | undefined): RunStatus => {
  const answer = isJsonObject(data) ? data : {};
  const current = executionOf(answer['current_execution']);
  const last = executionOf(answer['last_execution']);
  const next = answer['next_execution_time'];
  return {
    ...(current === undefined || isEnded(current.status) ? {} : { current }),
    ...(last === undefined ? {} : { last }),
    ...(typeof next === 'string' && next !== '' ? { next } : {}),
  };
};

/** Milliseconds that a run took, as far as it is over and both instants are known. */
export const lengthOf = ({ started, ended }: Execution): number | undefined =>
  started === undefined || ended === undefined ? undefined : Date.parse(ended) - Date.parse(started);

/** Milliseconds that such runs usually take: the median of those that completed, or undefined where none did. */
export const usualLength = (executions: readonly Execution[]): number | undefined => {
  const lengths = executions
    .flatMap((each) => (each.status === 'completed' ? (lengthOf(each) ?? []) : []))
    .sort((a, b) => a - b);
  const middle = lengths.length / 2;
  return lengths.length === 0
    ? undefined
    : ((lengths[Math.ceil(middle) - 1] ?? 0) + (lengths[Math.floor(middle)] ?? 0)) / 2;
};
