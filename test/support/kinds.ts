/** A kind that no API has, for tests of what follows from a kind's tables alone; and an API of fixed answers. */
import type { Answer, Reader } from '../../src/api/client.js';
import { ApiError } from '../../src/api/failure.js';
import { DEFAULT_VERSION, dialectOf } from '../../src/api/versions.js';
import type { Json, JsonObject } from '../../src/core/json.js';
import { collection } from '../../src/kinds/endpoints.js';
import type { Kind } from '../../src/kinds/kind.js';
import { kindOf } from '../../src/kinds/registry.js';
import { http } from './writer.js';

const base = kindOf('Connection');

/** A thing is told by its name, and has nothing but what the tests give it. */
export const thing = (more: Partial<Kind> = {}): Kind => ({
  ...base,
  name: 'Thing',
  noun: { one: 'thing', many: 'things' },
  schema: { properties: { name: {}, color: {}, items: {} } },
  endpoints: collection('/api/things'),
  identity: { fields: ['name'], unique: false },
  read: 'used',
  shape: { ...base.shape, freeMaps: [], sets: [], writeOnly: [], instructions: [] },
  immutable: [],
  secretPaths: [],
  levels: [{ path: [], server: ['id'] }],
  fromLive: ({ id: _, ...document }) => ({ document, masked: [] }),
  collapse: (document) => document,
  ...more,
});

export interface FixedReader extends Reader {
  /** Paths that were read, with what was asked for. */
  readonly asked: readonly string[];
}

/** Answers each path with its body: a number is a status without one, and what is not there is missing. */
export const fixedReader = (
  bodies: Readonly<Record<string, JsonObject | number>>,
  organization = 'org-1',
): FixedReader => {
  const asked: string[] = [];
  return {
    dialect: dialectOf(DEFAULT_VERSION),
    organization,
    asked,
    askTargetFields: async () => Promise.reject(new Error('not asked for')),
    askPreview: async () => Promise.reject(new Error('not asked for')),
    get: async (path, query = {}): Promise<Answer> => {
      const search = new URLSearchParams(query).toString();
      const whole = search === '' ? path : `${path}?${search}`;
      asked.push(whole);
      await Promise.resolve();
      const body = bodies[whole] ?? 404;
      if (typeof body === 'number') throw new ApiError(http(body), 'GET', path);
      const { data, pagination } = body as { readonly data?: Json; readonly pagination?: JsonObject };
      const next = pagination?.['next_page_token'];
      return { data, job: undefined, nextPage: typeof next === 'string' ? next : undefined, body };
    },
  };
};
