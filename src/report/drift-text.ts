/** Drift as text for a terminal. */
import { count, printable } from '../core/text.js';
import type { Drift, Drifted } from '../plan/drift.js';
import { inline } from './differences.js';
import type { Style } from './style.js';

const driftedText = (
  { address, name, gone, fields, by, at }: Drifted,
  style: Style,
  changed = 'was changed outside',
): string => {
  const what = gone ? style.red('was deleted outside') : style.yellow(changed);
  const head = `${style.yellow('~')} ${style.bold(address)} ${printable(JSON.stringify(name))} ${what}`;
  const who =
    by === undefined && at === undefined
      ? []
      : [`last change by ${by ?? 'somebody'} at ${at ?? 'some time'}`];
  const shown = (value: Drifted['fields'][number]['live']): string =>
    value === undefined ? 'nothing' : inline(value);
  return [
    head,
    ...who.map((line) => style.dim(`    # ${printable(line)}`)),
    ...fields.map(
      ({ pointer, applied, live }) =>
        `    ${printable(pointer.slice(1).replaceAll('/', '.'))}: ${style.red(shown(applied))} → ${style.green(shown(live))}`,
    ),
  ].join('\n');
};

const unsaidTitle = 'Not said by the manifests, and changed outside:';

/** All drift, what no manifest speaks of apart, then the counts. Ends with a newline. */
export const driftText = ({ drifted, unsaid, same }: Drift, style: Style): string => {
  const unchanged = `${count(same, 'object')} ${same === 1 ? 'lives' : 'live'} as applied`;
  const beyond =
    unsaid.length === 0 ? '' : ` ${count(unsaid.length, 'object')} changed where no manifest says anything.`;
  const summary =
    drifted.length === 0
      ? `No drift. ${unchanged}.${beyond}`
      : `Drift: ${count(drifted.length, 'object')}. ${unchanged}.${beyond}`;
  return `${[
    ...drifted.map((each) => driftedText(each, style)),
    ...(unsaid.length === 0 ? [] : [style.bold(unsaidTitle)]),
    ...unsaid.map((each) => driftedText(each, style, 'was changed where its manifest says nothing')),
    style.bold(summary),
  ].join('\n\n')}\n`;
};
