/** A repository on disk with a remote, as a team and GitHub have it: branches, pull requests, merges. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import type { GitHubDouble } from './github.js';
import { writeFiles } from './workbench.js';

export interface Checkout {
  readonly folder: string;
  readonly sha: string;
}

export interface TeamRepository {
  /** Of its remote, its work tree and its checkouts. */
  readonly folder: string;
  readonly remote: string;
  /** Commits files on a branch, made from main where it is new; gives the commit. */
  readonly commit: (branch: string, files: Readonly<Record<string, string | null>>) => Promise<string>;
  /** Opens a pull request of a branch; gives its number. */
  readonly open: (branch: string, from?: string) => Promise<number>;
  /** Merges it, as GitHub's button or its merge queue does; gives main before and after. */
  readonly merge: (
    number: number,
    how?: 'merge' | 'squash',
  ) => Promise<{ readonly before: string; readonly after: string }>;
  /** A shallow checkout of a pull request's merge with main, as actions/checkout makes it. */
  readonly checkoutMerge: (number: number) => Promise<Checkout>;
  /** A merge group of these pull requests, on a branch of its own. */
  readonly queue: (...numbers: readonly number[]) => Promise<Checkout & { readonly ref: string }>;
  readonly checkout: (ref: string) => Promise<Checkout>;
  readonly git: (...args: readonly string[]) => Promise<string>;
}

const env = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Ana',
  GIT_AUTHOR_EMAIL: 'ana@example.com',
  GIT_COMMITTER_NAME: 'Ana',
  GIT_COMMITTER_EMAIL: 'ana@example.com',
};

/**
 * A repository whose main branch holds these files, or a copy of one in another folder; `github` knows its commits and
 * pull requests. It is removed with the test.
 */
export const teamRepository = async (
  begin: { readonly files: Readonly<Record<string, string>> } | { readonly copyOf: string },
  github: GitHubDouble,
): Promise<TeamRepository> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-team-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const remote = path.join(folder, 'remote.git');
  const work = path.join(folder, 'work');
  const run = async (cwd: string, ...args: readonly string[]): Promise<string> =>
    (await execa('git', args, { cwd, env })).stdout;
  const git = async (...args: readonly string[]): Promise<string> => run(work, ...args);
  if ('copyOf' in begin) {
    for (const part of ['remote.git', 'work'])
      await cp(path.join(begin.copyOf, part), path.join(folder, part), { recursive: true });
    await git('remote', 'set-url', 'origin', remote);
  } else {
    await run(folder, 'init', '--quiet', '--bare', '-b', 'main', remote);
    await run(folder, 'init', '--quiet', '-b', 'main', work);
    await git('remote', 'add', 'origin', remote);
  }
  let checkouts = 0;

  /** Tells GitHub of a branch and all its commits. */
  const push = async (branch: string): Promise<string> => {
    await git('push', '--quiet', '--force', 'origin', `${branch}:${branch}`);
    const sha = await git('rev-parse', branch);
    github.branches.set(branch, sha);
    for (const line of (await git('log', '--reverse', '--format=%H %P%x00%s', branch)).split('\n')) {
      const [shas = '', message = ''] = line.split('\0');
      const [own = '', ...parents] = shas.split(' ');
      if (!github.commits.some((commit) => commit.sha === own))
        github.commits.push({ sha: own, parents, message });
    }
    return sha;
  };
  const save = async (files: Readonly<Record<string, string | null>>, message: string): Promise<void> => {
    await writeFiles(
      work,
      Object.fromEntries(
        Object.entries(files).flatMap(([name, text]) => (text === null ? [] : [[name, text]])),
      ),
    );
    for (const [name, text] of Object.entries(files)) if (text === null) await rm(path.join(work, name));
    await git('add', '--all');
    await git('commit', '--quiet', '--allow-empty', '-m', message);
  };
  if ('files' in begin) {
    await save(begin.files, 'Begin');
    await push('main');
  }
  github.readFile = async (ref, file) => git('show', `${ref}:${file}`).catch(() => undefined);
  github.readBlob = async (sha) => git('cat-file', 'blob', sha).catch(() => undefined);
  github.readTree = async (ref) => {
    const all = await git('ls-tree', '-r', '--long', ref).catch(() => undefined);
    return all
      ?.split('\n')
      .map((line) => /^(\d+) (\w+) ([0-9a-f]+) +(\d+)\t(.*)$/.exec(line) ?? [])
      .map(([, mode, type, sha, size, file]) => ({ path: file, mode, type, sha, size: Number(size) }));
  };

  const pullOf = (number: number): GitHubDouble['pulls'][number] => {
    const pull = github.pulls.find((each) => each.number === number);
    if (pull === undefined) throw new Error(`no pull request ${number}`);
    return pull;
  };
  const mergeInto = async (branch: string, number: number, how: 'merge' | 'squash'): Promise<void> => {
    const { head, title } = pullOf(number);
    await git('checkout', '--quiet', branch);
    if (how === 'merge') {
      await git(
        'merge',
        '--quiet',
        '--no-ff',
        '-m',
        `Merge pull request #${number} from acme/${head.ref}`,
        head.sha,
      );
      return;
    }
    await git('merge', '--quiet', '--squash', head.sha);
    await git('commit', '--quiet', '--allow-empty', '-m', `${title} (#${number})`);
  };
  const checkout = async (ref: string): Promise<Checkout> => {
    checkouts += 1;
    const target = path.join(folder, `checkout-${checkouts}`);
    await run(folder, 'init', '--quiet', '-b', 'main', target);
    await run(target, 'remote', 'add', 'origin', `file://${remote}`);
    await run(target, 'fetch', '--quiet', '--no-tags', '--depth=1', 'origin', ref);
    await run(target, 'checkout', '--quiet', '--detach', 'FETCH_HEAD');
    return { folder: target, sha: await run(target, 'rev-parse', 'HEAD') };
  };

  return {
    folder,
    remote,
    git,
    checkout,
    commit: async (branch, changed) => {
      const exists = github.branches.has(branch);
      await git('checkout', '--quiet', ...(exists ? [branch] : ['-b', branch, 'main']));
      await save(changed, `Change ${branch}`);
      const sha = await push(branch);
      for (const pull of github.pulls)
        if (pull.state === 'open' && pull.head.ref === branch) {
          pull.head = { ...pull.head, sha };
          pull.commits.push(sha);
        }
      return sha;
    },
    open: async (branch, from = github.repository) => {
      const number = Math.max(0, ...[...github.issues, ...github.pulls].map((each) => each.number)) + 1;
      const sha = github.branches.get(branch) ?? '';
      github.pulls.push({
        number,
        head: { sha, ref: branch, repository: from },
        base: 'main',
        title: `Change ${branch}`,
        body: '',
        state: 'open',
        mergedAt: null,
        mergeCommit: null,
        commits: [sha],
      });
      return Promise.resolve(number);
    },
    merge: async (number, how = 'merge') => {
      const before = github.branches.get('main') ?? '';
      await mergeInto('main', number, how);
      const after = await push('main');
      Object.assign(pullOf(number), {
        state: 'closed',
        mergedAt: new Date().toISOString(),
        mergeCommit: after,
      });
      return { before, after };
    },
    checkoutMerge: async (number) => {
      await git('checkout', '--quiet', '-B', `merge-${number}`, 'main');
      await mergeInto(`merge-${number}`, number, 'merge');
      await git('push', '--quiet', '--force', 'origin', `merge-${number}:refs/pull/${number}/merge`);
      return checkout(`refs/pull/${number}/merge`);
    },
    queue: async (...numbers) => {
      const last = numbers.at(-1) ?? 0;
      const branch = `gh-readonly-queue/main/pr-${last}-${(github.branches.get('main') ?? '').slice(0, 40)}`;
      await git('checkout', '--quiet', '-B', branch, 'main');
      for (const number of numbers) await mergeInto(branch, number, 'squash');
      await push(branch);
      return { ...(await checkout(branch)), ref: `refs/heads/${branch}` };
    },
  };
};
