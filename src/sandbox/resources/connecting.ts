/** Connections that need more than a key: made in a browser, shared with another organization, proxied. */
import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { checkName, insertConnection, readConnection } from './connections.js';
import { serverProperties } from '../catalog/configuration.js';
import { found, notFound, ok, refuse, type Reply, type Route, type SandboxRequest } from '../http.js';
import { enterOrganization } from './organizations.js';
import { texts } from './references.js';
import { ROOT, type Store, type Stored } from '../store.js';
import { connectionOf, isWaiting, typeOfConnection } from './systems.js';
import { within } from '../versions.js';

/** Somebody finished what only a browser can: the server fills in what it learned of the system. */
export const authorize = (store: Store, connection: Stored): Stored => {
  if (!isWaiting(connection)) return connection;
  const { id, configuration, ...rest } = connection;
  return store.replace('connections', id, {
    ...rest,
    authorized: true,
    configuration: {
      ...(isJsonObject(configuration) ? configuration : {}),
      ...serverProperties(typeOfConnection(store, connection)),
    },
  });
};

/** A session of Polytomic Connect: a link, good for one connection. */
const connect = ({ store, body, baseUrl }: SandboxRequest): Reply => {
  const own = body['connection'] == null ? undefined : asText(body['connection']);
  if (own !== undefined) found(store.get('connections', own), 'connection');
  checkName(store, body['name'], own);
  const type = body['type'] ?? texts(body['whitelist'])[0];
  if (own === undefined && (typeof type !== 'string' || !store.catalog.types.some(({ id }) => id === type)))
    return refuse(choices.invalidStatus, 'unknown_type', 'type or whitelist must name a connection type');
  const token = randomUUID();
  store.elsewhere(ROOT).insert('sessions', {
    id: token,
    organization_id: store.organization,
    name: body['name'] ?? '',
    type: type ?? '',
    redirect_url: body['redirect_url'] ?? '',
    ...(own === undefined ? {} : { connection_id: own }),
  });
  return ok({ token, redirect_url: `${baseUrl}/_sandbox/connect/${token}` }, {}, choices.createdStatus);
};

/** What a visit of a session's link does: the connection, and where the browser goes on to. */
export const finishSession = (
  root: Store,
  token: string,
): { readonly connection: Stored; readonly next: string } | undefined => {
  const session = root.get('sessions', token);
  if (session === undefined) return undefined;
  const store = root.elsewhere(asText(session['organization_id']));
  const known = session['connection_id'];
  const connection =
    known === undefined
      ? insertConnection(store, {
          name: session['name'] ?? '',
          type: session['type'] ?? '',
          configuration: {},
          validate: false,
        })
      : found(store.get('connections', asText(known)), 'connection');
  root.remove('sessions', token);
  return { connection: authorize(store, connection), next: asText(session['redirect_url']) };
};

const sharedWith = ({ store }: SandboxRequest, parent: Stored): readonly JsonObject[] =>
  store
    .elsewhere(ROOT)
    .list('organizations')
    .flatMap(({ id }) => {
      const other = store.elsewhere(id);
      return other
        .list('connections')
        .filter((connection) => connection['parent_connection_id'] === parent.id)
        .map((connection) => readConnection(other, connection));
    });

const share = (request: SandboxRequest, parent: Stored, child: string, name: unknown): Reply => {
  const { store } = request;
  if (store.elsewhere(ROOT).get('organizations', child) === undefined)
    return notFound(`organization ${child}`);
  const other = store.elsewhere(child);
  const shared = name == null ? parent['name'] : asText(name);
  checkName(other, shared);
  const { id } = other.insert('connections', {
    name: shared ?? '',
    type: parent['type'] ?? '',
    configuration: parent['configuration'] ?? {},
    authorized: parent['authorized'] ?? true,
    parent_connection_id: parent.id,
  });
  return ok({ id }, {}, choices.createdStatus);
};

const inOrganization =
  (handle: (request: SandboxRequest) => Reply): Route['handle'] =>
  (request) =>
    handle(enterOrganization(request));

const unserved = (what: string): Reply =>
  refuse(501, 'not_implemented', `the sandbox has no ${what}: there is no system behind its connections`);

export const connectingRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/connections/connect/',
    body: 'ConnectCardRequest',
    answer: 'ConnectCardResponseEnvelope',
    handle: connect,
  },
  {
    method: 'GET',
    path: '/api/connections/:id/shared',
    answer: 'ConnectionListResponseEnvelope',
    handle: (request) => ok([...sharedWith(request, connectionOf(request))]),
  },
  {
    method: 'POST',
    path: '/api/connections/:id/share',
    in: within.older,
    body: 'OlderShareRequest',
    answer: 'CreateSharedConnectionResponseEnvelope',
    handle: (request) =>
      share(request, connectionOf(request), asText(request.body['organization_id']), request.body['name']),
  },
  {
    method: 'GET',
    path: '/api/organizations/:org/connections/:connection/shared',
    in: within.current,
    partner: true,
    answer: 'ConnectionListResponseEnvelope',
    handle: inOrganization((request) => ok([...sharedWith(request, connectionOf(request, 'connection'))])),
  },
  {
    method: 'POST',
    path: '/api/organizations/:org/connections/:connection/shared',
    in: within.current,
    partner: true,
    body: 'PartnerCreateSharedConnectionRequestSchema',
    answer: 'CreateSharedConnectionResponseEnvelope',
    handle: inOrganization((request) =>
      share(
        request,
        connectionOf(request, 'connection'),
        asText(request.body['child_organization_id']),
        request.body['name'],
      ),
    ),
  },
  {
    method: 'POST',
    path: '/api/connections/:id/proxy',
    in: within.current,
    body: 'ExecuteConnectionProxyRequest',
    answer: 'ExecuteConnectionProxyEnvelope',
    unserved: true,
    handle: () => unserved('connection proxy'),
  },
  {
    method: 'GET',
    path: '/api/connections/:id/proxy/info',
    in: within.current,
    answer: 'GetConnectionProxyInfoEnvelope',
    unserved: true,
    handle: () => unserved('connection proxy'),
  },
  {
    method: 'POST',
    path: '/api/connections/:id/query',
    query: ['query'],
    answer: 'RunQueryEnvelope',
    unserved: true,
    handle: () => unserved('query runner'),
  },
  {
    method: 'GET',
    path: '/api/queries/:id',
    query: ['page'],
    answer: 'QueryResultsEnvelope',
    unserved: true,
    handle: () => unserved('query runner'),
  },
];
