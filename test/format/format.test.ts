import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { formatText } from '../../src/format/format.js';
import { loadFiles } from '../load/repository.js';

const format = (text: string): string => {
  const formatted = formatText(text);
  return 'text' in formatted ? formatted.text : `refused: ${formatted.refused}`;
};

describe('a formatted file', () => {
  it('reads as the golden file', async () => {
    const text = await readFile(path.join(import.meta.dirname, 'untidy.yaml'), 'utf8');
    await expect(format(text)).toMatchFileSnapshot('golden/untidy.yaml');
  });

  it.each([
    [
      'kind first, then as the schema lists fields',
      'name: A\nkey: a\nkind: Model\n',
      'kind: Model\nkey: a\nname: A\n',
    ],
    [
      'a wire name in the place of its own',
      'kind: Model\nconfiguration: {}\nconnection_id: x\n',
      'kind: Model\nconnection_id: x\nconfiguration: {}\n',
    ],
    [
      'unknown fields at the end, in their order',
      'kind: Model\nzzz: 1\naaa: 2\nkey: a\n',
      'kind: Model\nkey: a\nzzz: 1\naaa: 2\n',
    ],
    [
      'a list item as it is where the comment of a field would become that of the item',
      'kind: Sync\nfields:\n  - target: a\n    # about the source\n    source: m.b\n',
      'kind: Sync\nfields:\n  - target: a\n    # about the source\n    source: m.b\n',
    ],
    [
      'a list item in order where the comment is above the item, or goes along with a later field',
      'kind: Sync\nfields:\n  # about the item\n  - target: a\n    source: m.b\n    # when\n    sync_mode: create\n',
      'kind: Sync\nfields:\n  # about the item\n  - source: m.b\n    target: a\n    # when\n    sync_mode: create\n',
    ],
    [
      'a map as it is where the comment of its first field would come to stand above another one',
      "kind: Sync\nschedule:\n  # the hour\n  hour: '7'\n  # how often\n  frequency: daily\n",
      "kind: Sync\nschedule:\n  # the hour\n  hour: '7'\n  # how often\n  frequency: daily\n",
    ],
    [
      'free maps as they are',
      'kind: Connection\nconfiguration:\n  z: 1\n  a: 2\n',
      'kind: Connection\nconfiguration:\n  z: 1\n  a: 2\n',
    ],
    ['documents of no kind as they are', 'b: 1\na: 2\n', 'b: 1\na: 2\n'],
    [
      'merge keys before fields',
      'kind: Model\nkey: a\n<<: { name: A }\n',
      '<<: { name: A }\nkind: Model\nkey: a\n',
    ],
    [
      'an anchor before what uses it',
      'name: &n A\nkey: *n\nkind: Model\n',
      'name: &n A\nkey: *n\nkind: Model\n',
    ],
    [
      'single quotes',
      'a: "x"\nb: "it\'s"\nc: "1\\n"\nd: \'"\'\n',
      'a: \'x\'\nb: "it\'s"\nc: "1\\n"\nd: \'"\'\n',
    ],
    ['a blank line at most', 'a: 1\n\n\n\nb: 2\n', 'a: 1\n\nb: 2\n'],
    ['no marks around documents', '---\na: 1\n...\n---\nb: 2\n---\n', 'a: 1\n---\nb: 2\n'],
    ['Windows line ends, kept', 'b:   1\r\na: 2\r\n', 'b: 1\r\na: 2\r\n'],
    ['no byte order mark', '\ufeffa: 1\n', 'a: 1\n'],
    ['an end of line at the end', 'a: 1', 'a: 1\n'],
  ])('has %s', (_, before, after) => {
    expect(format(before)).toBe(after);
    expect(format(after)).toBe(after);
  });

  it('is refused where directives rule it', () => {
    expect(format('%YAML 1.1\n---\na: yes\n')).toBe('refused: it has directives (%YAML, %TAG)');
  });
});

const comment = fc.constantFrom('# why', '# TODO: x', '#tight', '#', '# "quoted" {a: b}');
const scalar = fc.constantFrom(
  'x',
  '"y"',
  "'z'",
  '5',
  '"05"',
  'true',
  '~',
  '"it\'s"',
  '${secret:A}',
  '|\n      SELECT 1\n        FROM x',
  '>-\n      folded text\n      goes on',
  '[a,   b]',
  '{a: 1,b: [2]}',
  '[a, # in\n      b]',
);

/** Lines of a manifest in any order, with comments and blank lines anywhere. */
const manifest = fc
  .record({
    fields: fc.shuffledSubarray(
      ['kind: Connection', 'key: KEY', 'name: Name', 'type: mysql', 'labels: {team:   a}', 'configuration:'],
      { minLength: 6 },
    ),
    values: fc.uniqueArray(fc.tuple(fc.constantFrom('zeta', 'alpha', 'host', 'port', 'extra'), scalar), {
      minLength: 1,
      selector: ([name]) => name,
    }),
    above: fc.array(fc.option(comment), { minLength: 7, maxLength: 7 }),
    behind: fc.array(fc.option(comment), { minLength: 6, maxLength: 6 }),
    blank: fc.array(fc.nat(2), { minLength: 6, maxLength: 6 }),
    inner: fc.array(fc.option(comment), { minLength: 6, maxLength: 6 }),
  })
  .map(
    ({ fields, values, above, behind, blank, inner }) =>
      (key: string): string =>
        [
          ...fields.flatMap((field, index) => [
            ...Array.from({ length: blank[index]! }, () => ''),
            ...(above[index] === null ? [] : [above[index]!]),
            field.replace('KEY', key) +
              (behind[index] === null || field === 'configuration:' ? '' : ` ${behind[index]!}`),
            ...(field === 'configuration:'
              ? values.flatMap(([name, value], at) => [
                  ...(inner[at] == null ? [] : [`    ${inner[at]}`]),
                  `    ${name}: ${value}`,
                ])
              : []),
          ]),
          ...(above[6] === null ? [] : [above[6]!]),
        ].join('\n'),
  );

const file = fc
  .array(manifest, { minLength: 1, maxLength: 3 })
  .map((documents) => `${documents.map((document, index) => document(`k${index}`)).join('\n---\n')}\n`);

describe('formatting any manifests, with comments anywhere', () => {
  it('twice is formatting once', () => {
    fc.assert(
      fc.property(file, (text) => {
        const once = format(text);
        expect(format(once)).toBe(once);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps every comment', () => {
    fc.assert(
      fc.property(file, (text) => {
        const comments = (of: string): readonly string[] => (of.match(/(?<=^|\s)#.*$/gm) ?? []).sort();
        expect(comments(format(text))).toEqual(comments(text));
      }),
      { numRuns: 300 },
    );
  });

  it('asks for the same resources', async () => {
    await fc.assert(
      fc.asyncProperty(file, async (text) => {
        const resources = async (of: string): Promise<unknown> => {
          const { desired, diagnostics } = await loadFiles(
            { 'polytomic/a.yaml': of },
            { withoutSecrets: true },
          );
          return (
            desired?.resources.map(({ place: _, ...resource }) => resource) ??
            diagnostics.map(({ code }) => code)
          );
        };
        expect(await resources(format(text))).toEqual(await resources(text));
      }),
      { numRuns: 40 },
    );
  });

  it('leaves what is written by the YAML library with the same values', () => {
    fc.assert(
      // A plain << is a merge key, and the loader refuses one that merges no map.
      fc.property(
        fc.jsonValue().filter((value) => !JSON.stringify(value).includes('"<<"')),
        (value) => {
          const text = stringify({ kind: 'Connection', configuration: { value } });
          expect(format(format(text))).toBe(format(text));
          expect(format(text)).not.toMatch(/^refused/);
        },
      ),
    );
  });
});
