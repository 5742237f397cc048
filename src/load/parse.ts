/** From the text of a file to plain documents, with every complaint of the YAML library in our words. */
import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Alias,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml';
import type { Diagnostic, Place } from '../core/diagnostics.js';
import { escapePointer } from '../core/secret.js';
import { grouped } from '../core/text.js';

/** One document of a file, without its syntax tree: a tree takes twenty times the memory of its values. */
export interface ParsedDocument {
  readonly file: string;
  /** Position among the documents of the file. */
  readonly index: number;
  readonly value: unknown;
  readonly place: Place;
}

export interface Parsed {
  readonly documents: readonly ParsedDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

/** How many values a document may hold once its aliases are spelled out. */
const MAX_VALUES = 1_000_000;

/** Deeper than any manifest, and far below what a stack bears. */
const MAX_DEPTH = 100;

const hints: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  TAB_AS_INDENT: 'indent with spaces; YAML does not take tabs',
  DUPLICATE_KEY: 'remove one of the two; the second would silently win',
  MISSING_CHAR: 'check the quotes and brackets on this line and the one before',
  BAD_INDENT: 'check the indentation, and whether a quote or bracket before is closed',
  MULTIPLE_DOCS: 'separate documents with a line of three dashes (---)',
};

/** Parses text as YAML: 1.2 with merge keys, unique keys, no custom tags. */
export const parseText = (
  text: string,
): { readonly documents: readonly Document[]; readonly lines: LineCounter } => {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    merge: true,
    uniqueKeys: true,
    prettyErrors: false,
    stringKeys: false,
  });
  return { documents: Array.isArray(documents) ? documents : [], lines };
};

/** The documents of a file. Never throws for what the text holds. */
export const parseFile = (file: string, text: string): Parsed => {
  if (nestsTooDeeply(text)) return { documents: [], diagnostics: [tooDeep(file)] };
  try {
    return parse(file, text);
  } catch (error) {
    // The parser descends by recursion; the text decides how far.
    if (error instanceof RangeError) return { documents: [], diagnostics: [tooDeep(file)] };
    throw error;
  }
};

const parse = (file: string, text: string): Parsed => {
  const { documents, lines } = parseText(text);
  const diagnostics: Diagnostic[] = [];
  const parsed: ParsedDocument[] = [];
  documents.forEach((document, index) => {
    const placeAt = (offset: number): Place => {
      const { line, col } = lines.linePos(offset);
      return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
    };
    const problems = [...document.errors, ...document.warnings];
    diagnostics.push(...problems.map((problem) => complaint(problem, placeAt(problem.pos[0]))));
    if (problems.length > 0 || document.contents === null) return;
    const place = placeAt(document.contents.range?.[0] ?? 0);
    const dangling = text.includes('*') ? danglingAlias(document) : undefined;
    if (dangling !== undefined) {
      diagnostics.push({
        severity: 'error',
        code: 'unknown-alias',
        message: `the alias *${dangling.source} has no anchor`,
        hint: `an anchor &${dangling.source} has to stand earlier in the same document`,
        place: placeAt(dangling.range?.[0] ?? 0),
      });
      return;
    }
    const merged = text.includes('<<') ? badMerge(document) : undefined;
    if (merged !== undefined) {
      diagnostics.push({
        severity: 'error',
        code: 'bad-merge',
        message: '<< merges what is no map',
        hint: "write << with an alias of a map (<<: *defaults), or quote a field of that name ('<<')",
        place: placeAt(merged.range?.[0] ?? 0),
      });
      return;
    }
    if (/-\.?0/.test(text)) removeMinusZero(document);
    const value: unknown = document.toJS({ maxAliasCount: -1 });
    const trouble = inspectValue(value);
    if (trouble === undefined) parsed.push({ file, index, value, place });
    else diagnostics.push({ severity: 'error', place, ...trouble });
  });
  if (parsed.length === 0 && diagnostics.length === 0)
    diagnostics.push({
      severity: 'error',
      code: 'empty-file',
      message: 'the file holds no document',
      hint: 'write a manifest into it, or delete it',
      place: { file, line: 1, column: 1 },
    });
  return { documents: parsed, diagnostics };
};

/** JSON has no minus zero: neither what is sent nor what is remembered could say it. */
const removeMinusZero = (document: Document): void => {
  visit(document, {
    Scalar: (_key, node) => {
      if (Object.is(node.value, -0)) node.value = 0;
    },
  });
};

/** The first alias without an anchor before it. */
const danglingAlias = (document: Document): Alias | undefined => {
  const found: Alias[] = [];
  const anchors = new Set<string>();
  visit(document, {
    Node: (_key, node) => {
      if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) anchors.add(node.anchor);
      if (!isAlias(node) || anchors.has(node.source)) return undefined;
      found.push(node);
      return visit.BREAK;
    },
  });
  return found[0];
};

/** The first value of a merge key that cannot be merged: the library throws for it. https://yaml.org/type/merge.html */
const badMerge = (document: Document): Node | undefined => {
  const resolved = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  let found: Node | undefined;
  visit(document, {
    Pair: (_key, { key, value }) => {
      if (!isScalar(key) || key.source !== '<<' || key.type !== 'PLAIN') return undefined;
      const whole = resolved(value);
      const sources = isSeq(whole) ? whole.items : [value];
      const wrong = sources.find((source) => !isMap(resolved(source)));
      if (wrong === undefined) return undefined;
      found = isNode(wrong) ? wrong : key;
      return visit.BREAK;
    },
  });
  return found;
};

const complaint = ({ code, message }: YAMLError, place: Place): Diagnostic => {
  const hint = hints[code];
  return {
    severity: 'error',
    code: code === 'DUPLICATE_KEY' ? 'duplicate-key' : 'yaml-syntax',
    // Only the first line: what follows may quote the text, and a text may hold a secret.
    message: `not valid YAML: ${message.split('\n')[0] ?? ''}`,
    place,
    ...(hint === undefined ? {} : { hint }),
  };
};

const tooDeep = (file: string): Diagnostic => ({
  severity: 'error',
  code: 'nested-too-deeply',
  message: `values are nested more than ${MAX_DEPTH} levels deep`,
  hint: 'a manifest is nowhere near as deep; check the brackets',
  place: { file, line: 1, column: 1 },
});

/** Far below where the parser, which goes down by recursion, ends the whole process. */
const MAX_OPEN = 500;

/**
 * Whether so many brackets, list items and indentations are open at once as no manifest has. Looks at
 * characters alone; brackets inside of texts count too, and would have to be left open by the hundred.
 */
const nestsTooDeeply = (text: string): boolean => {
  const indents: number[] = [];
  let brackets = 0;
  for (const line of text.split('\n')) {
    const start = /^ */.exec(line)?.[0].length ?? 0;
    if (start === line.length) continue;
    while (indents.length > 0 && (indents.at(-1) ?? 0) > start) indents.pop();
    if (indents.at(-1) !== start) indents.push(start);
    const items = (/^ *((?:[-?:][ \t]+)*)/.exec(line)?.[1] ?? '').replaceAll(/[ \t]/g, '').length;
    for (const character of line) {
      if (character === '[' || character === '{') brackets += 1;
      else if (character === ']' || character === '}') brackets = Math.max(0, brackets - 1);
      if (indents.length + items + brackets > MAX_OPEN) return true;
    }
  }
  return false;
};

type Trouble = Pick<Diagnostic, 'code' | 'message' | 'hint'>;

/** What no manifest may hold: endless or exploding aliases, numbers that JSON does not know. */
const inspectValue = (root: unknown): Trouble | undefined => {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  let trouble: Trouble | undefined;
  /** Values below `value`, aliases spelled out; each shared value is looked at once. */
  const size = (value: unknown, at: string, depth: number): number => {
    if (trouble !== undefined) return 0;
    if (
      typeof value === 'number' &&
      (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    )
      trouble = {
        code: 'unsafe-number',
        message: `the number at ${at} cannot be kept exactly`,
        hint: 'write it as text, in quotes',
      };
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    if (open.has(value) || depth > MAX_DEPTH) {
      trouble = open.has(value)
        ? { code: 'alias-cycle', message: `the alias at ${at} holds itself`, hint: 'spell the value out' }
        : {
            code: 'nested-too-deeply',
            message: `values are nested more than ${MAX_DEPTH} levels deep`,
            hint: 'a manifest is nowhere near as deep; check the aliases',
          };
      return 0;
    }
    if (Object.hasOwn(value, '__proto__'))
      trouble = { code: 'forbidden-key', message: 'a key is called __proto__', hint: 'rename it' };
    open.add(value);
    let sum = 1;
    for (const [key, item] of Object.entries(value))
      sum += size(item, `${at}/${escapePointer(key)}`, depth + 1);
    open.delete(value);
    sizes.set(value, sum);
    return sum;
  };
  const total = size(root, '', 0);
  return total <= MAX_VALUES
    ? trouble
    : {
        code: 'alias-bomb',
        message: `the aliases of the document expand to more than ${grouped(MAX_VALUES)} values`,
        hint: 'use fewer aliases, or spell the values out',
      };
};
