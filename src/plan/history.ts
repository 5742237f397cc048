/** What was last applied, beside what lives now and what is wanted: who changed what. Pure. */
import { isJsonObject, jsonEqual, type Json, type JsonObject } from '../core/json.js';
import { escapePointer, redact, SECRET_TEXT, type ValueObject } from '../core/secret.js';
import type { Kind } from '../kinds/kind.js';
import { comparable, completeFromLive, serverOwned } from '../kinds/normalise.js';
import { valueAt } from '../kinds/paths.js';
import type { Cause } from './plan.js';

/** The document that was last applied and the live one, both in the form of comparison. */
export interface History {
  readonly applied: JsonObject;
  readonly seen: JsonObject;
}

/**
 * Makes the two comparable. `live` is in the manifest's terms; `shown` is a document whose secrets and
 * write-only values a comparison must not see missing.
 */
export const historyOf = (
  kind: Kind,
  applied: JsonObject,
  live: JsonObject,
  shown: JsonObject | undefined,
): History => {
  const silent = serverOwned(kind.shape, applied);
  const whole = completeFromLive(kind, applied, live, applied) as JsonObject;
  const before = comparable(kind, whole, silent);
  return { applied: before, seen: withSecretsOf(comparable(kind, live, silent), before, shown ?? before) };
};

/** `live` with the secrets and write-only values that a comparison with `applied` must not see missing. */
const withSecretsOf = (live: JsonObject, applied: JsonObject, shown: JsonObject): JsonObject => {
  const fill = (target: JsonObject, source: JsonObject, visible: Json | undefined): JsonObject => {
    const extra = Object.entries(source).flatMap(([key, value]): [string, Json][] => {
      const held = target[key];
      const inside = isJsonObject(visible) ? visible[key] : undefined;
      if (isJsonObject(value)) return [[key, fill(isJsonObject(held) ? held : {}, value, inside)]];
      return held === undefined && (value === SECRET_TEXT || jsonEqual(inside, value)) ? [[key, value]] : [];
    });
    const filled = { ...target, ...Object.fromEntries(extra) };
    return Object.fromEntries(
      Object.entries(filled).filter(
        ([key, value]) => key in target || !isJsonObject(value) || Object.keys(value).length > 0,
      ),
    );
  };
  return fill(live, applied, shown);
};

/** The paths at which two documents differ: of maps their entries, of everything else the value itself. */
export const differingPaths = (
  before: Json | undefined,
  after: Json | undefined,
  at: readonly string[] = [],
): readonly (readonly string[])[] => {
  if (jsonEqual(before, after)) return [];
  if (!isJsonObject(before) || !isJsonObject(after)) return [at];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    differingPaths(before[key], after[key], [...at, key]),
  );
};

/** The JSON pointer of a path. */
export const pointerOf = (path: readonly string[]): string =>
  path.map((segment) => `/${escapePointer(segment)}`).join('');

/** Who made each difference between `before` (live) and `after` (wanted). */
export const causesOf = (
  before: JsonObject,
  after: JsonObject,
  { applied, seen }: History,
): Readonly<Record<string, Cause>> =>
  Object.fromEntries(
    differingPaths(before, after).map((path): [string, Cause] => {
      const last = valueAt(applied, path) as Json | undefined;
      const inManifest = !jsonEqual(last, valueAt(after, path) as Json | undefined);
      const outside = !jsonEqual(last, valueAt(seen, path) as Json | undefined);
      return [pointerOf(path), inManifest && outside ? 'both' : outside ? 'outside' : 'manifest'];
    }),
  );

/** Who changed what, in words; of a document that was applied before. */
export const reasonsOf = (
  kind: Kind,
  applied: JsonObject,
  desired: ValueObject,
  history: History,
): readonly string[] => {
  const silent = serverOwned(kind.shape, applied);
  const wanted = comparable(kind, redact(desired) as JsonObject, silent);
  const manifest = !jsonEqual(comparable(kind, applied, silent), wanted);
  const drifted = !jsonEqual(history.applied, history.seen);
  return [
    ...(manifest ? ['changed in the manifest'] : []),
    ...(drifted ? ['changed outside since the last apply'] : []),
    ...(!manifest && !drifted ? ['a secret changed'] : []),
  ];
};
