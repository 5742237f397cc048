/** The log of a run as lines for a terminal. */
import { count, grouped, printable } from '../core/text.js';
import { lengthOf, type Execution, type RunPart } from '../kinds/runs.js';
import type { ConsoleLine, ErrorRecord } from '../live/logs.js';
import { lengthText } from './status-text.js';
import type { Style } from './style.js';
import { tableText } from './table.js';

/** Ids of the API that may stand in a command line as they are. */
const PLAIN = /^[\w-]+$/;

/** What to type to see the log of a run: of the last one where its id is none for a command line. */
export const logsCommand = (address: string, execution?: string, environment?: string): string =>
  [
    'polytomic-gitops',
    ...(environment === undefined || !PLAIN.test(environment) ? [] : ['--env', environment]),
    'logs',
    printable(address),
    ...(execution === undefined || !PLAIN.test(execution) ? [] : ['--execution', execution]),
  ].join(' ');

/** An error of a record: the field that it is about, and what is wrong. */
export const errorText = ({ field, message }: ErrorRecord, style: Style): string =>
  `${field === undefined ? '' : `${style.bold(printable(field))}: `}${printable(message)}`;

/** Records that were read and left out. */
export const recordsText = ({ records, errors }: Pick<Execution, 'records' | 'errors'>): string =>
  `${count(records, 'record')}${errors === 0 ? '' : `, ${count(errors, 'error')}`}`;

/** How long a run took, where that is known. */
export const tookText = (execution: Execution): string => {
  const length = lengthOf(execution);
  return length === undefined ? '' : `, in ${lengthText(length)}`;
};

/** A line of a console. */
export const consoleText = ({ at, level, message, payload }: ConsoleLine, style: Style): string => {
  const paint = level === 'error' ? style.red : level.startsWith('warn') ? style.yellow : undefined;
  const more = payload === undefined ? '' : ` ${JSON.stringify(payload)}`;
  const word = printable(level).padEnd(5);
  return `${style.dim(printable(at))} ${paint === undefined ? word : paint(word)} ${printable(`${message}${more}`)}`;
};

/** What a run says of itself, in one line. */
export const runText = ({ address, execution, written }: RunShown, style: Style): string => {
  const all = [
    recordsText(execution),
    ...Object.entries(written).map(([word, many]) => `${grouped(many)} ${word}`),
    ...(execution.warnings === 0 ? [] : [count(execution.warnings, 'warning')]),
  ].join(', ');
  const began = execution.started === undefined ? '' : `, began ${execution.started}`;
  return `${style.bold(address)} ${printable(`${execution.status}: ${all}${began}${tookText(execution)}`)} ${style.dim(`(run ${printable(execution.id)})`)}`;
};

interface RunShown {
  readonly address: string;
  readonly execution: Execution;
  readonly written: Readonly<Record<string, number>>;
}

const partsText = (parts: readonly RunPart[], style: Style): readonly string[] =>
  parts.length === 0
    ? []
    : [
        '',
        tableText(
          ['SCHEMA', 'STATUS', 'RECORDS', 'ERRORS', 'SAYS'],
          parts.map(({ name, status, records, errors, messages }) => [
            name,
            status,
            grouped(records),
            grouped(errors),
            messages.join('; '),
          ]),
        )
          .trimEnd()
          .replace(/^.*/, (head) => style.dim(head)),
      ];

/** What follows the console of a run: its schemas, what it says of itself, and the records that it left out. */
export interface LogEnd extends RunShown {
  readonly parts: readonly RunPart[];
  readonly errors: readonly ErrorRecord[];
  readonly isCut: boolean;
}

const errorsText = ({ errors, isCut, execution }: LogEnd, style: Style): readonly string[] => {
  if (errors.length === 0) return [];
  const left = execution.errors - errors.length;
  const rest = left > 0 ? `And ${grouped(left)} more` : isCut ? 'And more' : undefined;
  const hasRecords = errors.some(({ record }) => record !== undefined);
  return [
    '',
    style.bold('Left out:'),
    ...errors.flatMap((each) => [
      `${style.red('✗')} ${errorText(each, style)}`,
      ...(each.record === undefined
        ? []
        : [`  ${printable(typeof each.record === 'string' ? each.record : JSON.stringify(each.record))}`]),
    ]),
    ...(rest === undefined ? [] : [`${rest}: --most shows more.`]),
    ...(hasRecords ? [] : [style.dim('Values are left out: --records shows the records as they are.')]),
  ];
};

/** The end of a log, as lines. */
export const logEndText = (log: LogEnd, style: Style): string =>
  `${[
    ...log.execution.messages.map((message) => `${style.red('✗')} ${printable(message)}`),
    ...partsText(log.parts, style),
    ...errorsText(log, style),
  ].join('\n')}\n`.replace(/^\n+/, '\n');

/** A whole log: the run, its console, and the end. */
export const logsText = (
  log: LogEnd & { readonly console?: readonly ConsoleLine[] },
  style: Style,
): string => {
  const { console = [] } = log;
  const end = logEndText(log, style);
  return `${[
    runText(log, style),
    ...(console.length === 0 ? [] : ['', ...console.map((line) => consoleText(line, style))]),
  ].join('\n')}\n${end.trim() === '' ? '' : end}`;
};
