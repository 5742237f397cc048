import { describe, expect, it } from 'vitest';
import { isNestedTooDeeply, MOST_NESTED, parseJson } from '../../src/core/json.js';

const nested = (depth: number): string => `${'{"a":['.repeat(depth / 2)}1${']}'.repeat(depth / 2)}`;

describe('a JSON text', () => {
  it('is a value as deep as anything that is read', () => {
    expect(isNestedTooDeeply(parseJson(nested(MOST_NESTED)))).toBe(false);
    expect(parseJson('"a"')).toBe('a');
  });

  it.each([MOST_NESTED + 2, 20_000])('is refused where it is nested %d deep', (depth) => {
    expect(() => parseJson(nested(depth))).toThrow(SyntaxError);
    expect(isNestedTooDeeply(JSON.parse(nested(depth)))).toBe(true);
  });
});
