/** Shared connections: a connection of one organization that another one may use, without its credentials. */
import schema from '../../schemas/shared-connection.schema.json' with { type: 'json' };
import type { Dialect } from '../api/dialect.js';
import type { Endpoints, Kind } from './kind.js';
import { pick } from './paths.js';
import { plain, plainShape } from './plain.js';

const CHILD = 'child_organization_id';

/** Older versions have the addresses of the connection itself (api.md, 19). */
const endpoints = (dialect: Dialect): Endpoints | undefined => {
  if (dialect.administers !== true) return undefined;
  const [read, create] = dialect.currentOrganization
    ? (['organizations/{organization}/connections/{connection_id}/shared', undefined] as const)
    : (['connections/{connection_id}/shared', 'connections/{connection_id}/share'] as const);
  return {
    lists: 'whole',
    one: `/api/${read}`,
    within: { by: 'organization_id', is: CHILD, unless: {} },
    create: { method: 'POST', path: `/api/${create ?? read}`, answers: 'id' },
    // It is a connection of the other organization, and is deleted there.
    remove: { method: 'DELETE', path: '/api/connections/{own_id}', inside: CHILD },
  };
};

export const sharedConnection: Kind = {
  ...plain,
  name: 'SharedConnection',
  schema,
  noun: { one: 'shared connection', many: 'shared connections' },
  endpoints,
  identity: { fields: ['connection_id', CHILD], unique: true, idless: true },
  read: 'used',
  consequences: { delete: 'the other organization loses the connection' },
  references: [
    { path: [], name: 'connection', wire: 'connection_id', kind: 'Connection' },
    { path: [], name: 'organization', wire: CHILD, kind: 'Organization' },
  ],
  // What it is called belongs to the other organization, once it is there.
  shape: { ...plainShape, instructions: [['name']] },
  immutable: [['connection'], ['organization']],
  fromLive: (live) => ({ document: pick(live, ['connection_id', CHILD]), masked: [] }),
};
