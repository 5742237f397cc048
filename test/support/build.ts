/** Before all tests: the bundle, which tests of the command line run as users do, and a folder that goes with them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder of this run, for what several tests share. */
    readonly shared: string;
  }
}

export const setup = async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const shared = await mkdtemp(path.join(tmpdir(), 'polytomic-tests-'));
  provide('shared', shared);
  await execa('node', ['.ci/build.mjs'], { cwd: new URL('../..', import.meta.url), stdio: 'inherit' });
  return async () => rm(shared, { recursive: true, force: true });
};
