/** `report`: the outputs of many runs as one. No network, no key. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { glob } from 'tinyglobby';
import { DiagnosticError, type Diagnostic } from '../../core/diagnostics.js';
import { printable } from '../../core/text.js';
import { mergeReports, parseRunReport, unreadReport } from '../../report/merged.js';
import { mergedMarkdown, mergedText } from '../../report/merged-text.js';
import { exitCodes, type GlobalOptions, type Io } from '../io.js';
import { printJson } from '../session.js';

interface ReportOptions extends GlobalOptions {
  readonly format?: 'text' | 'markdown';
}

const problem = (code: string, message: string, hint: string): Diagnostic => ({
  severity: 'error',
  code,
  message,
  hint,
});

export const report = async (io: Io, options: ReportOptions, ...patterns: string[]): Promise<number> => {
  const cwd = path.resolve(io.cwd, options.chdir ?? '.');
  const files = (await glob(patterns, { cwd, expandDirectories: false })).sort();
  if (files.length === 0)
    throw new DiagnosticError([
      problem(
        'no-reports',
        `no file matches ${patterns.map(printable).join(', ')}`,
        'plan --json > FILE writes one',
      ),
    ]);
  const read = await Promise.all(files.map(async (file) => ({ file, found: await readReport(cwd, file) })));
  if (read.every(({ found }) => 'problem' in found))
    throw new DiagnosticError(
      read.flatMap(({ file, found }) => ('problem' in found ? [badReport(file, found.problem)] : [])),
    );
  const merged = mergeReports(
    read.map(({ file, found }) => ('problem' in found ? unreadReport(file, found.problem) : found)),
  );
  if (options.json === true) printJson(io, merged);
  else io.out(options.format === 'markdown' ? mergedMarkdown(merged) : mergedText(merged));
  return merged.failed ? exitCodes.error : exitCodes.ok;
};

const badReport = (file: string, why: string): Diagnostic =>
  problem('bad-report', `${printable(file)}: ${why}`, 'name files of plan, apply or drift with --json');

const readReport = async (cwd: string, file: string): Promise<ReturnType<typeof parseRunReport>> => {
  try {
    return parseRunReport(file, await readFile(path.join(cwd, file), 'utf8'));
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return { problem: `it cannot be read (${code})` };
  }
};
