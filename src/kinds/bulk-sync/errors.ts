/**
 * Who is told when a bulk sync fails, and when: kept at an address of its own, whose PUT leaves what it does not name.
 * A threshold of 0 is none of the bulk sync's own, and answered as null. Pure.
 */
import { isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { isValueArray, isValueObject, type ValueObject } from '../../core/secret.js';
import type { Part } from '../kind.js';
import { mapValue, pick, without, type Path } from '../paths.js';
import { canonicalErrors, holds } from '../sync-errors.js';

const NAME = 'error_handling';
const THRESHOLD = 'ingestion_failure_threshold';
const PATH = '/api/bulk/syncs/{id}/error-handling';

const settled = (held: Json | undefined): Json | undefined =>
  isJsonObject(held) && held[THRESHOLD] === null ? { ...held, [THRESHOLD]: 0 } : held;

export const bulkErrorHandling: Part = {
  name: NAME,
  isIn: ({ bulk }) => bulk.schedules === 'several',
  read: { path: PATH, is: 'object' },
  requests: (desired, live) =>
    holds(settled(live), desired) ? [] : [{ method: 'PUT', path: PATH, body: desired }],
};

/** What a manifest does not name stays as it is. */
export const bulkErrorsWhenSilent: readonly Path[] = [[NAME], [NAME, THRESHOLD], [NAME, 'subscribers']];

/** The settings of an answer that were read with it. */
export const bulkErrorsFromLive = (live: JsonObject): JsonObject => {
  const held = live[NAME];
  return isJsonObject(held) ? { [NAME]: pick(held, [THRESHOLD, 'subscribers']) } : {};
};

/** The form of comparison. */
export const canonicalBulkErrors = (document: ValueObject): ValueObject =>
  mapValue(canonicalErrors(document), [NAME, THRESHOLD], (value) => (value === 0 ? undefined : value));

/** Left out where nobody is told, and nothing is set. */
export const shortBulkErrors = (document: ValueObject): ValueObject => {
  const held = document[NAME];
  if (!isValueObject(held)) return document;
  const { subscribers: told, [THRESHOLD]: threshold } = held;
  const isNothing = (!isValueArray(told) || told.length === 0) && (threshold == null || threshold === 0);
  return isNothing ? without(document, NAME) : document;
};
