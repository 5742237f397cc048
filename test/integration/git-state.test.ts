/** A team's way: the state on a branch of the remote. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
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
  const bench = await workbench({ ...shop, 'polytomic.config.yaml': 'state: git\n' });
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
    // Changes that end together are written together.
    expect(log.length).toBeLessThanOrEqual(2 + 4);
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
    expect([code, err]).toEqual([1, expect.stringContaining('git ls-remote failed')]);
    expect(bench.sandbox.requests).toEqual([]);
  });
});

describe('--fail-fast', () => {
  it('starts nothing more after a failure; without it the rest goes on', async () => {
    for (const [flags, made] of [
      [['--fail-fast'], 0],
      [[], 1],
    ] as const) {
      const bench = await workbench({ ...shop, 'polytomic.config.yaml': 'concurrency: 1\n' });
      bench.sandbox.failNext({ method: 'POST', path: /connections$/, status: 422, times: 2 });
      const { code, out } = await bench.cli('apply', '--yes', ...flags);
      expect([code, bench.sandbox.list('connections').length]).toEqual([made === 0 ? 1 : 3, made]);
      expect(out).toContain(
        made === 0 ? 'skipped: connection.db failed' : 'skipped: connection.db was not done',
      );
    }
  });
});
