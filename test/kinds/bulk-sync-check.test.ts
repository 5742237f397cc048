import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { checkBulkSync } from '../../src/kinds/bulk-sync/check.js';
import { expandSchemas } from '../../src/kinds/bulk-sync/schemas.js';
import { spellSchedules } from '../../src/kinds/bulk-sync/schedules.js';

const findings = (document: JsonObject): readonly string[] =>
  checkBulkSync(
    spellSchedules(expandSchemas({ default_schedule: { frequency: 'manual' }, ...document })),
  ).map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`);

describe('a bulk sync', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['is fine', { schemas: ['a', { id: 'b', fields: ['x', 'y'] }] }, []],
    ['names a schema twice', { schemas: ['a', 'b', { id: 'a' }] }, ['error duplicate-schema /schemas/2']],
    [
      'names a field twice',
      { schemas: [{ id: 'a', fields: ['x', { id: 'x', obfuscate: true }] }] },
      ['error duplicate-field /schemas/0/fields/1'],
    ],
    [
      'has a filter that compares with nothing',
      {
        schemas: [
          {
            id: 'a',
            filters: [
              { field_id: 'x', function: 'Equality' },
              { field_id: 'x', function: 'IsNull' },
            ],
          },
        ],
      },
      ['warning filter-without-value /schemas/0/filters/0/function'],
    ],
    [
      'wants a history, and does not replicate',
      { mode: 'snapshot', schemas: [{ id: 'a', history_enabled: true }] },
      ['error no-history /schemas/0/history_enabled'],
    ],
    [
      'has a cut-off that is no instant',
      { data_cutoff_timestamp: 'soon' },
      ['error wrong-format /data_cutoff_timestamp'],
    ],
    [
      'has schedules that are incomplete for their frequency',
      {
        default_schedule: { frequency: 'daily', hour: 5 },
        additional_schedules: [{ frequency: 'weekly', hour: 25, minute: 0 }, { frequency: 'custom' }],
      },
      [
        'warning incomplete-schedule /default_schedule',
        'warning incomplete-schedule /additional_schedules/0',
        'warning bad-schedule /additional_schedules/0/hour',
        'warning incomplete-schedule /additional_schedules/1',
      ],
    ],
    [
      'waits for what the API cannot be told',
      { default_schedule: { frequency: 'runafter' } },
      ['warning incomplete-schedule /default_schedule'],
    ],
    [
      'has a schedule for a schema that is not copied',
      {
        schemas: ['a', { id: 'b', enabled: false }],
        additional_schedules: [{ frequency: 'manual', schemas: ['a', 'b', 'c'] }],
      },
      ['warning schedule-without-schema /additional_schedules/0/schemas/1'],
    ],
    [
      'has a schedule for a schema that it switches off with all others',
      {
        schemas: ['a'],
        other_schemas: 'disabled',
        additional_schedules: [{ frequency: 'manual', schemas: ['a', 'c'] }],
      },
      ['warning schedule-without-schema /additional_schedules/0/schemas/1'],
    ],
    [
      'switches off all, and names none',
      { other_schemas: 'disabled' },
      ['error nothing-copied /other_schemas'],
    ],
    ['copies nothing, and says so', { other_schemas: 'disabled', schemas: [] }, []],
    [
      'switches off all fields',
      { schemas: [{ id: 'a', other_fields: 'disabled' }] },
      ['error nothing-copied /schemas/0/other_fields'],
    ],
    [
      'switches off what is added',
      { schemas: ['a'], other_schemas: 'disabled', automatically_add_new_objects: 'all' },
      ['warning added-and-disabled /automatically_add_new_objects'],
    ],
  ])('that %s', (_what, document, expected) => {
    expect(findings(document)).toEqual(expected);
  });
});
