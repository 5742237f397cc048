/** Schemas of connection types come from outside, and are not trusted. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listedBy, property } from '../support/type-schemas.js';
import type { JsonObject } from '../../src/core/json.js';
import { Secret } from '../../src/core/secret.js';
import { checkConfiguration } from '../../src/preflight/configuration.js';

describe('the schema of a connection type', () => {
  it('never ends a run, whatever it is', () => {
    fc.assert(
      fc.property(fc.object(), fc.dictionary(fc.string(), fc.jsonValue()), (schema, configuration) => {
        checkConfiguration(JSON.parse(JSON.stringify(schema)) as JsonObject, configuration as JsonObject);
      }),
    );
  });

  it('refuses no value that it lists, and none that it fills in', () => {
    fc.assert(
      fc.property(property, (schema) => {
        for (const value of [
          ...listedBy(schema),
          ...(schema['enum'] === undefined ? [] : [schema['default'] ?? null]),
        ])
          expect(checkConfiguration({ properties: { a: schema } }, { a: value })?.findings).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('is right of properties that are called as what every object has', () => {
    const schema = { properties: { constructor: { type: 'string' } }, required: ['valueOf'] };
    expect(checkConfiguration(schema, {})?.findings).toMatchObject([{ code: 'missing-field' }]);
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
