/** A manifest schema that knows the configurations of some connection types. Pure. */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { harmless } from './configuration.js';

/** What only people read; kept for editors. */
const annotations: Readonly<Record<string, (value: Json) => Json | undefined>> = {
  title: (value) => (typeof value === 'string' && value !== '' ? value : undefined),
  description: (value) => (typeof value === 'string' && value !== '' ? value : undefined),
  default: (value) => value,
};

/** A value may be written as an expression, whatever its type. */
const expression: JsonObject = { type: 'string', pattern: '^\\$\\{' };

const propertyOf = (property: Json): Json => {
  if (!isJsonObject(property)) return property;
  const { title, description, default: preset, ...rest } = property;
  const isText = rest['type'] === 'string' || (isJsonArray(rest['type']) && rest['type'].includes('string'));
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? (title === undefined ? {} : { description: title }) : { description }),
    ...(preset === undefined ? {} : { default: preset }),
    ...(isText && rest['enum'] === undefined ? rest : { anyOf: [rest, expression] }),
  };
};

/** A configuration as an editor checks it: without what the server sets, which nobody can write. */
const configurationOf = (schema: JsonObject): JsonObject | undefined => {
  const safe = harmless(schema, annotations);
  if (safe === undefined) return undefined;
  const all = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const isWritable = (name: string): boolean => {
    const property = all[name];
    return !isJsonObject(property) || property['readOnly'] !== true;
  };
  const { properties, required, title: _title, description: _description, default: _default, ...rest } = safe;
  return {
    ...rest,
    ...(isJsonObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties)
              .filter(([name]) => isWritable(name))
              .map(([name, property]) => [name, propertyOf(property)]),
          ),
        }
      : {}),
    ...(isJsonArray(required)
      ? { required: required.filter((name) => typeof name === 'string' && isWritable(name)) }
      : {}),
  };
};

/**
 * `manifest`, with the configuration of its kind `kind` described for each of these types. A schema that is too large
 * is left out.
 */
export const editorSchema = (
  manifest: JsonObject,
  kind: string,
  types: ReadonlyMap<string, JsonObject>,
): JsonObject => {
  const definitions = isJsonObject(manifest['$defs']) ? manifest['$defs'] : {};
  const own = definitions[kind];
  if (!isJsonObject(own)) throw new Error(`no kind ${kind} in the schema`);
  const conditions = [...types].flatMap(([type, schema]) => {
    const configuration = configurationOf(schema);
    return configuration === undefined
      ? []
      : [
          {
            if: { properties: { type: { const: type } }, required: ['type'] },
            then: { properties: { configuration } },
          },
        ];
  });
  return { ...manifest, $defs: { ...definitions, [kind]: { ...own, allOf: conditions } } };
};
