/** The application: transport rules of the API (headers, errors, idempotency) around the routes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono, type Context } from 'hono';
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { administrationRoutes } from './administration.js';
import { connectionRoutes } from './connections.js';
import { enumerationRoutes } from './enumeration.js';
import type { Fault, Faults } from './faults.js';
import { organization } from './fixtures.js';
import { refuse, Refusal, type Reply, type Route } from './http.js';
import { identityRoutes } from './identity.js';
import { modelRoutes } from './models.js';
import type { Store } from './store.js';
import { syncRoutes } from './syncs.js';
import { invalid } from './validation.js';
import { versionOf, type Version } from './versions.js';

/** One request as it came, and the status that it got. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  readonly status: number;
}

export interface AppOptions {
  readonly store: Store;
  readonly faults: Faults;
  readonly apiKey: string;
  /** Milliseconds that each answer takes from now on. */
  readonly latency: () => number;
  readonly maxBodyBytes: number;
  readonly record: (request: RecordedRequest) => void;
}

const routes: readonly Route[] = [
  ...identityRoutes,
  ...administrationRoutes,
  ...connectionRoutes,
  ...enumerationRoutes,
  ...modelRoutes,
  ...syncRoutes,
];

type Ctx = Context<{ Bindings: HttpBindings }>;

interface Handled {
  readonly reply: Reply;
  readonly body: Json | undefined;
}

/** The API as an application. */
export const createApp = (options: AppOptions): Hono<{ Bindings: HttpBindings }> => {
  const app = new Hono<{ Bindings: HttpBindings }>();
  /** First answers by key; undefined while the first request is under way. */
  const answers = new Map<string, Reply | undefined>();
  const byPath = new Map<string, Route[]>();
  for (const route of routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route]);
  // What has a name of its own comes before what takes any: connections/test before connections/:id.
  const parameters = (path: string): number => path.split(':').length;
  for (const [path, group] of [...byPath].sort(([a], [b]) => parameters(a) - parameters(b)))
    app.all(path, async (context) =>
      respond(context, options, async (version) => serve(context, group, version, options, answers)),
    );
  app.all('*', async (context) =>
    respond(context, options, async () =>
      Promise.resolve({
        reply: refuse(404, 'not_found', `no such path: ${context.req.path}`),
        body: undefined,
      }),
    ),
  );
  return app;
};

/** Everything around one request: record, version, credential, latency, fault. */
const respond = async (
  context: Ctx,
  options: AppOptions,
  handle: (version: Version) => Promise<Handled>,
): Promise<Response> => {
  const { req } = context;
  const version = versionOf(req.header('x-polytomic-version'));
  const fault = options.faults.take(req.method, req.path);
  const latency = options.latency();
  if (latency > 0) await sleep(latency);
  let handled: Handled;
  if (version === undefined)
    handled = {
      reply: refuse(400, 'unknown_version', `unknown version ${req.header('x-polytomic-version') ?? ''}`),
      body: undefined,
    };
  else if (!authorized(req.header('authorization'), options.apiKey))
    handled = { reply: unauthorized, body: undefined };
  else if (fault !== undefined && fault.afterEffect !== true)
    handled = { reply: { status: fault.status ?? 500 }, body: await bodyFor(req) };
  else handled = await handle(version);
  const status = fault?.status ?? (fault === undefined ? handled.reply.status : 500);
  options.record({
    method: req.method,
    path: req.path,
    query: req.query(),
    headers: req.header(),
    body: handled.body,
    status,
  });
  const headers = { 'x-polytomic-version': version?.name ?? '2025-09-18' };
  if (fault !== undefined) return faulty(context, fault, headers);
  return answer(handled.reply, headers);
};

const answer = ({ status, body }: Reply, headers: Readonly<Record<string, string>>): Response =>
  new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
  });

const faulty = (context: Ctx, fault: Fault, headers: Readonly<Record<string, string>>): Response => {
  const { outgoing } = context.env;
  const status = fault.status ?? 500;
  if (fault.drop !== undefined) {
    if (fault.drop === 'within') {
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      outgoing.write('{"data": {"id": "');
    }
    setImmediate(() => outgoing.destroy());
    return RESPONSE_ALREADY_SENT;
  }
  if (fault.body !== undefined)
    return new Response(fault.body, {
      status,
      headers: { ...headers, 'content-type': 'text/html', ...fault.headers },
    });
  return answer(refuse(status, 'fault', 'a fault that was asked for'), { ...headers, ...fault.headers });
};

/** The shape of 401 alone is another one than that of every other error. */
const unauthorized: Reply = {
  status: 401,
  body: { code: 401, context: {}, error: 'invalid or missing API key', status: 'Unauthorized' },
};

const authorized = (header: string | undefined, apiKey: string): boolean =>
  header === `Bearer ${apiKey}` ||
  header === `Basic ${Buffer.from(`${organization.id}:${apiKey}`).toString('base64')}`;

const bodyFor = async (req: Ctx['req']): Promise<Json | undefined> => {
  if (req.method === 'GET' || req.method === 'DELETE') return undefined;
  try {
    return JSON.parse(await req.text()) as Json;
  } catch {
    return undefined;
  }
};

const serve = async (
  context: Ctx,
  group: readonly Route[],
  version: Version,
  options: AppOptions,
  answers: Map<string, Reply | undefined>,
): Promise<Handled> => {
  const { req } = context;
  const candidates = group.filter((route) => route.in?.(version) ?? true);
  const route = candidates.find(({ method }) => method === req.method);
  if (route === undefined) {
    const reply =
      candidates.length === 0
        ? refuse(404, 'not_found', `version ${version.name} has no ${req.path}`)
        : refuse(405, 'method_not_allowed', `${req.method} is not allowed here`);
    return { reply, body: undefined };
  }
  const text = req.method === 'GET' || req.method === 'DELETE' ? '' : await req.text();
  if (Buffer.byteLength(text) > options.maxBodyBytes)
    return { reply: refuse(413, 'too_large', 'the body is too large'), body: undefined };
  const body = parse(text);
  const run = (): Reply => {
    if (body === undefined || !isJsonObject(body))
      return refuse(400, 'bad_request', 'the body is no JSON object');
    const problem = route.schema === undefined ? undefined : invalid(route.schema, body);
    if (problem !== undefined) return problem;
    try {
      return route.handle({
        params: req.param(),
        query: req.query(),
        body,
        version,
        store: options.store,
      });
    } catch (error) {
      if (error instanceof Refusal) return error.reply;
      throw error;
    }
  };
  return { reply: once(req, run, answers), body: text === '' ? undefined : body };
};

const parse = (text: string): Json | undefined => {
  if (text === '') return {};
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
};

/** A repeated Idempotency-Key of a POST gets the first answer again, whatever it was. */
const once = (req: Ctx['req'], run: () => Reply, answers: Map<string, Reply | undefined>): Reply => {
  const key = req.method === 'POST' ? req.header('idempotency-key') : undefined;
  if (key === undefined) return run();
  if (!/^[A-Za-z0-9_-]{8,255}$/.test(key))
    return refuse(400, 'bad_idempotency_key', 'an idempotency key has 8 to 255 of A-Z a-z 0-9 _ -');
  const known = answers.get(key);
  if (known !== undefined) return known;
  const reply = run();
  answers.set(key, reply);
  return reply;
};
