/** What has to be known of a schema before it is asked anything. Pure. */
import { isJsonObject, type Json } from '../core/json.js';
import { escapePointer, pointerSegments } from '../core/secret.js';
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
