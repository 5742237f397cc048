/** `report`: the outputs of many runs as one. No network, no key. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { glob } from 'tinyglobby';
import { DiagnosticError, type Diagnostic } from '../../core/diagnostics.js';
import { printable } from '../../core/text.js';
import { mergeReports, parseRunReport, type RunReport } from '../../report/merged.js';
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
  const reports: RunReport[] = [];
  const problems: Diagnostic[] = [];
  for (const file of files) {
    const read = parseRunReport(file, await readFile(path.join(cwd, file), 'utf8'));
    if ('problem' in read)
      problems.push(
        problem(
          'bad-report',
          `${printable(file)}: ${read.problem}`,
          'name files of plan, apply or drift with --json',
        ),
      );
    else reports.push(read);
  }
  if (problems.length > 0) throw new DiagnosticError(problems);
  const merged = mergeReports(reports);
  if (options.json === true) printJson(io, merged);
  else io.out(options.format === 'markdown' ? mergedMarkdown(merged) : mergedText(merged));
  return merged.failed ? exitCodes.error : exitCodes.ok;
};
