// The main job as a user sees it: the manifests beside this file, planned and applied against a Polytomic
// API on this machine. Works on a copy in a temporary folder, and cleans up.
import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSandbox } from '../../dist/index.js';

const here = import.meta.dirname;
const cli = path.join(here, '..', '..', 'dist', 'cli.js');
const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-quickstart-'));
const sandbox = await startSandbox();

/** Runs a command in the copy as a person would, and gives its exit code. */
const run = async (...args) => {
  console.log(`\n$ polytomic-gitops ${args.join(' ')}`);
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      POLYTOMIC_URL: sandbox.url,
      POLYTOMIC_API_KEY: sandbox.apiKey,
      MYSQL_PASSWORD: 'secret',
      SNOWFLAKE_PASSWORD: 'secret-password',
    },
  });
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
};

const expect = async (code, ...args) => {
  const got = await run(...args);
  if (got === code) return;
  console.error(`\nThe demo failed: exit code ${got} in place of ${code}.`);
  process.exitCode = 1;
};

try {
  await cp(path.join(here, 'polytomic'), path.join(folder, 'polytomic'), { recursive: true });
  await cp(path.join(here, 'polytomic.config.yaml'), path.join(folder, 'polytomic.config.yaml'));
  console.log(`A Polytomic API for trying out runs on ${sandbox.url}.`);
  await expect(0, 'whoami');
  await expect(0, 'validate');
  await expect(2, 'plan', '--detailed-exitcode');
  await expect(0, 'apply', '--yes');
  console.log('\nA second plan is empty: what lives is what the manifests say.');
  await expect(0, 'plan', '--detailed-exitcode');
} finally {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
}
