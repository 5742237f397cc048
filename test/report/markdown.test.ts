/** Text of others within HTML and within a fence. */
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { printable } from '../../src/core/text.js';
import { fenced, htmlCode } from '../../src/report/markdown.js';

const render = (markdown: string): string =>
  micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** The text that a reader sees. */
const seen = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(?:(amp|lt|gt|quot)|#(\d+));/g, (_all, name: string | undefined, code: string) =>
      name === undefined ? String.fromCodePoint(Number(code)) : (entities[name] ?? ''),
    )
    .replaceAll('\u200b', '');

const elements = (html: string): readonly string[] =>
  [...html.matchAll(/<([a-z]+)/g)].map(([, name]) => name!).toSorted();

/** Texts of people, and of people who mean no good. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc
    .array(
      fc.constantFrom(
        ...'`*_[]()<>|\\#@!~$&:-+=/. \n\t0123456789abcdef'.split(''),
        '```',
        'https://evil.example.com',
        'www.evil.example.com',
        '@ana',
        '#1',
        'GH-1',
        '<b>',
        '<!--',
        '-->',
        '</details>',
        ':smile:',
        '&#64;',
        '&amp;',
        '1. ',
        'a@b.example.com',
        '0123456789abcdef0123',
        '\u202e',
        '\u200b',
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

describe('text of others, where Markdown does not reach,', () => {
  it('is text within HTML', () => {
    fc.assert(
      fc.property(text, (value) => {
        const html = render(`<details><summary>${htmlCode(value)} end</summary>\n\nx\n\n</details>`);
        expect(elements(html)).toEqual(['code', 'details', 'p', 'summary']);
        expect(seen(/<code>([^<]*)<\/code>/.exec(html)?.[1] ?? '')).toBe(printable(value));
      }),
    );
  });

  it('does not end the fence around it', () => {
    fc.assert(
      fc.property(text, (value) => {
        const html = render(fenced('diff', `+ ${printable(value)}`));
        expect(elements(html)).toEqual(['code', 'pre']);
        expect(seen(html).trimEnd()).toBe(`+ ${printable(value)}`.trimEnd());
      }),
    );
  });
});
