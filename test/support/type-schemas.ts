/** Schemas of connection types in every shape that they have. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/core/json.js';

const name = fc.constantFrom(
  'host',
  'mode',
  'orgId',
  'api_key',
  'tags',
  'constructor',
  'a/b',
  'authenticated',
);

const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom('x', 'y', 'no', '5', 'true'),
  fc.integer({ min: -9, max: 9 }),
  fc.boolean(),
);

/** An item of an `enum`: a value, or an object around it. */
const item: fc.Arbitrary<Json> = fc.oneof(
  scalar,
  fc.record({ value: scalar, label: fc.string() }, { requiredKeys: ['value'] }),
);

/** Values that an item of an `enum` lists. */
export const listedBy = (schema: JsonObject): readonly Json[] =>
  ((schema['enum'] ?? []) as readonly Json[]).map((each) =>
    typeof each === 'object' && each !== null && 'value' in each ? each['value'] : each,
  );

const flag = fc.boolean();
const kind = fc.constantFrom('string', 'integer', 'number', 'boolean', 'object', 'array');

/** A property of a configuration, in any mixture of the keywords in use. */
export const property: fc.Arbitrary<JsonObject> = fc.record(
  {
    type: kind,
    title: fc.string(),
    description: fc.string(),
    enum: fc.array(item, { minLength: 1, maxLength: 4 }),
    examples: fc.oneof(fc.array(scalar), scalar),
    default: fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })),
    sensitive: flag,
    password: flag,
    readOnly: flag,
    readonly: flag,
    hidden: flag,
    api_field: flag,
    widget: fc.constantFrom('file', 'textarea', 'password'),
    format: fc.constantFrom('json', 'uri', 'email', 'password'),
    items: fc.constantFrom<Json>({ type: 'string' }, true, { enum: [{ value: 'x', label: 'X' }] }),
    properties: fc.constantFrom<Json>({}, { inner: { type: 'string', sensitive: true } }),
    additionalProperties: fc.constantFrom<Json>(true, false, { type: 'string' }),
    minimum: fc.oneof(fc.integer(), fc.integer().map(String)),
    minLength: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 3 }).map(String)),
    pattern: fc.constantFrom('(a+)+$', '['),
    hierarchyCompletion: fc.jsonValue() as fc.Arbitrary<Json>,
  },
  { requiredKeys: [] },
);

/** The schema of a type. */
export const anySchema: fc.Arbitrary<JsonObject> = fc.record(
  {
    $schema: fc.constant('https://json-schema.org/draft/2020-12/schema'),
    type: fc.constant('object'),
    title: fc.string(),
    properties: fc.dictionary(name, property, { maxKeys: 5 }),
    required: fc.uniqueArray(name, { maxLength: 3 }),
    additionalProperties: flag,
  },
  { requiredKeys: [] },
);

/** One row of the table of all types: what is known of each. */
export interface KnownType {
  readonly id: string;
  readonly oauth: boolean;
  readonly secrets: readonly string[];
  readonly required: readonly string[];
  readonly readOnly: readonly string[];
}

/** All types of the API, with their secrets and what the server sets. */
export const knownTypes = (): readonly KnownType[] =>
  readFileSync(path.join(import.meta.dirname, '../fixtures/connection-types.tsv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [id = '', oauth, ...lists] = line.split('\t');
      const [secrets = [], required = [], readOnly = []] = lists.map((names) =>
        names.split(',').filter(Boolean),
      );
      return { id, oauth: oauth === 'yes', secrets, required, readOnly };
    });

/** Shapes in which values are listed, examples given, and a property is said to be the server's. */
const modeShapes: readonly JsonObject[] = [
  { enum: ['key', 'role'], examples: ['key'] },
  { enum: [{ label: 'By key', value: 'key' }, { value: 'role' }], examples: 'key', default: 'key' },
  { enum: [{ value: 'key', label: 'By key' }, 'role'], hidden: true, api_field: true },
];
const readOnlyShapes: readonly JsonObject[] = [
  { readOnly: true, examples: 'somebody' },
  { readonly: true, examples: ['somebody'] },
  { readOnly: true, readonly: true, hidden: true },
];
const moreShapes: readonly JsonObject[] = [
  {},
  { additionalProperties: false },
  { additionalProperties: { type: 'string' } },
];

const shapeOf = (shapes: readonly JsonObject[], index: number): JsonObject =>
  shapes[index % shapes.length] ?? {};

/** A schema for a type: its own secrets and read-only properties, and one of each shape by its place in the table. */
export const schemaOfType = (
  { oauth, secrets, required, readOnly }: KnownType,
  index: number,
): JsonObject => {
  const named = (names: readonly string[], schema: (name: string) => JsonObject): JsonObject =>
    Object.fromEntries(names.map((name) => [name, schema(name)]));
  return {
    $id: 'https://example.com/connection-conf',
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      auth_mode: { type: 'string', title: 'Way in', ...shapeOf(modeShapes, index) },
      ...named(secrets, (name) => ({
        // The one secret that is a number, and a sign of its own for each.
        type: name === 'api_id' ? 'integer' : 'string',
        sensitive: true,
        ...(index % 5 === 0 ? { password: true } : {}),
      })),
      ...named(readOnly, (name) => ({
        type: 'string',
        ...shapeOf(readOnlyShapes, index),
        ...(secrets.includes(name) ? { sensitive: true } : {}),
      })),
      ...(oauth
        ? {
            oauth_token_expiry: { type: 'string', hidden: true },
            authenticated: { type: 'boolean', hidden: true },
          }
        : {}),
      regions: { type: 'array', items: { type: 'string' }, default: ['eu', 'us'] },
      row_limit: { type: 'integer', default: 5, minimum: '1' },
      tags: { type: 'object', properties: { team: { type: 'string' } }, ...shapeOf(moreShapes, index) },
      is_flat: { type: 'boolean', default: false },
    },
    ...(index % 7 === 0
      ? {}
      : { required: ['auth_mode', ...required, ...readOnly, ...(oauth ? ['oauth_token_expiry'] : [])] }),
    ...(oauth ? { 'x-polytomic': { oauth: true } } : {}),
  };
};
