/** What became of runs, as Markdown. What a run says of itself may hold values of records, and is left out. */
import { count, grouped } from '../core/text.js';
import { lengthOf, type Execution } from '../kinds/runs.js';
import type { Ran } from '../live/ran.js';
import { logsCommand } from './logs-text.js';
import { codeSpan, escapeMarkdown } from './markdown-escape.js';
import { ranCounts } from './run-text.js';
import { lengthText } from './status-text.js';

const outcomes: Readonly<Record<Ran['outcome'], string>> = {
  failed: '❌ failed',
  running: '⏳ still running',
  skipped: '⚠️ skipped',
  done: 'done',
};

/** Rows beyond this are counted: the whole is in the log. */
const MOST_ROWS = 200;

const rank = Object.keys(outcomes);

const length = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? '' : lengthText(milliseconds);

const numbers = (execution: Execution | undefined): readonly string[] =>
  execution === undefined
    ? ['', '', '', '']
    : [
        grouped(execution.records),
        execution.written === undefined ? '' : grouped(execution.written),
        grouped(execution.errors),
        length(lengthOf(execution)),
      ];

const row = ({ address, outcome, execution, usual }: Ran): string =>
  `| ${[
    codeSpan(address),
    outcomes[outcome],
    ...numbers(execution),
    length(usual),
    execution === undefined ? '' : codeSpan(execution.id),
  ].join(' | ')} |`;

/** Counts, then a row for each run: what failed first. */
export const runsMarkdown = (rans: readonly Ran[]): string => {
  const sorted = rans.toSorted((a, b) => rank.indexOf(a.outcome) - rank.indexOf(b.outcome));
  const shown = sorted.slice(0, MOST_ROWS);
  const [failed] = sorted.filter(({ outcome, execution }) => outcome === 'failed' && execution !== undefined);
  return [
    `**${escapeMarkdown(ranCounts(rans))}**`,
    [
      '| Sync | Outcome | Read | Written | Failed | Took | Usually | Run |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      ...shown.map(row),
    ].join('\n'),
    ...(shown.length === sorted.length ? [] : [`And ${count(sorted.length - shown.length, 'more run')}.`]),
    ...(failed?.execution === undefined
      ? []
      : [`Why: ${codeSpan(logsCommand(failed.address, failed.execution.id))}`]),
  ].join('\n\n');
};
