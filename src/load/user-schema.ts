/**
 * JSON Schemas that a working copy brings. They are read, not compiled: compiling makes code of them. A regular
 * expression of theirs may take for ever, so that checks have a time to end in.
 */
import { Validator, type OutputUnit } from '@cfworker/json-schema';
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { pointerSegments } from '../core/secret.js';
import { withinTime } from '../core/within-time.js';
import { distinct, lastName, translate, type SchemaFinding } from './schema.js';

/** Gives what is wrong with a value. */
export type CheckValue = (value: Json) => readonly SchemaFinding[];

/** A schema that can be checked with, or why it is none. */
export type UserSchema = { readonly check: CheckValue } | { readonly problem: string };

/** Keywords that tell of others which failed, and say nothing themselves. */
const WRAPPERS: ReadonlySet<string> = new Set([
  '$ref',
  '$recursiveRef',
  '$dynamicRef',
  'allOf',
  'if',
  'properties',
  'patternProperties',
  'items',
  'prefixItems',
  'dependentSchemas',
]);

/** Within these no single failure is the reason. */
const CHOICES = /\/(anyOf|oneOf|not|if|contains|propertyNames)(\/|$)/;

const pathOf = (location: string): string => location.replace(/^#/, '');

/** What stands at a location; in a schema references are followed, as the validator does. */
const at = (root: unknown, location: string): unknown =>
  pointerSegments(pathOf(location)).reduce<unknown>((held, segment) => {
    if (typeof held !== 'object' || held === null) return undefined;
    const next = (held as Readonly<Record<string, unknown>>)[decodeURIComponent(segment)];
    return segment === '$ref' && typeof next === 'string' && next.startsWith('#') ? at(root, next) : next;
  }, root);

/** What `ajv` tells besides, for the same words. */
const paramsOf = (keyword: string, wanted: unknown, message: string): Readonly<Record<string, unknown>> => {
  const quoted = /"([^"]*)"/.exec(message)?.[1];
  const tables: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    type: { type: wanted },
    enum: { allowedValues: wanted },
    const: { allowedValue: wanted },
    pattern: { pattern: wanted },
    format: { format: wanted },
    required: { missingProperty: quoted },
  };
  return tables[keyword] ?? {};
};

const words: Readonly<Record<string, (wanted: unknown) => string>> = {
  minimum: (wanted) => `must be at least ${String(wanted)}`,
  maximum: (wanted) => `must be at most ${String(wanted)}`,
  exclusiveMinimum: (wanted) => `must be more than ${String(wanted)}`,
  exclusiveMaximum: (wanted) => `must be less than ${String(wanted)}`,
  maxLength: (wanted) => `must have at most ${String(wanted)} characters`,
  multipleOf: (wanted) => `must be a multiple of ${String(wanted)}`,
  maxItems: (wanted) => `must have at most ${String(wanted)} items`,
  maxProperties: (wanted) => `must have at most ${String(wanted)} fields`,
  minProperties: (wanted) => `must have at least ${String(wanted)} fields`,
  contains: () => 'has no item of the kind that it must have',
  not: () => 'is what it must not be',
  anyOf: () => 'is none of what it may be',
  oneOf: () => 'is none, or more than one, of what it may be',
};

const findingOf = (schema: JsonObject, value: Json, unit: OutputUnit): SchemaFinding | undefined => {
  const { keyword, instanceLocation, keywordLocation, error } = unit;
  if (WRAPPERS.has(keyword)) return undefined;
  const instancePath = pathOf(instanceLocation);
  if (keyword === 'false') {
    const name = pointerSegments(instancePath).at(-1) ?? '';
    return { code: 'unknown-field', pointer: instancePath, at: 'key', message: `unknown field "${name}"` };
  }
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') return undefined;
  const parent = keywordLocation.slice(0, keywordLocation.lastIndexOf('/'));
  const parentSchema = at(schema, parent);
  const wanted = isJsonObject(parentSchema) ? parentSchema[keyword] : undefined;
  const message = words[keyword]?.(wanted);
  if (message !== undefined)
    return {
      code: 'invalid',
      pointer: instancePath,
      at: 'value',
      message: `${lastName(instancePath)} ${message}`,
    };
  return translate({
    keyword,
    instancePath,
    schemaPath: '',
    params: paramsOf(keyword, wanted, error),
    data: at(value, instanceLocation),
    parentSchema: isJsonObject(parentSchema) ? parentSchema : {},
  });
};

/**
 * A JSON Schema (2020-12), ready to check values with. A check may take for ever, for what its patterns are: it belongs
 * into `checkAll`.
 */
export const userSchema = (schema: JsonObject): UserSchema => {
  try {
    const validator = new Validator(schema, '2020-12', false);
    const check = (value: Json): readonly SchemaFinding[] => {
      const result = validator.validate(value);
      if (result.valid) return [];
      const units = result.errors.filter(
        ({ keyword, keywordLocation }) =>
          !CHOICES.test(keywordLocation.slice(0, keywordLocation.length - keyword.length)),
      );
      return distinct(units.flatMap((unit) => findingOf(schema, value, unit) ?? []));
    };
    // A reference that leads nowhere, a pattern that is none: both are thrown when they are met.
    check(null);
    return { check };
  } catch (error) {
    if (error instanceof Error) return { problem: error.message.split('\n')[0] ?? '' };
    throw error;
  }
};

/** Milliseconds of processor for a batch of values, and for one of which the batch ran out of time. */
const BATCH_TIME = 2000;
const SINGLE_TIME = 250;

const tooSlow: SchemaFinding = {
  code: 'slow-schema',
  pointer: '',
  at: 'value',
  message: 'the schema takes too long to check this',
  hint: 'simplify its patterns: nested repetitions such as (a+)+ go back and forth for ever',
};

/** The findings of each value; where one takes too long that is its finding, and those behind it have none. */
export const checkAll = <T>(
  check: (value: T) => readonly SchemaFinding[],
  values: readonly T[],
): readonly (readonly SchemaFinding[])[] => {
  const all = withinTime(() => values.map((value) => check(value)), BATCH_TIME);
  if (all !== undefined) return all;
  const found: (readonly SchemaFinding[])[] = [];
  for (const value of values) {
    const findings = withinTime(() => check(value), SINGLE_TIME);
    found.push(findings ?? [tooSlow]);
    if (findings === undefined) break;
  }
  return found;
};
