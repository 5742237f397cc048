/** Request bodies: the whole document, in the API's terms. Pure. */
import { addressOf, type Address } from '../core/address.js';
import { isValueObject, reveal, type ValueObject } from '../core/secret.js';
import type { Dialect } from '../api/dialect.js';
import type { Json, JsonObject } from '../core/json.js';
import { spreadExtra } from '../kinds/extra.js';
import type { Kind, Settings } from '../kinds/kind.js';
import { dropNulls } from '../kinds/normalise.js';
import { referencesToWire } from '../kinds/references.js';
import { withoutSettings } from '../kinds/settings.js';
import type { Action, Change } from '../plan/plan.js';

const SENT: ReadonlySet<Action> = new Set<Action>(['create', 'replace', 'update']);

/** Whether a change sends a document, secrets included; of what is adopted only where it differs. */
export const sendsDocument = ({ action, patch }: Change): boolean =>
  SENT.has(action) || (action === 'adopt' && patch.length > 0);

/** The body of a part at an address of its own. */
export interface SettingsBody {
  readonly settings: Settings;
  readonly body: JsonObject;
}

/** What of a document is sent to addresses of its own, in the order of the kind's table. */
export const settingsOf = (kind: Kind, document: ValueObject): readonly SettingsBody[] =>
  kind.settings.flatMap((settings) => {
    const held = document[settings.name];
    return isValueObject(held) && Object.keys(held).length > 0
      ? [{ settings, body: reveal(held) as JsonObject }]
      : [];
  });

/** The body of a create, or of an update of `live`, secrets in clear: for the client, and for nothing else. */
export const bodyOf = (
  kind: Kind,
  document: ValueObject,
  idOf: (address: Address) => string | undefined,
  dialect: Dialect,
  live: JsonObject | undefined,
): Json =>
  reveal(
    spreadExtra(
      kind,
      dropNulls(
        kind,
        referencesToWire(
          kind,
          withoutSettings(kind, kind.toWire?.(document, dialect, live) ?? document),
          (reference, rule) => {
            if (reference.to === 'id') return reference.id;
            // Names are resolved when the plan is made.
            const id = reference.to === 'key' ? idOf(addressOf(rule.kind, reference.key)) : undefined;
            if (id === undefined) throw new Error(`no id for ${rule.name} ${JSON.stringify(reference)}`);
            return id;
          },
        ),
      ),
    ),
  );
