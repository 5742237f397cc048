/** Roles, policies and subscribers: what an administrator sets. */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { crud } from './crud.js';
import { systemPolicies, systemRoles } from '../fixtures.js';
import { refuse, Refusal, type Route } from '../http.js';
import { only, type Store } from '../store.js';

/** An answer holds actions that were not sent, granted to nobody. */
const actions = (sent: Json | undefined): readonly JsonObject[] => {
  const own = isJsonArray(sent) ? sent.filter(isJsonObject) : [];
  const missing = choices.policyActions.filter((name) => !own.some(({ action }) => action === name));
  return [
    ...own.map((action) => ({ role_ids: [], ...action })),
    ...missing.map((action) => ({ action, role_ids: [] })),
  ];
};

/** What every organization has from the beginning. */
export const addSystemObjects = (store: Store): void => {
  for (const name of systemRoles) store.insert('roles', { name, system: true });
  for (const name of systemPolicies)
    store.insert('policies', { name, system: true, policy_actions: actions(undefined) });
};

const roles = crud({
  collection: 'roles',
  path: '/api/permissions/roles',
  what: 'role',
  create: 'CreateRoleRequest',
  update: 'UpdateRoleRequest',
  one: 'RoleResponseEnvelope',
  many: 'RoleListResponseEnvelope',
  shown: ['name', 'system'],
  accept: ({ body }) => ({ ...only(body, ['name']), system: false }),
});

const policies = crud({
  collection: 'policies',
  path: '/api/permissions/policies',
  what: 'policy',
  create: 'CreatePolicyRequest',
  update: 'UpdatePolicyRequest',
  one: 'PolicyResponseEnvelope',
  many: 'ListPoliciesResponseEnvelope',
  shown: ['name', 'policy_actions', 'system'],
  accept: ({ body, store }) => {
    const granted = actions(body['policy_actions']);
    const unknown = granted
      .flatMap(({ role_ids: ids }) => (isJsonArray(ids) ? ids : []))
      .find((id) => store.get('roles', asText(id)) === undefined);
    if (unknown !== undefined)
      throw new Refusal(refuse(404, 'unknown_role', `role ${asText(unknown)} does not exist`));
    return { ...only(body, ['name']), policy_actions: granted, system: false };
  },
});

const SUBSCRIBERS = 'global-error-subscribers';

const notifications: readonly Route[] = [
  {
    // Without an envelope.
    method: 'GET',
    path: '/api/notifications/global-error-subscribers',
    answer: 'GlobalErrorSubscribersResponse',
    handle: ({ store }) => ({
      status: 200,
      body: { emails: store.get('settings', SUBSCRIBERS)?.['emails'] ?? null },
    }),
  },
  {
    method: 'PUT',
    path: '/api/notifications/global-error-subscribers',
    body: 'GlobalErrorSubscribersRequest',
    answer: 'GlobalErrorSubscribersResponse',
    handle: ({ store, body }) => {
      const emails = isJsonArray(body['emails'])
        ? [...new Set(body['emails'].map((email) => asText(email).toLowerCase()))]
        : [];
      store.touch('settings', SUBSCRIBERS, { emails });
      return { status: 200, body: { emails } };
    },
  },
];

export const permissionRoutes: readonly Route[] = [...roles, ...policies];

export const notificationRoutes: readonly Route[] = notifications;
