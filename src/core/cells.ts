/**
 * Messages about rows, without anything of the rows. What an error says may repeat the value that it is about; whoever
 * reads a log is to learn what is wrong, and nothing of the data. Pure.
 */
import { isJsonArray, isJsonObject, type Json } from './json.js';
import { createNeedles } from './needles.js';
import { grouped } from './text.js';

/** What stands in the place of a value. */
export const CELL = '…';

export interface RowOf {
  /** The row, or whatever is known of it: none of its values may be shown. */
  readonly row?: Json;
  /** Names that are no values: of fields, of columns. The names of properties in `row` are some. */
  readonly names?: readonly string[];
}

/** All values of a row, however deep, as text. */
const valuesIn = (value: Json): readonly string[] =>
  isJsonArray(value)
    ? value.flatMap(valuesIn)
    : isJsonObject(value)
      ? Object.values(value).flatMap(valuesIn)
      : value === null || value === ''
        ? []
        : [String(value)];

/** The names of all properties, however deep. */
export const namesIn = (value: Json): readonly string[] =>
  isJsonArray(value)
    ? value.flatMap(namesIn)
    : isJsonObject(value)
      ? Object.entries(value).flatMap(([name, held]) => [name, ...namesIn(held)])
      : [];

/** Shorter values are looked for as words alone: a letter stands in any text. */
const SHORTEST_PIECE = 4;

/** A pattern of the text, in which one space is as good as another. */
const literally = (text: string): string =>
  text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`).replaceAll(/\s+/g, String.raw`\s+`);

const withoutValues = (text: string, values: readonly string[]): string => {
  const needles = createNeedles();
  const long = values.filter(({ length }) => length >= SHORTEST_PIECE);
  for (const value of long) needles.add(value);
  const words = [...new Set(values.map((value) => value.trim()))]
    .filter((value) => value !== '')
    .sort((a, b) => b.length - a.length)
    .map((value) =>
      value.length >= SHORTEST_PIECE
        ? literally(value)
        : String.raw`(?<![\p{L}\p{N}])${literally(value)}(?![\p{L}\p{N}])`,
    );
  const plain = needles.replaceIn(text, CELL);
  return words.length === 0 ? plain : plain.replaceAll(new RegExp(words.join('|'), 'giu'), CELL);
};

/** What is quoted, to the end of the text where the other sign is missing. */
const quoted: readonly RegExp[] = [
  /(")((?:[^"\\]|\\.?)*)("|$)/g,
  /(?<![\p{L}\p{N}])(')((?:[^'\\]|\\.?|'(?=[\p{L}\p{N}]))*)('|$)/gu,
  /(`)([^`]*)(`|$)/g,
  /([“„«‹‘])([^”“»›’]*)([”“»›’]|$)/g,
];

const brackets = ['()', '[]', '{}', '<>'] as const;

/** Replaces what stands in brackets, with all brackets in it, to the end of the text where one stays open. */
const inBrackets = (text: string, [open, close]: string, replace: (inner: string) => string): string => {
  let result = '';
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === open) {
      depth += 1;
      if (depth > 1) continue;
      result += text.slice(from, at + 1);
      from = at + 1;
    } else if (text[at] === close && depth > 0) {
      depth -= 1;
      if (depth > 0) continue;
      result += replace(text.slice(from, at));
      from = at;
    }
  }
  return result + (depth > 0 ? replace(text.slice(from)) : text.slice(from));
};

/** What is set to something: `name = Ana`. */
const SET = /(=\s*)[^\s,;(["'`…][^\s,;]*/g;

/** So many digits in a word are a number, a date or an id of somebody; fewer may be a status. */
const TELLING_DIGITS = 4;

/** A word that looks like a value wherever it stands. */
const isTelling = (word: string): boolean =>
  word.includes('@') || word.replaceAll(/\P{Nd}/gu, '').length >= TELLING_DIGITS;

/** Longer messages are not looked through, and not shown. */
const LONGEST = 10_000;

/**
 * The message without any value of the row, in whatever form, and without what looks like one where the row is not
 * known: what is quoted or in brackets and no name, what is set to something, addresses of e-mail, long numbers.
 */
export const withoutCells = (message: string, { row = null, names = [] }: RowOf = {}): string => {
  if (message.length > LONGEST) return `(a message of ${grouped(message.length)} characters)`;
  const known = new Set([...namesIn(row), ...names, CELL, '']);
  const unquoted = quoted.reduce(
    (text, pattern) =>
      text.replaceAll(pattern, (whole, open: string, inner: string, close: string) =>
        isOfNames(inner, known) ? whole : `${open}${CELL}${close}`,
      ),
    withoutValues(message, valuesIn(row)),
  );
  return brackets
    .reduce(
      (text, pair) => inBrackets(text, pair, (inner) => (isOfNames(inner, known) ? inner : CELL)),
      unquoted,
    )
    .replaceAll(SET, `$1${CELL}`)
    .replaceAll(/\S+/g, (word) =>
      isTelling(word) && !known.has(word) ? word.replace(/^.*?([,;.:!?]*)$/su, `${CELL}$1`) : word,
    );
};

/** Whether a text is a name, or has nothing but names in it and values that are gone already. */
const isOfNames = (text: string, known: ReadonlySet<string>): boolean =>
  known.has(text) || text.split(/[\s,;:="'`()]+/).every((part) => known.has(part));
