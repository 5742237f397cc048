/** What the sandbox remembers, in memory. */
import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '../core/json.js';
import { user } from './fixtures.js';

export const collections = [
  'connections',
  'models',
  'syncs',
  'executions',
  'webhooks',
  'policies',
  'roles',
  'users',
] as const;
export type Collection = (typeof collections)[number];

/** As stored: secrets in clear, lists in the order in which they were sent. */
export type Stored = JsonObject & { readonly id: string };

export interface Job {
  readonly id: string;
  readonly type: string;
  /** How often it was asked for. */
  polls: number;
  readonly needed: number;
  readonly outcome: { readonly result: Json } | { readonly error: string };
}

export interface Store {
  readonly get: (collection: Collection, id: string) => Stored | undefined;
  /** By last change, the latest first. */
  readonly list: (collection: Collection) => readonly Stored[];
  readonly insert: (collection: Collection, fields: JsonObject) => Stored;
  readonly replace: (collection: Collection, id: string, fields: JsonObject) => Stored;
  readonly remove: (collection: Collection, id: string) => boolean;
  readonly startJob: (type: string, outcome: Job['outcome']) => Job;
  readonly job: (id: string) => Job | undefined;
  /** A number that grows: what an answer may shuffle by. */
  readonly tick: () => number;
}

/** An empty store. `jobPolls`: how often a job is asked for until it is done. */
export const createStore = (jobPolls: number): Store => {
  const maps = Object.fromEntries(collections.map((name) => [name, new Map<string, Stored>()])) as Readonly<
    Record<Collection, Map<string, Stored>>
  >;
  const jobs = new Map<string, Job>();
  const actor = { id: user.id, name: user.email, type: 'user' };
  let ticks = 0;
  // Two changes in one millisecond still have an order.
  const now = (): string => new Date(Date.now()).toISOString();
  const put = (collection: Collection, object: Stored): Stored => {
    const map = maps[collection];
    map.delete(object.id);
    map.set(object.id, object);
    return object;
  };
  return {
    get: (collection, id) => maps[collection].get(id),
    list: (collection) => [...maps[collection].values()].reverse(),
    insert: (collection, fields) => {
      const at = now();
      return put(collection, {
        ...fields,
        id: randomUUID(),
        created_at: at,
        created_by: actor,
        updated_at: at,
        updated_by: actor,
      });
    },
    replace: (collection, id, fields) => {
      const before = maps[collection].get(id);
      return put(collection, {
        ...fields,
        id,
        created_at: before?.['created_at'] ?? now(),
        created_by: before?.['created_by'] ?? actor,
        updated_at: now(),
        updated_by: actor,
      });
    },
    remove: (collection, id) => maps[collection].delete(id),
    startJob: (type, outcome) => {
      const job: Job = { id: randomUUID(), type, polls: 0, needed: jobPolls, outcome };
      jobs.set(job.id, job);
      return job;
    },
    job: (id) => jobs.get(id),
    tick: () => (ticks += 1),
  };
};

/** The list in another order each time: the API promises none. */
export const shuffled = <T>(items: readonly T[], store: Store): readonly T[] => {
  if (items.length < 2) return items;
  const by = store.tick() % items.length;
  return [...items.slice(by), ...items.slice(0, by)];
};

/** Properties of an object that were sent, the rest left out: an update is a full replacement. */
export const only = (body: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(
    names.flatMap((name) => (body[name] === undefined || body[name] === null ? [] : [[name, body[name]]])),
  );
