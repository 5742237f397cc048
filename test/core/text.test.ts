import fc from 'fast-check';
import { expect, it } from 'vitest';
import { count, grouped } from '../../src/core/text.js';

it('groups the thousands of any whole number as English does', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (number) => {
      expect(grouped(number)).toBe(number.toLocaleString('en-US'));
    }),
  );
});

it('counts in the singular and the plural', () => {
  expect([0, 1, 2, 1234].map((number) => count(number, 'entry', 'entries'))).toEqual([
    '0 entries',
    '1 entry',
    '2 entries',
    '1,234 entries',
  ]);
});
