/** A team's way: the state on a branch of the remote. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sample } from '../support/kills.js';
import { shop, workbench, type Workbench } from '../support/workbench.js';

const variables = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  PATH: process.env['PATH'] ?? '',
};

/** A checkout with a remote of its own. */
const checkout = async (): Promise<Workbench & { readonly log: () => Promise<string> }> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-remote-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const remote = path.join(folder, 'remote.git');
  const bench = await workbench({ ...shop, 'polytomic.config.yaml': 'state: git\n' }, { real: true });
  Object.assign(bench.environment, variables);
  const git = async (...args: readonly string[]): Promise<string> =>
    (await execa('git', args, { cwd: bench.root, env: variables })).stdout;
  await git('init', '--quiet', '--bare', remote);
  await git('init', '--quiet', '-b', 'main');
  await git('remote', 'add', 'origin', remote);
  return { ...bench, log: async () => git('-C', remote, 'log', '--format=%s', 'polytomic-state/default') };
};

describe('with the state in Git', () => {
  it('an apply is followed by an empty plan, and each write is a commit', async () => {
    const bench = await checkout();
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect((await bench.cli('plan')).out).toContain('No changes.');
    const log = (await bench.log()).split('\n');
    expect(log[0]).toBe('polytomic-gitops: unlock');
    expect(log.at(-1)).toBe('polytomic-gitops: lock: apply');
    // One for the key of the secrets, at the most one for each of the four changes, and one for what is only known at the end.
    expect(log.length).toBeLessThanOrEqual(2 + 1 + 4 + 1);
    await rm(path.join(bench.root, '.polytomic'), { recursive: true });
    expect((await bench.cli('plan')).out).toContain('No changes.');
    expect((await bench.cli('state', 'list')).out).toContain('connection.db');
  });

  it('of two applies at once one does it, and the other says who does', async () => {
    const bench = await checkout();
    const runs = await Promise.all([bench.cli('apply', '--yes'), bench.cli('apply', '--yes')]);
    expect([
      [0, 1],
      [0, 0],
    ]).toContainEqual(runs.map(({ code }) => code).toSorted());
    expect(
      (['connections', 'models', 'syncs'] as const).map((name) => bench.sandbox.list(name).length),
    ).toEqual([2, 1, 1]);
    expect((await bench.cli('plan')).out).toContain('No changes.');
  });

  it('a remote that cannot be reached stops a run before anything else', async () => {
    const bench = await checkout();
    await execa('git', ['remote', 'set-url', 'origin', '/nowhere.git'], { cwd: bench.root, env: variables });
    const { code, err } = await bench.cli('apply', '--yes');
    // What Git says first, not the advice that it ends with.
    expect([code, err]).toEqual([
      1,
      expect.stringContaining("git ls-remote failed: '/nowhere.git' does not appear to be a git repository"),
    ]);
    expect(bench.sandbox.requests).toEqual([]);
  });
});

/** A Git that ends the run that calls it at one of its pushes, before or after that is done. */
const deadlyGit = async (bench: Workbench, push: number, when: 'before' | 'after'): Promise<string> => {
  const count = `echo >> pushes; if [ "$(wc -l < pushes)" -eq ${push} ]; then`;
  const real = 'PATH="$REAL_PATH" git "$@"';
  const script =
    when === 'before'
      ? `${count} kill -9 $PPID; exit 1; fi; ${real}`
      : `${real}; code=$?; ${count} kill -9 $PPID; fi; exit $code`;
  await bench.write({
    'bin/git': `#!/bin/sh\ncase " $* " in *" push "*) ${script};; *) ${real};; esac\n`,
  });
  const bin = path.join(bench.root, 'bin');
  await chmod(path.join(bin, 'git'), 0o755);
  return bin;
};

describe('a run that is killed as it pushes the state', () => {
  const pushes = [1, 2, 3, 4].flatMap((push) =>
    (['before', 'after'] as const).flatMap((when) =>
      (['here', 'on another machine'] as const).map((where) => ({ push, when, where })),
    ),
  );

  it.each(sample(pushes, 4))('$when push $push is picked up $where', async ({ push, when, where }) => {
    const bench = await checkout();
    const bin = await deadlyGit(bench, push, when);
    const { signal } = await execa('node', [path.resolve('dist/cli.js'), 'apply', '--yes'], {
      cwd: bench.root,
      reject: false,
      env: {
        ...bench.environment,
        REAL_PATH: variables.PATH,
        PATH: `${bin}${path.delimiter}${variables.PATH}`,
      },
    });
    expect(signal).toBe('SIGKILL');
    // Another machine has no journal: what was made is found by its name.
    if (where !== 'here') await rm(path.join(bench.root, '.polytomic'), { recursive: true, force: true });
    const { code, err } = await bench.cli('apply', '--yes');
    expect([code, err]).toEqual([0, '']);
    expect(
      (['connections', 'models', 'syncs'] as const).map((name) => bench.sandbox.list(name).length),
    ).toEqual([2, 1, 1]);
    const plan = await bench.cli('plan');
    expect(plan.out).toContain('No changes. 4 resources');
    expect(plan.out).not.toContain('Not managed here');
  });
});

describe('--fail-fast', () => {
  it('starts nothing more after a failure; without it the rest goes on', async () => {
    for (const [flags, made] of [
      [['--fail-fast'], 0],
      [[], 1],
    ] as const) {
      const bench = await workbench({ ...shop, 'polytomic.config.yaml': 'concurrency: 1\n' }, { real: true });
      bench.sandbox.failNext({ method: 'POST', path: /connections$/, status: 422, times: 2 });
      const { code, out } = await bench.cli('apply', '--yes', ...flags);
      expect([code, bench.sandbox.list('connections').length]).toEqual([made === 0 ? 1 : 3, made]);
      expect(out).toContain(
        made === 0 ? 'skipped: connection.db failed' : 'skipped: connection.db was not done',
      );
    }
  });
});
