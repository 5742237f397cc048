/** Findings as text: place, message, hint. */
import type { Diagnostic, Place } from '../core/diagnostics.js';
import { count, printable } from '../core/text.js';
import type { Style } from './style.js';

const at = ({ file, line, column }: Place): string => `${printable(file)}:${line}:${column}`;

/** More of one finding than this are told once, with the first of their places. */
const MOST_ALIKE = 3;

/** A finding, with the first of the places of which it is told. */
export interface Group {
  readonly finding: Diagnostic;
  readonly places: readonly Place[];
  readonly number: number;
}

const alike = ({ severity, message, hint, link, related = [] }: Diagnostic): string =>
  JSON.stringify([severity, message, hint, link, related]);

/** Findings in their order; those that say the same of many places together, where the first of them stands. */
export const grouped = (diagnostics: readonly Diagnostic[]): readonly Group[] => {
  const groups = new Map<string, Diagnostic[]>();
  for (const finding of diagnostics) {
    const others = groups.get(alike(finding));
    if (others === undefined) groups.set(alike(finding), [finding]);
    else others.push(finding);
  }
  return diagnostics.flatMap((finding): readonly Group[] => {
    const all = groups.get(alike(finding)) ?? [];
    const told = all.length > MOST_ALIKE ? all : [finding];
    if (told[0] !== finding) return [];
    const places = told.flatMap(({ place }) => place ?? []).slice(0, MOST_ALIKE);
    return [{ finding, places, number: told.length }];
  });
};

/**
 * Each finding on lines of its own, what is the same at many places once, a count at the end. Empty text for none.
 */
export const diagnosticsText = (diagnostics: readonly Diagnostic[], style: Style): string => {
  if (diagnostics.length === 0) return '';
  const blocks = grouped(diagnostics).map(({ finding, places, number }) => {
    const { severity, message, hint, link, related = [] } = finding;
    const [place, ...further] = places;
    const label = severity === 'error' ? style.red('error') : style.yellow('warning');
    return [
      ...(place === undefined ? [] : [style.cyan(at(place))]),
      `${place === undefined ? '' : '  '}${label}: ${printable(message)}`,
      ...further.map((other) => style.dim(`    also at ${at(other)}`)),
      ...(number > 1 && number > places.length
        ? [
            style.dim(
              `    and ${count(number - Math.max(places.length, 1), 'more', 'more')}; --json lists them all`,
            ),
          ]
        : []),
      ...related.map((other) => style.dim(`    ${printable(other.message)}: ${at(other.place)}`)),
      ...(hint === undefined ? [] : [`    ${style.dim('hint:')} ${printable(hint)}`]),
      ...(link === undefined ? [] : [`    ${style.dim('see:')} ${printable(link)}`]),
    ].join('\n');
  });
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const counts = [
    ...(errors === 0 ? [] : [count(errors, 'error')]),
    ...(warnings === 0 ? [] : [count(warnings, 'warning')]),
  ];
  return `${blocks.join('\n\n')}\n\n${counts.join(', ')}\n`;
};
