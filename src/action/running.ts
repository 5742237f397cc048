/** Runs what a merge changed, waits for the rows, and tells the pull requests. */
import { DiagnosticError } from '../core/diagnostics.js';
import { count } from '../core/text.js';
import type { Ran } from '../live/ran.js';
import { escapeMarkdown } from '../report/markdown-escape.js';
import { runsMarkdown } from '../report/run-markdown.js';
import { ranCounts } from '../report/run-text.js';
import { runWorkspace } from '../workspace/run.js';
import { scrubbed, show } from './reports.js';
import { annotate, notice } from './runner.js';
import type { Session } from './session.js';

const MINUTE = 60_000;

/** One line of the log; what a run says of itself may hold values of records, and is left out. */
const lineOf = ({ address, outcome, execution }: Ran): string =>
  [
    `${address} ${outcome}`,
    ...(execution === undefined
      ? []
      : [
          `${count(execution.records, 'record')}, ${count(execution.errors, 'error')}`,
          `run ${execution.id}`,
        ]),
  ].join(': ');

export interface Told {
  readonly rans: readonly Ran[];
  /** Markdown; empty where nothing ran. */
  readonly body: string;
  readonly failed: boolean;
}

/**
 * Runs what was changed: all of what an apply sent, or (`left`) what has not run well since. What the API answers is a
 * finding: the apply is done.
 */
export const runChanged = async (session: Session, changed: 'all' | 'left'): Promise<Told> => {
  const { settings, inputs } = session;
  try {
    const rans = await runWorkspace({
      settings,
      changed,
      asked: {},
      timeout: inputs.runTimeout * MINUTE,
    });
    if (rans.length === 0) return { rans, body: '', failed: false };
    const failed = rans.some(({ outcome }) => outcome !== 'done');
    const body = runsMarkdown(rans);
    await show(session, [...rans.map(lineOf), ranCounts(rans)].join('\n'), body);
    if (rans.some(({ outcome }) => outcome === 'running'))
      notice(`Not all has ended within ${count(inputs.runTimeout, 'minute')}; what runs goes on there.`);
    return { rans, body, failed };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const told = scrubbed(session, error.diagnostics);
    annotate(told, session.locate);
    const body = [
      '⚠️ What was changed could not be run:',
      ...told.map(({ message }) => `- ${escapeMarkdown(message)}`),
    ];
    return { rans: [], body: body.join('\n'), failed: true };
  }
};
