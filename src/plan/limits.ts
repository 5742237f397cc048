/** Rules that stop a plan before it begins. Pure. */
import type { Diagnostic } from '../core/diagnostics.js';
import { count } from '../core/text.js';
import type { State } from '../state/state.js';
import type { Change } from './plan.js';

const ENDS: ReadonlySet<string> = new Set(['delete', 'replace']);

/** Objects that a plan ends: deleted, or replaced by another. */
export const endingOf = (changes: readonly Change[]): readonly Change[] =>
  changes.filter(({ action, step, address }) => ENDS.has(action) && step === address);

/** Where a plan deletes more than it may; `most` is a number, or a share of what is managed (`10%`). */
export const tooManyDeletes = (
  changes: readonly Change[],
  state: State,
  most: number | string | undefined,
): readonly Diagnostic[] => {
  if (most === undefined) return [];
  const managed = Object.keys(state.resources).length;
  const limit = typeof most === 'string' ? Math.floor((managed * Number.parseInt(most, 10)) / 100) : most;
  const number = endingOf(changes).length;
  return number <= limit
    ? []
    : [
        {
          severity: 'error',
          code: 'too-many-deletes',
          message: `the plan would delete or replace ${count(number, 'object')} of ${managed}, and may ${limit} (${most})`,
          hint: 'look whether the manifests are all there; --max-deletes allows more for one run',
        },
      ];
};
