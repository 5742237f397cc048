/** What `lifecycle.ignore_changes` leaves to others: it stays as it lives. Pure. */
import {
  escapePointer,
  isValueArray,
  isValueObject,
  pointerSegments,
  secretsOf,
  type Value,
  type ValueObject,
} from '../core/secret.js';
import { didYouMean } from '../core/suggest.js';
import type { Finding, Kind } from './kind.js';
import { isUnder, valueAt, without, type Path } from './paths.js';

/** What is said of the resource itself, and is no field of an object. */
const rules = new Set(['kind', 'key', 'id', 'external', 'lifecycle']);

const samePath = (table: Path, path: Path): boolean => table.length === path.length && isUnder(path, table);

/** The pointer in the manifest's own terms: `/connection_id` is `/connection`. */
export const manifestPath = (kind: Kind, pointer: string): Path => {
  const path = pointerSegments(pointer);
  const held = path.slice(0, -1);
  const rule = kind.references.find((each) => each.wire === path.at(-1) && samePath(each.path, held));
  return rule === undefined ? path : [...held, rule.name];
};

/** The same field in the form that documents have now: `document` is as the pointer was written for. */
export const currentPointers = (kind: Kind, document: ValueObject, pointer: string): readonly string[] =>
  kind.olderForms
    ?.upgradePaths(document, manifestPath(kind, pointer))
    .map((path) => path.map((segment) => `/${escapePointer(segment)}`).join('')) ?? [pointer];

/** Pointers that can have no effect: fields that the kind has not, and items that nothing tells apart. */
export const checkIgnored = (kind: Kind, pointers: readonly string[]): readonly Finding[] =>
  pointers.flatMap((pointer, index): readonly Finding[] => {
    const path = manifestPath(kind, pointer);
    const [field = ''] = path;
    const fields = Object.keys(kind.schema.properties).filter((name) => !rules.has(name));
    const base = { severity: 'error', pointer: `/lifecycle/ignore_changes/${index}` } as const;
    if (!fields.includes(field))
      return [
        {
          ...base,
          code: 'unknown-field',
          message: `ignore_changes names ${pointer}, and a ${kind.noun.one} has no field "${field}"`,
          hint: didYouMean(field, fields) ?? `one of: ${fields.join(', ')}`,
        },
      ];
    const set = kind.shape.sets.find((each) => path.length > each.length && isUnder(path, each));
    return set === undefined
      ? []
      : [
          {
            ...base,
            code: 'unordered-item',
            message: `ignore_changes names an item of ${set.join('.')}, whose order does not count`,
            hint: `ignore the whole list: /${set.join('/')}`,
          },
        ];
  });

/**
 * The document with what lives in the place of what it leaves to others. Of a list whose items have keys, the item
 * of the same key is meant, whatever its place. What is new on either side comes and stays as a whole: half an
 * object helps nobody. Instructions to a request have no live value, and stay as they are.
 */
export const keepIgnored = (
  kind: Kind,
  document: ValueObject,
  live: ValueObject,
  paths: readonly Path[],
): ValueObject =>
  paths
    .filter((path) => !kind.shape.instructions.some((each) => samePath(each, path)))
    .reduce<ValueObject>(
      (whole, path) => (kept(kind, whole, live, [], path) ?? whole) as ValueObject,
      document,
    );

const kept = (
  kind: Kind,
  ours: Value | undefined,
  theirs: Value | undefined,
  at: Path,
  rest: Path,
): Value | undefined => {
  const [head, ...tail] = rest;
  if (head === undefined) return theirs;
  if (ours === undefined) return has(kind, theirs, at, rest) ? theirs : undefined;
  if (theirs === undefined) return ours;
  if (isValueArray(ours) && isValueArray(theirs)) return keptItem(kind, ours, theirs, at, rest);
  if (!isValueObject(ours) || !isValueObject(theirs)) return ours;
  const own = Object.hasOwn(ours, head) ? ours[head] : undefined;
  const other = Object.hasOwn(theirs, head) ? theirs[head] : undefined;
  const value = kept(kind, own, other, [...at, head], tail);
  if (value !== undefined) return { ...ours, [head]: value };
  return own === undefined ? ours : without(ours, head);
};

const keptItem = (
  kind: Kind,
  ours: readonly Value[],
  theirs: readonly Value[],
  at: Path,
  [head = '', ...tail]: Path,
): Value => {
  const [mine, other] = itemsOf(kind, ours, theirs, at, head);
  const value = kept(kind, ours[mine], theirs[other], [...at, head], tail);
  if (mine >= 0)
    return value === undefined ? ours.filter((_, index) => index !== mine) : ours.with(mine, value);
  // A place further on would be another one.
  const isNext = head === String(ours.length) || !/^\d+$/.test(head);
  return value === undefined || !isNext ? ours : [...ours, value];
};

/** The places, in two lists, of the item that a segment means; -1 where there is none. */
const itemsOf = (
  kind: Kind,
  ours: readonly Value[],
  theirs: readonly Value[],
  at: Path,
  head: string,
): readonly [number, number] => {
  const key = kind.shape.keyed.find(({ path }) => samePath(path, at))?.key;
  const index = /^\d+$/.test(head) ? Number(head) : -1;
  if (key === undefined) return [index < ours.length ? index : -1, index < theirs.length ? index : -1];
  const named = (list: readonly Value[], name: Value | undefined): number =>
    list.findIndex((item) => isValueObject(item) && item[key] === name);
  const byKey = [named(ours, head), named(theirs, head)] as const;
  if (byKey.some((place) => place >= 0) || index < 0) return byKey;
  const name = valueAt(ours[index], [key]);
  return name === undefined ? [-1, -1] : [named(ours, name), named(theirs, name)];
};

const has = (kind: Kind, theirs: Value | undefined, at: Path, [head, ...tail]: Path): boolean => {
  if (head === undefined || theirs === undefined) return theirs !== undefined;
  if (isValueArray(theirs)) {
    const [, place] = itemsOf(kind, [], theirs, at, head);
    return has(kind, theirs[place], [...at, head], tail);
  }
  return isValueObject(theirs) && Object.hasOwn(theirs, head) && has(kind, theirs[head], [...at, head], tail);
};

/** Whether a pointer lies under one of the paths that are left to others. */
export const isIgnored = (pointer: string, paths: readonly Path[]): boolean =>
  paths.some((path) => isUnder(pointerSegments(pointer), path));

/** Whether a document holds what no answer shows: only who wrote last tells what that is. */
export const hidesSomething = (kind: Kind, document: ValueObject): boolean =>
  secretsOf(document).length > 0 || kind.shape.writeOnly.some((path) => valueAt(document, path) != null);
