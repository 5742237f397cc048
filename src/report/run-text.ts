/** Runs as lines for a terminal. */
import { count, grouped, printable } from '../core/text.js';
import type { Execution } from '../kinds/runs.js';
import type { Ran } from '../live/ran.js';
import { lengthText } from './status-text.js';
import type { Style } from './style.js';

const recordsText = ({ records, errors }: Execution): string =>
  `${count(records, 'record')}${errors === 0 ? '' : `, ${count(errors, 'error')}`}`;

const took = ({ started, ended }: Execution): string =>
  started === undefined || ended === undefined
    ? ''
    : `, in ${lengthText(Date.parse(ended) - Date.parse(started))}`;

/** One that ended, or is left alone. */
export const ranText = ({ address, outcome, execution, joined, reason }: Ran, style: Style): string => {
  const sign = {
    done: style.green('✓'),
    failed: style.red('✗'),
    running: style.cyan('…'),
    skipped: style.yellow('!'),
  }[outcome];
  const said =
    outcome === 'done' && execution !== undefined
      ? `${execution.status}: ${recordsText(execution)}${took(execution)}`
      : outcome === 'running' && execution !== undefined
        ? `goes on there: ${execution.status}, ${recordsText(execution)} so far`
        : `${outcome}: ${reason ?? ''}`;
  const run =
    outcome === 'failed' && execution !== undefined ? style.dim(` (run ${printable(execution.id)})`) : '';
  return `${sign} ${style.bold(address)} ${printable(said)}${joined === true ? ' (it ran already)' : ''}${run}`;
};

/** What all of it amounts to. */
export const ranCounts = (rans: readonly Ran[]): string => {
  const words = (['done', 'failed', 'skipped', 'running'] as const).flatMap((outcome) => {
    const number = rans.filter((each) => each.outcome === outcome).length;
    return number === 0 ? [] : [`${grouped(number)} ${outcome}`];
  });
  return `Ran: ${words.join(', ')}.`;
};
