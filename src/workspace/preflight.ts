/** Preflight in a workspace: beside the plan, which is pure. */
import { baseUrl, createReader, type ClientOptions } from '../api/client.js';
import { noTypeCache, openTypeCache, typeCacheFile, type TypeCache } from '../live/type-cache.js';
import type { Settings } from '../load/config.js';
import type { Planned } from '../plan/make.js';
import type { Checked, PreflightInput } from '../preflight/preflight.js';
import { previewingOf } from './columns.js';

/** A source that is down is down: a plan does not wait for it as long as an apply does. */
const RETRIES = 1;

/** The schemas of a new connection are there within a moment; a plan does not wait for long, and says so. */
const PATIENCE = 60_000;

/** What a run that plans asks of systems. */
export interface Asking {
  /** What is checked against the systems behind connections: what changes, everything, or (default) nothing. */
  readonly preflight?: 'changes' | 'everything';
  /** True: with the preflight of changes sources are asked which columns they would give, and run queries for it. */
  readonly previews?: boolean;
}

/** The cache of connection types. */
export const typesFor = async ({ root, url, version, state }: Settings): Promise<TypeCache> =>
  state === 'none' ? noTypeCache : openTypeCache(typeCacheFile(root), { url: baseUrl(url), version });

const nothing: Checked = { findings: [], previewed: [] };

/**
 * Checks manifests against what lives, as far as a run asks for it, with the calls' limits of the run. Makes nothing;
 * sources are asked for columns where `previews` says so.
 */
export const checkPlanned = async (
  settings: Settings,
  options: ClientOptions,
  { preflight: what, previews }: Asking,
  { plan, work }: Planned,
  input: Pick<PreflightInput, 'desired' | 'live' | 'state'>,
): Promise<Checked> => {
  const changes = plan?.changes ?? [];
  const everything = what === 'everything';
  if (what === undefined || (!everything && changes.length === 0)) return nothing;
  // Loaded when there is something to check: most runs compile no schema.
  const { jobInterval: interval } = settings;
  const { preflight } = await import('../preflight/preflight.js');
  return preflight({
    ...input,
    changes,
    everything,
    reader: createReader({ ...options, retries: RETRIES }),
    types: await typesFor(settings),
    concurrency: settings.concurrency,
    patience: { timeout: PATIENCE, ...(interval === undefined ? {} : { interval }) },
    ...(previews === true && settings.previews && !everything && work !== undefined
      ? { previewing: previewingOf(settings, options, work) }
      : {}),
  });
};
