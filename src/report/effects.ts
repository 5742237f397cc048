/** What a change does to the data, as lines that a report shows in its own way. Pure; every text is printable. */
import { printable } from '../core/text.js';
import type { Change, Columns } from '../plan/plan.js';

export interface EffectLine {
  /** `+` comes, `-` goes, `~` changes; ` ` is a word about them. */
  readonly sign: '+' | '-' | '~' | ' ';
  readonly text: string;
}

/** More lines of one sort help nobody: `plan --json` has them all. */
const MOST = 20;

const some = <T>(all: readonly T[], line: (item: T) => EffectLine, what: string): readonly EffectLine[] => [
  ...all.slice(0, MOST).map(line),
  ...(all.length > MOST ? [{ sign: ' ' as const, text: `and ${all.length - MOST} more that ${what}` }] : []),
];

const typed = (name: string, type: string): string => printable(type === '' ? name : `${name}: ${type}`);

/** Columns that come, go and change their type; nothing where none does. */
export const columnLines = ({ added, removed, changed }: Columns): readonly EffectLine[] => [
  ...some(added, ({ name, type }) => ({ sign: '+', text: typed(name, type) }), 'come'),
  ...some(removed, ({ name, type }) => ({ sign: '-', text: typed(name, type) }), 'go'),
  ...some(
    changed,
    ({ name, before, after }) => ({ sign: '~', text: printable(`${name}: ${before} → ${after}`) }),
    'change their type',
  ),
];

/** What is known of the columns in a word, where there are no lines of them; undefined where nothing was asked. */
export const columnNote = ({ columns }: Change): string | undefined =>
  columns === undefined
    ? undefined
    : columns.unknown !== undefined
      ? printable(`columns: not known: ${columns.unknown}`)
      : columnLines(columns).length === 0
        ? 'columns: none comes, goes or changes its type'
        : undefined;

/** The sentences of a change. */
export const effectTexts = ({ effects = [] }: Change): readonly string[] => effects.map(printable);
