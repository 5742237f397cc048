/** How much a connection was used: the calls that runs of the last day cost. */
import type { JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { ok, type Route } from '../http.js';
import { texts, within as inside } from './references.js';
import type { Store, Stored } from '../store.js';
import { connectionOf, typeOfConnection } from './systems.js';
import { within } from '../versions.js';

const DAY = 24 * 60 * 60 * 1000;

/** Whether a system tells how often it is called: applications do, databases and files do not. */
const reports = (store: Store, connection: Stored): boolean =>
  typeOfConnection(store, connection).shape === 'object';

const callsOf = (records: number): number => Math.ceil(records / choices.recordsOfACall);

interface Runs {
  readonly type: 'model' | 'bulk';
  readonly sync: Stored;
  readonly runs: readonly Stored[];
  readonly records: (run: Stored) => number;
}

/** The runs of the syncs that read from a connection or write to it, those of each sync together. */
const runsAt = (store: Store, { id }: Stored): readonly Runs[] => {
  const models = new Set(
    store.list('models').flatMap((model) => (model['connection_id'] === id ? [model.id] : [])),
  );
  const syncs = store
    .list('syncs')
    .filter(
      ({ target, model_ids: from }) =>
        inside(target, 'connection_id') === id || texts(from).some((model) => models.has(model)),
    );
  const bulkSyncs = store
    .list('bulkSyncs')
    .filter(({ source_connection_id: from, destination_connection_id: to }) => from === id || to === id);
  const started = (collection: 'executions' | 'bulkExecutions', sync: Stored): readonly Stored[] =>
    store
      .list(collection)
      .filter(
        (run) =>
          run['sync_id'] === sync.id && Date.parse(asText(run['created_at'])) > Date.parse(store.now()) - DAY,
      );
  return [
    ...syncs.map((sync) => ({
      type: 'model' as const,
      sync,
      runs: started('executions', sync),
      records: (run: Stored) => Number(inside(run['counts'], 'total') ?? 0),
    })),
    ...bulkSyncs.map((sync) => ({
      type: 'bulk' as const,
      sync,
      runs: started('bulkExecutions', sync),
      records: (run: Stored) => Number(run['record_count']),
    })),
  ];
};

const statsOf = ({ type, sync, runs, records }: Runs): JsonObject & { readonly totalCalls: number } => {
  const calls = runs.reduce((sum, run) => sum + callsOf(records(run)), 0);
  const times = runs.flatMap((run) => (typeof run['started_at'] === 'string' ? [run['started_at']] : []));
  return {
    syncId: sync.id,
    syncName: asText(sync['name']),
    syncType: type,
    totalCalls: calls,
    lastRunAt: times.sort().at(-1) ?? null,
    categories: [{ key: 'rest', label: 'REST', calls }],
  };
};

/** By sync, the one with the most calls first; those that made none are left out. */
const bySync = (
  store: Store,
  connection: Stored,
): readonly (JsonObject & { readonly totalCalls: number })[] =>
  reports(store, connection)
    ? runsAt(store, connection)
        .map(statsOf)
        .filter(({ totalCalls }) => totalCalls > 0)
        .sort((a, b) => b.totalCalls - a.totalCalls)
    : [];

const sum = (stats: readonly { readonly totalCalls: number }[]): number =>
  stats.reduce((total, { totalCalls }) => total + totalCalls, 0);

/** The calls of a day, 0 where the system tells of none. */
export const callsOfADay = (store: Store, connection: Stored): number => sum(bySync(store, connection));

export const usageRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/connections/:id/usage',
    in: within.current,
    answer: 'GetConnectionUsageEnvelope',
    handle: (request) => {
      const { store } = request;
      const connection = connectionOf(request);
      const stats = bySync(store, connection);
      const reported = reports(store, connection);
      return ok({
        connectionId: connection.id,
        reportsSyncStats: reported,
        callsLast24h: reported ? sum(stats) : null,
        bySync: [...stats],
      });
    },
  },
];
