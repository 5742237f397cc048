/** Which files Git could not give back. */
import { DiagnosticError } from '../core/diagnostics.js';
import type { Settings } from '../load/config.js';
import { git, GitError, whatHappened } from '../state/git-command.js';

/** What Git answers; undefined outside of a repository and without Git: there is nothing to compare with. */
const run = async (
  { root, processEnvironment }: Settings,
  ...args: readonly string[]
): Promise<string | undefined> => {
  const env = { ...processEnvironment, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
  try {
    return await git(args, { cwd: root, env });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const { stderr, code } = error;
    if (code === 'ENOENT' || stderr.includes('not a git repository')) return undefined;
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'git-failed',
        message: `git cannot say what is committed: ${whatHappened(stderr)}`,
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
  const prefix = await run(settings, 'rev-parse', '--show-prefix');
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
