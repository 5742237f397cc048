/** The order of fields: as the schemas list them. Pure. */
import { isMap, isPair, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from 'yaml';
import common from '../../schemas/common.schema.json' with { type: 'json' };
import defaults from '../../schemas/defaults.schema.json' with { type: 'json' };
import instances from '../../schemas/instances.schema.json' with { type: 'json' };
import moved from '../../schemas/moved.schema.json' with { type: 'json' };
import overlay from '../../schemas/overlay.schema.json' with { type: 'json' };
import removed from '../../schemas/removed.schema.json' with { type: 'json' };
import template from '../../schemas/template.schema.json' with { type: 'json' };
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { kinds } from '../kinds/registry.js';

interface Scope {
  /** The schema of the value at hand. */
  readonly schema: JsonObject;
  /** The document that its references lead into. */
  readonly root: JsonObject;
}

const roots: ReadonlyMap<string, JsonObject> = new Map<string, JsonObject>([
  ...kinds.map(({ name, schema }) => [name, schema as unknown as JsonObject] as const),
  ...[defaults, instances, moved, overlay, removed, template].map(
    (schema) => [schema.title, schema as unknown as JsonObject] as [string, JsonObject],
  ),
]);

/** Follows `$ref` into the same schema, or into the common one. */
const scopeOf = (schema: Json | undefined, root: JsonObject): Scope | undefined => {
  if (!isJsonObject(schema)) return undefined;
  const { $ref: reference } = schema;
  if (typeof reference !== 'string') return { schema, root };
  const [file = '', pointer = ''] = reference.split('#');
  const target = file === '' ? root : (common as unknown as JsonObject);
  const held = pointer
    .split('/')
    .slice(1)
    .reduce<Json | undefined>((value, name) => (isJsonObject(value) ? value[name] : undefined), target);
  return scopeOf(held, target);
};

const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : '');

const isMerge = (pair: Pair): boolean =>
  isScalar(pair.key) && (pair.key.value === '<<' || typeof pair.key.value === 'symbol');

/** What is known comes in the order of the schema, a reference's wire name in the place of its own; the rest after. */
const placeOf = (pair: Pair, names: readonly string[]): number => {
  if (isMerge(pair)) return -1;
  const key = keyOf(pair);
  const place = [key, key.replace(/_ids?$/, '')].map((name) => names.indexOf(name)).find((at) => at >= 0);
  return place ?? names.length;
};

type Place = 'document' | 'value' | 'item';

const commentOf = (pair: Pair | undefined): string | null | undefined =>
  isScalar(pair?.key) ? pair.key.commentBefore : undefined;

/**
 * Whether a comment would come to stand for something else, as a new field comes first: one above a map's first field
 * belongs to the map for the parser, and in a list one above an item's first field to the item.
 */
const wouldStray = (map: YAMLMap, first: Pair | undefined, place: Place): boolean => {
  if (first === map.items[0] || place === 'document') return false;
  return place === 'item' ? commentOf(first) != null : map.commentBefore != null;
};

const orderMap = (map: YAMLMap, { schema, root }: Scope, place: Place): void => {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const names = Object.keys(properties);
  const before = map.items[0];
  const ordered = map.items.filter((item) => isPair(item));
  // Sorting keeps the order of those that have the same place.
  ordered.sort((a, b) => placeOf(a, names) - placeOf(b, names));
  const first = ordered[0];
  if (!wouldStray(map, first, place)) map.items = ordered;
  // A blank line above what comes first now would stand at the head of the map.
  if (map.items[0] === first && first !== undefined && first !== before && isScalar(first.key))
    first.key.spaceBefore = false;
  for (const { key, value } of ordered)
    if (isScalar(key)) orderValue(value, scopeOf(properties[String(key.value)], root), 'value');
};

const orderValue = (value: unknown, scope: Scope | undefined, place: Place): void => {
  if (scope === undefined) return;
  if (isMap(value)) orderMap(value, scope, place);
  else if (isSeq(value)) {
    const items = scopeOf(scope.schema['items'], scope.root);
    for (const item of value.items) orderValue(item, items, 'item');
  }
};

/** Puts the fields of a manifest into the order of its schema, in place. Free maps and lists keep theirs. */
export const orderFields = (contents: unknown): void => {
  if (!isMap(contents)) return;
  const kind: unknown = contents.get('kind');
  const root = typeof kind === 'string' ? roots.get(kind) : undefined;
  if (root === undefined) return;
  const before = firstKey(contents);
  orderMap(contents, { schema: root, root }, 'document');
  const after = firstKey(contents);
  if (before === undefined || after === undefined || before === after) return;
  // What stands above the first field is about the document, and stays at its head.
  const comments = [before.commentBefore, after.commentBefore].filter((comment) => comment != null);
  before.commentBefore = null;
  if (comments.length > 0) after.commentBefore = comments.join('\n\n');
};

const firstKey = ({ items }: YAMLMap): Scalar | undefined => {
  const key = items[0]?.key;
  return isScalar(key) ? key : undefined;
};
