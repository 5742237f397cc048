/** Which files are manifests: the globs of the configuration file. */
import { glob } from 'tinyglobby';
import { byCodeUnit } from '../core/json.js';

/**
 * Files below `root` that match, relative to it, with `/`, in one order on every machine. Links to folders
 * are not followed, and nothing outside of `root` is found.
 */
export const discover = async (root: string, globs: readonly string[]): Promise<readonly string[]> => {
  const found = await glob([...globs], {
    cwd: root,
    followSymbolicLinks: false,
    ignore: ['**/node_modules/**', '**/.git/**'],
    expandDirectories: false,
  });
  return [...new Set(found.map((file) => file.replaceAll('\\', '/')))]
    .filter((file) => !file.startsWith('../') && !file.startsWith('/'))
    .sort(byCodeUnit);
};
