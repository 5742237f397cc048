/** A manifest schema that knows the configurations of some connection types, and templates. Pure. */
import { parseTypeSchema } from '../api/type-schema.js';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { INSTANCES } from '../load/templates/instance.js';

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

/** What an editor knows beside the schema of manifests. */
export interface EditorFacts {
  /** The kind whose configuration depends on its type. */
  readonly typed: string;
  /** Schemas of types, as the API answers them. */
  readonly types: ReadonlyMap<string, JsonObject>;
  /** The schemas of the parameters of templates, by the key of the template. */
  readonly templates: ReadonlyMap<string, ReadonlyMap<string, JsonObject>>;
  /** Fields that defaults give, by kind. */
  readonly defaults: ReadonlyMap<string, ReadonlySet<string>>;
}

const typeCondition = (type: string, schema: JsonObject): readonly JsonObject[] => {
  const configuration = configurationOf(schema);
  return configuration === undefined
    ? []
    : [
        {
          if: { properties: { type: { const: type } }, required: ['type'] },
          then: { properties: { configuration } },
        },
      ];
};

/** A parameter as an editor checks it: what it is by default may be left out, null with it. */
const parameterOf = (schema: JsonObject): Json => {
  const { description, default: preset, ...rest } = schema;
  return {
    ...(description === undefined ? {} : { description }),
    ...(preset === undefined || preset === null ? {} : { default: preset }),
    anyOf: [rest, expression, ...(preset === null ? [{ type: 'null' }] : [])],
  };
};

const key: JsonObject = {
  description: 'The key of the instance, which ${param.key} stands for.',
  type: 'string',
};

const templateCondition = (template: string, parameters: ReadonlyMap<string, JsonObject>): JsonObject => {
  const one: JsonObject = {
    type: ['object', 'null'],
    properties: {
      key,
      ...Object.fromEntries([...parameters].map(([name, schema]) => [name, parameterOf(schema)])),
    },
    required: [...parameters].flatMap(([name, schema]) =>
      'default' in schema || name === 'key' ? [] : [name],
    ),
    additionalProperties: false,
  };
  return {
    if: { properties: { template: { const: template } }, required: ['template'] },
    then: { properties: { instances: { items: one, additionalProperties: one } } },
  };
};

/** A kind whose manifests need not have these fields, whatever its conditions say. */
const without = (definition: JsonObject, fields: ReadonlySet<string>): JsonObject =>
  Object.fromEntries(
    Object.entries(definition).map(([name, value]): readonly [string, Json] => {
      if (name === 'required' && isJsonArray(value))
        return [name, value.filter((each) => typeof each !== 'string' || !fields.has(each))];
      return [name, ['then', 'else'].includes(name) && isJsonObject(value) ? without(value, fields) : value];
    }),
  );

/**
 * `manifest`, with the configurations of connections described for each of these types, and the parameters of
 * instances for each of these templates. What defaults give need not be there. The schema of a type that is too large is left out.
 */
export const editorSchema = (
  manifest: JsonObject,
  { typed, types, templates, defaults }: EditorFacts,
): JsonObject => {
  const definitions = isJsonObject(manifest['$defs']) ? manifest['$defs'] : {};
  const definition = (name: string): JsonObject => {
    const own = definitions[name];
    if (!isJsonObject(own)) throw new Error(`no kind ${name} in the schema`);
    return own;
  };
  const conditions = [...types].flatMap(([type, schema]) => typeCondition(type, schema));
  const instances = definition(INSTANCES);
  const properties = isJsonObject(instances['properties']) ? instances['properties'] : {};
  return {
    ...manifest,
    $defs: {
      ...definitions,
      ...Object.fromEntries([...defaults].map(([kind, fields]) => [kind, without(definition(kind), fields)])),
      // A list of no conditions would be no valid schema.
      ...(conditions.length === 0
        ? {}
        : {
            [typed]: { ...without(definition(typed), defaults.get(typed) ?? new Set()), allOf: conditions },
          }),
      ...(templates.size === 0
        ? {}
        : {
            [INSTANCES]: {
              ...instances,
              properties: {
                ...properties,
                template: { description: 'The key of the template.', enum: [...templates.keys()] },
              },
              allOf: [...templates].map(([name, parameters]) => templateCondition(name, parameters)),
            },
          }),
    },
  };
};
