/**
 * What changes the schemas of a bulk sync: a create takes them along, afterwards they have requests of their own
 * (`/api/bulk/syncs/{id}/schemas`). Within a schema that is sent, what is left out is reset, or kept, or switched on, by
 * request and version: whatever is sent is sent whole. Pure.
 */
import type { Dialect } from '../../api/dialect.js';
import { objectsIn, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import type { Value, ValueObject } from '../../core/secret.js';
import { items, without } from '../paths.js';
import { changesSchema, completeSchemas, isPlainSchema, sameSchema, schemaIn } from './schemas.js';

const path = '/api/bulk/syncs/{id}/schemas';

/** What the server makes of a schema and of a field. */
export const madeOfSchemas = ['output_name', 'destination_history_output_name'];
export const madeOfFields = ['output_name'];

/** Schemas of an answer in the words of a manifest: reading says `obfuscated`, creating `obfuscate`. */
export const schemasFromLive = (schemas: Json | undefined): readonly JsonObject[] =>
  objectsIn(schemas).map((schema): JsonObject => ({
    ...(without(schema, ...madeOfSchemas) as JsonObject),
    ...(schema['fields'] == null
      ? {}
      : {
          fields: objectsIn(schema['fields']).map(({ obfuscated, ...field }): JsonObject => ({
            ...(without(field, ...madeOfFields) as JsonObject),
            ...(obfuscated === undefined ? {} : { obfuscate: obfuscated }),
          })),
        }),
  }));

/** What a version need not know: not sent where neither side speaks of it. */
const isSaid = <T extends Value>(value: T | undefined): value is T => value !== undefined && value !== null;

const sentField = ({ obfuscate, ...field }: JsonObject): JsonObject => ({
  ...field,
  enabled: field['enabled'] !== false,
  obfuscated: obfuscate === true,
});

/** A schema whole, in the words of PATCH and PUT. An empty instant is none: it is left out, or null. */
const sentSchema = (schema: JsonObject): JsonObject => {
  const { data_cutoff_timestamp: cutoff, fields, other_fields: _, ...rest } = schema;
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => isSaid(value))),
    enabled: schema['enabled'] !== false,
    ...(isSaid(cutoff) && cutoff !== '' ? { data_cutoff_timestamp: cutoff } : {}),
    ...(fields === undefined ? {} : { fields: objectsIn(fields).map(sentField) }),
  };
};

const isCut = (schema: JsonObject): boolean => asText(schema['data_cutoff_timestamp']) !== '';

/** A request below the address of a bulk sync, which is `{id}`. */
export interface SchemaRequest {
  readonly method: 'PATCH' | 'PUT';
  readonly path: string;
  readonly body: JsonObject;
}

/**
 * The requests that make the schemas that live those that are desired, none where they are. `live` is as the API
 * answered; each schema that changes has to have been read with its fields. Changes go in one PATCH; a PUT of its own is
 * for what a PATCH cannot do: take a cut-off away, and fields in versions whose PATCH knows none.
 */
export const schemaRequests = (
  desired: Json,
  live: Json | undefined,
  { bulk }: Pick<Dialect, 'bulk'>,
): readonly SchemaRequest[] => {
  const theirs = schemasFromLive(live);
  const lives = new Map(theirs.map((schema) => [schema['id'], schema]));
  const whole = completeSchemas({ schemas: desired }, { schemas: theirs }, undefined);
  const changed = objectsIn(whole['schemas'] as Json).filter((schema) => {
    const own = lives.get(schema['id']);
    return own === undefined || !sameSchema(schema, own);
  });
  const needsPut = (schema: JsonObject): boolean =>
    !bulk.patchesFields || (!isCut(schema) && isCut(lives.get(schema['id']) ?? {}));
  const patched = changed.filter((schema) => !needsPut(schema)).map(sentSchema);
  return [
    ...(patched.length === 0 ? [] : [{ method: 'PATCH' as const, path, body: { schemas: patched } }]),
    ...changed.filter(needsPut).map((schema) => ({
      method: 'PUT' as const,
      path: `${path}/${encodeURIComponent(asText(schema['id']))}`,
      body: without(sentSchema(schema), 'id') as JsonObject,
    })),
  ];
};

/** A field as a create takes it. */
const createdField = (field: ValueObject): Value => {
  const { id = '', enabled, ...rest } = field;
  const says = Object.entries(rest).filter(([, value]) => isSaid(value) && value !== '' && value !== false);
  return says.length === 0 && enabled !== false
    ? id
    : { id, enabled: enabled !== false, ...Object.fromEntries(says) };
};

/**
 * The schemas as a create takes them: what is not among them is not copied. One whose other fields are to be off is
 * switched on afterwards, once they are: nobody wants to copy for a moment what is to stay where it is.
 */
export const createdSchemas = (schemas: Value): readonly Value[] =>
  items(schemas)
    .filter((schema) => schema['enabled'] !== false || !isPlainSchema(schema))
    .map((schema): Value => {
      const isOn = schema['enabled'] !== false;
      if (isOn && isPlainSchema(schema) && schema['other_fields'] !== 'disabled') return schema['id'] ?? '';
      const { fields, other_fields: others, ...rest } = schema;
      const sent = items(fields).map(createdField);
      return {
        ...Object.fromEntries(Object.entries(rest).filter(([, value]) => isSaid(value) && value !== '')),
        enabled: isOn && others !== 'disabled',
        ...(sent.length === 0 ? {} : { fields: sent }),
      };
    });

/**
 * Whether a schema that lives, of which a list shows the summary, has to be read with its fields and filters: somebody
 * speaks of these, or the schema changes, and goes out whole. `spoken` are documents, the manifest's first.
 */
export const wantsDetails = (summary: JsonObject, spoken: readonly ValueObject[]): boolean => {
  const [own = {}] = schemasFromLive([summary]);
  const named = (document: ValueObject): ValueObject | undefined => schemaIn(document, summary['id']);
  const isWanted = (schema: ValueObject): boolean =>
    ['fields', 'filters'].some((name) => schema[name] !== undefined) || changesSchema(schema, own);
  const [first] = spoken;
  const goes =
    summary['enabled'] === true &&
    first?.['schemas'] !== undefined &&
    named(first) === undefined &&
    (first['other_schemas'] === 'disabled' || spoken.some((document) => named(document) !== undefined));
  return (
    goes ||
    spoken.some((document) => {
      const schema = named(document);
      return schema !== undefined && isWanted(schema);
    })
  );
};
