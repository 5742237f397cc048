/** What a delete takes along: runs that are under way, and what belongs to nothing else. */
import { cancelBulkRuns } from './bulk-executions.js';
import { cancelRuns } from './runs.js';
import type { Store } from '../store.js';

/** Deletes a connection with its schemas, and with what was asked through it. */
export const removeConnection = (store: Store, id: string): void => {
  for (const collection of ['proxyCalls', 'queries'] as const)
    for (const object of store.list(collection))
      if (object['connection_id'] === id) store.remove(collection, object.id);
  store.remove('sources', id);
  store.remove('connections', id);
};

/** Deletes a sync with its settings; its execution is canceled first. */
export const removeSync = (store: Store, id: string): void => {
  cancelRuns(store, id);
  store.remove('errorHandling', id);
  store.remove('syncs', id);
};

/** Deletes a bulk sync with its settings, its schemas and its history. */
export const removeBulkSync = (store: Store, id: string): void => {
  cancelBulkRuns(store, id);
  for (const schema of store.list('bulkSchemas'))
    if (schema['bulk_sync_id'] === id) store.remove('bulkSchemas', schema.id);
  for (const execution of store.list('bulkExecutions'))
    if (execution['sync_id'] === id) store.remove('bulkExecutions', execution.id);
  store.remove('errorHandling', id);
  store.remove('bulkSyncs', id);
};
