/**
 * Where a value stands in its file: through aliases, merge keys and overlays. Found only when a finding
 * needs it, by parsing the file again: most runs need no position, and syntax trees are large.
 */
import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from 'yaml';
import type { Place } from '../core/diagnostics.js';
import { parseText } from './parse.js';

/** A place, and where the value behind it is used by an alias. */
export interface Located {
  readonly place: Place;
  readonly usedAt?: Place;
}

/** Finds the place of a value: the document `index` of `file`, the segments of a JSON pointer. */
export type Locate = (
  file: string,
  index: number,
  segments: readonly string[],
  what?: 'key' | 'value',
) => Located;

interface Tree {
  readonly documents: readonly Document[];
  readonly lines: LineCounter;
}

/** Trees kept at hand: findings come file by file. */
const KEPT = 4;

/** A function that locates values in the given texts. */
export const createLocate = (textOf: (file: string) => string): Locate => {
  const trees = new Map<string, Tree>();
  const treeOf = (file: string): Tree => {
    const known = trees.get(file);
    if (known !== undefined) return known;
    const tree = parseText(textOf(file));
    const oldest = trees.keys().next();
    if (trees.size >= KEPT && oldest.done !== true) trees.delete(oldest.value);
    trees.set(file, tree);
    return tree;
  };
  return (file, index, segments, what = 'value') => {
    const { documents, lines } = treeOf(file);
    const placeAt = (offset: number): Place => {
      const { line, col } = lines.linePos(offset);
      return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
    };
    const document = documents[index];
    if (document?.contents == null) return { place: { file, line: 1, column: 1 } };
    const { offset, alias } = walk(document, segments, what);
    return { place: placeAt(offset), ...(alias === undefined ? {} : { usedAt: placeAt(alias) }) };
  };
};

/** Goes down as far as the document goes: a finding about what is missing points at what should hold it. */
const walk = (
  document: Document,
  segments: readonly string[],
  what: 'key' | 'value',
): { readonly offset: number; readonly alias?: number } => {
  let node: Node | null | undefined = document.contents;
  let offset = startOf(node) ?? 0;
  let alias: number | undefined;
  for (const [position, segment] of segments.entries()) {
    if (isAlias(node)) {
      alias = startOf(node);
      node = node.resolve(document);
    }
    const pair = isMap(node) ? findPair(document, node.items, segment) : undefined;
    const next: unknown = isSeq(node) ? node.items[Number(segment)] : pair?.value;
    const key = pair === undefined ? undefined : startOf(pair.key);
    if (next == null && key === undefined) break;
    const last = position === segments.length - 1;
    const value = startOf(next);
    // The key of a value that is a block on the next lines says more than the block's first line.
    offset = (last && what === 'key' ? (key ?? value) : (value ?? key)) ?? offset;
    node = next as Node | undefined;
  }
  return alias === undefined ? { offset } : { offset, alias };
};

const startOf = (node: unknown): number | undefined =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
    ? (node.range[0] as number)
    : undefined;

/** The pair with this key: the map's own, else one that a merge key brings in. */
const findPair = (document: Document, pairs: readonly Pair[], key: string): Pair | undefined => {
  const own = pairs.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
  if (own !== undefined) return own;
  for (const { key: name, value } of pairs) {
    if (!isScalar(name) || (name.value !== '<<' && typeof name.value !== 'symbol')) continue;
    const sources: readonly unknown[] = isSeq(value) ? value.items : [value];
    for (const source of sources) {
      const map = isAlias(source) ? source.resolve(document) : source;
      const found = isMap(map) ? findPair(document, map.items, key) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
};
