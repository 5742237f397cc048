/** Roles: what policies grant actions to. */
import schema from '../../schemas/role.schema.json' with { type: 'json' };
import { collection } from './endpoints.js';
import { gatherExtra, openExtra } from './extra.js';
import type { Kind } from './kind.js';
import { noPreflight } from './preflight.js';
import { pick } from './paths.js';
import { serverMade } from './server-made.js';

export const role: Kind = {
  name: 'Role',
  schema,
  noun: { one: 'role', many: 'roles' },
  // One method in every version: the older reference tells of another for connections and models alone.
  endpoints: collection('/api/permissions/roles', () => ({
    update: { method: 'PUT', path: '/api/permissions/roles/{id}' },
  })),
  identity: { fields: ['name'], unique: false },
  read: 'used',
  isSystem: ({ system }) => system === true,
  leavesReferences: true,
  references: [],
  shape: {
    keyed: [],
    sets: [],
    defaults: [],
    freeMaps: [],
    liveWhenSilent: [],
    serverWhenSilent: [],
    writeOnly: [],
    instructions: [],
    literal: [],
  },
  immutable: [],
  secretPaths: [],
  levels: [{ path: [], server: [...serverMade, 'system'] }],
  parts: [],
  aliases: [],
  expand: (document) => document,
  collapse: (document) => document,
  madeElsewhere: () => undefined,
  problems: () => [],
  hidden: () => [],
  check: () => [],
  sensitive: () => [],
  fromLive: (raw) => {
    const { document, masked } = openExtra(role, gatherExtra(role, raw));
    return { document: pick(document, ['name', 'extra']), masked };
  },
  complete: (desired) => desired,
  canonical: (document) => document,
  preflight: noPreflight,
};
