/** Instances in a CSV file: names of parameters in the first row, values below. */
import { CsvError, parse } from 'csv-parse/sync';

export interface Row {
  /** Counted from 1. */
  readonly line: number;
  /** By the name of its column; an empty cell gives nothing. */
  readonly cells: ReadonlyMap<string, string>;
}

export type Table =
  | { readonly columns: readonly string[]; readonly rows: readonly Row[] }
  | { readonly problem: string; readonly line: number };

interface Recorded {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** The rows of a text; where there are more than `most`, one more than that. Never throws for what it holds. */
export const readCsv = (text: string, most: number): Table => {
  let records: readonly Recorded[];
  try {
    records = parse(text, {
      bom: true,
      info: true,
      skip_empty_lines: true,
      to: most + 2,
    }) as unknown as Recorded[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Only what is said of its form: the rest of the message may quote it.
    return {
      problem: error.code.toLowerCase().replace(/^csv_/, '').replaceAll('_', ' '),
      line: Number(error['lines'] ?? 1),
    };
  }
  const [head, ...rest] = records;
  if (head === undefined) return { problem: 'it has no rows', line: 1 };
  const columns = head.record.map((name) => name.trim());
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) return { problem: `two columns are called "${twice}"`, line: 1 };
  const rows = rest.map(({ record, info }): Row => {
    // The library counts the line that a row ends in.
    const within = record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
    return {
      line: info.lines - within,
      cells: new Map(
        columns.flatMap((name, index) => {
          const cell = record[index] ?? '';
          return cell === '' ? [] : [[name, cell] as const];
        }),
      ),
    };
  });
  return { columns, rows };
};
