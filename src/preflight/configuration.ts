/** Configurations against schemas that the API answers. Such a schema is a stranger's: it is read before it is used. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseTypeSchema, type TypeProperty } from '../api/type-schema.js';
import type { JsonObject } from '../core/json.js';
import { redact, secretsOf, type ValueObject } from '../core/secret.js';
import type { ConfigurationFacts } from '../kinds/preflight.js';
import { findingsOf } from '../load/schema.js';

/** Null and the empty text are to the API what is not there. */
const spoken = (configuration: ValueObject): ValueObject =>
  Object.fromEntries(Object.entries(configuration).filter(([, value]) => value !== null && value !== ''));

/** What a type's schema says of a configuration; undefined where the schema is of no use. */
export const checkConfiguration = (
  schema: JsonObject,
  configuration: ValueObject,
): ConfigurationFacts | undefined => {
  const read = parseTypeSchema(schema);
  if (read === undefined) return undefined;
  const named = (test: (property: TypeProperty) => boolean): readonly string[] =>
    [...read.properties].flatMap(([name, property]) => (test(property) ? [name] : []));
  const secrets = new Map(secretsOf(configuration));
  // A run without secrets knows nothing of them; any other secret is text, or what its field asks for.
  const judged = (pointer: string, code: string): boolean => {
    const secret = secrets.get(pointer);
    return secret === undefined || (code === 'wrong-type' && secret.known && secret.isText);
  };
  try {
    const ajv = new Ajv2020({
      allErrors: true,
      verbose: true,
      strict: false,
      logger: false,
      validateFormats: false,
      // A property may be called as one that every object has.
      ownProperties: true,
    });
    const validate = ajv.compile(read.plain);
    const value = redact(spoken(configuration));
    return {
      findings: findingsOf(validate, value)
        .filter(({ pointer, code }) => judged(pointer, code))
        .map(({ pointer, at: _, ...finding }) => ({
          severity: 'error',
          ...finding,
          pointer: `/configuration${pointer}`,
        })),
      properties: [...read.properties.keys()],
      readOnly: named(({ readOnly }) => readOnly),
      secret: named(({ secret }) => secret),
      strange: read.strange,
    };
  } catch {
    // A schema that contradicts itself says nothing.
    return undefined;
  }
};
