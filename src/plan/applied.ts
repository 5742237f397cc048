/** What an apply would leave in the state of an object that it did not touch. Pure. */
import type { JsonObject } from '../core/json.js';
import {
  isValueObject,
  pointerSegments,
  redact,
  SECRET_TEXT,
  secretsOf,
  type Value,
  type ValueObject,
} from '../core/secret.js';
import { mapExtra } from '../kinds/extra.js';
import type { Kind } from '../kinds/kind.js';
import { current } from '../kinds/normalise.js';
import { mapValue, valueAt, withValue } from '../kinds/paths.js';
import { referencesFromLive } from '../kinds/references.js';

/**
 * A document as an apply would leave it in the state, for an object that was bound and not changed: what lives,
 * as far as the manifest speaks of it, so that what it is silent about stays where it is. Pure.
 */
export const asApplied = (
  kind: Kind,
  desired: ValueObject,
  live: JsonObject,
  keyOf: (kind: string, id: string) => string | undefined,
): JsonObject => {
  const { freeMaps, liveWhenSilent, serverWhenSilent, writeOnly } = kind.shape;
  const shown = current(kind, redact(desired) as JsonObject);
  const { document, masked } = kind.fromLive(live);
  let applied: ValueObject = referencesFromLive(kind, document, keyOf);
  for (const path of freeMaps)
    applied = mapValue(applied, path, (theirs) => spokenOf(theirs, valueAt(shown, path)));
  applied = mapExtra(kind, applied, [shown], (theirs, ours = {}) => spokenOf(theirs, ours) as ValueObject);
  for (const path of [...liveWhenSilent, ...serverWhenSilent])
    if (valueAt(shown, path) === undefined) applied = mapValue(applied, path, () => undefined);
  for (const path of writeOnly) {
    const own = valueAt(shown, path);
    if (own !== undefined) applied = withValue(applied, path, own);
  }
  // A secret that lives, whatever it is: it cannot be compared, and is no reason to send another one.
  for (const [pointer] of secretsOf(desired))
    if (masked.includes(pointer)) applied = withValue(applied, pointerSegments(pointer), SECRET_TEXT);
  return applied as JsonObject;
};

const spokenOf = (theirs: Value, ours: Value | undefined): Value => {
  if (!isValueObject(theirs)) return theirs;
  if (!isValueObject(ours)) return {};
  return Object.fromEntries(
    Object.entries(theirs).flatMap(([name, value]) =>
      Object.hasOwn(ours, name)
        ? [[name, isValueObject(value) ? spokenOf(value, ours[name]) : value] as const]
        : [],
    ),
  );
};
