/** Many reports as one table, for a terminal and for Markdown. */
import { markdownTable } from 'markdown-table';
import stringWidth from 'string-width';
import { count, printable } from '../core/text.js';
import { codeSpan, escapeMarkdown } from './markdown-escape.js';
import type { MergedReport, Row } from './merged.js';

/** How a text of somebody else is shown. */
interface Shown {
  readonly text: (text: string) => string;
  readonly name: (text: string) => string;
}

const terminal: Shown = { text: printable, name: printable };
const markdown: Shown = { text: escapeMarkdown, name: codeSpan };

type Column = readonly [title: string, value: (row: Row) => number];

const columns: readonly Column[] = [
  ['create', ({ counts }) => counts.create],
  ['update', ({ counts }) => counts.update],
  ['replace', ({ counts }) => counts.replace],
  ['delete', ({ counts }) => counts.delete],
  ['adopt', ({ counts }) => counts.adopt],
  ['move', ({ counts }) => counts.move],
  ['forget', ({ counts }) => counts.forget],
  ['drifted', ({ drifted }) => drifted],
  ['not said', ({ unsaid }) => unsaid],
  ['failed', ({ failed, skipped }) => failed + skipped],
  ['errors', ({ errors }) => errors.length],
  ['unchanged', ({ unchanged }) => unchanged],
];

/** Shown even where nothing is counted. */
const ALWAYS: ReadonlySet<string> = new Set(['create', 'update', 'delete', 'unchanged']);

const tableOf = (rows: readonly Row[], { name }: Shown): string => {
  const shown = columns.filter(([title, value]) => ALWAYS.has(title) || rows.some((row) => value(row) > 0));
  const cells = (row: Row): readonly string[] => shown.map(([, value]) => String(value(row) || '·'));
  const total = shown.map(([, value]) => String(rows.reduce((sum, row) => sum + value(row), 0)));
  return markdownTable(
    [
      ['', ...shown.map(([title]) => title)],
      ...rows.map((row) => [
        name(row.environment === '' ? row.organization : row.environment),
        ...cells(row),
      ]),
      ...(rows.length > 1 ? [['all', ...total]] : []),
    ],
    { align: ['l', ...shown.map(() => 'r')], stringLength: stringWidth },
  );
};

const MOST_LISTED = 100;

const sections = ({ rows, endings }: MergedReport, shown: Shown): readonly string[] => {
  const where = (environment: string): string => (environment === '' ? '' : `${shown.name(environment)}: `);
  const trouble = rows.flatMap(({ environment, errors, missing }) => [
    ...(missing.length === 0
      ? []
      : [`- ${where(environment)}the report of shard ${missing.join(', ')} is missing`]),
    ...errors.map((message) => `- ${where(environment)}${shown.text(message)}`),
  ]);
  const ends = endings.map(
    ({ environment, address, name, action }) =>
      `- ${where(environment)}${shown.name(address)} ${shown.name(name)} (${action})`,
  );
  const listed = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0
      ? []
      : [
          [
            title,
            '',
            ...lines.slice(0, MOST_LISTED),
            ...(lines.length > MOST_LISTED ? [`- and ${lines.length - MOST_LISTED} more`] : []),
          ].join('\n'),
        ];
  return [
    ...listed('Not in order:', trouble),
    ...listed(`Deleted or replaced: ${count(ends.length, 'object')}`, ends),
    tableOf(rows, shown),
  ];
};

/** For a terminal. Ends with a newline. */
export const mergedText = (report: MergedReport): string => `${sections(report, terminal).join('\n\n')}\n`;

/** For a comment or a summary. Ends with a newline. */
export const mergedMarkdown = (report: MergedReport): string =>
  `### Polytomic: ${count(report.rows.length, 'environment')}\n\n${sections(report, markdown).join('\n\n')}\n`;
