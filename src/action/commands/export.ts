/** `export`: a pull request that brings the manifests up to what is live. Neither the state nor Polytomic changes. */
import { count } from '../../core/text.js';
import { exportText } from '../../report/export-text.js';
import { escapeMarkdown } from '../../report/markdown-escape.js';
import { fenced } from '../../report/markdown.js';
import { createStyle } from '../../report/style.js';
import { exportWorkspace } from '../../workspace/export.js';
import { propose } from '../github/branch.js';
import { footerOf, LONGEST_COMMENT, nothing, show, type Report } from '../reports.js';
import { apiKeyOf, githubOf } from '../review.js';
import { annotate } from '../runner.js';
import { scrubbed } from '../reports.js';
import type { Session } from '../session.js';

/** The branch of a scope's pull request. */
const branchOf = ({ environment, directory }: Session['scope']): string =>
  ['polytomic-export', environment, directory]
    .filter((part) => part !== '')
    .join('/')
    .replaceAll(/[^\w./-]+/g, '-');

export const exportLive = async (session: Session): Promise<Report> => {
  apiKeyOf(session);
  const { settings, scope, sha, scrub, title, defaultBranch } = session;
  const exported = await exportWorkspace({ settings });
  annotate(scrubbed(session, exported.diagnostics), session.locate);
  const { files } = exported;
  const text = exportText(exported, createStyle(false), { written: false });
  const heading = `Polytomic: manifests of what lives${title === '' ? '' : ` (${title})`}`;
  const body = [
    `The live organization differs from its manifests in ${count(files.length, 'file')}. Merging this keeps what lives; closing it leaves the next apply to put back what the manifests say.`,
    fenced('text', scrub(text).trimEnd()).slice(0, LONGEST_COMMENT / 2),
    'What is new here is adopted by the apply: the plan of this pull request says so.',
    footerOf(session).join('\n'),
  ].join('\n\n');
  await show(session, text, `### ${escapeMarkdown(heading)}\n\n${body}`);
  const commentUrl = await propose(githubOf(session), {
    base: defaultBranch,
    from: sha,
    branch: branchOf(scope),
    title: heading,
    body,
    files: new Map(
      files.map(({ file, text: content }) => [session.locate({ file, line: 1, column: 1 }), scrub(content)]),
    ),
  });
  return {
    ...nothing,
    changes: files.length,
    converged: files.length === 0,
    ...(commentUrl === undefined ? {} : { commentUrl }),
  };
};
