/** Organizations and their users: what a partner administers. */
import { randomBytes } from 'node:crypto';
import { isJsonArray, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { crud, type Crud } from './crud.js';
import { owner } from '../fixtures.js';
import {
  found,
  notFound,
  ok,
  refuse,
  Refusal,
  type Reply,
  type Route,
  type SandboxRequest,
} from '../http.js';
import { collections } from '../database.js';
import { only, ROOT, type Store, type Stored } from '../store.js';
import { addSystemObjects } from './administration.js';
import { within } from '../versions.js';

const settings = ['name', 'issuer', 'sso_domain', 'sso_org_id', 'client_id', 'client_secret'];

/** Client id and secret are written and never read. */
const read = (organization: Stored): JsonObject =>
  only(organization, ['id', 'name', 'issuer', 'sso_domain', 'sso_org_id']);

const isPartner = ({ caller }: SandboxRequest): boolean => caller.actor.type === 'partner';

const partnerOnly =
  (handle: (request: SandboxRequest, root: Store) => Reply) =>
  (request: SandboxRequest): Reply =>
    isPartner(request)
      ? handle(request, request.store.elsewhere(ROOT))
      : refuse(403, 'partner_only', 'this needs the key of a partner');

const checkName = (root: Store, name: string, own?: string): void => {
  if (root.list('organizations').some((other) => other['name'] === name && other.id !== own))
    throw new Refusal(refuse(409, 'name_taken', `an organization named "${name}" exists already`));
};

const list = partnerOnly((_request, root) => {
  const all = root.list('organizations');
  // The partner's own comes first.
  return ok(
    [...all.filter(({ id }) => id === owner.id), ...all.filter(({ id }) => id !== owner.id)].map(read),
  );
});

const create = partnerOnly(({ body }, root) => {
  checkName(root, asText(body['name']));
  const organization = root.insert('organizations', only(body, settings));
  addSystemObjects(root.elsewhere(organization.id));
  return ok(read(organization), {}, choices.createdStatus);
});

const update = partnerOnly(({ body, params }, root) => {
  const { id } = found(root.get('organizations', params['id'] ?? ''), 'organization');
  checkName(root, asText(body['name']), id);
  return ok(read(root.replace('organizations', id, only(body, settings))));
});

const remove = partnerOnly(({ params }, root) => {
  const { id } = found(root.get('organizations', params['id'] ?? ''), 'organization');
  if (id === owner.id) return refuse(403, 'own_organization', 'a partner cannot delete its own organization');
  const inside = root.elsewhere(id);
  for (const collection of collections)
    for (const object of inside.list(collection)) inside.remove(collection, object.id);
  for (const key of root.list('keys')) if (key['organization_id'] === id) root.remove('keys', key.id);
  root.remove('organizations', id);
  return { status: choices.deletedStatus };
});

/** Anybody may see their own; a partner sees all. */
const get = (request: SandboxRequest): Reply => {
  const { caller, store, params } = request;
  const id = params['id'] ?? '';
  const organization = store.elsewhere(ROOT).get('organizations', id);
  return organization === undefined || !(caller.organization === id || isPartner(request))
    ? notFound('organization')
    : ok(read(organization));
};

/** The request in the organization that its path names: one's own, or a partner's any; else a 404. */
export const enterOrganization = (request: SandboxRequest): SandboxRequest => {
  const { caller, store, params } = request;
  const id = params['org'] ?? '';
  const allowed = caller.organization === id || (isPartner(request) && caller.organization === undefined);
  if (!allowed || store.elsewhere(ROOT).get('organizations', id) === undefined)
    throw new Refusal(notFound('organization'));
  return { ...request, store: store.elsewhere(id) };
};

const invalid = (message: string): never => {
  throw new Refusal(refuse(choices.invalidStatus, 'validation_failed', message));
};

const users: Omit<Crud, 'path' | 'create' | 'update'> = {
  collection: 'users',
  what: 'user',
  one: 'UserEnvelope',
  many: 'ListUsersEnvelope',
  shown: ['email', 'role', 'role_ids'],
  deleteAnswers: true,
  accept: ({ body, store }, before) => {
    // E-mail addresses and names of roles come back in lower case; an update changes roles alone.
    const email = asText(before?.['email'] ?? body['email']).toLowerCase();
    const { role, role_ids: roles } = body;
    if (before === undefined && store.list('users').some((other) => other['email'] === email))
      invalid(`a user with the address ${email} exists already`);
    if (role != null && roles != null) invalid('role and role_ids exclude each other');
    if (isJsonArray(roles) && roles.length === 0) invalid('role_ids needs one entry at least');
    const unknown = isJsonArray(roles)
      ? roles.find((id) => store.get('roles', asText(id)) === undefined)
      : undefined;
    if (unknown !== undefined) invalid(`role ${asText(unknown)} does not exist`);
    return {
      email,
      ...only(body, ['role_ids']),
      ...(role == null ? {} : { role: asText(role).toLowerCase() }),
    };
  },
};

/** A key is shown once. */
const createKey = (request: SandboxRequest): Reply => {
  const { store, params, query } = enterOrganization(request);
  const user = found(store.get('users', params['id'] ?? ''), 'user');
  const root = store.elsewhere(ROOT);
  const old = root.list('keys').find((key) => key['user_id'] === user.id);
  if (old !== undefined && query['force'] !== 'true')
    return refuse(choices.secondKeyStatus, 'key_exists', 'the user has a key; force=true revokes it');
  if (old !== undefined) root.remove('keys', old.id);
  const value = randomBytes(24).toString('base64url');
  root.insert('keys', { id: value, user_id: user.id, organization_id: store.organization });
  return ok({ value }, {}, choices.createdStatus);
};

export const organizationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/organization',
    in: within.current,
    answer: 'OrganizationEnvelope',
    handle: ({ store }) =>
      ok(read(found(store.elsewhere(ROOT).get('organizations', store.organization), 'organization'))),
  },
  {
    method: 'GET',
    path: '/api/organizations',
    partner: true,
    answer: 'OrganizationsEnvelope',
    handle: list,
  },
  {
    method: 'POST',
    path: '/api/organizations',
    partner: true,
    body: 'CreateOrganizationRequestSchema',
    answer: 'OrganizationEnvelope',
    handle: create,
  },
  {
    method: 'GET',
    path: '/api/organizations/:id',
    partner: true,
    answer: 'OrganizationEnvelope',
    handle: get,
  },
  {
    method: 'PUT',
    path: '/api/organizations/:id',
    partner: true,
    body: 'UpdateOrganizationRequestSchema',
    answer: 'OrganizationEnvelope',
    handle: update,
  },
  { method: 'DELETE', path: '/api/organizations/:id', partner: true, handle: remove },
];

export const userRoutes: readonly Route[] = [
  ...crud({
    ...users,
    path: '/api/organization/users',
    in: within.current,
    many: 'CurrentOrgListUsersEnvelope',
    read: { one: 'CurrentOrgUserEnvelope', more: { harbor_ids: [], harbor_only: false } },
    create: 'CurrentOrgCreateUserRequestSchema',
    update: 'CurrentOrgUpdateUserRequestSchema',
  }),
  ...crud({
    ...users,
    path: '/api/organizations/:org/users',
    partner: true,
    create: 'CreateUserRequestSchema',
    update: 'UpdateUserRequestSchema',
    enter: enterOrganization,
  }),
  {
    method: 'POST',
    path: '/api/organizations/:org/users/:id/keys',
    partner: true,
    query: ['force'],
    answer: 'ApiKeyResponseEnvelope',
    handle: createKey,
  },
];
