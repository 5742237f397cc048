/** What the API tells of a run: its console, and the records that were left out. Reads only. */
import type { Reader } from '../api/client.js';
import { ApiError, failureDiagnostic, isMissing } from '../api/failure.js';
import type { LinkReader } from '../api/links.js';
import type { Diagnostic } from '../core/diagnostics.js';
import { isJsonArray, isJsonObject, type Json } from '../core/json.js';
import { isEnded, isFailure, linksIn, type Execution, type Runs } from '../kinds/runs.js';
import {
  consoleLines,
  errorRecordsOf,
  type ConsoleLine,
  type ErrorRecord,
  type Telling,
} from '../live/logs.js';
import type { Ran } from '../live/ran.js';
import type { LiveObject } from '../live/snapshot.js';

/** Where a run is, and how it is told of. */
export interface RunPlace {
  readonly reader: Reader;
  readonly links: LinkReader;
  readonly runs: Runs;
  /** The address of all its runs. */
  readonly executions: string;
  readonly telling: Telling;
}

/** The address of one run. */
export const runPath = ({ executions }: Pick<RunPlace, 'executions'>, id: string): string =>
  `${executions}/${encodeURIComponent(id)}`;

/** The texts of a document, however deep: names of fields and tables, and whatever else a manifest says. */
export const namesOf = (value: Json | undefined): readonly string[] =>
  isJsonArray(value)
    ? value.flatMap(namesOf)
    : isJsonObject(value)
      ? Object.values(value).flatMap(namesOf)
      : typeof value === 'string'
        ? [value]
        : [];

/**
 * The lines of the console of a run, the oldest first; undefined where the version has none. The newest 50 are all that
 * is kept (api.md, 1.5), so that there is no page after the first. Throws `ApiError`.
 */
export const readConsole = async (
  place: RunPlace,
  id: string,
): Promise<readonly ConsoleLine[] | undefined> => {
  const { reader, runs, telling } = place;
  if (!reader.dialect.consoleLogs) return undefined;
  try {
    const { data } = await reader.get(`${runPath(place, id)}${runs.logs.console}`);
    return consoleLines(data, telling);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

export interface Errors {
  readonly records: readonly ErrorRecord[];
  /** There are more in the log. */
  readonly isCut: boolean;
  /** Why some cannot be shown. */
  readonly diagnostics: readonly Diagnostic[];
}

const none: Errors = { records: [], isCut: false, diagnostics: [] };

/** Lines of a file in which errors stand among others: so many are looked through for one error. */
const LINES_FOR_ONE = 1000;

const readFile = async (
  { links, runs, telling }: RunPlace,
  link: string,
  most: number,
  signal?: AbortSignal,
): Promise<Omit<Errors, 'diagnostics'>> => {
  const { hold } = runs.logs;
  const file = await links.read(link, hold === 'errors' ? most : most * LINES_FOR_ONE, signal);
  const all = file.lines.flatMap((line) => errorRecordsOf(line, hold, telling));
  return { records: all.slice(0, most), isCut: file.isCut || all.length > most };
};

/**
 * The first records that a run left out. Of a run that left out none nothing is asked. What cannot be read is a warning:
 * the run itself is told all the same.
 */
export const readErrors = async (
  place: RunPlace,
  run: Pick<Execution, 'id' | 'errors' | 'status'>,
  most: number,
  signal?: AbortSignal,
): Promise<Errors> => {
  if (run.errors === 0 && !isFailure(run.status)) return none;
  const { reader, runs, links } = place;
  try {
    const { data } = await reader.get(`${runPath(place, run.id)}${runs.logs.files}`);
    const files = linksIn(data);
    links.hide(files);
    let records: readonly ErrorRecord[] = [];
    let isCut = false;
    for (const link of files) {
      if (records.length >= most) return { records, isCut: true, diagnostics: [] };
      const file = await readFile(place, link, most - records.length, signal);
      records = [...records, ...file.records];
      isCut = isCut || file.isCut;
    }
    return { records, isCut, diagnostics: [] };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const isOfApi = error.path.startsWith('/');
    // Nothing is kept of a run that was long ago, or that failed before it began.
    if (isOfApi && isMissing(error)) return none;
    const diagnostic = failureDiagnostic(error, 'reading the error records');
    return {
      ...none,
      diagnostics: [
        {
          ...diagnostic,
          severity: 'warning',
          ...(isOfApi
            ? {}
            : { hint: 'the storage behind the link is at fault, or the way to it; try again' }),
        },
      ],
    };
  }
};

/** So many records are told of with the end of a run; `logs` has the rest. */
const TOLD = 3;

/** What became of a run, with the first records that it left out. What cannot be read of them is left to `logs`. */
export const withErrors = async (
  running: Pick<RunPlace, 'links' | 'runs' | 'executions'> & {
    readonly writer: Reader;
    readonly object: Pick<LiveObject, 'value'>;
    readonly signal?: AbortSignal;
  },
  ran: Ran,
): Promise<Ran> => {
  const { writer, object, signal } = running;
  const { execution } = ran;
  if (execution === undefined || !isEnded(execution.status)) return ran;
  const telling = { records: false, names: namesOf(object.value) };
  const { records } = await readErrors({ ...running, reader: writer, telling }, execution, TOLD, signal);
  return records.length === 0 ? ran : { ...ran, errors: records };
};
