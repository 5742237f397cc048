import { organization, user } from './fixtures.js';
import { ok, type Route } from './http.js';

/** Who calls: the key of the sandbox belongs to a user. */
export const identityRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/me',
    handle: () =>
      ok({
        ...user,
        is_user: true,
        is_organization: false,
        is_partner: false,
        is_system: false,
        organization_id: organization.id,
        organization_name: organization.name,
      }),
  },
];
