// The JSON Schemas as code, in the place of src/load/validators.ts: compiling them takes longer than a whole
// `validate` does otherwise.
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import standalone from 'ajv/dist/standalone/index.js';
import { build, transform } from 'esbuild';

/** The source of a module that exports `validatorOf`. */
const source = async (root) => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/load/ajv.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  const file = path.join(root, '.ci', 'ajv.tmp.mjs');
  await writeFile(file, outputFiles[0].contents);
  try {
    const { ajv, titles } = await import(file);
    const code = standalone.default(ajv, Object.fromEntries(titles.map((title) => [title, title])));
    const table = `const table = {${titles.join(', ')}};`;
    return `${code}\n${table}\nexport const validatorOf = (title) => {\n  if (!Object.hasOwn(table, title)) throw new Error('no schema ' + title);\n  return table[title];\n};\n`;
  } finally {
    await rm(file, { force: true });
  }
};

/** Of what a schema is compiled to, nobody reads the local names. */
const shortened = async (root) => (await transform(await source(root), { minify: true })).code;

/** For esbuild: ready-made validators, made once however many bundles ask for them. */
export const readyValidators = (root) => {
  let made;
  return {
    name: 'ready-validators',
    setup: ({ onLoad }) => {
      onLoad({ filter: /src\/load\/validators\.ts$/ }, async () => ({
        contents: await (made ??= shortened(root)),
        resolveDir: root,
        loader: 'js',
      }));
    },
  };
};
