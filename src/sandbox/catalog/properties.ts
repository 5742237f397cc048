/** Properties of configurations, as JSON Schemas with the keywords that connection types add to them. */
import type { JsonObject } from '../../core/json.js';

export const text = (title: string, more: JsonObject = {}): JsonObject => ({
  type: 'string',
  title,
  ...more,
});
/** Text that must not be empty. */
export const line = (title: string, more: JsonObject = {}): JsonObject =>
  text(title, { minLength: 1, ...more });
export const integer = (title: string, more: JsonObject = {}): JsonObject => ({
  type: 'integer',
  title,
  ...more,
});
export const boolean = (title: string, more: JsonObject = {}): JsonObject => ({
  type: 'boolean',
  title,
  ...more,
});
export const secret = (title: string): JsonObject =>
  text(title, { sensitive: true, password: true, widget: 'password' });

/** The schema of a configuration. Properties that are not named are taken: there are more than we know. */
export const schema = (
  title: string,
  properties: Readonly<Record<string, JsonObject>>,
  required: readonly string[] = [],
): JsonObject => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title,
  type: 'object',
  properties,
  ...(required.length === 0 ? {} : { required: [...required] }),
});
