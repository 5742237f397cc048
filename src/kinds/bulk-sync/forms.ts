/**
 * What versions of the API write in other ways. Before 2025-09-18 a bulk sync has one `schedule`, and `discover` where
 * it now has `automatically_add_new_objects` and `automatically_add_new_fields`. Manifests have the newer form. Pure.
 */
import type { BulkDialect, Dialect } from '../../api/dialect.js';
import { DiagnosticError } from '../../core/diagnostics.js';
import { isJsonObject, type JsonObject } from '../../core/json.js';
import { isValueObject, type Value, type ValueObject } from '../../core/secret.js';
import { EXTRA, extraOf } from '../extra.js';
import { items, without } from '../paths.js';
import { unsayable } from '../parts.js';
import { identifySchedules } from './schedules.js';

const OBJECTS = 'automatically_add_new_objects';
const FIELDS = 'automatically_add_new_fields';

/** An answer in the newer words. Where `discover` alone is answered, fields are null: they are said with the objects. */
export const newerAnswer = (answer: JsonObject): JsonObject => {
  const { schedule, discover, ...rest } = answer;
  return {
    ...rest,
    ...(rest['default_schedule'] === undefined && isJsonObject(schedule)
      ? { default_schedule: schedule }
      : {}),
    ...(typeof discover === 'boolean' && rest[OBJECTS] === undefined
      ? { [OBJECTS]: discover ? 'all' : 'none', [FIELDS]: null }
      : {}),
  };
};

/** What says the same as the objects is not asked for by itself, where an answer says the two together. */
export const settleDiscovery = (desired: ValueObject, live: JsonObject | undefined): ValueObject =>
  live?.[FIELDS] === null && desired[FIELDS] === desired[OBJECTS] ? without(desired, FIELDS) : desired;

/** `discover` for the two, undefined where neither is said; `apart` where one word cannot say both. */
const together = (document: ValueObject): boolean | 'apart' | undefined => {
  const { [OBJECTS]: objects, [FIELDS]: fields } = document;
  if (objects == null) return fields == null ? undefined : 'apart';
  if ((fields ?? objects) !== objects) return 'apart';
  return objects === 'all' ? true : objects === 'none' ? false : 'apart';
};

/** What of a document a version has no words for, as the pointer of the first of it. */
export const beyondVersion = (
  document: ValueObject,
  { schedules, discovery }: BulkDialect,
): string | undefined => {
  if (schedules === 'one' && items(document['additional_schedules']).length > 0)
    return '/additional_schedules';
  if (discovery === 'together' && together(document) === 'apart')
    return document[FIELDS] == null ? `/${OBJECTS}` : `/${FIELDS}`;
  return schedules === 'one' && document['error_handling'] != null ? '/error_handling' : undefined;
};

const spread = (schedule: Value | undefined): ValueObject =>
  isValueObject(schedule) ? { ...without(schedule, EXTRA, 'id'), ...extraOf(schedule) } : {};

/** The document as a version is sent it. `live` is as the API answered. Throws `DiagnosticError` where it has no form. */
export const toWire = (
  document: ValueObject,
  { bulk }: Dialect,
  live: JsonObject | undefined,
): ValueObject => {
  const missing = beyondVersion(document, bulk);
  if (missing !== undefined) throw new DiagnosticError([unsayable(missing)]);
  const { default_schedule: schedule, ...rest } = without(document, 'other_schemas');
  const whole: ValueObject = { destination_configuration: {}, ...rest };
  if (bulk.schedules === 'several') {
    const scheduled = { additional_schedules: [], ...whole, default_schedule: schedule ?? {} };
    return identifySchedules(scheduled, live === undefined ? undefined : newerAnswer(live));
  }
  const discover = together(document);
  return {
    ...without(whole, 'additional_schedules'),
    schedule: spread(schedule),
    ...(bulk.discovery === 'together' && typeof discover === 'boolean' ? { discover } : {}),
  };
};
