/** `check`: whether a merge group would do what was reviewed in its pull requests. */
import { movedSinceReview } from '../approval.js';
import { approvalsOf, pullRequestsOf } from '../approved.js';
import { planSession, publishPlan } from '../planning.js';
import type { Report } from '../reports.js';
import { annotate, notice } from '../runner.js';
import type { Session } from '../session.js';
import { apiKeyOf, githubOf, staleText } from '../review.js';

export const check = async (session: Session): Promise<Report> => {
  const apiKey = apiKeyOf(session);
  const planned = await planSession(session);
  const report = await publishPlan(session, planned);
  const { ready } = planned;
  if (ready === undefined || ready.plan.changes.length === 0 || !session.inputs.requireApprovedPlan)
    return report;
  const github = githubOf(session);
  const pullRequests = await pullRequestsOf(github, session.event);
  const { approvals, problems } = await approvalsOf(github, pullRequests, session.scope, apiKey);
  const moved = movedSinceReview(ready.plan, approvals);
  if (moved.length === 0) {
    notice(
      `What would be applied is what was reviewed in ${pullRequests.map(({ number }) => `#${number}`).join(', ')}.`,
    );
    return report;
  }
  annotate(
    [
      {
        severity: 'error',
        code: 'not-as-reviewed',
        message: staleText(moved, problems),
        hint: 'update the pull request: its plan is made anew, and can be reviewed',
      },
    ],
    session.locate,
  );
  return { ...report, failed: true };
};
