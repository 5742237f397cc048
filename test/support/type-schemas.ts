/** Schemas of connection types in every shape that they have. */
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
