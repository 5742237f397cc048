/** Objects in numbers, for benchmarks and for trying out long lists. */
import { choices } from './choices.js';
import type { Store } from './store.js';

export interface SeedCounts {
  readonly connections?: number;
  /** Needs a connection. */
  readonly models?: number;
  /** Needs a model. */
  readonly syncs?: number;
}

/** So many resources in all, as an organization has them: few connections, some models, more syncs. */
export const seedCounts = (total: number): SeedCounts => {
  const connections = Math.min(total, Math.ceil(total / 50));
  const models = Math.min(total - connections, Math.ceil(total / 3));
  return { connections, models, syncs: total - connections - models };
};

/** Adds objects named `Seed connection 1` and so on. Throws where what they need is missing. */
export const seedStore = (store: Store, { connections = 0, models = 0, syncs = 0 }: SeedCounts): void => {
  for (let number = 1; number <= connections; number += 1)
    store.insert('connections', {
      name: `Seed connection ${number}`,
      type: 'postgresql',
      configuration: { hostname: `db${number}.example.com`, port: 5432, password: choices.wrongPassword },
    });
  const connection = store.list('connections')[0]?.id;
  for (let number = 1; number <= models; number += 1) {
    if (connection === undefined) throw new Error('models need a connection');
    store.insert('models', {
      name: `Seed model ${number}`,
      connection_id: connection,
      configuration: { table: 'company.customers' },
      version: 1,
    });
  }
  const model = store.list('models')[0]?.id;
  for (let number = 1; number <= syncs; number += 1) {
    if (model === undefined || connection === undefined) throw new Error('syncs need a model');
    store.insert('syncs', {
      name: `Seed sync ${number}`,
      mode: 'replace',
      active: false,
      fields: [{ source: { model_id: model, field: 'email' }, target: 'EMAIL' }],
      schedule: { frequency: 'manual' },
      target: { connection_id: connection, object: 'CUSTOMERS.CONTACTS' },
      model_ids: [model],
    });
  }
};
