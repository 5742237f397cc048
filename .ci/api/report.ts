/** What people read of a comparison: on a terminal of 80 columns, or in an issue. */
import stringWidth from 'string-width';
import { count, printable } from '../../src/core/text.js';
import { codeSpan, escapeMarkdown } from '../../src/report/markdown-escape.js';
import type { Difference, Section } from './compare.js';
import { sections, type Judgement, type Row } from './explained.js';

export interface Report {
  readonly judgement: Judgement;
  /** Names of the clients. */
  readonly clients: readonly string[];
  /** The file of reasons, as people know it. */
  readonly file: string;
}

const WIDTH = 80;

/** GitHub takes 65,536 characters. */
const LONGEST_BODY = 60_000;

const titles: Readonly<Record<Section, string>> = {
  missing: 'A client has it, the sandbox lacks it',
  extra: 'The sandbox has it, no client does',
  changed: 'The sandbox and the clients have it otherwise',
  unmanaged: 'The API takes it, a manifest has no place for it',
  unsent: 'A manifest has a place for it, the API takes it no more',
};

const graphemes = new Intl.Segmenter();

/** A word in pieces of at most so many columns. */
const pieces = (word: string, room: number): readonly string[] => {
  if (stringWidth(word) <= room) return [word];
  const found = [''];
  for (const { segment } of graphemes.segment(word)) {
    const longer = `${found.at(-1) ?? ''}${segment}`;
    if (stringWidth(longer) > room) found.push(segment);
    else found[found.length - 1] = longer;
  }
  return found;
};

/** Lines of at most 80 columns: broken at spaces, and within what is longer than a line. */
const wrap = (text: string, indent: string): readonly string[] => {
  const room = WIDTH - indent.length;
  const lines = [''];
  for (const word of printable(text)
    .split(' ')
    .flatMap((each) => pieces(each, room))) {
    const line = lines.at(-1) ?? '';
    const longer = line === '' ? word : `${line} ${word}`;
    if (stringWidth(longer) > room) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((each) => `${indent}${each}`);
};

const bySection = <T extends Row>(rows: readonly T[]): readonly (readonly [Section, readonly T[]])[] =>
  sections
    .map((section) => [section, rows.filter((row) => row.section === section)] as const)
    .filter(([, own]) => own.length > 0);

/** Who says so, where not all do. */
const sayers = ({ clients }: Difference, all: readonly string[]): string =>
  clients.length === all.length ? '' : `(${clients.join(', ')})`;

const summary = ({ judgement: { explained, unexplained, stale }, file }: Report): string =>
  unexplained.length === 0 && stale.length === 0
    ? explained.length === 0
      ? 'No difference.'
      : `${count(explained.length, 'difference')}, each with its reason in ${file}.`
    : [
        `${count(unexplained.length, 'difference')} without a reason`,
        ...(stale.length === 0
          ? []
          : [`${count(stale.length, 'row')} of ${file} that match${stale.length === 1 ? 'es' : ''} nothing`]),
        `${explained.length} explained`,
      ].join(', ') + '.';

/** Whether nothing is left to do. */
export const isSettled = ({ judgement: { unexplained, stale } }: Report): boolean =>
  unexplained.length === 0 && stale.length === 0;

const WHAT_TO_DO =
  'Bring the tables up to date, or run `npm run api:check -- --update` and write the reason into';

/** For a terminal. With `all` also what is explained, each with its reason. */
export const reportText = (report: Report, all = false): string => {
  const { judgement, clients, file } = report;
  const lines = [...wrap(`Compared with ${clients.join(' and ')}.`, '')];
  for (const [section, rows] of bySection(judgement.unexplained))
    lines.push(
      '',
      titles[section],
      ...rows.flatMap((each) => wrap(`${each.row} ${sayers(each, clients)}`.trimEnd(), '  ')),
    );
  if (judgement.stale.length > 0)
    lines.push(
      '',
      `In ${file}, and no difference any more`,
      ...judgement.stale.flatMap(({ section, row }) => wrap(`${section}: ${row}`, '  ')),
    );
  if (all)
    for (const [section, rows] of bySection(judgement.explained)) {
      lines.push('', `${titles[section]} (explained)`);
      for (const each of rows)
        lines.push(
          ...wrap(`${each.row} ${sayers(each, clients)}`.trimEnd(), '  '),
          ...wrap(each.reason, '      '),
        );
    }
  lines.push('', ...wrap(summary(report), ''));
  if (!isSettled(report)) lines.push(...wrap(`${WHAT_TO_DO} ${file}.`, ''));
  return `${lines.join('\n')}\n`;
};

/** For an issue: GitHub's Markdown, no longer than it takes. Names are a stranger's, and do nothing in it. */
export const reportMarkdown = (report: Report): string => {
  const { judgement, clients, file } = report;
  const head = [
    `Compared with ${clients.map(escapeMarkdown).join(' and ')}: ${escapeMarkdown(summary(report))}`,
    ...(isSettled(report) ? [] : ['', `${WHAT_TO_DO} ${codeSpan(file)}.`]),
  ];
  const rows = [
    ...bySection(judgement.unexplained).flatMap(([section, own]) => [
      '',
      `### ${titles[section]}`,
      '',
      ...own.map((each) => `- ${codeSpan(each.row)} ${escapeMarkdown(sayers(each, clients))}`.trimEnd()),
    ]),
    ...(judgement.stale.length === 0
      ? []
      : [
          '',
          `### In the file of reasons, and no difference any more`,
          '',
          ...judgement.stale.map(({ section, row }) => `- ${section}: ${codeSpan(row)}`),
        ]),
  ];
  const kept: string[] = [];
  let length = head.join('\n').length;
  for (const row of rows) {
    length += row.length + 1;
    if (length > LONGEST_BODY) break;
    kept.push(row);
  }
  const left = rows.length - kept.length;
  return [
    ...head,
    ...kept,
    ...(left === 0 ? [] : ['', `${count(left, 'more line')}: run \`npm run api:check\`.`]),
    '',
  ].join('\n');
};
