/** Record logging: whether, and where, the records that syncs write are kept. An organization has one such setting. */
import schema from '../../schemas/record-logging.schema.json' with { type: 'json' };
import type { JsonObject } from '../core/json.js';
import { gatherExtra, openExtra } from './extra.js';
import type { Kind } from './kind.js';
import { pick, without } from './paths.js';
import { plain, plainShape } from './plain.js';
import { serverMade } from './server-made.js';

const PATH = '/api/organization/record-logging';

/** The names that the official clients send, and those of the reference. */
const CONNECTION = 'deliveryConnectionId';
const PREFIX = 'deliveryPrefix';

/** An answer in either of its spellings (api-2026-10.md tells of one, the official clients of the other). */
const inOneSpelling = (live: JsonObject): JsonObject => {
  const connection = live[CONNECTION] ?? live['delivery_connection_id'];
  const prefix = live[PREFIX] ?? live['delivery_prefix'];
  return {
    ...(without(live, CONNECTION, PREFIX, 'delivery_connection_id', 'delivery_prefix') as JsonObject),
    ...(connection == null ? {} : { [CONNECTION]: connection }),
    ...(prefix == null ? {} : { delivery_prefix: prefix }),
  };
};

export const recordLogging: Kind = {
  ...plain,
  name: 'RecordLogging',
  schema,
  noun: { one: 'record logging', many: 'record logging settings' },
  endpoints: ({ currentOrganization }) =>
    currentOrganization
      ? {
          list: { path: PATH, is: 'alone' },
          lists: 'whole',
          one: PATH,
          update: { method: 'PUT', path: PATH },
          remove: { method: 'PUT', path: PATH, body: { enabled: false } },
        }
      : undefined,
  identity: { fields: [], unique: true, idless: true },
  read: 'used',
  isUnset: (live) => {
    const { enabled, delivery_prefix: prefix, [CONNECTION]: connection } = inOneSpelling(live);
    return enabled !== true && prefix === undefined && connection === undefined;
  },
  consequences: { delete: 'no records are logged any more' },
  references: [{ path: [], name: 'delivery_connection', wire: CONNECTION, kind: 'Connection' }],
  shape: plainShape,
  levels: [{ path: [], server: [...serverMade, 'deliveryConnectionName', 'delivery_connection_name'] }],
  fromLive: (raw) => {
    const { document, masked } = openExtra(recordLogging, gatherExtra(recordLogging, inOneSpelling(raw)));
    return {
      document: { enabled: false, ...pick(document, ['enabled', CONNECTION, 'delivery_prefix', 'extra']) },
      masked,
    };
  },
  toWire: (document) => ({
    ...without(document, 'delivery_prefix'),
    ...(document['delivery_prefix'] == null ? {} : { [PREFIX]: document['delivery_prefix'] }),
  }),
};
