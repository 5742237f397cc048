/** Schemas of connection types come from outside, and are not trusted. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { Secret } from '../../src/core/secret.js';
import { checkConfiguration, harmless } from '../../src/preflight/configuration.js';

describe('the schema of a connection type', () => {
  it('has no expressions, references and formats left in it', () => {
    const text = JSON.stringify(
      harmless({
        $ref: 'http://127.0.0.1:1/x',
        $id: 'x',
        properties: { a: { type: 'string', pattern: '(a+)+$', format: 'uri', $dynamicRef: '#x' } },
        patternProperties: { '(a+)+$': {} },
      }),
    );
    expect(JSON.parse(text)).toEqual({ properties: { a: { type: ['string'] } } });
  });

  it('is not used where it is too large', () => {
    const many = Object.fromEntries(Array.from({ length: 6000 }, (_, index) => [`p${index}`, {}]));
    expect(harmless({ properties: many })).toBeUndefined();
    expect(checkConfiguration({ title: 'x'.repeat(600_000) }, {})).toBeUndefined();
    let deep: JsonObject = { type: 'string' };
    for (let depth = 0; depth < 2000; depth += 1) deep = { not: deep };
    expect(() => harmless(deep)).not.toThrow();
  });

  it('never ends a run, whatever it is', () => {
    fc.assert(
      fc.property(fc.object(), fc.dictionary(fc.string(), fc.jsonValue()), (schema, configuration) => {
        checkConfiguration(JSON.parse(JSON.stringify(schema)) as JsonObject, configuration as JsonObject);
      }),
    );
  });

  it('takes numbers that are written as text', () => {
    const facts = checkConfiguration(
      { properties: { port: { type: 'integer', maximum: '65535' } } },
      { port: 70_000 },
    );
    expect(facts?.findings).toMatchObject([{ severity: 'error', pointer: '/configuration/port' }]);
  });

  it('knows what is secret by any of its signs, and what the server sets', () => {
    const facts = checkConfiguration(
      {
        properties: {
          a: { sensitive: true },
          b: { password: true },
          c: { writeOnly: true },
          d: { format: 'password' },
          e: { widget: 'password' },
          f: { readOnly: true },
          g: {},
        },
      },
      {},
    );
    expect(facts).toMatchObject({ secret: ['a', 'b', 'c', 'd', 'e'], readOnly: ['f'] });
  });

  it('judges a secret by being text alone, and shows none', () => {
    const schema = { properties: { key: { enum: ['one', 'two'] }, port: { type: 'integer' } } };
    const facts = checkConfiguration(schema, {
      key: new Secret('${secret:K}', 'shown-nowhere'),
      port: new Secret('${secret:P}', 'shown-nowhere'),
    });
    expect(facts?.findings.map(({ code, pointer }) => [code, pointer])).toEqual([
      ['wrong-type', '/configuration/port'],
    ]);
    expect(JSON.stringify(facts)).not.toContain('shown-nowhere');
  });
});
