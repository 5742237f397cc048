// Bundles the command line and the library into dist/, one small package without dependencies of its own; and the
// GitHub Action into dist/action, which is in the tags of releases, since the runner installs nothing.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, transform } from 'esbuild';
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
  // Its other form asks for its own parts in a way that no bundler follows.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  metafile: true,
  legalComments: 'none',
  // A third less to read at each start; names stay, for whoever reports a crash.
  minifyWhitespace: true,
  minifySyntax: true,
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
// Of undici what src/api/network.ts calls: neither its mocks nor its caches, web sockets and interceptors.
const undiciParts = {
  name: 'undici-parts',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'undici-parts' }));
    onLoad({ filter: /.*/, namespace: 'undici-parts' }, () => ({
      contents: [
        // A tunnel asks for `connect`, which undici adds to its dispatchers when the whole of it is loaded.
        "import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';",
        "import connect from 'undici/lib/api/api-connect.js';",
        'Dispatcher.prototype.connect = connect;',
        "export { default as Agent } from 'undici/lib/dispatcher/agent.js';",
        "export { default as EnvHttpProxyAgent } from 'undici/lib/dispatcher/env-http-proxy-agent.js';",
        "export { fetch } from 'undici/lib/web/fetch/index.js';",
      ].join('\n'),
      resolveDir: root,
    }));
  },
};
// In what others wrote local names are shortened, too: a crash is reported by the names of our own functions.
const shortNames = {
  name: 'short-names',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path: file }) => ({
      contents: (await transform(await readFile(file, 'utf8'), { minify: true, legalComments: 'none' })).code,
    }));
  },
};
// commander would start other programs for commands that are programs of their own; here none is.
const noPrograms = without(/^node:child_process$/, /[\\/]commander[\\/]/);
const ready = readyValidators(root);

await rm(path.join(root, 'dist'), { recursive: true, force: true });
const [{ metafile }, action] = await Promise.all([
  build({
    ...common,
    entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
    outdir: 'dist',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [ready, versionOnly, noCode, noPrograms, undiciParts, shortNames],
  }),
  build({
    ...common,
    entryPoints: { index: 'src/action/main.ts' },
    outdir: 'dist/action',
    // What few runs need, such as a proxy, is read by those alone.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [ready, versionOnly, noCode, noToolkit, undiciParts, shortNames],
  }),
]);
await writeFile(path.join(root, 'dist', 'THIRD-PARTY-LICENSES.txt'), await licences(root, metafile));
await writeFile(path.join(root, 'dist', 'action', 'LICENSES.txt'), await licences(root, action.metafile));
// What is in which bundle, for the bill of materials of a release.
const cache = path.join(root, 'node_modules/.cache/polytomic-gitops');
await mkdir(cache, { recursive: true });
await writeFile(path.join(cache, 'package.meta.json'), JSON.stringify(metafile));
await writeFile(path.join(cache, 'action.meta.json'), JSON.stringify(action.metafile));
// The runner has to know that the file is a module.
await writeFile(path.join(root, 'dist', 'action', 'package.json'), '{ "type": "module" }\n');
