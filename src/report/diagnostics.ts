/** Findings as text: place, message, hint. */
import type { Diagnostic, Place } from '../core/diagnostics.js';
import { count, printable } from '../core/text.js';
import type { Style } from './style.js';

const at = ({ file, line, column }: Place): string => `${printable(file)}:${line}:${column}`;

/** Each finding on lines of its own, a count at the end. Empty text for none. */
export const diagnosticsText = (diagnostics: readonly Diagnostic[], style: Style): string => {
  if (diagnostics.length === 0) return '';
  const blocks = diagnostics.map(({ severity, message, place, hint, related = [] }) => {
    const label = severity === 'error' ? style.red('error') : style.yellow('warning');
    return [
      ...(place === undefined ? [] : [style.cyan(at(place))]),
      `${place === undefined ? '' : '  '}${label}: ${printable(message)}`,
      ...related.map((other) => style.dim(`    ${printable(other.message)}: ${at(other.place)}`)),
      ...(hint === undefined ? [] : [`    ${style.dim('hint:')} ${printable(hint)}`]),
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
