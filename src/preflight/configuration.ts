/**
 * Configurations against schemas that the API answers. Such a schema is a stranger's: only what is known to be
 * harmless is taken over, in a bounded amount; no `pattern` (its expression could run for ever), no `format`, no
 * reference of any sort.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { redact, secretsOf, type ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import type { ConfigurationFacts } from '../kinds/preflight.js';
import { findingsOf } from '../load/schema.js';

const MOST_BYTES = 512 * 1024;
const MOST_NODES = 5_000;
const DEEPEST = 12;

type Take = (value: Json, deeper: (value: Json) => Json | undefined) => Json | undefined;

const nested: Take = (value, deeper) => deeper(value);
const list: Take = (value, deeper) =>
  isJsonArray(value) && value.length > 0 ? value.flatMap((item) => deeper(item) ?? []) : undefined;
const map: Take = (value, deeper) =>
  isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([name, item]) => {
          const taken = deeper(item);
          return taken === undefined || name === '__proto__' ? [] : [[name, taken] as const];
        }),
      )
    : undefined;
/** Numbers are answered as text, too. */
const number: Take = (value) => {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
};
const size: Take = (value, deeper) => {
  const found = number(value, deeper);
  return typeof found === 'number' && Number.isInteger(found) && found >= 0 ? found : undefined;
};
const step: Take = (value, deeper) => {
  const found = number(value, deeper);
  return typeof found === 'number' && found > 0 ? found : undefined;
};
const typeNames = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);
const types: Take = (value) => {
  const all = [...new Set((isJsonArray(value) ? value : [value]).map(asText))];
  return all.length > 0 && all.every((name) => typeNames.has(name)) ? all : undefined;
};

const keywords: Readonly<Record<string, Take>> = {
  type: types,
  enum: (value) => (isJsonArray(value) && value.length > 0 ? value : undefined),
  const: (value) => value,
  properties: map,
  required: (value) => (isJsonArray(value) ? [...new Set(value.map(asText))] : undefined),
  additionalProperties: nested,
  items: nested,
  allOf: list,
  anyOf: list,
  oneOf: list,
  not: nested,
  if: nested,
  then: nested,
  else: nested,
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
  multipleOf: step,
  minLength: size,
  maxLength: size,
  minItems: size,
  maxItems: size,
};

/** A schema made of the harmless parts of another one and these, or undefined where that is too large. */
export const harmless = (
  schema: JsonObject,
  more: Readonly<Record<string, Take>> = {},
): JsonObject | undefined => {
  const kept = Object.entries({ ...keywords, ...more });
  if (JSON.stringify(schema).length > MOST_BYTES) return undefined;
  let nodes = 0;
  const take = (value: Json, depth: number): Json | undefined => {
    if (typeof value === 'boolean') return value;
    if (!isJsonObject(value)) return undefined;
    nodes += 1;
    if (nodes > MOST_NODES || depth > DEEPEST) return undefined;
    return Object.fromEntries(
      kept.flatMap(([keyword, keep]) => {
        const held = Object.hasOwn(value, keyword) ? value[keyword] : undefined;
        const taken = held === undefined ? undefined : keep(held, (inner) => take(inner, depth + 1));
        return taken === undefined ? [] : [[keyword, taken] as const];
      }),
    );
  };
  const taken = take(schema, 0);
  return nodes > MOST_NODES || !isJsonObject(taken) ? undefined : taken;
};

const isSecret = (property: JsonObject): boolean =>
  property['sensitive'] === true ||
  property['password'] === true ||
  property['writeOnly'] === true ||
  property['format'] === 'password' ||
  property['widget'] === 'password' ||
  property['ui:widget'] === 'password';

/** Null and the empty text are to the API what is not there. */
const spoken = (configuration: ValueObject): ValueObject =>
  Object.fromEntries(Object.entries(configuration).filter(([, value]) => value !== null && value !== ''));

/** What a type's schema says of a configuration; undefined where the schema is of no use. */
export const checkConfiguration = (
  schema: JsonObject,
  configuration: ValueObject,
): ConfigurationFacts | undefined => {
  const safe = harmless(schema);
  if (safe === undefined) return undefined;
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const named = (test: (property: JsonObject) => boolean): readonly string[] =>
    Object.entries(properties).flatMap(([name, property]) =>
      isJsonObject(property) && test(property) ? [name] : [],
    );
  const secrets = new Set(secretsOf(configuration).map(([pointer]) => pointer));
  // A run without secrets knows nothing of them, and a secret is text of some sort.
  const judged = (pointer: string, code: string): boolean => !secrets.has(pointer) || code === 'wrong-type';
  try {
    const ajv = new Ajv2020({
      allErrors: true,
      verbose: true,
      strict: false,
      logger: false,
      validateFormats: false,
    });
    const validate = ajv.compile(safe);
    const value = redact(spoken(configuration));
    return {
      findings: findingsOf(validate, value)
        .filter(({ pointer, code }) => judged(pointer, code))
        .map(({ pointer, at: _, ...finding }) => ({
          severity: 'error',
          ...finding,
          pointer: `/configuration${pointer}`,
        })),
      properties: Object.keys(properties),
      readOnly: named((property) => property['readOnly'] === true),
      secret: named(isSecret),
    };
  } catch {
    // A schema that contradicts itself says nothing.
    return undefined;
  }
};
