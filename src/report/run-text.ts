/** Runs as lines for a terminal. */
import { grouped, printable } from '../core/text.js';
import type { Execution } from '../kinds/runs.js';
import type { Ran } from '../live/ran.js';
import { errorText, logsCommand, recordsText, tookText } from './logs-text.js';
import { lengthText } from './status-text.js';
import type { Style } from './style.js';

/** The first records that a run left out, and where the rest of them is. */
const errorLines = (
  { address, outcome, execution, errors = [] }: Ran,
  style: Style,
  environment?: string,
): readonly string[] =>
  execution === undefined || (outcome !== 'failed' && execution.errors === 0)
    ? []
    : [
        ...errors.map((each) => `  ${errorText(each, style)}`),
        `  ${style.dim(`log: ${logsCommand(address, execution.id, environment)}`)}`,
      ];

const took = (execution: Execution, usual: number | undefined): string => {
  const text = tookText(execution);
  return text === '' || usual === undefined ? text : `${text}, usually ${lengthText(usual)}`;
};

/** One that is under way: what it read and wrote so far, and since when. `now` in milliseconds since 1970. */
export const runningText = (address: string, execution: Execution, now: number): string => {
  const { status, records, written, errors, started } = execution;
  return [
    `${address} ${printable(status)}: ${grouped(records)} read`,
    ...(written === undefined ? [] : [`${grouped(written)} written`]),
    ...(errors === 0 ? [] : [`${grouped(errors)} failed`]),
    ...(started === undefined ? [] : [lengthText(now - Date.parse(started))]),
  ].join(', ');
};

/** One that ended, or is left alone; `environment` is the one that a command for its log has to name. */
export const ranText = (ran: Ran, style: Style, environment?: string): string => {
  const { address, outcome, execution, joined, reason, usual } = ran;
  const sign = {
    done: style.green('✓'),
    failed: style.red('✗'),
    running: style.cyan('…'),
    skipped: style.yellow('!'),
  }[outcome];
  const said =
    outcome === 'done' && execution !== undefined
      ? `${execution.status}: ${recordsText(execution)}${took(execution, usual)}`
      : outcome === 'running' && execution !== undefined
        ? `goes on there: ${execution.status}, ${recordsText(execution)} so far`
        : `${outcome}: ${reason ?? ''}`;
  const run =
    outcome === 'failed' && execution !== undefined ? style.dim(` (run ${printable(execution.id)})`) : '';
  const line = `${sign} ${style.bold(address)} ${printable(said)}${joined === true ? ' (it ran already)' : ''}${run}`;
  return [line, ...errorLines(ran, style, environment)].join('\n');
};

/** What all of it amounts to. */
export const ranCounts = (rans: readonly Ran[]): string => {
  const words = (['done', 'failed', 'skipped', 'running'] as const).flatMap((outcome) => {
    const number = rans.filter((each) => each.outcome === outcome).length;
    return number === 0 ? [] : [`${grouped(number)} ${outcome}`];
  });
  return `Ran: ${words.join(', ')}.`;
};
