/** The query runner: a task that is done after some looks, with the records that samples of the table have. */
import type { JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { recordOf } from '../catalog/catalog.js';
import { choices } from '../choices.js';
import { found, ok, refuse, type Reply, type Route, type SandboxRequest } from '../http.js';
import { sourceColumns, sourceProblem } from './model-fields.js';
import type { Store } from '../store.js';
import { connectionOf, typeOfConnection } from './systems.js';

/** The table that a query reads from, as it is written there. */
const tableOf = (query: string): string => /\sfrom\s+([\w.$"`[\]]+)/i.exec(query)?.[1] ?? '';

const run = (request: SandboxRequest): Reply => {
  const { store, query, caller } = request;
  const connection = connectionOf(request);
  const text = (query['query'] ?? '').trim();
  if (typeOfConnection(store, connection).shape !== 'sql')
    return refuse(400, 'no_queries', `${asText(connection['type'])} runs no queries`);
  if (text === '') return refuse(choices.invalidStatus, 'validation_failed', 'query is required');
  const task = store.insert('queries', {
    connection_id: connection.id,
    query: text,
    caller: caller.actor.id,
    looks: 0,
  });
  return ok({ id: task.id, status: 'created' });
};

/** What a query selects: the columns that it names, or all of its table. */
const recordsOf = (store: Store, connection: string, query: string): readonly JsonObject[] => {
  const configuration: JsonObject = /select\s+\*/i.test(query) ? { table: tableOf(query) } : { query };
  const columns = sourceColumns(store, { id: '', connection_id: connection, configuration });
  return Array.from({ length: choices.recordsOfATable }, (_, index) => recordOf(columns, index + 1));
};

/** A page of results: a token is opaque, and is handed out in the links alone. */
const read = ({ store, params, query, caller, baseUrl }: SandboxRequest): Reply => {
  const task = found(store.get('queries', params['id'] ?? ''), 'query');
  const { id } = task;
  const looks = Number(task['looks']) + 1;
  store.touch('queries', id, { looks });
  if (looks < store.looks) return ok({ id, status: 'running' }, { links: {} });
  if (task['caller'] !== caller.actor.id) return refuse(404, 'not_found', 'query not found');
  const text = asText(task['query']);
  const problem = sourceProblem({ table: tableOf(text) });
  if (problem !== undefined) return ok({ id, status: 'failed', error: problem }, { links: {} });
  const records = recordsOf(store, asText(task['connection_id']), text);
  const token = query['page'];
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(from) || from < 0 || from >= records.length)
    return refuse(400, 'bad_page', 'page is no token of this query');
  const link = (name: string, at: number): JsonObject =>
    at >= 0 && at < records.length
      ? { [name]: `${baseUrl}/api/queries/${id}?page=${Buffer.from(String(at)).toString('base64url')}` }
      : {};
  return ok(
    {
      id,
      status: 'done',
      count: records.length,
      fields: Object.keys(records[0] ?? {}),
      results: records.slice(from, from + choices.queryPage),
      expires: new Date(Date.parse(asText(task['created_at'])) + choices.linkMs).toISOString(),
    },
    { links: { ...link('next', from + choices.queryPage), ...link('previous', from - choices.queryPage) } },
  );
};

export const queryRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/connections/:id/query',
    query: ['query'],
    answer: 'RunQueryEnvelope',
    handle: run,
  },
  {
    method: 'GET',
    path: '/api/queries/:id',
    query: ['page'],
    answer: 'QueryResultsEnvelope',
    handle: read,
  },
];
