/** One reader for the schemas of connection types, in all shapes that they have. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTypeSchema } from '../../src/api/type-schema.js';
import type { JsonObject } from '../../src/core/json.js';
import { anySchema } from '../support/type-schemas.js';

const read = (
  properties: JsonObject,
  more: JsonObject = {},
): NonNullable<ReturnType<typeof parseTypeSchema>> => {
  const schema = parseTypeSchema({ type: 'object', properties, ...more });
  if (schema === undefined) throw new Error('not read');
  return schema;
};

const property = (schema: JsonObject): unknown => read({ a: schema }).properties.get('a');

describe('a property', () => {
  it.each([
    [
      ['x', 'y'],
      ['x', 'y'],
    ],
    [
      [{ label: 'X', value: 'x' }, 'y'],
      ['x', 'y'],
    ],
    [[{ value: false }], [false]],
    [[{ value: null, label: 'none' }], [null]],
    // An object without a value is one.
    [[{ a: 1 }], [{ a: 1 }]],
  ])('may have the values %j', (items, values) => {
    const { plain, properties } = read({ a: { type: 'string', enum: items } });
    expect((plain['properties'] as { readonly a: JsonObject }).a).toEqual({ enum: values });
    expect(properties.get('a')?.choices.map(({ value }) => value)).toEqual(values);
  });

  it('may have the value that the server fills in', () => {
    const { plain } = read({ a: { enum: ['x'], default: 'auto' } });
    expect(plain['properties']).toEqual({ a: { default: 'auto', enum: ['x', 'auto'] } });
  });

  it.each(['readOnly', 'readonly'])('is set by the server where it says %s', (keyword) => {
    expect(property({ [keyword]: true })).toMatchObject({ readOnly: true, serverKept: true });
  });

  it('is kept by the server where it is hidden from people and callers', () => {
    expect(property({ hidden: true })).toMatchObject({ readOnly: false, serverKept: true });
    expect(property({ hidden: true, api_field: true })).toMatchObject({ serverKept: false });
    expect(property({ hidden: true, sensitive: true })).toMatchObject({ serverKept: false });
  });

  it('is not demanded where the server keeps it, at any depth', () => {
    const schema = read(
      {
        oauth_token_expiry: { type: 'string' },
        user: { readonly: true },
        host: {},
        auth: { type: 'object', required: ['made', 'name'], properties: { made: { readOnly: true } } },
      },
      { required: ['oauth_token_expiry', 'user', 'host', 'unheard_of'] },
    );
    expect(schema.required).toEqual(['host', 'unheard_of']);
    expect(schema.plain['required']).toEqual(['host', 'unheard_of']);
    expect(schema.plain['properties']).toMatchObject({ auth: { required: ['name'] } });
  });

  it.each([
    { sensitive: true, type: 'integer' },
    { password: true },
    { writeOnly: true },
    { format: 'password' },
    { widget: 'password' },
    { 'ui:widget': 'password' },
  ])('is a secret by %j', (schema) => {
    expect(property(schema)).toMatchObject({ secret: true });
  });

  it('may be called as one that every object has', () => {
    const { properties } = read(
      JSON.parse('{"constructor":{"title":"C"},"__proto__":{"title":"P"}}') as JsonObject,
    );
    expect([...properties.keys()]).toEqual(['constructor']);
  });
});

describe('a schema', () => {
  it.each([true, false, { type: 'string' }])('may say additionalProperties: %j', (more) => {
    const { plain, strange } = read({}, { additionalProperties: more });
    expect(plain['additionalProperties']).toEqual(typeof more === 'boolean' ? more : { type: ['string'] });
    expect(strange).toEqual([]);
  });

  it.each([
    [{ examples: 'one' }, []],
    [{ examples: ['one', 2] }, []],
    [{ default: ['a'], type: 'array' }, []],
    [{ hierarchyCompletion: { depth: 3 } }, []],
    [{ enum: 'x' }, ['/properties/a/enum']],
    [{ type: 'file' }, ['/properties/a/type']],
    [{ required: true }, ['/properties/a/required']],
    [{ properties: [{ name: 'b' }] }, ['/properties/a/properties']],
    [{ anyOf: [{ type: 'string' }, 5] }, ['/properties/a/anyOf/1']],
    [{ 'a/b': 1, properties: { 'c/d': 5 } }, ['/properties/a/properties/c~1d']],
  ])('with %j: strange is %j', (schema: JsonObject, strange: readonly string[]) => {
    expect(read({ a: schema }).strange).toEqual(strange);
  });

  it('without properties or required says nothing', () => {
    expect(parseTypeSchema({})).toEqual({ properties: new Map(), required: [], plain: {}, strange: [] });
  });

  it('has no expressions, references and formats left in it', () => {
    const { plain } = read(
      { a: { type: 'string', pattern: '(a+)+$', format: 'uri', $dynamicRef: '#x' } },
      { $ref: 'http://127.0.0.1:1/x', $id: 'x', patternProperties: { '(a+)+$': {} } },
    );
    expect(plain).toEqual({ type: ['object'], properties: { a: { type: ['string'] } } });
  });

  it('is not looked at where it is too large or too deep', () => {
    const many = Object.fromEntries(Array.from({ length: 6000 }, (_, index) => [`p${index}`, {}]));
    expect(parseTypeSchema({ properties: many })).toBeUndefined();
    expect(parseTypeSchema({ title: 'x'.repeat(600_000) })).toBeUndefined();
    let deep: JsonObject = { type: 'string' };
    for (let depth = 0; depth < 50_000; depth += 1) deep = { not: deep };
    expect(parseTypeSchema(deep)).toBeUndefined();
    expect(parseTypeSchema({ default: Array.from({ length: 100_000 }, () => 0) })).toBeUndefined();
  });

  it('is read whatever it holds', () => {
    fc.assert(
      fc.property(fc.oneof(anySchema, fc.object()), (schema) => {
        parseTypeSchema(JSON.parse(JSON.stringify(schema)) as JsonObject);
      }),
    );
  });
});
