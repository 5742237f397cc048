/** `drift`: an issue that is opened, kept up to date and closed as drift comes and goes. */
import { count } from '../../core/text.js';
import { driftText } from '../../report/drift-text.js';
import { driftMarkdown } from '../../report/outcome-markdown.js';
import { createStyle } from '../../report/style.js';
import { driftWorkspace } from '../../workspace.js';
import { openStore } from '../../workspace/stores.js';
import { plainMarker } from '../approval.js';
import { keepIssue } from '../issues.js';
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
import { annotate } from '../runner.js';
import { shardOnly, type Session } from '../session.js';

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
  const body = `${marker}\n${session.scrub(driftMarkdown({ ...report, limit: LONGEST_COMMENT - marker.length - 1 }))}`;
  const commentUrl = await keepIssue(session, {
    purpose: 'drift',
    label: 'polytomic-drift',
    name: 'Polytomic drift',
    isOpen: counted > 0,
    body,
    gone: 'What lives is as it was applied again',
    what: 'The drift is',
  });
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
