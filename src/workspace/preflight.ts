/** Preflight in a workspace: beside the plan, which is pure. */
import { baseUrl, createReader, type ClientOptions } from '../api/client.js';
import type { Diagnostic } from '../core/diagnostics.js';
import { noTypeCache, openTypeCache, typeCacheFile, type TypeCache } from '../live/type-cache.js';
import type { Settings } from '../load/config.js';
import type { PreflightInput } from '../preflight/preflight.js';

/** A source that is down is down: a plan does not wait for it as long as an apply does. */
const RETRIES = 1;

/** The schemas of a new connection are there within a moment; a plan does not wait for long, and says so. */
const PATIENCE = 60_000;

/** The cache of connection types. */
export const typesFor = async ({ root, url, version, state }: Settings): Promise<TypeCache> =>
  state === 'none' ? noTypeCache : openTypeCache(typeCacheFile(root), { url: baseUrl(url), version });

/** Checks manifests against what lives, with the calls' limits of the run. Reads only. */
export const preflightWorkspace = async (
  settings: Settings,
  options: ClientOptions,
  input: Omit<PreflightInput, 'reader' | 'types' | 'concurrency' | 'patience'>,
): Promise<readonly Diagnostic[]> => {
  if (!input.everything && input.changes.length === 0) return [];
  // Loaded when there is something to check: most runs compile no schema.
  const { jobInterval: interval } = settings;
  const { preflight } = await import('../preflight/preflight.js');
  return preflight({
    ...input,
    reader: createReader({ ...options, retries: RETRIES }),
    types: await typesFor(settings),
    concurrency: settings.concurrency,
    patience: { timeout: PATIENCE, ...(interval === undefined ? {} : { interval }) },
  });
};
