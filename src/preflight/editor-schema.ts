/** A manifest schema that knows the configurations of some connection types. Pure. */
import { parseTypeSchema } from '../api/type-schema.js';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../core/json.js';

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
  const read = parseTypeSchema(schema);
  if (read === undefined) return undefined;
  const { properties, title: _title, description: _description, default: _default, ...rest } = read.plain;
  const isOffered = (name: string): boolean => read.properties.get(name)?.serverKept !== true;
  return {
    ...rest,
    ...(isJsonObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties)
              .filter(([name]) => isOffered(name))
              .map(([name, property]) => [name, propertyOf(property)]),
          ),
        }
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
