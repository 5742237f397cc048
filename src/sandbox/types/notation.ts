/**
 * The notation of the type files, and what becomes of it: JSON Schemas.
 *
 *     Name:                       an object; properties are indented, with commas between them
 *       id, at! instant             a property, its type where it is not text; `!`: required
 *     Name = 'one' | 'two'        one of these
 *     Name = map                  another name for a type
 *
 * A type is a basic one, the name of another, `[T]` (a list), `map(T)` or `A | B`.
 */
import type { JsonObject } from '../../core/json.js';

const basic: Readonly<Record<string, JsonObject>> = {
  text: { type: 'string' },
  name: { type: 'string', minLength: 1 },
  email: { type: 'string', pattern: '^[^@\\s]+@[^@\\s]+$' },
  url: { type: 'string', pattern: '^https?://' },
  instant: { type: 'string', format: 'date-time' },
  number: { type: 'number' },
  integer: { type: 'integer' },
  count: { type: 'integer', minimum: 0 },
  boolean: { type: 'boolean' },
  any: {},
  map: { type: 'object' },
};

/** How a reference to a type is written, and whether objects may hold properties that are not declared. */
export interface SchemaStyle {
  readonly refPrefix: string;
  readonly closed: boolean;
}

const typeSchema = (text: string, style: SchemaStyle): JsonObject => {
  const isOne = /^(\[.*\]|map\(.*\))$/.test(text);
  const alternatives = isOne ? [text] : text.split(/\s*\|\s*/);
  if (alternatives.every((part) => part.startsWith("'")))
    return { enum: alternatives.map((part) => part.slice(1, -1)) };
  if (alternatives.length > 1) return { anyOf: alternatives.map((part) => typeSchema(part, style)) };
  const list = /^\[(.+)\]$/.exec(text)?.[1];
  if (list !== undefined) return { type: 'array', items: typeSchema(list, style) };
  const values = /^map\((.+)\)$/.exec(text)?.[1];
  if (values !== undefined) return { type: 'object', additionalProperties: typeSchema(values, style) };
  return basic[text] ?? { $ref: `${style.refPrefix}${text}` };
};

/** Nothing is written in three ways: absent, null, empty. A property that is not required may be null. */
const orNull = (schema: JsonObject): JsonObject =>
  Object.keys(schema).length === 0 ? schema : { anyOf: [schema, { type: 'null' }] };

const objectSchema = (text: string, style: SchemaStyle): JsonObject => {
  const properties: Record<string, JsonObject> = {};
  const required: string[] = [];
  for (const part of text.split(',').map((entry) => entry.trim())) {
    const [, name = '', mark, type = 'text'] = /^(\w+)(!?)(?:\s+(.+))?$/s.exec(part) ?? [];
    const schema = typeSchema(type, style);
    properties[name] = mark === '!' ? schema : orNull(schema);
    if (mark === '!') required.push(name);
  }
  return {
    type: 'object',
    properties,
    ...(required.length === 0 ? {} : { required }),
    ...(style.closed ? { additionalProperties: false } : {}),
  };
};

/** The schemas of every type in a text of the notation, by name. Throws for a line that is none of it. */
export const schemasOf = (source: string, style: SchemaStyle): Readonly<Record<string, JsonObject>> =>
  Object.fromEntries(
    source
      .trim()
      .split(/\n(?=\w)/)
      .map((entry): [string, JsonObject] => {
        const [, name, sign, rest = ''] = /^(\w+)\s*([:=])\s*(.+)$/s.exec(entry) ?? [];
        if (name === undefined) throw new Error(`not a type: ${entry}`);
        const text = rest.replaceAll(/\s+/g, ' ').trim();
        return [name, sign === ':' ? objectSchema(text, style) : typeSchema(text, style)];
      }),
  );
