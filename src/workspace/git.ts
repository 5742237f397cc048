/** Which files Git could not give back. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DiagnosticError } from '../core/diagnostics.js';
import { printable } from '../core/text.js';
import type { Settings } from '../load/config.js';

const LARGEST = 64 * 1024 * 1024;

/** What Git answers; undefined outside of a repository and without Git: there is nothing to compare with. */
const run = async (
  { root, environment }: Settings,
  ...args: readonly string[]
): Promise<string | undefined> => {
  const env = { ...environment, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
  try {
    return (await promisify(execFile)('git', [...args], { cwd: root, env, maxBuffer: LARGEST })).stdout;
  } catch (error) {
    const { stderr = '', code } = error as { readonly stderr?: string; readonly code?: unknown };
    if (code === 'ENOENT' || stderr.includes('not a git repository')) return undefined;
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'git-failed',
        message: `git cannot say what is committed: ${printable(stderr.trim().split('\n')[0] ?? '')}`,
        hint: 'see to that, or add --force to overwrite files all the same',
      },
    ]);
  }
};

/**
 * Of these files, relative to the root, those that no commit holds as they are: modified, untracked and ignored
 * ones. None outside of a repository. Throws `DiagnosticError` where Git fails.
 */
export const uncommitted = async (
  settings: Settings,
  files: readonly string[],
): Promise<readonly string[]> => {
  if (files.length === 0) return [];
  const prefix = (await run(settings, 'rev-parse', '--show-prefix'))?.trimEnd();
  if (prefix === undefined) return [];
  const status = await run(
    settings,
    ...['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--ignored=matching'],
    // The root alone: thousands of files are more than a command line takes.
    ...['--', '.'],
  );
  const dirty = (status ?? '').split('\0').flatMap((entry) => (entry === '' ? [] : [entry.slice(3)]));
  const exact = new Set(dirty);
  const folders = dirty.filter((entry) => entry.endsWith('/'));
  return files.filter((file) => {
    const own = `${prefix}${file}`;
    return exact.has(own) || folders.some((folder) => own.startsWith(folder));
  });
};
