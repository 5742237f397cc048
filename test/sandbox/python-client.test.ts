/**
 * The client that Polytomic publishes for Python, against the sandbox: it is stricter than the one for Node, and newer.
 * Where there is neither Python nor a way to the package, the test is skipped, and says so.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { routeFor, sandbox } from './harness.js';

const here = path.join(import.meta.dirname, 'python');
const requirements = path.join(here, 'requirements.txt');

/** The pip of an environment may ask for minutes: it ends before the test does. */
const INSTALL_MS = 120_000;

/** A virtual environment with what the requirements pin, made once; or why there is none. */
const python = async (): Promise<{ readonly command: string } | { readonly missing: string }> => {
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const cache = path.resolve('node_modules/.cache/python-client');
  const directory = path.join(cache, version);
  const command = path.join(directory, 'bin', 'python');
  if (existsSync(command)) return { command };
  await mkdir(cache, { recursive: true });
  // Whole or not there: it is moved into its place when all is installed.
  const draft = path.join(cache, `${version}-${process.pid}`);
  try {
    await execa('python3', ['-m', 'venv', draft], { timeout: INSTALL_MS });
    await execa(
      path.join(draft, 'bin', 'python'),
      [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--no-deps',
        '--require-hashes',
        '--only-binary=:all:',
        '-r',
        requirements,
      ],
      { timeout: INSTALL_MS, env: { PIP_DISABLE_PIP_VERSION_CHECK: '1' } },
    );
    await rename(draft, directory);
    return { command };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    return existsSync(command)
      ? { command }
      : { missing: (error as Error).message.split('\n').slice(-3).join(' ') };
  }
};

/** What the sandbox has no part of: called all the same, so that this list stays true. */
const unserved: readonly string[] = [];

interface Line {
  readonly call: string;
  readonly error?: string;
}

/** As the reference of 2025-09-18 lists them: method and path. Names of parameters differ, places do not. */
const reference = readFileSync(path.join(import.meta.dirname, 'operations.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((operation) => operation.replaceAll(/\{\w+\}/g, ':'));

it('takes every answer that it asks for', async ({ skip }) => {
  const found = await python();
  if ('missing' in found) {
    process.stderr.write(`\nNOT TESTED: the client for Python cannot be had here: ${found.missing}\n`);
    skip(found.missing);
    return;
  }
  const { stdout, stderr, exitCode } = await execa(
    found.command,
    [path.join(here, 'client.py'), sandbox.url, sandbox.apiKey, sandbox.partnerKey, sandbox.organization.id],
    { reject: false, env: { PYTHONWARNINGS: 'ignore', PYTHONDONTWRITEBYTECODE: '1' } },
  );
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  expect([exitCode, stderr]).toEqual([0, '']);
  const failed = lines.filter(({ error }) => error !== undefined);
  expect(failed.filter(({ call }) => !unserved.includes(call))).toEqual([]);
  expect(failed.map(({ call }) => call).sort()).toEqual([...unserved].sort());
  const asked = new Set(
    sandbox.requests.map(
      ({ method, path: where }) =>
        `${method} ${routeFor(method, where, '2025-09-18')?.path.replaceAll(/:\w+/g, ':') ?? where}`,
    ),
  );
  expect(reference.filter((operation) => !asked.has(operation))).toEqual([]);
  expect(lines.find(({ call }) => call === 'types')).toMatchObject({
    capabilities: {
      source: true,
      destination: true,
      enrichment: false,
      logging: false,
      orchestration: false,
    },
    form: expect.arrayContaining(['account', 'username']) as readonly string[],
    oauth: true,
  });
});
