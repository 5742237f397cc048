/** Reading and rewriting documents at the paths of a kind's tables; `*` stands for each item of a list. */
import { isValueArray, isValueObject, type Value, type ValueObject } from '../core/secret.js';

export type Path = readonly string[];

// What does not change is the same object afterwards: of thousands of documents hardly any part is copied.

/** The value with `change(object)` in the place of each object at `path`. Where nothing stands, nothing is made. */
export const mapObjects = (
  value: Value,
  path: Path,
  change: (object: ValueObject) => ValueObject,
  /** How much of the path was gone already: rests of a path would be copies of it, by the million. */
  depth = 0,
): Value => {
  const head = path[depth];
  if (head === undefined) return isValueObject(value) ? change(value) : value;
  if (head === '*')
    return isValueArray(value) ? mapItems(value, (item) => mapObjects(item, path, change, depth + 1)) : value;
  if (!isValueObject(value)) return value;
  const held = value[head];
  if (held === undefined) return value;
  const changed = mapObjects(held, path, change, depth + 1);
  return changed === held ? value : { ...value, [head]: changed };
};

/** The list with each item changed; the same list where none is. */
export const mapItems = (
  list: readonly Value[],
  change: (item: Value, index: number) => Value,
): readonly Value[] => {
  let changed: Value[] | undefined;
  list.forEach((item, index) => {
    const after = change(item, index);
    if (after !== item) changed ??= list.slice(0, index);
    changed?.push(after);
  });
  return changed ?? list;
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
  let held = value;
  for (const segment of path) {
    if (held === undefined) return undefined;
    if (isValueArray(held)) held = held[Number(segment)];
    else held = isValueObject(held) && Object.hasOwn(held, segment) ? held[segment] : undefined;
  }
  return held;
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
export const pick = <T>(object: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> => {
  const kept: Record<string, T> = {};
  for (const name of names) {
    const value = object[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
};

/** Whether a pointer's segments lie at or under `path`. */
export const isUnder = (segments: readonly string[], path: Path): boolean =>
  path.length <= segments.length && path.every((part, index) => part === '*' || part === segments[index]);
