/** The application: transport rules of the API (version, key, idempotency, faults) around the routes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { replaced, spoiled, whole } from './answering.js';
import { identify, unauthorized, type Keys } from './callers.js';
import type { Catalog } from './catalog/catalog.js';
import { choices } from './choices.js';
import type { Database } from './database.js';
import type { Fault, Faults } from './faults.js';
import { stranger } from './fixtures.js';
import { guard } from './guard.js';
import { refuse, Refusal, type Caller, type Reply, type Route } from './http.js';
import { createIdempotency, type Idempotency } from './idempotency.js';
import { identifySession } from './resources/connecting.js';
import { allRoutes } from './resources/routes.js';
import { openStore, ROOT, type Actor, type Store } from './store.js';
import { editObject, editSomething } from './stranger.js';
import { invalidBody } from './validation.js';
import { versionOf, versions, type Version } from './versions.js';

/** One request as it came, and the status that it got. */
export interface RecordedRequest {
  /** When it came. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  /** Of the answer; 0 where the connection was cut before there was one. */
  readonly status: number;
  /** The organization that it acted in, where its key named one. */
  readonly organization: string | undefined;
}

export interface AppOptions {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly faults: Faults;
  readonly keys: Keys;
  readonly looks: number;
  readonly newer: readonly string[];
  readonly maxBodyBytes: number;
  /** Where it listens. */
  readonly host: string;
  readonly record: (request: RecordedRequest) => void;
}

export type App = Hono<{ Bindings: HttpBindings }>;
type Ctx = Context<{ Bindings: HttpBindings }>;

const nobody: Actor = { id: ROOT, name: 'sandbox', type: 'system' };

/** The objects of an organization, for whoever acts in it. */
export const storeFor = (
  { database, catalog, looks, newer }: AppOptions,
  organization: string,
  actor: Actor = nobody,
  stale = false,
): Store => openStore({ database, catalog, organization, actor, looks, newer, stale });

/** The API as an application. */
export const createApp = (options: AppOptions): App => {
  const app: App = new Hono();
  app.use('*', guard(options.host));
  const idempotency = createIdempotency();
  const byPath = new Map<string, Route[]>();
  for (const route of allRoutes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route]);
  // What has a name of its own comes before what takes any: connections/test before connections/:id.
  const parameters = (path: string): number => path.split(':').length;
  const limit = bodyLimit({
    maxSize: options.maxBodyBytes,
    onError: (context) => {
      const reply = refuse(413, 'too_large', 'the body is too large');
      note(context as Ctx, options, undefined, reply.status, undefined);
      return whole(reply, { 'x-polytomic-version': versions[0]?.name ?? '' });
    },
  });
  for (const [path, group] of [...byPath].sort(([a], [b]) => parameters(a) - parameters(b)))
    app.all(path, limit, async (context) => respond(context, options, group, idempotency));
  app.all('/api/*', limit, async (context) => respond(context, options, [], idempotency));
  app.onError((error) =>
    whole(refuse(500, 'internal', `the sandbox failed: ${error.message}`), {
      'x-polytomic-version': versions[0]?.name ?? '',
    }),
  );
  return app;
};

const note = (
  { req }: Ctx,
  { record, database }: AppOptions,
  body: Json | undefined,
  status: number,
  organization: string | undefined,
): void => {
  record({
    at: new Date(database.now()).toISOString(),
    method: req.method,
    path: req.path,
    query: req.query(),
    headers: req.header(),
    body,
    status,
    organization,
  });
};

/** A request on its way: what is known of it before it is handled. */
interface Arrival {
  readonly version: Version;
  readonly caller: Caller;
  readonly body: Json | undefined;
  readonly fault: Fault | undefined;
  readonly draw: number;
}

/** Everything around one request: version, key, delay, fault, record. */
const respond = async (
  context: Ctx,
  options: AppOptions,
  group: readonly Route[],
  idempotency: Idempotency,
): Promise<Response> => {
  const { req } = context;
  const version = versionOf(req.header('x-polytomic-version'));
  const { fault, delayMs, draw } = options.faults.take(req.method, req.path);
  const body = parse(req.method === 'GET' || req.method === 'DELETE' ? '' : await req.text());
  const root = storeFor(options, ROOT);
  const caller = group.some(({ session }) => session === true)
    ? (identifySession(root, req.query('token')) ?? unauthorized)
    : identify(root, options.keys, req.header('authorization'), body);
  const headers = { 'x-polytomic-version': version?.name ?? versions.at(-1)?.name ?? '' };
  const finish = (reply: Reply, organization?: string): Response => {
    options.database.commit();
    const status = fault?.drop === 'before' ? 0 : reply.status;
    note(context, options, body === EMPTY ? undefined : body, status, organization);
    return fault === undefined ? whole(reply, headers) : spoiled(context.env.outgoing, fault, reply, headers);
  };
  const delay = async (): Promise<void> => {
    if (delayMs > 0) await sleep(delayMs);
  };
  if (version === undefined || 'status' in caller) {
    await delay();
    const asked = req.header('x-polytomic-version') ?? '';
    const refusal = 'status' in caller ? caller : refuse(400, 'unknown_version', `unknown version ${asked}`);
    return finish((fault === undefined ? undefined : replaced(fault)) ?? refusal);
  }
  const store = storeFor(options, caller.organization ?? ROOT, caller.actor);
  const key = req.method === 'POST' ? req.header('idempotency-key') : undefined;
  const first = key === undefined ? undefined : idempotency.enter(store, key);
  if (first !== undefined) {
    await delay();
    return finish(first, caller.organization);
  }
  try {
    await delay();
    await fault?.until?.();
    const { reply, recorded } = serve(context, options, group, { version, caller, body, fault, draw });
    if (key !== undefined && recorded !== undefined) idempotency.note(store, key, recorded);
    return finish(reply, caller.organization);
  } finally {
    if (key !== undefined) idempotency.release(store, key);
  }
};

interface Served {
  readonly reply: Reply;
  /** What a repeated key gets; nothing where the request did not get as far as the application. */
  readonly recorded: Reply | undefined;
}

const serve = (context: Ctx, options: AppOptions, group: readonly Route[], arrival: Arrival): Served => {
  const { fault } = arrival;
  if (fault?.edit !== undefined) {
    const theirs = storeFor(options, arrival.caller.organization ?? ROOT, { ...stranger });
    if (fault.edit === true) editSomething(theirs, context.req.path, arrival.draw);
    else editObject(theirs, fault.edit.collection, fault.edit.id, fault.edit.change);
  }
  const instead = fault === undefined ? undefined : replaced(fault);
  const works =
    fault === undefined || fault.afterEffect === true || (instead === undefined && fault.drop !== 'before');
  const worked = works ? handle(context, options, group, arrival) : undefined;
  if (works) options.database.commit();
  fault?.onHit?.();
  const reply = instead ?? worked ?? { status: 500 };
  const isApplicationError = (choices.recordedErrors as readonly number[]).includes(instead?.status ?? 0);
  return { reply, recorded: isApplicationError ? instead : worked };
};

const handle = (context: Ctx, options: AppOptions, group: readonly Route[], arrival: Arrival): Reply => {
  const { req } = context;
  const { version, caller, body, fault } = arrival;
  const candidates = group.filter((route) => route.in?.(version) ?? true);
  const route = candidates.find(({ method }) => method === req.method);
  if (route === undefined)
    return candidates.length === 0
      ? refuse(404, 'not_found', `version ${version.name} has no ${req.path}`)
      : refuse(405, 'method_not_allowed', `${req.method} is not allowed here`);
  if (caller.organization === undefined && route.partner !== true)
    return refuse(403, 'organization_needed', 'the key of a partner must name organization_id');
  if (body === undefined || !isJsonObject(body))
    return refuse(400, 'bad_request', 'the body is no JSON object');
  const problem = route.body === undefined ? undefined : invalidBody(route.body, body);
  if (problem !== undefined) return problem;
  try {
    return route.handle({
      params: req.param(),
      query: req.query(),
      queries: (name) => req.queries(name) ?? [],
      body,
      version,
      caller,
      store: storeFor(
        options,
        caller.organization ?? ROOT,
        caller.actor,
        fault?.stale === true && req.method === 'GET',
      ),
      baseUrl: new URL(req.url).origin,
    });
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
};

const EMPTY: JsonObject = {};

/** The body, `EMPTY` where there is none, undefined where it is no JSON or nested beyond reason. */
const parse = (text: string): Json | undefined => {
  if (text === '') return EMPTY;
  try {
    const value = JSON.parse(text) as Json;
    return isTooDeep(value) ? undefined : value;
  } catch {
    return undefined;
  }
};

/** By levels, not by recursion: what is too deep for a stack is what this looks for. */
const isTooDeep = (value: Json): boolean => {
  let level: readonly Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > choices.deepestBody) return true;
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? (Object.values(each) as readonly Json[]) : [],
    );
  }
  return false;
};
