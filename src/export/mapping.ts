/** Files that say which id belongs to which address: a map in YAML or JSON, or lines of CSV. Pure. */
import { DiagnosticError, type Diagnostic, type Place } from '../core/diagnostics.js';
import { escapePointer, pointerSegments } from '../core/secret.js';
import { parseFile } from '../load/parse.js';
import { createLocate } from '../load/positions.js';
import type { Wish } from './adoption.js';

const fail = (message: string, place: Place): Diagnostic => ({
  severity: 'error',
  code: 'bad-mapping',
  message,
  hint: 'write `connection.warehouse: ID`, or connection.warehouse,ID in a file that ends with .csv',
  place,
});

const unquoted = (text: string): string => text.trim().replace(/^"(.*)"$/, '$1');

const fromLines = (file: string, text: string): readonly Wish[] => {
  const problems: Diagnostic[] = [];
  const wishes = text.split(/\r?\n/).flatMap((line, index): Wish[] => {
    const place = { file, line: index + 1, column: 1 };
    if (line.trim() === '' || line.trimStart().startsWith('#')) return [];
    const cells = line.split(/[,;\t]/).map(unquoted);
    const [address = '', id = '', ...more] = cells;
    if (index === 0 && address.toLowerCase() === 'address') return [];
    if (address !== '' && id !== '' && more.length === 0) return [{ address, id, place }];
    problems.push(fail('the line is no address and id', place));
    return [];
  });
  if (problems.length > 0) throw new DiagnosticError(problems);
  return wishes;
};

const fromMap = (file: string, text: string): readonly Wish[] => {
  const { documents, diagnostics } = parseFile(file, text);
  if (diagnostics.length > 0) throw new DiagnosticError(diagnostics);
  const value = documents[0]?.value;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DiagnosticError([fail('the file holds no map of addresses', { file, line: 1, column: 1 })]);
  const locate = createLocate(() => text);
  const entries = Object.entries(value as Readonly<Record<string, unknown>>).map(([address, id]) => ({
    address,
    id,
    place: locate(file, 0, pointerSegments(`/${escapePointer(address)}`), 'key').place,
  }));
  const problems = entries
    .filter(({ id }) => typeof id !== 'string')
    .map(({ address, place }) => fail(`the id of ${address} is no text`, place));
  if (problems.length > 0) throw new DiagnosticError(problems);
  return entries as readonly Wish[];
};

/** The wishes of a file. Throws `DiagnosticError` with all that is wrong in it. */
export const readMapping = (file: string, text: string): readonly Wish[] =>
  /\.(csv|tsv)$/i.test(file) ? fromLines(file, text) : fromMap(file, text);
