/** Schedules of syncs, in the one form in which they are compared. */
import type { Json, JsonObject } from '../core/json.js';
import { isValueArray, isValueObject, type Value, type ValueObject } from '../core/secret.js';
import type { Finding } from './kind.js';
import { asText } from '../core/text.js';
import { pick } from './paths.js';

const clockParts = ['minute', 'hour', 'day_of_week', 'day_of_month', 'month'];

/** Which parts count, by frequency (reference of the API, requirements of schedules). */
const partsOf: Readonly<Record<string, readonly string[]>> = {
  manual: [],
  continuous: [],
  hourly: ['minute'],
  daily: ['minute', 'hour'],
  weekly: ['minute', 'hour', 'day_of_week'],
  runafter: ['run_after', 'run_after_success_only'],
  dbtcloud: ['connection', 'job_id'],
};

/** The API writes times as text: `5` becomes `"5"`. */
export const clockText = (schedule: Value | undefined): Value | undefined =>
  isValueObject(schedule)
    ? Object.fromEntries(
        Object.entries(schedule).map(([name, value]) => [
          name,
          clockParts.includes(name) && typeof value === 'number' ? String(value) : value,
        ]),
      )
    : schedule;

/** The other way round: `"5"` is written as 5. */
export const clockNumbers = (schedule: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(schedule).map(([name, value]) => [
      name,
      clockParts.includes(name) && typeof value === 'string' && /^\d{1,4}$/.test(value)
        ? Number(value)
        : value,
    ]),
  );

/** `"05"` and `"5"`, `Monday` and `monday` are the same time. */
const clockPart = (value: Json): Json =>
  typeof value !== 'string' ? value : /^\d+$/.test(value) ? String(Number(value)) : value.toLowerCase();

/** A schedule without the parts that its frequency does not use, which a server may fill in. */
export const canonicalSchedule = (schedule: JsonObject): JsonObject => {
  const frequency = schedule['frequency'] ?? 'manual';
  const parts = typeof frequency === 'string' ? partsOf[frequency] : undefined;
  const kept = parts === undefined ? schedule : pick(schedule, parts);
  const { run_after_success_only: onlySuccess, ...rest } = kept;
  return {
    ...Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [
        name,
        clockParts.includes(name) ? clockPart(value) : value,
      ]),
    ),
    ...(onlySuccess === true ? { run_after_success_only: true } : {}),
    frequency,
  };
};

/** What a schedule's frequency needs and the schedule does not say. */
const missingParts = (schedule: ValueObject): readonly string[] => {
  const { frequency } = schedule;
  const parts = typeof frequency === 'string' ? (partsOf[frequency] ?? []) : [];
  return parts.filter((part) => part !== 'run_after_success_only' && schedule[part] === undefined);
};

/** The highest number of each part of a clock. */
const highest: Readonly<Record<string, number>> = { minute: 59, hour: 23, day_of_month: 31, month: 12 };

/** What a schedule leaves out, what it says that no clock shows, or that starts nothing. `at` is its pointer. */
export const scheduleFindings = (schedule: ValueObject, at: string): readonly Finding[] => {
  const { frequency, run_after: after } = schedule;
  const incomplete = (message: string, hint: string): Finding => ({
    severity: 'warning',
    code: 'incomplete-schedule',
    pointer: at,
    message,
    hint,
  });
  const findings = [
    ...missingParts(schedule).map((part) =>
      incomplete(`a schedule with frequency ${asText(frequency)} has no ${part}`, `add ${part}`),
    ),
    ...Object.entries(highest).flatMap(([part, most]): readonly Finding[] => {
      const value = schedule[part];
      if (typeof value !== 'string' || !/^\d+$/.test(value) || Number(value) <= most) return [];
      return [
        {
          severity: 'warning',
          code: 'bad-schedule',
          pointer: `${at}/${part}`,
          message: `${part} ${value} is on no clock`,
          hint: `at most ${most}`,
        },
      ];
    }),
  ];
  if (frequency === 'custom' && clockParts.every((part) => schedule[part] === undefined))
    return [...findings, incomplete('a custom schedule says no time', 'add minute, hour …')];
  const waitsFor = isValueObject(after)
    ? Object.values(after).flatMap((ids) => (isValueArray(ids) ? ids : []))
    : [];
  return frequency === 'runafter' && after !== undefined && waitsFor.length === 0
    ? [...findings, incomplete('run_after names nothing to run after', 'add syncs or bulk_syncs')]
    : findings;
};
