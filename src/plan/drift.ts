/** Drift: what was changed outside since the last apply, whatever the manifests say now. Pure. */
import type { Address } from '../core/address.js';
import { byCodeUnit, isJsonObject, jsonEqual, type Json, type JsonObject } from '../core/json.js';
import { pointerSegments, SECRET_TEXT, type ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import { valueAt, withValue } from '../kinds/paths.js';
import { referencesFromLive } from '../kinds/references.js';
import { kindOf } from '../kinds/registry.js';
import type { Live } from '../live/snapshot.js';
import { withBinding, type Binding, type State } from '../state/state.js';
import { differingPaths, historyOf, pointerOf } from './history.js';

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
  /** Bindings that live as they were applied. */
  readonly same: number;
  /** The state with what lives in the place of what was applied. */
  readonly accepted: State;
}

/** Compares every bound object with the document that was last applied to it. */
export const findDrift = (state: State, live: Live): Drift => {
  const objects = new Map(live.objects.map((object) => [`${object.kind} ${object.id}`, object]));
  const bindings = (Object.entries(state.resources) as [Address, Binding][]).sort(([a], [b]) =>
    byCodeUnit(a, b),
  );
  const keys = new Map(
    bindings.map(([address, { kind, id }]) => [`${kind} ${id}`, address.slice(address.indexOf('.') + 1)]),
  );
  const drifted: Drifted[] = [];
  let accepted = state;
  for (const [address, binding] of bindings) {
    const { kind: kindName, id, applied } = binding;
    const object = objects.get(`${kindName} ${id}`);
    const base = { address, kind: kindName, id };
    if (object === undefined) {
      drifted.push({ ...base, name: asText(applied['name']), gone: true, fields: [] });
      accepted = withBinding(accepted, address, undefined);
      continue;
    }
    const kind = kindOf(kindName);
    const { document } = kind.fromLive(object.value);
    const own = referencesFromLive(kind, document, (name, used) => keys.get(`${name} ${used}`)) as JsonObject;
    const history = historyOf(kind, applied, own);
    if (jsonEqual(history.applied, history.seen)) continue;
    const by = object.value['updated_by'];
    drifted.push({
      ...base,
      name: object.name,
      gone: false,
      fields: differingPaths(history.applied, history.seen).map((path) => ({
        pointer: pointerOf(path),
        applied: valueAt(history.applied, path) as Json | undefined,
        live: valueAt(history.seen, path) as Json | undefined,
      })),
      ...(isJsonObject(by) && typeof by['name'] === 'string' ? { by: by['name'] } : {}),
      ...(typeof object.value['updated_at'] === 'string' ? { at: object.value['updated_at'] } : {}),
    });
    accepted = withBinding(accepted, address, {
      ...binding,
      applied: acceptedDocument(binding, own, kind.shape.writeOnly),
    });
  }
  return { drifted, same: bindings.length - drifted.length, accepted };
};

/** What lives, with what an answer does not show as it was applied. */
const acceptedDocument = (
  { applied, secrets }: Binding,
  live: JsonObject,
  writeOnly: readonly (readonly string[])[],
): JsonObject => {
  const kept: ValueObject = writeOnly.reduce<ValueObject>((document, path) => {
    const value = valueAt(applied, path);
    return value === undefined ? document : withValue(document, path, value);
  }, live);
  return Object.keys(secrets).reduce<ValueObject>(
    (document, pointer) => withValue(document, pointerSegments(pointer), SECRET_TEXT),
    kept,
  ) as JsonObject;
};
