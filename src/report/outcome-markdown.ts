/** What an apply did, and what drifted, as Markdown. */
import type { Outcome, Result } from '../apply/apply.js';
import type { Place } from '../core/diagnostics.js';
import { count } from '../core/text.js';
import type { Drift, Drifted } from '../plan/drift.js';
import { inline } from './differences.js';
import { codeSpan, escapeMarkdown } from './markdown-escape.js';
import { fenced, htmlCode, placeMarkdown } from './markdown.js';
import { outcomeCounts, past } from './outcome-text.js';

export interface OutcomeReport {
  readonly outcome: Outcome;
  readonly title: string;
  readonly linkTo: (place: Place) => string | undefined;
  /** Whether a second plan is empty; undefined where nobody looked. */
  readonly converged: boolean | undefined;
  readonly footer: readonly string[];
}

const resultRow = (result: Result, linkTo: OutcomeReport['linkTo']): string => {
  const { change } = result;
  const { place } = change;
  const said: Readonly<Record<Result['status'], string>> = {
    done: past[change.action],
    failed: '❌ failed',
    skipped: '⚠️ skipped',
  };
  const more =
    result.status === 'done'
      ? [codeSpan(result.id), ...(result.note === undefined ? [] : [escapeMarkdown(result.note)])].join(
          '<br>',
        )
      : escapeMarkdown(
          result.status === 'failed'
            ? [result.diagnostic.message, result.diagnostic.hint]
                .filter((part) => part !== undefined)
                .join(' — ')
            : result.reason,
        );
  const cells = [
    codeSpan(change.step),
    codeSpan(change.name),
    said[result.status],
    more,
    place === undefined ? '' : placeMarkdown(place, linkTo),
  ];
  return `| ${cells.join(' | ')} |`;
};

/** Rows beyond this are counted: the whole is in the log. */
const MOST_ROWS = 200;

const rank: Readonly<Record<Result['status'], number>> = { failed: 0, skipped: 1, done: 2 };

/** Counts, then a row for each change: what failed first. */
export const outcomeMarkdown = ({ outcome, title, linkTo, converged, footer }: OutcomeReport): string => {
  const results = outcome.results.toSorted((a, b) => rank[a.status] - rank[b.status]);
  const shown = results.slice(0, MOST_ROWS);
  return [
    `### Polytomic apply${title === '' ? '' : ` for ${escapeMarkdown(title)}`}`,
    `**${outcomeCounts(outcome)}**`,
    ...(results.length === 0
      ? []
      : [
          [
            '| Resource | Name | Outcome | Id or reason | Manifest |',
            '| --- | --- | --- | --- | --- |',
            ...shown.map((result) => resultRow(result, linkTo)),
          ].join('\n'),
        ]),
    ...(shown.length === results.length
      ? []
      : [`And ${count(results.length - shown.length, 'more change')}: see the log of the run.`]),
    ...(outcome.findings ?? []).map(
      ({ message, hint }) => `⚠️ ${escapeMarkdown(hint === undefined ? message : `${message}: ${hint}`)}`,
    ),
    ...(converged === undefined
      ? []
      : [converged ? 'A second plan is empty.' : '⚠️ A second plan is not empty: see the log of the run.']),
    footer.join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
};

const driftedMarkdown = (
  { address, name, gone, fields, by, at }: Drifted,
  changed = 'was changed outside',
): string => {
  const what = gone ? 'was deleted outside' : changed;
  const who =
    by === undefined && at === undefined
      ? []
      : [`Last change by ${codeSpan(by ?? 'somebody')} at ${codeSpan(at ?? 'some time')}.`];
  const shown = (value: (typeof fields)[number]['live']): string =>
    value === undefined ? 'nothing' : inline(value);
  const lines = fields.flatMap(({ pointer, applied, live }) => {
    const label = inline(pointer.slice(1).replaceAll('/', '.'));
    return [`- ${label}: ${shown(applied)}`, `+ ${label}: ${shown(live)}`];
  });
  return [
    `<details open><summary>${htmlCode(address)} ${htmlCode(name)} ${what}</summary>`,
    ...who,
    ...(lines.length === 0 ? [] : [fenced('diff', lines.join('\n'))]),
    '</details>',
  ].join('\n\n');
};

export interface DriftReport {
  readonly drift: Pick<Drift, 'drifted' | 'unsaid' | 'same'>;
  readonly title: string;
  readonly limit: number;
  readonly footer: readonly string[];
}

/** What was changed outside, what to do about it, and no more than fits. */
export const driftMarkdown = ({ drift, title, limit, footer }: DriftReport): string => {
  const { drifted, unsaid, same } = drift;
  const head = [
    `### Polytomic drift${title === '' ? '' : ` for ${escapeMarkdown(title)}`}`,
    drifted.length === 0
      ? `**No drift.** ${count(same, 'object')} as applied.`
      : `**${count(drifted.length, 'object')} changed outside since the last apply.** ${count(same, 'object')} as applied.`,
  ];
  const advice =
    drifted.length === 0
      ? []
      : [
          'The next apply puts back what the manifests say. To keep what lives: change the manifests, or run `polytomic-gitops apply --refresh-only` for what no manifest speaks of.',
        ];
  const rest = (number: number): readonly string[] =>
    number === 0 ? [] : [`And ${count(number, 'more object')}: see the summary of the run.`];
  const apart =
    unsaid.length === 0
      ? []
      : [
          `**${count(unsaid.length, 'object')} changed where no manifest says anything.** An apply leaves this as it lives; a line in the manifest would take it over.`,
        ];
  const all = drifted.length + unsaid.length;
  const fixed = [...head, ...advice, ...apart, ...rest(all), footer.join('\n')].join('\n\n');
  let room = limit - fixed.length;
  const fitting = (text: string): boolean => {
    const fits = text.length + 2 <= room;
    if (fits) room -= text.length + 2;
    return fits;
  };
  const taken = drifted.map((each) => driftedMarkdown(each)).filter(fitting);
  const beyond = unsaid
    .map((each) => driftedMarkdown(each, 'was changed where its manifest says nothing'))
    .filter(fitting);
  const left = rest(all - taken.length - beyond.length);
  return [...head, ...taken, ...advice, ...apart, ...beyond, ...left, footer.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
};
