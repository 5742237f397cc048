/** What separates a manifest from its live object. Pure. */
import jsonPatch from 'fast-json-patch';
import { jsonEqual, type Json, type JsonObject } from '../core/json.js';
import { pointerSegments, redact, SECRET_TEXT, secretsOf, type ValueObject } from '../core/secret.js';
import type { Finding, Kind } from '../kinds/kind.js';
import { comparable, completeFromLive, serverOwned } from '../kinds/normalise.js';
import { mapValue, valueAt, withValue, type Path } from '../kinds/paths.js';
import { referencesFromLive } from '../kinds/references.js';
import { causesOf, historyOf, reasonsOf } from './history.js';
import type { Change } from './plan.js';

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
  /** JSON pointers of what stays as it lives. */
  readonly ignore: readonly string[];
}

export interface Diff {
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly patch: readonly JsonObject[];
  /** The whole document to send. */
  readonly document: ValueObject;
  readonly unknownSecrets: readonly string[];
  readonly reasons: readonly string[];
  readonly causes: Change['causes'];
  /** Fields that cannot change in place: the object has to be replaced. */
  readonly immutable: readonly Path[];
  readonly findings: readonly Finding[];
}

const CHANGED_SECRET = '(secret, changed)';

/** The patch from one document to another, as plain data. */
export const patchOf = (before: JsonObject, after: JsonObject): readonly JsonObject[] =>
  jsonPatch.compare(before, after) as unknown as readonly JsonObject[];

/** Compares a manifest with its live object, in the manifest's terms. */
export const diff = (input: DiffInput): Diff => {
  const { kind, applied, secretStatus } = input;
  const { document: open, masked } = kind.fromLive(input.live);
  const live = referencesFromLive(kind, open, input.keyOf) as JsonObject;
  const desired = withIgnored(input.desired, live, input.ignore);
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
  // A secret may be a whole map, of which an answer masks parts.
  const isSent = (pointer: string): boolean =>
    [...secrets].some((secret) => pointer === secret || pointer.startsWith(`${secret}/`));
  for (const pointer of masked.filter((candidate) => !isSent(candidate))) {
    const path = pointerSegments(pointer);
    const said = valueAt(desired, path);
    const last = valueAt(applied, path);
    // Written in clear, although the API keeps it secret: compared with what was last applied.
    if (said != null) before = withValue(before, path, last ?? SECRET_TEXT);
    else if (said === null || last !== undefined) before = withValue(before, path, SECRET_TEXT);
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
    ...historyParts({ kind, desired, live, applied, from, to }, patch.length > 0),
    immutable: immutableDifferences(kind, from, to),
    findings: patch.length === 0 ? [] : lost.map(lostSecret),
  };
};

interface Compared {
  readonly kind: Kind;
  readonly desired: ValueObject;
  readonly live: JsonObject;
  readonly applied: JsonObject | undefined;
  readonly from: JsonObject;
  readonly to: JsonObject;
}

const historyParts = (
  { kind, desired, live, applied, from, to }: Compared,
  differs: boolean,
): Pick<Diff, 'reasons' | 'causes'> => {
  if (!differs) return { reasons: [], causes: {} };
  if (applied === undefined) return { reasons: ['differs from the manifest'], causes: {} };
  const history = historyOf(kind, applied, live);
  return { reasons: reasonsOf(kind, applied, desired, history), causes: causesOf(from, to, history) };
};

/** Paths of fields that cannot change in place, and would have to. */
const immutableDifferences = (kind: Kind, before: JsonObject, after: JsonObject): readonly Path[] =>
  kind.immutable.filter((path) => !jsonEqual(valueAt(before, path) as Json, valueAt(after, path) as Json));

/** The document with what lives in the place of what the manifest leaves to others. */
const withIgnored = (document: ValueObject, live: JsonObject, pointers: readonly string[]): ValueObject =>
  pointers.reduce((whole, pointer) => {
    const path = pointerSegments(pointer);
    const theirs = valueAt(live, path);
    return theirs === undefined ? mapValue(whole, path, () => undefined) : withValue(whole, path, theirs);
  }, document);

const lostSecret = (pointer: string): Finding => ({
  severity: 'error',
  code: 'masked-secret',
  pointer: '',
  message: `an update would lose the live secret ${pointer}: it is masked, and the manifest does not mention it`,
  hint: `add ${pointer.split('/').at(-1) ?? ''}: \${secret:NAME} to the manifest, or null to remove it`,
});
