/** Text that somebody else wrote, made safe for GitHub's Markdown: it reads as it was written, and does nothing. */
import { printable } from '../core/text.js';

/** Zero width: ends a word for GitHub, and not for a reader. `printable` leaves none of those in the text. */
const BREAK = '\u200b';

/** Ends of what GitHub makes links and pictures of in finished text, where no backslash is left. */
const linked: readonly RegExp[] = [
  // @somebody, @team, an address of e-mail.
  /@/g,
  // #1, owner/repository#1, GH-1.
  /#(?=\d)/g,
  /gh-(?=\d)/gi,
  // https://…, www.…
  /:(?=\/\/)/g,
  /www(?=\.)/gi,
  // :smile:
  /:(?=[\w+-]+:)/g,
];

/** A commit's id has at least seven digits; in pieces it is none. */
const withoutCommits = (text: string): string =>
  text.replace(/[\da-f]{7,}/gi, (digits) => digits.replace(/.{6}(?=.)/g, `$&${BREAK}`));

/** Where a backslash is not enough: a table splits its cells, and GitHub looks for formulas, before all else. */
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '|': '&#124;',
  $: '&#36;',
  [BREAK]: '&#8203;',
};

/**
 * Text for a paragraph, a heading, a list item or a table cell of GitHub's Markdown: no markup, no HTML, no links,
 * no mentions, no references to issues and commits, no formulas, on one line. Control characters and invisible ones
 * are shown as `printable` does.
 */
export const escapeMarkdown = (text: string): string =>
  linked
    .reduce((current, pattern) => current.replace(pattern, `$&${BREAK}`), withoutCommits(printable(text)))
    .replace(/[&<>|$\u200b\\`*_[\]~#]/g, (character) => entities[character] ?? `\\${character}`)
    // What makes a list or a heading at the beginning of a line.
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2')
    .replace(/^ +| +$/g, (spaces) => '&#32;'.repeat(spaces.length));

/** Text as code, in a paragraph or in a table cell alike: nothing in it ends the code. Nothing for no text. */
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
