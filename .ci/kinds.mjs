// Nothing but src/kinds knows a kind: elsewhere neither the name of one nor a path of its objects may be written, and
// only the files named here may take one by its file. A new kind is added without touching any of them.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';

const root = path.join(import.meta.dirname, '..');

/** Rooms that are made for kinds, made from them, or know the API by themselves. */
const free = ['src/kinds/', 'src/generated/', 'src/sandbox/'];

/** Words that may stand all the same, and why. */
const words = {
  'src/api/dialect.ts': [
    '/api/connections',
    'sources and targets are enumerated below the address of their system, in every version',
  ],
  'src/api/calls.ts': [
    '/api/organizations',
    'a key of many is asked for its organizations before anything is read',
  ],
  'src/cli/starter.ts': ['Connection', 'Model', 'what `init` writes is an example'],
};

/** Files that are about a kind, and why. */
const about = {
  'src/workspace/access.ts': 'which names of a configuration are secret is asked before anything is known',
  'src/workspace/pulled.ts': 'schemas of connection types are pulled for the connections of a repository',
  'src/workspace/schemas.ts': 'the schemas of connection types, and nothing else, complete that of manifests',
  'src/workspace/stored.ts': 'schemas that were pulled are held against configurations of connections',
  'src/workspace/inspect.ts': 'records of a model are sampled',
  'src/preflight/outlook.ts': 'what is asked of a system is asked of a connection',
  'src/export/part.ts': '--select connection=',
  'src/export/fresh.ts': '--select connection=',
  'src/export/layout.ts': '--layout by-connection',
  'src/cli/commands/inspect.ts': '`inspect sources CONNECTION`',
  'src/cli/commands/inspect-facts.ts': '`inspect model MODEL`',
  'src/cli/commands/inspect-bulk.ts': '`inspect bulk CONNECTION`',
  'src/cli/commands/complete.ts': 'what `inspect` takes is completed',
  'src/cli/inspect-yaml.ts': 'manifests of models, syncs and bulk syncs to paste',
};

const registry = await readFile(path.join(root, 'src/kinds/registry.ts'), 'utf8');
const kindFiles = [...registry.matchAll(/from '\.\/([\w-]+)\.js'/g)]
  .map(([, name]) => name)
  .filter((name) => name !== 'kind');

const bundle = path.join(root, 'node_modules/.cache/polytomic-gitops/kinds.mjs');
await build({
  stdin: {
    contents: `export { kinds } from './src/kinds/registry.ts';
      export { dialectOf } from './src/api/versions.ts';`,
    resolveDir: root,
  },
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
const { kinds, dialectOf } = await import(pathToFileURL(bundle).href);
const config = JSON.parse(await readFile(path.join(root, 'schemas/config.schema.json'), 'utf8'));
const versions = config.properties.version.enum;

/** The address of a table before the first name in it that is filled in. */
const beginOf = (address) => address.split('/{')[0];
const pathsOf = (kind) =>
  versions.flatMap((version) => {
    const table = kind.endpoints({ ...dialectOf(version), administers: true });
    if (table === undefined) return [];
    const { list, one, create, update, remove } = table;
    return [list?.path, one, create?.path, update?.path, remove?.path].filter((each) => each !== undefined);
  });
const escaped = (text) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const forbidden = [
  ...kinds.map(({ name }) => ({ word: name, as: new RegExp(`^${name}$|\\bkind[:=] ?${name}\\b`) })),
  ...[...new Set(kinds.flatMap((kind) => pathsOf(kind).map(beginOf)))].map((word) => ({
    word,
    as: new RegExp(`${escaped(word)}(?![\\w-])`),
  })),
];

const files = (await readdir(path.join(root, 'src'), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  .filter((file) => !free.some((room) => file.startsWith(room)))
  .sort();

let found = 0;
const report = (source, node, what) => {
  const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
  console.error(`${source.fileName}:${line + 1}:${character + 1} ${what}`);
  found += 1;
};

const isText = (node) =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateHead(node) ||
  ts.isTemplateMiddle(node) ||
  ts.isTemplateTail(node);

for (const file of files) {
  const source = ts.createSourceFile(
    file,
    await readFile(path.join(root, file), 'utf8'),
    ts.ScriptTarget.ES2022,
  );
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      const kind = kindFiles.find((name) => node.moduleSpecifier.text.endsWith(`/kinds/${name}.js`));
      if (kind !== undefined && about[file] === undefined)
        report(source, node, `imports the kind ${kind}: take what it says of itself from the registry`);
      return;
    }
    if (isText(node))
      for (const { word, as } of forbidden)
        if (as.test(node.text) && !(words[file] ?? []).includes(word))
          report(source, node, `says "${word}": what is special to a kind stands in src/kinds`);
    ts.forEachChild(node, visit);
  };
  visit(source);
}
for (const file of [...Object.keys(words), ...Object.keys(about)])
  if (!files.includes(file)) {
    console.error(`.ci/kinds.mjs names ${file}, which is not there any more`);
    found += 1;
  }
if (found > 0) process.exit(1);
