/** Columns for a terminal. */
import stringWidth from 'string-width';
import type { SourceField } from '../api/enumeration.js';
import { printable } from '../core/text.js';

/** Lines of aligned columns below their headings; cells may come from anywhere. */
export const tableText = (headings: readonly string[], rows: readonly (readonly string[])[]): string => {
  const all = [headings, ...rows.map((row) => row.map(printable))];
  const widths = headings.map((_, column) =>
    all.reduce((widest, row) => Math.max(widest, stringWidth(row[column] ?? '')), 0),
  );
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => `${cell}${' '.repeat((widths[column] ?? 0) - stringWidth(cell))}`)
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
};

/** A flag as a cell; nothing where it is not known. */
export const yesNo = (value: boolean | undefined): string =>
  value === undefined ? '' : value ? 'yes' : 'no';

/** Fields of a source or of a model. */
export const fieldTable = (fields: readonly SourceField[]): string =>
  tableText(
    ['FIELD', 'TYPE', 'LABEL'],
    fields.map(({ name, type, label }) => [name, type, label === name ? '' : label]),
  );
