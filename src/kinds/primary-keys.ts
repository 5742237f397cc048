/** Which fields of a connection's schema tell its records apart, in place of those that Polytomic detects. */
import schema from '../../schemas/primary-keys.schema.json' with { type: 'json' };
import { objectsIn, type JsonObject } from '../core/json.js';
import { isValueArray, type ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import type { Finding, Kind } from './kind.js';
import { SCHEMA } from './schema-field.js';
import { plain, plainShape } from './plain.js';
import { pick } from './paths.js';
import { unknownName } from './preflight.js';

const KEYS = `${SCHEMA}/primary_keys`;

const idsIn = (live: JsonObject, isMeant: (field: JsonObject) => boolean): readonly string[] =>
  objectsIn(live['fields'])
    .filter(isMeant)
    .map(({ id }) => asText(id));

const fieldsOf = ({ fields }: ValueObject): readonly string[] =>
  isValueArray(fields) ? fields.map((field) => asText(field)) : [];

/**
 * A field is said to be none of the key where it is now, or was detected to be: whether what is not named is left to be
 * detected, or is none, the API does not say (setPrimaryKeys, `SetPrimaryKeysRequest`).
 */
const toWire: Kind['toWire'] = (document, _dialect, live = {}) => {
  const wanted = fieldsOf(document);
  const others = idsIn(
    live,
    ({ is_primary_key: is, source_primary_key: detected, primary_key_override: set }) =>
      is === true || detected === true || set === true,
  ).filter((id) => !wanted.includes(id));
  return {
    ...document,
    fields: [
      ...wanted.map((id) => ({ field_id: id, is_primary_key: true })),
      ...others.map((id) => ({ field_id: id, is_primary_key: false })),
    ],
  };
};

const unknownFields = (
  document: ValueObject,
  first: readonly ValueObject[],
  live: JsonObject | undefined,
): readonly Finding[] => {
  // Of what is replaced the fields of another schema are known.
  if (live === undefined || live['schema_id'] !== document['schema_id']) return [];
  // The same apply may add some.
  const known = [...idsIn(live, () => true), ...first.map((field) => asText(field['field_id']))];
  return fieldsOf(document).flatMap((id, index) =>
    known.includes(id)
      ? []
      : [
          // It may be one that somebody adds outside.
          unknownName(
            'warning',
            'unknown-field',
            `/fields/${index}`,
            `the schema ${asText(document['schema_id'])} has no field "${id}"`,
            id,
            known,
          ),
        ],
  );
};

export const primaryKeys: Kind = {
  ...plain,
  name: 'PrimaryKeys',
  schema,
  noun: { one: 'primary key', many: 'primary keys' },
  // An answer shows the key in effect: whether it was detected or set is told by newer ones alone, and listed nowhere.
  endpoints: () => ({
    lists: 'whole',
    one: SCHEMA,
    create: { method: 'PUT', path: KEYS },
    update: { method: 'PUT', path: KEYS },
    remove: { method: 'DELETE', path: KEYS },
  }),
  identity: { fields: ['connection_id', 'schema_id'], unique: true, idless: true },
  read: 'used',
  consequences: { delete: 'the key that Polytomic detects is in effect again' },
  references: [{ path: [], name: 'connection', wire: 'connection_id', kind: 'Connection' }],
  // A field that is added has to be there before it can be a part of the key.
  after: [{ kind: 'SchemaField', same: ['connection', 'schema_id'], list: 'fields', as: 'field_id' }],
  shape: {
    ...plainShape,
    sets: [['fields']],
  },
  immutable: [['connection'], ['schema_id']],
  fromLive: (live) => ({
    document: {
      ...pick(live, ['connection_id', 'schema_id']),
      fields: idsIn(live, ({ is_primary_key: is }) => is === true),
    },
    masked: [],
  }),
  toWire,
  preflight: {
    check: async (document, outlook, live) => Promise.resolve(unknownFields(document, outlook.first(), live)),
    shapes: false,
  },
};
