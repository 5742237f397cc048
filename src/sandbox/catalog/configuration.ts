/** What a type's schema says of configurations, in each shape that the schemas of connection types have. */
import { isJsonArray, isJsonObject, jsonEqual, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import type { SystemType } from './catalog.js';

/** The properties of a type's configuration that are described. */
export const propertiesOf = ({ schema }: SystemType): readonly (readonly [string, JsonObject])[] =>
  Object.entries(isJsonObject(schema['properties']) ? schema['properties'] : {}).flatMap(
    ([name, property]) => (isJsonObject(property) ? [[name, property] as const] : []),
  );

/** A property of a type's configuration, by its schema. */
export const propertyOf = ({ schema }: SystemType, name: string): JsonObject | undefined => {
  const { properties } = schema;
  const found = isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
  return isJsonObject(found) ? found : undefined;
};

const credential =
  /(^|_)(pass(word|wd|phrase)?|secret|private_key|api_?key|(access|refresh|api|auth|bearer)_token)$/i;

const isMarked = (property: JsonObject | undefined): boolean =>
  property?.['sensitive'] === true ||
  property?.['password'] === true ||
  property?.['writeOnly'] === true ||
  [property?.['format'], property?.['widget'], property?.['ui:widget']].includes('password');

/** Whether a value is masked: the type says so, or its name is that of a credential. */
export const isMasked = (type: SystemType, name: string, value: Json): boolean =>
  value !== null &&
  value !== '' &&
  (isMarked(propertyOf(type, name)) || (typeof value === 'string' && credential.test(name)));

/** Whether a property is a secret, whatever it holds. */
export const isSecret = (type: SystemType, name: string): boolean =>
  isMarked(propertyOf(type, name)) || credential.test(name);

const keptByName = new Set(['authenticated', 'authenticated_as', 'oauth_token_expiry']);

/** Whether the server alone writes a property: by either spelling, or since nobody else is shown it. */
export const isServerKept = (type: SystemType, name: string): boolean => {
  const property = propertyOf(type, name);
  return (
    keptByName.has(name) ||
    property?.['readOnly'] === true ||
    property?.['readonly'] === true ||
    (property?.['hidden'] === true && property['api_field'] !== true && !isMarked(property))
  );
};

/** Properties that a configuration must have when it is sent; an authorisation fills in what is hidden. */
export const requiredOf = (type: SystemType): readonly string[] =>
  (isJsonArray(type.schema['required']) ? type.schema['required'] : [])
    .map(asText)
    .filter(
      (name) => !isServerKept(type, name) && !(type.oauth && propertyOf(type, name)?.['hidden'] === true),
    );

/** What the server fills in where it is not sent. */
export const defaultsOf = (type: SystemType): JsonObject =>
  Object.fromEntries(
    propertiesOf(type).flatMap(([name, { default: value }]) => (value == null ? [] : [[name, value]])),
  );

/** What the server fills in by itself: for OAuth types only once somebody has authorised the connection. */
export const serverProperties = (type: SystemType): JsonObject =>
  Object.fromEntries(
    propertiesOf(type).flatMap(([name, { examples, type: kind }]): [string, Json][] => {
      if (!isServerKept(type, name)) return [];
      if (name === 'oauth_token_expiry') return [[name, choices.tokenExpiry]];
      if (name === 'authenticated' && kind === 'boolean') return [[name, true]];
      // One example, or a list of them.
      const value = isJsonArray(examples) ? examples[0] : examples;
      return value == null ? [] : [[name, value]];
    }),
  );

/** The values that a schema lists: as they are, or each in an object with a label. */
export const listedValues = (property: JsonObject | undefined): readonly JsonObject[] => {
  const items = property?.['enum'];
  return (isJsonArray(items) ? items : []).map((item) =>
    isJsonObject(item) && Object.hasOwn(item, 'value')
      ? { label: asText(item['label'] ?? item['value']), value: item['value'] ?? null }
      : { label: asText(item), value: item },
  );
};

const isOf = (kind: string, value: Json): boolean =>
  kind === 'integer'
    ? Number.isInteger(value)
    : kind === 'object'
      ? isJsonObject(value)
      : kind === 'array'
        ? isJsonArray(value)
        : kind === 'null'
          ? value === null
          : typeof value === kind;

const kinds = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

/** What is wrong with a configuration that was sent, or undefined. */
export const problemOf = (type: SystemType, sent: JsonObject): string | undefined => {
  const missing = requiredOf(type).filter(
    (name) => !Object.hasOwn(sent, name) || sent[name] == null || sent[name] === '',
  );
  if (missing.length > 0) return `configuration is missing ${missing.join(', ')}`;
  for (const [name, value] of Object.entries(sent)) {
    const property = propertyOf(type, name);
    const wanted = [property?.['type'] ?? []].flat().filter((kind) => kinds.includes(asText(kind)));
    const right =
      value === null ||
      value === choices.mask ||
      wanted.length === 0 ||
      wanted.some((kind) => isOf(asText(kind), value)) ||
      listedValues(property).some((listed) => jsonEqual(listed['value'], value)) ||
      jsonEqual(property?.['default'], value);
    if (!right) return `configuration.${name} must be ${wanted.map(asText).join(' or ')}`;
  }
  return undefined;
};
