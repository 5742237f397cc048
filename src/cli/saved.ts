/** Plans in files: written and read. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { DiagnosticError } from '../core/diagnostics.js';
import { codeOf } from '../core/error-code.js';
import { printable } from '../core/text.js';
import type { Settings } from '../load/config.js';
import { parseSavedPlan, type SavedPlan } from '../plan/saved.js';
import type { Ready, RunOptions } from '../workspace.js';
import { savedPlanOf } from '../workspace/saved.js';
import type { GlobalOptions, Io } from './io.js';

const fail = (code: string, message: string, hint: string): DiagnosticError =>
  new DiagnosticError([{ severity: 'error', code, message, hint }]);

const resolve = (io: Io, options: GlobalOptions, file: string): string =>
  path.resolve(io.cwd, options.chdir ?? '.', file);

/** Writes a plan into a file. Throws `DiagnosticError`. */
export const savePlan = async (
  io: Io,
  options: GlobalOptions,
  file: string,
  ready: Ready,
  settings: Settings,
  part: Pick<RunOptions, 'selection' | 'prune'>,
): Promise<void> => {
  const saved = await savedPlanOf(settings, ready, part);
  try {
    const text = `${JSON.stringify(saved, null, 2)}\n`;
    await writeFileAtomic(resolve(io, options, file), text, { mode: 0o600 });
  } catch (error) {
    const code = codeOf(error);
    throw fail(
      'unwritable-plan',
      `the plan cannot be written to ${printable(file)} (${code})`,
      'name another file by --out',
    );
  }
};

/** Reads a plan from a file. Throws `DiagnosticError`. */
export const loadPlan = async (io: Io, options: GlobalOptions, file: string): Promise<SavedPlan> => {
  const text = await readFile(resolve(io, options, file), 'utf8').catch(() => {
    throw fail('unreadable-plan', `${printable(file)} cannot be read`, 'write it by plan --out FILE');
  });
  const saved = parseSavedPlan(text);
  if (!('problem' in saved)) return saved;
  throw fail('bad-plan', `${printable(file)} is no plan to apply: ${saved.problem}`, 'plan again');
};
