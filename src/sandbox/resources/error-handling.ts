/** Error handling of syncs and bulk syncs: settings of their own, which no update of the sync touches. */
import type { JsonObject } from '../../core/json.js';
import { choices } from '../choices.js';
import { found, ok, type Route, type SandboxRequest } from '../http.js';
import { only, type Store } from '../store.js';
import { within } from '../versions.js';

interface Settings {
  readonly collection: 'syncs' | 'bulkSyncs';
  readonly what: string;
  readonly path: string;
  readonly body: string;
  readonly answer: string;
  /** What nobody has set yet. */
  readonly defaults: JsonObject;
}

const ofSyncs: Settings = {
  collection: 'syncs',
  what: 'sync',
  path: '/api/syncs/:id/error-handling',
  body: 'UpdateSyncErrorHandlingRequest',
  answer: 'SyncErrorHandlingEnvelope',
  defaults: choices.errorHandling,
};

const ofBulkSyncs: Settings = {
  collection: 'bulkSyncs',
  what: 'bulk sync',
  path: '/api/bulk/syncs/:id/error-handling',
  body: 'UpdateBulkSyncErrorHandlingRequest',
  answer: 'BulkSyncErrorHandlingEnvelope',
  defaults: { ingestion_failure_threshold: null, subscribers: [] },
};

const settingsOf = (store: Store, id: string, defaults: JsonObject): JsonObject => ({
  ...defaults,
  ...only(store.get('errorHandling', id) ?? {}, Object.keys(defaults)),
});

/** What is not sent stays; a list replaces the one before; a threshold of 0 is none of the sync's own. */
const changed = (before: JsonObject, body: JsonObject): JsonObject => {
  const sent = only(body, Object.keys(before));
  return {
    ...before,
    ...sent,
    ...(sent['ingestion_failure_threshold'] === 0 ? { ingestion_failure_threshold: null } : {}),
  };
};

const routesOf = ({ collection, what, path, body, answer, defaults }: Settings): readonly Route[] => {
  const idOf = ({ store, params }: SandboxRequest): string =>
    found(store.get(collection, params['id'] ?? ''), what).id;
  return [
    {
      method: 'GET',
      path,
      in: within.current,
      answer,
      handle: (request) => ok(settingsOf(request.store, idOf(request), defaults)),
    },
    {
      method: 'PUT',
      path,
      in: within.current,
      body,
      answer,
      handle: (request) => {
        const { store } = request;
        const id = idOf(request);
        const settings = changed(settingsOf(store, id, defaults), request.body);
        store.touch('errorHandling', id, settings);
        return ok(settings);
      },
    },
  ];
};

export const errorHandlingRoutes: readonly Route[] = [...routesOf(ofSyncs), ...routesOf(ofBulkSyncs)];
