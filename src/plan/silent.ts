/** What a live object holds beyond its manifest: nobody compares it, and somebody may still want to hear of it. Pure. */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { createScrubber } from '../core/scrub.js';
import { SECRET_TEXT, type Secret } from '../core/secret.js';
import { currentPointers, keepIgnored, manifestPath } from '../kinds/ignored.js';
import type { Kind } from '../kinds/kind.js';
import { comparable, completeFromLive, current, serverOwned } from '../kinds/normalise.js';
import { referencesFromLive } from '../kinds/references.js';

/**
 * The fields on which a document that was applied is silent, and that are kept as they live, in the form of
 * comparison. Neither what the server decides (fields of a model) nor what is left to others (`ignored`) is among
 * them. `value` is as the API answered; references stay ids, since keys come and go.
 */
export const silentOf = (
  kind: Kind,
  last: JsonObject,
  value: JsonObject,
  ignored: readonly string[] = [],
): JsonObject => {
  const live = referencesFromLive(kind, kind.fromLive(value).document, () => undefined) as JsonObject;
  const applied = current(kind, last);
  const paths = ignored
    .flatMap((pointer) => currentPointers(kind, last, pointer))
    .map((pointer) => manifestPath(kind, pointer));
  const said = keepIgnored(kind, applied, live, paths) as JsonObject;
  const server = serverOwned(kind.shape, said);
  const whole = comparable(kind, completeFromLive(kind, said, live, said) as JsonObject, server);
  return beyond(whole, comparable(kind, said, server));
};

const beyond = (whole: JsonObject, said: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(whole).flatMap(([name, value]): [string, Json][] => {
      const own = Object.hasOwn(said, name) ? said[name] : undefined;
      if (own === undefined) return [[name, value]];
      if (!isJsonObject(value) || !isJsonObject(own)) return [];
      const rest = beyond(value, own);
      return Object.keys(rest).length === 0 ? [] : [[name, rest]];
    }),
  );

/** The same with every value hidden that holds one of the secrets: an API may repeat one where nobody looks for it. */
export const withoutSecrets = (silent: JsonObject, secrets: readonly Secret[]): JsonObject => {
  const scrub = createScrubber(secrets);
  const isClean = (value: Json): boolean =>
    typeof value === 'string'
      ? scrub(value) === value
      : isJsonArray(value)
        ? value.every(isClean)
        : !isJsonObject(value) || Object.values(value).every(isClean);
  const clean = (object: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(object).map(([name, value]): [string, Json] => [
        name,
        isJsonObject(value) ? clean(value) : isClean(value) ? value : SECRET_TEXT,
      ]),
    );
  return clean(silent);
};
