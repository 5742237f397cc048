/** The file of reasons: which differences are known, and why they are accepted. */
import { parseDocument, stringify } from 'yaml';
import type { Difference, Section } from './compare.js';

export const sections: readonly Section[] = ['missing', 'extra', 'changed', 'unmanaged', 'unsent'];

/** Differences that are accepted for one reason. */
export type Group = { readonly reason: string } & Readonly<Partial<Record<Section, readonly string[]>>>;

/** A row of the file, or of a comparison. */
export type Row = Pick<Difference, 'section' | 'row'>;

export interface Judgement {
  /** Differences that the file does not know, or gives no reason for. */
  readonly unexplained: readonly Difference[];
  /** Rows of the file that match no difference any more. */
  readonly stale: readonly Row[];
  readonly explained: readonly (Difference & { readonly reason: string })[];
}

const keyOf = ({ section, row }: Row): string => `${section} ${row}`;

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const groupOf = (value: unknown, at: string): Group => {
  if (typeof value !== 'object' || value === null) throw new Error(`${at} is no group of rows`);
  const { reason, ...rest } = value as Readonly<Record<string, unknown>>;
  if (typeof reason !== 'string') throw new Error(`${at} has no reason`);
  for (const [name, rows] of Object.entries(rest)) {
    if (!sections.some((section) => section === name))
      throw new Error(`${at} holds "${name}"; there are ${sections.join(', ')}`);
    if (!isTexts(rows)) throw new Error(`${at}: ${name} is no list of rows`);
  }
  return value as Group;
};

const rowsOf = (group: Group): readonly Row[] =>
  sections.flatMap((section) => (group[section] ?? []).map((row) => ({ section, row })));

/** The groups of the file. Throws for anything else, and for a row that stands there twice. */
export const parseReasons = (text: string): readonly Group[] => {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw new Error(error.message);
  const value: unknown = document.toJS() ?? [];
  if (!Array.isArray(value)) throw new Error('the file of reasons is no list');
  const groups = value.map((each: unknown, index) => groupOf(each, `group ${index + 1}`));
  const seen = new Set<string>();
  for (const row of groups.flatMap(rowsOf)) {
    if (seen.has(keyOf(row))) throw new Error(`"${keyOf(row)}" stands in the file twice`);
    seen.add(keyOf(row));
  }
  return groups;
};

/** Which differences have a reason, which have none, and which reasons have no difference. */
export const judge = (differences: readonly Difference[], groups: readonly Group[]): Judgement => {
  const reasons = new Map(
    groups.flatMap((group) => rowsOf(group).map((row) => [keyOf(row), group.reason.trim()])),
  );
  const live = new Set(differences.map(keyOf));
  const withReason = differences.map((each) => ({ ...each, reason: reasons.get(keyOf(each)) ?? '' }));
  return {
    unexplained: differences.filter((each) => (reasons.get(keyOf(each)) ?? '') === ''),
    stale: groups.flatMap(rowsOf).filter((row) => !live.has(keyOf(row))),
    explained: withReason.filter(({ reason }) => reason !== ''),
  };
};

const grouped = (reason: string, rows: readonly Row[]): Group => ({
  reason,
  ...Object.fromEntries(
    sections.flatMap((section) => {
      const own = rows.filter((row) => row.section === section).map(({ row }) => row);
      return own.length === 0 ? [] : [[section, own]];
    }),
  ),
});

/**
 * The file for the differences of today: reasons are kept, rows that match nothing are gone, and what has no reason
 * stands at the end under an empty one. `text`: the file as it is, whose first comment stays.
 */
export const updatedReasons = (text: string, differences: readonly Difference[]): string => {
  const { explained, unexplained } = judge(differences, parseReasons(text));
  const reasons = [...new Set(parseReasons(text).map(({ reason }) => reason.trim()))].filter(
    (reason) => reason !== '',
  );
  const groups = [
    ...reasons.map((reason) =>
      grouped(
        reason,
        explained.filter((each) => each.reason === reason),
      ),
    ),
    grouped('', unexplained),
  ].filter((group) => rowsOf(group).length > 0);
  const comment = /^(#.*\n)+/.exec(text)?.[0] ?? '';
  return `${comment}${stringify(groups, { lineWidth: 110, blockQuote: 'folded', singleQuote: true })}`;
};
