/** Organizations: what a partner, or who runs a deployment, makes for others, and how people sign in there. */
import schema from '../../schemas/organization.schema.json' with { type: 'json' };
import { asText } from '../core/text.js';
import { collection } from './endpoints.js';
import { gatherExtra, openExtra } from './extra.js';
import type { Kind } from './kind.js';
import { pick } from './paths.js';
import { plain, plainShape } from './plain.js';
import { secretField } from './secret-findings.js';
import { serverMade } from './server-made.js';

/** What no answer shows of the way to sign in. An update replaces all of it (organization.update). */
const hidden = ['/client_id', '/client_secret'];

export const organization: Kind = {
  ...plain,
  name: 'Organization',
  schema,
  noun: { one: 'organization', many: 'organizations' },
  endpoints: (dialect) =>
    dialect.administers === true
      ? collection('/api/organizations', () => ({
          update: { method: 'PUT', path: '/api/organizations/{id}' },
        }))(dialect)
      : undefined,
  identity: { fields: ['name'], unique: true },
  read: 'used',
  ofAccount: true,
  isProtected: true,
  consequences: { delete: 'all that is in it goes with it: connections, models, syncs, users' },
  spares: ({ id }, { organization: own }) =>
    id === own.id ? 'it is the one that this run is at work in' : undefined,
  shape: { ...plainShape, writeOnly: [['client_id']] },
  secretPaths: [['client_id'], ['client_secret']],
  levels: [{ path: [], server: serverMade }],
  ...secretField('client_secret'),
  fromLive: (raw) => {
    const { document, masked } = openExtra(organization, gatherExtra(organization, raw));
    return {
      document: pick(document, ['name', 'issuer', 'sso_domain', 'sso_org_id', 'extra']),
      masked,
      // Whoever has an issuer signs in as some client there.
      ...(asText(raw['issuer']) === '' ? {} : { unseen: hidden }),
    };
  },
  keepsSecret: () => true,
};
