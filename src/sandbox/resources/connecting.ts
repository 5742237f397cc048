/** Connections that need more than a key: made in a browser, shared with another organization. */
import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { checkName, insertConnection, readConnection } from './connections.js';
import { serverProperties } from '../catalog/configuration.js';
import { owner } from '../fixtures.js';
import {
  found,
  notFound,
  ok,
  refuse,
  type Caller,
  type Reply,
  type Route,
  type SandboxRequest,
} from '../http.js';
import { enterOrganization } from './organizations.js';
import { texts } from './references.js';
import { only, ROOT, type Store, type Stored } from '../store.js';
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

/** A session of Polytomic Connect: a link, good for one connection and for a while. */
const connect = ({ store, body, baseUrl }: SandboxRequest): Reply => {
  const ttl = Number(body['ttl'] ?? choices.connectTtl.usual);
  if (ttl < 1 || ttl > choices.connectTtl.most)
    return refuse(choices.invalidStatus, 'bad_ttl', `ttl is 1 to ${choices.connectTtl.most} seconds`);
  const own = body['connection'] == null ? undefined : asText(body['connection']);
  if (own !== undefined) found(store.get('connections', own), 'connection');
  checkName(store, body['name'], own);
  const type = body['type'] ?? texts(body['whitelist'])[0];
  if (own === undefined && (typeof type !== 'string' || !store.catalog.types.some(({ id }) => id === type)))
    return refuse(choices.invalidStatus, 'unknown_type', 'type or whitelist must name a connection type');
  const token = randomUUID();
  store.elsewhere(ROOT).insert('sessions', {
    id: token,
    session_id: randomUUID(),
    organization_id: store.organization,
    name: body['name'] ?? '',
    type: type ?? '',
    expires_at: new Date(Date.parse(store.now()) + ttl * 1000).toISOString(),
    fixed_type: body['type'] ?? null,
    ...only(body, ['dark', 'whitelist', 'use_organization_name']),
    redirect_url: body['redirect_url'] ?? '',
    ...(own === undefined ? {} : { connection_id: own }),
  });
  return ok({ token, redirect_url: `${baseUrl}/_sandbox/connect/${token}` }, {}, choices.createdStatus);
};

/** The session of a token, unless it is over. */
const sessionOf = (root: Store, token: string): Stored | undefined => {
  const session = root.get('sessions', token);
  return session === undefined || asText(session['expires_at']) <= root.now() ? undefined : session;
};

/** Who a session's token speaks for: nobody but the session. */
export const identifySession = (root: Store, token: string | undefined): Caller | undefined => {
  const session = token === undefined ? undefined : sessionOf(root, token);
  return session === undefined
    ? undefined
    : {
        actor: { id: asText(session['session_id']), name: 'Polytomic Connect', type: 'system' },
        organization: asText(session['organization_id']),
      };
};

/** What a session's page may show. Without a wish of one's own it shows the partner, where there is one. */
const showSession = ({ store, query }: SandboxRequest): Reply => {
  const root = store.elsewhere(ROOT);
  const session = found(sessionOf(root, query['token'] ?? ''), 'session');
  const shows = session['use_organization_name'] === true ? store.organization : owner.id;
  return ok({
    id: asText(session['session_id']),
    organization_name: asText(root.get('organizations', shows)?.['name']),
    dark: session['dark'] === true,
    type: session['fixed_type'] ?? '',
    whitelist: session['whitelist'] ?? [],
    ...only(session, ['name', 'redirect_url', 'connection_id', 'expires_at']),
  });
};

/** What a visit of a session's link does: the connection, and where the browser goes on to. */
export const finishSession = (
  root: Store,
  token: string,
): { readonly connection: Stored; readonly next: string } | undefined => {
  const session = sessionOf(root, token);
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
    path: '/api/connections/connect/session',
    in: within.current,
    session: true,
    query: ['token'],
    answer: 'ConnectSessionResponseEnvelope',
    handle: showSession,
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
      share(
        request,
        connectionOf(request),
        asText(request.body['child_organization_id']),
        request.body['name'],
      ),
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
];
