/** `apply`: does what was reviewed on the pull request that was merged, or says what moved since and does nothing. */
import type { Outcome } from '../../apply/apply.js';
import { hasErrors } from '../../core/diagnostics.js';
import { escapeMarkdown } from '../../report/markdown-escape.js';
import { outcomeMarkdown } from '../../report/outcome-markdown.js';
import { outcomeCounts, outcomeFindings, resultText } from '../../report/outcome-text.js';
import { createStyle } from '../../report/style.js';
import { withLock } from '../../state/lock.js';
import type { StateStore } from '../../state/store.js';
import { applyWorkspace, planWorkspace, settleWorkspace, type Ready } from '../../workspace.js';
import { lockInfo, openStore } from '../../workspace/stores.js';
import { markerOf, movedSinceReview, plainMarker } from '../approval.js';
import { approvalsOf, pullRequestsOf, type PullRequest } from '../approved.js';
import { upsertComment } from '../comments.js';
import { GitHubError } from '../github/client.js';
import { planSession, publishPlan } from '../planning.js';
import { footerOf, scrubbed, show, type Report } from '../reports.js';
import { apiKeyOf, githubOf, staleText } from '../review.js';
import { runChanged } from '../running.js';
import { annotate, notice } from '../runner.js';
import type { Session } from '../session.js';

/** Milliseconds to wait for another run's lock: runs of one workflow follow each other. */
const PATIENCE = 10 * 60 * 1000;

/** What an apply came to; `body` is what the pull requests were told, empty where nothing was to be done. */
interface Applied {
  readonly report: Report;
  readonly pullRequests: readonly PullRequest[];
  readonly body: string;
}

export const apply = async (session: Session): Promise<Report> => {
  apiKeyOf(session);
  const store = openStore(session.settings);
  const applied = await withLock(
    store,
    { info: lockInfo('apply', session.settings), timeout: PATIENCE },
    async () => applyLocked(session, store),
  );
  return session.inputs.run === 'none' || applied.report.failed ? applied.report : runAfter(session, applied);
};

/** Runs what was changed, or what is left from the last time where nothing was to be done. The lock is given back. */
const runAfter = async (session: Session, { report, pullRequests, body }: Applied): Promise<Report> => {
  const { rans, body: ran, failed } = await runChanged(session, body === '' ? 'left' : 'all');
  if (ran === '') return report;
  const { github, event } = session;
  const those = body === '' && github !== undefined ? await pullRequestsOf(github, event) : pullRequests;
  const footer = footerOf(session, report.digest).join('\n');
  const head = body === '' ? runsHead(session) : body.replace(footer, '').trimEnd();
  const url = await comment(session, those, [head, ran, footer].join('\n\n'));
  return {
    ...report,
    failed,
    runs: rans.length,
    failedRuns: rans.filter(({ outcome }) => outcome !== 'done').length,
    ...(url === undefined ? {} : { commentUrl: url }),
  };
};

const runsHead = ({ title }: Session): string =>
  `### Polytomic runs${title === '' ? '' : ` for ${escapeMarkdown(title)}`}`;

const applyLocked = async (session: Session, store: StateStore): Promise<Applied> => {
  const { github, event, inputs, settings } = session;
  const planned = await planSession(session, store);
  const report = await publishPlan(session, planned);
  const none = { report, pullRequests: [], body: '' };
  if (planned.ready === undefined || report.failed) return none;
  const { plan, stops } = planned.ready;
  if (stops.length > 0) {
    annotate(scrubbed(session, stops), session.locate);
    return { ...none, report: { ...report, failed: true } };
  }
  if (plan.changes.length === 0) {
    await settleWorkspace(settings, planned.ready);
    return none;
  }
  const pullRequests = github === undefined ? [] : await pullRequestsOf(github, event);
  if (inputs.requireApprovedPlan) {
    const { approvals, problems } = await approvalsOf(
      githubOf(session),
      pullRequests,
      session.scope,
      apiKeyOf(session),
    );
    const moved = movedSinceReview(plan, approvals);
    if (moved.length > 0)
      return { ...none, report: await refuse(session, report, pullRequests, { moved, problems }) };
  }
  const outcome = await applyWorkspace({ settings, ready: planned.ready });
  return told(session, report, pullRequests, {
    outcome,
    converged: await isConverged(session, planned.ready),
  });
};

/** Whether a second plan is empty. Not being able to tell is no reason to fail: the apply was done. */
const isConverged = async ({ settings, part }: Session, { store }: Ready): Promise<boolean | undefined> => {
  const { ready } = await planWorkspace({ settings, ...part, store }).catch(() => ({ ready: undefined }));
  return ready === undefined ? undefined : ready.plan.changes.length === 0;
};

/** Nothing is done: the pull requests and the run are told what moved since the review. */
const refuse = async (
  session: Session,
  report: Report,
  pullRequests: readonly PullRequest[],
  { moved, problems }: { readonly moved: readonly string[]; readonly problems: readonly string[] },
): Promise<Report> => {
  const why =
    pullRequests.length === 0
      ? ['no pull request belongs to this commit, so nobody reviewed a plan']
      : problems;
  const message = staleText(moved, why);
  annotate(
    [
      {
        severity: 'error',
        code: 'not-as-reviewed',
        message,
        hint: 'open a pull request that changes the manifests, so that its plan can be reviewed; or run the apply by hand with require-approved-plan: false',
      },
    ],
    session.locate,
  );
  const body = [
    `### Polytomic apply${session.title === '' ? '' : ` for ${escapeMarkdown(session.title)}`}: stopped`,
    'What would be applied is not what was reviewed here. **Nothing was done.**',
    [...why, ...moved]
      .slice(0, MOST_MOVED)
      .map((line) => `- ${escapeMarkdown(line)}`)
      .join('\n'),
    'To go on, open a pull request that changes the manifests: its plan can be reviewed. Or run the workflow by hand with `require-approved-plan: false`.',
    footerOf(session, report.digest).join('\n'),
  ].join('\n\n');
  await show(session, message, body);
  const commentUrl = await comment(session, pullRequests, body);
  return { ...report, failed: true, ...(commentUrl === undefined ? {} : { commentUrl }) };
};

const MOST_MOVED = 50;

const told = async (
  session: Session,
  report: Report,
  pullRequests: readonly PullRequest[],
  { outcome, converged }: { readonly outcome: Outcome; readonly converged: boolean | undefined },
): Promise<Applied> => {
  const findings = outcomeFindings(outcome);
  annotate(scrubbed(session, findings), session.locate);
  const style = createStyle(false);
  const body = outcomeMarkdown({
    outcome,
    title: session.title,
    linkTo: session.linkTo,
    converged,
    footer: footerOf(session, report.digest),
  });
  await show(
    session,
    [...outcome.results.map((result) => resultText(result, style)), outcomeCounts(outcome)].join('\n'),
    body,
  );
  const commentUrl = await comment(session, pullRequests, body);
  const done = outcome.results.every(({ status }) => status === 'done');
  return {
    report: {
      ...report,
      failed: !done || hasErrors(findings),
      converged: converged === true,
      ...(commentUrl === undefined ? {} : { commentUrl }),
    },
    pullRequests,
    body,
  };
};

/** Tells the pull requests. What was done is done: where they cannot be told, the run goes on. */
const comment = async (
  { github, inputs, scope, scrub }: Session,
  pullRequests: readonly PullRequest[],
  body: string,
): Promise<string | undefined> => {
  if (github === undefined || !inputs.comment) return undefined;
  const text = `${plainMarker('outcome', scope)}\n${scrub(body)}`;
  let url: string | undefined;
  for (const { number } of pullRequests)
    try {
      url = await upsertComment(github, { number, marker: markerOf('outcome', scope), body: text });
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      notice(`#${number} could not be told: ${error.message}`);
    }
  return url;
};
