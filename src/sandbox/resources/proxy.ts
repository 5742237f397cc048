/** The proxy of a connection: switched on first, then an echo, since there is no system behind it. */
import { isJsonObject, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { ok, refuse, Refusal, type Reply, type Route, type SandboxRequest } from '../http.js';
import { startJob } from './jobs.js';
import { ROOT, type Store, type Stored } from '../store.js';
import { connectionOf, typeOfConnection } from './systems.js';
import { callsOfADay } from './usage.js';
import { within } from '../versions.js';

const { methods, blockedRequestHeaders, blockedResponseHeaders, maxRequestBytes, maxResponseBytes } =
  choices.proxy;
const DAY = 24 * 60 * 60 * 1000;

interface Holder {
  readonly store: Store;
  readonly connection: Stored;
}

/** Where the settings of a connection are: with the one that it was shared from. */
const holderOf = (store: Store, connection: Stored): Holder => {
  const parent = connection['parent_connection_id'];
  if (typeof parent !== 'string') return { store, connection };
  for (const { id } of store.elsewhere(ROOT).list('organizations')) {
    const other = store.elsewhere(id);
    const found = other.get('connections', parent);
    if (found !== undefined) return { store: other, connection: found };
  }
  return { store, connection };
};

const isSupported = (store: Store, connection: Stored): boolean =>
  typeOfConnection(store, connection).shape === 'object';

const read = (store: Store, connection: Stored): JsonObject => {
  const { connection: holder } = holderOf(store, connection);
  const supported = isSupported(store, connection);
  return {
    backendType: asText(connection['type']),
    connectionId: connection.id,
    ...(holder.id === connection.id ? {} : { parentConnectionId: holder.id }),
    supported,
    enabled: supported && holder['proxy_enabled'] === true,
  };
};

const update = (request: SandboxRequest): Reply => {
  const { store, body, caller } = request;
  const connection = connectionOf(request);
  const { store: owner, connection: holder } = holderOf(store, connection);
  if (owner.organization !== store.organization && caller.actor.type !== 'partner')
    return refuse(
      403,
      'parent_connection',
      'the setting is that of the connection which this one is shared from',
    );
  if (body['enabled'] === true && !isSupported(store, connection))
    return refuse(400, 'proxy_unsupported', `${asText(connection['type'])} has no proxy`);
  owner.touch('connections', holder.id, { proxy_enabled: body['enabled'] === true });
  return ok(read(store, connectionOf(request)));
};

const bad = (message: string): Refusal => new Refusal(refuse(400, 'bad_proxy_request', message));

/** The call of a body; throws a refusal where it breaks the contract. */
const checked = (call: JsonObject): JsonObject => {
  const { method, path, query, rawQuery, headers, body, api } = call;
  if (!(methods as readonly unknown[]).includes(method)) throw bad(`method is one of ${methods.join(', ')}`);
  if (!/^\/(?!\/)[^?#]*$/.test(asText(path))) throw bad('path is relative, begins with / and has no query');
  if (query != null && rawQuery != null) throw bad('query and rawQuery exclude each other');
  if (api != null) throw bad('this connection has one API: request.api is not allowed');
  const blocked = Object.keys(isJsonObject(headers) ? headers : {}).find((name) =>
    (blockedRequestHeaders as readonly string[]).includes(name.toLowerCase()),
  );
  if (blocked !== undefined) throw bad(`header ${blocked} cannot be set`);
  if (Buffer.byteLength(JSON.stringify(body ?? null)) > maxRequestBytes) throw bad('the body is too large');
  return call;
};

/** What the system behind would have answered: what it was asked. */
const echo = ({ method, path, query, rawQuery, headers, body }: JsonObject): string =>
  JSON.stringify({
    method: method ?? null,
    path: path ?? null,
    query: query ?? rawQuery ?? null,
    headers: headers ?? {},
    body: body ?? null,
  });

const execute = (request: SandboxRequest): Reply => {
  const { store, body, baseUrl } = request;
  const connection = connectionOf(request);
  if (read(store, connection)['enabled'] !== true)
    return refuse(403, 'proxy_disabled', 'the proxy of this connection is not enabled');
  const call = checked(isJsonObject(body['request']) ? body['request'] : {});
  const isAsync = body['async'] === true;
  if (isAsync && call['method'] !== 'GET') throw bad('async is for GET alone');
  const text = echo(call);
  const { id } = store.insert('proxyCalls', { connection_id: connection.id, status: 200 });
  const answered = {
    contentType: 'application/json',
    headers: { 'content-type': 'application/json' },
    latencyMs: 1,
  };
  if (!isAsync)
    return ok({
      ...answered,
      status: 200,
      proxyCallId: id,
      truncated: text.length > maxResponseBytes,
      body: text.slice(0, maxResponseBytes),
    });
  const { body: started } = startJob(
    store,
    'connectionproxy',
    {
      result: {
        ...answered,
        status: 200,
        contentLength: text.length,
        bodyDownloadUrl: `data:application/json;base64,${Buffer.from(text).toString('base64')}`,
      },
    },
    202,
  );
  const job = asText(isJsonObject(started?.['job']) ? started['job']['job_id'] : undefined);
  return ok({
    status: 202,
    proxyCallId: id,
    jobId: job,
    jobStatus: 'created',
    jobUrl: `${baseUrl}/api/jobs/connectionproxy/${job}`,
  });
};

const info = (request: SandboxRequest): Reply => {
  const { store } = request;
  const connection = connectionOf(request);
  if (!isSupported(store, connection))
    return refuse(400, 'proxy_unsupported', `${asText(connection['type'])} has no proxy`);
  const calls = store
    .list('proxyCalls')
    .filter(
      (call) =>
        call['connection_id'] === connection.id &&
        Date.parse(asText(call['created_at'])) > Date.parse(store.now()) - DAY,
    );
  return ok({
    backendType: asText(connection['type']),
    connectionId: connection.id,
    inheritedBase: {
      baseUrl: `https://${asText(connection['type'])}.example.com`,
      lockedHeaders: [{ name: 'Authorization', redacted: true, value: '[REDACTED]' }],
      lockedQuery: {},
    },
    mergeRules: {
      headers: 'inherited headers win over those of a request',
      query: 'inherited parameters win over those of a request',
    },
    requestContract: {
      allowedMethods: [...methods],
      blockedRequestHeaders: [...blockedRequestHeaders],
      blockedResponseHeaders: [...blockedResponseHeaders],
      bodyTypes: ['string', 'object', 'array', 'null'],
      maxRequestBodyBytes: maxRequestBytes,
      maxResponseBodyBytes: maxResponseBytes,
      pathRule: 'relative, begins with /',
      queryModes: ['query', 'rawQuery'],
      queryValueTypes: ['string', 'number', 'boolean', 'array'],
      rateLimitPerMinute: choices.proxy.callsPerMinute,
      rawQueryRule: 'appended as it is, after what is inherited',
      timeoutMs: choices.proxy.timeoutMs,
    },
    stats: {
      callsLast24h: callsOfADay(store, connection) + calls.length,
      lastProxyCallAt: calls[0]?.['created_at'] ?? null,
      proxyCallsLast24h: calls.length,
      proxy2xxLast24h: calls.length,
      proxy4xxLast24h: 0,
      proxy5xxLast24h: 0,
    },
  });
};

const path = '/api/connections/:id/proxy';

export const proxyRoutes: readonly Route[] = [
  {
    method: 'POST',
    path,
    in: within.current,
    body: 'ExecuteConnectionProxyRequest',
    answer: 'ExecuteConnectionProxyEnvelope',
    handle: execute,
  },
  {
    method: 'GET',
    path: `${path}/info`,
    in: within.current,
    answer: 'GetConnectionProxyInfoEnvelope',
    handle: info,
  },
  {
    method: 'GET',
    path: `${path}/settings`,
    in: within.current,
    answer: 'ConnectionProxySettingsEnvelope',
    handle: (request) => ok(read(request.store, connectionOf(request))),
  },
  {
    method: 'PUT',
    path: `${path}/settings`,
    in: within.current,
    body: 'UpdateConnectionProxySettingsRequest',
    answer: 'ConnectionProxySettingsEnvelope',
    handle: update,
  },
];
