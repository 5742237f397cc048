import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelAt, labelsOf, readLogic } from '../../src/kinds/filter-logic.js';
import { checkSync } from '../../src/kinds/sync-check.js';
import { checkForms } from '../../src/kinds/sync-forms-check.js';
import { upgrade } from '../../src/kinds/sync-forms.js';

type Tree = { readonly label: number } | { readonly word: 'AND' | 'OR'; readonly of: readonly Tree[] };

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.record({ label: fc.nat(60) }),
    fc.record({
      word: fc.constantFrom('AND' as const, 'OR' as const),
      of: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

const write = (node: Tree): string =>
  'label' in node ? labelAt(node.label) : `(${node.of.map(write).join(` ${node.word} `)})`;
// AS and OR are letters of filters, too, and words: nobody has so many.
const namesOf = (node: Tree): readonly string[] =>
  'label' in node ? [labelAt(node.label)] : node.of.flatMap(namesOf);

describe('filter logic', () => {
  it('is read whatever its shape, and names what is in it', () => {
    fc.assert(
      fc.property(tree, (node) => {
        const read = readLogic(write(node));
        expect('logic' in read && new Set(labelsOf(read.logic))).toEqual(new Set(namesOf(node)));
      }),
    );
  });

  it.each([
    ['A AND', 'a label is missing at its end'],
    ['AND A', 'a label is missing before AND'],
    ['A B', 'AND or OR is missing before B'],
    ['(A OR B', 'a ( is not closed'],
    ['A OR B)', 'a ) closes nothing'],
    ['A && B', 'AND or OR is missing before &&'],
    ['1', '"1" is no label'],
    ['()', 'a label is missing before )'],
  ])('%s is refused: %s', (text, problem) => {
    expect(readLogic(text)).toMatchObject({ problem });
  });

  it('counts labels as the server does', () => {
    expect([0, 25, 26, 27, 51, 52, 702].map(labelAt)).toEqual(['A', 'Z', 'AA', 'AB', 'AZ', 'BA', 'AAA']);
  });
});

const filter = { field: { model: 'm', field: 'f' }, function: 'IsNull' };
const onTarget = { field_type: 'Target', field_id: 'F', function: 'IsNull' };

const codes = (document: Parameters<typeof checkSync>[0]): readonly string[] =>
  [...checkForms(document), ...checkSync(upgrade(document))].map(
    ({ severity, code }) => `${severity} ${code}`,
  );

describe('a sync, without network', () => {
  it.each([
    [
      'a label without a filter',
      { filters: [filter], filter_logic: 'A AND B' },
      ['error unknown-filter-label'],
    ],
    [
      'a filter that is left out',
      { filters: [filter, filter], filter_logic: 'A' },
      ['warning unused-filter'],
    ],
    [
      'a label of the other side',
      { mode: 'update', filters: [filter, onTarget], filter_logic: 'A AND B' },
      ['warning unknown-filter-label'],
    ],
    [
      'both sides by their own letters',
      { mode: 'update', filters: [filter, onTarget], filter_logic: 'A', target: { filter_logic: 'B' } },
      [],
    ],
    [
      'a filter without a value',
      { filters: [{ ...filter, function: 'Equality' }] },
      ['warning filter-without-value'],
    ],
    ['a time on no clock', { schedule: { frequency: 'hourly', minute: '75' } }, ['warning bad-schedule']],
    ['a custom schedule of nothing', { schedule: { frequency: 'custom' } }, ['warning incomplete-schedule']],
    [
      'a schedule after nothing',
      { schedule: { frequency: 'runafter', run_after: { syncs: [] } } },
      ['warning incomplete-schedule'],
    ],
  ])('is told of %s', (_what, document, expected) => {
    expect(codes(document)).toEqual(expected);
  });
});
