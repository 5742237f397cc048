/** The file of reasons: what it explains, and how it follows the differences. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Difference } from '../../.ci/api/compare.js';
import { judge, parseReasons, sections, updatedReasons } from '../../.ci/api/explained.js';

const difference = (section: Difference['section'], row: string): Difference => ({
  section,
  row,
  clients: ['client'],
});

const file = `# About this file.
- reason: We need none of it.
  missing:
    - GET /api/others
    - Thing.colour
- reason: Of the tool.
  unmanaged:
    - Thing.key
`;
const known = [
  difference('missing', 'GET /api/others'),
  difference('missing', 'Thing.colour'),
  difference('unmanaged', 'Thing.key'),
];

describe('a difference', () => {
  it('is explained by a row of its section, and by no other', () => {
    const { explained, unexplained, stale } = judge(
      [...known, difference('extra', 'Thing.colour')],
      parseReasons(file),
    );
    expect(explained.map(({ row, reason }) => [row, reason])).toEqual([
      ['GET /api/others', 'We need none of it.'],
      ['Thing.colour', 'We need none of it.'],
      ['Thing.key', 'Of the tool.'],
    ]);
    expect(unexplained.map(({ section, row }) => `${section}: ${row}`)).toEqual(['extra: Thing.colour']);
    expect(stale).toEqual([]);
  });

  it('is not explained by an empty reason', () => {
    const { unexplained, stale } = judge(known, parseReasons(file.replace('Of the tool.', "' '")));
    expect(unexplained.map(({ row }) => row)).toEqual(['Thing.key']);
    expect(stale).toEqual([]);
  });

  it('that is gone leaves a row behind, which is told', () => {
    expect(judge(known.slice(1), parseReasons(file)).stale).toEqual([
      { section: 'missing', row: 'GET /api/others' },
    ]);
  });
});

describe('a file', () => {
  it.each([
    ['- missing: [a]', 'group 1 has no reason'],
    ['- text', 'group 1 is no group of rows'],
    ['reason: x', 'is no list'],
    [
      '- {reason: x, mising: [a]}',
      'group 1 holds "mising"; there are missing, extra, changed, unmanaged, unsent',
    ],
    ['- {reason: x, missing: a}', 'group 1: missing is no list of rows'],
    ['- {reason: x, missing: [1]}', 'group 1: missing is no list of rows'],
    ['- {reason: x, missing: [a]}\n- {reason: y, missing: [a]}', '"missing a" stands in the file twice'],
    ['- {reason: [', 'Flow'],
  ])('%j is refused', (text, message) => {
    expect(() => parseReasons(text)).toThrow(message);
  });

  it('that is updated keeps its reasons and its comment, drops what is gone, and asks for what is new', () => {
    const updated = updatedReasons(file, [...known.slice(1), difference('extra', 'Thing.size')]);
    expect(updated).toBe(`# About this file.
- reason: We need none of it.
  missing:
    - Thing.colour
- reason: Of the tool.
  unmanaged:
    - Thing.key
- reason: ''
  extra:
    - Thing.size
`);
    expect(judge([difference('extra', 'Thing.size')], parseReasons(updated)).unexplained).toHaveLength(1);
  });

  it('that is new, or empty, is updated as well', () => {
    expect(updatedReasons('', [])).toBe('[]\n');
    expect(parse(updatedReasons('# Empty.\n', known))).toEqual([
      { reason: '', missing: ['GET /api/others', 'Thing.colour'], unmanaged: ['Thing.key'] },
    ]);
  });

  it('says of any rows what it said before, whatever they are called', () => {
    const rows = fc.uniqueArray(
      fc.record({ section: fc.constantFrom(...sections), row: fc.string({ minLength: 1 }) }),
      { selector: ({ section, row }) => `${section} ${row}` },
    );
    fc.assert(
      fc.property(rows, rows, (old, fresh) => {
        const differences = fresh.map(({ section, row }) => difference(section, row));
        const first = updatedReasons(
          '',
          old.map(({ section, row }) => difference(section, row)),
        ).replace("reason: ''", 'reason: Known.');
        const second = updatedReasons(first, differences);
        const { unexplained, stale, explained } = judge(differences, parseReasons(second));
        expect(stale).toEqual([]);
        expect([...unexplained, ...explained]).toHaveLength(differences.length);
        const before = new Set(old.map(({ section, row }) => `${section} ${row}`));
        expect(explained.every(({ section, row }) => before.has(`${section} ${row}`))).toBe(true);
        expect(unexplained.some(({ section, row }) => before.has(`${section} ${row}`))).toBe(false);
        expect(updatedReasons(second, differences)).toBe(second);
      }),
    );
  });
});
