/** A field that somebody adds to a schema of a connection. */
import schema from '../../schemas/schema-field.schema.json' with { type: 'json' };
import type { JsonObject } from '../core/json.js';
import type { Kind } from './kind.js';
import { plain, plainShape } from './plain.js';
import { pick } from './paths.js';

/** Where a schema of a connection is read. */
export const SCHEMA = '/api/connections/{connection_id}/schemas/{schema_id}';

const told = ['connection_id', 'schema_id', 'field_id'];

/** An answer calls the label a name, and the definition of a type its specification. */
const fromLive = (live: JsonObject): JsonObject => ({
  ...pick(live, [...told, 'type', 'path']),
  ...(live['name'] == null ? {} : { label: live['name'] }),
  ...(live['type_spec'] == null ? {} : { definition: live['type_spec'] }),
});

export const schemaField: Kind = {
  ...plain,
  name: 'SchemaField',
  schema,
  noun: { one: 'schema field', many: 'schema fields' },
  endpoints: () => ({
    lists: 'whole',
    one: SCHEMA,
    // No list has fields alone. One that the system has itself bears no such mark.
    within: { list: 'fields', by: 'id', is: 'field_id', unless: { user_managed: false } },
    // Matched by `field_id`, and safe to repeat: the same call makes and changes one (upsertField).
    create: { method: 'POST', path: `${SCHEMA}/fields`, list: 'fields' },
    update: { method: 'POST', path: `${SCHEMA}/fields`, list: 'fields' },
    remove: { method: 'DELETE', path: `${SCHEMA}/fields/{field_id}` },
  }),
  identity: { fields: told, unique: true, idless: true },
  read: 'used',
  references: [{ path: [], name: 'connection', wire: 'connection_id', kind: 'Connection' }],
  shape: {
    ...plainShape,
    // A type without a definition may be given one by the server.
    serverWhenSilent: [['definition']],
    writeOnly: [['example']],
    literal: [['definition'], ['example']],
  },
  immutable: [['connection'], ['schema_id'], ['field_id']],
  fromLive: (live) => ({ document: fromLive(live), masked: [] }),
};
