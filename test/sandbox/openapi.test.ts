import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { invalidAnswer, invalidBody } from '../../src/sandbox/validation.js';
import { schemasOf } from '../../src/sandbox/types/notation.js';
import { typeSchemas } from '../../src/sandbox/types/all.js';
import { newSandboxes, sandbox } from './harness.js';

newSandboxes();

describe('GET /openapi.json', () => {
  it.each(['2022-12-12', '2023-04-25', '2024-02-08', '2025-09-18'])(
    'describes %s, and is valid',
    async (version) => {
      const response = await fetch(`${sandbox.url}/openapi.json?version=${version}`);
      const description = (await response.json()) as Readonly<
        Record<string, Readonly<Record<string, JsonObject>>>
      >;
      const result = await new Validator().validate(structuredClone(description));
      expect(result.errors ?? []).toEqual([]);
      const { paths } = description;
      expect(Object.keys(paths!['/api/connections/{id}']!)).toContain(version < '2024' ? 'patch' : 'put');
      expect('/api/connections/{id}/source' in paths!).toBe(version < '2024');
      const ids = Object.values(paths!).flatMap((path) =>
        Object.values(path).map((operation) => (operation as JsonObject)['operationId']),
      );
      expect(new Set(ids).size).toBe(ids.length);
    },
  );

  it('refers to types that exist', async () => {
    const text = await (await fetch(`${sandbox.url}/openapi.json`)).text();
    const { components } = JSON.parse(text) as { readonly components: { readonly schemas: JsonObject } };
    const used = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '');
    expect(used.filter((name) => !(name in components.schemas))).toEqual([]);
    expect((await fetch(`${sandbox.url}/openapi.json?version=1`)).status).toBe(404);
  });
});

describe('types', () => {
  const style = { refPrefix: '#', closed: true };

  it('are written in a notation of their own', () => {
    const read = schemasOf(
      "A:\n  id!, at instant, more [B],\n  rest map(text | number), either text | B\nB = 'x' | 'y'\nC = 'z'",
      style,
    );
    const orNull = (schema: object): object => ({ anyOf: [schema, { type: 'null' }] });
    expect(read).toEqual({
      A: {
        type: 'object',
        required: ['id'],
        additionalProperties: false,
        properties: {
          id: { type: 'string' },
          at: orNull({ type: 'string', format: 'date-time' }),
          more: orNull({ type: 'array', items: { $ref: '#B' } }),
          rest: orNull({
            type: 'object',
            additionalProperties: { anyOf: [{ type: 'string' }, { type: 'number' }] },
          }),
          either: orNull({ anyOf: [{ type: 'string' }, { $ref: '#B' }] }),
        },
      },
      B: { enum: ['x', 'y'] },
      C: { enum: ['z'] },
    });
    expect(() => schemasOf('nonsense', style)).toThrow('not a type');
  });

  it('can all be compiled, for bodies and for answers', () => {
    for (const type of Object.keys(typeSchemas(style)))
      expect(() => [invalidBody(type, {}), invalidAnswer(type, {})]).not.toThrow();
  });

  it('hold an answer to what is declared, and a body to what is required', () => {
    expect(invalidAnswer('UserEnvelope', { data: { id: 'x', email: null } })).toEqual([]);
    expect(invalidAnswer('UserEnvelope', { data: { id: 5 } })).not.toEqual([]);
    expect(invalidAnswer('UserEnvelope', { data: { nothing: 1 } })).not.toEqual([]);
    expect(invalidAnswer('ModelListResponseEnvelope', { data: [{ created_at: 'yesterday' }] })).not.toEqual(
      [],
    );
    expect(invalidBody('CreateRoleRequest', { name: 'x', more: 1 })).toBeUndefined();
    expect(invalidBody('CreateRoleRequest', { name: '' })).toMatchObject({ status: 422 });
    expect(invalidBody('CreateRoleRequest', {})).toMatchObject({
      body: { message: "must have required property 'name'" },
    });
  });
});
