/**
 * What happens when records of a sync fail, and who is told. The API keeps it at an address of its own
 * (`/api/syncs/{id}/error-handling`), whose PUT leaves what it does not name. Pure.
 */
import { isJsonArray, isJsonObject, jsonEqual, type Json, type JsonObject } from '../core/json.js';
import { isValueArray, isValueObject, type ValueObject } from '../core/secret.js';
import { folded, uniqueEmails } from './emails.js';
import type { Part } from './kind.js';
import { mapValue, pick, valueAt, without, type Path } from './paths.js';

const NAME = 'error_handling';

const switches = ['auto_retry_record_errors', 'notify_on_record_errors', 'warning_notifications'] as const;

const PATH = '/api/syncs/{id}/error-handling';

/** Whether all that is named of settings lives already. */
export const holds = (live: Json | undefined, desired: Json): boolean => {
  if (!isJsonObject(live) || !isJsonObject(desired)) return false;
  const formOf = (held: JsonObject): Json => {
    const { subscribers: told, ...rest } = pick(held, Object.keys(desired));
    return { ...rest, ...(isJsonArray(told) ? { subscribers: told.map(folded).sort() as Json } : {}) };
  };
  return jsonEqual(formOf(live), formOf(desired));
};

export const errorHandling: Part = {
  name: NAME,
  isIn: ({ syncForms }) => syncForms === 'both',
  read: { path: PATH, is: 'object' },
  requests: (desired, live) => (holds(live, desired) ? [] : [{ method: 'PUT', path: PATH, body: desired }]),
};

const subscribers: Path = [NAME, 'subscribers'];

/** Lists whose order does not count, and in which an empty one is a value: nobody. */
export const errorSets: readonly Path[] = [subscribers];

/** What a manifest does not name stays as it is. */
export const errorsWhenSilent: readonly Path[] = [
  [NAME],
  ...switches.map((name) => [NAME, name]),
  subscribers,
];

/** The settings of an answer that were read with it. */
export const errorsFromLive = (live: JsonObject): JsonObject => {
  const held = live[NAME];
  return isJsonObject(held) ? { [NAME]: pick(held, [...switches, 'subscribers']) } : {};
};

/** The form of comparison: nobody is told twice, however an address is written. */
export const canonicalErrors = (document: ValueObject): ValueObject =>
  mapValue(document, subscribers, uniqueEmails);

/** Left out where nothing is switched on and nobody is told: what a sync has that nobody set. */
export const shortErrors = (document: ValueObject): ValueObject => {
  const held = document[NAME];
  if (!isValueObject(held)) return document;
  const told = valueAt(document, subscribers);
  const isNothing =
    switches.every((name) => held[name] !== true) && (!isValueArray(told) || told.length === 0);
  return isNothing ? without(document, NAME) : document;
};
