/** Identities and filters of a sync, in the two shapes that the API has for them: both are taken, both are kept. */
import { objectsIn, canonicalJson, isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { only, type Store } from '../store.js';
import { within } from './references.js';
import { isExpression, labelsIn, letter, plainLogic, relabelled } from './sync-logic.js';
import { fail, sourceOf } from './sync-references.js';
import { modelFieldId } from './model-fields.js';

/** What answers hold since there can be several identities; older versions have the other ones alone. */
const newerShape = ['identities', 'model_filters', 'target_filters'] as const;
export const isNewer = (name: string): boolean => newerShape.some((each) => each === name);
const olderShape = ['identity', 'filters', 'filter_logic'] as const;

interface Conditions {
  readonly conditions: readonly JsonObject[];
  /** By the letters of the conditions' places. */
  readonly logic?: string;
}

interface Filters {
  readonly model: Conditions;
  readonly target: Conditions;
}

const isThere = (value: Json | undefined): value is Json => value !== undefined && value !== null;

const targetOf = (body: JsonObject): JsonObject => (isJsonObject(body['target']) ? body['target'] : {});

/** Conditions of the newer shape: labels all or none, and a logic that names every one. */
const conditionsOf = (
  body: JsonObject,
  what: string,
  fields: readonly string[],
  store: Store,
): Conditions => {
  const held = body[what];
  const all = objectsIn(within(held, 'conditions'));
  const labels = all.map(({ label }) => asText(label));
  const given = labels.filter((label) => label !== '');
  if (given.length > 0 && given.length < all.length)
    fail('mixed_labels', `${what}: all conditions have a label, or none has`);
  const wrong = given.find((label) => !/^[A-Za-z_]\w*$/.test(label) || /^(and|or)$/i.test(label));
  if (wrong !== undefined) fail('bad_label', `${what}: "${wrong}" cannot be a label`);
  if (new Set(given).size < given.length) fail('duplicate_label', `${what}: two conditions have one label`);
  const names = given.length > 0 ? labels : all.map((_, index) => letter(index));
  const conditions = all.map((condition) => only(condition, [...fields, ...store.newer]));
  const logic = asText(within(held, 'logic')).trim();
  if (logic === '') return { conditions };
  if (!isExpression(logic)) fail('bad_logic', `${what}.logic: "${logic}" is no expression`);
  const unknown = labelsIn(logic).find((label) => !names.includes(label));
  if (unknown !== undefined) fail('unknown_label', `${what}.logic: no condition has the label ${unknown}`);
  const left = names.find((label) => !labelsIn(logic).includes(label));
  if (left !== undefined) fail('incomplete_logic', `${what}.logic: condition ${left} is missing`);
  return { conditions, logic: relabelled(logic, (label) => letter(names.indexOf(label))) };
};

const ofModel = ['source', 'function', 'value'];
const ofTarget = ['field', 'function', 'value', 'value_source'];

const newerFilters = (body: JsonObject, store: Store): Filters => ({
  model: conditionsOf(body, 'model_filters', ofModel, store),
  target: conditionsOf(body, 'target_filters', ofTarget, store),
});

const isTarget = ({ field_type: type }: JsonObject): boolean => type === 'Target';

/** Letters count over all filters; each of the two expressions names those of its side. Not checked, as ever. */
const olderFilters = (body: JsonObject, store: Store, filters: readonly JsonObject[]): Filters => {
  const side = (target: boolean, logic: Json | undefined): Conditions => {
    const own = filters.flatMap((filter, index) => (isTarget(filter) === target ? [letter(index)] : []));
    const text = asText(logic).trim();
    const known = labelsIn(text).every((label) => own.includes(label));
    return {
      conditions: filters
        .filter((filter) => isTarget(filter) === target)
        .map((filter) => (target ? targetCondition(filter, store) : modelCondition(filter, store))),
      ...(text === '' ? {} : { logic: known ? relabelled(text, (each) => letter(own.indexOf(each))) : text }),
    };
  };
  return {
    model: side(false, body['filter_logic']),
    target: side(true, targetOf(body)['filter_logic']),
  };
};

const modelCondition = (filter: JsonObject, store: Store): JsonObject => {
  const { field, field_id: id } = filter;
  if (!isJsonObject(field) && typeof id !== 'string')
    return fail('missing_field', 'a filter needs field or field_id');
  return {
    source: isJsonObject(field) ? field : sourceOf(store, asText(id)),
    ...only(filter, ['function', 'value', ...store.newer]),
  };
};

const targetCondition = (filter: JsonObject, store: Store): JsonObject => ({
  field: filter['field_id'] ?? '',
  ...only(filter, ['function', 'value', ...store.newer]),
  ...(isJsonObject(filter['value_field']) ? { value_source: filter['value_field'] } : {}),
});

const formOf = ({ model, target }: Filters): string =>
  canonicalJson([model, target].map(({ conditions, logic }) => [conditions, plainLogic(logic ?? '')]));

/** As the letters say it, which an answer gives in any order. */
const byLabel = (filters: readonly JsonObject[]): readonly JsonObject[] =>
  [...filters].sort(({ label: a }, { label: b }) => {
    const [left, right] = [asText(a), asText(b)];
    return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
  });

const filtersOf = (body: JsonObject, store: Store): Filters => {
  const filters = objectsIn(body['filters']);
  const older = [body['filters'], body['filter_logic'], targetOf(body)['filter_logic']].some(isThere);
  if (!isThere(body['model_filters']) && !isThere(body['target_filters']))
    return olderFilters(body, store, filters);
  const newer = newerFilters(body, store);
  const said = [filters, byLabel(filters)].map((list) => formOf(olderFilters(body, store, list)));
  if (older && !said.includes(formOf(newer)))
    fail('filters_differ', 'filters and model_filters, target_filters describe different filters');
  return newer;
};

const mapping = ['source', 'target', 'function', 'new_field', 'remote_field_type_id'];

const mappingOf = (identity: JsonObject, store: Store): JsonObject => ({
  ...only(identity, [...mapping, ...store.newer]),
  remote_field_type_id: identity['remote_field_type_id'] ?? 'string',
});

const sameMapping = (one: JsonObject, other: JsonObject): boolean => {
  const [left, right] = [one, other].map((each) =>
    canonicalJson(only(each, ['source', 'target', 'function'])),
  );
  return left === right;
};

const identitiesOf = ({ identity, identities }: JsonObject, store: Store): JsonObject => {
  if (!isJsonObject(identities))
    return isJsonObject(identity)
      ? { mappings: [mappingOf(identity, store)], strategy: 'priority' }
      : { mappings: [] };
  const mappings = objectsIn(identities['mappings']).map((each) => mappingOf(each, store));
  const [first] = mappings;
  if (isJsonObject(identity) && (first === undefined || !sameMapping(first, identity)))
    fail('identities_differ', 'identity is not the first of identities');
  if (mappings.length < 2) return { mappings, ...(first === undefined ? {} : { strategy: 'priority' }) };
  const { strategy } = identities;
  if (!isThere(strategy)) fail('missing_strategy', 'identities with several mappings need a strategy');
  return { mappings, strategy: strategy ?? '' };
};

/** The id of a field; none for one that is gone. */
const idOf = (store: Store, { model_id: id, field }: JsonObject): string => {
  const model = store.get('models', asText(id));
  return model === undefined ? '' : (modelFieldId(store, model, asText(field)) ?? '');
};

/** Both shapes of what was said in one. */
const shapesOf = (identities: JsonObject, { model, target }: Filters, store: Store): JsonObject => {
  const labelled = ({ conditions, logic = '' }: Conditions): JsonObject => ({
    conditions: conditions.map((condition, index) => ({ ...condition, label: letter(index) })),
    logic,
  });
  const before = model.conditions.length;
  const [first] = objectsIn(identities['mappings']);
  return {
    identities,
    ...(first === undefined ? {} : { identity: first }),
    model_filters: labelled(model),
    target_filters: labelled(target),
    filters: [
      ...model.conditions.map(({ source, ...rest }, index) => ({
        field: source ?? null,
        field_id: isJsonObject(source) ? idOf(store, source) : '',
        field_type: 'Model',
        ...rest,
        label: letter(index),
      })),
      ...target.conditions.map(({ field, value_source: from, ...rest }, index) => ({
        field_id: field ?? '',
        field_type: 'Target',
        ...rest,
        ...(from === undefined ? {} : { value_field: from }),
        label: letter(before + index),
      })),
    ],
    ...(model.logic === undefined ? {} : { filter_logic: model.logic }),
  };
};

/**
 * The identities and filters of a body in both shapes; `target` with the logic of the target's filters. Throws
 * `Refusal` where the two shapes of the body describe different things, and for what neither may say.
 */
export const bothShapes = (
  body: JsonObject,
  store: Store,
): { readonly shapes: JsonObject; readonly target: JsonObject } => {
  const filters = filtersOf(body, store);
  const before = filters.model.conditions.length;
  const { logic } = filters.target;
  const { filter_logic: _logic, ...target } = targetOf(body);
  return {
    shapes: shapesOf(identitiesOf(body, store), filters, store),
    target: {
      ...target,
      ...(logic === undefined
        ? {}
        : { filter_logic: relabelled(logic, (label) => shifted(label, filters.target, before)) }),
    },
  };
};

const shifted = (label: string, { conditions }: Conditions, by: number): string => {
  const place = conditions.findIndex((_, index) => letter(index) === label);
  return place < 0 ? label : letter(place + by);
};

const groups = [
  { older: ['identity'], newer: ['identities'] },
  { older: ['filters', 'filter_logic'], newer: ['model_filters', 'target_filters'] },
] as const;

/** An object that somebody changed in one of the shapes, with the other one as it follows from that. */
export const settled = (object: JsonObject, change: JsonObject, store: Store): JsonObject => {
  const logic = within(change['target'], 'filter_logic') !== undefined;
  const stale = groups.flatMap(({ older, newer }): readonly string[] =>
    older.some((name) => Object.hasOwn(change, name) || (name === 'filter_logic' && logic)) ||
    !newer.some((name) => Object.hasOwn(object, name))
      ? newer
      : older,
  );
  const said = Object.fromEntries(Object.entries(object).filter(([name]) => !stale.includes(name)));
  const { filter_logic: _logic, ...bare } = targetOf(object);
  const { shapes, target } = bothShapes(stale.includes('filters') ? { ...said, target: bare } : said, store);
  const rest = Object.entries(object).filter(
    ([name]) => ![...olderShape, ...newerShape].some((each) => each === name),
  );
  return { ...Object.fromEntries(rest), ...shapes, ...(isJsonObject(object['target']) ? { target } : {}) };
};
