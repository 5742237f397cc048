/** Findings as text: place, message, hint, and where more is said. */
import type { Diagnostic, Place } from '../core/diagnostics.js';
import { findingUrl } from '../core/site.js';
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

/** Of one place, whatever led there: the same line of a template is wrong for each of its instances. */
const ofOnePlace = ({ severity, message, hint, place }: Diagnostic): string | undefined =>
  place === undefined ? undefined : JSON.stringify([severity, message, hint, place]);

const differentPlaces = (findings: readonly Diagnostic[]): readonly Place[] => [
  ...new Map(
    findings.flatMap(({ place }) => (place === undefined ? [] : [[at(place), place] as const])),
  ).values(),
];

/** Findings in their order; those that say the same of many places together, where the first of them stands. */
export const grouped = (diagnostics: readonly Diagnostic[]): readonly Group[] => {
  const times = new Map<string, number>();
  for (const finding of diagnostics) {
    const one = ofOnePlace(finding) ?? '';
    times.set(one, (times.get(one) ?? 0) + 1);
  }
  const idOf = (finding: Diagnostic): string => {
    const one = ofOnePlace(finding);
    return one !== undefined && (times.get(one) ?? 0) > MOST_ALIKE ? one : alike(finding);
  };
  const groups = new Map<string, Diagnostic[]>();
  for (const finding of diagnostics) {
    const others = groups.get(idOf(finding));
    if (others === undefined) groups.set(idOf(finding), [finding]);
    else others.push(finding);
  }
  return diagnostics.flatMap((finding): readonly Group[] => {
    const all = groups.get(idOf(finding)) ?? [];
    const told = all.length > MOST_ALIKE ? all : [finding];
    if (told[0] !== finding) return [];
    return [{ finding, places: differentPlaces(told).slice(0, MOST_ALIKE), number: told.length }];
  });
};

/**
 * Each finding on lines of its own, what is the same at many places once, a count at the end. Empty text for none.
 */
export const diagnosticsText = (diagnostics: readonly Diagnostic[], style: Style): string => {
  if (diagnostics.length === 0) return '';
  const blocks = grouped(diagnostics).map(({ finding, places, number }) => {
    const { severity, code, message, hint, link, related = [] } = finding;
    const url = findingUrl(code);
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
      ...(url === undefined ? [] : [style.dim(`    ${url}`)]),
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
