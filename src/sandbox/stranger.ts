/** Somebody else, who changes things in the web page while a client is at work. */
import type { JsonObject } from '../core/json.js';
import { mergePatch } from '../core/merge.js';
import { asText } from '../core/text.js';
import { settled } from './resources/sync-forms.js';
import type { Collection, Store, Stored } from './store.js';

/** Changes one object by a merge patch (RFC 7396). Throws for an unknown one. */
export const editObject = (store: Store, collection: Collection, id: string, change: JsonObject): void => {
  const before = store.get(collection, id);
  if (before === undefined) throw new RangeError(`no ${collection} ${id}`);
  const after = mergePatch(before, change);
  store.replace(collection, id, collection === 'syncs' ? settled(after, change, store) : after);
};

/** What somebody is likely to change. */
const edits: Readonly<Partial<Record<Collection, (object: Stored) => JsonObject>>> = {
  connections: ({ name }) => ({ name: `${asText(name)} (edited)` }),
  models: () => ({ labels: ['edited'] }),
  syncs: ({ active }) => ({ active: active !== true }),
};

/** Changes the object that a path names, or another one by `draw` (0 to 1); nothing where there is none. */
export const editSomething = (store: Store, path: string, draw: number): void => {
  const [, collection = '', id = ''] = /^\/api\/(connections|models|syncs)\/([^/]+)/.exec(path) ?? [];
  const named = collection === '' ? undefined : store.get(collection as Collection, id);
  const all = (Object.keys(edits) as Collection[]).flatMap((name) =>
    store.list(name).map((object) => [name, object] as const),
  );
  const [name, object] =
    named === undefined
      ? (all[Math.floor(draw * all.length)] ?? [])
      : ([collection as Collection, named] as const);
  if (name !== undefined && object !== undefined)
    editObject(store, name, object.id, edits[name]?.(object) ?? {});
};
