// Runs .ci/api/main.ts, which is TypeScript like the tables that it reads: bundled, since Node 20 runs no TypeScript.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '..');
const outfile = path.join(root, 'node_modules/.cache/polytomic-gitops/api-check.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['.ci/api/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
process.chdir(root);
const { main } = await import(pathToFileURL(outfile).href);
process.exitCode = await main(process.argv.slice(2), (text) => process.stdout.write(text));
