/** Request bodies: the whole document, in the API's terms. Pure. */
import { addressOf, type Address } from '../core/address.js';
import { reveal, type ValueObject } from '../core/secret.js';
import type { Dialect } from '../api/dialect.js';
import type { Json, JsonObject } from '../core/json.js';
import { spreadExtra } from '../kinds/extra.js';
import type { Kind, ReferenceRule } from '../kinds/kind.js';
import { dropNulls } from '../kinds/normalise.js';
import { spokenParts, withoutParts } from '../kinds/parts.js';
import { pick } from '../kinds/paths.js';
import { referencesToWire } from '../kinds/references.js';
import type { Reference } from '../kinds/reference.js';
import type { Action, Change } from '../plan/plan.js';

const SENT: ReadonlySet<Action> = new Set<Action>(['create', 'replace', 'update']);

/** Whether a change sends a document, secrets included; of what is adopted only where it differs. */
export const sendsDocument = ({ action, patch }: Change): boolean =>
  SENT.has(action) || (action === 'adopt' && patch.length > 0);

interface Sending {
  readonly kind: Kind;
  readonly document: ValueObject;
  readonly idOf: (address: Address) => string | undefined;
  readonly dialect: Dialect;
  readonly live: JsonObject | undefined;
}

/** What `kept` takes of a document, in the API's terms. */
const wireOf = (
  { kind, document, idOf, dialect, live }: Sending,
  kept: (whole: ValueObject) => ValueObject,
): Json =>
  reveal(
    spreadExtra(
      kind,
      dropNulls(
        kind,
        referencesToWire(kind, kept(kind.toWire?.(document, dialect, live) ?? document), (reference, rule) =>
          idIn(reference, rule, idOf),
        ),
      ),
    ),
  );

/** The body of a create, or of an update of `live`, secrets in clear: for the client, and for nothing else. */
export const bodyOf = (
  kind: Kind,
  document: ValueObject,
  idOf: (address: Address) => string | undefined,
  dialect: Dialect,
  live: JsonObject | undefined,
  isCreate = false,
): Json => wireOf({ kind, document, idOf, dialect, live }, (whole) => withoutParts(kind, whole, isCreate));

/** What is desired of each part that has requests of its own, by its name; as `bodyOf`, for the client alone. */
export const partsOf = (
  kind: Kind,
  document: ValueObject,
  idOf: (address: Address) => string | undefined,
  dialect: Dialect,
  live: JsonObject | undefined,
  isCreate = false,
): Readonly<Record<string, Json>> => {
  const names = spokenParts(kind, document, isCreate).map(({ name }) => name);
  if (names.length === 0) return {};
  return wireOf({ kind, document, idOf, dialect, live }, (whole) => pick(whole, names)) as JsonObject;
};

/** The id that a reference leads to; names are resolved when the plan is made. */
const idIn = (
  reference: Reference,
  rule: ReferenceRule,
  idOf: (address: Address) => string | undefined,
): string => {
  if (reference.to === 'id') return reference.id;
  const id = reference.to === 'key' ? idOf(addressOf(rule.kind, reference.key)) : undefined;
  if (id === undefined) throw new Error(`no id for ${rule.name} ${JSON.stringify(reference)}`);
  return id;
};
