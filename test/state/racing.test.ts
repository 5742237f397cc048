/** Locks in files, taken by several processes at once. */
import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import { beforeEach, describe, expect, it } from 'vitest';
import { holderOf, removeLockFile, takeLockFile, type LockFileOptions } from '../../src/files/lock-file.js';
import { fileStore } from '../../src/state/store.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'polytomic-race-'));
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
});

const PROCESSES = 4;
const TRIALS = 200;

describe('of several processes', () => {
  it('one at a time holds the lock, whether the one before it let go of it or was killed', async () => {
    const program = path.join(folder, 'racing.mjs');
    await build({
      entryPoints: ['test/support/racing.ts'],
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile: program,
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __filename = import.meta.filename;",
      },
    });
    const runs = await Promise.all(
      Array.from({ length: PROCESSES }, async () =>
        execa('node', [program, folder, String(TRIALS / PROCESSES)]),
      ),
    );
    const seen = runs.map(({ stdout }) => JSON.parse(stdout) as object);
    expect(seen).toEqual(seen.map(() => ({ held: TRIALS / PROCESSES, together: 0, refused: 0 })));
    // Each of them wrote the successor of what it had read.
    expect((await fileStore(folder, undefined).read()).serial).toBe(TRIALS);
    // The last one may have been killed; nothing else is left.
    const left = readdirSync(path.join(folder, '.polytomic/state')).filter((name) => name !== 'default.lock');
    expect(left).toEqual(['default.json']);
  });
});

interface Named {
  readonly id: string;
  readonly alive: boolean;
}

const options: LockFileOptions<Named> = {
  parse: (text) => {
    try {
      return JSON.parse(text) as Named;
    } catch {
      return undefined;
    }
  },
  isHeld: ({ alive }) => alive,
};

const named = (id: string, alive = true): Named => ({ id, alive });

describe('a lock file', () => {
  const file = (): string => path.join(folder, 'lock');

  it('is there with its whole text, or not at all', () => {
    expect(takeLockFile(file(), named('a'), options)).toBeUndefined();
    expect(takeLockFile(file(), named('b'), options)).toEqual(named('a'));
    expect(holderOf(file(), options)).toEqual(named('a'));
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  it('is removed by nobody who means another one', () => {
    takeLockFile(file(), named('new'), options);
    // Found dead long ago, and taken over since.
    expect(removeLockFile(file(), 'old', named('late'), options)).toBe(true);
    expect(holderOf(file(), options)).toEqual(named('new'));
  });

  it('is let go of also where its folder is gone', () => {
    takeLockFile(file(), named('a'), options);
    rmSync(folder, { recursive: true });
    expect(removeLockFile(file(), 'a', named('a'), options)).toBe(true);
  });

  it('of somebody dead is taken over also where whoever did so before was killed half way', () => {
    writeFileSync(file(), JSON.stringify(named('dead', false)));
    const guard = `${file()}.${Buffer.from('dead').toString('hex')}`;
    writeFileSync(guard, JSON.stringify(named('killed', false)));
    writeFileSync(
      `${guard}.${Buffer.from('killed').toString('hex')}`,
      JSON.stringify(named('killed too', false)),
    );
    expect(takeLockFile(file(), named('a'), options)).toBeUndefined();
    expect(holderOf(file(), options)).toEqual(named('a'));
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  it('is not taken while somebody is about to remove it', () => {
    writeFileSync(file(), JSON.stringify(named('dead', false)));
    writeFileSync(`${file()}.${Buffer.from('dead').toString('hex')}`, JSON.stringify(named('busy')));
    expect(takeLockFile(file(), named('a'), options)).toEqual(named('dead', false));
  });

  it('that cannot be read is somebody’s for a while, and then nobody’s', () => {
    writeFileSync(file(), '');
    expect(takeLockFile(file(), named('a'), options)).toBe('unreadable');
    utimesSync(file(), new Date(0), new Date(0));
    expect(takeLockFile(file(), named('a'), options)).toBeUndefined();
  });

  it('is held on a disk that has no links, and on one that loses the answer to a link', () => {
    const withoutLinks = {
      ...options,
      link: () => {
        throw Object.assign(new Error('no links'), { code: 'EPERM' });
      },
    };
    expect(takeLockFile(file(), named('a'), withoutLinks)).toBeUndefined();
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual(named('a'));
    expect(takeLockFile(file(), named('b'), options)).toEqual(named('a'));
    removeLockFile(file(), 'a', named('a'), options);
    const withoutAnswers = {
      ...options,
      link: (from: string, to: string) => {
        linkSync(from, to);
        throw Object.assign(new Error('stale'), { code: 'EIO' });
      },
    };
    expect(takeLockFile(file(), named('c'), withoutAnswers)).toBeUndefined();
    expect(holderOf(file(), options)).toEqual(named('c'));
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  it('has the litter of killed runs removed beside it, after a day', () => {
    writeFileSync(`${file()}.litter`, '');
    writeFileSync(`${file()}.fresh`, '');
    utimesSync(`${file()}.litter`, new Date(0), new Date(0));
    takeLockFile(file(), named('a'), options);
    expect(readdirSync(folder)).toEqual(['lock', 'lock.fresh']);
  });
});
