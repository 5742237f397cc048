/**
 * Conditions on records, of the models and of the target. Inside they stand in `model_filters` and `target_filters`
 * alone, without labels, with a logic by the letters of their places. Pure.
 */
import { isJsonObject, jsonEqual, type Json, type JsonObject, objectsIn } from '../core/json.js';
import { isValueObject, redact, type Value, type ValueObject } from '../core/secret.js';
import {
  hasNot,
  isAll,
  labelAt,
  labelsOf,
  plainLogic,
  readLogic,
  relabel,
  writeLogic,
} from './filter-logic.js';
import { items, mapDocument, mapValue, pick, valueAt, without, withValue } from './paths.js';

export const groups = ['model_filters', 'target_filters'] as const;
export type Group = (typeof groups)[number];

/** The conditions of a group. */
export const conditionsOf = (document: ValueObject, group: Group): readonly ValueObject[] => {
  const held = document[group];
  return isValueObject(held) ? items(held['conditions']) : [];
};

export const logicOf = (document: ValueObject, group: Group): string => {
  const logic = valueAt(document, [group, 'logic']);
  return typeof logic === 'string' ? logic.trim() : '';
};

/** Which group a filter of the older form belongs to. */
export const groupOf = ({ field_type: type }: ValueObject): Group =>
  type === 'Target' ? 'target_filters' : 'model_filters';

/** Where each filter of the older form stands in the newer one. */
export const placesOf = (filters: readonly ValueObject[]): readonly { group: Group; index: number }[] =>
  filters.map((filter, place) => ({
    group: groupOf(filter),
    index: filters.slice(0, place).filter((each) => groupOf(each) === groupOf(filter)).length,
  }));

const olderFields = ['filters', 'filter_logic'] as const;

/** Whether a document says anything about filters in the older form. */
export const hasOlderFilters = (document: ValueObject): boolean =>
  olderFields.some((name) => document[name] != null) || valueAt(document, ['target', 'filter_logic']) != null;

export const hasNewerFilters = (document: ValueObject): boolean =>
  groups.some((name) => document[name] != null);

const withoutOlder = (document: ValueObject): ValueObject =>
  mapDocument(without(document, ...olderFields), ['target'], (own) => without(own, 'filter_logic'));

/** The logic with other labels; as it is where it cannot be read or names what nobody knows, which a check tells. */
const renamed = (
  text: Value | undefined,
  known: readonly string[],
  name: (label: string) => string | undefined,
): string | undefined => {
  if (typeof text !== 'string' || text.trim() === '') return undefined;
  const read = readLogic(text);
  if ('problem' in read || labelsOf(read.logic).some((label) => !known.includes(label))) return text.trim();
  const logic = relabel(read.logic, name);
  return logic === undefined ? undefined : writeLogic(logic);
};

const at = (names: readonly string[], label: string): string | undefined => {
  const place = names.indexOf(label);
  return place < 0 ? undefined : labelAt(place);
};

const groupWith = (conditions: readonly ValueObject[], logic: string | undefined): ValueObject => ({
  conditions,
  ...(logic === undefined ? {} : { logic }),
});

/** Labels of one's own become the letters of the places. */
const withLetters = (group: ValueObject): ValueObject => {
  const conditions = items(group['conditions']);
  const own = conditions.map(({ label }) => (typeof label === 'string' ? label : ''));
  const names = own.some((label) => label !== '') ? own : conditions.map((_, index) => labelAt(index));
  return {
    ...without(group, 'logic'),
    ...groupWith(
      conditions.map((each) => without(each, 'label')),
      renamed(group['logic'], names, (label) => at(names, label)),
    ),
  };
};

/** A filter of the older form as a condition of its group. */
const conditionOf = (filter: ValueObject): ValueObject => {
  const { field, field_id: id, value_field: from } = filter;
  const rest = pick<Value>(filter, ['function', 'value', 'extra']);
  if (groupOf(filter) === 'model_filters')
    return {
      ...(field == null ? {} : { source: field }),
      ...(id == null ? {} : { field_id: id }),
      ...rest,
    };
  return { ...(id == null ? {} : { field: id }), ...rest, ...(from == null ? {} : { value_source: from }) };
};

/** The older form in the newer one; `nameOf` tells the label by which the logic of its side names a filter. */
export const fromOlder = (
  document: ValueObject,
  filters: readonly ValueObject[],
  nameOf: (filter: ValueObject, place: number) => string,
): ValueObject => {
  const names = filters.map(nameOf);
  const side = (group: Group, logic: Value | undefined): ValueObject => {
    const own = names.filter((_, place) => groupOf(filters[place] as ValueObject) === group);
    return groupWith(
      filters.filter((filter) => groupOf(filter) === group).map(conditionOf),
      renamed(logic, names, (label) => at(own, label)),
    );
  };
  const parts: readonly (readonly [Group, ValueObject])[] = [
    ['model_filters', side('model_filters', document['filter_logic'])],
    ['target_filters', side('target_filters', valueAt(document, ['target', 'filter_logic']))],
  ];
  return Object.fromEntries(parts.filter(([, { conditions }]) => items(conditions).length > 0));
};

/** The document with its filters in the newer form alone; where both are there, the newer one holds. */
export const upgradeFilters = (document: ValueObject): ValueObject => {
  const newer = groups.reduce((whole, group) => mapDocument(whole, [group], withLetters), document);
  if (!hasOlderFilters(newer)) return withoutOlder(newer);
  const rest = withoutOlder(newer);
  if (hasNewerFilters(newer)) return rest;
  // The letters count over all filters, whosever they are.
  return { ...rest, ...fromOlder(newer, items(newer['filters']), (_, place) => labelAt(place)) };
};

/** Whether the older form says it beyond doubt: without fields as values, and with letters that count one way alone. */
export const isPlain = (document: ValueObject): boolean =>
  conditionsOf(document, 'target_filters').every((each) => each['value_source'] == null) &&
  groups.some((group) => logicOf(document, group) === '') &&
  groups.every((group) => valueAt(document, [group, 'extra']) === undefined);

/** Whether the newer form can say it: fields by name, and a logic of every condition without NOT. */
export const fitsNewer = (document: ValueObject): boolean =>
  conditionsOf(document, 'model_filters').every((each) => each['source'] !== undefined) &&
  groups.every((group) => {
    const text = logicOf(document, group);
    if (text === '') return true;
    const read = readLogic(text);
    return (
      'logic' in read &&
      !hasNot(read.logic) &&
      conditionsOf(document, group).every((_, index) => labelsOf(read.logic).includes(labelAt(index)))
    );
  });

/** The document with its filters in the older form: those of models first. */
export const toOlderFilters = (document: ValueObject): ValueObject => {
  const ofModels = conditionsOf(document, 'model_filters');
  const ofTarget = conditionsOf(document, 'target_filters');
  const rest = without(document, ...groups);
  if (ofModels.length + ofTarget.length === 0) return rest;
  const logic = logicOf(document, 'model_filters');
  const names = ofTarget.map((_, index) => labelAt(index));
  const targetLogic = renamed(logicOf(document, 'target_filters'), names, (label) =>
    labelAt(ofModels.length + names.indexOf(label)),
  );
  const whole: ValueObject = {
    ...rest,
    filters: [
      ...ofModels.map(({ source, ...own }) => ({
        ...(source === undefined ? {} : { field: source }),
        ...own,
      })),
      ...ofTarget.map(({ field, value_source: from, ...own }) => ({
        field_id: field ?? '',
        field_type: 'Target',
        ...own,
        ...(from === undefined ? {} : { value_field: from }),
      })),
    ],
    ...(logic === '' ? {} : { filter_logic: logic }),
  };
  return targetLogic === undefined ? whole : withValue(whole, ['target', 'filter_logic'], targetLogic);
};

/** The form of comparison: logic by what it says, and none where it says what none means. */
export const canonicalFilters = (document: ValueObject): ValueObject =>
  groups.reduce(
    (whole, group) =>
      mapValue(whole, [group, 'logic'], (text) => {
        const { length } = conditionsOf(document, group);
        const read = typeof text === 'string' ? readLogic(text) : undefined;
        if (length === 0 || read === undefined) return undefined;
        if ('problem' in read) return text;
        return isAll(read.logic, length) ? undefined : writeLogic(plainLogic(read.logic));
      }),
    document,
  );

/** A field that the manifest names by its id alone gets the name that the server knows it by. */
export const completeFilters = (desired: ValueObject, live: JsonObject): ValueObject =>
  mapDocument(desired, ['model_filters', 'conditions', '*'], (own) => {
    if (own['source'] !== undefined || own['field_id'] === undefined) return own;
    const same = conditionsOf(live, 'model_filters').find((each) => each['field_id'] === own['field_id']);
    return same?.['source'] == null ? own : { ...own, source: same['source'] };
  });

/** Whether the filters of two documents say the same. */
export const sameFilters = (one: ValueObject, other: ValueObject): boolean => {
  const [left, right] = [one, other].map(
    (each) => redact(pick(canonicalFilters(each), groups)) as JsonObject,
  );
  return jsonEqual(left, right);
};

/** `A` before `B` before `AA`: the server letters the filters by their position. */
const byLabel = ({ label: a }: JsonObject, { label: b }: JsonObject): number => {
  const [left, right] = [typeof a === 'string' ? a : '', typeof b === 'string' ? b : ''];
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
};

/** The filters of an answer, whichever of the two forms it has. */
export const filtersFromLive = (live: JsonObject): JsonObject => {
  const filters = [...objectsIn(live['filters'])].sort(byLabel);
  const older = fromOlder(live, filters, ({ label }, place) =>
    typeof label === 'string' && label !== '' ? label : labelAt(place),
  );
  if (!groups.some((group) => isJsonObject(live[group]))) return older as JsonObject;
  const newer = pick(live, groups);
  const lettered = groups.reduce<ValueObject>(
    (whole, group) => mapDocument(whole, [group], withLetters),
    newer,
  );
  // The older form knows the ids of fields, too.
  const ids = conditionsOf(older, 'model_filters');
  return mapValue(lettered, ['model_filters', 'conditions'], (list) =>
    items(list).map((own, index) => {
      const { field_id: id, source } = ids[index] ?? {};
      const same = jsonEqual((source ?? null) as Json, (own['source'] ?? null) as Json);
      return id !== undefined && same ? { ...own, field_id: id } : own;
    }),
  ) as JsonObject;
};
