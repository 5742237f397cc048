/** Users: who may use an organization, and with which roles. They are known by their e-mail, in any case. */
import schema from '../../schemas/user.schema.json' with { type: 'json' };
import type { JsonObject } from '../core/json.js';
import { asText } from '../core/text.js';
import { folded } from './emails.js';
import { collection } from './endpoints.js';
import { gatherExtra, openExtra } from './extra.js';
import type { Kind } from './kind.js';
import { mapValue, pick, without } from './paths.js';
import { plain, plainShape } from './plain.js';
import { serverMade } from './server-made.js';

/** What the API sets of a user: the legacy name of a role, and what belongs to agents. */
const server = [...serverMade, 'role', 'harbor_ids', 'harbor_only'];

export const user: Kind = {
  ...plain,
  name: 'User',
  schema,
  noun: { one: 'user', many: 'users' },
  // Older versions have users of any organization by its id alone; ours is as good as another.
  endpoints: (dialect) => {
    const path = dialect.currentOrganization
      ? '/api/organization/users'
      : '/api/organizations/{organization}/users';
    return collection(path, () => ({ update: { method: 'PUT', path: `${path}/{id}` } }))(dialect);
  },
  identity: { fields: ['email'], unique: true, caseless: true },
  read: 'used',
  consequences: {
    create: 'Polytomic sends an invitation to this address',
    delete: 'the user loses access at once, and so does their API key',
  },
  spares: ({ email }, caller) =>
    caller.caller === 'user' && asText(caller.email).toLowerCase() === asText(email).toLowerCase()
      ? 'the API key that is used belongs to this user'
      : undefined,
  references: [{ path: [], name: 'roles', wire: 'role_ids', kind: 'Role', list: true }],
  shape: {
    ...plainShape,
    sets: [['roles']],
    serverWhenSilent: [['roles']],
  },
  // An update changes roles alone: another address is another user.
  immutable: [['email']],
  levels: [{ path: [], server }],
  fromLive: (raw) => {
    const { document, masked } = openExtra(user, gatherExtra(user, raw));
    return { document: pick(document, ['email', 'role_ids', 'extra']), masked };
  },
  canonical: (document) => mapValue(document, ['email'], folded) as JsonObject,
  // Older versions want the address again, and do not change it either.
  toWire: (document, dialect, live) =>
    live !== undefined && dialect.currentOrganization ? without(document, 'email') : document,
};
