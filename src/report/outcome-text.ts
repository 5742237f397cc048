/** What an apply did, as text. */
import type { Outcome, Result } from '../apply/apply.js';
import { mainSteps, type Action } from '../plan/plan.js';
import type { Diagnostic } from '../core/diagnostics.js';
import { printable } from '../core/text.js';
import { colours, symbols } from './plan-text.js';
import type { Style } from './style.js';

export const past: Readonly<Record<Action, string>> = {
  create: 'created',
  update: 'updated',
  replace: 'replaced',
  delete: 'deleted',
  adopt: 'adopted',
  move: 'moved',
  forget: 'forgotten',
};

/** `1.2 s`, `340 ms`. */
export const duration = (milliseconds: number): string =>
  milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;

/** One line for one change. */
export const resultText = (result: Result, style: Style): string => {
  const { action, step: address } = result.change;
  if (result.status === 'failed')
    return `${style.red('✗')} ${address} failed (${duration(result.milliseconds)})`;
  if (result.status === 'skipped')
    return `${style.yellow('!')} ${address} skipped: ${printable(result.reason)}`;
  const note = result.note === undefined ? '' : `\n    ${style.yellow(printable(result.note))}`;
  return `${style[colours[action]](symbols[action])} ${address} ${past[action]} (${duration(result.milliseconds)}) ${style.dim(printable(result.id))}${note}`;
};

/** `Applied: 4 created, 1 failed, in 1.2 s.` */
export const outcomeCounts = ({ results, milliseconds, interrupted }: Outcome): string => {
  const main = new Set(mainSteps(results.map(({ change }) => change)));
  const done = results.flatMap(({ status, change }) =>
    status === 'done' && main.has(change) ? [change] : [],
  );
  const parts = [
    ...(Object.keys(past) as Action[]).map(
      (action) => [done.filter(({ action: own }) => own === action).length, past[action]] as const,
    ),
    [results.filter(({ status }) => status === 'failed').length, 'failed'] as const,
    [results.filter(({ status }) => status === 'skipped').length, 'skipped'] as const,
  ].flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`]));
  const begin = interrupted ? 'Interrupted' : 'Applied';
  return `${begin}: ${parts.length === 0 ? 'nothing' : parts.join(', ')}, in ${duration(milliseconds)}.`;
};

/** What failed, and what is to be told besides. */
export const outcomeFindings = ({ results, findings = [] }: Outcome): readonly Diagnostic[] => [
  ...results.flatMap((result) => (result.status === 'failed' ? [result.diagnostic] : [])),
  ...findings,
];
