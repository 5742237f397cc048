/** What separates a manifest from its live object. Pure. */
import jsonPatch from 'fast-json-patch';
import { jsonEqual, type Json, type JsonObject } from '../core/json.js';
import {
  isValueArray,
  pointerSegments,
  redact,
  Secret,
  SECRET_TEXT,
  secretsOf,
  type Value,
  type ValueObject,
} from '../core/secret.js';
import type { Finding, Kind } from '../kinds/kind.js';
import { withHiddenExtra } from '../kinds/extra.js';
import { isIgnored, keepIgnored, manifestPath } from '../kinds/ignored.js';
import { comparable, completeFromLive, current, serverOwned } from '../kinds/normalise.js';
import { mapValue, valueAt, withValue, type Path } from '../kinds/paths.js';
import { idsAsKeys, referencesFromLive } from '../kinds/references.js';
import { causesOf, historyOf, reasonsOf } from './history.js';
import { underFinalName } from './interim.js';
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
  /** As `keyOf`, and of what was replaced the key of what took its place: a reference to it is nobody's change. */
  readonly keyWas?: DiffInput['keyOf'];
  readonly secretStatus: (pointer: string) => SecretStatus;
  /** JSON pointers of what stays as it lives. */
  readonly ignore: readonly string[];
  /** Nobody wrote the object since this repository did: what an answer hides is what was last applied. */
  readonly untouched?: boolean;
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
  /** What stops an update; nothing where nothing is sent. */
  readonly findings: readonly Finding[];
  /** As `findings`, for a document that is sent although it is the same. */
  readonly losses: readonly Finding[];
  /** Pointers of hidden values that are left to others, and go along as they were last applied. */
  readonly carried: readonly string[];
  /** The manifest with what lives in the place of what it leaves to others. */
  readonly kept: ValueObject;
}

const CHANGED_SECRET = '(secret, changed)';

/** The patch from one document to another, as plain data. */
export const patchOf = (before: JsonObject, after: JsonObject): readonly JsonObject[] =>
  jsonEqual(before, after) ? [] : (jsonPatch.compare(before, after) as unknown as readonly JsonObject[]);

/** Compares a manifest with its live object, in the manifest's terms. */
export const diff = (given: DiffInput): Diff => {
  const { kind, secretStatus } = given;
  const input =
    given.applied === undefined
      ? given
      : { ...given, applied: idsAsKeys(kind, current(kind, given.applied), given.keyOf) as JsonObject };
  const { document: open, masked, unseen = [] } = kind.fromLive(input.live);
  const live = referencesFromLive(kind, open, input.keyOf) as JsonObject;
  const was =
    input.keyWas === undefined ? live : (referencesFromLive(kind, open, input.keyWas) as JsonObject);
  const ignore = input.ignore.map((pointer) => manifestPath(kind, pointer));
  const hidden = hiddenIgnored(input, open, [...masked, ...unseen], ignore);
  const carried = hidden.filter(({ value }) => value !== undefined).map(({ pointer }) => pointer);
  const kept = (document: ValueObject): ValueObject =>
    hidden.reduce(
      (whole, { path, value }) =>
        value === undefined ? mapValue(whole, path, () => undefined) : withValue(whole, path, value),
      keepIgnored(kind, document, live, ignore),
    );
  const desired = kept(input.desired);
  const applied = input.applied === undefined ? undefined : (redact(kept(input.applied)) as JsonObject);
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
    const status = carried.includes(pointer) ? 'same' : secretStatus(pointer);
    if (status === 'changed') after = withValue(after, path, CHANGED_SECRET);
    if (status === 'unknown') unknownSecrets.push(pointer);
  }
  // An answer holds none of these: they are compared with what was last applied.
  for (const path of kind.shape.writeOnly) {
    if (secrets.has(`/${path.join('/')}`)) continue;
    const last = applied === undefined ? valueAt(after, path) : valueAt(applied, path);
    if (last !== undefined) before = withValue(before, path, last);
  }
  const losses = hidden.flatMap(({ pointer, value }) => (value === undefined ? [notInHand(pointer)] : []));
  // A secret may be a whole map, of which an answer masks parts.
  const isSent = (pointer: string): boolean =>
    [...secrets].some((secret) => pointer === secret || pointer.startsWith(`${secret}/`));
  for (const pointer of [...masked, ...unseen]) {
    if (isSent(pointer) || hidden.some((each) => each.pointer === pointer)) continue;
    const path = pointerSegments(pointer);
    const said = valueAt(desired, path);
    const last = valueAt(applied, path);
    // Written in clear, although the API keeps it secret: compared with what was last applied.
    if (said != null) before = withValue(before, path, last ?? SECRET_TEXT);
    else if (said === null || last !== undefined) before = withValue(before, path, SECRET_TEXT);
    else losses.push(lostSecret(pointer, unseen.includes(pointer)));
  }
  before = withHiddenExtra(kind, before, desired, applied);
  const from = comparable(kind, before as JsonObject, silent);
  const to = comparable(kind, after as JsonObject, silent);
  const patch = patchOf(from, to);
  return {
    before: from,
    after: to,
    patch,
    document,
    unknownSecrets,
    ...historyParts({ kind, desired, live, was, applied, from, to }, patch.length > 0),
    immutable: immutableDifferences(kind, from, to),
    findings: patch.length === 0 ? [] : losses,
    losses,
    carried,
    kept: desired,
  };
};

interface Hidden {
  readonly pointer: string;
  readonly path: Path;
  /** What lives, where that is known; undefined where nobody can say. */
  readonly value: Value | undefined;
}

/**
 * What no answer shows and the manifest leaves to others. A full replacement takes it away unless it is sent, and
 * whether a mask is taken for 'keep' is documented nowhere: the value in hand goes along where it is what lives, as
 * the last to write it was this repository.
 */
const hiddenIgnored = (
  { kind, desired, applied, untouched = false, secretStatus }: DiffInput,
  live: JsonObject,
  masked: readonly string[],
  ignore: readonly Path[],
): readonly Hidden[] => {
  const isThere = (path: Path): boolean =>
    valueAt(desired, path) != null || valueAt(applied, path) !== undefined;
  const pointers = new Set([
    ...masked,
    ...kind.shape.writeOnly.filter(isThere).map((path) => `/${path.join('/')}`),
    // A secret that an answer leaves out in place of masking it.
    ...secretsOf(desired).map(([pointer]) => pointer),
  ]);
  return [...pointers]
    .filter((pointer) => isIgnored(pointer, ignore))
    .map((pointer) => {
      const path = pointerSegments(pointer);
      const ours = valueAt(desired, path);
      const shown = valueAt(live, path);
      // What an answer shows after all is what lives; it stays a secret, since the manifest says that it is one.
      if (ours instanceof Secret && typeof shown === 'string')
        return { pointer, path, value: new Secret(ours.label, shown) };
      const hasPlace = path.every((segment, depth) => {
        const list = valueAt(live, path.slice(0, depth));
        return !isValueArray(list) || Number(segment) < list.length;
      });
      const last = valueAt(applied, path);
      const isSame =
        ours instanceof Secret
          ? last !== undefined && (!ours.known || secretStatus(pointer) === 'same')
          : ours !== undefined && jsonEqual(ours as Json, last as Json | undefined);
      return { pointer, path, value: untouched && isSame && hasPlace ? ours : undefined };
    });
};

interface Compared {
  readonly kind: Kind;
  readonly desired: ValueObject;
  readonly live: JsonObject;
  /** As `live`, with references to what was replaced as if they were to what took its place. */
  readonly was: JsonObject;
  readonly applied: JsonObject | undefined;
  readonly from: JsonObject;
  readonly to: JsonObject;
}

const historyParts = (
  { kind, desired, live, was, applied, from, to }: Compared,
  differs: boolean,
): Pick<Diff, 'reasons' | 'causes'> => {
  if (!differs) return { reasons: [], causes: {} };
  if (applied === undefined) return { reasons: ['differs from the manifest'], causes: {} };
  const history = historyOf(kind, applied, underFinalName(was, applied['name']));
  const repointed = !jsonEqual(was, live);
  return {
    reasons: reasonsOf(kind, applied, desired, history, repointed),
    causes: causesOf(from, to, history),
  };
};

/** Paths of fields that cannot change in place, and would have to. */
const immutableDifferences = (kind: Kind, before: JsonObject, after: JsonObject): readonly Path[] =>
  kind.immutable.filter((path) => !jsonEqual(valueAt(before, path) as Json, valueAt(after, path) as Json));

const lostSecret = (pointer: string, isUnseen: boolean): Finding => ({
  severity: 'error',
  code: 'masked-secret',
  pointer: '',
  message: `an update would lose the live secret ${pointer}: ${isUnseen ? 'no answer holds it' : 'it is masked'}, and the manifest does not mention it`,
  hint: `add ${pointer.split('/').at(-1) ?? ''}: \${secret:NAME} to the manifest, or null to remove it`,
});

const notInHand = (pointer: string): Finding => ({
  severity: 'error',
  code: 'hidden-ignored-field',
  pointer,
  message: `an update replaces the whole object and has to send ${pointer}, which ignore_changes leaves to others: what lives cannot be read, and is not known to be what was last applied`,
  hint: 'make sure that the manifest has the value that lives, and take it out of ignore_changes for this change; or make the change in Polytomic by hand, too',
});
