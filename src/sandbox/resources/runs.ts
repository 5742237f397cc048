/** Runs of syncs: started, followed, cancelled. */
import { objectsIn, isJsonArray, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { move, type Moved, type MoveOptions, type Written } from '../moving/move.js';
import { takeRunFault } from '../moving/run-faults.js';
import { emit } from './events.js';
import { found, ok, refuse, type Reply, type Route, type SandboxRequest } from '../http.js';
import { page } from './paging.js';
import { texts, within as inside } from './references.js';
import { nextRun, scheduleRoute } from './schedules.js';
import { only, type Store, type Stored } from '../store.js';
import { isWaiting } from './systems.js';
import { within } from '../versions.js';

/** What an execution goes through, one step each time somebody looks. */
const steps = ['created', 'queued', 'running', 'completed'] as const;

const terminal = new Set<unknown>(['completed', 'canceled', 'failed', 'interrupted']);

/** Whether a run has ended. */
export const isOver = (execution: Stored): boolean => terminal.has(execution['status']);

const executionsOf = (store: Store, sync: string): readonly Stored[] =>
  store
    .list('executions')
    .filter(({ sync_id: id }) => id === sync)
    .sort((a, b) => (asText(a['created_at']) < asText(b['created_at']) ? 1 : -1));

const current = (store: Store, sync: string): Stored | undefined =>
  executionsOf(store, sync).find((execution) => !isOver(execution));

const read = (execution: Stored): JsonObject => ({
  ...only(execution, ['id', 'status', 'type', 'created_at', 'started_at', 'completed_at', 'counts']),
  errors: execution['errors'] ?? [],
});

/** What a run did so far, as its counts say it: of an upsert it is not told which of the two it was. */
const countsOf = (mode: string, { read: total, written }: Moved): JsonObject => {
  const number = (what: Written['what']): number => written.filter((each) => each.what === what).length;
  const isUpsert = mode === 'updateOrCreate';
  return {
    insert: isUpsert ? 0 : number('inserts'),
    update: isUpsert ? 0 : number('updates'),
    upserts: isUpsert ? number('inserts') + number('updates') : 0,
    delete: number('deletes'),
    error: number('errors'),
    warnings: 0,
    total,
  };
};

const nothing: Moved = { read: 0, written: [] };

/** What was asked of a run. */
const optionsOf = (execution: Stored): MoveOptions => ({
  identities: texts(execution['identities']),
  sources: isJsonArray(execution['source_identities'])
    ? execution['source_identities'].map((each) => objectsIn(each))
    : [],
  test: execution['type'] === 'test' && !choices.testRunWrites,
});

const about = (sync: Stored | undefined, execution: Stored): JsonObject => ({
  execution_id: execution.id,
  sync_id: asText(execution['sync_id']),
  sync_name: asText(sync?.['name']),
  target_connection_id: asText(inside(sync?.['target'], 'connection_id')),
});

/** Why a run cannot succeed: nothing stops somebody from deleting the model of a sync. */
const problemOf = (store: Store, sync: Stored): string | undefined => {
  const gone = texts(sync['model_ids']).find((id) => store.get('models', id) === undefined);
  if (gone !== undefined) return `model ${gone} does not exist`;
  const target = store.get('connections', asText(inside(sync['target'], 'connection_id')));
  if (target === undefined) return 'the target connection does not exist';
  return isWaiting(target) ? `connection "${asText(target['name'])}" is not authorized` : undefined;
};

/** The execution after somebody looked: runs take time, which here is counted in looks. */
const look = (store: Store, execution: Stored): Stored => {
  if (isOver(execution)) return execution;
  const sync = store.get('syncs', asText(execution['sync_id']));
  const next = steps[steps.indexOf(execution['status'] as 'created') + 1] ?? 'completed';
  if (next === 'running') return begin(store, execution, sync);
  if (next === 'completed' && sync !== undefined) return finish(store, execution, sync);
  return store.touch('executions', execution.id, { status: next });
};

const failed = (
  store: Store,
  execution: Stored,
  sync: Stored | undefined,
  problem: string,
  moved: Moved,
): Stored => {
  const at = store.now();
  emit(store, 'sync.failed', { ...about(sync, execution), error: problem });
  return store.touch('executions', execution.id, {
    status: 'failed',
    started_at: execution['started_at'] ?? at,
    completed_at: at,
    errors: [problem],
    counts: countsOf(asText(sync?.['mode']), moved),
    written: [...moved.written],
  });
};

const begin = (store: Store, execution: Stored, sync: Stored | undefined): Stored => {
  const problem = sync === undefined ? 'the sync does not exist' : problemOf(store, sync);
  if (sync === undefined || problem !== undefined)
    return failed(store, execution, sync, problem ?? '', nothing);
  emit(store, 'sync.running', about(sync, execution));
  const ahead = move(store, sync, { ...optionsOf(execution), test: true });
  return store.touch('executions', execution.id, {
    status: 'running',
    started_at: store.now(),
    counts: countsOf(asText(sync['mode']), {
      read: Math.floor(ahead.read / 2),
      written: ahead.written.slice(0, Math.floor(ahead.written.length / 2)),
    }),
  });
};

const finish = (store: Store, execution: Stored, sync: Stored): Stored => {
  const fault = takeRunFault(store, sync.id);
  const problem = problemOf(store, sync) ?? fault?.error;
  const moved =
    problemOf(store, sync) === undefined
      ? move(store, sync, { ...optionsOf(execution), ...fault?.limits })
      : nothing;
  if (problem !== undefined) return failed(store, execution, sync, problem, moved);
  const counts = countsOf(asText(sync['mode']), moved);
  emit(store, 'sync.completed', {
    ...about(sync, execution),
    status: 'completed',
    record_count: moved.read,
    error_count: counts['error'] ?? 0,
    warning_count: 0,
    trigger: asText(execution['type']),
  });
  return store.touch('executions', execution.id, {
    status: 'completed',
    completed_at: store.now(),
    counts,
    written: [...moved.written],
  });
};

const cancelRun = (store: Store, execution: Stored): Stored => {
  const sync = store.get('syncs', asText(execution['sync_id']));
  emit(store, 'sync.canceled', { ...about(sync, execution), status: 'canceled' });
  return store.touch('executions', execution.id, { status: 'canceled', completed_at: store.now() });
};

/** Cancels what runs: a sync that is deleted takes its execution along. */
export const cancelRuns = (store: Store, sync: string): void => {
  const running = current(store, sync);
  if (running !== undefined) cancelRun(store, running);
};

/** A route below a sync, which must exist. */
const below = (
  method: Route['method'],
  path: string,
  answer: string,
  handle: (request: SandboxRequest, sync: Stored) => Reply,
  more: Partial<Route> = {},
): Route => ({
  ...more,
  method,
  path: `/api/syncs/:id/${path}`,
  answer,
  handle: (request) => handle(request, found(request.store.get('syncs', request.params['id'] ?? ''), 'sync')),
});

/** The execution of a sync that a path names. */
export const executionOf = ({ store, params }: SandboxRequest, sync: Stored): Stored =>
  found(
    executionsOf(store, sync.id).find(({ id }) => id === params['execution']),
    'execution',
  );

/** Why a run of some records alone cannot be started. */
const refusedRecords = (sync: Stored, identities: number, sources: number): Reply | undefined => {
  const say = (key: string, message: string): Reply => refuse(choices.invalidStatus, key, message);
  const several = objectsIn(inside(sync['identities'], 'mappings')).length > 1;
  if (identities > 0 && sources > 0)
    return say('two_lists', 'identities and source_identities: only one of them');
  if (identities > 0 && several)
    return say('source_identities', 'the sync has several identities: name records in source_identities');
  if (sources > choices.mostSourceIdentities)
    return say('too_many', `at most ${choices.mostSourceIdentities} source_identities`);
  return undefined;
};

const start = ({ store, body }: SandboxRequest, sync: Stored): Reply => {
  if (current(store, sync.id) !== undefined)
    return refuse(409, 'already_running', 'the sync is running already');
  const identities = texts(body['identities']);
  const sources = isJsonArray(body['source_identities']) ? body['source_identities'] : [];
  const refused = refusedRecords(sync, identities.length, sources.length);
  if (refused !== undefined) return refused;
  const {
    id,
    status,
    created_at: created,
  } = store.insert('executions', {
    sync_id: sync.id,
    status: 'created',
    type: body['test'] === true ? 'test' : 'manual',
    identities: [...identities],
    source_identities: [...sources],
  });
  return ok({ id, status: status ?? '', created_at: created ?? '' });
};

const status = ({ store }: SandboxRequest, sync: Stored): Reply => {
  const running = current(store, sync.id);
  const looked = running === undefined ? undefined : look(store, running);
  const last = executionsOf(store, sync.id).find(isOver);
  return ok({
    current_execution: looked === undefined || isOver(looked) ? null : read(looked),
    last_execution: last === undefined ? null : read(last),
    next_execution_time: nextRun(sync['schedule'], sync['active'] === true, Date.now()),
  });
};

export const runRoutes: readonly Route[] = [
  scheduleRoute,
  below(
    'POST',
    'activate',
    'ActivateSyncEnvelope',
    ({ store, body }, { id, ...sync }) => {
      const active = body['active'] === true;
      store.replace('syncs', id, { ...sync, active });
      return ok({ id, active });
    },
    { body: 'ActivateSyncInput' },
  ),
  below('POST', 'cancel', 'CancelSyncResponseEnvelope', ({ store }, sync) => {
    cancelRuns(store, sync.id);
    return ok({ message: 'the sync is being canceled' });
  }),
  below('GET', 'status', 'SyncStatusEnvelope', status),
  below('POST', 'executions', 'StartSyncResponseEnvelope', start, { body: 'StartSyncRequest' }),
  below(
    'GET',
    'executions',
    'ListExecutionResponseEnvelope',
    ({ store, query }, sync) => {
      const all = executionsOf(store, sync.id).filter(
        (execution) => query['only_completed'] !== 'true' || isOver(execution),
      );
      return page(query['ascending'] === 'true' ? [...all].reverse() : all, query, read);
    },
    { query: ['page_token', 'only_completed', 'ascending'] },
  ),
  below('GET', 'executions/:execution', 'GetExecutionResponseEnvelope', (request, sync) =>
    ok(read(look(request.store, executionOf(request, sync)))),
  ),
  below(
    'POST',
    'executions/:execution/cancel',
    'CancelSyncExecutionResponseEnvelope',
    (request, sync) => {
      const execution = executionOf(request, sync);
      if (isOver(execution)) return refuse(400, 'not_running', 'the execution has ended already');
      cancelRun(request.store, execution);
      return ok({ message: 'the execution is being canceled' });
    },
    { in: within.current },
  ),
  // How an execution was cancelled before 2025-09-18.
  below(
    'PUT',
    'executions/:execution',
    'GetExecutionResponseEnvelope',
    (request, sync) => ok(read(cancelRun(request.store, executionOf(request, sync)))),
    { in: within.older, body: 'OlderCancelExecutionRequest' },
  ),
];
