/** A plan as text for a terminal: what a reviewer reads. */
import type { Address } from '../core/address.js';
import { count, printable } from '../core/text.js';
import { kindOf } from '../kinds/registry.js';
import type { Impact } from '../plan/impact.js';
import { mainSteps, type Action, type Change, type Plan } from '../plan/plan.js';
import { belongingsOf } from './belongings.js';
import { because, createdBy, differencesOf, type Difference, type Sign } from './differences.js';
import { columnLines, columnNote, effectTexts } from './effects.js';
import { impactLines } from './impact-text.js';
import type { Style } from './style.js';

export const symbols: Readonly<Record<Action, string>> = {
  create: '+',
  update: '~',
  replace: '±',
  delete: '-',
  adopt: '=',
  move: '>',
  forget: '?',
};

export const colours: Readonly<Record<Action, 'green' | 'yellow' | 'red' | 'cyan'>> = {
  create: 'green',
  update: 'yellow',
  replace: 'red',
  delete: 'red',
  adopt: 'cyan',
  move: 'cyan',
  forget: 'yellow',
};

/** What each action will do, in words. */
export const sentences: Readonly<Record<Action, string>> = {
  create: 'will be created',
  update: 'will be updated',
  replace: 'must be REPLACED',
  delete: 'will be deleted',
  adopt: 'will be adopted',
  move: 'will be moved',
  forget: 'will be forgotten',
};

/** The whole plan: each change, what is downstream of them, then the counts. Ends with a newline. */
export const planText = (plan: Plan, style: Style, impacts: readonly Impact[] = []): string => {
  const created = createdBy(plan);
  const where = [
    `organization ${style.bold(printable(plan.organization.name === '' ? plan.organization.id : plan.organization.name))}`,
    ...(plan.environment === null ? [] : [`environment ${style.bold(plan.environment)}`]),
  ].join(', ');
  const blocks = plan.changes.map((change) => changeText(change, created, style));
  const downstream =
    impacts.length === 0
      ? []
      : [['Downstream of what changes:', ...impactLines(impacts).map((line) => `  ${line}`)].join('\n')];
  return `${[`Plan for ${where}`, ...blocks, ...downstream, summary(plan, style)].join('\n\n')}\n`;
};

const changeText = (change: Change, created: ReadonlySet<Address>, style: Style): string => {
  const { action, step, name, reasons, place, unknownSecrets } = change;
  const paint = style[colours[action]];
  const head = `${paint(symbols[action])} ${style.bold(step)} ${printable(JSON.stringify(name))} ${sentences[action]}`;
  const origin = place === undefined ? [] : [`${printable(place.file)}:${place.line}`];
  const notes = [...origin, ...belongingsOf(change, printable), ...reasons.map(printable)].map((note) =>
    style.dim(`    # ${note}`),
  );
  const lines = differencesOf(change, created).flatMap((each) => differenceText(each, style));
  const secrets = unknownSecrets.map((pointer) =>
    style.dim(
      `    # ${pointer.slice(1).replaceAll('/', '.')}: cannot be compared with the live secret; ${change.patch.length === 0 ? 'sent only with another change' : 'sent along'}`,
    ),
  );
  return [head, ...notes, ...lines, ...secrets, ...effectLines(change, style)].join('\n');
};

/** What it does to the data: its columns, then sentences. */
const effectLines = (change: Change, style: Style): readonly string[] => {
  const note = columnNote(change);
  const columns = note === undefined && change.columns !== undefined ? columnLines(change.columns) : [];
  return [
    ...(note === undefined ? [] : [style.dim(`    # ${note}`)]),
    ...(columns.length === 0 ? [] : ['    columns:']),
    ...columns.map(({ sign, text }) => style[paints[sign]](`      ${sign} ${text}`)),
    ...effectTexts(change).map((text) => style.yellow(`    → ${text}`)),
  ];
};

const paints: Readonly<Record<Sign | '~', 'green' | 'red' | 'dim' | 'yellow'>> = {
  '+': 'green',
  '-': 'red',
  ' ': 'dim',
  '~': 'yellow',
};

const differenceText = (difference: Difference, style: Style): readonly string[] => {
  switch (difference.type) {
    case 'line':
      return [
        style[paints[difference.sign]](`    ${difference.sign} ${difference.text}${because(difference)}`),
      ];
    case 'value': {
      const { label, old, now, note } = difference;
      return [
        `    ${style.yellow('~')} ${label}: ${style.red(old)} → ${style.green(now)}${style.dim(`${note}${because(difference)}`)}`,
      ];
    }
    case 'lines':
      return [
        style.yellow(`    ~ ${difference.label}:`) + style.dim(`${difference.note}${because(difference)}`),
        ...difference.lines.map(({ sign, text }) => style[paints[sign]](`      ${sign} ${text}`)),
      ];
  }
};

const verbs: readonly (readonly [Action, string])[] = [
  ['create', 'to create'],
  ['update', 'to update'],
  ['replace', 'to replace'],
  ['delete', 'to delete'],
  ['adopt', 'to adopt'],
  ['move', 'to move'],
  ['forget', 'to forget'],
];

export interface ActionCount {
  readonly action: Action;
  readonly number: number;
  /** `to create`. */
  readonly words: string;
}

/** How much of each action there is; nothing of what there is not. */
export const actionCounts = ({ changes }: Plan): readonly ActionCount[] => {
  const main = mainSteps(changes);
  return verbs
    .map(([action, words]) => ({
      action,
      words,
      number: main.filter(({ action: own }) => own === action).length,
    }))
    .filter(({ number }) => number > 0);
};

/** `Plan: 4 to create, 1 to update. 12 unchanged.` */
export const planCounts = (plan: Plan): string => {
  const { changes, unchanged } = plan;
  if (changes.length === 0)
    return `No changes. ${count(unchanged, 'resource')} ${unchanged === 1 ? 'is' : 'are'} as the manifests say.`;
  const parts = actionCounts(plan).map(({ number, words }) => `${number} ${words}`);
  return `Plan: ${parts.join(', ')}. ${unchanged} unchanged.`;
};

const countOf = (kind: string, number: number): string => {
  const { one, many } = kindOf(kind).noun;
  return count(number, one, many);
};

/**
 * `3 connections, 1 sync, of which 1 looks like a duplicate`: live objects that belong to no manifest; nothing where
 * there are none.
 */
export const unmanagedText = ({ unmanaged, duplicates = [] }: Plan): string => {
  const all = Object.entries(unmanaged)
    .filter(([, number]) => number > 0)
    .map(([kind, number]) => countOf(kind, number))
    .join(', ');
  const { length: twins } = duplicates;
  if (twins === 0) return all;
  return `${all}, of which ${twins} ${twins === 1 ? 'looks like a duplicate' : 'look like duplicates'}`;
};

/** More lines help nobody: `plan --json` has them all. */
const MOST_DUPLICATES = 20;

/** A line for each of what looks like a managed object, and what to do about it; nothing where nothing does. */
export const duplicateTexts = ({ duplicates = [] }: Plan): readonly string[] => [
  ...duplicates
    .slice(0, MOST_DUPLICATES)
    .map(
      ({ kind, name, id, of, bound }) =>
        `${kindOf(kind).noun.one} ${JSON.stringify(name)} (${id}) looks like a duplicate of ${of} (${bound}): delete it in Polytomic if nothing uses it`,
    ),
  ...(duplicates.length > MOST_DUPLICATES ? [`and ${duplicates.length - MOST_DUPLICATES} more`] : []),
];

const summary = (plan: Plan, style: Style): string => {
  const { retained, excluded } = plan;
  const unmanaged = unmanagedText(plan);
  return [
    style.bold(planCounts(plan)),
    ...(excluded === 0 ? [] : [style.yellow(`Not selected, and left out: ${count(excluded, 'change')}.`)]),
    ...(retained.length === 0
      ? []
      : [style.yellow(`Without a manifest, and not deleted: ${retained.map(printable).join(', ')}.`)]),
    ...(unmanaged === '' ? [] : [style.dim(`Not managed here and left alone: ${unmanaged}.`)]),
    ...duplicateTexts(plan).map((line) => style.yellow(`  ${printable(line)}`)),
  ].join('\n');
};
