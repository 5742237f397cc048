/** What an organization holds besides the kinds of this version: counted, so that nobody takes it for exported. */
import { listPages } from '../api/calls.js';
import type { Reader } from '../api/client.js';
import { ApiError, whyNot } from '../api/failure.js';
import { others } from '../kinds/others.js';
import { kindOf } from '../kinds/registry.js';
import type { Live } from '../live/snapshot.js';

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
    others.map(async ({ one, many, path }): Promise<NotExported> => {
      let count = 0;
      try {
        await listPages(reader, path, (object) => {
          if (object['system'] !== true) count += 1;
        });
        return { one, many, count };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return { one, many, problem: whyNot(error) };
      }
    }),
  );
  return counted.filter(({ count }) => count !== 0);
};

/** Kinds whose objects the key may not see, and of which nobody speaks. */
export interface NotSeen {
  readonly many: string;
  readonly problem: string;
}

/** What an export could not see. Pure. */
export const notSeen = ({ refused = new Map() }: Live): readonly NotSeen[] =>
  [...refused].map(([kind, problem]) => ({ many: kindOf(kind).noun.many, problem }));
