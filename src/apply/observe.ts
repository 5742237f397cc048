/** What is remembered of an object besides what was sent: when it was written, and what it holds beyond that. */
import type { Reader } from '../api/client.js';
import { ApiError } from '../api/failure.js';
import type { Address } from '../core/address.js';
import { jsonEqual, type JsonObject } from '../core/json.js';
import { secretsOf } from '../core/secret.js';
import { asText } from '../core/text.js';
import { endpointsOf } from '../kinds/endpoints.js';
import { isSingleton, identityOf } from '../kinds/identity.js';
import { hidesSomething } from '../kinds/ignored.js';
import type { Kind } from '../kinds/kind.js';
import { comparable } from '../kinds/normalise.js';
import { listObjects, readObject } from '../live/objects.js';
import type { Resource } from '../load/desired.js';
import { silentOf, withoutSecrets } from '../plan/silent.js';
import type { Binding } from '../state/state.js';
import type { PendingBinding } from './journal.js';

export type Observed = Pick<Binding, 'written' | 'silent' | 'sent'>;

/** Of an object as it lives, or as a write was answered; nothing where the answer was none. */
export const silentIn = (
  kind: Kind,
  { applied, ignored }: PendingBinding,
  resource: Resource,
  object: JsonObject | undefined,
): Pick<Binding, 'silent'> => {
  // The result of a job may be less than the object.
  if (object === undefined || (!isSingleton(kind) && identityOf(kind, object) === '')) return {};
  const secrets = secretsOf(resource.document).map(([, secret]) => secret);
  return { silent: withoutSecrets(silentOf(kind, applied, object, ignored), secrets) };
};

/** A write whose answer did not say when it took effect. */
export interface Undated {
  readonly kind: Kind;
  readonly id: string;
  /** As the write was answered. */
  readonly object: JsonObject;
}

/**
 * When a write took effect: of what holds values that no answer shows, so that a plan can tell whether they still are
 * what was sent. Where the answer does not say it, `later` is told.
 */
export const writtenAt = (
  kind: Kind,
  { id, object }: { readonly id: string; readonly object?: JsonObject },
  { document }: Resource,
  later: (undated: Undated) => void,
): Pick<Binding, 'written'> => {
  if (object === undefined || !hidesSomething(kind, document)) return {};
  if (typeof object['updated_at'] === 'string') return { written: object['updated_at'] };
  later({ kind, id, object });
  return {};
};

/** When a write of the object took effect, by its answer. Its parts leave it as it was. */
export const sentAt = (object: JsonObject | undefined): Pick<Binding, 'sent'> =>
  typeof object?.['updated_at'] === 'string' ? { sent: object['updated_at'] } : {};

/** So many objects of a kind are read one by one; more than these by the list. */
const FEW = 3;

/**
 * When each of these writes took effect, by the address; where somebody was faster, or nobody can say, it is left out.
 * Never throws for an answer.
 */
export const datesOf = async (
  reader: Reader,
  undated: ReadonlyMap<Address, Undated>,
): Promise<ReadonlyMap<Address, string>> => {
  const live = new Map<string, JsonObject>();
  const see = (object: JsonObject): unknown => live.set(asText(object['id']), object);
  for (const kind of new Set([...undated.values()].map((each) => each.kind))) {
    const ids = [...undated.values()].filter((each) => each.kind === kind).map(({ id }) => id);
    const { list, lists } = endpointsOf(kind, reader.dialect);
    try {
      if (ids.length > FEW && list !== undefined && lists === 'whole') await listObjects(reader, kind, see);
      else for (const id of ids) see(await readObject(reader, kind, id));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
  return new Map(
    [...undated].flatMap(([address, { kind, id, object }]): [Address, string][] => {
      const now = live.get(id);
      const at = now?.['updated_at'];
      if (now === undefined || typeof at !== 'string') return [];
      const form = (value: JsonObject): JsonObject => comparable(kind, kind.fromLive(value).document);
      return jsonEqual(form(now), form(object)) ? [[address, at]] : [];
    }),
  );
};
