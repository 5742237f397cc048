/** A plan as Markdown for a pull request: counts first, what ends something on top, each change to be unfolded. */
import { hasErrors, type Diagnostic, type Place } from '../core/diagnostics.js';
import { findingUrl } from '../core/site.js';
import { count, printable } from '../core/text.js';
import type { Drifted } from '../plan/drift.js';
import { endingOf } from '../plan/limits.js';
import type { Impact } from '../plan/impact.js';
import type { Change, Plan } from '../plan/plan.js';
import type { Excepted, RuleReport } from '../rules/rule.js';
import { belongingsOf } from './belongings.js';
import { because, createdBy, differencesOf, goneBy, type Difference } from './differences.js';
import { columnLines, columnNote, effectTexts } from './effects.js';
import { codeSpan, escapeMarkdown } from './markdown-escape.js';
import { downstreamCounts, treeLines } from './impact-text.js';
import { reasonText, ruleChangesText } from './rules-text.js';
import { duplicateTexts, planCounts, sentences, symbols, unmanagedText } from './plan-text.js';

export interface MarkdownOptions {
  /** Where a place can be looked at, e.g. on GitHub; undefined where it cannot. */
  readonly linkTo: (place: Place) => string | undefined;
  /** What the text may measure at the most. */
  readonly limit: number;
  /** How a text is measured. Default: by its length. */
  readonly measure?: (text: string) => number;
  /** Where to find what did not fit, as Markdown. */
  readonly rest: string;
}

export interface PlanReport {
  /** Absent where there are errors. */
  readonly plan?: Plan;
  readonly diagnostics: readonly Diagnostic[];
  /** What was changed outside since the last apply. */
  readonly drifted: readonly Drifted[];
  /** What the plan is for, e.g. `production`. */
  readonly title: string;
  /** What is downstream of each change; absent: of none. */
  readonly impacts?: readonly Impact[];
  /** What came of rules beside findings. */
  readonly rules?: RuleReport;
  /** The dependency graph of what changes, in Mermaid's language. */
  readonly graph?: string;
  /** Lines of Markdown below everything else. */
  readonly footer: readonly string[];
}

/** A fence around text that cannot end it. */
export const fenced = (language: string, text: string): string => {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
};

const html: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text within HTML, where Markdown does not reach: as code, in which GitHub makes no mentions and links. */
export const htmlCode = (text: string): string =>
  `<code>${printable(text).replace(/[&<>"]/g, (character) => html[character] ?? '')}</code>`;

const details = (summary: string, body: string, open: boolean): string =>
  `<details${open ? ' open' : ''}><summary>${summary}</summary>\n\n${body}\n\n</details>`;

/** `connections.yaml:3`, as a link where there is one. */
export const placeMarkdown = (place: Place, linkTo: MarkdownOptions['linkTo']): string => {
  const text = codeSpan(`${place.file}:${place.line}`);
  const url = linkTo(place);
  return url === undefined ? text : `[${text}](${url})`;
};

const noPlan = (diagnostics: readonly Diagnostic[]): string =>
  hasErrors(diagnostics) || diagnostics.length === 0
    ? '**No plan: there are errors.**'
    : '**Nothing can be planned yet.**';

/** The plan, or why there is none. Destructive changes come first and are open; nothing passes the limit. */
export const planMarkdown = (report: PlanReport, options: MarkdownOptions): string => {
  const { plan, diagnostics, title, graph, footer } = report;
  const head = [
    `### Polytomic plan${title === '' ? '' : ` for ${escapeMarkdown(title)}`}`,
    plan === undefined ? noPlan(diagnostics) : planHead(plan),
    ...(plan === undefined ? [] : ending(plan)),
    ...changedRules(report.rules),
  ];
  const tail = [...(plan === undefined ? [] : notes(plan, report.drifted)), footer.join('\n')];
  const blocks = [
    ...findingBlocks(diagnostics, options),
    ...exceptedBlocks(report.rules?.excepted ?? [], options.linkTo),
    ...(plan === undefined ? [] : changeBlocks(plan, options)),
    ...impactBlocks(report.impacts ?? []),
    ...(graph === undefined || plan?.changes.length === 0
      ? []
      : [{ full: details('What depends on what', fenced('mermaid', graph), false), short: '' }]),
  ];
  return fitted(
    head,
    blocks,
    tail.filter((text) => text !== ''),
    options,
  );
};

/** What nobody may overlook: who proposes this also proposes by which rules it is judged. */
const changedRules = (rules: RuleReport | undefined): readonly string[] => {
  const changes = rules?.changes ?? [];
  return changes.length === 0
    ? []
    : [
        `> [!IMPORTANT]\n> **This pull request changes the rules:** ${escapeMarkdown(ruleChangesText(changes))}. The rules of the base branch count here, too.`,
      ];
};

/** Each exception with its reason. */
const exceptedBlocks = (
  excepted: readonly Excepted[],
  linkTo: MarkdownOptions['linkTo'],
): readonly Block[] => {
  if (excepted.length === 0) return [];
  const items = excepted.map(
    (each) =>
      `- ${each.place === undefined ? '' : `${placeMarkdown(each.place, linkTo)}: `}${escapeMarkdown(reasonText(each))}<br>${escapeMarkdown(each.message)}`,
  );
  const summary = `${count(excepted.length, 'exception')} from rules`;
  return [{ full: `**${summary}**\n\n${items.join('\n')}`, short: `**${summary}.**` }];
};

/** All that is told of rules beside findings, in blocks. */
export const rulesMarkdown = (
  rules: RuleReport | undefined,
  linkTo: MarkdownOptions['linkTo'],
): readonly string[] => [
  ...changedRules(rules),
  ...exceptedBlocks(rules?.excepted ?? [], linkTo).map(({ full }) => full),
];

/** Folded: the counts, then a tree for each change. */
const impactBlocks = (impacts: readonly Impact[]): readonly Block[] => {
  if (impacts.length === 0) return [];
  const all = [
    ...new Map(
      impacts.flatMap(({ downstream }) => downstream.map((each) => [each.node, each] as const)),
    ).values(),
  ];
  const trees = impacts.map(({ address, downstream }) =>
    [address, ...treeLines(address, downstream).map((line) => `  ${line}`)].join('\n'),
  );
  const summary = `Downstream: ${escapeMarkdown(downstreamCounts(all))}`;
  return [{ full: details(summary, fenced('text', trees.join('\n\n')), false), short: `${summary}.` }];
};

const planHead = (plan: Plan): string => {
  const name = plan.organization.name === '' ? plan.organization.id : plan.organization.name;
  return `**${planCounts(plan)}** Organization ${codeSpan(name)}.`;
};

const ending = (plan: Plan): readonly string[] => {
  const ends = endingOf(plan.changes);
  if (ends.length === 0) return [];
  const shown = ends.slice(0, MOST_ENDING);
  return [
    [
      '> [!CAUTION]',
      `> **${count(ends.length, 'object')} will be deleted or replaced:**`,
      ...shown.map(
        ({ address, name, action }) => `> - ${codeSpan(address)} ${codeSpan(name)} ${sentences[action]}`,
      ),
      ...(ends.length === shown.length ? [] : [`> - and ${ends.length - shown.length} more`]),
    ].join('\n'),
  ];
};

const MOST_ENDING = 50;

const notes = (plan: Plan, drifted: readonly Drifted[]): readonly string[] => {
  const unmanaged = unmanagedText(plan);
  const lines = [
    ...(drifted.length === 0
      ? []
      : [`Changed outside since the last apply: ${count(drifted.length, 'object')}.`]),
    ...(plan.excluded === 0 ? [] : [`Not selected, and left out: ${count(plan.excluded, 'change')}.`]),
    ...(plan.retained.length === 0
      ? []
      : [`Without a manifest, and not deleted: ${plan.retained.map(codeSpan).join(', ')}.`]),
    ...(unmanaged === '' ? [] : [`Not managed here and left alone: ${unmanaged}.`]),
    ...duplicateTexts(plan).map((line) => `⚠️ ${escapeMarkdown(line)}`),
  ];
  return lines.length === 0 ? [] : [lines.join('\n')];
};

interface Block {
  readonly full: string;
  /** In its place where there is little room. */
  readonly short: string;
}

const findingBlocks = (diagnostics: readonly Diagnostic[], { linkTo }: MarkdownOptions): readonly Block[] =>
  diagnostics.length === 0
    ? []
    : [
        { full: `**${hasErrors(diagnostics) ? 'Errors and warnings' : 'Warnings'}**`, short: '' },
        ...diagnostics.map((diagnostic) => ({ full: findingMarkdown(diagnostic, linkTo), short: '' })),
      ];

/** A finding as an item of a list. */
export const findingMarkdown = (
  { severity, code, message, hint, link, place }: Diagnostic,
  linkTo: MarkdownOptions['linkTo'],
): string => {
  const url = findingUrl(code);
  return [
    `- ${severity === 'error' ? '❌' : '⚠️'} ${place === undefined ? '' : `${placeMarkdown(place, linkTo)}: `}${escapeMarkdown(message)}${url === undefined ? '' : ` ([${code}](${url}))`}`,
    ...(hint === undefined ? [] : [`  <br>Hint: ${escapeMarkdown(hint)}`]),
    // Its characters are those of an address, and end nothing.
    ...(link === undefined ? [] : [`  <br>See <${link}>`]),
  ].join('\n');
};

const changeBlocks = (plan: Plan, options: MarkdownOptions): readonly Block[] => {
  const created = createdBy(plan);
  const ends = new Set(endingOf(plan.changes).map(({ address }) => address));
  const first = plan.changes.filter(({ address }) => ends.has(address));
  const rest = plan.changes.filter(({ address }) => !ends.has(address));
  return [...first, ...rest].map((change) => changeBlock(change, created, ends.has(change.address), options));
};

const changeBlock = (
  change: Change,
  created: ReturnType<typeof createdBy>,
  open: boolean,
  { linkTo }: MarkdownOptions,
): Block => {
  const { action, step, name, reasons, place, unknownSecrets } = change;
  const summary = `${htmlCode(`${symbols[action]} ${step}`)} ${htmlCode(name)} ${sentences[action]}`;
  const lines = [...goneBy(change), ...differencesOf(change, created)].flatMap(diffText);
  const body = [
    [
      ...(place === undefined ? [] : [placeMarkdown(place, linkTo)]),
      // As code: a mention would notify all of a team with each push.
      ...belongingsOf(change, codeSpan),
      ...reasons.map(escapeMarkdown),
      ...unknownSecrets.map(
        (pointer) =>
          `${codeSpan(pointer.slice(1).replaceAll('/', '.'))} cannot be compared with the live secret; ${change.patch.length === 0 ? 'sent only with another change' : 'sent along'}`,
      ),
    ].join(' · '),
    ...(lines.length === 0 ? [] : [fenced('diff', lines.join('\n'))]),
    ...effectBlocks(change),
  ].filter((part) => part !== '');
  const full = body.length === 0 ? summary : details(summary, body.join('\n\n'), open);
  return { full, short: `- ${summary}` };
};

/** What it does to the data: its columns, then sentences. */
const effectBlocks = (change: Change): readonly string[] => {
  const note = columnNote(change);
  const columns = note === undefined && change.columns !== undefined ? columnLines(change.columns) : [];
  const texts = [...(note === undefined ? [] : [note]), ...effectTexts(change)];
  const lines = columns.map(({ sign, text }) => `${sign === '~' ? '!' : sign} ${text}`);
  return [
    ...(lines.length === 0 ? [] : [`Columns:\n\n${fenced('diff', lines.join('\n'))}`]),
    texts.map((text) => `- ${escapeMarkdown(text)}`).join('\n'),
  ];
};

/** For GitHub's colours of differences: one sign at the beginning of each line. */
const diffText = (difference: Difference): readonly string[] => {
  switch (difference.type) {
    case 'line':
      return [`${difference.sign} ${difference.text}${because(difference)}`];
    case 'value': {
      const { label, old, now, note } = difference;
      return [`- ${label}: ${old}`, `+ ${label}: ${now}${note}${because(difference)}`];
    }
    case 'lines':
      return [
        `  ${difference.label}:${difference.note}${because(difference)}`,
        ...difference.lines.map(({ sign, text }) => `${sign === '~' ? ' ' : sign}   ${text}`),
      ];
  }
};

/** As many blocks as there is room for: whole, else short, else counted. */
const fitted = (
  head: readonly string[],
  blocks: readonly Block[],
  tail: readonly string[],
  { limit, measure = (text) => text.length, rest }: MarkdownOptions,
): string => {
  const left = (number: number): string =>
    number === 0 ? '' : `**${count(number, 'more part')} did not fit here.** ${rest}`;
  const fixed = [...head, left(blocks.length), ...tail].join('\n\n');
  let room = limit - measure(fixed) - 2;
  const taken: string[] = [];
  let omitted = 0;
  for (const { full, short } of blocks) {
    const text = [full, short].find((each) => each !== '' && measure(each) + 2 <= room);
    if (text === undefined) {
      omitted += 1;
      continue;
    }
    taken.push(text);
    room -= measure(text) + 2;
    if (text !== full) omitted += 1;
  }
  return [...head, ...taken, left(omitted), ...tail].filter((part) => part !== '').join('\n\n');
};
