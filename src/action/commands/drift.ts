/** `drift`: an issue that is opened, kept up to date and closed as drift comes and goes. */
import { asText, count } from '../../core/text.js';
import type { JsonObject } from '../../core/json.js';
import { driftText } from '../../report/drift-text.js';
import { driftMarkdown } from '../../report/outcome-markdown.js';
import { createStyle } from '../../report/style.js';
import { driftWorkspace } from '../../workspace.js';
import { openStore } from '../../workspace/stores.js';
import { markerOf, plainMarker } from '../approval.js';
import { GitHubError, type GitHub } from '../github/client.js';
import {
  factsOf,
  footerOf,
  LONGEST_COMMENT,
  nothing,
  scrubbed,
  show,
  writeReport,
  type Report,
} from '../reports.js';
import { apiKeyOf } from '../review.js';
import { annotate, notice } from '../runner.js';
import { shardOnly, type Session } from '../session.js';

const LABEL = 'polytomic-drift';

export const drift = async (session: Session): Promise<Report> => {
  apiKeyOf(session);
  const { settings, inputs } = session;
  const found = await driftWorkspace(
    settings,
    openStore(settings),
    inputs.shard === undefined ? undefined : shardOnly(inputs.shard),
  );
  const { drifted, unsaid, diagnostics } = found;
  annotate(scrubbed(session, diagnostics), session.locate);
  const strict = inputs.failOnDrift === 'strict';
  const counted = drifted.length + (strict ? unsaid.length : 0);
  const report = { drift: found, title: session.title, footer: footerOf(session) };
  const markdown = driftMarkdown({ ...report, limit: 1_000_000 });
  await show(session, driftText(found, createStyle(false)), markdown);
  const reportFile = await writeReport(session, 'polytomic-drift', 'md', markdown);
  const { driftPage } = await import('../../report/html-drift.js');
  const page = driftPage({
    drift: found,
    diagnostics: scrubbed(session, diagnostics),
    title: session.title,
    linkTo: session.linkTo,
    facts: await factsOf(session),
    made: new Date().toISOString(),
  });
  const htmlFile = await writeReport(session, 'polytomic-drift', 'html', page);
  const marker = plainMarker('drift', session.scope);
  const text = `${marker}\n${session.scrub(driftMarkdown({ ...report, limit: LONGEST_COMMENT - marker.length - 1 }))}`;
  const commentUrl = await tell(session, counted, text);
  const failed = inputs.failOnDrift !== 'false' && counted > 0;
  if (failed)
    annotate(
      [
        {
          severity: 'error',
          code: 'drift',
          message: `${count(counted, 'object')} changed outside since the last apply`,
          hint:
            drifted.length > 0
              ? 'apply to put back what the manifests say, or change the manifests'
              : 'say in the manifests what it has to be, or take it as it is by apply --refresh-only',
        },
      ],
      session.locate,
    );
  return {
    ...nothing,
    failed,
    changes: counted,
    converged: counted === 0,
    reportFile,
    htmlFile,
    ...(commentUrl === undefined ? {} : { commentUrl }),
  };
};

/** The open issue of a scope, or nothing. */
const openIssue = async (github: GitHub, marker: string): Promise<JsonObject | undefined> => {
  const issues = await github.list('issues', { state: 'open', labels: LABEL });
  return issues.find(
    (issue) => issue['pull_request'] === undefined && asText(issue['body']).startsWith(marker),
  );
};

/** Opens, updates or closes the issue; gives its address. A repository without issues is told in the log. */
const tell = async (session: Session, number: number, body: string): Promise<string | undefined> => {
  const { github, inputs, scope, title } = session;
  if (github === undefined || !inputs.comment) return undefined;
  try {
    const issue = await openIssue(github, markerOf('drift', scope));
    const path = `issues/${asText(issue?.['number'])}`;
    if (number === 0) {
      if (issue === undefined) return undefined;
      await github.send('POST', `${path}/comments`, {
        body: `What lives is as it was applied again: [run](${session.runUrl}).`,
      });
      await github.send('PATCH', path, { state: 'closed', state_reason: 'completed', body });
      return asText(issue['html_url']);
    }
    if (issue !== undefined) {
      if (issue['body'] !== body) await github.send('PATCH', path, { body });
      return asText(issue['html_url']);
    }
    const made = await github.send('POST', 'issues', {
      title: `Polytomic drift${title === '' ? '' : `: ${title}`}`,
      body,
      labels: [LABEL],
    });
    return asText(made['html_url']);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    // 410: issues are disabled; 403: the token may not write them.
    if (error.status !== 410 && error.status !== 403) throw error;
    notice(
      `The drift is in the summary of the run alone: ${error.message}. An issue needs the permission issues: write.`,
    );
    return undefined;
  }
};
