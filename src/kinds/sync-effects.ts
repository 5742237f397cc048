/**
 * What a change of a sync does to the data, in sentences. What a mode does to records is documented by the labels of
 * the modes (quickstart, "Target fields"); what becomes of values that are written no more is not. Pure.
 */
import { isValueObject, redact, type Value, type ValueObject } from '../core/secret.js';
import { jsonEqual } from '../core/json.js';
import { asText } from '../core/text.js';
import { items } from './paths.js';

/** More names make no sentence; the change itself shows them all. */
const NAMED = 12;

const named = (names: readonly string[]): string =>
  names.length > NAMED
    ? `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`
    : names.join(', ');

const keysOf = (value: Value | undefined): readonly string[] =>
  isValueObject(value) ? Object.keys(value) : [];

/** The fields of the target that a document writes, in its form of comparison: maps by the target's field. */
const written = (document: ValueObject): readonly string[] => [
  ...new Set([...keysOf(document['fields']), ...keysOf(document['override_fields'])]),
];

const targetOf = ({ target }: ValueObject): ValueObject => (isValueObject(target) ? target : {});

/** What the target is called: its object, or what is to be made. */
const placeOf = (document: ValueObject): string => {
  const { object, new_name: made } = targetOf(document);
  const name = asText(object ?? made);
  return name === '' ? 'the target' : name;
};

const same = (one: Value | undefined, other: Value | undefined): boolean =>
  jsonEqual(redact(one ?? null), redact(other ?? null));

const sameTarget = (before: ValueObject, after: ValueObject): boolean =>
  ['connection', 'object'].every((name) => same(targetOf(before)[name], targetOf(after)[name]));

/** What decides which records a run writes, and where. */
const deciding = [
  'mode',
  'target',
  'fields',
  'override_fields',
  'identities',
  'model_filters',
  'target_filters',
  'overrides',
];

const ofRecords: Readonly<Record<string, (place: string) => string>> = {
  replace: (place) =>
    `replace: a run replaces all records of ${place}; those that the model does not give are gone after it`,
  remove: (place) => `remove: a run deletes the records of ${place} that match those of the model`,
};

const fieldSentences = (before: ValueObject, after: ValueObject): readonly string[] => {
  const isSame = sameTarget(before, after);
  const [old, now] = [written(before), written(after)];
  const come = isSame ? now.filter((name) => !old.includes(name)) : now;
  const gone = isSame ? old.filter((name) => !now.includes(name)) : old;
  return [
    ...(come.length === 0 ? [] : [`newly written to ${placeOf(after)}: ${named(come)}`]),
    ...(gone.length === 0 ? [] : [`no longer written to ${placeOf(before)}: ${named(gone)}`]),
  ];
};

/**
 * Fields of the target that are newly and no longer written, what a mode that takes records away does to those that
 * are there, and that records may all be taken anew. `before` and `after` are in the form of comparison; undefined
 * where there is none.
 */
export const syncEffects = (
  before: ValueObject | undefined,
  after: ValueObject | undefined,
): readonly string[] => {
  if (after === undefined) return before === undefined ? [] : fieldSentences(before, {});
  const old = before ?? {};
  const changed = (name: string): boolean => !same(old[name], after[name]);
  const decides = deciding.some(changed) || (changed('active') && after['active'] === true);
  const records = decides ? ofRecords[asText(after['mode'])]?.(placeOf(after)) : undefined;
  const anew = ['mode', 'identities'].filter(changed);
  return [
    ...fieldSentences(old, after),
    ...(records === undefined ? [] : [records]),
    // That it is one is not documented: `resync` of a run is what forces one (api.md, 6).
    ...(before === undefined || anew.length === 0
      ? []
      : [
          `the ${anew.map((name) => (name === 'mode' ? name : 'identity')).join(' and the ')} ${anew.length > 1 ? 'change' : 'changes'}: the next run may be a full one, of all records`,
        ]),
  ];
};

/** Fields of models that a sync encrypts on their way: nobody is to see their values here either. */
export const syncHides = ({ fields }: ValueObject): readonly string[] =>
  items(fields).flatMap(({ source, encryption_enabled: encrypts }) =>
    encrypts === true && isValueObject(source) ? [asText(source['field'])] : [],
  );
