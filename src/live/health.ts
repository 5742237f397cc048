/** How what runs is doing, by its last run and by what became of it since the last apply. Pure. */
import type { Identity } from '../api/calls.js';
import type { Address } from '../core/address.js';
import type { JsonObject } from '../core/json.js';
import { isFailure, type RunStatus } from '../kinds/runs.js';

/** How something is, the worst first. */
export const healths = ['failed', 'gone', 'errors', 'drifted', 'never ran', 'running', 'ok', 'off'] as const;
export type Health = (typeof healths)[number];

const FAILING: ReadonlySet<Health> = new Set(['failed', 'gone', 'errors']);

/** Whether somebody has to look at it. */
export const isFailing = ({ health }: Pick<RunningObject, 'health'>): boolean => FAILING.has(health);

/** One thing that runs. */
export interface RunningObject extends RunStatus {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** Absent: nobody manages it here. */
  readonly address?: Address;
  readonly health: Health;
  readonly active: boolean;
  readonly schedules: readonly JsonObject[];
  /** Whether it was changed outside since the last apply. */
  readonly drifted: boolean;
}

export interface WorkspaceStatus {
  readonly organization: Identity['organization'];
  /** The worst first, then by address and name. */
  readonly objects: readonly RunningObject[];
}

/** What is the matter with it, the worst of all. Of what is off only that it is gone or was changed is told. */
export const healthOf = (
  status: RunStatus,
  { active, gone, drifted }: { readonly active: boolean; readonly gone: boolean; readonly drifted: boolean },
): Health => {
  const { last, current } = status;
  if (gone) return 'gone';
  if (active && last !== undefined && isFailure(last.status)) return 'failed';
  if (active && last !== undefined && last.errors > 0) return 'errors';
  if (drifted) return 'drifted';
  if (!active) return 'off';
  if (current !== undefined) return 'running';
  return last === undefined ? 'never ran' : 'ok';
};
