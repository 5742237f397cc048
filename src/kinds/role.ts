/** Roles: what policies grant actions to. */
import schema from '../../schemas/role.schema.json' with { type: 'json' };
import { collection } from './endpoints.js';
import { gatherExtra, openExtra } from './extra.js';
import type { Kind } from './kind.js';
import { plain } from './plain.js';
import { pick } from './paths.js';
import { serverMade } from './server-made.js';

export const role: Kind = {
  ...plain,
  name: 'Role',
  schema,
  noun: { one: 'role', many: 'roles' },
  // One method in every version: the older reference tells of another for connections and models alone.
  endpoints: collection('/api/permissions/roles', () => ({
    update: { method: 'PUT', path: '/api/permissions/roles/{id}' },
  })),
  identity: { fields: ['name'], unique: false },
  read: 'used',
  namesOrganization: true,
  isSystem: ({ system }) => system === true,
  leavesReferences: true,
  levels: [{ path: [], server: [...serverMade, 'system'] }],
  fromLive: (raw) => {
    const { document, masked } = openExtra(role, gatherExtra(role, raw));
    return { document: pick(document, ['name', 'extra']), masked };
  },
};
