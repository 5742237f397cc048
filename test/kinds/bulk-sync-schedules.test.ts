import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialectOf } from '../../src/api/versions.js';
import { canonicalJson, objectsIn, type JsonObject } from '../../src/core/json.js';
import type { ValueObject } from '../../src/core/secret.js';
import { beyondVersion, newerAnswer, settleDiscovery, toWire } from '../../src/kinds/bulk-sync/forms.js';
import {
  canonicalSchedules,
  collapseSchedules,
  identifySchedules,
  spellSchedules,
} from '../../src/kinds/bulk-sync/schedules.js';

const schedule = fc.record(
  {
    frequency: fc.constantFrom('hourly', 'daily', 'weekly', 'manual'),
    minute: fc.constantFrom('0', '05', '30'),
    hour: fc.constantFrom('1', '23'),
    day_of_week: fc.constantFrom('monday', 'Sunday'),
    resync_mode: fc.constantFrom('normal', 'rebuild'),
    selective_mode: fc.constantFrom('none', 'incrementalFields'),
    schemas: fc.subarray(['a', 'b', 'c']),
  },
  { requiredKeys: ['frequency'] },
) as fc.Arbitrary<JsonObject>;

const schedules = fc.array(schedule, { maxLength: 4 });
const main = { frequency: 'manual' };

const lives = (list: readonly JsonObject[]): JsonObject => ({
  default_schedule: { ...main, id: 'main' },
  additional_schedules: list.map((each, index) => ({ ...each, id: `s${index}`, created_at: 't' })),
});

const items = (document: ValueObject): readonly JsonObject[] =>
  objectsIn((document as JsonObject)['additional_schedules']);
const inOrder = (document: ValueObject): readonly string[] => items(document).map(canonicalJson).sort();

const idsOf = (document: JsonObject): readonly unknown[] =>
  objectsIn(document['additional_schedules']).map(({ id }) => id);

describe('additional schedules', () => {
  it('have one form of comparison, and say the same in short', () => {
    fc.assert(
      fc.property(schedules, (list) => {
        const document = { default_schedule: main, additional_schedules: list };
        const once = canonicalSchedules(document);
        expect(canonicalSchedules(once)).toEqual(once);
        const short = collapseSchedules(document);
        expect(inOrder(canonicalSchedules(spellSchedules(short)))).toEqual(inOrder(once));
        // Whatever an answer says besides, and in whatever order, what is written is the same.
        expect(collapseSchedules({ ...once, additional_schedules: [...items(once)].reverse() })).toEqual(
          short,
        );
      }),
    );
  });

  it('keep their objects in whatever order they are written, also when one of them changes', () => {
    fc.assert(
      fc.property(schedules, fc.nat(), schedule, (list, place, other) => {
        const live = lives(list);
        const shuffled = [...list].reverse();
        const same = identifySchedules({ default_schedule: main, additional_schedules: shuffled }, live);
        expect(new Set(idsOf(same as JsonObject))).toEqual(new Set(idsOf(live)));
        if (list.length === 0) return;
        const changed = list.with(place % list.length, other);
        const after = identifySchedules({ default_schedule: main, additional_schedules: changed }, live);
        // As many objects as before, each once: nothing is made, nothing deleted.
        expect(new Set(idsOf(after as JsonObject))).toEqual(new Set(idsOf(live)));
      }),
    );
  });

  it('that changed is the one that it was, beside others', () => {
    const weekly = {
      frequency: 'weekly',
      day_of_week: 'sunday',
      hour: '3',
      minute: '0',
      resync_mode: 'rebuild',
    };
    const hourly = { frequency: 'hourly', minute: '5', schemas: ['a'] };
    const live = lives([weekly, hourly]);
    const ids = (...list: readonly JsonObject[]): readonly unknown[] =>
      idsOf(identifySchedules({ default_schedule: main, additional_schedules: list }, live) as JsonObject);
    expect(ids({ ...hourly, minute: '6' }, weekly)).toEqual(['s1', 's0']);
    expect(ids({ ...hourly, schemas: ['a', 'b'] })).toEqual(['s1']);
    expect(ids({ ...weekly, hour: '4' }, { ...hourly, minute: '6' })).toEqual(['s0', 's1']);
    expect(ids(weekly, { frequency: 'daily', hour: '1', minute: '0' }, hourly)).toEqual([
      's0',
      undefined,
      's1',
    ]);
  });
});

describe('a bulk sync is sent', () => {
  const document = {
    name: 'Copy',
    default_schedule: { frequency: 'hourly', minute: '5', extra: { jitter: 3 } },
    automatically_add_new_objects: 'all',
    other_schemas: 'disabled',
  };

  it('to the current version with the ids of its schedules, and says that there are no others', () => {
    expect(toWire(document, dialectOf('2025-09-18'), lives([{ frequency: 'manual' }]))).toEqual({
      name: 'Copy',
      automatically_add_new_objects: 'all',
      destination_configuration: {},
      additional_schedules: [],
      default_schedule: { ...document.default_schedule, id: 'main' },
    });
  });

  it.each([
    ['2024-02-08', {}],
    ['2022-12-12', { discover: true }],
  ])('to %s with one schedule', (version, more) => {
    expect(toWire(document, dialectOf(version), undefined)).toEqual({
      name: 'Copy',
      automatically_add_new_objects: 'all',
      destination_configuration: {},
      schedule: { frequency: 'hourly', minute: '5', jitter: 3 },
      ...more,
    });
  });

  it.each([
    ['2024-02-08', { additional_schedules: [{ frequency: 'manual' }] }, '/additional_schedules'],
    ['2024-02-08', { error_handling: { subscribers: [] } }, '/error_handling'],
    ['2024-02-08', { automatically_add_new_fields: 'onlyIncremental' }, undefined],
    ['2022-12-12', { automatically_add_new_fields: 'all' }, '/automatically_add_new_fields'],
    ['2022-12-12', { automatically_add_new_objects: 'onlyIncremental' }, '/automatically_add_new_objects'],
    [
      '2022-12-12',
      { automatically_add_new_objects: 'all', automatically_add_new_fields: 'none' },
      '/automatically_add_new_fields',
    ],
    [
      '2022-12-12',
      { automatically_add_new_objects: 'none', automatically_add_new_fields: 'none' },
      undefined,
    ],
  ])('to %s not where it has no words for it: %j', (version, more, pointer) => {
    const whole = { default_schedule: main, ...more };
    expect(beyondVersion(whole, dialectOf(version).bulk)).toBe(pointer);
    const send = (): unknown => toWire(whole, dialectOf(version), undefined);
    if (pointer === undefined) expect(send).not.toThrow();
    else expect(send).toThrow();
  });
});

describe('an answer of an older version', () => {
  it('is read in the newer words; what it says together is no difference', () => {
    const live = newerAnswer({ name: 'Copy', schedule: { frequency: 'manual' }, discover: true });
    expect(live).toEqual({
      name: 'Copy',
      default_schedule: { frequency: 'manual' },
      automatically_add_new_objects: 'all',
      automatically_add_new_fields: null,
    });
    const ours = { automatically_add_new_objects: 'all', automatically_add_new_fields: 'all' };
    expect(settleDiscovery(ours, live)).toEqual({ automatically_add_new_objects: 'all' });
    expect(settleDiscovery(ours, { automatically_add_new_fields: 'none' })).toEqual(ours);
    // 2024-02-08 answers both: what is said apart counts.
    expect(newerAnswer({ discover: true, automatically_add_new_objects: 'onlyIncremental' })).toEqual({
      automatically_add_new_objects: 'onlyIncremental',
    });
  });
});
