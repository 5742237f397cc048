/** `plan`: one comment on the pull request that stays up to date; the check fails on errors, not on changes. */
import { planMarkdown } from '../../report/markdown.js';
import { approvalOf, markerOf, plainMarker, signed } from '../approval.js';
import { upsertComment } from '../comments.js';
import { GitHubError } from '../github/client.js';
import { planReportOf, planSession, publishPlan, type PlannedSession } from '../planning.js';
import { LONGEST_COMMENT, type Report } from '../reports.js';
import { notice } from '../runner.js';
import type { Session } from '../session.js';
import { validate } from './validate.js';

export const plan = async (session: Session): Promise<Report> => {
  if (session.settings.apiKey === undefined) {
    notice(
      'Without an API key there is no plan: the manifests were checked by themselves. A pull request from a fork has none; else hand it over by api-key.',
    );
    return validate(session);
  }
  const planned = await planSession(session, undefined, { preflight: 'changes', previews: true });
  const report = await publishPlan(session, planned);
  const commentUrl = await comment(session, planned);
  return { ...report, ...(commentUrl === undefined ? {} : { commentUrl }) };
};

/** Keeps the comment of the pull request up to date, where there is one to be kept. Throws `GitHubError`. */
const comment = async (session: Session, planned: PlannedSession): Promise<string | undefined> => {
  const { event, github, inputs, scope, scrub, settings } = session;
  if (event.type !== 'pull_request' || !inputs.comment) return undefined;
  if (github === undefined) {
    notice('Without github-token the plan is in the summary of the job alone.');
    return undefined;
  }
  const { ready } = planned;
  const isQuiet = ready?.plan.changes.length === 0 && planned.diagnostics.length === 0;
  const marker = markerOf('plan', scope);
  const body = (room: number): string =>
    scrub(
      planMarkdown(planReportOf(session, planned), {
        linkTo: session.linkTo,
        limit: room,
        rest: `The whole plan is in the [summary of the run](${session.runUrl}).`,
      }),
    );
  const { apiKey } = settings;
  const approved = (text: string): string =>
    ready === undefined || apiKey === undefined
      ? `${plainMarker('plan', scope)}\n${text}`
      : signed({ ...scope, pullRequest: event.number }, approvalOf(ready.plan, event.head), text, apiKey);
  // The marker takes its part of the room.
  const text = approved(body(LONGEST_COMMENT - approved('').length));
  try {
    return await upsertComment(github, { number: event.number, marker, body: text, onlyUpdate: isQuiet });
  } catch (error) {
    if (!(error instanceof GitHubError) || error.status !== 403) throw error;
    notice(
      'The token may not write comments, as on a pull request from a fork: the plan is in the summary of the job. Else give the job the permission pull-requests: write.',
    );
    return undefined;
  }
};
