/** What differs between the versions of the API, as far as this tool uses them. One file a version. */
import { dialect as v20221212 } from './dialects/2022-12-12.js';
import { dialect as v20240208 } from './dialects/2024-02-08.js';
import { dialect as v20250918 } from './dialects/2025-09-18.js';

export interface Dialect {
  /** Value of the `X-Polytomic-Version` header. */
  readonly version: string;
  /** An update is a full replacement with either method. */
  readonly updateMethod: 'PATCH' | 'PUT';
  /** Lists of syncs: whole objects, or pages of summaries without fields, filters and overrides. */
  readonly syncList: 'whole' | 'summaries';
  /** Whether models are asked to be built by a job (`async=true`). A job in an answer is always awaited. */
  readonly modelJobs: boolean;
}

export const dialects: Readonly<Record<string, Dialect>> = Object.fromEntries(
  [v20221212, v20240208, v20250918].map((dialect) => [dialect.version, dialect]),
);

export const DEFAULT_VERSION = v20250918.version;
