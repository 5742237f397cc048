/** A sandbox for each test, and plain HTTP to it. Every answer is held to the type that the API gives it. */
import { beforeEach, expect } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import type { Route } from '../../src/sandbox/http.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { routesOf } from '../../src/sandbox/openapi.js';
import { invalidAnswer } from '../../src/sandbox/validation.js';
import { versionOf } from '../../src/sandbox/versions.js';

export interface Answered {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Headers;
}

/** A new one for each test of a file that says `newSandboxes()`. */
export let sandbox: Sandbox;

/** A new sandbox for each test of this file. */
export const newSandboxes = (): void => {
  beforeEach(async () => {
    sandbox = await startSandbox();
    return sandbox.close;
  });
};

const parameters = (path: string): number => path.split(':').length;

/** The operation that answers a path in a version; the one with the most fixed words. */
export const routeFor = (method: string, path: string, version: string | undefined): Route | undefined =>
  routesOf(versionOf(version) ?? versionOf(undefined)!)
    .map(([route]) => route)
    .filter(
      (route) =>
        route.method === method &&
        new RegExp(`^${route.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(path.split('?')[0] ?? ''),
    )
    .sort((a, b) => parameters(a.path) - parameters(b.path))[0];

const checkType = (method: string, path: string, version: string | undefined, answered: Answered): void => {
  const { status, body } = answered;
  const route = routeFor(method, path, version);
  const problems = (type: string | undefined): readonly string[] =>
    type === undefined
      ? Object.keys(body).length === 0
        ? []
        : ['a body where there is none']
      : invalidAnswer(type, body);
  if (status < 300 && route !== undefined)
    expect(problems(route.answer), `${method} ${path}: ${route.answer ?? 'no body'}`).toEqual([]);
  if (status >= 400 && status !== 401) {
    expect(problems('ApiError'), `${method} ${path}: ${status}`).toEqual([]);
    expect([body['status'], typeof body['key'], typeof body['message']]).toEqual([
      status,
      'string',
      'string',
    ]);
  }
};

export const callTo = async (
  base: string,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answered> => {
  const response = await fetch(`${base}${path}`, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const answered = {
    status: response.status,
    body: text === '' ? {} : (JSON.parse(text) as JsonObject),
    headers: response.headers,
  };
  if (path.startsWith('/api/')) checkType(method, path, headers['x-polytomic-version'], answered);
  return answered;
};

/** A request with the key of the sandbox's user, in the current version. */
export const call = async (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> =>
  callTo(sandbox.url, method, path, body, {
    authorization: `Bearer ${sandbox.apiKey}`,
    'x-polytomic-version': '2025-09-18',
    ...headers,
  });

export const data = ({ body }: Answered): JsonObject => body['data'] as JsonObject;
export const listed = ({ body }: Answered): readonly JsonObject[] =>
  body['data'] as unknown as readonly JsonObject[];
export const idOf = (answered: Answered): string => data(answered)['id'] as string;

export const partner = { authorization: 'Bearer sandbox-partner-key' };
export const old = { 'x-polytomic-version': '2022-12-12' };
export const mysql = {
  name: 'MySQL Connection',
  type: 'mysql',
  configuration: {
    hostname: 'localhost',
    port: 5432,
    database: 'company',
    username: 'user',
    password: 'secret',
  },
};
export const snowflake = {
  name: 'Snowflake Connection',
  type: 'snowflake',
  configuration: { account: 'account', dbname: 'database', password: 'secret-password', username: 'user' },
};

export const connected = async (): Promise<string> => idOf(await call('POST', '/api/connections', mysql));

export const modeled = async (): Promise<readonly [connection: string, model: string]> => {
  const connection = await connected();
  const model = idOf(
    await call('POST', '/api/models', {
      name: 'Customers',
      connection_id: connection,
      configuration: { table: 'company.customers' },
    }),
  );
  return [connection, model];
};

export const syncBody = (connection: string, model: string): JsonObject => ({
  name: 'Sync',
  mode: 'replace',
  fields: [{ source: { field: 'email', model_id: model }, target: 'EMAIL' }],
  schedule: { frequency: 'manual' },
  target: { connection_id: connection, object: 'CUSTOMERS.CONTACTS' },
});

/** Asks until the schema cache of a connection is there. */
export const cached = async (connection: string): Promise<void> => {
  for (;;) {
    const status = await call('GET', `/api/connections/${connection}/schemas/status`);
    if (data(status)['cache_status'] === 'fresh') return;
  }
};

export const bulkBody = (source: string, destination: string): JsonObject => ({
  name: 'Copy',
  source_connection_id: source,
  destination_connection_id: destination,
  destination_configuration: { schema: 'raw' },
  default_schedule: { frequency: 'daily', hour: '05', minute: '0' },
});

export const level = (
  items: readonly string[] | null,
  requires: readonly string[] | null = null,
): JsonObject => ({
  items,
  requires_one_of: requires,
  has_items: items !== null,
});
