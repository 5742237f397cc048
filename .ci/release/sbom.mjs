// The bill of materials of a bundle, CycloneDX 1.6: the packages that are in it, as esbuild says, and no other tool of
// this repository.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

const root = path.join(import.meta.dirname, '..', '..');
const cli = path.join(root, 'node_modules/@cyclonedx/cyclonedx-esbuild/bin/cyclonedx-esbuild-cli.js');
const VERSION = Spec.Version.v1dot6;

/** Modules that the build makes itself are no components: they stand for the file that makes them. */
const withoutVirtual = ({ inputs, outputs }) => {
  const real = (file) => (existsSync(path.join(root, file)) ? file : '.ci/build.mjs');
  const merged = {};
  for (const [file, { imports, ...rest }] of Object.entries(inputs)) {
    const before = merged[real(file)]?.imports ?? [];
    const its = imports.map((each) => (each.external === true ? each : { ...each, path: real(each.path) }));
    merged[real(file)] = { ...rest, imports: [...before, ...its] };
  }
  return {
    inputs: merged,
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([file, output]) => [
        file,
        {
          ...output,
          inputs: Object.fromEntries(Object.entries(output.inputs).map(([each, how]) => [real(each), how])),
        },
      ]),
    ),
  };
};

/** What is wrong with a bill of materials by the schema of CycloneDX; undefined where nothing is. */
export const findingsOf = async (text) =>
  (await new Validation.JsonStrictValidator(VERSION).validate(text)) ?? undefined;

/** The bill of materials of the bundle that this metafile of esbuild describes. Throws where it is not valid. */
export const sbomOf = async (metafile) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-sbom-'));
  try {
    const file = path.join(folder, 'meta.json');
    await writeFile(file, JSON.stringify(withoutVirtual(metafile)));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [cli, '--spec-version', VERSION, '--output-reproducible', '--no-validate', '-o', '-', file],
      { cwd: root, maxBuffer: 16 * 1024 * 1024 },
    );
    const findings = await findingsOf(stdout);
    if (findings !== undefined)
      throw new Error(`the bill of materials is not valid: ${JSON.stringify(findings)}`);
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** The bill of materials of a bundle of the last build: `package`, or `action`. */
export const sbomOfBuild = async (bundle) =>
  sbomOf(
    JSON.parse(
      await readFile(path.join(root, `node_modules/.cache/polytomic-gitops/${bundle}.meta.json`), 'utf8'),
    ),
  );
