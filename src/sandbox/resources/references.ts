/** Who uses what: which syncs, models and bulk syncs refer to a connection. */
import { isJsonArray, isJsonObject, type Json } from '../../core/json.js';
import { asText } from '../../core/text.js';
import type { Store, Stored } from '../store.js';

export const texts = (value: Json | undefined): readonly string[] =>
  isJsonArray(value) ? value.map(asText) : [];

/** A property of a property, or undefined. */
export const within = (value: Json | undefined, name: string): Json | undefined =>
  isJsonObject(value) ? value[name] : undefined;

export interface Users {
  readonly models: readonly Stored[];
  /** Syncs that write to the connection, or wait for a job of it. */
  readonly syncs: readonly Stored[];
  readonly bulkSyncs: readonly Stored[];
  /** Syncs of those models. */
  readonly dependants: readonly Stored[];
}

/** All that stops working without a connection. */
export const usersOf = (store: Store, id: string): Users => {
  const models = store
    .list('models')
    .filter(({ connection_id: from, enricher }) => from === id || within(enricher, 'connection_id') === id);
  const ids = new Set(models.map((model) => model.id));
  const all = store.list('syncs');
  const syncs = all.filter(
    ({ target, schedule }) =>
      within(target, 'connection_id') === id || within(schedule, 'connection_id') === id,
  );
  return {
    models,
    syncs,
    bulkSyncs: store
      .list('bulkSyncs')
      .filter(
        ({ source_connection_id: source, destination_connection_id: destination }) =>
          source === id || destination === id,
      ),
    dependants: all.filter((sync) => texts(sync['model_ids']).some((model) => ids.has(model))),
  };
};
