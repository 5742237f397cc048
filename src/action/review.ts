/** What a run needs to compare a plan with its review, and how to tell that the two differ. */
import { DiagnosticError } from '../core/diagnostics.js';
import type { Secret } from '../core/secret.js';
import type { GitHub } from './github/client.js';
import type { Session } from './session.js';

/** Throws `DiagnosticError` where there is none. */
export const apiKeyOf = ({ settings: { apiKey } }: Session): Secret => {
  if (apiKey !== undefined) return apiKey;
  throw new DiagnosticError([
    {
      severity: 'error',
      code: 'missing-api-key',
      message: 'the Action was given no API key',
      hint: 'hand it over: api-key: ${{ secrets.POLYTOMIC_API_KEY }}',
    },
  ]);
};

/** Throws `DiagnosticError` where there is no token. */
export const githubOf = ({ github }: Session): GitHub => {
  if (github !== undefined) return github;
  throw new DiagnosticError([
    {
      severity: 'error',
      code: 'missing-token',
      message: 'without github-token nobody can tell what was reviewed',
      hint: 'leave github-token as it is, or set require-approved-plan: false',
    },
  ]);
};

const MOST_LINES = 20;

/** What moved since the review, and what is wrong with it, in lines. */
export const staleText = (moved: readonly string[], problems: readonly string[]): string => {
  const lines = [...problems, ...moved];
  return [
    'what would be applied is not what was reviewed, and nothing was done:',
    ...lines.slice(0, MOST_LINES).map((line) => `- ${line}`),
    ...(lines.length > MOST_LINES ? [`- and ${lines.length - MOST_LINES} more`] : []),
  ].join('\n');
};
