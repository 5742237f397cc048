/**
 * JSON Schemas that a working copy brings, read word by word and never compiled into code: in a stranger's pull request
 * they are a stranger's. What they can cost is counted, and regular expressions are RE2's. Pure.
 */
import {
  canonicalJson,
  isJsonArray,
  isJsonObject,
  jsonEqual,
  type Json,
  type JsonObject,
} from '../../core/json.js';
import { escapePointer, pointerSegments } from '../../core/secret.js';
import { asText } from '../../core/text.js';
import type { Patterns } from './patterns.js';
import { types, typeWords } from './types.js';

/** A schema that has passed the one of schemas (`JsonSchema`). */
export type Schema = boolean | JsonObject;

/** What of a value does not fit, in the words of `path` and what is wrong with it. */
export interface Misfit {
  /** JSON pointer into the value. */
  readonly pointer: string;
  readonly message: string;
}

/** How much may still be looked at; less than nothing where it was too much, and what was found says nothing then. */
export interface Budget {
  left: number;
}

/** What one question may cost, and besides each value that is asked about: some seconds, whatever a stranger writes. */
export const budgetFor = (values: number): Budget => ({ left: 1_000_000 + 2000 * values });

/** Deeper than any value, and far below what a stack bears: references can lead round in a circle. */
const DEEPEST = 250;

/** Where an evaluation stands. */
interface At {
  readonly pointer: string;
  readonly depth: number;
  readonly root: Schema;
  readonly patterns: Patterns;
  readonly budget: Budget;
  readonly found: Misfit[];
}

/** `fields.0.target`, in the words of a person. */
const called = (pointer: string): string => (pointer === '' ? 'it' : pointerSegments(pointer).join('.'));

const shown = (value: Json): string => {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
};

const misfit = (at: At, says: string): void => {
  at.found.push({ pointer: at.pointer, message: `${called(at.pointer)} ${says}` });
};

/** What does not fit a schema, with a list of its own: of choices only the outcome counts. */
const tried = (schema: Json | undefined, value: Json, at: At): readonly Misfit[] => {
  const found: Misfit[] = [];
  visit(schema, value, { ...at, found });
  return found;
};

const fits = (schema: Json | undefined, value: Json, at: At): boolean =>
  tried(schema, value, at).length === 0;

const below = ({ depth, root, patterns, budget, found, pointer }: At, name: string | number): At => ({
  depth,
  root,
  patterns,
  budget,
  found,
  pointer: `${pointer}/${escapePointer(String(name))}`,
});

/** The items of a list; none of what is none. */
export const listOf = (value: Json | undefined): readonly Json[] => (isJsonArray(value) ? value : []);
/** The entries of a map; none of what is none. */
export const tableOf = (value: Json | undefined): readonly (readonly [string, Json])[] =>
  isJsonObject(value) ? Object.entries(value) : [];

const matches = (at: At, source: string, text: string): boolean => {
  at.budget.left -= text.length / 50;
  return at.patterns.get(source)?.(text) ?? false;
};

/** A comparison of numbers, or of sizes, with the one that the schema gives. */
const compared =
  (
    sizeOf: (value: Json) => number | undefined,
    holds: (size: number, given: number) => boolean,
    says: (given: number) => string,
  ): Keyword =>
  (given, value, at) => {
    const size = sizeOf(value);
    if (size !== undefined && !holds(size, Number(given))) misfit(at, says(Number(given)));
  };

const numberIn = (value: Json): number | undefined => (typeof value === 'number' ? value : undefined);
const lengthIn = (value: Json): number | undefined =>
  typeof value === 'string' ? Array.from(value).length : undefined;
const itemsIn = (value: Json): number | undefined => (isJsonArray(value) ? value.length : undefined);
const fieldsIn = (value: Json): number | undefined =>
  isJsonObject(value) ? Object.keys(value).length : undefined;

const most = (a: number, b: number): boolean => a <= b;
const least = (a: number, b: number): boolean => a >= b;

const missing = (at: At, name: string): void => {
  misfit(at, `has no ${name}`);
};

/** What one word of a schema makes of a value; `schema` is the one that it stands in. */
type Keyword = (given: Json, value: Json, at: At, schema: JsonObject) => void;

const keywords: Readonly<Record<string, Keyword>> = {
  $ref: (given, value, at) => {
    const [, name] = pointerSegments(asText(given).slice(1));
    const defined = isJsonObject(at.root) ? at.root['$defs'] : undefined;
    const target =
      name === undefined
        ? at.root
        : isJsonObject(defined) && Object.hasOwn(defined, name)
          ? defined[name]
          : undefined;
    visit(target, value, at);
  },
  type: (given, value, at) => {
    const wanted = [given].flat().map(asText);
    if (!wanted.some((name) => types[name]?.(value) === true))
      misfit(at, `must be ${wanted.map((name) => typeWords[name] ?? name).join(' or ')}`);
  },
  enum: (given, value, at) => {
    if (!listOf(given).some((each) => jsonEqual(each, value)))
      misfit(at, `cannot be ${shown(value)}; one of: ${listOf(given).map(shown).join(', ')}`);
  },
  const: (given, value, at) => {
    if (!jsonEqual(given, value)) misfit(at, `must be ${shown(given)}, and is ${shown(value)}`);
  },
  minimum: compared(numberIn, least, (given) => `must be at least ${given}`),
  maximum: compared(numberIn, most, (given) => `must be at most ${given}`),
  exclusiveMinimum: compared(
    numberIn,
    (a, b) => a > b,
    (given) => `must be more than ${given}`,
  ),
  exclusiveMaximum: compared(
    numberIn,
    (a, b) => a < b,
    (given) => `must be less than ${given}`,
  ),
  multipleOf: compared(
    numberIn,
    (a, b) => Number.isInteger(a / b),
    (given) => `must be a multiple of ${given}`,
  ),
  minLength: compared(lengthIn, least, (given) => `is shorter than ${given}`),
  maxLength: compared(lengthIn, most, (given) => `is longer than ${given}`),
  minItems: compared(itemsIn, least, (given) => `has fewer items than ${given}`),
  maxItems: compared(itemsIn, most, (given) => `has more items than ${given}`),
  minProperties: compared(fieldsIn, least, (given) => `has fewer fields than ${given}`),
  maxProperties: compared(fieldsIn, most, (given) => `has more fields than ${given}`),
  pattern: (given, value, at) => {
    if (typeof value === 'string' && !matches(at, asText(given), value))
      misfit(at, `${shown(value)} does not fit ${asText(given)}`);
  },
  uniqueItems: (given, value, at) => {
    if (given !== true || !isJsonArray(value)) return;
    at.budget.left -= value.length;
    if (new Set(value.map(canonicalJson)).size < value.length) misfit(at, 'has the same item twice');
  },
  prefixItems: (given, value, at) => {
    if (!isJsonArray(value)) return;
    listOf(given).forEach((each, index) => {
      const item = value[index];
      if (item !== undefined) visit(each, item, below(at, index));
    });
  },
  items: (given, value, at, schema) => {
    if (!isJsonArray(value)) return;
    const first = listOf(schema['prefixItems']).length;
    value.forEach((item, index) => {
      if (index >= first) visit(given, item, below(at, index));
    });
  },
  contains: (given, value, at, { minContains: fewest = 1, maxContains: greatest }) => {
    if (!isJsonArray(value)) return;
    const number = value.filter((item, index) => fits(given, item, below(at, index))).length;
    if (number < Number(fewest))
      misfit(
        at,
        number === 0 ? 'has no item that is asked for' : `has fewer than ${asText(fewest)} such items`,
      );
    if (greatest !== undefined && number > Number(greatest))
      misfit(at, `has more than ${asText(greatest)} such items`);
  },
  properties: (given, value, at) => {
    if (!isJsonObject(value)) return;
    for (const [name, schema] of tableOf(given))
      if (Object.hasOwn(value, name)) visit(schema, value[name] as Json, below(at, name));
  },
  patternProperties: (given, value, at) => {
    for (const [source, schema] of tableOf(given))
      for (const [name, item] of tableOf(value))
        if (matches(at, source, name)) visit(schema, item, below(at, name));
  },
  additionalProperties: (given, value, at, schema) => {
    const known = new Set(tableOf(schema['properties']).map(([name]) => name));
    const sources = tableOf(schema['patternProperties']).map(([source]) => source);
    for (const [name, item] of tableOf(value)) {
      if (known.has(name) || sources.some((source) => matches(at, source, name))) continue;
      if (given === false) misfit(below(at, name), 'must not be there');
      else visit(given, item, below(at, name));
    }
  },
  propertyNames: (given, value, at) => {
    for (const [name] of tableOf(value))
      if (!fits(given, name, at)) misfit(below(at, name), 'has a name that is not allowed here');
  },
  required: (given, value, at) => {
    if (!isJsonObject(value)) return;
    for (const name of listOf(given).map(asText)) if (!Object.hasOwn(value, name)) missing(at, name);
  },
  dependentRequired: (given, value, at) => {
    if (!isJsonObject(value)) return;
    for (const [name, needed] of tableOf(given))
      if (Object.hasOwn(value, name))
        for (const other of listOf(needed).map(asText)) if (!Object.hasOwn(value, other)) missing(at, other);
  },
  dependentSchemas: (given, value, at) => {
    for (const [name, schema] of tableOf(given))
      if (isJsonObject(value) && Object.hasOwn(value, name)) visit(schema, value, at);
  },
  allOf: (given, value, at) => {
    for (const schema of listOf(given)) visit(schema, value, at);
  },
  anyOf: (given, value, at) => {
    const all = listOf(given).map((schema) => tried(schema, value, at));
    if (all.some((found) => found.length === 0)) return;
    // One choice alone, or several that stumble over the same, say more than that none fits.
    const said = new Set(all.flat().map(({ pointer, message }) => `${pointer} ${message}`));
    const [only] = all.flat();
    if (said.size === 1 && only !== undefined) at.found.push(only);
    else misfit(at, 'fits none of what is allowed here');
  },
  oneOf: (given, value, at) => {
    const number = listOf(given).filter((schema) => fits(schema, value, at)).length;
    if (number !== 1)
      misfit(
        at,
        number === 0 ? 'fits none of what is allowed here' : 'fits more than one of what is allowed here',
      );
  },
  not: (given, value, at) => {
    if (fits(given, value, at))
      misfit(at, at.pointer === '' ? 'is what is not allowed' : `must not be ${shown(value)}`);
  },
  if: (given, value, at, schema) => {
    const next = schema[fits(given, value, at) ? 'then' : 'else'];
    if (next !== undefined) visit(next, value, at);
  },
};

/** Collects what of a value does not fit a schema; stops where the budget is spent. */
const visit = (schema: Json | undefined, value: Json, at: At): void => {
  at.budget.left -= 1;
  if (at.depth > DEEPEST) at.budget.left = -1;
  if (at.budget.left < 0 || schema === undefined || schema === true) return;
  if (schema === false) {
    misfit(at, 'must not be there');
    return;
  }
  if (!isJsonObject(schema)) return;
  const { pointer, depth, root, patterns, budget, found } = at;
  const next = { pointer, depth: depth + 1, root, patterns, budget, found };
  for (const name of Object.keys(schema))
    if (Object.hasOwn(keywords, name)) keywords[name]?.(schema[name] as Json, value, next, schema);
};

/** What of a value does not fit a schema, each once. Where `budget` is spent, the answer is not to be believed. */
export const misfits = (
  schema: Schema,
  value: Json,
  given: { readonly patterns: Patterns; readonly budget: Budget },
): readonly Misfit[] => {
  const found: Misfit[] = [];
  visit(schema, value, { ...given, pointer: '', depth: 0, root: schema, found });
  return [...new Map(found.map((each) => [`${each.pointer} ${each.message}`, each])).values()];
};
