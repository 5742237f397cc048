/** The columns of a plan's changes: how they are asked for, and where they stand in the plan. */
import { createReader, type ClientOptions } from '../api/client.js';
import { bodyOf } from '../apply/body.js';
import { sentOf } from '../apply/request.js';
import type { Settings } from '../load/config.js';
import type { Plan, Work } from '../plan/plan.js';
import type { Previewed, Previewing } from '../preflight/columns.js';

/** A query may take its time; a plan waits for it no longer than this. */
const PATIENCE = 120_000;

/** Bodies as an apply would send them, for a preview that makes nothing. */
export const previewingOf = (
  { jobInterval: interval }: Settings,
  options: ClientOptions,
  { documents, ids }: Work,
): Previewing => {
  const reader = createReader(options);
  return {
    documents,
    bodyOf: (kind, document) =>
      sentOf(
        kind,
        undefined,
        bodyOf(kind, document, (address) => ids.get(address), reader.dialect, undefined, true),
        reader,
      ),
    patience: { timeout: PATIENCE, ...(interval === undefined ? {} : { interval }) },
  };
};

/** The plan with what was learnt of columns at its changes. What it would do, and its digest, stay as they are. */
export const withColumns = (plan: Plan, previewed: readonly Previewed[]): Plan => {
  if (previewed.length === 0) return plan;
  const known = new Map(previewed.map(({ step, columns }) => [step, columns]));
  return {
    ...plan,
    changes: plan.changes.map((change) => {
      const columns = known.get(change.step);
      return columns === undefined ? change : { ...change, columns };
    }),
  };
};
