/** `status`: an issue that lists the syncs that fail, and is closed when none does. */
import { count } from '../../core/text.js';
import { isFailing, type RunningObject } from '../../live/health.js';
import { statusMarkdown } from '../../report/status-markdown.js';
import { statusText } from '../../report/status-text.js';
import { createStyle } from '../../report/style.js';
import { statusWorkspace } from '../../workspace/status.js';
import { plainMarker } from '../approval.js';
import { keepIssue } from '../issues.js';
import { factsOf, footerOf, LONGEST_COMMENT, nothing, show, writeReport, type Report } from '../reports.js';
import { apiKeyOf } from '../review.js';
import { annotate } from '../runner.js';
import { shardOnly, type Session } from '../session.js';

/** Without what its last run says of itself: the log of a workflow is read by as many as an issue. */
const withoutMessages = (object: RunningObject): RunningObject =>
  object.last === undefined ? object : { ...object, last: { ...object.last, messages: [] } };

export const status = async (session: Session): Promise<Report> => {
  apiKeyOf(session);
  const { settings, inputs, scope } = session;
  const found = await statusWorkspace(
    settings,
    inputs.shard === undefined ? {} : { selection: shardOnly(inputs.shard) },
  );
  const objects = found.objects.map(withoutMessages);
  const failing = objects.filter(isFailing).length;
  const report = {
    objects,
    title: session.title,
    environment: scope.environment,
    footer: footerOf(session),
  };
  const markdown = statusMarkdown({ ...report, limit: 1_000_000 });
  await show(session, statusText({ ...found, objects }, createStyle(false), Date.now()), markdown);
  const reportFile = await writeReport(session, 'polytomic-status', 'md', markdown);
  const { statusPage } = await import('../../report/html-status.js');
  const page = statusPage({
    status: { ...found, objects },
    diagnostics: [],
    title: session.title,
    facts: await factsOf(session),
    made: new Date().toISOString(),
  });
  const htmlFile = await writeReport(session, 'polytomic-status', 'html', page);
  const marker = plainMarker('status', scope);
  const limit = LONGEST_COMMENT - marker.length - 1;
  const commentUrl = await keepIssue(session, {
    purpose: 'status',
    label: 'polytomic-failing-syncs',
    name: 'Polytomic syncs fail',
    isOpen: failing > 0,
    body: `${marker}\n${session.scrub(statusMarkdown({ ...report, limit }))}`,
    gone: 'No sync fails any more',
    what: 'Which syncs fail is',
  });
  const failed = inputs.failOnFailingSyncs && failing > 0;
  if (failed)
    annotate(
      [
        {
          severity: 'error',
          code: 'failing-syncs',
          message: `${count(failing, 'sync')} ${failing === 1 ? 'fails' : 'fail'}`,
          hint: 'polytomic-gitops logs says why',
        },
      ],
      session.locate,
    );
  return {
    ...nothing,
    failed,
    changes: failing,
    converged: failing === 0,
    reportFile,
    htmlFile,
    ...(commentUrl === undefined ? {} : { commentUrl }),
  };
};
