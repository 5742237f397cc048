/** What an organization holds besides the kinds of this version: counted, so that nobody takes it for exported. */
import { listPages } from '../api/calls.js';
import type { Reader } from '../api/client.js';
import { ApiError } from '../api/failure.js';

interface Collection {
  readonly one: string;
  readonly many?: string;
  readonly path: string;
}

/** Collections of the API that no kind covers (reference of the API, operations). */
const collections: readonly Collection[] = [
  { one: 'bulk sync', path: '/api/bulk/syncs' },
  { one: 'permission policy', many: 'permission policies', path: '/api/permissions/policies' },
  { one: 'permission role', path: '/api/permissions/roles' },
  { one: 'user', path: '/api/organization/users' },
  { one: 'webhook', path: '/api/webhooks' },
];

/** Live objects that are not exported: so many, or why they could not be counted. */
export interface NotExported {
  readonly one: string;
  readonly many: string;
  readonly count?: number;
  readonly problem?: string;
}

/** Counts what no kind covers, made by the system itself left out. Never fails: a key need not see all of it. */
export const countOthers = async (reader: Reader): Promise<readonly NotExported[]> => {
  const counted = await Promise.all(
    collections.map(async ({ one, many = `${one}s`, path }): Promise<NotExported> => {
      let count = 0;
      try {
        await listPages(reader, path, (object) => {
          if (object['system'] !== true) count += 1;
        });
        return { one, many, count };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const { failure } = error;
        return { one, many, problem: failure.reason === 'http' ? `${failure.status}` : failure.message };
      }
    }),
  );
  return counted.filter(({ count }) => count !== 0);
};
