// Bundles the command line and the library into dist/, one small package without dependencies of its own; and the
// GitHub Action into dist/action, one file that is committed, since the runner installs nothing.
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { licences } from './licences.mjs';
import { readyValidators } from './validators.mjs';

const root = path.join(import.meta.dirname, '..');

/** Modules that would only be loaded for what this tool does not do are left out. */
const without = (filter, importers = /./) => ({
  name: 'left-out',
  setup: ({ onResolve, onLoad }) => {
    const namespace = `left-out ${filter.source}`;
    onResolve({ filter }, ({ path: name, importer }) =>
      importers.test(importer) ? { path: name, namespace } : undefined,
    );
    onLoad({ filter: /.*/, namespace }, () => ({ contents: 'module.exports = {};' }));
  },
});

// Of package.json only the version is wanted: the rest would change the bundles with every tool.
const versionOnly = {
  name: 'version-only',
  setup: ({ onLoad }) => {
    onLoad({ filter: /^[^\0]*package\.json$/ }, async ({ path: file }) => {
      if (file !== path.join(root, 'package.json')) return undefined;
      const { version } = JSON.parse(await readFile(file, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
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
};

// cosmiconfig could load configuration files written as code; this tool takes data only, and reads it itself.
const noCode = without(/^\.\/loaders$/, /[\\/]cosmiconfig[\\/]dist[\\/]/);
// The toolkit's HTTP client gets tokens of an identity provider, and its exec asks Windows for its name.
const noToolkit = without(/^@actions\/(http-client|exec)(\/.*)?$/);
const ready = readyValidators(root);

await rm(path.join(root, 'dist'), { recursive: true, force: true });
const [{ metafile }, action] = await Promise.all([
  build({
    ...common,
    entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
    outdir: 'dist',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [ready, versionOnly, noCode],
  }),
  build({
    ...common,
    entryPoints: ['src/action/main.ts'],
    outfile: 'dist/action/index.js',
    plugins: [ready, versionOnly, noCode, noToolkit],
  }),
]);
await writeFile(path.join(root, 'dist', 'THIRD-PARTY-LICENSES.txt'), await licences(root, metafile));
await writeFile(path.join(root, 'dist', 'action', 'LICENSES.txt'), await licences(root, action.metafile));
// The runner has to know that the file is a module.
await writeFile(path.join(root, 'dist', 'action', 'package.json'), '{ "type": "module" }\n');
