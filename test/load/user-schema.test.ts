/** JSON Schemas of a working copy: read, never compiled, and with an end. */
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.js';
import { checkAll, userSchema } from '../../src/load/user-schema.js';

const messages = (schema: JsonObject, value: Json): readonly string[] => {
  const made = userSchema(schema);
  if ('problem' in made) throw new Error(made.problem);
  return checkAll(made.check, [value])
    .flat()
    .map(({ pointer, at, message }) => `${pointer} ${at}: ${message}`);
};

describe('a JSON Schema of a working copy', () => {
  it.each<[string, JsonObject, Json, readonly string[]]>([
    ['a type', { type: 'integer' }, 'a', [' value: the document must be a whole number, and is text']],
    [
      'several types',
      { type: ['string', 'null'] },
      1,
      [' value: the document must be text or null, and is a number'],
    ],
    ['a choice', { enum: ['a', 'b'] }, 'c', [' value: the document cannot be "c"']],
    ['a constant', { const: 1 }, 2, [' value: the document must be 1']],
    ['a pattern', { properties: { a: { pattern: '^x' } } }, { a: 'y' }, ['/a value: a cannot be "y"']],
    ['the least', { properties: { a: { minimum: 3 } } }, { a: 2 }, ['/a value: a must be at least 3']],
    [
      'the longest',
      { items: { maxLength: 2 } },
      ['abc'],
      ['/0 value: the document must have at most 2 characters'],
    ],
    ['what is missing', { required: ['a', 'b'] }, { a: 1 }, [' value: the field "b" is missing']],
    [
      'what is too much',
      { properties: { a: true }, additionalProperties: false },
      { a: 1, c: 2 },
      ['/c key: unknown field "c"'],
    ],
    [
      'a choice of schemas, once',
      { anyOf: [{ required: ['a'] }, { required: ['b'] }] },
      {},
      [' value: the document is none of what it may be'],
    ],
    [
      'a condition',
      { if: { required: ['a'] }, then: { required: ['b'] } },
      { a: 1 },
      [' value: the field "b" is missing'],
    ],
    [
      'a reference',
      { $ref: '#/$defs/a', $defs: { a: { type: 'boolean' } } },
      1,
      [' value: the document must be true or false, and is a number'],
    ],
    ['what it must not be', { not: { const: 1 } }, 1, [' value: the document is what it must not be']],
  ])('tells %s', (_what, schema, value, expected) => {
    expect(messages(schema, value)).toEqual(expected);
  });

  it('finds nothing in what is as it says', () => {
    expect(messages({ type: 'object', properties: { a: { type: 'integer' } } }, { a: 1 })).toEqual([]);
  });

  it('is none where a reference leads nowhere', () => {
    expect(userSchema({ $ref: '#/$defs/nothing' })).toHaveProperty('problem');
    expect(userSchema({ $ref: 'https://example.com/schema.json' })).toHaveProperty('problem');
  });

  it('has an end, whatever its patterns are; the values before it keep their findings', () => {
    const made = userSchema({ type: 'string', pattern: '^(a+)+$' });
    if ('problem' in made) throw new Error(made.problem);
    const found = checkAll(made.check, [1, 'aa', `${'a'.repeat(60)}b`, 'c']);
    expect(found.map((each) => each.map(({ code }) => code))).toEqual([['wrong-type'], [], ['slow-schema']]);
  });
});
