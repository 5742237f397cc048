/** Drift: what was changed outside since the last apply, whatever the manifests say now. Pure. */
import { keyIn, type Address } from '../core/address.js';
import { byCodeUnit, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { pointerSegments, SECRET_TEXT, type ValueObject } from '../core/secret.js';
import { currentPointers, keepIgnored, manifestPath } from '../kinds/ignored.js';
import { titleOf } from '../kinds/identity.js';
import { current } from '../kinds/normalise.js';
import { valueAt, withValue } from '../kinds/paths.js';
import { referencesFromLive } from '../kinds/references.js';
import { kindOf } from '../kinds/registry.js';
import type { Live } from '../live/snapshot.js';
import { withBindings, type Binding, type State } from '../state/state.js';
import { asApplied } from './applied.js';
import { differingPaths, historyOf, pointerOf } from './history.js';
import { underFinalName } from './interim.js';
import { silentOf } from './silent.js';

export interface DriftedField {
  /** JSON pointer, in the form of comparison. */
  readonly pointer: string;
  /** Undefined where there was nothing. */
  readonly applied: Json | undefined;
  readonly live: Json | undefined;
}

export interface Drifted {
  readonly address: Address;
  readonly kind: string;
  readonly name: string;
  readonly id: string;
  /** Deleted outside; `fields` is empty then. */
  readonly gone: boolean;
  readonly fields: readonly DriftedField[];
  /** Who changed the live object last, and when, where the API says so. */
  readonly by?: string;
  readonly at?: string;
}

export interface Drift {
  /** By address. */
  readonly drifted: readonly Drifted[];
  /** Changed outside where the manifest says nothing: an apply leaves it as it lives. By address. */
  readonly unsaid: readonly Drifted[];
  /** Bindings that live as they were applied. */
  readonly same: number;
  /** The state with what lives in the place of what was applied. */
  readonly accepted: State;
}

/**
 * Compares every bound object with the document that was last applied to it, and with what it held beyond that. The
 * bindings of other addresses than those that `isChosen` takes are neither compared nor accepted.
 */
export const findDrift = (
  state: State,
  live: Live,
  isChosen: (address: Address) => boolean = () => true,
): Drift => {
  const objects = new Map(live.objects.map((object) => [`${object.kind} ${object.id}`, object]));
  const bindings = (Object.entries(state.resources) as [Address, Binding][]).sort(([a], [b]) =>
    byCodeUnit(a, b),
  );
  // A reference to what was replaced is pointed elsewhere by the next apply: nobody changed it.
  const keys = new Map(
    bindings.flatMap(([address, { kind, id, deposed = [] }]) =>
      [id, ...deposed].map((each) => [`${kind} ${each}`, keyIn(address)] as const),
    ),
  );
  const keyOf = (kind: string, id: string): string | undefined => keys.get(`${kind} ${id}`);
  const drifted: Drifted[] = [];
  const unsaid: Drifted[] = [];
  const accepted: [Address, Binding | undefined][] = [];
  const chosen = bindings.filter(([address]) => isChosen(address));
  for (const [address, binding] of chosen) {
    const { kind, id, applied, ignored = [] } = binding;
    const object = objects.get(`${kind} ${id}`);
    if (object === undefined) {
      drifted.push({ address, kind, id, name: titleOf(kindOf(kind), applied), gone: true, fields: [] });
      accepted.push([address, undefined]);
      continue;
    }
    const base = { address, kind, id, name: object.name, gone: false, ...editOf(object.value) };
    const fields = changedFields(binding, object.value, keyOf);
    if (fields.length > 0) drifted.push({ ...base, fields });
    const beyond = unsaidFields(binding, object.value);
    if (beyond.length > 0) unsaid.push({ ...base, fields: beyond });
    const next = fields.length === 0 ? applied : acceptedDocument(binding, object.value, keyOf);
    const silent = silentOf(kindOf(kind), next, object.value, ignored);
    accepted.push([
      address,
      { ...binding, applied: next, silent: asRemembered(silent, binding.silent) as JsonObject },
    ]);
  }
  return { drifted, unsaid, same: chosen.length - drifted.length, accepted: withBindings(state, accepted) };
};

/** Who changed a live object last, and when, where the API says so. */
const editOf = ({ updated_by: by, updated_at: at }: JsonObject): Pick<Drifted, 'by' | 'at'> => ({
  ...(isJsonObject(by) && typeof by['name'] === 'string' ? { by: by['name'] } : {}),
  ...(typeof at === 'string' ? { at } : {}),
});

const fieldsOf = (before: JsonObject, after: JsonObject): readonly DriftedField[] =>
  differingPaths(before, after).map((path) => ({
    pointer: pointerOf(path),
    applied: valueAt(before, path) as Json | undefined,
    live: valueAt(after, path) as Json | undefined,
  }));

type KeyOf = (kind: string, id: string) => string | undefined;

const changedFields = (
  { kind: name, applied: last, ignored = [] }: Binding,
  value: JsonObject,
  keyOf: KeyOf,
): readonly DriftedField[] => {
  const kind = kindOf(name);
  const applied = current(kind, last);
  const shown = underFinalName(kind.fromLive(value).document, applied['name']);
  const live = referencesFromLive(kind, shown, keyOf) as JsonObject;
  const paths = ignored
    .flatMap((pointer) => currentPointers(kind, last, pointer))
    .map((pointer) => manifestPath(kind, pointer));
  const history = historyOf(kind, keepIgnored(kind, applied, live, paths) as JsonObject, live);
  return fieldsOf(history.applied, history.seen);
};

/** Nothing where an older version wrote the binding, and so nobody knows what was there. */
const unsaidFields = (
  { kind, applied, ignored, silent }: Binding,
  value: JsonObject,
): readonly DriftedField[] =>
  silent === undefined
    ? []
    : fieldsOf(
        current(kindOf(kind), silent),
        asRemembered(silentOf(kindOf(kind), applied, value, ignored), silent) as JsonObject,
      );

/** What is beyond the manifest, with what was too secret to be remembered hidden as it was. */
const asRemembered = (now: Json, before: Json | undefined): Json => {
  if (before === SECRET_TEXT) return SECRET_TEXT;
  if (!isJsonObject(now) || !isJsonObject(before)) return now;
  return Object.fromEntries(
    Object.entries(now).map(([name, value]) => [
      name,
      asRemembered(value, Object.hasOwn(before, name) ? before[name] : undefined),
    ]),
  );
};

/** What lives as far as the manifest spoke, with what an answer does not show as it was applied. */
const acceptedDocument = ({ kind, applied, secrets }: Binding, live: JsonObject, keyOf: KeyOf): JsonObject =>
  Object.keys(secrets).reduce<ValueObject>(
    (document, pointer) => withValue(document, pointerSegments(pointer), SECRET_TEXT),
    asApplied(kindOf(kind), applied, underFinalName(live, applied['name']), keyOf),
  ) as JsonObject;
