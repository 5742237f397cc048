/**
 * The state on a ref of the repository's own remote: no bucket, and its history is kept. Each write is a commit
 * that is pushed only where the ref still is what was read: compare and swap. Plumbing commands alone; neither
 * the index nor the work tree is touched, and a shallow checkout is enough.
 */
import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { DiagnosticError } from '../core/diagnostics.js';
import { printable } from '../core/text.js';
import { git as callGit, GitError, whatHappened, withoutPassword } from './git-command.js';
import { isHeld, parseLock, type LockInfo } from './lock.js';
import { emptyState, serializeState, type State } from './state.js';
import { conflict, readState, type StateStore } from './store.js';

export interface GitStoreOptions {
  /** A folder of the checkout. */
  readonly root: string;
  readonly environment: string | undefined;
  /** Name or address of the remote. */
  readonly remote: string;
  /** Variables for Git: PATH, HOME, credentials. Of the process, not of a dotenv file. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** What the ref holds. */
interface Tip {
  /** Undefined where there is no such ref yet. */
  readonly commit: string | undefined;
  readonly state: State;
  readonly lock: LockInfo | undefined;
}

/** The ref was moved by somebody else between reading and pushing. */
class MovedError extends Error {
  override readonly name = 'MovedError';
}

type Git = (args: readonly string[]) => Promise<string>;

const settled = async (call: Promise<string>): Promise<string | undefined> => call.catch(() => undefined);

/**
 * Throws where the remote is a folder of the checkout itself: Git runs the hooks of a repository that it pushes
 * to, and a pull request can bring one along. A remote that the checkout knows by its name is what somebody set.
 */
const refuseOwnFolder = async (git: Git, root: string, remote: string): Promise<void> => {
  if ((await settled(git(['config', '--get', `remote.${remote}.url`]))) !== undefined) return;
  const folder = await settled(realpath(path.resolve(root, remote.replace(/^file:\/\/(localhost)?/i, ''))));
  const top = await settled(git(['rev-parse', '--show-toplevel']));
  if (folder === undefined) return;
  const within = path.relative(await realpath(top ?? root), folder);
  if (within.startsWith('..') || path.isAbsolute(within)) return;
  throw new DiagnosticError([
    {
      severity: 'error',
      code: 'untrusted-remote',
      message: `the configuration file keeps the state at "${printable(withoutPassword(remote))}", a folder of this checkout`,
      hint: 'name a remote in stateRemote, such as origin, or an address outside of the checkout',
    },
  ]);
};

/** The state on `refs/heads/polytomic-state/ENVIRONMENT` of a remote. */
export const gitStore = ({ root, environment, remote, variables }: GitStoreOptions): StateStore => {
  const ref = `refs/heads/polytomic-state/${environment ?? 'default'}`;
  const description = `${ref.replace('refs/heads/', '')} of ${withoutPassword(remote)}`;
  const where = { place: { file: description, line: 1, column: 1 } };
  const who = { NAME: 'polytomic-gitops', EMAIL: 'polytomic-gitops@localhost' };
  const env = {
    ...variables,
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: who.NAME,
    GIT_AUTHOR_EMAIL: who.EMAIL,
    GIT_COMMITTER_NAME: who.NAME,
    GIT_COMMITTER_EMAIL: who.EMAIL,
  };
  const git = async (args: readonly string[], input?: string): Promise<string> => {
    try {
      return await callGit(args, { cwd: root, env, ...(input === undefined ? {} : { input }) });
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      const { stderr, code } = error;
      if (/stale info|\[rejected\]|\[remote rejected\]|cannot lock ref|fetch first/.test(stderr))
        throw new MovedError();
      const missing = code === 'ENOENT';
      throw new DiagnosticError([
        {
          severity: 'error',
          code: missing ? 'no-git' : 'git-failed',
          message: missing
            ? 'git is not installed, and the state is kept in it'
            : `git ${args[0] ?? ''} failed: ${whatHappened(stderr)}`,
          hint: missing
            ? 'install git, or set state: file in the configuration file'
            : `check that the remote "${withoutPassword(remote)}" can be read and written (stateRemote in the configuration file)`,
        },
      ]);
    }
  };

  let checked: Promise<void> | undefined;

  /** What this run read last: the next write is its successor. */
  let known: Tip = { commit: undefined, state: emptyState, lock: undefined };

  const blob = async (commit: string, file: string): Promise<string | undefined> => {
    const listed = await git(['ls-tree', commit, '--', file]);
    return listed === '' ? undefined : git(['cat-file', 'blob', `${commit}:${file}`]);
  };

  const readTip = async (): Promise<Tip> => {
    await (checked ??= refuseOwnFolder(git, root, remote));
    const commit = (await git(['ls-remote', '--', remote, ref])).split(/\s/)[0] ?? '';
    if (commit === '') return (known = { commit: undefined, state: emptyState, lock: undefined });
    if (commit === known.commit) return known;
    const shallow = (await git(['rev-parse', '--is-shallow-repository'])) === 'true';
    await git([
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-write-fetch-head',
      ...(shallow ? ['--depth=1'] : []),
      '--',
      remote,
      ref,
    ]);
    const [text, lock] = await Promise.all([blob(commit, 'state.json'), blob(commit, 'lock.json')]);
    return (known = {
      commit,
      state: text === undefined ? emptyState : readState(text, where),
      lock: lock === undefined ? undefined : parseLock(lock),
    });
  };

  /** Pushes a successor of what is known. Throws `MovedError` where it is not the last any more. */
  const push = async (state: State, lock: LockInfo | undefined, message: string): Promise<void> => {
    const { commit: parent } = known;
    const files = [
      ...(lock === undefined ? [] : [['lock.json', `${JSON.stringify(lock)}\n`] as const]),
      ['state.json', serializeState(state)] as const,
    ];
    const entries: string[] = [];
    for (const [name, text] of files)
      entries.push(`100644 blob ${await git(['hash-object', '-w', '--stdin'], text)}\t${name}`);
    const tree = await git(['mktree'], `${entries.join('\n')}\n`);
    const commit = await git([
      'commit-tree',
      tree,
      ...(parent === undefined ? [] : ['-p', parent]),
      '-m',
      `polytomic-gitops: ${message}`,
      // Two runs that write the same in one second would else make one commit, and both win.
      '-m',
      `Write: ${randomUUID()}`,
    ]);
    await git([
      'push',
      '--quiet',
      '--no-verify',
      `--force-with-lease=${ref}:${parent ?? ''}`,
      '--',
      remote,
      `${commit}:${ref}`,
    ]);
    known = { commit, state, lock };
  };

  return {
    description,
    durable: true,
    read: async () => (await readTip()).state,
    write: async (state) => {
      if (state.serial !== known.state.serial) throw conflict('another run wrote the state meanwhile', where);
      const next = { ...state, serial: state.serial + 1 };
      try {
        // A write renews the lock.
        const lock =
          known.lock === undefined ? undefined : { ...known.lock, since: new Date().toISOString() };
        await push(next, lock, `serial ${next.serial}`);
      } catch (error) {
        if (error instanceof MovedError) throw conflict('another run wrote the state meanwhile', where);
        throw error;
      }
      return next;
    },
    locked: async () => (await readTip()).lock,
    tryLock: async (info) => {
      for (;;) {
        const { state, lock } = await readTip();
        if (lock !== undefined && isHeld(lock, hostname(), Date.now())) return lock;
        try {
          await push(state, info, `lock: ${info.purpose}`);
          return undefined;
        } catch (error) {
          // Somebody was faster: look again who.
          if (!(error instanceof MovedError)) throw error;
        }
      }
    },
    unlock: async (id) => {
      for (;;) {
        const { state, lock } = await readTip();
        if (lock?.id !== id) return;
        try {
          await push(state, undefined, 'unlock');
          return;
        } catch (error) {
          if (!(error instanceof MovedError)) throw error;
        }
      }
    },
  };
};
