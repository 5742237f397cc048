/** Where a run keeps what outlives it. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Identity } from '../api/calls.js';
import { cacheFile, noCache, openCache, type DetailCache } from '../live/cache.js';
import type { Settings } from '../load/config.js';
import { gitStore } from '../state/git.js';
import type { LockInfo } from '../state/lock.js';
import { fileStore, noStore, type StateStore } from '../state/store.js';

/** The store that the settings name. */
export const openStore = (settings: Settings): StateStore =>
  ({
    file: () => fileStore(settings.root, settings.environmentName),
    git: () =>
      gitStore({
        root: settings.root,
        environment: settings.environmentName,
        remote: settings.stateRemote,
        variables: { ...settings.processEnvironment, ...settings.gitVariables },
      }),
    none: noStore,
  })[settings.state]();

/** Who runs this, for those who find a lock. */
export const lockInfo = (purpose: string, { environment }: Settings): LockInfo => {
  const who = environment['GITHUB_ACTOR'] ?? environment['USER'] ?? environment['USERNAME'] ?? 'somebody';
  const job = environment['GITHUB_RUN_ID'];
  return {
    id: randomUUID(),
    holder: job === undefined ? `${who}@${hostname()}` : `${who} in run ${job}`,
    purpose,
    since: new Date().toISOString(),
    host: hostname(),
    pid: process.pid,
  };
};

/** The cache of an organization's details. */
export const cacheFor = async (
  { root, environmentName, version, state }: Settings,
  { id }: Identity['organization'],
): Promise<DetailCache> =>
  // Who keeps no state keeps nothing.
  state === 'none' ? noCache : openCache(cacheFile(root, environmentName), { organization: id, version });
