/** What the log of a run holds: lines of its console, and the records that were left out. Pure. */
import { namesIn, withoutCells } from '../core/cells.js';
import { isJsonArray, isJsonObject, objectsIn, parseJson, type Json, type JsonObject } from '../core/json.js';
import { asText } from '../core/text.js';
import type { RunLogs, Shown } from '../kinds/runs.js';

/** A line of a console (ExecutionConsoleLogEntry). */
export interface ConsoleLine {
  readonly id: string;
  /** An instant, as far as it is known. */
  readonly at: string;
  readonly level: string;
  readonly message: string;
  /** Only where records were asked for: nobody says what is in it. */
  readonly payload?: JsonObject;
}

/** A record that was left out. */
export interface ErrorRecord {
  /** The field that the message is about, where that can be told. */
  readonly field?: string;
  /** Without any value of the row, unless records were asked for. */
  readonly message: string;
  /** The line as it is in the log: only where records were asked for. */
  readonly record?: JsonObject | string;
}

/** What may be told of rows. */
export interface Telling {
  /** The records themselves, and messages as they are. */
  readonly records: boolean;
  /** Names that are no values of rows: what the manifest says. */
  readonly names: readonly string[];
}

/** How messages are told. */
export const shownBy = ({ records, names }: Telling): Shown =>
  records ? (message) => message : (message) => withoutCells(message, { names });

/** The lines of a console, the oldest first, of an answer that has the newest first (ExecutionConsoleLogsResponse). */
export const consoleLines = (answer: Json | undefined, telling: Telling): readonly ConsoleLine[] => {
  const shown = shownBy(telling);
  return objectsIn(isJsonObject(answer) ? answer['entries'] : undefined)
    .map((entry): ConsoleLine => {
      const { id, timestamp, level, message, payload } = entry;
      return {
        id: asText(id ?? [timestamp ?? null, message ?? null]),
        at: asText(timestamp),
        level: asText(level),
        message: shown(asText(message)),
        ...(telling.records && isJsonObject(payload) ? { payload } : {}),
      };
    })
    .reverse()
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || 0);
};

/** Where a line says what is wrong, and where an error of several properties does. What a log holds is not documented. */
const ERRORS = ['error', 'errors', 'error_message'] as const;
const MESSAGES = ['message', 'error', 'reason', 'detail'] as const;
const FIELDS = ['field', 'column', 'property'] as const;

interface Said {
  readonly message: string;
  readonly field?: string;
  /** What else stands there, and may be of the row. */
  readonly rest: Json;
}

const saidBy = (error: Json): readonly Said[] => {
  if (isJsonArray(error)) return error.flatMap(saidBy);
  if (!isJsonObject(error)) return [{ message: typeof error === 'string' ? error : '', rest: null }];
  const message = MESSAGES.find((name) => typeof error[name] === 'string');
  const field = FIELDS.find((name) => typeof error[name] === 'string');
  const rest = Object.entries(error).filter(([name]) => name !== message && name !== field);
  return [
    {
      message: message === undefined ? '' : asText(error[message]),
      ...(field === undefined ? {} : { field: asText(error[field]) }),
      rest: rest.map(([, value]) => value),
    },
  ];
};

const isWord = (text: string, word: string): boolean =>
  text.split(/[^\p{L}\p{N}_]+/u).includes(word) || text.includes(`"${word}"`);

/** The name of a property that a message speaks of, the first in the text. */
const fieldIn = (message: string, names: readonly string[]): string | undefined =>
  [...new Set(names)]
    .filter((name) => name !== '' && isWord(message, name))
    .sort((a, b) => message.indexOf(a) - message.indexOf(b))[0];

/** The names of what a row holds, below what a line says of itself: which record of which run. */
const columnsOf = (row: JsonObject): readonly string[] => {
  const inside = namesIn(Object.values(row));
  return inside.length > 0 ? inside : Object.keys(row);
};

const NO_MESSAGE = 'left out, and the log does not say why';

/**
 * What a line of a file says of records that were left out: one, or those of a list; none of one that says no error in a
 * file of anything.
 */
export const errorRecordsOf = (
  line: string,
  hold: RunLogs['hold'],
  telling: Telling,
): readonly ErrorRecord[] => {
  const value = parsed(line);
  const all = isJsonArray(value) ? value : [value];
  if (all.every(isJsonObject)) return all.flatMap((each) => errorRecordOf(each, hold, telling) ?? []);
  if (hold === 'anything' && !telling.records) return [];
  return [{ message: 'a line that is no JSON', ...(telling.records ? { record: line } : {}) }];
};

/** A field is named by a property of the row or by the manifest: any other text there may be a value. */
const errorRecordOf = (
  value: JsonObject,
  hold: RunLogs['hold'],
  { records, names }: Telling,
): ErrorRecord | undefined => {
  const own = ERRORS.filter((name) => value[name] !== undefined);
  const said = own.flatMap((name) => saidBy(value[name] ?? null));
  if (hold === 'anything' && said.length === 0) return undefined;
  const row = Object.fromEntries(
    Object.entries(value).filter(([name]) => !(own as readonly string[]).includes(name)),
  );
  const known = [...namesIn(row), ...names];
  const cells = { row: [row, ...said.map(({ rest }) => rest)], names };
  const raw = said.map(({ message }) => message).filter((message) => message !== '');
  const message = raw.map((each) => (records ? each : withoutCells(each, cells))).join('; ');
  const field =
    said.flatMap((each) => each.field ?? []).find((name) => records || known.includes(name)) ??
    fieldIn(raw[0] ?? '', columnsOf(row));
  return {
    ...(field === undefined ? {} : { field }),
    message: message === '' ? NO_MESSAGE : message,
    ...(records ? { record: value } : {}),
  };
};

const parsed = (line: string): Json | undefined => {
  try {
    return parseJson(line);
  } catch {
    return undefined;
  }
};
