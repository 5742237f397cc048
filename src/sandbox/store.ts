/** The objects of one organization, as somebody in it sees and changes them. */
import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '../core/json.js';
import type { Catalog } from './catalog/catalog.js';
import type { Collection, Database, Stored } from './database.js';

export type { Collection, Stored } from './database.js';

/** Who changes something: what `created_by` and `updated_by` say. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly type: 'user' | 'organization' | 'partner' | 'system';
}

/** The organization's id for what belongs to none: organizations, keys, sessions. */
export const ROOT = '';

export interface Store {
  readonly organization: string;
  readonly actor: Actor;
  readonly catalog: Catalog;
  readonly get: (collection: Collection, id: string) => Stored | undefined;
  /** By last change, the latest first. */
  readonly list: (collection: Collection) => readonly Stored[];
  /** Adds an object; where `fields` name no id, it gets one. */
  readonly insert: (collection: Collection, fields: JsonObject) => Stored;
  /** Puts other fields in place of all that an object had, but for its id and who made it when. */
  readonly replace: (collection: Collection, id: string, fields: JsonObject) => Stored;
  /** Changes some fields as the server does by itself: nobody is said to have changed it. */
  readonly touch: (collection: Collection, id: string, fields: JsonObject) => Stored;
  readonly remove: (collection: Collection, id: string) => boolean;
  /** A number that grows: what an answer may shuffle by. */
  readonly tick: () => number;
  /** An instant, later than any before. */
  readonly now: () => string;
  /** How often a thing that takes time is asked for until it is done. */
  readonly looks: number;
  /** Fields of connections, models and syncs that the API has and nobody has heard of: kept as they come. */
  readonly newer: readonly string[];
  /** What belongs to no organization, or to another one. */
  readonly elsewhere: (organization: string) => Store;
}

export interface StoreOptions {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly organization: string;
  readonly actor: Actor;
  readonly looks: number;
  readonly newer: readonly string[];
  /** Reads what was before the last change. */
  readonly stale?: boolean;
}

let ticks = 0;

/** A view of the database. */
export const openStore = (options: StoreOptions): Store => {
  const { database, catalog, organization, actor, looks, newer, stale = false } = options;
  const table = stale ? database.stale : database.table;
  const now = (): string => new Date(database.now()).toISOString();
  const write = (collection: Collection, object: Stored): Stored => {
    database.write(organization, collection, object);
    return object;
  };
  const by: JsonObject = { ...actor };
  return {
    organization,
    actor,
    catalog,
    looks,
    newer,
    now,
    get: (collection, id) => table(organization, collection).get(id),
    list: (collection) => [...table(organization, collection).values()].reverse(),
    insert: (collection, fields) => {
      const at = now();
      const { id } = fields;
      return write(collection, {
        ...fields,
        id: typeof id === 'string' ? id : randomUUID(),
        created_at: at,
        created_by: by,
        updated_at: at,
        updated_by: by,
      });
    },
    replace: (collection, id, fields) => {
      const before = database.table(organization, collection).get(id);
      return write(collection, {
        ...fields,
        id,
        created_at: before?.['created_at'] ?? now(),
        created_by: before?.['created_by'] ?? by,
        updated_at: now(),
        updated_by: by,
      });
    },
    touch: (collection, id, fields) =>
      write(collection, { ...database.table(organization, collection).get(id), ...fields, id }),
    remove: (collection, id) => database.delete(organization, collection, id),
    tick: () => (ticks += 1),
    elsewhere: (other) => openStore({ ...options, organization: other }),
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
    names.flatMap((name) => {
      const value: Json | undefined = Object.hasOwn(body, name) ? body[name] : undefined;
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  );

/** What every answer tells of who made an object and who changed it. */
export const audit = ['created_at', 'created_by', 'updated_at', 'updated_by'] as const;
