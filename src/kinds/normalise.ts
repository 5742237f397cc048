/** From documents to comparable ones, by the tables of a kind's shape. All pure. */
import {
  byCodeUnit,
  canonicalJson,
  isJsonArray,
  isJsonObject,
  type Json,
  sortKeys,
  type JsonObject,
} from '../core/json.js';
import {
  escapePointer,
  isValueArray,
  isValueObject,
  Secret,
  type Value,
  type ValueObject,
} from '../core/secret.js';
import { mapExtra } from './extra.js';
import type { Kind, Shape } from './kind.js';
import { acceptWireNames } from './references.js';
import { acceptPlainIds } from './references.js';
import { mapDocument, mapItems, mapValue, pick, valueAt, without, withValue, type Path } from './paths.js';

/**
 * The desired document with live's values where the manifest is silent and live owns them, so that a body,
 * which replaces the whole object, loses nothing. What was applied before and has left the manifest since
 * is not kept: the manifest spoke of it, and took it back.
 */
export const completeFromLive = (
  kind: Kind,
  desired: ValueObject,
  live: JsonObject | undefined,
  applied: JsonObject | undefined,
): ValueObject => {
  if (live === undefined) return kind.complete(desired, undefined, undefined);
  let whole = desired;
  for (const path of kind.shape.freeMaps) {
    const theirs = valueAt(live, path);
    const ours = valueAt(whole, path);
    if (!isJsonObject(theirs) || (ours !== undefined && !isValueObject(ours))) continue;
    // A map inside a list or an absent holder has nothing to be merged into.
    const holder = path.slice(0, -1);
    if (holder.length > 0 && valueAt(whole, holder) === undefined) continue;
    whole = withValue(whole, path, mergeUnder(ours ?? {}, theirs, valueAt(applied, path)));
  }
  for (const path of kind.shape.liveWhenSilent) {
    const theirs = valueAt(live, path);
    const holder = path.slice(0, -1);
    if (theirs === undefined || valueAt(whole, path) !== undefined) continue;
    if (holder.length > 0 && valueAt(whole, holder) === undefined) continue;
    whole = withValue(whole, path, theirs);
  }
  whole = mapExtra(kind, whole, [live, applied], (ours, theirs = {}, last = {}) =>
    mergeUnder(ours, theirs as JsonObject, last),
  );
  return kind.complete(whole, live, applied);
};

/** A document of an earlier run, or of an earlier version of this tool, in the form that documents have now. */
export const current = (kind: Kind, given: JsonObject): JsonObject => {
  // Ids that are references now were texts before.
  const document = acceptPlainIds(kind, given) as JsonObject;
  if (kind.olderForms === undefined) return document;
  // What is a field now was kept as one that nobody knew.
  const known = Object.keys(kind.schema.properties);
  const open = mapValue(document, ['extra'], (extra) =>
    isValueObject(extra)
      ? without(extra, ...Object.keys(extra).filter((name) => known.includes(name)))
      : extra,
  );
  // A reference may have been kept as an id.
  return acceptWireNames(kind, kind.olderForms.upgrade(open)) as JsonObject;
};

/** `ours` where it speaks, `theirs` where it is silent, except for what `applied` says was ours. */
const mergeUnder = (ours: ValueObject, theirs: JsonObject, applied: Value | undefined): ValueObject => {
  const before = isValueObject(applied) ? applied : {};
  const kept = Object.entries(theirs).flatMap(([key, value]): [string, Value][] => {
    const mine = Object.hasOwn(ours, key) ? ours[key] : undefined;
    if (mine === undefined) return Object.hasOwn(before, key) ? [] : [[key, value]];
    return isValueObject(mine) && isJsonObject(value) ? [[key, mergeUnder(mine, value, before[key])]] : [];
  });
  return kept.length === 0 ? ours : { ...ours, ...Object.fromEntries(kept) };
};

/** The value in which null, '', [] and {} are gone: the API uses them one for the other. */
const prune = (value: Json): Json | undefined => {
  if (value === null || value === '') return undefined;
  if (isJsonArray(value))
    return value.length === 0 ? undefined : (mapItems(value, (item) => prune(item as Json) ?? null) as Json);
  if (!isJsonObject(value)) return value;
  const kept: [string, Json][] = [];
  let isSame = true;
  for (const key of Object.keys(value)) {
    const item = value[key] as Json;
    const pruned = prune(item);
    isSame &&= pruned === item;
    if (pruned !== undefined) kept.push([key, pruned]);
  }
  return kept.length === 0 ? undefined : isSame ? value : Object.fromEntries(kept);
};

/**
 * The form in which two documents are compared and shown: no empty values, no defaults, lists whose order
 * does not count as maps by their key or sorted. `silent` are the paths that this comparison leaves out.
 */
export const comparable = (kind: Kind, document: JsonObject, silent: readonly Path[] = []): JsonObject => {
  const { shape } = kind;
  let form = (prune(document) ?? {}) as ValueObject;
  for (const path of [...shape.instructions, ...silent]) form = mapValue(form, path, () => undefined);
  form = kind.canonical(form as JsonObject);
  for (const { path, value } of shape.defaults)
    form = mapValue(form, path, (held) => (held === value ? undefined : held));
  for (const path of shape.sets) form = mapValue(form, path, sortSet);
  for (const { path, key } of shape.keyed) form = mapValue(form, path, (held) => keyedMap(held, key));
  return inSchemaOrder(kind, (prune(form as Json) ?? {}) as JsonObject);
};

/** Fields in the order of the schema, what is below by name: the order of a manifest says nothing. */
const inSchemaOrder = (kind: Kind, document: JsonObject): JsonObject => {
  const sorted = sortKeys(document) as JsonObject;
  return { ...pick(sorted, Object.keys(kind.schema.properties)), ...sorted };
};

const sortSet = (value: Value): Value =>
  isJsonArray(value) ? [...value].sort((a, b) => byCodeUnit(canonicalJson(a), canonicalJson(b))) : value;

/** A list of objects as a map by `key`. Where two share one, the later gets a number: nothing is hidden. */
const keyedMap = (value: Value, key: string): Value => {
  if (!isValueArray(value)) return value;
  const map = new Map<string, Value>();
  for (const item of value) {
    const held = isValueObject(item) ? item[key] : undefined;
    const name = typeof held === 'string' ? held : '';
    let free = name;
    for (let number = 2; map.has(free); number += 1) free = `${name}#${number}`;
    map.set(free, isValueObject(item) ? without(item, key) : item);
  }
  // An item that says nothing but its key still has to show.
  return Object.fromEntries(
    [...map].map(([name, item]) => [
      name,
      isValueObject(item) && Object.keys(item).length === 0 ? true : item,
    ]),
  );
};

/** The paths that a comparison leaves to the server, since the manifest is silent about them. */
export const serverOwned = (shape: Shape, desired: ValueObject): readonly Path[] =>
  shape.serverWhenSilent.filter((path) => valueAt(desired, path) === undefined);

/** The document as a request body may hold it: nulls of free maps and of the top level left out. */
export const dropNulls = (kind: Kind, document: ValueObject): ValueObject =>
  [[] as Path, ...kind.shape.freeMaps].reduce(
    (whole, path) =>
      mapDocument(whole, path, (object) =>
        Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null)),
      ),
    document,
  );

/** The values that are secret although they are written in clear, turned into secrets. */
export const sealSensitive = (kind: Kind, document: ValueObject): ValueObject => {
  const pointers = new Set(kind.sensitive(document));
  if (pointers.size === 0) return document;
  const seal = (value: Value, at: string): Value => {
    if (typeof value === 'string' && pointers.has(at) && value !== '') return new Secret(at, value);
    if (typeof value === 'number' && pointers.has(at)) return new Secret(at, String(value), value);
    if (isValueArray(value)) return value.map((item, index) => seal(item, `${at}/${index}`));
    if (!isValueObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, seal(item, `${at}/${escapePointer(key)}`)]),
    );
  };
  return seal(document, '') as ValueObject;
};
