// The types of the library, as one file without imports of packages: what is bundled, nobody has to install for its types.
import path from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const root = path.join(import.meta.dirname, '..');

const bundle = await rollup({
  input: path.join(root, 'src/index.ts'),
  // The types of fast-uri, behind those of ajv, are of a form that cannot be bundled; nothing that is left needs them.
  external: [/^node:/, 'fast-uri'],
  treeshake: { moduleSideEffects: false },
  plugins: [
    dts({
      respectExternal: true,
      tsconfig: path.join(root, 'tsconfig.json'),
      compilerOptions: { noEmit: false, declaration: true },
    }),
  ],
  onwarn: ({ message }) => {
    throw new Error(message);
  },
});
const { output } = await bundle.write({ file: path.join(root, 'dist/index.d.ts'), format: 'es' });
await bundle.close();
const foreign = output.flatMap(({ imports = [] }) => imports).filter((name) => !name.startsWith('node:'));
if (foreign.length > 0) throw new Error(`the types import ${foreign.join(', ')}`);
