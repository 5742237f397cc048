// The JSON Schemas as code, in the place of src/load/validators.ts and rule-validators.ts: compiling them takes longer than a whole
// `validate` does otherwise.
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import standalone from 'ajv/dist/standalone/index.js';
import { build, transform } from 'esbuild';

/** The source of a module that exports `validatorOf` for the titles that `src/load/ajv.ts` has under this name. */
const source = async (root, list) => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/load/ajv.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  const file = path.join(root, '.ci', `ajv-${list}.tmp.mjs`);
  await writeFile(file, outputFiles[0].contents);
  try {
    const { ajv, [list]: titles } = await import(file);
    const code = standalone.default(ajv, Object.fromEntries(titles.map((title) => [title, title])));
    const table = `const table = {${titles.join(', ')}};`;
    return `${code}\n${table}\nexport const validatorOf = (title) => {\n  if (!Object.hasOwn(table, title)) throw new Error('no schema ' + title);\n  return table[title];\n};\n`;
  } finally {
    await rm(file, { force: true });
  }
};

/** Of what a schema is compiled to, nobody reads the local names. */
const shortened = async (root, list) => (await transform(await source(root, list), { minify: true })).code;

/** Which module stands for which titles: that of rules is read where there are rules. */
const lists = { validators: 'titles', 'rule-validators': 'ruleTitles' };

/** For esbuild: ready-made validators, made once however many bundles ask for them. */
export const readyValidators = (root) => {
  const made = new Map();
  return {
    name: 'ready-validators',
    setup: ({ onLoad }) => {
      onLoad({ filter: /src\/load\/(rule-)?validators\.ts$/ }, async ({ path: file }) => {
        const list = lists[path.basename(file, '.ts')];
        if (!made.has(list)) made.set(list, shortened(root, list));
        return { contents: await made.get(list), resolveDir: root, loader: 'js' };
      });
    },
  };
};
