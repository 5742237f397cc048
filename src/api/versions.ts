/** The versions of the API that this tool speaks, one file a version. */
import type { Dialect } from './dialect.js';
import { dialect as v20221212 } from './dialects/2022-12-12.js';
import { dialect as v20240208 } from './dialects/2024-02-08.js';
import { dialect as v20250918 } from './dialects/2025-09-18.js';

const dialects: Readonly<Record<string, Dialect>> = Object.fromEntries(
  [v20221212, v20240208, v20250918].map((dialect) => [dialect.version, dialect]),
);

/** The version that is spoken where the configuration file names none. */
export const DEFAULT_VERSION = v20250918.version;

/** The dialect of a version. Throws for another one: the schema of the configuration file lists them. */
export const dialectOf = (version: string): Dialect => {
  const dialect = dialects[version];
  if (dialect === undefined) throw new Error(`no dialect for version ${version}`);
  return dialect;
};
