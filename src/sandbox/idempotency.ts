/** Idempotency keys: a repeated one gets the first answer again, whatever it was. */
import { isJsonObject } from '../core/json.js';
import { asText } from '../core/text.js';
import { choices } from './choices.js';
import { refuse, type Reply } from './http.js';
import type { Store } from './store.js';

export interface Idempotency {
  /** The answer to give without doing anything, or undefined: then the key is taken until `release`. */
  readonly enter: (store: Store, key: string) => Reply | undefined;
  /** Notes the answer of a key. */
  readonly note: (store: Store, key: string, reply: Reply) => void;
  readonly release: (store: Store, key: string) => void;
}

const idOf = (store: Store, key: string): string => `${store.organization}/${key}`;

/** Which keys are in flight is kept in memory; answers are objects of the organization. */
export const createIdempotency = (): Idempotency => {
  const inFlight = new Set<string>();
  return {
    enter: (store, key) => {
      if (!/^[A-Za-z0-9_-]{8,255}$/.test(key))
        return refuse(400, 'bad_idempotency_key', 'an idempotency key has 8 to 255 of A-Z a-z 0-9 _ -');
      const known = store.get('answers', key);
      const age = Date.now() - Date.parse(asText(known?.['created_at']));
      if (known !== undefined && age < choices.idempotencyMs)
        return {
          status: Number(known['status']),
          ...(isJsonObject(known['body']) ? { body: known['body'] } : {}),
        };
      if (inFlight.has(idOf(store, key)))
        return refuse(409, 'idempotency_key_in_flight', 'a request with this idempotency key is under way');
      inFlight.add(idOf(store, key));
      return undefined;
    },
    note: (store, key, { status, body }) => {
      store.remove('answers', key);
      store.insert('answers', { id: key, status, ...(body === undefined ? {} : { body }) });
    },
    release: (store, key) => {
      inFlight.delete(idOf(store, key));
    },
  };
};
