/** Rows before and after, side by side, for a terminal and nothing else. */
import type { JsonObject } from '../core/json.js';
import { asText, count, printable } from '../core/text.js';
import type { Sample } from '../plan/sample.js';
import { labelText } from './graph.js';
import type { Style } from './style.js';
import { tableText } from './table.js';

/** What a cell shows at the most. */
const WIDEST = 32;

const cell = (row: JsonObject, column: string): string => {
  if (!Object.hasOwn(row, column)) return '–';
  return labelText(asText(row[column]), WIDEST);
};

const sampleText = ({ step, before, after }: Sample, style: Style): string => {
  const columns = [...new Set([...before, ...(after === undefined ? [] : [after])].flatMap(Object.keys))];
  const then = after === undefined ? 'not known after' : 'after: an example of each column';
  const head = `Rows of ${style.bold(printable(step))}: ${count(before.length, 'row')} before, ${then}`;
  if (columns.length === 0) return `${head}\n`;
  const headings = before.map((_, index) => `BEFORE ${index + 1}`);
  const table = tableText(
    ['COLUMN', ...headings, ...(after === undefined ? [] : ['AFTER'])],
    columns.map((column) => [
      column,
      ...[...before, ...(after === undefined ? [] : [after])].map((row) => cell(row, column)),
    ]),
  );
  return `${head}\n${table.replaceAll(/^(?=.)/gm, '  ')}`;
};

/** A table for each object, a line a column; nothing where there are none. */
export const rowsText = (samples: readonly Sample[], style: Style): string =>
  samples.map((sample) => `\n${sampleText(sample, style)}`).join('');
