/**
 * The newest clients of each registry, as npm and pip are configured here. What comes is an archive that is read as
 * text: nothing of it is unpacked, installed, imported or run.
 */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { printable } from '../../src/core/text.js';
import type { Client } from './compare.js';
import type { Description } from './description.js';
import { describeNpmClient, type Texts } from './npm-client.js';

/** The name of the clients at both registries. */
const PACKAGE = 'polytomic';

/** A registry that cannot be reached, or a client that cannot be read: nothing can be said of the differences. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

const DOWNLOAD_MS = 120_000;
const READ_MS = 120_000;
const MOST_TEXT = 256 * 1024 * 1024;

/** What a command said last, without addresses: a registry's may hold credentials. */
const reasonOf = (error: unknown): string => {
  const { stderr = '', shortMessage = String(error) } = error as {
    readonly stderr?: string;
    readonly shortMessage?: string;
  };
  const said = stderr.trim() === '' ? shortMessage : stderr;
  const lines = said
    .replaceAll(/\b\w+:\/\/\S+/g, 'the registry')
    .split('\n')
    .map((line) => line.trim());
  return printable(
    lines.findLast((line) => line !== '' && !/notice|complete log/i.test(line)) ?? 'no reason',
  ).slice(0, 300);
};

const run = async (
  what: string,
  command: string,
  args: readonly string[],
  cwd: string,
  timeout: number,
): Promise<string> => {
  try {
    const { stdout } = await execa(command, args, { cwd, timeout, maxBuffer: MOST_TEXT, stdin: 'ignore' });
    return stdout;
  } catch (error) {
    throw new Unavailable(`${what}: ${reasonOf(error)}`);
  }
};

const npmArguments = (into: string): readonly string[] => [
  'pack',
  `${PACKAGE}@latest`,
  '--ignore-scripts',
  '--silent',
  '--pack-destination',
  into,
];

const pipArguments = (into: string): readonly string[] => [
  '-I',
  '-m',
  'pip',
  'download',
  PACKAGE,
  '--no-deps',
  '--only-binary=:all:',
  '--disable-pip-version-check',
  '--quiet',
  '--dest',
  into,
];

/** What an archive says of the API. Throws `Unavailable` for one that is hostile, or none of a client. */
export const readArchive = async (archive: string): Promise<Description> => {
  const name = path.basename(archive);
  const reader = path.resolve('.ci/api/read.py');
  const read = await run(
    `cannot read ${name}`,
    'python3',
    ['-I', '-B', reader, archive],
    path.dirname(archive),
    READ_MS,
  );
  try {
    const found = JSON.parse(read) as Description | { readonly texts: Texts };
    const description = 'texts' in found ? describeNpmClient(found.texts) : found;
    if (description.operations.length === 0) throw new Error('it knows no operation of the API');
    return description;
  } catch (error) {
    throw new Unavailable(`cannot read ${name}: ${printable((error as Error).message).slice(0, 300)}`);
  }
};

/** `polytomic 25.9.10 (PyPI)`: the version stands in the name of the archive. */
const versionOf = (archive: string): string =>
  /-(\d[\w.+!]*?)(-|\.tgz$)/.exec(path.basename(archive))?.[1] ?? '?';

const fetched = async (
  registry: string,
  command: string,
  args: readonly string[],
  into: string,
): Promise<Client> => {
  await mkdir(into);
  await run(`${registry} cannot be reached`, command, args, into, DOWNLOAD_MS);
  const [archive] = (await readdir(into)).filter((name) => /\.(whl|tgz)$/.test(name));
  if (archive === undefined) throw new Unavailable(`${registry} gave no archive of ${PACKAGE}`);
  return {
    name: `${PACKAGE} ${versionOf(archive)} (${registry})`,
    description: await readArchive(path.join(into, archive)),
  };
};

/** The newest client of npm, and that of PyPI. Throws `Unavailable` where one cannot be had or read. */
export const newestClients = async (): Promise<readonly Client[]> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-clients-'));
  try {
    const [npm, pypi] = [path.join(folder, 'npm'), path.join(folder, 'pypi')];
    return [
      await fetched('npm', 'npm', npmArguments(npm), npm),
      await fetched('PyPI', 'python3', pipArguments(pypi), pypi),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
