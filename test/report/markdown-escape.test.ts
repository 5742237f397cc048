/** What a manifest says, in GitHub's Markdown, read by a renderer that this project did not write. */
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { printable } from '../../src/core/text.js';
import { fenced, htmlCode } from '../../src/report/markdown.js';
import { codeSpan, escapeMarkdown } from '../../src/report/markdown-escape.js';

const render = (markdown: string): string =>
  micromark(markdown, {
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** The text of HTML that holds none but these elements; the renderer writes no others than these four entities. */
const textOf = (html: string, ...elements: readonly string[]): string => {
  const found = [...html.matchAll(/<\/?([^\s/>]*)[^>]*>/g)].map(([, name]) => name);
  expect([...new Set(found)].sort()).toEqual([...elements].sort());
  return html.replaceAll(/<[^>]*>/g, '').replaceAll(/&(\w+);/g, (_, name: string) => named[name] ?? '?');
};

const without = (text: string): string => text.replaceAll('\u200b', '');

const places: readonly (readonly [string, (text: string) => string, readonly string[]])[] = [
  ['a paragraph', (text) => text, ['p']],
  ['the middle of a line', (text) => `a ${text} b`, ['p']],
  ['a heading', (text) => `## ${text} x`, ['h2']],
  ['a list item', (text) => `- ${text}`, ['ul', 'li']],
  ['strong text', (text) => `**a${text}b**`, ['p', 'strong']],
  [
    'a table cell',
    (text) => `| h | h |\n| - | - |\n| ${text} | z |`,
    ['table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
];

const hostile = [
  '<script>alert(1)</script>',
  '<!-- marker -->',
  '<img src=x onerror=alert(1)>',
  '</code></td></table>',
  '@octocat and @org/team, a@b.example',
  '#1 octo/repo#2 GH-3 gh-4',
  'https://example.com http://example.com www.example.com _www.example.com (WWW.example.com)',
  'mailto:a@b.example ftp://example.com xmpp:a@b.example/c',
  '[a](https://example.com) ![a](https://example.com/x.png) [a][b] [^1]',
  '[a]: https://example.com',
  'a5c3785ed8d6a35868bc169f07e40e889087fd2e 0a5c3785e',
  '$x$ $$y$$ $`z`$',
  'a | b || c \\| d',
  '`a` ``b`` \\`c',
  '# a',
  '- [ ] a',
  '1. a',
  '1) a',
  '+ a',
  '===',
  '---',
  '> [!NOTE]',
  '    code',
  '```js',
  '~~~',
  '*a* **b** _c_ __d__ ~~e~~',
  ':smile: :+1:',
  '&amp; &#x41; &lt;b&gt;',
  'one\ntwo\r\n\r\nthree',
  '\u001b[31mred\u001b[0m \u202egnp.exe a\u00adb \u{e0041}',
  '\\',
  'ends in \\',
  ' spaces ',
  '::set-output name=a::b ::add-mask::c',
];

const pieces = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({
    unit: fc.constantFrom(...Array.from('\\`*_{}[]()<>#+-.!|~&@:/$"\'= \n\tw1a')),
    minLength: 1,
    maxLength: 1,
  }),
  fc.constantFrom('www.', 'http://', '``', 'gh-', '](', '&#', '<b>', '&lt;'),
  fc.string({ unit: 'binary' }),
);
const text = fc
  .array(pieces, { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''))
  .filter((joined) => joined !== '');

describe.each(places)('in %s', (_place, within, elements) => {
  /** What is left of the surroundings. */
  const around = textOf(render(within('Q')), ...elements);
  const expected = (shown: string): string => around.replace('Q', () => shown);

  it.each(hostile)('%j is text', (value) => {
    expect(without(textOf(render(within(escapeMarkdown(value))), ...elements))).toBe(
      expected(printable(value)),
    );
  });

  it('any text is text, and nothing else', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(without(textOf(render(within(escapeMarkdown(value))), ...elements))).toBe(
          expected(printable(value)),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('any text as code is code, and nothing else', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(without(textOf(render(within(codeSpan(value))), ...elements, 'code'))).toBe(
          expected(printable(value)),
        );
      }),
      { numRuns: 150 },
    );
  });
});

describe('finished text, which GitHub searches once more', () => {
  const finished = (value: string): string => textOf(render(escapeMarkdown(value)), 'p');

  it('holds nothing to be linked, for any text', () => {
    fc.assert(
      fc.property(text, (value) => {
        for (const pattern of [/@[a-z\d]/i, /#\d/, /gh-\d/i, /:\/\//, /www\./i, /[\da-f]{7}/i, /:[\w+-]+:/])
          expect(finished(value)).not.toMatch(pattern);
      }),
      { numRuns: 150 },
    );
  });

  it('has no formula: the source of a dollar is never a dollar', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(escapeMarkdown(value)).not.toContain('$');
      }),
    );
  });

  it('stays readable in its source where nothing is to be feared', () => {
    expect(escapeMarkdown('MySQL to Snowflake Sync (v1.2)')).toBe('MySQL to Snowflake Sync (v1.2)');
    expect(codeSpan('sync.customers-to-snowflake')).toBe('`sync.customers-to-snowflake`');
    expect(codeSpan('')).toBe('');
  });
});

describe('any text', () => {
  it('is text within HTML', () => {
    fc.assert(
      fc.property(text, (value) => {
        const html = render(`<details><summary>${htmlCode(value)} end</summary>\n\nx\n\n</details>`);
        expect(textOf(html, 'code', 'details', 'p', 'summary').split('\n')[0]).toBe(
          `${printable(value)} end`,
        );
      }),
    );
  });

  it('does not end the fence around it', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(textOf(render(fenced('diff', `+ ${printable(value)}`)), 'code', 'pre').trimEnd()).toBe(
          `+ ${printable(value)}`.trimEnd(),
        );
      }),
    );
  });
});
