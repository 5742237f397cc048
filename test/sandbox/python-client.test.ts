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
import { isJsonObject } from '../../src/core/json.js';
import { typeSchemas } from '../../src/sandbox/types/all.js';
import { newSandboxes, routeFor, sandbox } from './harness.js';

newSandboxes();

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

/** The types of what the sandbox answers with 501. */
const isBeyond = (type: string): boolean =>
  /Harbor|Operation|Record[Vv]iew|TemporaryCredential|^ActionLookup$|^CompletionValue$/.test(type);

/** Names of the client's types that are others here. */
const types: Readonly<Record<string, string>> = {
  JsonschemaSchema: 'JsonSchema',
  ModelSyncV5Response: 'SyncResponse',
  ModelSyncV5ResponseEnvelope: 'SyncResponseEnvelope',
  ModelSyncV5Target: 'Target',
  OverrideField: 'SyncField',
  OverrideFieldInput: 'SyncField',
};

interface Line {
  readonly call: string;
  readonly error?: string;
}

/** As the client's own operations are listed: method and path. Names of parameters differ, places do not. */
const reference = readFileSync(path.join(import.meta.dirname, 'operations.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((operation) => operation.replaceAll(/\{\w+\}/g, ':'));

it('drives every operation through its life, and every answer is what its models say', async ({ skip }) => {
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
  const line = (call: string): Line | undefined => lines.find((each) => each.call === call);
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(lines.filter(({ error }) => error !== undefined)).toEqual([]);
  // The script itself would notice what is wrong.
  expect(line('strict')).toMatchObject({
    problems: [
      'User.more: User has no such field',
      "BulkSyncExecution.status: 'unheard' is none of the known values",
      'BulkSyncExecution.schemas[0].record_count: str is taken for int',
    ],
  });
  // Each method of the client is called: those of harbours and the like find what says that it is not there.
  const { names } = line('methods') as unknown as { readonly names: readonly string[] };
  const called = new Set(lines.map(({ call }) => call));
  expect(names.filter((name) => !called.has(name))).toEqual([]);
  // Each operation of the list is asked for, and no other.
  const asked = new Set(
    sandbox.requests.map(
      ({ method, path: where }) =>
        `${method} ${routeFor(method, where, '2025-09-18')?.path.replaceAll(/:\w+/g, ':') ?? where}`,
    ),
  );
  expect(reference.filter((operation) => !asked.has(operation))).toEqual([]);
  expect([...asked].filter((operation) => !reference.includes(operation))).toEqual([]);
  // Each field of each model is one of the sandbox's types.
  const { fields } = line('models') as unknown as {
    readonly fields: Readonly<Record<string, readonly string[]>>;
  };
  const schemas = typeSchemas({ refPrefix: '#', closed: true });
  const missing = Object.entries(fields).flatMap(([type, own]) => {
    const schema = schemas[types[type] ?? type];
    if (isBeyond(type)) return [];
    if (schema === undefined) return [type];
    const known = schema['properties'];
    // A map takes any field.
    return isJsonObject(known) ? own.filter((name) => !(name in known)).map((name) => `${type}.${name}`) : [];
  });
  expect(missing).toEqual([]);
  expect(line('types')).toMatchObject({
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
