// After an install: what is not built yet is built, so that whoever installs a commit from Git has a command line. An
// archive for npm is built anew by `prepack`.
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const has = (file) => existsSync(path.join(root, file));

if (!has('dist/cli.js')) {
  // npm installs no tools where a commit is installed with --global, as pre-commit does: it looks for them there, too.
  if (!has('node_modules/esbuild'))
    execSync('npm ci --global=false --include=dev --ignore-scripts --no-audit --no-fund', {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  await import('./build.mjs');
}
