/** Reading and rewriting documents at the paths of a kind's tables; `*` stands for each item of a list. */
import { isValueArray, isValueObject, type Value, type ValueObject } from '../core/secret.js';

export type Path = readonly string[];

// What does not change is the same object afterwards: of thousands of documents hardly any part is copied.

/** The value with `change(object)` in the place of each object at `path`. Where nothing stands, nothing is made. */
export const mapObjects = (value: Value, path: Path, change: (object: ValueObject) => ValueObject): Value => {
  const [head, ...rest] = path;
  if (head === undefined) return isValueObject(value) ? change(value) : value;
  if (head === '*')
    return isValueArray(value) ? mapItems(value, (item) => mapObjects(item, rest, change)) : value;
  if (!isValueObject(value)) return value;
  const held = value[head];
  if (held === undefined) return value;
  const changed = mapObjects(held, rest, change);
  return changed === held ? value : { ...value, [head]: changed };
};

/** The list with each item changed; the same list where none is. */
export const mapItems = (
  list: readonly Value[],
  change: (item: Value, index: number) => Value,
): readonly Value[] => {
  const changed = list.map(change);
  return changed.every((item, index) => item === list[index]) ? list : changed;
};

/** As `mapObjects`, for a document, which stays one. */
export const mapDocument = (
  document: ValueObject,
  path: Path,
  change: (object: ValueObject) => ValueObject,
): ValueObject => mapObjects(document, path, change) as ValueObject;

/** The document with `change(value)` at `path`, where a value stands; `undefined` takes it away. */
export const mapValue = (
  document: ValueObject,
  path: Path,
  change: (value: Value) => Value | undefined,
): ValueObject => {
  const property = path.at(-1) as string;
  return mapDocument(document, path.slice(0, -1), (object) => {
    const before = object[property];
    if (before === undefined) return object;
    const after = change(before);
    if (after === before) return object;
    return after === undefined ? without(object, property) : { ...object, [property]: after };
  });
};

/** The value at `path` (no `*`), or undefined. */
export const valueAt = (value: Value | undefined, path: Path): Value | undefined => {
  const [head, ...rest] = path;
  if (head === undefined || value === undefined) return value;
  if (isValueArray(value)) return valueAt(value[Number(head)], rest);
  return isValueObject(value) && Object.hasOwn(value, head) ? valueAt(value[head], rest) : undefined;
};

/** The document with `value` at `path` (no `*`); maps on the way are made where they are missing, lists are not. */
export const withValue = (document: ValueObject, path: Path, value: Value): ValueObject => {
  const [head, ...rest] = path as [string, ...string[]];
  return { ...document, [head]: rest.length === 0 ? value : placed(document[head], rest, value) };
};

const placed = (inner: Value | undefined, path: Path, value: Value): Value => {
  const [head, ...rest] = path as [string, ...string[]];
  if (isValueArray(inner) && /^\d+$/.test(head) && Number(head) < inner.length)
    return inner.map((item, index) =>
      index !== Number(head) ? item : rest.length === 0 ? value : placed(item, rest, value),
    );
  return withValue(isValueObject(inner) ? inner : {}, path, value);
};

/** The objects of a list; none where it is no list. */
export const items = (value: Value | undefined): readonly ValueObject[] =>
  isValueArray(value) ? value.filter(isValueObject) : [];

/** The object without these properties. */
export const without = (object: ValueObject, ...names: readonly string[]): ValueObject =>
  names.some((name) => Object.hasOwn(object, name))
    ? Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
    : object;

/** The object with these properties alone, in the order of `names`. */
export const pick = <T>(object: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(names.flatMap((name) => (object[name] === undefined ? [] : [[name, object[name]]])));

/** Whether a pointer's segments lie at or under `path`. */
export const isUnder = (segments: readonly string[], path: Path): boolean =>
  path.length <= segments.length && path.every((part, index) => part === '*' || part === segments[index]);
