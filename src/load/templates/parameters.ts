/** What parameters may be, by their schemas. Pure. */
import type { JsonType } from '../../api/type-schema.js';
import { isJsonArray, isJsonObject, type Json } from '../../core/json.js';
import { schemaProblems } from '../json-schema/parts.js';
import type { Patterns } from '../json-schema/patterns.js';
import { misfits, type Budget } from '../json-schema/schema.js';
import { validatorOf } from '../rule-validators.js';
import { findingsOf } from '../schema.js';
import type { Parameter } from './instance.js';

/** What is wrong with a parameter. */
export interface ParameterProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** A problem of a schema, with the JSON pointer into it. */
export interface SchemaProblemAt extends ParameterProblem {
  readonly pointer: string;
  readonly at: 'key' | 'value';
}

/** The types that a parameter may have; none where any is right. */
export const typesOf = ({ schema: { type } }: Parameter): readonly JsonType[] =>
  (typeof type === 'string' ? [type] : isJsonArray(type) ? type : []) as readonly JsonType[];

/** What is wrong with a value; nothing that can be believed where `budget` is spent. */
export const checkParameter = (
  name: string,
  parameter: Parameter,
  value: Json,
  patterns: Patterns,
  budget: Budget,
): readonly ParameterProblem[] =>
  misfits(parameter.schema, value, { patterns, budget }).map(({ pointer, message }) => ({
    code: 'bad-parameter',
    // The words begin with where it is: "it" for the value itself.
    message: pointer === '' ? `${name}${message.slice(2)}` : `${name}.${message}`,
    ...(pointer === '' && typesOf(parameter).includes('string') && typeof value === 'number'
      ? { hint: `put it in quotes: "${value}"` }
      : {}),
  }));

/** What is wrong with the schema of a parameter. */
export const checkParameterSchema = (schema: Json, patterns: Patterns): readonly SchemaProblemAt[] => {
  const found = findingsOf(validatorOf('JsonSchema'), schema);
  return found.length > 0 || !isJsonObject(schema) ? found : schemaProblems(schema, patterns);
};
