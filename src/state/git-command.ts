/**
 * Calling Git in a working copy that may be a stranger's: nothing that lies in it is executed.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { printable } from '../core/text.js';

export interface GitCall {
  /** A folder of the checkout. */
  readonly cwd: string;
  /** Of this process, never of a dotenv file: `GIT_SSH_COMMAND` or `PATH` in one would run a stranger's program. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For standard input. */
  readonly input?: string;
}

/** What Git did not do. `code` is the exit code, or `ENOENT` where Git is not installed. */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly code: unknown;
  readonly stderr: string;
  constructor(code: unknown, stderr: string) {
    super(`git failed: ${whatHappened(stderr)}`);
    this.code = code;
    this.stderr = stderr;
  }
}

const LARGEST = 256 * 1024 * 1024;

// Given on the command line, these go before every file of configuration.
const HARDENED: readonly string[] = [
  // Hooks are for people's commits, and a repository can point them at a folder of its work tree.
  'core.hooksPath=/dev/null',
  // A folder with HEAD, config, objects and refs in it would else be a repository, whose config names programs.
  'safe.bareRepository=explicit',
  // A program that Git asks which files changed.
  'core.fsmonitor=false',
].flatMap((setting) => ['-c', setting]);

/** A remote's address may hold a password. */
export const withoutPassword = (text: string): string => text.replaceAll(/:\/\/[^@\s/]+@/g, '://(secret)@');

/**
 * The line of Git's complaint that says what happened: the first that is no warning. What follows it is advice,
 * or a sentence broken over lines. Fit to be printed.
 */
export const whatHappened = (stderr: string): string => {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const said = lines.find((line) => !/^(warning|hint):/i.test(line)) ?? lines[0] ?? 'it does not say why';
  return printable(withoutPassword(said.replace(/^(fatal|error): /, '')));
};

/** What Git prints, without the last line's end. Throws `GitError`. */
export const git = async (args: readonly string[], { cwd, env, input }: GitCall): Promise<string> => {
  try {
    const running = promisify(execFile)('git', [...HARDENED, ...args], { cwd, env, maxBuffer: LARGEST });
    if (input !== undefined) running.child.stdin?.end(input);
    return (await running).stdout.trimEnd();
  } catch (error) {
    const { stderr = '', code } = error as { readonly stderr?: string; readonly code?: unknown };
    throw new GitError(code, stderr);
  }
};
