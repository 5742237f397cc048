/**
 * What a bulk sync copies: schemas and their fields, in the form of a manifest. Nothing that a manifest does not name
 * is changed, unless it says so. Pure.
 */
import { byCodeUnit, canonicalJson, jsonEqual, type Json } from '../../core/json.js';
import { isValueArray, isValueObject, redact, type Value, type ValueObject } from '../../core/secret.js';
import { asText, count } from '../../core/text.js';
import { items, mapDocument, mapValue, without } from '../paths.js';

/** What can be set for a schema beside its fields, and what stands for 'nothing is set'. */
export const cleared: Readonly<Record<string, Json>> = {
  filters: [],
  tracking_field: '',
  partition_key: '',
  history_enabled: false,
  user_output_name: '',
  data_cutoff_timestamp: null,
  disable_data_cutoff: false,
};

const settings = Object.keys(cleared);

/** Words of a manifest for what it does not name. */
const OTHER_SCHEMAS = 'other_schemas';
const OTHER_FIELDS = 'other_fields';

const isPlain = (value: Value | undefined): boolean =>
  value == null || value === '' || value === false || (isValueArray(value) && value.length === 0);

/** An item as a map; null is the word for a setting that is cleared. */
const longItem = (item: Value): Value =>
  typeof item === 'string'
    ? { id: item, enabled: true }
    : isValueObject(item)
      ? {
          ...Object.fromEntries(
            Object.entries(item).map(([name, value]) => [name, value ?? cleared[name] ?? null]),
          ),
          enabled: item['enabled'] ?? true,
        }
      : item;

const mapList = (value: Value, change: (item: Value) => Value): Value =>
  isValueArray(value) ? value.map(change) : value;

/** Spells out schemas and fields that are written as their ids. */
export const expandSchemas = (document: ValueObject): ValueObject =>
  mapDocument(
    mapValue(document, ['schemas'], (list) => mapList(list, longItem)),
    ['schemas', '*'],
    (schema) => mapValue(schema, ['fields'], (list) => mapList(list, longItem)),
  );

/** Whether a field is as fields are that nobody spoke of: copied, as it is, under its own name. */
const isPlainField = (field: ValueObject): boolean =>
  field['enabled'] !== false &&
  Object.entries(field).every(([name, value]) => name === 'id' || name === 'enabled' || isPlain(value));

/** Whether nothing but `id` and `enabled` says anything of a schema. */
export const isPlainSchema = (schema: ValueObject): boolean =>
  Object.entries(schema).every(
    ([name, value]) =>
      name === 'id' ||
      name === 'enabled' ||
      name === OTHER_FIELDS ||
      (name === 'fields' ? items(value).every(isPlainField) : isPlain(value)),
  );

const said = (object: ValueObject): ValueObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => !isPlain(value)));

const shortField = (field: ValueObject): Value =>
  isPlainField(field)
    ? (field['id'] ?? '')
    : { ...said(without(field, 'enabled')), ...(field['enabled'] === false ? { enabled: false } : {}) };

const shortSchema = (schema: ValueObject): Value => {
  if (isPlainSchema(schema) && schema['enabled'] !== false) return schema['id'] ?? '';
  const fields = items(schema['fields']);
  const { enabled, ...rest } = said(without(schema, 'fields', OTHER_FIELDS));
  return {
    ...rest,
    ...(enabled === true ? {} : { enabled: false }),
    // Of a schema in which one field is not like the others, all are named: nobody has to know what a list leaves out.
    ...(fields.every(isPlainField) ? {} : { fields: fields.map(shortField) }),
  };
};

/** The other way round of `expandSchemas`: what is not copied, and of which nothing is set, is left out. */
export const collapseSchemas = (document: ValueObject): ValueObject =>
  mapValue(document, ['schemas'], (list) =>
    items(list)
      .filter((schema) => schema['enabled'] !== false || !isPlainSchema(schema))
      .map(shortSchema),
  );

/** An instant in one spelling; what is none stays. */
const instant = (value: Value): Value => {
  const time = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? value : new Date(time).toISOString();
};

/** The document with its cut-offs in one spelling. */
export const canonicalInstants = (document: ValueObject): ValueObject =>
  mapDocument(mapValue(document, ['data_cutoff_timestamp'], instant), ['schemas', '*'], (schema) =>
    mapValue(schema, ['data_cutoff_timestamp'], instant),
  );

const canonicalItem = (item: ValueObject): ValueObject => ({
  ...said(without(item, OTHER_FIELDS)),
  enabled: item['enabled'] !== false,
});

/** The form of comparison: without what is not set, and without words for what is not named. */
export const canonicalSchemas = (document: ValueObject): ValueObject =>
  mapDocument(
    mapDocument(without(canonicalInstants(document), OTHER_SCHEMAS), ['schemas', '*'], canonicalItem),
    ['schemas', '*', 'fields', '*'],
    canonicalItem,
  );

const byId = (list: Value | undefined): ReadonlyMap<Value | undefined, ValueObject> =>
  new Map(items(list).map((item) => [item['id'], item]));

const namedBefore = new WeakMap<ValueObject, ReadonlyMap<Value | undefined, ValueObject>>();

/** The schema of this id that a document names. Each is asked for hundreds. */
export const schemaIn = (document: ValueObject, id: Value | undefined): ValueObject | undefined => {
  const named = namedBefore.get(document) ?? byId(document['schemas']);
  namedBefore.set(document, named);
  return named.get(id);
};

type Merge = (ours: ValueObject, theirs: ValueObject, last: ValueObject | undefined) => ValueObject;

/** Our items over those that live; `unnamed` says what becomes of a live one that is not ours. */
const mergeItems = (
  ours: Value | undefined,
  theirs: Value | undefined,
  last: Value | undefined,
  merge: Merge,
  unnamed: (item: ValueObject, wasOurs: boolean) => ValueObject,
): readonly ValueObject[] => {
  const [own, lives, applied] = [byId(ours), byId(theirs), byId(last)];
  return [
    ...items(ours).flatMap((item): readonly ValueObject[] => {
      const live = lives.get(item['id']);
      if (live !== undefined) return [merge(item, live, applied.get(item['id']))];
      // What is not there need not be switched off.
      return theirs === undefined || item['enabled'] !== false ? [item] : [];
    }),
    ...items(theirs)
      .filter(({ id }) => !own.has(id))
      .map((item) => unnamed(item, applied.has(item['id']))),
  ];
};

/** What lives where the manifest is silent. What was applied, and is silent since, is cleared. */
const mergeSettings = (
  ours: ValueObject,
  theirs: ValueObject,
  last: ValueObject | undefined,
  names: readonly string[],
): ValueObject =>
  Object.fromEntries(
    names.flatMap((name): [string, Value][] => {
      const own = ours[name];
      if (own !== undefined) return [[name, own]];
      if (theirs[name] === undefined) return [];
      return [[name, last?.[name] === undefined ? theirs[name] : (cleared[name] ?? '')]];
    }),
  );

// Nothing of a field is copied that was not, or in clear, because a line went: that has to be said.
const mergeField: Merge = (ours, theirs, last) => ({
  ...theirs,
  ...ours,
  ...mergeSettings(ours, theirs, last, ['user_output_name']),
});

const off = (item: ValueObject): ValueObject => ({ ...item, enabled: false });

/** Whether all that is said of a schema, in values that are easily compared, is what lives. */
const saysWhatLives = (ours: ValueObject, theirs: ValueObject): boolean =>
  Object.entries(ours).every(([name, value]) => typeof value !== 'object' && value === theirs[name]);

// Most schemas of most bulk syncs are as they were: nothing is made anew for them.
const mergeSchema: Merge = (ours, theirs, last) =>
  saysWhatLives(ours, theirs) &&
  settings.every((name) => last?.[name] === undefined || ours[name] !== undefined)
    ? theirs
    : mergedSchema(ours, theirs, last);

const mergedSchema: Merge = (ours, theirs, last) => ({
  ...without(theirs, ...settings, 'fields'),
  ...ours,
  ...mergeSettings(ours, theirs, last, settings),
  ...(ours['fields'] === undefined && theirs['fields'] === undefined
    ? {}
    : {
        fields: mergeItems(ours['fields'], theirs['fields'], last?.['fields'], mergeField, (field) =>
          ours[OTHER_FIELDS] === 'disabled' ? off(field) : field,
        ),
      }),
});

/**
 * The document with what lives of the schemas and fields that it does not name, or switched off, as it says. A schema
 * that was applied and is named no more is switched off; with no `schemas` at all, everything is left as it lives.
 * Doing it again changes nothing.
 */
export const completeSchemas = (
  desired: ValueObject,
  live: ValueObject | undefined,
  applied: ValueObject | undefined,
): ValueObject => {
  const theirs = live?.['schemas'];
  if (theirs === undefined) return desired;
  if (desired['schemas'] === undefined) return { ...desired, schemas: theirs };
  return {
    ...desired,
    schemas: mergeItems(desired['schemas'], theirs, applied?.['schemas'], mergeSchema, (schema, wasOurs) =>
      wasOurs || desired[OTHER_SCHEMAS] === 'disabled' ? off(schema) : schema,
    ),
  };
};

/** How many schemas and fields live that a document does not name, and leaves as they are; in words. */
export const besideSchemas = (document: ValueObject, live: ValueObject): string | undefined => {
  const own = byId(document['schemas']);
  const theirs = items(live['schemas']);
  if (document['schemas'] === undefined) return undefined;
  const schemas = document[OTHER_SCHEMAS] === 'disabled' ? [] : theirs.filter(({ id }) => !own.has(id));
  const fields = theirs.flatMap((schema) => {
    const ours = own.get(schema['id']);
    if (ours === undefined || ours[OTHER_FIELDS] === 'disabled') return [];
    const named = byId(ours['fields']);
    return items(schema['fields']).filter(({ id }) => !named.has(id));
  });
  const counts = [
    ...(schemas.length === 0 ? [] : [count(schemas.length, 'schema')]),
    ...(fields.length === 0 ? [] : [count(fields.length, 'field')]),
  ];
  if (counts.length === 0) return undefined;
  const isOne = schemas.length + fields.length === 1;
  return `${counts.join(' and ')} that the manifest does not name ${isOne ? 'stays as it lives' : 'stay as they live'}`;
};

/** Whether two schemas say the same. What only one of them was read with (fields, filters) is not compared. */
export const sameSchema = (a: ValueObject, b: ValueObject): boolean => {
  const shared = (own: ValueObject, other: ValueObject): ValueObject =>
    without(own, ...['fields', 'filters'].filter((name) => other[name] === undefined));
  const form = (schema: ValueObject): Json => canonicalForm({ schemas: [schema] }) as Json;
  return jsonEqual(form(shared(a, b)), form(shared(b, a)));
};

/** Whether a schema of a manifest changes anything of the one that lives. */
export const changesSchema = (ours: ValueObject, live: ValueObject): boolean => {
  if (ours[OTHER_FIELDS] === 'disabled') return true;
  const merged = mergeSchema(ours, live, undefined);
  return merged !== live && !sameSchema(merged, live);
};

const sortedBy = (list: Value | undefined, name: (item: ValueObject) => string): readonly ValueObject[] =>
  [...items(list)].sort((a, b) => byCodeUnit(name(a), name(b)));

const idOf = ({ id }: ValueObject): string => asText(id);

/** As `canonicalSchemas`, in one order. */
const canonicalForm = (document: ValueObject): Value =>
  sortedBy(canonicalSchemas(document)['schemas'], idOf).map((schema) => ({
    ...schema,
    ...(schema['fields'] === undefined ? {} : { fields: sortedBy(schema['fields'], idOf) }),
    ...(schema['filters'] === undefined
      ? {}
      : { filters: sortedBy(schema['filters'], (filter) => canonicalJson(redact(filter))) }),
  }));
