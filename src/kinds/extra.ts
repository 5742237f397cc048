/**
 * Fields that the API has and this version does not know: `extra` of a manifest, and what an answer holds besides.
 * They are sent as they are, and what lives is kept where the manifest is silent. Pure.
 */
import { canonicalJson, isJsonArray, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import {
  escapePointer,
  isValueArray,
  isValueObject,
  redact,
  type Value,
  type ValueObject,
} from '../core/secret.js';
import type { Kind, Level } from './kind.js';
import { isMask } from './mask.js';
import { mapDocument, mapItems, valueAt, without, withValue, type Path } from './paths.js';

/** The property of a manifest that holds them. */
export const EXTRA = 'extra';

const nothing: ValueObject = {};

/** What an object holds of them. */
export const extraOf = (value: Value | undefined): ValueObject => {
  const held = isValueObject(value) ? value[EXTRA] : undefined;
  return isValueObject(held) ? held : nothing;
};

const withExtra = (object: ValueObject, extra: ValueObject): ValueObject =>
  Object.keys(extra).length === 0
    ? without(object, EXTRA)
    : extra === object[EXTRA]
      ? object
      : { ...object, [EXTRA]: extra };

/** What a manifest says of itself; an API may use these names for fields of its own. */
const ofManifest = new Set(['kind', 'key', 'external', 'lifecycle']);

const isSaidOfManifest = (name: string, schema: Json | undefined): boolean =>
  ofManifest.has(name) || (isJsonObject(schema) && schema['$ref'] === 'common.schema.json#/$defs/labels');

const namesKept = new WeakMap<Level, ReadonlySet<string>>();

/** Names that have a place of their own at a level: those of the schema, by whichever name, and the server's. */
export const namesAt = (kind: Kind, level: Level): ReadonlySet<string> => {
  const known = namesKept.get(level) ?? namesOf(kind, level);
  namesKept.set(level, known);
  return known;
};

const namesOf = (kind: Kind, { path, server }: Level): ReadonlySet<string> => {
  const at = path.join('/');
  const references = kind.references.filter((rule) => rule.path.join('/') === at);
  const aliases = kind.aliases.filter((each) => each.path.join('/') === at);
  return new Set([
    ...Object.entries(propertiesAt(kind.schema as unknown as JsonObject, path)).flatMap(([name, schema]) =>
      isSaidOfManifest(name, schema) ? [] : [name],
    ),
    ...references.map(({ wire }) => wire),
    ...aliases.map(({ alias }) => alias),
    ...server,
  ]);
};

/** The properties of a schema at a path, `$ref`s within it followed. */
const propertiesAt = (root: JsonObject, path: Path): JsonObject => {
  const follow = (schema: Json | undefined): JsonObject => {
    if (!isJsonObject(schema)) return {};
    const reference = schema['$ref'];
    if (typeof reference !== 'string' || !reference.startsWith('#/$defs/')) return schema;
    const { $defs: definitions } = root;
    return follow(isJsonObject(definitions) ? definitions[reference.slice('#/$defs/'.length)] : undefined);
  };
  const end = path.reduce((schema, segment) => {
    const { properties, items } = schema;
    return follow(segment === '*' ? items : isJsonObject(properties) ? properties[segment] : undefined);
  }, follow(root));
  return isJsonObject(end['properties']) ? end['properties'] : {};
};

/** An answer with what nobody knows below `extra`, at each level; what the server makes stays where it is. */
export const gatherExtra = (kind: Kind, live: JsonObject): JsonObject =>
  kind.levels.reduce<ValueObject>((whole, level) => {
    const known = namesAt(kind, level);
    return mapDocument(whole, level.path, (object) => {
      const unknown = Object.entries(object).filter(([name]) => !known.has(name));
      if (unknown.length === 0) return object;
      const kept = without(object, ...unknown.map(([name]) => name));
      return withExtra(kept, Object.fromEntries(unknown));
    });
  }, live) as JsonObject;

/** The document without masks below any `extra`, and their pointers: no request can hold one. */
export const openExtra = (
  kind: Kind,
  document: JsonObject,
): { readonly document: JsonObject; readonly masked: readonly string[] } => {
  const masked: string[] = [];
  const open = (value: Json, at: string): Json | undefined => {
    if (isMask(value)) {
      masked.push(at);
      return undefined;
    }
    if (isJsonArray(value)) return value.map((item, index) => open(item, `${at}/${index}`) ?? null);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, item]): [string, Json][] => {
        const kept = open(item, `${at}/${escapePointer(name)}`);
        return kept === undefined ? [] : [[name, kept]];
      }),
    );
  };
  const clean = kind.levels.reduce<ValueObject>(
    (whole, { path }) =>
      mapDocument(whole, path, (object) => {
        if (object[EXTRA] === undefined) return object;
        const at = [...path, EXTRA].map((segment) => `/${segment}`).join('');
        return withExtra(object, open(extraOf(object) as JsonObject, at) as JsonObject);
      }),
    document,
  );
  return { document: clean as JsonObject, masked };
};

/** A document in the API's terms with `extra` spread into the objects that hold it; null leaves a field out. */
export const spreadExtra = (kind: Kind, document: ValueObject): ValueObject =>
  kind.levels.reduce(
    (whole, { path }) =>
      mapDocument(whole, path, (object) => ({
        ...without(object, EXTRA),
        ...Object.fromEntries(Object.entries(extraOf(object)).filter(([, value]) => value !== null)),
      })),
    document,
  );

type Change = (extra: ValueObject, ...others: readonly ValueObject[]) => ValueObject;

/**
 * The first document with its extras changed, at each level, by those of the same objects in the others. Items of a
 * list are the same by their key, else by what they say, else by their place in lists of one length.
 */
export const mapExtra = (
  kind: Kind,
  document: ValueObject,
  others: readonly (ValueObject | undefined)[],
  change: Change,
): ValueObject =>
  kind.levels.reduce((whole, { path }) => mapLevel(kind, whole, others, path, [], change), document);

const mapLevel = (
  kind: Kind,
  document: ValueObject,
  others: readonly (ValueObject | undefined)[],
  path: Path,
  at: Path,
  change: Change,
): ValueObject => {
  const [head, ...rest] = path;
  if (head === undefined) return withExtra(document, change(extraOf(document), ...others.map(extraOf)));
  const own = document[head];
  const theirs = others.map((other) => other?.[head]);
  const below = [...at, head];
  if (rest[0] !== '*')
    return isValueObject(own)
      ? withProperty(
          document,
          head,
          mapLevel(
            kind,
            own,
            theirs.map((each) => (isValueObject(each) ? each : undefined)),
            rest,
            below,
            change,
          ),
        )
      : document;
  if (!isValueArray(own)) return document;
  // Which items are the same is asked only where one of them says something.
  if (![own, ...theirs].some((list) => holdsExtra(list, rest))) return document;
  const pairs = theirs.map((list) => paired(kind, below, own, isValueArray(list) ? list : []));
  return withProperty(
    document,
    head,
    mapItems(own, (item, index) =>
      isValueObject(item)
        ? mapLevel(
            kind,
            item,
            pairs.map((pair) => {
              const other = pair[index];
              return isValueObject(other) ? other : undefined;
            }),
            rest.slice(1),
            [...below, '*'],
            change,
          )
        : item,
    ),
  );
};

const withProperty = (object: ValueObject, name: string, value: Value): ValueObject =>
  object[name] === value ? object : { ...object, [name]: value };

const holdsExtra = (value: Value | undefined, [head, ...rest]: Path): boolean =>
  head === undefined
    ? isValueObject(value) && value[EXTRA] !== undefined
    : head === '*'
      ? isValueArray(value) && value.some((item) => holdsExtra(item, rest))
      : isValueObject(value) && holdsExtra(value[head], rest);

const paired = (
  kind: Kind,
  at: Path,
  own: readonly Value[],
  theirs: readonly Value[],
): readonly (Value | undefined)[] => {
  const key = kind.shape.keyed.find(({ path }) => path.join('/') === at.join('/'))?.key;
  const name = (item: Value): string => {
    if (!isValueObject(item)) return '';
    if (key !== undefined) return canonicalJson(redact(item[key] ?? null));
    const alone = withValue({}, at, [redact(without(item, EXTRA))]) as JsonObject;
    return canonicalJson((valueAt(kind.canonical(alone), at) ?? null) as Json);
  };
  const free = new Map(theirs.map((item, index) => [index, name(item)]));
  const take = (wanted: string): number | undefined => {
    const [place] = [...free].find(([, each]) => each === wanted) ?? [];
    if (place !== undefined) free.delete(place);
    return place;
  };
  const places = own.map((item) => take(name(item)));
  return places.map((place, index) =>
    place !== undefined
      ? theirs[place]
      : key === undefined && own.length === theirs.length && free.has(index)
        ? theirs[index]
        : undefined,
  );
};

/** What an answer does not show of the extras that a manifest names: as it was applied, else as it is wanted. */
export const withHiddenExtra = (
  kind: Kind,
  live: ValueObject,
  desired: ValueObject,
  applied: ValueObject | undefined,
): ValueObject =>
  mapExtra(kind, live, [desired, applied], (theirs, ours, last = {}) => ({
    ...theirs,
    ...Object.fromEntries(
      Object.keys({ ...ours, ...last }).flatMap((name): [string, Value][] => {
        if (Object.hasOwn(theirs, name)) return [];
        const value = applied === undefined ? ours[name] : last[name];
        return value == null ? [] : [[name, value]];
      }),
    ),
  }));
