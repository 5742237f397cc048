/** Who calls, by the key that was sent. */
import { isJsonObject, type JsonObject } from '../core/json.js';
import { asText } from '../core/text.js';
import { owner, user } from './fixtures.js';
import { refuse, type Caller, type Reply } from './http.js';
import type { Store } from './store.js';

export interface Keys {
  /** Of the user of the first organization. */
  readonly user: string;
  readonly partner: string;
}

/** The shape of 401 alone is another one than that of every other error. */
export const unauthorized: Reply = {
  status: 401,
  body: { code: 401, context: {}, error: 'invalid or missing API key', status: 'Unauthorized' },
};

/** The organization of the sandbox's own user, whose key is known from the beginning. */
const firstUser: Caller = {
  actor: { id: user.id, name: user.email, type: 'user' },
  organization: owner.id,
  email: user.email,
  role: user.role,
};

const partnerOf = (organization: string | undefined): Caller => ({
  actor: { id: owner.id, name: `${owner.name} (partner)`, type: 'partner' },
  organization,
});

const callerOf = (root: Store, key: JsonObject): Caller => {
  const organization = asText(key['organization_id']);
  if (key['user_id'] === undefined) {
    const name = asText(root.get('organizations', organization)?.['name']);
    return { actor: { id: organization, name, type: 'organization' }, organization };
  }
  const found = root.elsewhere(organization).get('users', asText(key['user_id']));
  const email = asText(found?.['email']);
  return {
    actor: { id: asText(key['user_id']), name: email, type: 'user' },
    organization,
    email,
    ...(found?.['role'] === undefined ? {} : { role: asText(found['role']) }),
  };
};

/**
 * The caller of a request, or the refusal. `Bearer KEY` of a user, an organization or a partner; `Basic` of an
 * organization's id and a key. A partner's key acts in the organization that the body names, else in none.
 */
export const identify = (
  root: Store,
  keys: Keys,
  header: string | undefined,
  body: unknown,
): Caller | Reply => {
  const [scheme, credential = ''] = (header ?? '').split(' ');
  const basic = scheme === 'Basic' ? Buffer.from(credential, 'base64').toString() : undefined;
  const colon = basic?.indexOf(':') ?? -1;
  const key = basic === undefined ? credential : basic.slice(colon + 1);
  const named = basic === undefined ? undefined : basic.slice(0, colon);
  if ((scheme !== 'Bearer' && scheme !== 'Basic') || key === '') return unauthorized;
  if (key === keys.partner) {
    const asked = named ?? (isJsonObject(body) ? body['organization_id'] : undefined);
    const organization = typeof asked === 'string' && asked !== '' ? asked : undefined;
    if (organization === undefined) return partnerOf(undefined);
    return root.get('organizations', organization) === undefined
      ? refuse(404, 'not_found', `organization ${organization} not found`)
      : partnerOf(organization);
  }
  const stored = root.get('keys', key);
  const caller = key === keys.user ? firstUser : stored === undefined ? undefined : callerOf(root, stored);
  if (caller === undefined || (named !== undefined && named !== caller.organization)) return unauthorized;
  return caller;
};

/** Organizations that are there from the beginning, by name, each with the key of its own. */
export const addOrganization = (root: Store, name: string, key: string): void => {
  const known = root.list('organizations').find((organization) => organization['name'] === name);
  const { id } = known ?? root.insert('organizations', { name });
  if (root.get('keys', key) === undefined) root.insert('keys', { id: key, organization_id: id });
};
