/** What is told of a row that went wrong, and nothing of the row. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutCells } from '../../src/core/cells.js';

describe('a message without cells', () => {
  it.each([
    // What no row has part in stays as it is.
    ['the warehouse went away', 'the warehouse went away'],
    ["it can't be reached, and isn't there: 503", "it can't be reached, and isn't there: 503"],
    // What is quoted, or in brackets.
    ['Stage cannot be "Somebody"', 'Stage cannot be "…"'],
    ["invalid input for 'O'Brien', again", "invalid input for '…', again"],
    ['«Ana» and `Bo` and “Cy”', '«…» and `…` and “…”'],
    ['cut short in the middle of "Ana Ma', 'cut short in the middle of "…'],
    ['duplicate key: Key (email)=(ana@acme.com) exists', 'duplicate key: Key (…)=(…) exists'],
    ['cut short in an escape: "Ana\\', 'cut short in an escape: "…'],
    ['Failing row contains (1, Ana (old), null).', 'Failing row contains (…).'],
    ['refused {"name": "Ana", "of": ["x"]} there', 'refused {…} there'],
    // What looks like a value wherever it stands.
    ['name = Ana, city=Ulm', 'name = …, city=…'],
    ['ana@acme.com has bounced', '… has bounced'],
    ['born on 1987-06-05, called +49-731-99', 'born on …, called …'],
    ['status 422 of 10 tries', 'status 422 of 10 tries'],
  ])('%s', (message, shown) => {
    expect(withoutCells(message)).toBe(shown);
  });

  it.each([
    ['LastName is required', { LastName: null, Email: 'a@b.c' }, 'LastName is required'],
    ['"LastName" is required', { values: { LastName: null } }, '"LastName" is required'],
    ['no Ana here, nor ana, nor Anatol', { name: 'Ana' }, 'no … here, nor …, nor Anatol'],
    ['no ANABEL here, nor Anabella', { name: 'anabel' }, 'no … here, nor …la'],
    ['a 7 is no 17', { size: 7 }, 'a … is no 17'],
    ['it is true', { is: [true] }, 'it is …'],
    ['Ana  Maria\nSchmidt is there', { name: 'Ana Maria Schmidt' }, '… is there'],
    ['%C3%84rger &amp; Co were here', { name: 'Ärger & Co' }, '… were here'],
    ['key (email, name)=(x, y)', { email: 'x', name: 'y' }, 'key (email, name)=(…, …)'],
  ])('%s, of the row %j', (message, row, shown) => {
    expect(withoutCells(message, { row })).toBe(shown);
  });

  it.each(['"', "'", "'a", '(', '((', '= ', '=a', '\\', '"\\', 'a@', '1a', '<[{('])(
    'is made of many %j as well',
    (piece) => {
      expect(withoutCells(piece.repeat(10_000 / piece.length)).length).toBeLessThanOrEqual(10_000);
    },
  );

  it('keeps names that somebody knows', () => {
    expect(withoutCells('"Warehouse" and "Ana"', { names: ['Warehouse'] })).toBe('"Warehouse" and "…"');
  });

  it('that is too long to be looked through is not shown', () => {
    expect(withoutCells('x'.repeat(10_001))).toBe('(a message of 10,001 characters)');
  });

  it('has no value of its row, whatever stands around it, escaped or not', () => {
    // Letters that nothing else in the message has.
    const letters = ['ж', 'Ж', 'щ', '"', '&', '\\', ' ', '<', '(', '.', '*', 'ю'];
    const value = fc
      .string({ unit: fc.constantFrom(...letters), minLength: 4, maxLength: 12 })
      .filter((text) => /[жщю]{2}/i.test(text.trim()) && text.trim().length >= 4);
    const piece = fc.string({
      unit: fc.constantFrom('a', 'b', ' ', '"', "'", '(', ')', '=', ':'),
      maxLength: 9,
    });
    const written = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.toUpperCase(),
      (text) => JSON.stringify(text).slice(1, -1),
      encodeURIComponent,
    );
    fc.assert(
      fc.property(value, piece, piece, written, (cell, before, after, write) => {
        const shown = withoutCells(`${before}${write(cell)}${after}`, { row: { deep: [{ cell }] } });
        expect(shown).not.toMatch(/[жщю]{2}|%D0/i);
      }),
    );
  });
});
