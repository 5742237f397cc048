/** Tests of the command line run what users run: the bundle. */
import { execa } from 'execa';

export const setup = async (): Promise<void> => {
  await execa('node', ['.ci/build.mjs'], { cwd: new URL('../..', import.meta.url), stdio: 'inherit' });
};
