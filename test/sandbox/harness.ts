/** A sandbox for each test, and plain HTTP to it. */
import { beforeEach } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';

interface Answered {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Headers;
}

/** A new one for each test. */
export let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
  return sandbox.close;
});

export const call = async (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> => {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${sandbox.apiKey}`, 'x-polytomic-version': '2025-09-18', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text === '' ? {} : (JSON.parse(text) as JsonObject),
    headers: response.headers,
  };
};

export const data = ({ body }: Answered): JsonObject => body['data'] as JsonObject;
export const listed = ({ body }: Answered): readonly JsonObject[] =>
  body['data'] as unknown as readonly JsonObject[];
export const idOf = (answered: Answered): string => data(answered)['id'] as string;

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

export const level = (
  items: readonly string[] | null,
  requires: readonly string[] | null = null,
): JsonObject => ({
  items,
  requires_one_of: requires,
  has_items: items !== null,
});
