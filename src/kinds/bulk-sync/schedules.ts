/** Schedules of bulk syncs: the default one, and others beside it, each an object of its own on the server. Pure. */
import { byCodeUnit, canonicalJson, jsonEqual, type Json, type JsonObject } from '../../core/json.js';
import { isValueArray, isValueObject, redact, type Value, type ValueObject } from '../../core/secret.js';
import { asText } from '../../core/text.js';
import type { Finding } from '../finding.js';
import { items, mapDocument, mapValue, without } from '../paths.js';
import { serverMade } from '../server-made.js';
import { canonicalSchedule, clockNumbers, clockText, scheduleFindings } from '../schedule.js';

const places = [['default_schedule'], ['additional_schedules', '*']] as const;

const ID = 'id';

const mapSchedules = (document: ValueObject, change: (schedule: ValueObject) => ValueObject): ValueObject =>
  places.reduce((whole, path) => mapDocument(whole, path, change), document);

/** Times as text. */
export const spellSchedules = (document: ValueObject): ValueObject =>
  mapSchedules(document, (schedule) => clockText(schedule) as ValueObject);

/** Schedules of an answer without what the server makes of them. */
export const unmadeSchedules = (document: JsonObject): JsonObject =>
  mapSchedules(document, (schedule) => without(schedule, ...serverMade)) as JsonObject;

/** What an additional schedule says beside its times, as far as it says anything. */
const beside = ({
  resync_mode: resync,
  selective_mode: selective,
  schemas,
  extra,
}: ValueObject): ValueObject => ({
  ...(resync == null || resync === 'normal' ? {} : { resync_mode: resync }),
  ...(selective == null || selective === 'none' ? {} : { selective_mode: selective }),
  ...(isValueArray(schemas) && schemas.length > 0
    ? { schemas: [...(schemas as readonly string[])].sort() }
    : {}),
  ...(isValueObject(extra) ? { extra } : {}),
});

const canonicalOne = (schedule: ValueObject): ValueObject => {
  const { resync_mode: _, selective_mode: _s, schemas: _c, extra: _e, id: _i, ...times } = schedule;
  return { ...canonicalSchedule(times as JsonObject), ...beside(schedule) };
};

/** The form of comparison: no ids, no parts that the frequency does not use, nothing that absence stands for. */
export const canonicalSchedules = (document: ValueObject): ValueObject =>
  mapSchedules(document, canonicalOne);

const textOf = (schedule: ValueObject): string => canonicalJson(redact(canonicalOne(schedule)));

/** In as few words as a person would write: numbers for times; in one order, whatever else an answer says. */
export const collapseSchedules = (document: ValueObject): ValueObject =>
  mapSchedules(
    mapValue(document, ['additional_schedules'], (list) =>
      [...items(list)].sort((a, b) => byCodeUnit(textOf(a), textOf(b))),
    ),
    (schedule) => clockNumbers(canonicalOne(schedule) as JsonObject),
  );

/** How much two schedules have in common. */
const likeness = (a: ValueObject, b: ValueObject): number => {
  const [ours, theirs] = [canonicalOne(a), canonicalOne(b)];
  return Object.keys(ours).filter((name) => jsonEqual(ours[name] as Json, theirs[name] as Json)).length;
};

/**
 * The live schedule that each one is: the one of its id, else one that says the same, else the one that says most of the
 * same. So a change of a schedule keeps the object, and with it its id and who made it when.
 */
const pairsOf = (
  ours: readonly ValueObject[],
  theirs: readonly ValueObject[],
): ReadonlyMap<ValueObject, ValueObject> => {
  const pairs = new Map<ValueObject, ValueObject>();
  const free = new Set(theirs);
  const pair = (own: ValueObject, live: ValueObject | undefined): void => {
    if (live === undefined) return;
    pairs.set(own, live);
    free.delete(live);
  };
  for (const own of ours)
    if (own[ID] !== undefined)
      pair(
        own,
        theirs.find((live) => live[ID] === own[ID]),
      );
  for (const own of ours)
    if (!pairs.has(own))
      pair(
        own,
        [...free].find((live) => textOf(live) === textOf(own)),
      );
  // The likest pair of all first: two that were changed at once are not taken for each other.
  const candidates = ours
    .filter((own) => !pairs.has(own))
    .flatMap((own) => [...free].map((live) => ({ own, live, points: likeness(own, live) })))
    .sort((a, b) => b.points - a.points);
  for (const { own, live } of candidates) if (!pairs.has(own) && free.has(live)) pair(own, live);
  return pairs;
};

const withId = (schedule: ValueObject, live: ValueObject | undefined): ValueObject =>
  live?.[ID] === undefined ? schedule : { ...without(schedule, ID), [ID]: live[ID] };

/** The document with the ids that its schedules have in what lives (`live` as the API answered). */
export const identifySchedules = (document: ValueObject, live: JsonObject | undefined): ValueObject => {
  if (live === undefined) return document;
  const { default_schedule: main } = live;
  const own = items(document['additional_schedules']);
  const pairs = pairsOf(own, items(live['additional_schedules']));
  return mapValue(
    mapDocument(document, ['default_schedule'], (schedule) =>
      withId(schedule, isValueObject(main) ? main : undefined),
    ),
    ['additional_schedules'],
    () => own.map((schedule) => withId(schedule, pairs.get(schedule))),
  );
};

/** What starts a run of a sync, and what the API has no words for in a schedule of a bulk sync. */
const unsaid = new Set<Value | undefined>(['runafter', 'dbtcloud']);

const findingsOf = (schedule: ValueObject, at: string): readonly Finding[] =>
  unsaid.has(schedule['frequency'])
    ? [
        {
          severity: 'warning',
          code: 'incomplete-schedule',
          pointer: at,
          message: `the API has no words for what a schedule with frequency ${asText(schedule['frequency'])} of a bulk sync waits for`,
          hint: 'set it in Polytomic, and write lifecycle: { ignore_changes: [/default_schedule] }',
        },
      ]
    : scheduleFindings(schedule, at);

/** What is wrong with schedules whatever lives. */
export const checkSchedules = (document: ValueObject): readonly Finding[] => {
  const { default_schedule: main } = document;
  return [
    ...(isValueObject(main) ? findingsOf(main, '/default_schedule') : []),
    ...items(document['additional_schedules']).flatMap((schedule, index) =>
      findingsOf(schedule, `/additional_schedules/${index}`),
    ),
  ];
};
