/** What separates a manifest from its live object. Pure. */
import jsonPatch from 'fast-json-patch';
import { isJsonObject, jsonEqual, type Json, type JsonObject } from '../core/json.js';
import { pointerSegments, redact, SECRET_TEXT, secretsOf, type ValueObject } from '../core/secret.js';
import type { Finding, Kind } from '../kinds/kind.js';
import { comparable, completeFromLive, serverOwned } from '../kinds/normalise.js';
import { valueAt, withValue } from '../kinds/paths.js';
import { referencesFromLive } from '../kinds/references.js';

/** Whether the secret of a manifest is the one that was last applied. */
export type SecretStatus = 'same' | 'changed' | 'unknown';

export interface DiffInput {
  readonly kind: Kind;
  /** References by key or `{id}`. */
  readonly desired: ValueObject;
  /** As the API answered. */
  readonly live: JsonObject;
  /** The document that was last applied. */
  readonly applied: JsonObject | undefined;
  readonly keyOf: (kind: string, id: string) => string | undefined;
  readonly secretStatus: (pointer: string) => SecretStatus;
}

export interface Diff {
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly patch: readonly JsonObject[];
  /** The whole document to send. */
  readonly document: ValueObject;
  readonly unknownSecrets: readonly string[];
  readonly reasons: readonly string[];
  readonly findings: readonly Finding[];
}

const CHANGED_SECRET = '(secret, changed)';

/** The patch from one document to another, as plain data. */
export const patchOf = (before: JsonObject, after: JsonObject): readonly JsonObject[] =>
  jsonPatch.compare(before, after) as unknown as readonly JsonObject[];

/** Compares a manifest with its live object, in the manifest's terms. */
export const diff = (input: DiffInput): Diff => {
  const { kind, desired, applied, secretStatus } = input;
  const { document: open, masked } = kind.fromLive(input.live);
  const live = referencesFromLive(kind, open, input.keyOf) as JsonObject;
  const document = completeFromLive(kind, desired, live, applied);
  const silent = serverOwned(kind.shape, desired);

  let before: ValueObject = live;
  let after = redact(document) as ValueObject;
  const unknownSecrets: string[] = [];
  const secrets = new Set<string>();
  for (const [pointer] of secretsOf(document)) {
    secrets.add(pointer);
    const path = pointerSegments(pointer);
    before = withValue(before, path, SECRET_TEXT);
    const status = secretStatus(pointer);
    if (status === 'changed') after = withValue(after, path, CHANGED_SECRET);
    if (status === 'unknown') unknownSecrets.push(pointer);
  }
  // An answer holds none of these: they are compared with what was last applied.
  for (const path of kind.shape.writeOnly) {
    if (secrets.has(`/${path.join('/')}`)) continue;
    const last = applied === undefined ? valueAt(after, path) : valueAt(applied, path);
    if (last !== undefined) before = withValue(before, path, last);
  }
  const lost: string[] = [];
  for (const pointer of masked.filter((candidate) => !secrets.has(candidate))) {
    const path = pointerSegments(pointer);
    const taken = valueAt(desired, path) === null || valueAt(applied, path) !== undefined;
    if (taken) before = withValue(before, path, SECRET_TEXT);
    else lost.push(pointer);
  }
  const from = comparable(kind, before as JsonObject, silent);
  const to = comparable(kind, after as JsonObject, silent);
  const patch = patchOf(from, to);
  return {
    before: from,
    after: to,
    patch,
    document,
    unknownSecrets,
    reasons: patch.length === 0 ? [] : reasonsOf(kind, desired, live, applied, from),
    findings: patch.length === 0 ? [] : [...immutable(kind, from, to), ...lost.map(lostSecret)],
  };
};

/** Who changed what: the manifest, somebody else, or both, by the document that was last applied. */
const reasonsOf = (
  kind: Kind,
  desired: ValueObject,
  live: JsonObject,
  applied: JsonObject | undefined,
  before: JsonObject,
): readonly string[] => {
  if (applied === undefined) return ['differs from the manifest'];
  const silent = serverOwned(kind.shape, applied);
  const whole = completeFromLive(kind, applied, live, applied) as JsonObject;
  const asApplied = comparable(kind, whole, silent);
  const seen = withSecretsOf(comparable(kind, live, silent), asApplied, before);
  const wanted = comparable(kind, redact(desired) as JsonObject, silent);
  const manifest = !jsonEqual(comparable(kind, applied, silent), wanted);
  const drifted = !jsonEqual(asApplied, seen);
  return [
    ...(manifest ? ['changed in the manifest'] : []),
    ...(drifted ? ['changed outside since the last apply'] : []),
    ...(!manifest && !drifted ? ['a secret changed'] : []),
  ];
};

/** `live` with the secrets and write-only values that a comparison with `applied` must not see missing. */
const withSecretsOf = (live: JsonObject, applied: JsonObject, before: JsonObject): JsonObject => {
  const fill = (target: JsonObject, source: JsonObject, shown: Json | undefined): JsonObject => {
    const extra = Object.entries(source).flatMap(([key, value]): [string, Json][] => {
      const held = target[key];
      const inside = isJsonObject(shown) ? shown[key] : undefined;
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
  return fill(live, applied, before);
};

const immutable = (kind: Kind, before: JsonObject, after: JsonObject): readonly Finding[] =>
  kind.immutable
    .filter((path) => !jsonEqual(valueAt(before, path) as Json, valueAt(after, path) as Json))
    .map((path) => ({
      severity: 'error',
      code: 'immutable-field',
      pointer: `/${path.join('/')}`,
      message: `${path.join('.')} cannot change: it is ${JSON.stringify(valueAt(before, path))} and should become ${JSON.stringify(valueAt(after, path))}`,
      hint: 'give the manifest another key: the old object is deleted and a new one created',
    }));

const lostSecret = (pointer: string): Finding => ({
  severity: 'error',
  code: 'masked-secret',
  pointer: '',
  message: `an update would lose the live secret ${pointer}: it is masked, and the manifest does not mention it`,
  hint: `add ${pointer.split('/').at(-1) ?? ''}: \${secret:NAME} to the manifest, or null to remove it`,
});
