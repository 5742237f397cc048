/** Reports of the Action: made once, shown in the comment, the summary and a file. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DiagnosticError, type Diagnostic } from '../core/diagnostics.js';
import { codeOf } from '../core/error-code.js';
import type { Fact } from '../report/html.js';
import { planMarkdown, type PlanReport } from '../report/markdown.js';
import { print, summarize } from './runner.js';
import type { Session } from './session.js';

/** GitHub refuses comments that are longer, in characters. */
export const LONGEST_COMMENT = 65_536;
/** And job summaries that are larger, in bytes. */
const LARGEST_SUMMARY = 1_000_000;

/** What a command of the Action did; several environments are added up. */
export interface Report {
  readonly failed: boolean;
  readonly creates: number;
  readonly updates: number;
  readonly deletes: number;
  readonly replaces: number;
  readonly changes: number;
  readonly converged: boolean;
  /** Of what was run after an apply. */
  readonly runs: number;
  readonly failedRuns: number;
  readonly digest?: string;
  readonly commentUrl?: string;
  readonly planFile?: string;
  readonly reportFile?: string;
  readonly htmlFile?: string;
}

export const nothing: Report = {
  failed: false,
  creates: 0,
  updates: 0,
  deletes: 0,
  replaces: 0,
  changes: 0,
  converged: true,
  runs: 0,
  failedRuns: 0,
};

/** The line below a report: which commit, which run. Markdown. */
export const footerOf = ({ sha, runUrl }: Session, digest?: string): readonly string[] => [
  `<sub>${[
    `Commit ${sha.slice(0, 7)}`,
    `[run](${runUrl})`,
    ...(digest === undefined ? [] : [`plan <code>${digest.slice(0, 19)}</code>`]),
  ].join(' · ')}</sub>`,
];

/** The same for a page. */
export const factsOf = async ({ server, repository, sha, runUrl }: Session): Promise<readonly Fact[]> => {
  const { link } = await import('../report/html.js');
  return [
    { name: 'Commit', value: link(sha.slice(0, 7), `${server}/${repository}/commit/${sha}`) },
    { name: 'Run', value: link(runUrl.slice(runUrl.lastIndexOf('/') + 1), runUrl) },
  ];
};

const slug = ({ scope }: Session): string =>
  [scope.environment, scope.directory, scope.shard]
    .filter((part) => part !== '')
    .join('-')
    .replaceAll(/[^\w.-]+/g, '-');

/** Path of a file for later steps of the job, e.g. `polytomic-plan-production.json`. */
export const fileFor = (session: Session, name: string, extension: string): string =>
  path.join(
    session.temporary,
    [name, slug(session)].filter((part) => part !== '').join('-') + `.${extension}`,
  );

/** Writes a file for later steps, secrets removed, and gives its path. Throws `DiagnosticError`. */
export const writeReport = async (
  session: Session,
  name: string,
  extension: string,
  text: string,
): Promise<string> => {
  const file = fileFor(session, name, extension);
  try {
    await writeFile(file, session.scrub(text), { mode: 0o600 });
    return file;
  } catch (error) {
    const code = codeOf(error);
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'unwritable-report',
        message: `${file} cannot be written (${code})`,
        hint: 'check the folder RUNNER_TEMP of the runner',
      },
    ]);
  }
};

/** A report for the summary of the job, where there is more room than in a comment. */
export const summaryOf = (session: Session, report: PlanReport): string =>
  planMarkdown(report, {
    linkTo: session.linkTo,
    limit: LARGEST_SUMMARY,
    measure: (text) => Buffer.byteLength(text),
    rest: 'The whole report is in the file that the output report-file names.',
  });

/** Shows a text in the log and Markdown in the summary, secrets removed from both. */
export const show = async (session: Session, text: string, markdown: string): Promise<void> => {
  print(session.scrub(text));
  await summarize(session.scrub(markdown));
};

/** Findings with the secrets of the workflow removed: an error may echo one. */
export const scrubbed = (
  { scrub }: Pick<Session, 'scrub'>,
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] =>
  diagnostics.map((diagnostic) => ({
    ...diagnostic,
    message: scrub(diagnostic.message),
    ...(diagnostic.hint === undefined ? {} : { hint: scrub(diagnostic.hint) }),
  }));
