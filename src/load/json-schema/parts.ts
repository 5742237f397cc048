/** What has to be known of a schema before it is asked anything. Pure. */
import { isJsonObject, type Json } from '../../core/json.js';
import { escapePointer, pointerSegments } from '../../core/secret.js';
import type { Patterns } from './patterns.js';
import { listOf, tableOf, type Schema } from './schema.js';

/** The regular expressions of a schema, with the JSON pointer of each in it; and references that lead nowhere. */
export const partsOf = (
  schema: Schema,
): { readonly patterns: readonly (readonly [string, string])[]; readonly broken: readonly string[] } => {
  const patterns: [string, string][] = [];
  const broken: string[] = [];
  const defined = isJsonObject(schema) && isJsonObject(schema['$defs']) ? schema['$defs'] : {};
  const inTable = (value: Json | undefined, pointer: string): void => {
    for (const [name, each] of tableOf(value)) inSchema(each, `${pointer}/${escapePointer(name)}`);
  };
  const inSchema = (value: Json | undefined, pointer: string): void => {
    if (!isJsonObject(value)) return;
    const { pattern, $ref: reference, patternProperties: named } = value;
    if (typeof pattern === 'string') patterns.push([pattern, `${pointer}/pattern`]);
    for (const [source] of tableOf(named))
      patterns.push([source, `${pointer}/patternProperties/${escapePointer(source)}`]);
    if (typeof reference === 'string') {
      const [, name] = pointerSegments(reference.slice(1));
      if (name !== undefined && !Object.hasOwn(defined, name)) broken.push(`${pointer}/$ref`);
    }
    for (const name of ['$defs', 'properties', 'patternProperties', 'dependentSchemas'])
      inTable(value[name], `${pointer}/${name}`);
    for (const name of ['prefixItems', 'allOf', 'anyOf', 'oneOf'])
      listOf(value[name]).forEach((each, index) => inSchema(each, `${pointer}/${name}/${index}`));
    for (const name of [
      'items',
      'contains',
      'additionalProperties',
      'propertyNames',
      'not',
      'if',
      'then',
      'else',
    ])
      inSchema(value[name], `${pointer}/${name}`);
  };
  inSchema(schema, '');
  return { patterns, broken };
};

/** What is wrong with a schema that its own schema cannot say. */
export interface SchemaProblem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** JSON pointer into the schema. */
  readonly pointer: string;
  readonly at: 'key' | 'value';
}

/** Patterns that are none, and references that lead nowhere. */
export const schemaProblems = (schema: Schema, patterns: Patterns): readonly SchemaProblem[] => {
  const parts = partsOf(schema);
  return [
    ...parts.patterns
      .filter(([source]) => patterns.get(source) === undefined)
      .map(([source, pointer]): SchemaProblem => ({
        code: 'bad-pattern',
        message: `${JSON.stringify(source)} is no regular expression of RE2`,
        hint: 'RE2 knows no look-around and no backreference: https://github.com/google/re2/wiki/Syntax',
        pointer,
        at: pointer.includes('/patternProperties/') ? 'key' : 'value',
      })),
    ...parts.broken.map((pointer): SchemaProblem => ({
      code: 'unknown-reference',
      message: 'the reference leads nowhere',
      hint: 'it names one of the $defs at the top of this schema: #/$defs/NAME',
      pointer,
      at: 'value',
    })),
  ];
};
