/** The two forms in which identities and filters of a sync are written: what is taken, shown and sent. Pure. */
import type { Dialect } from '../api/dialect.js';
import { DiagnosticError } from '../core/diagnostics.js';
import { jsonEqual, type Json, type JsonObject } from '../core/json.js';
import { isValueObject, type ValueObject } from '../core/secret.js';
import type { OlderForms, Writings } from './kind.js';
import { isUnder, items, without, type Path } from './paths.js';
import { errorHandling } from './sync-errors.js';
import {
  conditionsOf,
  fitsNewer,
  isPlain,
  groupOf,
  groups,
  hasNewerFilters,
  hasOlderFilters,
  placesOf,
  toOlderFilters,
  upgradeFilters,
  type Group,
} from './sync-filters.js';
import { checkForms } from './sync-forms-check.js';
import { mappingsOf, plainIdentity, upgradeIdentity } from './sync-identities.js';
import { unsayable } from './unsayable.js';

/** Identities and filters in their newer form alone. */
export const upgrade = (document: ValueObject): ValueObject => upgradeFilters(upgradeIdentity(document));

/** Names of fields in the two forms, where they differ. */
const renames: Readonly<Record<Group, readonly (readonly [older: string, newer: string])[]>> = {
  model_filters: [['field', 'source']],
  target_filters: [
    ['field_id', 'field'],
    ['value_field', 'value_source'],
  ],
};

const upgradePaths = (document: ValueObject, path: Path): readonly Path[] => {
  const [head, ...rest] = path;
  if (head === 'identity')
    return [rest.length === 0 ? ['identities'] : ['identities', 'mappings', '0', ...rest]];
  if (head === 'filter_logic') return [['model_filters', 'logic']];
  if (isUnder(path, ['target', 'filter_logic'])) return [['target_filters', 'logic']];
  if (head !== 'filters') return [path];
  const [place, name, ...deeper] = rest;
  if (place === undefined) return groups.map((group) => [group, 'conditions']);
  const { group, index } = placesOf(items(document['filters']))[Number(place)] ?? {
    group: 'model_filters' as const,
    index: place,
  };
  const newer = renames[group].find(([older]) => older === name)?.[1] ?? name;
  return [[group, 'conditions', String(index), ...(newer === undefined ? [] : [newer, ...deeper])]];
};

const writtenPath = (manifest: ValueObject, path: Path): Path => {
  const [head, ...rest] = path;
  if (head === 'identities' && manifest['identities'] === undefined && manifest['identity'] !== undefined)
    return ['identity', ...(rest[0] === 'mappings' ? rest.slice(2) : [])];
  const group = groups.find((each) => each === head);
  if (group === undefined || hasNewerFilters(manifest) || !hasOlderFilters(manifest)) return path;
  const [part, index, name, ...deeper] = rest;
  if (part === 'logic') return group === 'model_filters' ? ['filter_logic'] : ['target', 'filter_logic'];
  const filters = items(manifest['filters']);
  const place = placesOf(filters).findIndex(
    (each) => each.group === group && each.index === Number(index ?? NaN),
  );
  if (place < 0) return ['filters'];
  const older = renames[group].find(([, newer]) => newer === name)?.[0] ?? name;
  return ['filters', String(place), ...(older === undefined ? [] : [older, ...deeper])];
};

/** Whether a list of the older form has those of models first, as it is written from the newer one. */
const isSorted = (filters: readonly ValueObject[]): boolean => {
  const first = filters.findIndex((filter) => groupOf(filter) === 'target_filters');
  return first < 0 || filters.slice(first).every((filter) => groupOf(filter) === 'target_filters');
};

/** What an edit does to a part of a manifest: nothing, or it is written in one of the forms. */
const mapWritings = (
  writings: Writings,
  names: readonly string[],
  older: (document: ValueObject) => ValueObject,
  stays: boolean,
): Writings => {
  const { base, overlaid, live, desired, written, long } = writings;
  const part = (document: ValueObject): Json =>
    Object.fromEntries(names.map((name) => [name, (document[name] ?? null) as Json]));
  const isSame = jsonEqual(part(base), part(live)) && jsonEqual(part(base), part(overlaid));
  const own = isSame ? (document: ValueObject) => without(document, ...names) : older;
  const theirs = isSame || stays ? own : (document: ValueObject) => document;
  return {
    base: own(base) as JsonObject,
    overlaid: own(overlaid) as JsonObject,
    desired: own(desired),
    live: theirs(live) as JsonObject,
    written: theirs(written),
    long: theirs(long),
  };
};

/** A manifest in the older form is edited in it as long as it can say what lives; else that part becomes newer. */
const writtenLike = (manifest: ValueObject, writings: Writings): Writings => {
  const identified =
    manifest['identity'] == null
      ? writings
      : mapWritings(writings, ['identities'], plainIdentity, mappingsOf(writings.live).length < 2);
  if (!hasOlderFilters(manifest) || hasNewerFilters(manifest)) return identified;
  const stays = isPlain(writings.live) && isSorted(items(manifest['filters']));
  return mapWritings(identified, groups, toOlderFilters, stays);
};

export const olderForms: Omit<OlderForms, 'rewrite'> = {
  isOlder: hasOlderFilters,
  upgrade,
  check: checkForms,
  upgradePaths,
  writtenPath,
  writtenLike,
};

/** What of a document older versions have no words for, as the pointer of the first of it. */
export const onlyNewer = (document: ValueObject): string | undefined => {
  if (mappingsOf(document).length > 1) return '/identities';
  if (document[errorHandling.name] != null) return `/${errorHandling.name}`;
  const place = conditionsOf(document, 'target_filters').findIndex((each) => each['value_source'] != null);
  return place < 0 ? undefined : `/target_filters/conditions/${place}/value_source`;
};

const newerFields = ['identities', ...groups] as const;

/**
 * A document as the API is sent it. The newer form goes where the live object has it, or where the older one has no
 * words: a server that does not know it would make a sync without filters, and say nothing. Throws `DiagnosticError`
 * where the version has no form for it.
 */
export const toWire = (
  document: ValueObject,
  { syncForms }: Dialect,
  live: JsonObject | undefined,
): ValueObject => {
  const needed = onlyNewer(document);
  if (syncForms === 'older') {
    if (needed !== undefined) throw new DiagnosticError([unsayable(needed)]);
    return toOlderFilters(plainIdentity(document));
  }
  const knows = live !== undefined && newerFields.some((name) => Object.hasOwn(live, name));
  const several = mappingsOf(document).length > 1;
  const identified = knows || several ? withEmpty(document, 'identities', live) : plainIdentity(document);
  const isNewer = !isPlain(document) || (knows && fitsNewer(document));
  return isNewer
    ? groups.reduce((whole, group) => withEmpty(whole, group, live), identified)
    : toOlderFilters(identified);
};

/** What lives and is to be gone is said to be none: silence might keep it. */
const withEmpty = (
  document: ValueObject,
  name: (typeof newerFields)[number],
  live: JsonObject | undefined,
): ValueObject => {
  const list = name === 'identities' ? 'mappings' : 'conditions';
  const held = live?.[name];
  const isThere = isValueObject(held) && items(held[list]).length > 0;
  if (document[name] === undefined) return isThere ? { ...document, [name]: { [list]: [] } } : document;
  if (name !== 'identities' || !isValueObject(document[name])) return document;
  // A single one has nothing to be put in order with.
  return mappingsOf(document).length < 2
    ? { ...document, [name]: without(document[name], 'strategy') }
    : document;
};
