/** Plans to be saved, and what became of them since. */
import type { Settings } from '../load/config.js';
import { movedSince, type SavedPlan } from '../plan/saved.js';
import type { Ready, RunOptions } from '../workspace.js';
import { changedSecrets, planFingerprints } from './secrets.js';

/** A plan as its file holds it: no secret, only their fingerprints. */
export const savedPlanOf = async (
  settings: Settings,
  ready: Ready,
  { selection, prune }: Pick<RunOptions, 'selection' | 'prune'>,
): Promise<SavedPlan> => ({
  formatVersion: 2,
  plan: ready.plan,
  ...(selection === undefined ? {} : { selection }),
  prune: prune ?? 'managed',
  ...(await planFingerprints(settings, ready)),
});

/** What moved since a plan was saved; nothing where an apply would do exactly what it says. */
export const staleness = async (
  settings: Settings,
  saved: SavedPlan,
  ready: Ready,
): Promise<readonly string[]> => [
  ...movedSince(saved.plan, ready.plan),
  ...(await changedSecrets(settings, ready, saved)).map(
    (secret) => `${secret}: the secret is another one now`,
  ),
];
