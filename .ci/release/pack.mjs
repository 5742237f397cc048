// Builds from clean what a release attaches, into a new folder:
//   node .ci/release/pack.mjs --tag release/v1.2.3 --out FOLDER [--draft]
// The package, the Action's bundle, their bills of materials, SHA256SUMS, and release.json with notes.md for the
// workflow. A draft is not dated yet.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { notesOf } from './changelog.mjs';
import { sbomOfBuild } from './sbom.mjs';
import { releaseOf } from './tag.mjs';

const root = path.join(import.meta.dirname, '..', '..');
const read = async (file) => readFile(path.join(root, file), 'utf8');
const run = (command, args) =>
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });

/** In the form that `sha256sum --check` reads, by name. */
const checksums = async (folder) => {
  const lines = [];
  for (const file of (await readdir(folder)).sort())
    lines.push(
      `${createHash('sha256')
        .update(await readFile(path.join(folder, file)))
        .digest('hex')}  ${file}\n`,
    );
  return lines.join('');
};

const pack = async ({ tag, out, draft }) => {
  const release = releaseOf(
    tag,
    JSON.parse(await read('package.json')),
    JSON.parse(await read('package-lock.json')),
  );
  const notes = notesOf(await read('CHANGELOG.md'), release.version, { draft });
  await mkdir(out);
  // What prepack does, with its errors told, whatever this machine says of scripts.
  run('npm', ['run', '--silent', 'build']);
  run('npm', ['run', '--silent', 'declarations']);
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', out]);
  const name = `polytomic-gitops-action-${release.version}`;
  run('tar', ['-czf', path.join(out, `${name}.tgz`), 'action.yml', 'LICENSE', 'dist/action']);
  await writeFile(
    path.join(out, `polytomic-gitops-${release.version}.cdx.json`),
    await sbomOfBuild('package'),
  );
  await writeFile(path.join(out, `${name}.cdx.json`), await sbomOfBuild('action'));
  const sums = await checksums(out);
  await writeFile(path.join(out, 'SHA256SUMS'), sums);
  await writeFile(path.join(out, 'notes.md'), notes);
  await writeFile(path.join(out, 'release.json'), `${JSON.stringify(release)}\n`);
  process.stdout.write(sums);
};

const { values } = parseArgs({
  options: { tag: { type: 'string' }, out: { type: 'string' }, draft: { type: 'boolean', default: false } },
});
try {
  if (values.tag === undefined || values.out === undefined) throw new Error('--tag and --out are needed');
  await pack({ ...values, out: path.resolve(values.out) });
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
