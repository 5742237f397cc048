/** The canonical form of a manifest file: order and style, with every comment, anchor and block of text kept. Pure. */
import {
  isAlias,
  isCollection,
  isScalar,
  Parser,
  parseAllDocuments,
  visit,
  type CST,
  type Document,
  type Scalar,
  type ScalarTag,
  type Tags,
} from 'yaml';
import { canonicalJson, type Json } from '../core/json.js';
import { orderFields } from './order.js';

/** Folded blocks (`>`) are broken here; nothing else is folded. */
const FOLD_AT = 80;

/** A comment that moves can change what stands around it; more than two rounds have not been seen. */
const ROUNDS = 5;

/** How the text of a file comes out, or why it must be left alone. */
export type Formatted = { readonly text: string } | { readonly refused: string };

type WriteScalar = NonNullable<ScalarTag['stringify']>;
type Write = (
  item: unknown,
  context: Parameters<WriteScalar>[1],
  onComment?: () => void,
  onChompKeep?: () => void,
) => string;

/** `{ a: 1 }`, and `[a, b]`. */
const padded =
  (flowCollectionPadding: string): Write =>
  (item, context, ...rest) =>
    isCollection(item) ? item.toString({ ...context, flowCollectionPadding }, ...rest) : '';

const folded =
  (write: WriteScalar): WriteScalar =>
  (item, context, ...rest) =>
    write(
      item,
      item.type === 'BLOCK_FOLDED'
        ? { ...context, options: { ...context.options, lineWidth: FOLD_AT } }
        : context,
      ...rest,
    );

/** The library's own tags, written our way. */
const customTags = (tags: Tags): Tags =>
  tags.map((tag) => {
    if (typeof tag === 'string') return tag;
    if (tag.tag === 'tag:yaml.org,2002:map')
      return { ...tag, stringify: padded(' ') } as unknown as typeof tag;
    if (tag.tag === 'tag:yaml.org,2002:seq')
      return { ...tag, stringify: padded('') } as unknown as typeof tag;
    return tag.tag === 'tag:yaml.org,2002:str' && tag.stringify !== undefined
      ? { ...tag, stringify: folded(tag.stringify) }
      : tag;
  });

const parse = (text: string): readonly Document[] => {
  const documents = parseAllDocuments(text, { merge: true, customTags, prettyErrors: false });
  return Array.isArray(documents) ? documents : [];
};

/**
 * The text of a manifest file in canonical form. Formatting twice is formatting once, and the values stay the same;
 * where that cannot be kept, or a comment would be lost, the text is refused. `text` is valid YAML.
 */
export const formatText = (text: string): Formatted => {
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? '\n';
  const plain = text.replace(/^\ufeff/, '').replaceAll(/\r\n?/g, '\n');
  if (/^%/m.test(plain) && parse(plain).some(({ directives }) => hasDirectives(directives)))
    return { refused: 'it has directives (%YAML, %TAG)' };
  let before = plain;
  for (let round = 0; round < ROUNDS; round += 1) {
    const after = once(before);
    if (after === before) return checked(plain, after, lineEnd);
    before = after;
  }
  return { refused: 'its comments stand where they cannot be kept' };
};

const hasDirectives = (directives: Document['directives']): boolean =>
  directives !== undefined && (directives.yaml.explicit === true || Object.keys(directives.tags).length > 1);

/** Nothing between two marks, or comments alone. */
const isEmpty = ({ contents }: Document): boolean =>
  contents === null || (isScalar(contents) && contents.value === null && contents.source === '');

/** A formatter that changes what a file says would be worse than none. */
const checked = (before: string, after: string, lineEnd: string): Formatted => {
  if (canonicalJson(valuesOf(before)) !== canonicalJson(valuesOf(after)))
    return { refused: 'its values could not be kept' };
  if (commentsOf(before) !== commentsOf(after)) return { refused: 'its comments could not be kept' };
  return { text: lineEnd === '\n' ? after : after.replaceAll('\n', lineEnd) };
};

const valuesOf = (text: string): Json =>
  parse(text)
    .filter((document) => !isEmpty(document))
    .map((document) => document.toJS({ maxAliasCount: -1 }) as Json);

/** Every comment of a text, in one order: two texts that have the same lost none. */
export const commentsOf = (text: string): string => {
  const comments: string[] = [];
  const visitToken = (token: unknown): void => {
    if (typeof token !== 'object' || token === null) return;
    const { type, source } = token as Partial<CST.SourceToken>;
    if (type === 'comment' && source !== undefined) comments.push(source.trim());
    for (const value of Object.values(token)) if (typeof value === 'object') visitToken(value);
  };
  for (const token of new Parser().parse(text)) visitToken(token);
  return comments.sort().join('\n');
};

const once = (text: string): string => {
  const written = parse(text);
  const parts = parse(text).flatMap((document, index) => {
    if (isEmpty(document) && document.commentBefore === null && document.comment === null) return [];
    orderFields(document.contents);
    // An anchor has to stand before what uses it: where the order would part them, it stays as it is.
    return [styled(aliasesFollow(document) ? document : (written[index] ?? document), text)];
  });
  return `${parts.join('\n---\n')}\n`;
};

/** Whether each alias still comes after its anchor. */
const aliasesFollow = (document: Document): boolean => {
  const anchors = new Set<string>();
  let follows = true;
  visit(document, (_key, node) => {
    if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) anchors.add(node.anchor);
    if (isAlias(node)) follows &&= anchors.has(node.source);
  });
  return follows;
};

const styled = (document: Document, text: string): string => {
  visit(document, {
    Scalar: (_key, node) => quote(node),
    Collection: (_key, node) => {
      // A flow collection over several lines becomes a block; one on a line stays.
      const [start, end] = node.range ?? [0, 0];
      if (node.items.length > 0 && text.slice(start, end).includes('\n')) node.flow = false;
    },
  });
  if (document.directives !== undefined)
    Object.assign(document.directives, { docStart: null, docEnd: false });
  return document
    .toString({
      lineWidth: 0,
      indent: 2,
      indentSeq: true,
      singleQuote: true,
      doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
    })
    .replace(/^\n+/, '')
    .trimEnd();
};

/** Single quotes, but for what they cannot say plainly; what has no quotes gets none. */
const quote = (node: Scalar): void => {
  if (typeof node.value !== 'string' || node.type?.startsWith('QUOTE_') !== true) return;
  const doubled =
    /[\p{Cc}\u2028\u2029]/u.test(node.value) || (node.value.includes("'") && !node.value.includes('"'));
  node.type = doubled ? 'QUOTE_DOUBLE' : 'QUOTE_SINGLE';
};
