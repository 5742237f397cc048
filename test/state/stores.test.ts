/** What every store of a state holds to; the one in Git has real remotes on this disk. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Address } from '../../src/core/address.js';
import { gitStore } from '../../src/state/git.js';
import { LEASE, withLock, type LockInfo } from '../../src/state/lock.js';
import { emptyState, withBinding } from '../../src/state/state.js';
import { fileStore, noStore, type StateStore } from '../../src/state/store.js';

const address = 'model.a' as Address;
const binding = { kind: 'Model', id: '1', applied: { name: 'a' }, secrets: {} };
const bound = withBinding(emptyState, address, binding);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'polytomic-store-'));
  return async () => rm(folder, { recursive: true, force: true });
});

const variables = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};
const git = async (...args: readonly string[]): Promise<string> =>
  (
    await execa('git', args, {
      cwd: folder,
      env: {
        ...variables,
        GIT_AUTHOR_NAME: 'a',
        GIT_AUTHOR_EMAIL: 'a@b',
        GIT_COMMITTER_NAME: 'a',
        GIT_COMMITTER_EMAIL: 'a@b',
      },
    })
  ).stdout;

/** A remote with three commits, and a function that clones it, one commit deep. */
const remote = async (): Promise<(name: string) => Promise<StateStore>> => {
  await git('init', '--quiet', '--bare', 'remote.git');
  await git('init', '--quiet', '-b', 'main', 'work');
  for (const text of ['one', 'two', 'three']) {
    await writeFile(path.join(folder, 'work', 'file'), text);
    await git('-C', 'work', 'add', '.');
    await git('-C', 'work', 'commit', '--quiet', '-m', text);
  }
  await git('-C', 'work', 'push', '--quiet', '../remote.git', 'main');
  await git('-C', 'remote.git', 'symbolic-ref', 'HEAD', 'refs/heads/main');
  return async (name) => {
    await git('clone', '--quiet', '--depth=1', `file://${path.join(folder, 'remote.git')}`, name);
    return gitStore({ root: path.join(folder, name), environment: 'prod', remote: 'origin', variables });
  };
};

const lockOf = (id: string, more: Partial<LockInfo> = {}): LockInfo => ({
  id,
  holder: `ana@laptop`,
  purpose: 'apply',
  since: new Date().toISOString(),
  host: 'elsewhere',
  pid: 1,
  ...more,
});

describe.each([
  ['a file', async () => Promise.resolve([fileStore(folder, 'prod'), fileStore(folder, 'prod')] as const)],
  [
    'a branch of a remote',
    async () => {
      const clone = await remote();
      return [await clone('a'), await clone('b')] as const;
    },
  ],
])('a state in %s', (_where, open) => {
  it('is empty at first, and then what was written last', async () => {
    const [mine, theirs] = await open();
    expect(await mine.read()).toEqual(emptyState);
    const first = await mine.write(bound);
    expect(first.serial).toBe(1);
    expect(await theirs.read()).toEqual(first);
    const second = await theirs.write(withBinding(first, 'model.b' as Address, binding));
    expect(await mine.read()).toEqual(second);
  });

  it('takes one of two writers that saw the same', async () => {
    const [mine, theirs] = await open();
    await mine.read();
    await theirs.read();
    await mine.write(bound);
    await expect(theirs.write(bound)).rejects.toThrow('another run wrote the state meanwhile');
    await expect(mine.write(emptyState)).rejects.toThrow('another run wrote the state meanwhile');
    expect((await theirs.read()).serial).toBe(1);
  });

  it('is locked by one at a time, who is named to the other', async () => {
    const [mine, theirs] = await open();
    expect(await mine.tryLock(lockOf('1'))).toBeUndefined();
    expect(await theirs.tryLock(lockOf('2'))).toMatchObject({ id: '1', holder: 'ana@laptop' });
    await theirs.unlock('2');
    expect(await theirs.locked()).toMatchObject({ id: '1' });
    await mine.write(bound);
    expect(await theirs.tryLock(lockOf('2'))).toMatchObject({ id: '1' });
    await mine.unlock('1');
    expect(await theirs.tryLock(lockOf('2'))).toBeUndefined();
    expect((await theirs.read()).serial).toBe(1);
  });

  it('is locked by nobody whose run was killed: here at once, elsewhere after a while', async () => {
    const [mine, theirs] = await open();
    await mine.tryLock(lockOf('1', { host: hostname(), pid: 2 ** 30 }));
    const long = new Date(Date.now() - LEASE - 1);
    expect(await theirs.tryLock(lockOf('2', { since: long.toISOString() }))).toBeUndefined();
    // In a file, its own time is a sign of life, too.
    const file = path.join(folder, '.polytomic/state/prod.lock');
    if (existsSync(file)) await utimes(file, long, long);
    expect(await mine.tryLock(lockOf('3'))).toBeUndefined();
    expect(await theirs.locked()).toMatchObject({ id: '3' });
  });

  it('is waited for as long as was said', async () => {
    const [mine, theirs] = await open();
    await mine.tryLock(lockOf('1'));
    const waited: string[] = [];
    const wait = withLock(
      theirs,
      { info: lockOf('2'), timeout: 60_000, onWait: ({ id }) => waited.push(id) },
      async () => Promise.resolve('done'),
    );
    while (waited.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await mine.unlock('1');
    expect(await wait).toBe('done');
    expect(await theirs.locked()).toBeUndefined();
    await mine.tryLock(lockOf('3'));
    await expect(
      withLock(theirs, { info: lockOf('4'), timeout: 0 }, async () => Promise.resolve()),
    ).rejects.toThrow('the state is locked: apply by ana@laptop');
  });
});

describe('a state in Git', () => {
  it('keeps its history, and touches neither branch nor files nor depth of the checkout', async () => {
    const store = await (await remote())('a');
    await store.read();
    let state = emptyState;
    for (const id of ['1', '2', '3'])
      state = await store.write(withBinding(state, address, { ...binding, id }));
    expect(await git('-C', 'remote.git', 'log', '--format=%s', 'polytomic-state/prod')).toBe(
      'polytomic-gitops: serial 3\npolytomic-gitops: serial 2\npolytomic-gitops: serial 1',
    );
    expect(await git('-C', 'a', 'status', '--porcelain')).toBe('');
    expect(await git('-C', 'a', 'branch', '--format=%(refname)')).toBe('refs/heads/main');
    expect(await git('-C', 'a', 'rev-list', '--count', 'HEAD')).toBe('1');
  });

  it('leaves one that it cannot read as it is', async () => {
    const clone = await remote();
    await mkdir(path.join(folder, 'work'), { recursive: true });
    await git('-C', 'work', 'checkout', '--quiet', '--orphan', 'polytomic-state/prod');
    await writeFile(path.join(folder, 'work', 'state.json'), '{"formatVersion": 9}');
    await git('-C', 'work', 'add', '.');
    await git('-C', 'work', 'commit', '--quiet', '-m', 'newer');
    await git('-C', 'work', 'push', '--quiet', '../remote.git', 'HEAD');
    const store = await clone('a');
    await expect(store.read()).rejects.toThrow('written by a newer version');
    await expect(store.tryLock(lockOf('1'))).rejects.toThrow('written by a newer version');
  });

  it('says what is wrong with the remote, and never a password', async () => {
    await git('init', '--quiet', 'alone');
    const root = path.join(folder, 'alone');
    const of = (address: string): StateStore =>
      gitStore({ root, environment: undefined, remote: address, variables });
    await expect(of('origin').read()).rejects.toThrow('git ls-remote failed');
    const secret = of('https://ana:hunter22@127.0.0.1:1/repository.git');
    expect(secret.description).toBe('polytomic-state/default of https://(secret)@127.0.0.1:1/repository.git');
    await expect(secret.read()).rejects.not.toThrow('hunter22');
  });

  it('needs Git', async () => {
    const store = gitStore({ root: folder, environment: 'prod', remote: 'origin', variables: { PATH: '' } });
    await expect(store.read()).rejects.toThrow('git is not installed');
  });
});

describe('a state in a file', () => {
  it.each([
    ['{"formatVersion": 9}', 'written by a newer version'],
    ['{"formatVersion": 2, "serial"', 'is damaged: it is not JSON'],
  ])('that cannot be read is never written over: %s', async (text, message) => {
    const store = fileStore(folder, 'prod');
    await store.write(emptyState);
    const file = path.join(folder, '.polytomic', 'state', 'prod.json');
    await writeFile(file, text);
    await expect(store.write({ ...emptyState, serial: 1 })).rejects.toThrow(message);
    expect(await readFile(file, 'utf8')).toBe(text);
  });
});

it('no state outlives no run, and needs no lock', async () => {
  const store = noStore();
  expect(await store.tryLock(lockOf('1'))).toBeUndefined();
  expect(await store.write(bound)).toMatchObject({ serial: 1 });
  expect([store.durable, await store.locked()]).toEqual([false, undefined]);
});
