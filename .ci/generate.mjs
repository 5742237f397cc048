// Writes what follows from the sources: the TypeScript types of the schemas, the schema that editors use for
// manifests, the table of what the sandbox serves, those of where the fields of manifests go, and the reference.
// With --check it writes nothing and fails where a file is out of date.
import { readdir, readFile, writeFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { compile } from 'json-schema-to-typescript';
import { format, resolveConfig } from 'prettier';

const root = path.join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const statements = ['defaults', 'instances', 'moved', 'overlay', 'removed', 'template'];
const notKinds = new Set(['common', 'config', 'manifest', 'rule', ...statements]);

const names = (await readdir(path.join(root, 'schemas')))
  .filter((file) => file.endsWith('.schema.json'))
  .map((file) => file.replace('.schema.json', ''))
  .sort();
const read = async (name) =>
  JSON.parse(await readFile(path.join(root, 'schemas', `${name}.schema.json`), 'utf8'));
const schemas = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)])));

const banner = '// Generated from schemas/ by `npm run generate`. Edit the schema instead.';
const outputs = [];

for (const name of names.filter((name) => name !== 'common' && name !== 'manifest')) {
  // Conditions say nothing that a type could hold.
  const { if: _if, else: _else, ...schema } = schemas[name];
  const code = await compile(schema, schema.title, {
    cwd: path.join(root, 'schemas/'),
    bannerComment: banner,
    additionalProperties: true,
    unknownAny: true,
    enableConstEnums: false,
    strictIndexSignatures: true,
    style: { singleQuote: true, printWidth: 110 },
  });
  outputs.push([`src/generated/${name}.ts`, code]);
}

// One self-contained schema for editors: every kind under $defs, chosen by `kind`.
const inlined = (name) =>
  JSON.parse(
    JSON.stringify(schemas[name])
      .replaceAll('"common.schema.json#/$defs/', '"#/$defs/Common/$defs/')
      .replaceAll('"#/$defs/', `"#/$defs/`),
    (key, value) =>
      key === '$ref' && value.startsWith('#/$defs/') && !value.startsWith('#/$defs/Common/')
        ? value.replace('#/$defs/', `#/$defs/${schemas[name].title}/$defs/`)
        : value,
  );
const kinds = names.filter((name) => !notKinds.has(name));
const members = [...kinds, ...statements];
// Editors offer the fields of the kind that defaults are for, none of which has to be there.
const valuesOf = (name) => {
  const { title, properties } = schemas[name];
  const { kind: _kind, key: _key, id: _id, external: _external, name: _name, ...rest } = properties;
  return {
    if: { properties: { for: { const: title } }, required: ['for'] },
    then: {
      properties: {
        values: {
          description: `Fields of a ${title}, none of which has to be there.`,
          properties: Object.fromEntries(
            Object.keys(rest).map((field) => [field, { $ref: `#/$defs/${title}/properties/${field}` }]),
          ),
          additionalProperties: false,
        },
      },
    },
  };
};
// In a template a field may be a parameter, whatever its type: only its name and its meaning are told.
const meaningOf = (value) => {
  if (value.description !== undefined || value.$ref === undefined) return value.description;
  const [file, pointer] = value.$ref.split('#');
  const held = pointer
    .split('/')
    .slice(1)
    .reduce((at, part) => at[part], file === '' ? undefined : schemas.common);
  return held?.description;
};
const resourceOf = (name) => {
  const { title, properties } = schemas[name];
  return {
    if: { properties: { kind: { const: title } }, required: ['kind'] },
    then: {
      properties: Object.fromEntries(
        Object.entries(properties)
          .filter(([field]) => field !== 'kind')
          .map(([field, value]) => [field, { description: meaningOf(value) }]),
      ),
    },
  };
};
const templateResource = () => ({
  ...inlined('template').$defs.resource,
  properties: {
    kind: {
      description: 'The kind of the resource.',
      enum: [...kinds.map((name) => schemas[name].title), 'Instances'],
    },
  },
  allOf: [...kinds, 'instances'].map(resourceOf),
});
const extended = (name) => {
  const schema = strip(inlined(name));
  if (name === 'defaults') return { ...schema, allOf: kinds.map(valuesOf) };
  return name === 'template'
    ? { ...schema, $defs: { ...schema.$defs, resource: templateResource() } }
    : schema;
};
const strip = ({ $schema: _schema, $id: _id, ...rest }) => rest;
const common = JSON.parse(JSON.stringify(schemas.common), (key, value) =>
  key === '$ref' && value.startsWith('#/$defs/') ? value.replace('#/$defs/', '#/$defs/Common/$defs/') : value,
);
outputs.push([
  'schemas/manifest.schema.json',
  JSON.stringify({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    // The same address as that of the others.
    $id: schemas.common.$id.replace('common.schema.json', 'manifest.schema.json'),
    title: 'Manifest',
    description:
      'One document of a manifest file. Generated from the schemas of the kinds; edit those instead.',
    type: 'object',
    required: ['kind'],
    properties: {
      kind: {
        description: 'What the document describes: a resource of this kind, or a statement about one.',
        enum: members.map((name) => schemas[name].title),
      },
    },
    allOf: members.map((name) => ({
      if: { properties: { kind: { const: schemas[name].title } }, required: ['kind'] },
      then: { $ref: `#/$defs/${schemas[name].title}` },
    })),
    $defs: Object.fromEntries([
      ['Common', strip(common)],
      ...members.map((name) => [schemas[name].title, extended(name)]),
    ]),
  }),
]);

// What documents say of the API comes out of TypeScript: the operations that the sandbox serves, and where the fields of
// manifests go.
const bundle = path.join(root, 'node_modules/.cache/polytomic-gitops/documents.mjs');
await build({
  stdin: {
    contents: `export * from './src/sandbox/resources/routes.js';
export * from './src/sandbox/versions.js';
export * from './.ci/api/field-tables.ts';
export * from './.ci/docs/pages.ts';`,
    resolveDir: root,
  },
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
const { fieldTables, referencePages, routeGroups, versions } = await import(pathToFileURL(bundle).href);

const served = (routes, version) => {
  const route = routes.find((each) => each.in?.(version) ?? true);
  return route === undefined ? '–' : route.unserved === true ? '501' : 'yes';
};
const operationsTable = () => {
  const rows = routeGroups.flatMap(({ name, routes }) => {
    const byOperation = new Map();
    for (const route of routes) {
      const operation = `${route.method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`;
      byOperation.set(operation, [...(byOperation.get(operation) ?? []), route]);
    }
    return [
      [`**${name}**`, ...versions.map(() => '')],
      ...[...byOperation].map(([operation, same]) => [
        `\`${operation}\``,
        ...versions.map((version) => served(same, version)),
      ]),
    ];
  });
  return [['Operation', ...versions.map(({ name }) => name)], ['---', ...versions.map(() => '---')], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
};
/** A document with this text between the marks of a name. */
const marked = async (file, name, text) => [
  file,
  (await readFile(path.join(root, file), 'utf8')).replace(
    new RegExp(`(<!-- ${name} -->)[^]*(<!-- /${name} -->)`),
    (_all, start, end) => `${start}\n\n${text}\n\n${end}`,
  ),
];
const reasons = await readFile(path.join(root, '.config/api-differences.yaml'), 'utf8');
outputs.push(await marked('docs/sandbox.md', 'operations', operationsTable()));
outputs.push(await marked('docs/manifests.md', 'fields', fieldTables(reasons)));
outputs.push(...(await referencePages(root, schemas, kinds, statements)));

let stale = 0;
for (const [file, code] of outputs) {
  const target = path.join(root, file);
  const options = (await resolveConfig(path.join(root, 'package.json'))) ?? {};
  // Tables of the reference are wide, and padded they would be several times as large.
  const isReference = file.startsWith('docs/reference/');
  const text = isReference ? `${code}\n` : await format(code, { ...options, filepath: target });
  const before = await readFile(target, 'utf8').catch(() => '');
  if (before === text) continue;
  stale += 1;
  if (check) console.error(`${file} is out of date: run \`npm run generate\``);
  else {
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
    console.log(`wrote ${file}`);
  }
}
if (check && stale > 0) process.exit(1);
