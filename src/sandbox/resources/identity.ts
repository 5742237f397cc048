/** Who calls, and what an id belongs to. */
import type { JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { notFound, ok, refuse, type Caller, type Reply, type Route, type SandboxRequest } from '../http.js';
import { within as inside } from './references.js';
import { ROOT, type Collection, type Store, type Stored } from '../store.js';
import { within } from '../versions.js';

/** No key here is scoped: none has a profile. */
const credentialOf = ({ actor }: Caller): JsonObject => ({
  method: choices.credential.method,
  ...(actor.type === 'user' ? { mode: choices.credential.userMode } : {}),
});

const me = ({ caller, store, version }: SandboxRequest): Reply => {
  const { actor, organization, email, role } = caller;
  const name =
    organization === undefined
      ? undefined
      : store.elsewhere(ROOT).get('organizations', organization)?.['name'];
  return ok({
    ...(actor.type === 'user' ? { id: actor.id, email: email ?? '', role: role ?? 'member' } : {}),
    is_user: actor.type === 'user',
    is_organization: actor.type === 'organization',
    is_partner: actor.type === 'partner',
    is_system: false,
    ...(organization === undefined ? {} : { organization_id: organization }),
    ...(name === undefined ? {} : { organization_name: name }),
    ...(version.current ? { credential: credentialOf(caller) } : {}),
  });
};

interface EntityKind {
  readonly collection: Collection;
  readonly type: string;
  readonly path: (object: Stored) => string;
  /** What an object of this kind refers to: the path of each by its name. */
  readonly related?: (object: Stored) => Readonly<Record<string, readonly [id: string, path: string]>>;
}

const connectionPath = (id: string): string => `/connections/${id}`;
const syncPath = (id: string): string => `/syncs/${id}`;
const bulkPath = (id: string): string => `/bulk/syncs/${id}`;

const kinds: readonly EntityKind[] = [
  { collection: 'users', type: 'user', path: ({ id }) => `/organization/users/${id}` },
  { collection: 'connections', type: 'connection', path: ({ id }) => connectionPath(id) },
  {
    collection: 'models',
    type: 'model',
    path: ({ id }) => `/models/${id}`,
    related: ({ connection_id: from }) => ({
      connection: [asText(from), connectionPath(asText(from))],
    }),
  },
  {
    collection: 'syncs',
    type: 'sync',
    path: ({ id }) => syncPath(id),
    related: ({ target }) => {
      const to = asText(inside(target, 'connection_id'));
      return { target_connection: [to, connectionPath(to)] };
    },
  },
  {
    collection: 'executions',
    type: 'sync_execution',
    path: ({ id, sync_id: sync }) => `${syncPath(asText(sync))}/executions/${id}`,
    related: ({ sync_id: sync }) => ({ sync: [asText(sync), syncPath(asText(sync))] }),
  },
  {
    collection: 'bulkSyncs',
    type: 'bulk_sync',
    path: ({ id }) => bulkPath(id),
    related: ({ source_connection_id: from, destination_connection_id: to }) => ({
      source_connection: [asText(from), connectionPath(asText(from))],
      destination_connection: [asText(to), connectionPath(asText(to))],
    }),
  },
  {
    collection: 'bulkExecutions',
    type: 'bulk_sync_execution',
    path: ({ id, sync_id: sync }) => `${bulkPath(asText(sync))}/executions/${id}`,
    related: ({ sync_id: sync }) => ({ bulk_sync: [asText(sync), bulkPath(asText(sync))] }),
  },
];

/** What an id belongs to in an organization, or undefined. */
const entityOf = (store: Store, id: string): JsonObject | undefined => {
  if (id === store.organization)
    return { id, type: 'organization', canonical_path: '/organization', context: {}, relationships: {} };
  for (const { collection, type, path, related } of kinds) {
    const object = store.get(collection, id);
    if (object === undefined) continue;
    return {
      id,
      type,
      canonical_path: path(object),
      context: { name: object['name'] ?? object['email'] ?? '' },
      relationships: Object.fromEntries(
        Object.entries(related?.(object) ?? {}).map(([name, [other, where]]) => [
          name,
          { id: other, path: where },
        ]),
      ),
    };
  }
  return undefined;
};

const entity = ({ store, params }: SandboxRequest): Reply => {
  const found = entityOf(store, params['id'] ?? '');
  return found === undefined ? notFound('entity') : ok(found);
};

const entityForPartner = ({ store, caller, params }: SandboxRequest): Reply => {
  if (caller.actor.type !== 'partner') return refuse(403, 'partner_only', 'this needs the key of a partner');
  for (const { id } of store.elsewhere(ROOT).list('organizations')) {
    const found = entityOf(store.elsewhere(id), params['id'] ?? '');
    if (found !== undefined) return ok({ ...found, organization_id: id });
  }
  return notFound('entity');
};

export const identityRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/me', partner: true, answer: 'GetIdentityResponseEnvelope', handle: me },
  {
    method: 'GET',
    path: '/api/entities/:id',
    in: within.current,
    answer: 'EntityResponseEnvelope',
    handle: entity,
  },
  {
    method: 'GET',
    path: '/api/organizations/entities/:id',
    in: within.current,
    partner: true,
    answer: 'EntityResponseEnvelope',
    handle: entityForPartner,
  },
];
