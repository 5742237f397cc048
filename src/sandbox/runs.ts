/** Runs of syncs: started, followed, cancelled. */
import type { JsonObject } from '../core/json.js';
import { choices } from './choices.js';
import { notFound, ok, refuse, type Reply, type Route, type SandboxRequest } from './http.js';
import { page } from './paging.js';
import { only, type Store, type Stored } from './store.js';

/** What an execution goes through, one step each time somebody looks. */
const steps = ['created', 'running', 'completed'] as const;

const terminal = new Set<unknown>(['completed', 'canceled', 'failed']);

const executionsOf = (store: Store, sync: string): readonly Stored[] =>
  store.list('executions').filter(({ sync_id: id }) => id === sync);

const running = (store: Store, sync: string): Stored | undefined =>
  executionsOf(store, sync).find(({ status }) => !terminal.has(status));

const read = (execution: Stored): JsonObject => ({
  ...only(execution, ['id', 'status', 'type', 'created_at', 'started_at', 'completed_at', 'counts']),
  errors: [],
});

/** The execution after somebody looked: runs take time, which here is counted in looks. */
const look = (store: Store, execution: Stored): Stored => {
  if (terminal.has(execution['status'])) return execution;
  const next = steps[steps.indexOf(execution['status'] as 'created') + 1] ?? 'completed';
  const { id, created_at: created, ...rest } = execution;
  const now = new Date().toISOString();
  const records = choices.recordsOfARun;
  return store.replace('executions', id, {
    ...rest,
    created_at: created ?? now,
    status: next,
    ...(next === 'running' ? { started_at: now } : {}),
    ...(next === 'completed'
      ? {
          completed_at: now,
          counts: { total: records, insert: records, update: 0, delete: 0, error: 0, warnings: 0 },
        }
      : {}),
  });
};

const finishAs = (store: Store, { id, ...rest }: Stored, status: string): Stored =>
  store.replace('executions', id, { ...rest, status, completed_at: new Date().toISOString() });

/** Cancels what runs: a sync that is deleted takes its execution along. */
export const cancelRuns = (store: Store, sync: string): void => {
  const current = running(store, sync);
  if (current !== undefined) finishAs(store, current, 'canceled');
};

/** A route below a sync, which must exist. */
const below = (
  method: 'GET' | 'POST',
  path: string,
  handle: (request: SandboxRequest, sync: Stored) => Reply,
  schema?: string,
): Route => ({
  method,
  path: `/api/syncs/:id/${path}`,
  ...(schema === undefined ? {} : { schema }),
  handle: (request) => {
    const sync = request.store.get('syncs', request.params['id'] ?? '');
    return sync === undefined ? notFound('sync') : handle(request, sync);
  },
});

/** A route below an execution of a sync. */
const belowExecution = (
  method: 'GET' | 'POST',
  path: string,
  handle: (request: SandboxRequest, execution: Stored) => Reply,
): Route =>
  below(method, `executions/:execution${path}`, (request, sync) => {
    const found = executionsOf(request.store, sync.id).find(({ id }) => id === request.params['execution']);
    return found === undefined ? notFound('execution') : handle(request, found);
  });

const start = ({ store }: SandboxRequest, sync: Stored): Reply => {
  if (running(store, sync.id) !== undefined)
    return refuse(409, 'already_running', 'the sync is running already');
  const {
    id,
    status,
    created_at: created,
  } = store.insert('executions', { sync_id: sync.id, status: 'created', type: 'manual' });
  return ok({ id, status: status ?? '', created_at: created ?? '' });
};

const status = ({ store }: SandboxRequest, sync: Stored): Reply => {
  const current = running(store, sync.id);
  const looked = current === undefined ? undefined : look(store, current);
  const last = executionsOf(store, sync.id).find((execution) => terminal.has(execution['status']));
  return ok({
    current_execution: looked === undefined || terminal.has(looked['status']) ? null : read(looked),
    last_execution: last === undefined ? null : read(last),
  });
};

const frequencies: readonly (readonly [string, string])[] = [
  ['manual', 'Manual'],
  ['continuous', 'Continuous'],
  ['hourly', 'Hourly'],
  ['daily', 'Daily'],
  ['weekly', 'Weekly'],
  ['custom', 'Custom'],
  ['runafter', 'Run after other syncs'],
];

export const runRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/syncs/schedules',
    handle: () =>
      ok({
        schedule_options: frequencies.map(([frequency, label]) => ({ frequency, label, description: '' })),
      }),
  },
  below(
    'POST',
    'activate',
    ({ store, body }, { id, ...sync }) => {
      const active = body['active'] === true;
      store.replace('syncs', id, { ...sync, active });
      return ok({ id, active });
    },
    'activate',
  ),
  below('POST', 'cancel', ({ store }, sync) => {
    cancelRuns(store, sync.id);
    return ok({ message: 'the sync is being canceled' });
  }),
  below('GET', 'status', status),
  below('POST', 'executions', start, 'start'),
  below('GET', 'executions', ({ store, query }, sync) => {
    const all = executionsOf(store, sync.id).filter(
      (execution) => query['only_completed'] !== 'true' || terminal.has(execution['status']),
    );
    return page(query['ascending'] === 'true' ? [...all].reverse() : all, query, read);
  }),
  belowExecution('GET', '', ({ store }, execution) => ok(read(look(store, execution)))),
  belowExecution('POST', '/cancel', ({ store }, execution) => {
    if (terminal.has(execution['status']))
      return refuse(400, 'not_running', 'the execution has ended already');
    finishAs(store, execution, 'canceled');
    return ok({ message: 'the execution is being canceled' });
  }),
  {
    // How an execution was cancelled before 2025-09-18.
    ...belowExecution('GET', '', ({ store, body }, execution) =>
      body['status'] === 'canceled'
        ? ok(read(finishAs(store, execution, 'canceled')))
        : refuse(400, 'bad_status', 'an execution can be canceled, and nothing else'),
    ),
    method: 'PUT',
    in: ({ summaries }) => !summaries,
  },
];
