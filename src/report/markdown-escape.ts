/** Text that somebody else wrote, made safe for GitHub's Markdown: it reads as it was written, and does nothing. */
import { printable } from '../core/text.js';

/** Zero width: ends a word for GitHub, and not for a reader. Of such characters in the text nothing is left. */
const BREAK = '&#8203;';
/** In its place while the work goes on: no printable text holds it, and no rule of those below acts on it. */
const MARK = '\u0001';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // Backslashes are not enough here: a table splits its cells, and GitHub looks for formulas, before anything else.
  '|': '&#124;',
  $: '&#36;',
};

/** What GitHub makes links and pictures of in finished text, where no backslash is left. In the order of work. */
const linked: readonly (readonly [RegExp, string])[] = [
  // @somebody, @team, an address of e-mail.
  [/@/g, `@${MARK}`],
  // #1, owner/repository#1, GH-1.
  [/#(?=\d)/g, `#${MARK}`],
  [/(gh-)(?=\d)/gi, `$1${MARK}`],
  // https://…, www.…
  [/:(?=\/\/)/g, `:${MARK}`],
  [/(www)(?=\.)/gi, `$1${MARK}`],
  // :smile:
  [/:(?=[\w+-]+:)/g, `:${MARK}`],
];

/** A commit's id has at least seven digits; in pieces it is none. */
const withoutCommits = (text: string): string =>
  text.replace(/[\da-f]{7,}/gi, (digits) => digits.replace(/.{6}(?=.)/g, `$&${MARK}`));

const outerSpaces = (text: string): string =>
  text.replace(/^ +| +$/g, (spaces) => '&#32;'.repeat(spaces.length));

/**
 * Text for a paragraph, a heading, a list item or a table cell of GitHub's Markdown: no markup, no HTML, no links,
 * no mentions, no references to issues and commits, no formulas, on one line. Control characters and invisible ones
 * are shown as `printable` does.
 */
export const escapeMarkdown = (text: string): string => {
  const literal = printable(text)
    .replace(/[&<>|$]/g, (character) => `\0${character}`)
    .replace(/[\\`*_[\]~#]/g, '\\$&')
    // What makes a list or a heading at the beginning of a line.
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2');
  const apart = linked.reduce(
    (current, [pattern, replacement]) => current.replace(pattern, replacement),
    withoutCommits(literal),
  );
  return outerSpaces(apart)
    .replace(/\0(.)/g, (_, character: string) => entities[character] ?? character)
    .replaceAll(MARK, BREAK);
};

/**
 * Text as code, in a paragraph or in a table cell alike: nothing in it ends the code. Nothing for no text.
 */
export const codeSpan = (text: string): string => {
  const shown = printable(text);
  if (shown === '') return '';
  // A table ends a cell at a bar within code too, and its escape is none outside of a table.
  if (shown.includes('|')) return `<code>${escapeMarkdown(text)}</code>`;
  const runs = new Set((shown.match(/`+/g) ?? []).map(({ length }) => length));
  let length = 1;
  while (runs.has(length)) length += 1;
  const fence = '`'.repeat(length);
  const isStripped = shown.startsWith(' ') && shown.endsWith(' ') && shown.trim() !== '';
  const pad = isStripped || shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
};
