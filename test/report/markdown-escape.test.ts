/** Whatever somebody calls a connection: a comment shows it as it is, and does nothing. */
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { printable } from '../../src/core/text.js';
import { codeSpan, escapeMarkdown } from '../../src/report/markdown-escape.js';
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

/** One space is as good as many to a reader, and those at the ends do not show. */
const spaced = (shown: string): string => shown.replaceAll(/\s+/g, ' ').trim();

describe('text of others in Markdown', () => {
  it.each([
    ['a paragraph', (inner: string) => `Name ${inner} end`, ['p']],
    ['an item', (inner: string) => `- ${inner}`, ['li', 'ul']],
    [
      'a cell',
      (inner: string) => `| a | b |\n| --- | --- |\n| ${inner} | x |`,
      ['table', 'tbody', 'td', 'td', 'th', 'th', 'thead', 'tr', 'tr'],
    ],
  ])('reads as it was written, and is nothing but text, in %s', (_place, around, expected) => {
    fc.assert(
      fc.property(text, (value) => {
        const html = render(around(escapeMarkdown(value)));
        expect(elements(html)).toEqual(spaced(printable(value)) === '' ? elements(html) : expected);
        expect(spaced(seen(html))).toContain(spaced(printable(value)));
        expect(html).not.toMatch(/@\w|#\d+\b(?!;)|https?:\/\/|www\.\w/);
      }),
      { numRuns: 500 },
    );
  });

  it('is code that nothing ends', () => {
    fc.assert(
      fc.property(text, (value) => {
        for (const around of [
          (inner: string) => `Name ${inner} end`,
          (inner: string) => `| a |\n| --- |\n| ${inner} |`,
        ]) {
          const html = render(around(codeSpan(value)));
          expect(elements(html).filter((name) => name === 'code')).toHaveLength(1);
          expect(seen(/<code>([^]*)<\/code>/.exec(html)?.[1] ?? '')).toBe(printable(value));
          expect(html).not.toMatch(/<(a|img|b|del|em|strong)\b/);
        }
      }),
      { numRuns: 500 },
    );
  });

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
