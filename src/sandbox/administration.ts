/** Organization, users, roles, policies, webhooks and subscribers: what an administrator sets. */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { asText } from '../core/text.js';
import { choices } from './choices.js';
import { organization, systemPolicies, systemRoles } from './fixtures.js';
import { notFound, ok, refuse, type Reply, type Route, type SandboxRequest } from './http.js';
import { only, type Collection, type Store, type Stored } from './store.js';

/** A resource with the usual five operations. */
interface Crud {
  readonly collection: Collection;
  readonly path: string;
  readonly what: string;
  readonly createSchema: string;
  readonly updateSchema: string;
  /** Properties that an answer shows. */
  readonly shown: readonly string[];
  /** The object to store, or why not. `before` is absent for a create. */
  readonly accept: (request: SandboxRequest, before: Stored | undefined) => JsonObject | Reply;
  /** Answers of a delete; nothing for most. */
  readonly deleteAnswers?: true;
}

const isReply = (value: JsonObject | Reply): value is Reply =>
  typeof value.status === 'number' && 'body' in value;

const crud = ({
  collection,
  path,
  what,
  createSchema,
  updateSchema,
  shown,
  accept,
  deleteAnswers,
}: Crud): readonly Route[] => {
  const read = (stored: Stored): JsonObject => ({
    ...only(stored, ['id', ...shown]),
    organization_id: organization.id,
  });
  const withOne =
    (handle: (request: SandboxRequest, found: Stored) => Reply) =>
    (request: SandboxRequest): Reply => {
      const found = request.store.get(collection, request.params['id'] ?? '');
      return found === undefined ? notFound(what) : handle(request, found);
    };
  const changeable = (handle: (request: SandboxRequest, found: Stored) => Reply) =>
    withOne((request, found) =>
      found['system'] === true
        ? refuse(403, 'system', `a ${what} of the system cannot be changed`)
        : handle(request, found),
    );
  return [
    { method: 'GET', path, handle: ({ store }) => ok(store.list(collection).map(read)) },
    {
      method: 'POST',
      path,
      schema: createSchema,
      handle: (request) => {
        const accepted = accept(request, undefined);
        return isReply(accepted)
          ? accepted
          : ok(read(request.store.insert(collection, accepted)), {}, choices.createdStatus);
      },
    },
    { method: 'GET', path: `${path}/:id`, handle: withOne((_request, found) => ok(read(found))) },
    {
      method: 'PUT',
      path: `${path}/:id`,
      schema: updateSchema,
      handle: changeable((request, found) => {
        const accepted = accept(request, found);
        return isReply(accepted) ? accepted : ok(read(request.store.replace(collection, found.id, accepted)));
      }),
    },
    {
      method: 'DELETE',
      path: `${path}/:id`,
      handle: changeable(({ store }, found) => {
        store.remove(collection, found.id);
        return deleteAnswers === true ? ok(read(found)) : { status: choices.deletedStatus };
      }),
    },
  ];
};

/** An answer holds actions that were not sent, granted to nobody. */
const actions = (sent: Json | undefined): readonly JsonObject[] => {
  const own = isJsonArray(sent) ? sent.filter(isJsonObject) : [];
  const missing = choices.policyActions.filter((name) => !own.some(({ action }) => action === name));
  return [
    ...own.map((action) => ({ role_ids: [], ...action })),
    ...missing.map((action) => ({ action, role_ids: [] })),
  ];
};

const users: Omit<Crud, 'path'> = {
  collection: 'users',
  what: 'user',
  createSchema: 'createUser',
  updateSchema: 'updateUser',
  shown: ['email', 'role', 'role_ids'],
  deleteAnswers: true,
  accept: ({ body, store }, before) => {
    // E-mail addresses and names of roles come back in lower case; an update changes roles alone.
    const email = asText(before?.['email'] ?? body['email']).toLowerCase();
    if (before === undefined && store.list('users').some((other) => other['email'] === email))
      return refuse(422, 'email_taken', `a user with the address ${email} exists already`);
    const role = body['role'];
    return {
      email,
      ...only(body, ['role_ids']),
      ...(role == null ? {} : { role: asText(role).toLowerCase() }),
    };
  },
};

const ownOrganization = (request: SandboxRequest, handle: (request: SandboxRequest) => Reply): Reply =>
  request.params['org'] === organization.id ? handle(request) : notFound('organization');

const webhooks = crud({
  collection: 'webhooks',
  path: '/api/webhooks',
  what: 'webhook',
  createSchema: 'webhook',
  updateSchema: 'webhook',
  shown: ['endpoint', 'disabled', 'created_at'],
  accept: ({ body, store }, before) =>
    before === undefined && store.list('webhooks').length > 0
      ? refuse(422, 'one_webhook', 'an organization has one webhook at the most')
      : { ...only(body, ['endpoint', 'secret']), disabled: before?.['disabled'] ?? false },
});

const switchWebhook = (verb: 'enable' | 'disable'): Route => ({
  method: 'POST',
  path: `/api/webhooks/:id/${verb}`,
  handle: ({ store, params }) => {
    const found = store.get('webhooks', params['id'] ?? '');
    if (found === undefined) return notFound('webhook');
    const { id, ...rest } = found;
    const changed = store.replace('webhooks', id, { ...rest, disabled: verb === 'disable' });
    return ok({
      ...only(changed, ['id', 'endpoint', 'disabled', 'created_at']),
      organization_id: organization.id,
    });
  },
});

/** What every organization has from the beginning. */
export const addSystemObjects = (store: Store): void => {
  for (const name of systemRoles) store.insert('roles', { name, system: true });
  for (const name of systemPolicies)
    store.insert('policies', { name, system: true, policy_actions: actions(undefined) });
};

/** E-mail addresses by store: a singleton of each organization. */
const subscribers = new WeakMap<Store, readonly string[]>();

export const administrationRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/organization', handle: () => ok(organization) },
  ...crud({ ...users, path: '/api/organization/users' }),
  ...crud({ ...users, path: '/api/organizations/:org/users' }).map((route) => ({
    ...route,
    handle: (request: SandboxRequest): Reply => ownOrganization(request, route.handle),
  })),
  ...crud({
    collection: 'roles',
    path: '/api/permissions/roles',
    what: 'role',
    createSchema: 'role',
    updateSchema: 'role',
    shown: ['name', 'system'],
    accept: ({ body }) => ({ ...only(body, ['name']), system: false }),
  }),
  ...crud({
    collection: 'policies',
    path: '/api/permissions/policies',
    what: 'policy',
    createSchema: 'policy',
    updateSchema: 'policy',
    shown: ['name', 'policy_actions', 'system'],
    accept: ({ body, store }) => {
      const granted = actions(body['policy_actions']);
      const unknown = granted
        .flatMap(({ role_ids: ids }) => (isJsonArray(ids) ? ids : []))
        .find((id) => store.get('roles', asText(id)) === undefined);
      return unknown === undefined
        ? { ...only(body, ['name']), policy_actions: granted, system: false }
        : refuse(404, 'unknown_role', `role ${asText(unknown)} does not exist`);
    },
  }),
  ...webhooks,
  switchWebhook('enable'),
  switchWebhook('disable'),
  {
    method: 'GET',
    path: '/api/notifications/global-error-subscribers',
    handle: ({ store }) => ({ status: 200, body: { emails: subscribers.get(store) ?? [] } }),
  },
  {
    method: 'PUT',
    path: '/api/notifications/global-error-subscribers',
    schema: 'subscribers',
    handle: ({ store, body }) => {
      const emails = isJsonArray(body['emails'])
        ? body['emails'].map((email) => asText(email).toLowerCase())
        : [];
      subscribers.set(store, emails);
      return { status: 200, body: { emails } };
    },
  },
];
