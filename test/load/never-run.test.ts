/** Nothing that lies in a working copy is executed, whatever its name: it may come from a stranger's pull request. */
import { access, chmod, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as defaults from 'cosmiconfig/dist/defaults.js';
import { execa } from 'execa';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { team } from '../support/team.js';
import { shop, workbench, type Ran, type Workbench } from '../support/workbench.js';

const cli = path.resolve('dist/cli.js');

/** As a user runs it: a process of its own, in the working copy. */
const runCli = async (
  bench: Workbench,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> => {
  const { exitCode, stdout, stderr } = await execa('node', [cli, ...args], {
    cwd: bench.root,
    reject: false,
    extendEnv: false,
    env: { PATH: process.env['PATH'], ...bench.environment, ...environment },
    stdin: 'ignore',
  });
  return { code: exitCode ?? -1, out: stdout, err: stderr };
};

/** What a file that runs leaves behind. */
const MARK = path.join(tmpdir(), `polytomic-it-ran-${process.pid}`);
beforeEach(async () => rm(MARK, { force: true }));
afterAll(async () => rm(MARK, { force: true }));

/** Writes the mark, in whatever way the file is run. */
const code = (ending: string): string =>
  ending === '.mjs'
    ? `import fs from 'node:fs'; fs.writeFileSync('${MARK}', ''); export default {};`
    : `require('node:fs').writeFileSync('${MARK}', ''); module.exports = {};`;

const script = `#!/bin/sh\ntouch ${MARK}\n`;

/** A file of this name that would do harm if it were taken for what it looks like. */
const harmful = (name: string): string => {
  const ending = path.extname(name);
  if (/^\.(m|c)?[jt]s$/.test(ending)) return code(ending);
  const settings = {
    cosmiconfig: { searchPlaces: ['evil.js'], mergeSearchPlaces: true },
    searchPlaces: ['evil.js'],
    mergeSearchPlaces: true,
    $import: './evil.js',
    polytomic: { $import: './evil.js' },
    prettier: './evil.js',
  };
  return JSON.stringify(settings);
};

/** Every place that the library knows: for its own settings, for a tool's, and for the user's. */
const places = [
  ...new Set([
    ...defaults.metaSearchPlaces,
    ...['polytomic', 'cosmiconfig', 'prettier'].flatMap((name) => [
      ...defaults.getDefaultSearchPlaces(name),
      ...defaults.getDefaultSearchPlacesSync(name),
    ]),
    ...defaults.globalConfigSearchPlaces.map((name) => `.config/polytomic/${name}`),
    ...['js', 'cjs', 'mjs', 'ts'].map((ending) => `polytomic.config.${ending}`),
  ]),
];

const programs = Object.fromEntries(
  ['git', 'ssh', 'node', 'sh'].map((name) => [`bin/${name}`, script]),
) as Readonly<Record<string, string>>;

const trap: Readonly<Record<string, string>> = {
  ...Object.fromEntries(places.map((name) => [name, harmful(name)])),
  ...programs,
  'evil.js': code('.js'),
};

const ran = async (): Promise<boolean> =>
  access(MARK).then(
    () => true,
    () => false,
  );

const executable = async (root: string, files: readonly string[]): Promise<void> => {
  for (const file of files) await chmod(path.join(root, file), 0o755);
};

describe('a file of the working copy is not run', () => {
  it('the trap would snap: the library itself runs such a file', async () => {
    const bench = await workbench(trap);
    await execa(
      'node',
      [
        '-e',
        `import(${JSON.stringify(import.meta.resolve('cosmiconfig'))}).then(({ cosmiconfig }) => cosmiconfig('polytomic').search())`,
      ],
      { cwd: bench.root, reject: false },
    );
    expect(await ran()).toBe(true);
  });

  it.each([
    ['validate'],
    ['plan'],
    ['apply', '--yes'],
    ['fmt', '--check'],
    ['export'],
    ['graph'],
    ['--help'],
  ])('by %s', async (...args) => {
    const bench = await workbench({ ...shop, ...trap });
    await executable(bench.root, Object.keys(programs));
    const result = await runCli(bench, args, { HOME: bench.root });
    expect([result.code, result.err]).toEqual([result.code, expect.not.stringMatching(/\.js:\d+|crash/)]);
    expect(result.code).toBeLessThan(3);
    expect(await ran()).toBe(false);
  });

  it('by the Action', async () => {
    const acme = await team({ 'README.md': '' }, { real: true });
    const number = await acme.propose('trap', { ...shop, ...trap });
    const run = await acme.plan(number);
    expect(run.code).toBe(0);
    expect(run.summary).toContain('4 to create');
    expect(await ran()).toBe(false);
  });

  it.each(['.js', '.cjs', '.mjs', '.ts', '.mts', '.cts', '.node', '.wasm', '.sh', '', '.YAML.js'])(
    'by --config with the ending "%s"',
    async (ending) => {
      const bench = await workbench({ ...shop, [`evil${ending}`]: code(ending) });
      const { code: exit, err } = await runCli(bench, ['validate', '--config', `evil${ending}`]);
      expect(exit).toBe(1);
      expect(err).toContain(
        `the configuration file evil${ending} cannot be read: it is neither YAML nor JSON`,
      );
      expect(await ran()).toBe(false);
    },
  );

  it.each(['package.json', 'package.yaml'])('by --config %s', async (name) => {
    const bench = await workbench({ ...shop, ...trap, [name]: harmful(name) });
    const { code: exit, err } = await runCli(bench, ['validate', '--config', name]);
    expect([exit, err]).toEqual([1, expect.stringContaining('a package has no configuration of this tool')]);
    expect(await ran()).toBe(false);
  });

  it('a configuration file that is a link shows nothing of what it leads to', async () => {
    const bench = await workbench({ ...shop, 'secret.txt': 'canary-4711: [' });
    await symlink('secret.txt', path.join(bench.root, 'polytomic.config.yaml'));
    const { code: exit, err } = await runCli(bench, ['validate']);
    expect(exit).toBe(1);
    expect(err).toContain('polytomic.config.yaml cannot be read: it is a link');
    expect(err).not.toContain('canary');
  });
});

describe('a dotenv file of the working copy', () => {
  it('names no program for Git, and no proxy for a key that is not its own', async () => {
    const bench = await workbench({
      ...shop,
      ...programs,
      'polytomic.config.yaml': 'state: git\nstateRemote: ssh://host.invalid/x.git\n',
      '.env': [
        'GIT_SSH_COMMAND=./bin/ssh',
        'GIT_SSH=./bin/ssh',
        'GIT_ASKPASS=./bin/sh',
        'GIT_EXEC_PATH=./bin',
        'PATH=./bin',
        'GIT_CONFIG_COUNT=1',
        'GIT_CONFIG_KEY_0=core.sshCommand',
        'GIT_CONFIG_VALUE_0=./bin/ssh',
        'NODE_OPTIONS=--require ./evil.js',
      ].join('\n'),
      'evil.js': code('.js'),
    });
    await executable(bench.root, Object.keys(programs));
    const { code: exit, err } = await runCli(bench, ['plan']);
    expect([exit, err]).toEqual([1, expect.stringContaining('git ls-remote failed')]);
    expect(await ran()).toBe(false);

    await bench.write({
      'polytomic.config.yaml': '',
      '.env': 'HTTP_PROXY=http://127.0.0.1:1\nHTTPS_PROXY=http://127.0.0.1:1\n',
    });
    expect((await runCli(bench, ['plan'])).code).toBe(0);
  });
});

describe('a repository in the working copy', () => {
  const git = async (cwd: string, ...args: readonly string[]): Promise<void> => {
    await execa('git', args, { cwd });
  };

  it.each(['./evil.git', 'evil.git', 'file://ROOT/evil.git', 'ROOT/evil.git'])(
    'is no remote for the state (%s): Git would run its hooks',
    async (remote) => {
      const bench = await workbench(shop);
      await git(bench.root, 'init', '--quiet');
      await git(bench.root, 'init', '--quiet', '--bare', 'evil.git');
      await bench.write({
        'polytomic.config.yaml': `state: git\nstateRemote: ${remote.replace('ROOT', bench.root)}\n`,
        'evil.git/hooks/pre-receive': script,
      });
      await executable(bench.root, ['evil.git/hooks/pre-receive']);
      const { code: exit, err } = await runCli(bench, ['apply', '--yes']);
      expect([exit, err]).toEqual([1, expect.stringContaining('a folder of this checkout')]);
      expect(await ran()).toBe(false);
    },
  );

  it('without a .git is none, and names no programs', async () => {
    const bench = await workbench({});
    await git(bench.root, 'init', '--quiet');
    await git(bench.root, 'init', '--quiet', '--bare', 'data');
    await bench.write({
      'data/polytomic.config.yaml': 'state: git\nstateRemote: ssh://host.invalid/x.git\n',
      'data/polytomic/connections.yaml': shop['polytomic/connections.yaml'] ?? '',
      'data/run.sh': script,
    });
    await executable(bench.root, ['data/run.sh']);
    for (const key of ['core.sshCommand', 'core.fsmonitor', 'core.pager', 'core.askPass'])
      await git(bench.root, '--git-dir', 'data', 'config', key, path.join(bench.root, 'data/run.sh'));
    const { code: exit, err } = await runCli(bench, ['--chdir', 'data', 'plan']);
    expect([exit, err]).toEqual([1, expect.stringContaining('git ls-remote failed')]);
    expect(await ran()).toBe(false);
  });
});

describe('a file of this tool that a stranger wrote', () => {
  it.each([
    ['the state', '.polytomic/state/default.json', ['plan']],
    ['a saved plan', 'plan.json', ['apply', 'plan.json']],
    ['a report', 'plan.json', ['report', 'plan.json']],
    ['the cache', '.polytomic/cache/default.json', ['plan']],
    ['the journal', '.polytomic/journal/default.jsonl', ['plan']],
    ['a pulled schema', '.polytomic/schemas/connection-types/postgresql.schema.json', ['validate']],
    ['the configuration', 'polytomic.config.json', ['validate']],
  ] as const)('%s does not end the run as a bug, however deep it is nested', async (_what, file, args) => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const bench = await workbench({
      ...shop,
      [file]: `{"formatVersion":1,"type":"x","plan":${deep},"resources":${deep},"details":${deep},"variables":${deep}}`,
    });
    const { code: exit, err } = await bench.cli(...args);
    expect(exit).toBeLessThanOrEqual(1);
    expect(err).not.toMatch(/Maximum call stack|please report/i);
  });
});
