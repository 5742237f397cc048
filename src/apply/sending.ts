/** What a change sends, and what its object is known by then. Pure. */
import type { Writer } from '../api/client.js';
import { addressOf, type Address } from '../core/address.js';
import type { Json, JsonObject } from '../core/json.js';
import { identityIn } from '../kinds/identity.js';
import type { Kind } from '../kinds/kind.js';
import { kindOf } from '../kinds/registry.js';
import type { Change, Work } from '../plan/plan.js';
import { bodyOf, partsOf, sendsDocument } from './body.js';

/** Whether a change sends anything to a live object. */
export const sends = (change: Change): boolean => sendsDocument(change) || change.action === 'delete';

/** What the object is known by after this step: of a replacement, at first, by another name. */
export const nameOf = (
  kind: Kind,
  change: Change,
  { documents }: Work,
  ids: ReadonlyMap<Address, string>,
): string => {
  const document = documents.get(change.step);
  return document === undefined
    ? change.name
    : identityIn(kind, document, (reference, rule) =>
        reference.to === 'key'
          ? ids.get(addressOf(rule.kind, reference.key))
          : reference.to === 'id'
            ? reference.id
            : undefined,
      );
};

interface Sending {
  readonly work: Work;
  readonly writer: Pick<Writer, 'dialect'>;
  /** Live objects by id, as this run knows them. */
  readonly seen: ReadonlyMap<string, JsonObject>;
}

/** What is sent for a change: nothing for one that sends nothing. */
export const bodiesFor = (
  change: Change,
  ids: ReadonlyMap<Address, string>,
  { work, seen, writer }: Sending,
): { readonly body: Json; readonly parts: Readonly<Record<string, Json>> } => {
  if (!sendsDocument(change)) return { body: null, parts: {} };
  const { id } = change;
  const makes = change.action === 'create' || change.action === 'replace';
  const live = makes || id === undefined ? undefined : seen.get(id);
  const document = work.documents.get(change.step) ?? {};
  const idOf = (address: Address): string | undefined => ids.get(address);
  const sending = [kindOf(change.kind), document, idOf, writer.dialect, live, makes] as const;
  return { body: bodyOf(...sending), parts: partsOf(...sending) };
};
