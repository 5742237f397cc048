/** What was last applied, beside what lives now and what is wanted: who changed what. Pure. */
import { isJsonObject, jsonEqual, type Json, type JsonObject } from '../core/json.js';
import { escapePointer, redact, SECRET_TEXT, type ValueObject } from '../core/secret.js';
import { withHiddenExtra } from '../kinds/extra.js';
import type { Kind } from '../kinds/kind.js';
import { comparable, completeFromLive, current, serverOwned } from '../kinds/normalise.js';
import { valueAt, withValue } from '../kinds/paths.js';
import type { Cause } from './plan.js';

/** The document that was last applied and the live one, both in the form of comparison. */
export interface History {
  readonly applied: JsonObject;
  readonly seen: JsonObject;
}

/** Makes the two comparable; `live` is in the manifest's terms. */
export const historyOf = (kind: Kind, last: JsonObject, live: JsonObject): History => {
  const applied = current(kind, last);
  const silent = serverOwned(kind.shape, applied);
  const whole = completeFromLive(kind, applied, live, applied) as JsonObject;
  const before = comparable(kind, whole, silent);
  const shown = withHiddenExtra(kind, live, applied, applied) as JsonObject;
  return { applied: before, seen: withHidden(kind, comparable(kind, shown, silent), before) };
};

/** `live` with what no answer holds as it was applied: secrets, and what can only be written. */
const withHidden = (kind: Kind, live: JsonObject, applied: JsonObject): JsonObject =>
  [...secretPaths(applied), ...kind.shape.writeOnly].reduce<ValueObject>((whole, path) => {
    const value = valueAt(applied, path);
    return value === undefined ? whole : withValue(whole, path, value);
  }, live) as JsonObject;

const secretPaths = (value: Json, at: readonly string[] = []): readonly (readonly string[])[] =>
  value === SECRET_TEXT
    ? [at]
    : isJsonObject(value)
      ? Object.entries(value).flatMap(([key, item]) => secretPaths(item, [...at, key]))
      : [];

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
  /** Whether it refers to something that was replaced. */
  repointed = false,
): readonly string[] => {
  const silent = serverOwned(kind.shape, applied);
  const wanted = comparable(kind, redact(desired) as JsonObject, silent);
  const manifest = !jsonEqual(comparable(kind, applied, silent), wanted);
  const drifted = !jsonEqual(history.applied, history.seen);
  return [
    ...(manifest ? ['changed in the manifest'] : []),
    ...(drifted ? ['changed outside since the last apply'] : []),
    ...(repointed ? ['it refers to what was replaced'] : []),
    ...(!manifest && !drifted && !repointed ? ['a secret changed'] : []),
  ];
};
