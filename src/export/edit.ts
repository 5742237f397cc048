/**
 * Changes single values of a YAML document in its text: all around them stays byte for byte. What is written is
 * read again and compared with what was meant; where that does not hold, the document is written anew.
 */
import { Document, isCollection, isSeq, visit, type Node } from 'yaml';
import { isJsonArray, isJsonObject, jsonEqual, type Json } from '../core/json.js';
import { parseText } from '../load/parse.js';
import { changeOf, type Edit, type Splice } from './splice.js';

/** The value with one change made; what an edited text has to say. Pure. */
export const edited = (value: Json, edit: Edit): Json => change(value, edit.path, edit);

const change = (value: Json, path: readonly string[], edit: Edit): Json => {
  const [head, ...rest] = path as [string, ...string[]];
  if (isJsonArray(value)) {
    const position = Number(head);
    if (rest.length > 0)
      return value.map((item, index) => (index === position ? change(item, rest, edit) : item));
    const [before, behind] = [
      value.slice(0, position),
      value.slice(position + (edit.type === 'insert' ? 0 : 1)),
    ];
    return edit.type === 'remove' ? [...before, ...behind] : [...before, edit.value, ...behind];
  }
  const map = isJsonObject(value) ? value : {};
  if (rest.length > 0) return { ...map, [head]: change(map[head] ?? {}, rest, edit) };
  if (edit.type === 'remove')
    return Object.fromEntries(Object.entries(map).filter(([name]) => name !== head));
  if (edit.type === 'rename')
    return Object.fromEntries(
      Object.entries(map).map(([name, item]) => (name === head ? [edit.name, edit.value] : [name, item])),
    );
  return { ...map, [head]: edit.value };
};

/** Without nulls in maps: a key that a merge brings in can only be removed by one. */
const withoutNulls = (value: Json): Json =>
  isJsonArray(value)
    ? value.map(withoutNulls)
    : isJsonObject(value)
      ? Object.fromEntries(
          Object.entries(value).flatMap(([name, item]) =>
            item === null ? [] : [[name, withoutNulls(item)]],
          ),
        )
      : value;

const valueOf = (text: string): Json | undefined => {
  const [document, ...more] = parseText(text).documents;
  if (document === undefined || more.length > 0 || document.errors.length > 0) return undefined;
  try {
    return document.toJS({ maxAliasCount: -1 }) as Json;
  } catch {
    return undefined;
  }
};

const splice = (text: string, { start, end, text: inserted }: Splice): string =>
  `${text.slice(0, start)}${inserted}${text.slice(end)}`;

/** How often a text is looked at again for one edit: once for each alias in its way. */
const ATTEMPTS = 100;

/** The text of one document with one change; undefined where it cannot be made in place. */
const editOnce = (text: string, edit: Edit, expected: Json): string | undefined => {
  let current = text;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const [document] = parseText(current).documents;
    if (document?.contents == null) return undefined;
    const step = changeOf(document, current, edit, expected);
    if (step === undefined) return undefined;
    current = splice(current, step.splice);
    if (step.last) return current;
  }
  return undefined;
};

/** The document changed in its syntax tree: comments stay, the way in which it was laid out may not. */
const editTree = (text: string, edit: Edit, expected: Json): string | undefined => {
  const [document] = parseText(text).documents;
  if (document === undefined) return undefined;
  expandAliases(document);
  const path = edit.path.map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment));
  const holder = path.slice(0, -1);
  try {
    if (edit.type === 'remove') document.deleteIn(path);
    else if (edit.type === 'insert') {
      const list = document.getIn(holder);
      if (!isSeq(list)) return undefined;
      list.items.splice(Number(edit.path.at(-1)), 0, document.createNode(edit.value));
    } else if (edit.type === 'rename') {
      document.deleteIn(path);
      document.setIn([...holder, edit.name], document.createNode(edit.value));
    } else document.setIn(path, document.createNode(edit.value));
    const result = document.toString({ lineWidth: 0 });
    return jsonEqual(normal(valueOf(result)), normal(expected)) ? result : undefined;
  } catch {
    return undefined;
  }
};

const normal = (value: Json | undefined): Json | undefined =>
  value === undefined ? undefined : withoutNulls(value);

const expandAliases = (document: Document): void => {
  visit(document, {
    Alias: (_key, alias) => {
      const value = alias.resolve(document);
      return value === undefined ? undefined : (document.createNode(value.toJS(document)) as Node);
    },
  });
};

/** The text of one document with all changes, in this order. Never gives a text that says anything else. */
const editDocument = (text: string, edits: readonly Edit[]): string => {
  let current = text;
  for (const edit of edits) {
    const before = valueOf(current) ?? {};
    const expected = edited(before, edit);
    const inPlace = editOnce(current, edit, expected);
    const right = inPlace !== undefined && jsonEqual(normal(valueOf(inPlace)), normal(expected));
    current = right ? inPlace : (editTree(current, edit, expected) ?? new Document(expected).toString());
  }
  return current;
};

/** The text of a file with changes in its document `index`; every other byte is as it was. */
export const editFile = (text: string, index: number, edits: readonly Edit[]): string => {
  const contents = parseText(text).documents[index]?.contents;
  const range = contents?.range;
  if (range == null || edits.length === 0) return text;
  const lineStart = text.lastIndexOf('\n', range[0] - 1) + 1;
  const start = text.slice(lineStart, range[0]).trim() === '' ? lineStart : range[0];
  const end = endOf(text, contents as Node);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const own = text.slice(start, end).replaceAll('\r\n', '\n');
  const after = editDocument(own, edits);
  const tidy = own.endsWith('\n') ? (after.endsWith('\n') ? after : `${after}\n`) : after.replace(/\n$/, '');
  return `${text.slice(0, start)}${tidy.replaceAll('\n', newline)}${text.slice(end)}`;
};

/** Where a node ends, its last line's comment included. */
const endOf = (text: string, node: Node): number => {
  let last = node.range?.[0] ?? 0;
  visit(node, {
    Node: (_key, inner) => {
      if (!isCollection(inner) || inner.flow === true) last = Math.max(last, inner.range?.[1] ?? 0);
    },
  });
  if (text[last - 1] === '\n') return last;
  const line = text.indexOf('\n', last);
  return line === -1 ? text.length : line + 1;
};
