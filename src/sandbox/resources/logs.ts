/** Logs of executions: lines of a console, and files of records behind links. */
import { isJsonArray, objectsIn, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { found, notFound, ok, refuse, type Reply, type Route, type SandboxRequest } from '../http.js';
import { executionOf } from './runs.js';
import { within as inside } from './references.js';
import type { Store, Stored } from '../store.js';
import { within } from '../versions.js';

const kinds = ['records', 'errors', 'warnings', 'inserts', 'updates', 'deletes'];

const PAGE = 50;

/** A line of a console, as an answer has it. */
export interface ConsoleLine extends JsonObject {
  readonly id: string;
  readonly timestamp: string;
}

/** Of lines from the oldest on: the latest, the newest first; with `after`, those that came next after a cursor. */
export const consolePage = (
  lines: readonly ConsoleLine[],
  query: Readonly<Record<string, string>>,
): Reply => {
  const kept = lines.slice(-PAGE);
  const asked = Number(query['limit'] ?? PAGE);
  const size = Number.isInteger(asked) && asked > 0 ? Math.min(asked, PAGE) : PAGE;
  const { after } = query;
  const position = kept.findIndex(({ id }) => id === after);
  if (after !== undefined && position < 0) return refuse(400, 'bad_cursor', 'after is no cursor of this log');
  const chosen = after === undefined ? kept.slice(-size) : kept.slice(position + 1, position + 1 + size);
  const cursor = chosen.at(-1)?.id ?? after;
  return ok({
    entries: [...chosen].reverse(),
    ...(cursor === undefined ? {} : { next_cursor: cursor }),
  });
};

/** The console of a run. */
export const consoleLog = (
  execution: Stored,
  lines: readonly (readonly [at: string, message: string])[],
  query: Readonly<Record<string, string>>,
): Reply =>
  consolePage(
    lines.map(([timestamp, message], index) => ({
      id: `${execution.id}-${index}`,
      level: 'info',
      message,
      payload: { execution_id: execution.id },
      timestamp,
    })),
    query,
  );

/** What the console of a run says: its steps so far. */
export const stepsOf = (execution: Stored, records: number): readonly (readonly [string, string])[] =>
  (
    [
      [execution['created_at'], 'created'],
      [execution['started_at'], 'reading from the source'],
      [execution['completed_at'], `${asText(execution['status'])}, ${records} records`],
    ] as const
  ).flatMap(([at, message]) => (typeof at === 'string' ? [[at, message] as const] : []));

const recordsOf = (execution: Stored): number => Number(inside(execution['counts'], 'total') ?? 0);

/** Where a file of a log is, for as long as a link holds. */
export const linkTo = ({ baseUrl, store }: SandboxRequest, execution: Stored, kind: string): string =>
  `${baseUrl}/_sandbox/files/${store.organization}/${execution.id}/${kind}.jsonl`;

export const expiry = (): string => new Date(Date.now() + choices.linkMs).toISOString();

/** The count of a run that a kind of log is of. */
const counters: Readonly<Record<string, string>> = {
  records: 'total',
  errors: 'error',
  inserts: 'insert',
  updates: 'update',
  deletes: 'delete',
};

/** What a run wrote of a kind, record by record; undefined where nothing of the sort is kept. */
const writtenOf = ({ written }: Stored, kind: string): readonly JsonObject[] | undefined =>
  isJsonArray(written) && kind !== 'records' && kind !== 'warnings'
    ? objectsIn(written).filter(({ what }) => what === kind)
    : undefined;

const countOf = (execution: Stored, kind: string): number =>
  writtenOf(execution, kind)?.length ?? Number(inside(execution['counts'], counters[kind] ?? kind) ?? 0);

/** The kinds of log that a run wrote, each with the operation that answers with links to it. */
const logIndex = ({ baseUrl, params }: SandboxRequest, execution: Stored): JsonObject =>
  Object.fromEntries(
    kinds.flatMap((kind) => {
      const count = countOf(execution, kind);
      const url = `${baseUrl}/api/syncs/${params['id'] ?? ''}/executions/${execution.id}/${kind}`;
      return count === 0 ? [] : [[kind, { count, url }]];
    }),
  );

/** A bulk sync has one log for all: its records by schema, and what somebody noted of a run by hand. */
const bulkLines = ({ id, schemas, written }: Stored): readonly JsonObject[] => [
  ...objectsIn(schemas).flatMap(({ schema, record_count: records }) =>
    Array.from({ length: Number(records ?? 0) }, (_, record) => ({
      execution_id: id,
      schema: asText(schema),
      record,
    })),
  ),
  ...objectsIn(written).map((line) => ({ execution_id: id, ...line })),
];

/** Of a link: the lines of the file, or undefined where there is no such run. */
export const logFile = (store: Store, id: string, kind: string): readonly JsonObject[] | undefined => {
  const bulk = store.get('bulkExecutions', id);
  if (bulk !== undefined) return kind === 'records' ? bulkLines(bulk) : undefined;
  const execution = store.get('executions', id);
  if (execution === undefined || !kinds.includes(kind)) return undefined;
  const written = writtenOf(execution, kind);
  if (written !== undefined) return written.map(({ what: _, ...line }) => ({ execution_id: id, ...line }));
  return Array.from({ length: countOf(execution, kind) }, (_, index) => ({
    execution_id: id,
    record: index,
  }));
};

const below = (
  path: string,
  answer: string | undefined,
  handle: (request: SandboxRequest, execution: Stored) => Reply,
  more: Partial<Route> = {},
): Route => ({
  ...more,
  method: 'GET',
  path: `/api/syncs/:id/executions/:execution/${path}`,
  ...(answer === undefined ? {} : { answer }),
  handle: (request) => {
    const sync = found(request.store.get('syncs', request.params['id'] ?? ''), 'sync');
    return handle(request, executionOf(request, sync));
  },
});

const isKind = (kind: string | undefined): kind is string => kinds.includes(kind ?? '');

export const logRoutes: readonly Route[] = [
  below(
    'consolelog',
    'ExecutionConsoleLogsResponseEnvelope',
    ({ query }, execution) => consoleLog(execution, stepsOf(execution, recordsOf(execution)), query),
    { in: within.current, query: ['limit', 'after'] },
  ),
  below('logs', 'LogsIndexResponseEnvelope', (request, execution) => ok(logIndex(request, execution)), {
    in: within.current,
  }),
  below(':type', 'ExecutionLogsResponseEnvelope', (request, execution) => {
    const { type } = request.params;
    return isKind(type)
      ? ok({ urls: [linkTo(request, execution, type)], expires: expiry() })
      : refuse(400, 'unknown_log', `type is one of ${kinds.join(', ')}`);
  }),
  below(':type/:filename', undefined, (request, execution) => {
    const { type, filename } = request.params;
    if (!isKind(type)) return refuse(400, 'unknown_log', `type is one of ${kinds.join(', ')}`);
    return filename === `${type}.jsonl`
      ? { status: choices.logRedirect, headers: { location: linkTo(request, execution, type) } }
      : notFound(`file ${filename ?? ''}`);
  }),
];
