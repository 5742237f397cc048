/** Where in the text of a document a change belongs, and what stands there afterwards. Pure. */
import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  visit,
  type Alias,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isJsonArray, isJsonObject, type Json } from '../core/json.js';
import { flowText, itemText, pairText, scalarText } from './render.js';

/** One change of a document. `path` is as it is written there: short forms, names of the API, positions. */
export type Edit =
  | { readonly type: 'set'; readonly path: readonly string[]; readonly value: Json }
  | { readonly type: 'add'; readonly path: readonly string[]; readonly value: Json; readonly after?: string }
  | { readonly type: 'remove'; readonly path: readonly string[] }
  /** The last segment is a position in a list, its length for one item more. */
  | { readonly type: 'insert'; readonly path: readonly string[]; readonly value: Json }
  /** Another name, in the place of the last one of `path`, and another value. */
  | {
      readonly type: 'rename';
      readonly path: readonly string[];
      readonly name: string;
      readonly value: Json;
    };

/** The characters from `start` to `end`, and what takes their place. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A step towards an edit; not the last one where an alias had to be spelled out first. */
export interface Step {
  readonly splice: Splice;
  readonly last: boolean;
}

interface Context {
  readonly document: Document;
  readonly text: string;
  readonly edit: Edit;
  /** What the whole document says afterwards. */
  readonly expected: Json;
}

/** The next step of an edit, or undefined where it cannot be made in place. */
export const changeOf = (document: Document, text: string, edit: Edit, expected: Json): Step | undefined =>
  walk({ document, text, edit, expected });

const walk = (context: Context): Step | undefined => {
  const { document, edit, expected } = context;
  let node: unknown = document.contents;
  let inFlow = false;
  for (const [position, segment] of edit.path.entries()) {
    const shared = sharedBy(document, node, false);
    if (shared !== undefined) return spelledOut(document, shared);
    if (!isCollection(node)) return undefined;
    inFlow ||= node.flow === true;
    const last = position === edit.path.length - 1;
    if (isSeq(node)) {
      if (last) return inSeq(context, node as YAMLSeq<Node>, Number(segment), inFlow);
      node = node.items[Number(segment)];
      continue;
    }
    if (!isMap(node)) return undefined;
    const map = node as YAMLMap<Node, Node | null>;
    const pair = map.items.find(({ key }) => isScalar(key) && String(key.value) === segment);
    if (last) return inMap(context, map, pair, inFlow);
    if (pair === undefined) {
      // A merge key brings it in; from here on the map has its own.
      const path = edit.path.slice(0, position + 1);
      const own: Edit = { type: 'add', path, value: at(expected, path) };
      return inMap({ ...context, edit: own }, map, undefined, inFlow);
    }
    node = pair.value;
  }
  return undefined;
};

const at = (value: Json, path: readonly string[]): Json =>
  path.reduce<Json>(
    (held, segment) =>
      (isJsonArray(held) ? held[Number(segment)] : isJsonObject(held) ? held[segment] : null) ?? null,
    value,
  );

/** An alias that has to be spelled out before `node` changes: itself, or one of what changes with it. */
const sharedBy = (document: Document, node: unknown, below: boolean): Alias | undefined => {
  if (isAlias(node)) return node;
  const anchors = new Set<string>();
  const add = (own: unknown): void => {
    if ((isScalar(own) || isCollection(own)) && own.anchor !== undefined) anchors.add(own.anchor);
  };
  add(node);
  if (below && isCollection(node)) visit(node, { Node: (_key, inner) => add(inner) });
  if (anchors.size === 0) return undefined;
  let found: Alias | undefined;
  visit(document, {
    Alias: (_key, alias) => {
      if (!anchors.has(alias.source)) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
};

const spelledOut = (document: Document, alias: Alias): Step | undefined => {
  const { range } = alias;
  const value = alias.resolve(document);
  if (range == null || value === undefined) return undefined;
  const text = flowText(value.toJS(document) as Json);
  return { splice: { start: range[0], end: range[1], text }, last: false };
};

const done = (start: number, end: number, text: string): Step => ({
  splice: { start, end, text },
  last: true,
});

/** Where the last word of a node ends. */
const leafEnd = (node: Node): number => {
  if (!isCollection(node) || node.flow === true) return node.range?.[1] ?? 0;
  let end = node.range?.[0] ?? 0;
  visit(node, {
    Node: (_key, inner) => {
      if (!isCollection(inner) || inner.flow === true) end = Math.max(end, inner.range?.[1] ?? 0);
    },
  });
  return end;
};

const pairEnd = ({ key, value }: Pair<Node, Node | null>): number =>
  Math.max(key.range?.[1] ?? 0, value === null ? 0 : leafEnd(value));

const startOf = (node: Node): number => node.range?.[0] ?? 0;

const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1);

/** The beginning of the line of `offset`, where nothing but spaces stands before it. */
const lineStart = (text: string, offset: number): number | undefined => {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return text.slice(start, offset).trim() === '' ? start : undefined;
};

/** Behind the end of the line in which what ends at `offset` ends. */
const nextLine = (text: string, offset: number): number => {
  if (text[offset - 1] === '\n') return offset;
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
};

/** A line of its own at `offset`, the beginning of one. */
const newLine = (text: string, offset: number, column: number, line: string): Step => {
  const open = offset > 0 && text[offset - 1] !== '\n' ? '\n' : '';
  return done(offset, offset, `${open}${' '.repeat(column)}${line}\n`);
};

/** `text` in the place of a node that ends at `end`: a block of text takes its line break along. */
const replaced = (source: string, start: number, end: number, text: string): Step =>
  done(start, end, source[end - 1] === '\n' ? `${text}\n` : text);

const isPlain = (value: Json): boolean =>
  !isJsonArray(value) && !isJsonObject(value) && !(typeof value === 'string' && value.includes('\n'));

/** A scalar in the place of a scalar, or anything between brackets; undefined where more has to move. */
const inPlace = (text: string, node: unknown, value: Json, inFlow: boolean): Step | undefined => {
  if (!isScalar(node) && !isAlias(node) && !isCollection(node)) return undefined;
  const { range } = node;
  if (range == null || range[0] === range[1]) return undefined;
  if (inFlow) return done(range[0], range[1], flowText(value));
  if (!isScalar(node) || !isPlain(value)) return undefined;
  return replaced(text, range[0], range[1], scalarText(value, node.type));
};

/** The holder of what leaves, as an empty one. */
const emptied = (context: Context, value: Json): Step | undefined =>
  walk({ ...context, edit: { type: 'set', path: context.edit.path.slice(0, -1), value } });

const inMap = (
  context: Context,
  map: YAMLMap<Node, Node | null>,
  pair: Pair<Node, Node | null> | undefined,
  inFlow: boolean,
): Step | undefined => {
  const { document, text, edit } = context;
  const name = edit.type === 'rename' ? edit.name : (edit.path.at(-1) as string);
  const value = edit.type === 'remove' ? null : edit.value;
  if (pair === undefined)
    return addPair(text, map, name, value, edit.type === 'add' ? edit.after : undefined);
  const shared = isAlias(pair.value) ? undefined : sharedBy(document, pair.value, true);
  if (shared !== undefined) return spelledOut(document, shared);
  if (edit.type === 'remove') return removePair(context, map, pair);
  const here = edit.type === 'rename' ? undefined : inPlace(text, pair.value, value, inFlow);
  if (here !== undefined) return here;
  const start = startOf(pair.key);
  const own = inFlow ? `${flowText(name)}: ${flowText(value)}` : pairText(name, value, columnOf(text, start));
  return replaced(text, start, pairEnd(pair), own);
};

const addPair = (
  text: string,
  map: YAMLMap<Node, Node | null>,
  name: string,
  value: Json,
  after: string | undefined,
): Step | undefined => {
  const last = map.items.at(-1);
  const own = `${flowText(name)}: ${flowText(value)}`;
  if (map.flow === true)
    return last === undefined
      ? done(map.range?.[0] ?? 0, map.range?.[1] ?? 0, `{ ${own} }`)
      : done(pairEnd(last), pairEnd(last), `, ${own}`);
  const [first] = map.items;
  const before = map.items.find(({ key }) => isScalar(key) && key.value === after) ?? last;
  if (first === undefined || before === undefined) return undefined;
  const column = columnOf(text, startOf(first.key));
  return newLine(text, nextLine(text, pairEnd(before)), column, pairText(name, value, column));
};

const removePair = (
  context: Context,
  map: YAMLMap<Node, Node | null>,
  pair: Pair<Node, Node | null>,
): Step | undefined => {
  const { text } = context;
  const index = map.items.indexOf(pair);
  const [previous, next] = [map.items[index - 1], map.items[index + 1]];
  const start = startOf(pair.key);
  if (map.flow === true) {
    if (previous !== undefined) return done(pairEnd(previous), pairEnd(pair), '');
    return next === undefined
      ? done(map.range?.[0] ?? 0, map.range?.[1] ?? 0, '{}')
      : done(start, startOf(next.key), '');
  }
  if (previous === undefined && next === undefined) return emptied(context, {});
  const line = lineStart(text, start);
  if (line !== undefined) return done(line, nextLine(text, pairEnd(pair)), '');
  return next === undefined ? undefined : done(start, startOf(next.key), '');
};

const inSeq = (context: Context, list: YAMLSeq<Node>, index: number, inFlow: boolean): Step | undefined => {
  const { document, text, edit } = context;
  if (edit.type === 'insert') return insertItem(text, list, index, edit.value);
  const item = list.items[index];
  if (item === undefined) return undefined;
  const shared = isAlias(item) ? undefined : sharedBy(document, item, true);
  if (shared !== undefined) return spelledOut(document, shared);
  if (edit.type === 'remove') return removeItem(context, list, index);
  const here = inPlace(text, item, edit.value, inFlow);
  if (here !== undefined) return here;
  const dash = dashOf(text, list, item);
  if (dash === undefined) return undefined;
  return replaced(text, dash, leafEnd(item), itemText(edit.value, columnOf(text, dash), !isBlockMap(item)));
};

const isBlockMap = (node: Node | undefined): boolean => isMap(node) && node.flow !== true;

/** Where the dash of an item of a block list stands. */
const dashOf = (text: string, list: YAMLSeq<Node>, item: Node): number | undefined => {
  const column = columnOf(text, list.range?.[0] ?? 0);
  for (let start = text.lastIndexOf('\n', startOf(item) - 1) + 1; start >= 0;) {
    if (text[start + column] === '-') return start + column;
    if (start === 0) return undefined;
    start = text.lastIndexOf('\n', start - 2) + 1;
  }
  return undefined;
};

const insertItem = (text: string, list: YAMLSeq<Node>, index: number, value: Json): Step | undefined => {
  const previous = list.items[index - 1];
  const next = list.items[index];
  if (list.flow === true) {
    if (previous !== undefined) return done(leafEnd(previous), leafEnd(previous), `, ${flowText(value)}`);
    if (next === undefined) return done(list.range?.[0] ?? 0, list.range?.[1] ?? 0, `[${flowText(value)}]`);
    return undefined;
  }
  const column = columnOf(text, list.range?.[0] ?? 0);
  const line = itemText(value, column, !isBlockMap(list.items.at(-1)));
  if (previous !== undefined) return newLine(text, nextLine(text, leafEnd(previous)), column, line);
  const dash = next === undefined ? undefined : dashOf(text, list, next);
  const start = dash === undefined ? undefined : lineStart(text, dash);
  return start === undefined ? undefined : newLine(text, start, column, line);
};

const removeItem = (context: Context, list: YAMLSeq<Node>, index: number): Step | undefined => {
  const { text } = context;
  const item = list.items[index] as Node;
  const [previous, next] = [list.items[index - 1], list.items[index + 1]];
  if (list.flow === true) {
    if (previous !== undefined) return done(leafEnd(previous), leafEnd(item), '');
    return next === undefined
      ? done(list.range?.[0] ?? 0, list.range?.[1] ?? 0, '[]')
      : done(startOf(item), startOf(next), '');
  }
  if (list.items.length === 1) return emptied(context, []);
  const dash = dashOf(text, list, item);
  const line = dash === undefined ? undefined : lineStart(text, dash);
  return line === undefined ? undefined : done(line, nextLine(text, leafEnd(item)), '');
};
