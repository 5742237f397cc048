/** The short forms of a sync's manifest. Pure. */
import type { Json } from '../core/json.js';
import { isValueObject, type Value, type ValueObject } from '../core/secret.js';
import { isAll, readLogic } from './filter-logic.js';
import { items, mapDocument, mapValue, valueAt, without } from './paths.js';
import { canonicalSchedule, clockNumbers, clockText } from './schedule.js';
import { longField, shortField } from './short.js';
import { shortErrors } from './sync-errors.js';
import { groups } from './sync-filters.js';
import { plainIdentity } from './sync-identities.js';

/** Where fields of models stand, in both forms. */
const sources = [
  ['fields', '*', 'source'],
  ['identity', 'source'],
  ['identities', 'mappings', '*', 'source'],
  ['filters', '*', 'field'],
  ['model_filters', 'conditions', '*', 'source'],
  ['target_filters', 'conditions', '*', 'value_source'],
  ['overrides', '*', 'field'],
];

/** Spells out the short forms, and leaves everything where it is written. */
export const spell = (document: ValueObject): ValueObject =>
  mapValue(
    sources.reduce((whole, path) => mapValue(whole, path, longField), document),
    ['schedule'],
    clockText,
  );

/** Functions that compare with nothing. */
export const unary: ReadonlySet<Value | undefined> = new Set(['IsNull', 'IsNotNull', 'True', 'False']);

const shortCondition = (own: ValueObject): ValueObject =>
  without(
    own,
    'label',
    ...(own['field'] === undefined && own['source'] === undefined ? [] : ['field_id']),
    ...(own['field_type'] === 'Model' ? ['field_type'] : []),
    ...(own['value'] == null || (unary.has(own['function']) && own['value'] === '') ? ['value'] : []),
  );

const shortGroup = (group: ValueObject): ValueObject => {
  const { logic } = group;
  const read = typeof logic === 'string' ? readLogic(logic) : undefined;
  const says =
    read !== undefined && !('logic' in read && isAll(read.logic, items(group['conditions']).length));
  return says ? group : without(group, 'logic');
};

/** A document of the newer form in as few words as a person would write. One identity is `identity`. */
export const collapse = (document: ValueObject): ValueObject => {
  const { mode, schedule } = document;
  const field = (own: ValueObject): ValueObject =>
    without(
      own,
      ...['new', 'encryption_enabled'].filter((name) => own[name] === false),
      ...(own['sync_mode'] === 'updateOrCreate' || own['sync_mode'] === mode ? ['sync_mode'] : []),
    );
  let short = sources.reduce((whole, path) => mapValue(whole, path, shortField), document);
  for (const list of ['fields', 'override_fields']) short = mapDocument(short, [list, '*'], field);
  for (const group of groups) {
    short = mapDocument(short, [group, 'conditions', '*'], shortCondition);
    if (items(valueAt(short, [group, 'conditions'])).length === 0) short = without(short, group);
    short = mapDocument(short, [group], shortGroup);
  }
  short = mapDocument(short, ['overrides', '*'], shortCondition);
  short = mapDocument(short, ['identities', 'mappings', '*'], (own) => without(own, 'new_field'));
  return {
    ...shortErrors(plainIdentity(short)),
    fields: short['fields'] ?? [],
    schedule: clockNumbers(
      canonicalSchedule(isValueObject(schedule) ? (schedule as Record<string, Json>) : {}),
    ),
  };
};
