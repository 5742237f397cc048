/** Runs of bulk syncs: one execution with a part for each schema. */
import { objectsIn, isJsonObject, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import {
  bulkRunsOf,
  bulkSyncOf,
  cancelBulkRuns,
  currentBulkRun,
  isBulkRunOver,
  lookAtBulkRun,
  readBulkRun,
} from './bulk-executions.js';
import { enabledSchemas } from './bulk-selection.js';
import { notFound, ok, refuse, type Reply, type Route, type SandboxRequest } from '../http.js';
import { startJob } from './jobs.js';
import { consoleLog, consolePage, expiry, linkTo, stepsOf, type ConsoleLine } from './logs.js';
import { page } from './paging.js';
import { texts } from './references.js';
import { nextRun } from './schedules.js';
import { connectionOf } from './systems.js';
import { only, type Store, type Stored } from '../store.js';
import { within } from '../versions.js';

const start = (request: SandboxRequest): Reply => {
  const { store, body, version } = request;
  const sync = bulkSyncOf(request);
  if (version.current && body['resync'] !== undefined)
    return refuse(400, 'resync', 'resync is resync_mode since 2025-09-18');
  if (body['test'] === true && body['resync_mode'] != null)
    return refuse(400, 'test_and_resync', 'test and resync_mode exclude each other');
  if (currentBulkRun(store, sync.id) !== undefined)
    return refuse(409, 'already_running', 'the bulk sync is running already');
  const enabled = enabledSchemas(store, sync);
  const asked = texts(body['schemas']);
  const unknown = asked.find((name) => !enabled.includes(name));
  if (unknown !== undefined)
    return refuse(400, 'unknown_schema', `schema ${unknown} is not part of the sync`);
  const now = store.now();
  const chosen = asked.length > 0 ? asked : enabled;
  const execution = store.insert('bulkExecutions', {
    sync_id: sync.id,
    status: 'created',
    type: 'manual',
    fetch_mode: body['fetch_mode'] ?? 'incremental',
    output_disposition: body['resync_mode'] === 'rebuild' ? 'rebuild' : 'retain',
    is_partial: chosen.length < enabled.length,
    is_resync: body['resync_mode'] != null || body['resync'] === true,
    is_test: body['test'] === true,
    record_count: 0,
    error_count: 0,
    warning_count: 0,
    schemas: chosen.map((schema) => ({
      schema,
      output_name: schema,
      status: 'created',
      record_count: 0,
      error_count: 0,
      warning_count: 0,
      created_at: now,
      updated_at: now,
    })),
  });
  return ok(readBulkRun(execution));
};

const status = (request: SandboxRequest): Reply => {
  const { store, version } = request;
  const sync = bulkSyncOf(request);
  const running = currentBulkRun(store, sync.id);
  const looked = running === undefined ? undefined : lookAtBulkRun(store, running);
  const last = bulkRunsOf(store, sync.id).find(isBulkRunOver);
  return ok({
    current_execution: looked === undefined || isBulkRunOver(looked) ? null : readBulkRun(looked),
    last_execution: last === undefined ? null : readBulkRun(last),
    next_execution_time: nextRun(sync['default_schedule'], sync['active'] === true, Date.now()),
    ...(version.current
      ? { ingestion_status: { enabled: false, is_running: false, status: 'ok', status_message: '' } }
      : {}),
  });
};

const statusOf = (store: Store, sync: Stored): JsonObject => {
  const execution = bulkRunsOf(store, sync.id)[0];
  return {
    sync_id: sync.id,
    status: execution?.['status'] ?? null,
    nextExecutionTime: nextRun(sync['default_schedule'], sync['active'] === true, Date.now()),
    schemas: objectsIn(execution?.['schemas']).map((schema) => ({
      ...only(schema, [
        'schema',
        'status',
        'status_message',
        'record_count',
        'error_count',
        'warning_count',
        'started_at',
        'completed_at',
      ]),
      execution_id: execution?.id ?? '',
    })),
  };
};

/** `all` and `active` win over a list of ids. */
const listStatus = ({ store, query, queries }: SandboxRequest): Reply => {
  const all = store.list('bulkSyncs');
  if (query['all'] === 'true') return ok(all.map((sync) => statusOf(store, sync)));
  if (query['active'] === 'true')
    return ok(all.filter(({ active }) => active === true).map((sync) => statusOf(store, sync)));
  const syncs = queries('sync_id').map((id) => store.get('bulkSyncs', id));
  return syncs.includes(undefined)
    ? notFound('bulk sync')
    : ok(syncs.flatMap((sync) => (sync === undefined ? [] : [statusOf(store, sync)])));
};

/** What was read from a source: a line for each run that began to, of one bulk sync or of all. */
const ingestion = (request: SandboxRequest): Reply => {
  const { store, query } = request;
  const connection = connectionOf(request);
  const syncs = store
    .list('bulkSyncs')
    .filter(
      ({ id, source_connection_id: source }) =>
        source === connection.id && (query['sync_id'] === undefined || id === query['sync_id']),
    );
  if (query['sync_id'] !== undefined && syncs.length === 0) return notFound('bulk sync');
  const lines = syncs.flatMap((sync) =>
    bulkRunsOf(store, sync.id).flatMap((run): readonly ConsoleLine[] =>
      typeof run['started_at'] === 'string'
        ? [
            {
              id: `${run.id}-ingest`,
              level: 'info',
              message: `reading ${objectsIn(run['schemas']).length} schemas for "${asText(sync['name'])}"`,
              payload: { sync_id: sync.id, execution_id: run.id },
              timestamp: run['started_at'],
            },
          ]
        : [],
    ),
  );
  return consolePage(
    lines.sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1)),
    query,
  );
};

const list = (request: SandboxRequest): Reply => {
  const { store, query } = request;
  const terminalOnly = query['only_terminal'] === 'true' || query['only_completed'] === 'true';
  const all = bulkRunsOf(store, bulkSyncOf(request).id).filter(
    (execution) => !terminalOnly || isBulkRunOver(execution),
  );
  return page(query['ascending'] === 'true' ? [...all].reverse() : all, query, readBulkRun, 100);
};

/** A route below an execution of a bulk sync. */
const below = (
  method: Route['method'],
  path: string,
  answer: string,
  handle: (request: SandboxRequest, execution: Stored) => Reply,
  more: Partial<Route> = {},
): Route => ({
  ...more,
  method,
  path: `/api/bulk/syncs/:id/executions/:execution${path}`,
  answer,
  handle: (request) => {
    const sync = bulkSyncOf(request);
    const execution = bulkRunsOf(request.store, sync.id).find(({ id }) => id === request.params['execution']);
    return execution === undefined ? notFound('execution') : handle(request, execution);
  },
});

const console = { in: within.current, query: ['limit', 'after'] };

export const bulkRunRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/bulk/syncs/status',
    query: ['all', 'active', 'sync_id'],
    answer: 'ListBulkSyncExecutionsStatusEnvelope',
    handle: listStatus,
  },
  {
    method: 'POST',
    path: '/api/bulk/syncs/:id/cancel',
    answer: 'CancelBulkSyncResponseEnvelope',
    handle: (request) => {
      cancelBulkRuns(request.store, bulkSyncOf(request).id);
      return ok({ message: 'the bulk sync is being canceled' });
    },
  },
  {
    method: 'GET',
    path: '/api/bulk/syncs/:id/status',
    answer: 'BulkSyncStatusEnvelope',
    handle: status,
  },
  {
    method: 'POST',
    path: '/api/bulk/syncs/:id/executions',
    in: within.current,
    body: 'StartBulkSyncRequest',
    answer: 'BulkSyncExecutionEnvelope',
    handle: start,
  },
  {
    method: 'POST',
    path: '/api/bulk/syncs/:id/executions',
    in: within.older,
    body: 'OlderStartBulkSyncRequest',
    answer: 'BulkSyncExecutionEnvelope',
    handle: start,
  },
  {
    method: 'GET',
    path: '/api/bulk/syncs/:id/executions',
    query: ['page_token', 'only_terminal', 'ascending', 'limit'],
    answer: 'ListBulkSyncExecutionsEnvelope',
    handle: list,
  },
  below('GET', '', 'BulkSyncExecutionEnvelope', ({ store }, execution) =>
    ok(readBulkRun(lookAtBulkRun(store, execution))),
  ),
  below('POST', '/cancel', 'CancelBulkSyncResponseEnvelope', ({ store }, execution) => {
    cancelBulkRuns(store, asText(execution['sync_id']));
    return ok({ message: 'the execution is being canceled' });
  }),
  below(
    'GET',
    '/consolelog',
    'ExecutionConsoleLogsResponseEnvelope',
    ({ query }, execution) =>
      consoleLog(execution, stepsOf(execution, Number(execution['record_count'])), query),
    console,
  ),
  below(
    'GET',
    '/schemas/:schema/consolelog',
    'ExecutionConsoleLogsResponseEnvelope',
    ({ query, params }, execution) => {
      const part = objectsIn(execution['schemas']).find(({ schema }) => schema === params['schema']);
      return isJsonObject(part)
        ? consoleLog(execution, stepsOf({ ...part, id: execution.id }, Number(part['record_count'])), query)
        : notFound('schema');
    },
    console,
  ),
  {
    method: 'GET',
    path: '/api/connections/:id/ingest/consolelog',
    in: within.current,
    query: ['sync_id', 'limit', 'after'],
    answer: 'ExecutionConsoleLogsResponseEnvelope',
    handle: ingestion,
  },
  below('GET', '/logs', 'BulkSyncExecutionLogsEnvelope', (request, execution) =>
    // The one type whose names are written with capitals.
    ok({ URLs: [linkTo(request, execution, 'records')], Expires: expiry() }),
  ),
  below(
    'POST',
    '/logs/export',
    'ExportSyncLogsEnvelope',
    (request, execution) =>
      startJob(request.store, 'exportlogs', { result: { url: linkTo(request, execution, 'records') } }, 200),
    { query: ['notify'] },
  ),
];
