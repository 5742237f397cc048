// Bundles the command line and the library into dist/: one small package without dependencies of its own.
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { licences } from './licences.mjs';
import { readyValidators } from './validators.mjs';

const root = path.join(import.meta.dirname, '..');
await rm(path.join(root, 'dist'), { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  metafile: true,
  legalComments: 'none',
  // Some of the bundled libraries are CommonJS, and ask for Node's own modules by require, or for their path.
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      'const require = __createRequire(import.meta.url);',
      'const __filename = import.meta.filename;',
      'const __dirname = import.meta.dirname;',
    ].join('\n'),
  },
  logLevel: 'warning',
  // cosmiconfig could load configuration files written as code; this tool takes data only.
  plugins: [
    readyValidators(root),
    {
      name: 'no-code-loaders',
      setup: ({ onResolve, onLoad }) => {
        onResolve({ filter: /^(typescript|import-fresh)$/ }, ({ path: name }) => ({
          path: name,
          namespace: 'none',
        }));
        onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'export default undefined;' }));
      },
    },
  ],
});
await writeFile(path.join(root, 'dist', 'THIRD-PARTY-LICENSES.txt'), await licences(root, metafile));
