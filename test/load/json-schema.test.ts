/** JSON Schemas of a working copy: as `ajv` reads them, at a price that is known. */
import fc from 'fast-check';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/json.js';
import { validatorOf } from '../../src/load/rule-validators.js';
import { findingsOf } from '../../src/load/schema.js';
import { compilePatterns } from '../../src/load/json-schema/patterns.js';
import { partsOf } from '../../src/load/json-schema/parts.js';
import { misfits, type Schema } from '../../src/load/json-schema/schema.js';

const patternsOf = async (schema: Schema): ReturnType<typeof compilePatterns> =>
  compilePatterns(new Set(partsOf(schema).patterns.map(([source]) => source)));

const found = async (schema: Schema, value: Json): Promise<readonly string[]> =>
  misfits(schema, value, { patterns: await patternsOf(schema), budget: { left: 100_000 } }).map(
    ({ pointer, message }) => `${pointer}: ${message}`,
  );

/** Whether the schema of rules takes a schema. */
const takes = (schema: unknown): boolean =>
  validatorOf('Rule')({ kind: 'Rule', name: 'a', require: { resource: schema } });

const names = ['a', 'b', 'name', 'constructor', 'a/b', '~'] as const;
const patterns = ['^a', 'b$', '[0-9]+', '^(a|b)*$', '.', '\\p{Lu}'] as const;

/** Any JSON that looks like a manifest in small. */
const value = fc.letrec<{ any: Json }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(null, true, false, 0, 1, 2, 3.5, -1, '', 'a', 'ab', 'B', '12', '𝒳'),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie('any'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any;

/** Any schema of what rules may say. */
const schema = fc.letrec<{ any: Schema }>((tie) => {
  const list = fc.array(tie('any'), { minLength: 1, maxLength: 3 });
  const table = fc.dictionary(fc.constantFrom(...names), tie('any'), { maxKeys: 3, noNullPrototype: true });
  const count = fc.nat(3);
  const some = fc.uniqueArray(fc.constantFrom<string>(...names), { maxLength: 2 });
  const type = fc.constantFrom('string', 'number', 'integer', 'boolean', 'object', 'array', 'null');
  const words = {
    type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 2 })),
    enum: fc.uniqueArray(value, { minLength: 1, maxLength: 3 }),
    const: value,
    minimum: count,
    maximum: count,
    exclusiveMinimum: count,
    exclusiveMaximum: count,
    multipleOf: fc.constantFrom(1, 2, 0.5),
    minLength: count,
    maxLength: count,
    pattern: fc.constantFrom(...patterns),
    items: tie('any'),
    prefixItems: list,
    contains: tie('any'),
    minContains: count,
    maxContains: count,
    minItems: count,
    maxItems: count,
    uniqueItems: fc.boolean(),
    properties: table,
    patternProperties: fc.dictionary(fc.constantFrom(...patterns), tie('any'), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    additionalProperties: tie('any'),
    propertyNames: tie('any'),
    required: some,
    dependentRequired: fc.dictionary(fc.constantFrom(...names), some, {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    dependentSchemas: table,
    minProperties: count,
    maxProperties: count,
    allOf: list,
    anyOf: list,
    oneOf: list,
    not: tie('any'),
    if: tie('any'),
    then: tie('any'),
    else: tie('any'),
  };
  return {
    any: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.boolean(),
      fc
        .array(
          fc.oneof(
            ...Object.entries(words).map(([name, given]) =>
              fc.tuple(fc.constant(name), given as fc.Arbitrary<unknown>),
            ),
          ),
          {
            maxLength: 4,
          },
        )
        .map((entries) => Object.fromEntries(entries) as Schema),
    ),
  };
}).any;

describe('a JSON Schema of a rule', () => {
  it('takes a value exactly where ajv does', async () => {
    await fc.assert(
      fc.asyncProperty(schema, value, async (asked, held) => {
        const ajv = new Ajv2020({ strict: false, allErrors: false, logger: false, ownProperties: true });
        // ajv lets an empty list pass that has to contain what nothing fits.
        fc.pre(takes(asked) && !JSON.stringify(asked).includes('"contains":false'));
        expect((await found(asked, held)).length === 0).toBe(ajv.validate(asked as object, held));
      }),
      { numRuns: 300 },
    );
  });

  it('is refused with a finding wherever the schema of rules refuses it', () => {
    fc.assert(
      fc.property(
        schema,
        fc.constantFrom('type', 'anyOf', 'items', 'pattern', 'required', 'if', 'oops'),
        value,
        (asked, word, held) => {
          const broken = {
            kind: 'Rule',
            name: 'a',
            require: { resource: { ...(asked as object), [word]: held } },
          };
          const validate = validatorOf('Rule');
          expect(findingsOf(validate, broken as unknown as Json).length > 0).toBe(!validate(broken));
        },
      ),
    );
  });

  it('says what does not fit, and where', async () => {
    const asked: Schema = {
      required: ['labels'],
      properties: {
        labels: {
          required: ['owner'],
          additionalProperties: false,
          properties: { owner: { pattern: '^@' } },
        },
        schedule: { properties: { frequency: { enum: ['daily', 'weekly'] } } },
        fields: { contains: { const: 'id' }, items: { type: 'string', maxLength: 3 } },
        mode: { not: { const: 'replace' } },
        active: { const: true },
      },
    };
    expect(
      await found(asked, {
        labels: { owner: 'jane', team: 'x' },
        schedule: { frequency: 'hourly' },
        fields: ['name', 3],
        mode: 'replace',
        active: false,
      }),
    ).toEqual([
      '/labels/team: labels.team must not be there',
      '/labels/owner: labels.owner "jane" does not fit ^@',
      '/schedule/frequency: schedule.frequency cannot be "hourly"; one of: "daily", "weekly"',
      '/fields: fields has no item that is asked for',
      '/fields/0: fields.0 is longer than 3',
      '/fields/1: fields.1 must be text',
      '/mode: mode must not be "replace"',
      '/active: active must be true, and is false',
    ]);
    expect(await found(asked, {})).toEqual([': it has no labels']);
  });

  it('may refer to its own $defs, and to itself', async () => {
    const tree: Schema = {
      $ref: '#/$defs/node',
      $defs: { node: { properties: { next: { $ref: '#/$defs/node' }, ok: { const: true } } } },
    };
    expect(await found(tree, { next: { next: { ok: false } } })).toEqual([
      '/next/next/ok: next.next.ok must be true, and is false',
    ]);
    expect(partsOf({ allOf: [{ $ref: '#/$defs/nowhere' }] }).broken).toEqual(['/allOf/0/$ref']);
    for (const outside of [
      'https://example.com/schema',
      'file:///etc/passwd',
      'other.json#/a',
      '#/properties/a',
    ])
      expect(takes({ $ref: outside })).toBe(false);
  });
});

describe('a schema that would never end', () => {
  const spent = async (asked: Schema, held: Json): Promise<boolean> => {
    const budget = { left: 100_000 };
    const begin = performance.now();
    misfits(asked, held, { patterns: await patternsOf(asked), budget });
    expect(performance.now() - begin).toBeLessThan(5000);
    return budget.left < 0;
  };

  it('that refers to itself is told', async () => {
    expect(await spent({ $ref: '#' }, {})).toBe(true);
    expect(await spent({ not: { $ref: '#' } }, {})).toBe(true);
  });

  it('that doubles with each step is told', async () => {
    const steps = Array.from({ length: 40 }, (_, step) => [
      `s${step}`,
      { allOf: [{ $ref: `#/$defs/s${step + 1}` }, { $ref: `#/$defs/s${step + 1}` }] },
    ]);
    const defs = Object.fromEntries([...steps, ['s40', { type: 'string' }]]) as Record<string, Schema>;
    expect(await spent({ $ref: '#/$defs/s0', $defs: defs as Json }, {})).toBe(true);
  });
});

describe('a regular expression', () => {
  it('takes time by the length of the text alone', async () => {
    for (const source of ['^(a+)+$', '^(a|a)*b$', '(.*)*(.*)*(.*)*x$', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
      const begin = performance.now();
      expect(await found({ pattern: source }, `${'a'.repeat(50_000)}!`)).toHaveLength(1);
      expect(performance.now() - begin).toBeLessThan(5000);
    }
  });

  it('that RE2 does not know is none', async () => {
    const compiled = await compilePatterns(
      new Set(['(', '(?=a)', '(a)\\1', 'a{100000}', '((a{1000}){1000}){1000}', 'ok']),
    );
    expect([...compiled].filter(([, fits]) => fits !== undefined).map(([source]) => source)).toEqual(['ok']);
  });
});
