/** Executions of bulk syncs: one with a part for each schema, a step further each time somebody looks. */
import { objectsIn, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { found, type SandboxRequest } from '../http.js';
import { only, type Store, type Stored } from '../store.js';
import { emit } from './events.js';

const steps = ['created', 'scheduled', 'running', 'completed'] as const;

const terminal = new Set<unknown>(['completed', 'canceled', 'failed', 'errors', 'interrupted']);
/** Whether a run, or a part of it, has ended. */
export const isBulkRunOver = ({ status }: JsonObject): boolean => terminal.has(status);

/** The bulk sync that a path names, or a 404. */
export const bulkSyncOf = ({ store, params }: SandboxRequest): Stored =>
  found(store.get('bulkSyncs', params['id'] ?? ''), 'bulk sync');

/** The runs of a bulk sync, the newest first. */
export const bulkRunsOf = (store: Store, sync: string): readonly Stored[] =>
  store
    .list('bulkExecutions')
    .filter(({ sync_id: id }) => id === sync)
    .sort((a, b) => (asText(a['created_at']) < asText(b['created_at']) ? 1 : -1));

/** The run that is under way, or undefined. */
export const currentBulkRun = (store: Store, sync: string): Stored | undefined =>
  bulkRunsOf(store, sync).find((execution) => !isBulkRunOver(execution));

/** As every answer shows a run. */
export const readBulkRun = (execution: Stored): JsonObject =>
  only(execution, [
    'id',
    'status',
    'status_message',
    'type',
    'fetch_mode',
    'output_disposition',
    'is_partial',
    'is_resync',
    'is_test',
    'record_count',
    'error_count',
    'warning_count',
    'created_at',
    'started_at',
    'completed_at',
    'updated_at',
    'schemas',
  ]);

const about = (store: Store, execution: Stored): JsonObject => {
  const sync = store.get('bulkSyncs', asText(execution['sync_id']));
  return {
    execution_id: execution.id,
    sync_id: asText(execution['sync_id']),
    sync_name: asText(sync?.['name']),
    source_connection_id: asText(sync?.['source_connection_id']),
    destination_connection_id: asText(sync?.['destination_connection_id']),
  };
};

const advance = (store: Store, execution: Stored, status: string): Stored => {
  const now = store.now();
  const times: JsonObject =
    status === 'running' ? { started_at: now } : terminal.has(status) ? { completed_at: now } : {};
  const records = status === 'completed' ? choices.recordsOfATable : 0;
  const schemas = objectsIn(execution['schemas']).map((schema) =>
    isBulkRunOver(schema) ? schema : { ...schema, ...times, status, record_count: records, updated_at: now },
  );
  const total = schemas.reduce((sum, schema) => sum + Number(schema['record_count']), 0);
  return store.touch('bulkExecutions', execution.id, {
    ...times,
    status,
    schemas,
    record_count: total,
    updated_at: now,
  });
};

/** The execution after somebody looked. */
export const lookAtBulkRun = (store: Store, execution: Stored): Stored => {
  if (isBulkRunOver(execution)) return execution;
  const next = steps[steps.indexOf(execution['status'] as 'created') + 1] ?? 'completed';
  if (next === 'running') emit(store, 'bulk_sync.running', about(store, execution));
  if (next === 'completed')
    emit(store, 'bulk_sync.completed', {
      ...about(store, execution),
      trigger_source: asText(execution['type']),
    });
  return advance(store, execution, next);
};

/** Cancels what runs, or one schema of it. */
export const cancelBulkRuns = (store: Store, sync: string, schema?: string): void => {
  const execution = currentBulkRun(store, sync);
  if (execution === undefined) return;
  if (schema === undefined) {
    emit(store, 'bulk_sync.canceled', about(store, execution));
    advance(store, execution, 'canceled');
    return;
  }
  const now = store.now();
  store.touch('bulkExecutions', execution.id, {
    updated_at: now,
    schemas: objectsIn(execution['schemas']).map((part) =>
      part['schema'] === schema && !isBulkRunOver(part)
        ? { ...part, status: 'canceled', completed_at: now, updated_at: now }
        : part,
    ),
  });
};
