/** What is told of a step that failed. Pure. */
import { ApiError, failureDiagnostic } from '../api/failure.js';
import { DiagnosticError, type Diagnostic } from '../core/diagnostics.js';
import type { Change } from '../plan/plan.js';

const doing: Readonly<Record<Change['action'], string>> = {
  create: 'creating',
  update: 'updating',
  replace: 'replacing',
  move: 'moving',
  delete: 'deleting',
  adopt: 'adopting',
  forget: 'forgetting',
};

/** The finding of an error at the line of the manifest. Throws what is neither the API's nor a finding: a bug. */
export const diagnosticOf = (
  error: unknown,
  change: Change,
  what = `${doing[change.action]} ${change.step}`,
): Diagnostic => {
  const place = change.place === undefined ? {} : { place: change.place };
  if (error instanceof ApiError)
    return {
      ...failureDiagnostic(error, what, change.address),
      ...place,
    };
  const first = error instanceof DiagnosticError ? error.diagnostics[0] : undefined;
  if (first !== undefined) return { ...first, address: change.address };
  throw error;
};
