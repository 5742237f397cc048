/** What is remembered of an object besides what was sent: when it was written, and what it holds beyond that. */
import { objectOf } from '../api/calls.js';
import type { Reader } from '../api/client.js';
import { ApiError } from '../api/failure.js';
import { jsonEqual, type JsonObject } from '../core/json.js';
import { secretsOf } from '../core/secret.js';
import { hidesSomething } from '../kinds/ignored.js';
import type { Kind } from '../kinds/kind.js';
import { comparable } from '../kinds/normalise.js';
import type { Resource } from '../load/desired.js';
import { silentOf, withoutSecrets } from '../plan/silent.js';
import type { Binding } from '../state/state.js';
import type { PendingBinding } from './journal.js';

export type Observed = Pick<Binding, 'written' | 'silent'>;

/** Of an object as it lives, or as a write was answered; nothing where the answer was none. */
export const silentIn = (
  kind: Kind,
  { applied, ignored }: PendingBinding,
  resource: Resource,
  object: JsonObject | undefined,
): Pick<Binding, 'silent'> => {
  // The result of a job may be less than the object.
  if (object?.['name'] === undefined) return {};
  const secrets = secretsOf(resource.document).map(([, secret]) => secret);
  return { silent: withoutSecrets(silentOf(kind, applied, object, ignored), secrets) };
};

/**
 * When a write took effect: of what holds values that no answer shows, so that a plan can tell whether they still are
 * what was sent. Where the answer does not say it, the object is read again; where somebody was faster, nothing is
 * known. Never throws for an answer.
 */
export const writtenAt = async (
  reader: Reader,
  kind: Kind,
  { id, object }: { readonly id: string; readonly object?: JsonObject },
  resource: Resource,
): Promise<Pick<Binding, 'written'>> => {
  if (!hidesSomething(kind, resource.document)) return {};
  if (typeof object?.['updated_at'] === 'string') return { written: object['updated_at'] };
  if (object === undefined) return {};
  const path = `${kind.collection}/${encodeURIComponent(id)}`;
  try {
    const now = objectOf(await reader.get(path), 'GET', path);
    const form = (value: JsonObject): JsonObject => comparable(kind, kind.fromLive(value).document);
    const at = now['updated_at'];
    return typeof at === 'string' && jsonEqual(form(now), form(object)) ? { written: at } : {};
  } catch (error) {
    if (error instanceof ApiError) return {};
    throw error;
  }
};
