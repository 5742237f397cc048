/** What can be said of a bulk sync without network, beyond its schema. */
import { isValueArray, type Value, type ValueObject } from '../../core/secret.js';
import { asText } from '../../core/text.js';
import type { Finding } from '../finding.js';
import { items } from '../paths.js';
import { unary } from '../sync-short.js';
import { checkSchedules } from './schedules.js';

/** Items that name the same thing: each is told at the later one. */
const namedTwice = (list: Value | undefined, at: string, code: string, what: string): readonly Finding[] => {
  const seen = new Map<string, number>();
  return items(list).flatMap(({ id }, index): readonly Finding[] => {
    const name = asText(id);
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, index);
      return [];
    }
    return [
      {
        severity: 'error',
        code,
        pointer: `${at}/${index}`,
        message: `two entries are for the ${what} "${name}"`,
        hint: `the first is at ${at}/${first}; make one of them`,
      },
    ];
  });
};

const withoutValue = (schema: ValueObject, at: string): readonly Finding[] =>
  items(schema['filters']).flatMap((filter, index): readonly Finding[] =>
    unary.has(filter['function']) || filter['value'] !== undefined
      ? []
      : [
          {
            severity: 'warning',
            code: 'filter-without-value',
            pointer: `${at}/filters/${index}/function`,
            message: `the filter compares by ${asText(filter['function'])}, and says with what nowhere`,
            hint: 'add value',
          },
        ],
  );

const checkInstant = (value: Value | undefined, pointer: string): readonly Finding[] =>
  typeof value === 'string' && value !== '' && Number.isNaN(Date.parse(value))
    ? [
        {
          severity: 'error',
          code: 'wrong-format',
          pointer,
          message: `data_cutoff_timestamp is no instant: ${value}`,
          hint: 'write it as 2024-01-01T00:00:00Z',
        },
      ]
    : [];

const checkSchema =
  (mode: Value | undefined) =>
  (schema: ValueObject, index: number): readonly Finding[] => {
    const at = `/schemas/${index}`;
    return [
      ...namedTwice(schema['fields'], `${at}/fields`, 'duplicate-field', 'field'),
      ...withoutValue(schema, at),
      ...checkInstant(schema['data_cutoff_timestamp'], `${at}/data_cutoff_timestamp`),
      ...(schema['history_enabled'] === true && typeof mode === 'string' && mode !== 'replicate'
        ? [
            {
              severity: 'error' as const,
              code: 'no-history',
              pointer: `${at}/history_enabled`,
              message: `a history needs the mode replicate, and the bulk sync has ${mode}`,
              hint: 'remove history_enabled, or change the mode',
            },
          ]
        : []),
      ...(schema['other_fields'] === 'disabled' && items(schema['fields']).length === 0
        ? [
            {
              severity: 'error' as const,
              code: 'nothing-copied',
              pointer: `${at}/other_fields`,
              message: `other_fields switches off what fields does not name, and fields names none`,
              hint: 'name the fields that are copied, or write enabled: false for the schema',
            },
          ]
        : []),
    ];
  };

/** Schedules for schemas that this manifest leaves out. */
const checkScheduled = (document: ValueObject): readonly Finding[] => {
  const named = items(document['schemas']);
  const on = new Set(named.filter(({ enabled }) => enabled !== false).map(({ id }) => id));
  const off = new Set(named.filter(({ enabled }) => enabled === false).map(({ id }) => id));
  const isExclusive = document['other_schemas'] === 'disabled';
  return items(document['additional_schedules']).flatMap(({ schemas }, index) =>
    (isValueArray(schemas) ? schemas : []).flatMap((id, place): readonly Finding[] =>
      off.has(id) || (isExclusive && !on.has(id))
        ? [
            {
              severity: 'warning',
              code: 'schedule-without-schema',
              pointer: `/additional_schedules/${index}/schemas/${place}`,
              message: `the schedule is for ${asText(id)}, which is not copied`,
              hint: 'add it to schemas, or take it out here',
            },
          ]
        : [],
    ),
  );
};

const checkOthers = (document: ValueObject): readonly Finding[] => {
  if (document['other_schemas'] !== 'disabled') return [];
  if (document['schemas'] === undefined)
    return [
      {
        severity: 'error',
        code: 'nothing-copied',
        pointer: '/other_schemas',
        message: 'other_schemas switches off what schemas does not name, and there is no schemas',
        hint: 'name the schemas that are copied; schemas: [] copies none',
      },
    ];
  const added = document['automatically_add_new_objects'];
  return typeof added === 'string' && added !== 'none'
    ? [
        {
          severity: 'warning',
          code: 'added-and-disabled',
          pointer: '/automatically_add_new_objects',
          message: 'new schemas are added by Polytomic, and switched off again by the next apply',
          hint: 'write none here, or take other_schemas out',
        },
      ]
    : [];
};

/** All that is wrong with a bulk sync whatever lives. Pure. */
export const checkBulkSync = (document: ValueObject): readonly Finding[] => [
  ...namedTwice(document['schemas'], '/schemas', 'duplicate-schema', 'schema'),
  ...items(document['schemas']).flatMap(checkSchema(document['mode'])),
  ...checkInstant(document['data_cutoff_timestamp'], '/data_cutoff_timestamp'),
  ...checkSchedules(document),
  ...checkScheduled(document),
  ...checkOthers(document),
];
