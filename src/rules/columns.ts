/** Columns that nobody may read after they left their source. Pure. */
import type { Address } from '../core/address.js';
import { addressOf } from '../core/address.js';
import type { MovedColumn } from '../kinds/columns.js';
import { kindOf } from '../kinds/registry.js';
import type { Resource } from '../load/desired.js';
import type { Misfit } from '../load/json-schema/schema.js';

/** Whether `*`, for anything, and letters in any case make a text; in the time that the text is long. */
export const isLike = (pattern: string, text: string): boolean => {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const whole = text.toLowerCase();
  const last = rest.pop();
  if (last === undefined) return whole === first;
  if (!whole.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = whole.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return whole.length - last.length >= at && whole.endsWith(last);
};

export interface ColumnsInput {
  readonly columns: readonly string[];
  readonly label?: string;
  readonly resourceOf: (address: Address) => Resource | undefined;
}

/** The tables that what a column comes from reads. */
const tablesOf = (source: Resource | undefined): readonly string[] =>
  source === undefined
    ? []
    : (kindOf(source.kind).tables?.(source.document) ?? []).flatMap(({ schema, table }) =>
        table === undefined ? [] : [table, ...(schema === undefined ? [] : [`${schema}.${table}`])],
      );

/** What a column may be called: by itself, and as one of what it is in. */
const namesOf = (
  { column = '', table, from }: MovedColumn,
  source: Resource | undefined,
): readonly string[] => [
  column,
  ...[
    ...(table === undefined ? [] : [table]),
    ...(from === undefined ? [] : [from.key]),
    ...tablesOf(source),
  ].map((place) => `${place}.${column}`),
];

/** Columns of a place that are marked by their whole names, and of which a document that moves the place says nothing. */
const unsaid = ({ table, named = [] }: MovedColumn, marks: readonly string[]): readonly string[] => {
  const start = `${table ?? ''}.`.toLowerCase();
  return marks
    .filter((mark) => table !== undefined && !mark.includes('*') && mark.toLowerCase().startsWith(start))
    .map((mark) => mark.slice(start.length))
    .filter((column) => !named.some((name) => name.toLowerCase() === column.toLowerCase()));
};

/** Columns that are marked, and that a resource moves as they are. */
export const openColumns = (
  { kind, document }: Resource,
  { columns, label, resourceOf }: ColumnsInput,
): readonly Misfit[] =>
  (kindOf(kind).columns?.(document) ?? []).flatMap((moved): readonly Misfit[] => {
    const { pointer, column, from, hidden, table = '' } = moved;
    const source = from === undefined ? undefined : resourceOf(addressOf(from.kind, from.key));
    const own = label === undefined ? '' : (source?.labels[label] ?? '');
    const marks = [...columns, ...own.split(/[\s,]+/).filter((word) => word !== '')];
    if (column === undefined)
      return unsaid(moved, marks).map((name) => ({
        pointer,
        message: `${table} is copied, and nothing is said of its column ${name}`,
      }));
    const names = namesOf(moved, source);
    return hidden || !marks.some((mark) => names.some((name) => isLike(mark, name)))
      ? []
      : [{ pointer, message: `${column} is moved as it is` }];
  });
