/** What a bulk sync can say of a connection, as its source and as its destination. Reads only. */
import { asking } from '../api/failure.js';
import {
  readBulkDestination,
  readBulkSchema,
  readBulkSource,
  readReadySource,
  type BulkDestination,
  type BulkSchema,
  type BulkSource,
} from '../api/bulk.js';
import type { JobOptions } from '../api/calls.js';
import type { Reader } from '../api/client.js';
import { isMissing, isRefused } from '../api/failure.js';
import { didYouMean } from '../core/suggest.js';
import { printable } from '../core/text.js';
import { failure, type Found } from './inspect.js';

/** How long somebody at a terminal waits for the schemas of a connection that is new. */
const PATIENCE = 30_000;

/** What a connection can be to a bulk sync; absent where it cannot. */
export interface BulkEnds {
  readonly source?: BulkSource;
  readonly destination?: BulkDestination;
}

/** The answer, or undefined where the API says that a connection of this type has none. */
const unlessRefused = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await read();
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
};

/** Both ends; waits a moment where the schemas are not cached yet. Throws `DiagnosticError`. */
export const bulkEnds = async (
  reader: Reader,
  { id, name }: Found,
  pace: Pick<JobOptions, 'interval'>,
): Promise<BulkEnds> =>
  asking(`reading what bulk syncs can do with "${name}"`, async () => {
    const destination = await unlessRefused(async () => readBulkDestination(reader, id));
    const source = await unlessRefused(async () =>
      readReadySource(reader, id, false, { timeout: PATIENCE, ...pace }),
    );
    if (source === 'early')
      throw failure(
        'schemas-not-ready',
        `the schemas of "${printable(name)}" are still being read`,
        'try again in a moment',
      );
    if (source === undefined && destination === undefined)
      throw failure(
        'no-bulk',
        `"${printable(name)}" can be neither the source nor the destination of a bulk sync`,
        'polytomic-gitops inspect types says what connections of a type can be',
      );
    return {
      ...(source === undefined ? {} : { source }),
      ...(destination === undefined ? {} : { destination }),
    };
  });

/** One schema with its fields. Throws `DiagnosticError` with the nearest name. */
export const bulkSchema = async (reader: Reader, { id, name }: Found, schema: string): Promise<BulkSchema> =>
  asking(`reading the schema ${schema} of "${name}"`, async () => {
    try {
      return await readBulkSchema(reader, id, schema);
    } catch (error) {
      if (!isMissing(error)) throw error;
      const there = (await readBulkSource(reader, id, false)).schemas.map((each) => each.id);
      throw failure(
        'unknown-schema',
        `"${printable(name)}" has no schema "${printable(schema)}"`,
        didYouMean(schema, there),
      );
    }
  });
