/** Completions: what a shell is told at each TAB, and whether bash, zsh and fish do with it what they should. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { repositoryRoot } from '../support/files.js';
import { shop, workbench, writeFiles, type Workbench } from '../support/workbench.js';

const config = {
  'polytomic.config.yaml': 'environments:\n  north: {}\n  south: {}\n',
};

/** The words that are offered for the last of these. */
const offered = async (bench: Workbench, ...words: readonly string[]): Promise<readonly string[]> => {
  const { code, out, err } = await bench.cli('complete', '--', ...words);
  expect([code, err]).toEqual([0, '']);
  return out
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0]!)
    .filter((word) => word !== ':nothing');
};

describe('complete', () => {
  it.each<[words: string[], offered: string[]]>([
    [['pl'], ['plan']],
    [['exp'], ['export', 'explain']],
    [['im'], ['import', 'impact']],
    [['--json', 'app'], ['apply']],
    [['help', 'whoa'], ['whoami']],
    [
      ['state', 'p'],
      ['pull', 'push'],
    ],
    [['inspect', 'obj'], ['objects']],
    [['plan', '--sh'], ['--shard']],
    [['plan', '--con'], ['--config']],
    [
      ['graph', '--format', ''],
      ['mermaid', 'dot', 'svg'],
    ],
    [['graph', '-f', 's'], ['svg']],
    [['graph', '--format=d'], ['--format=dot']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [
      ['--env', ''],
      ['all', 'north', 'south'],
    ],
    [['plan', '--env=s'], ['--env=south']],
    [['explain', 'sync.'], ['sync.customers']],
    [
      ['impact', 'model.customers', 'co'],
      ['connection.db', 'connection.warehouse'],
    ],
    [['plan', '--target', 'm'], ['model.customers']],
    // What runs, and nothing else.
    [['run', ''], ['sync.customers']],
    [['logs', ''], ['sync.customers']],
    [['state', 'mv', 'model'], ['model.customers']],
    [
      ['inspect', 'sources', ''],
      ['db', 'warehouse'],
    ],
    [['inspect', 'fields', 'db', 'x', '--model', ''], ['customers']],
    [['plan', '--kind', 'Bulk'], ['BulkSync']],
    [['show', ''], [':files']],
    [['apply', 'p'], [':files']],
    [['plan', '--out', ''], [':files']],
    [['-C', ''], [':folders']],
    // Neither a value nor an operand that anybody could know.
    [['plan', '--shard', ''], []],
    [['whoami', '--', '--'], []],
    [['nonsense', ''], []],
  ])('of %j offers %j', async (words, expected) => {
    expect(await offered(await workbench({ ...shop, ...config }), ...words)).toEqual(expected);
  });

  it('offers options where nothing else can stand, of the command and of all', async () => {
    const options = await offered(await workbench(shop), 'whoami', '');
    expect(options).toEqual(expect.arrayContaining(['--env', '--json', '--help']));
    expect(await offered(await workbench(shop), 'plan', '--')).toEqual(
      expect.arrayContaining(['--out', '--target', '--chdir', '--no-color']),
    );
    expect(options).not.toContain('--version');
  });

  it('goes by the folder and the file that are named before', async () => {
    const bench = await workbench({ 'east/polytomic.config.yaml': 'environments: { east: {} }\n' });
    expect(await offered(bench, '--env', '')).toEqual([]);
    expect(await offered(bench, '-C', 'east', '--env', '')).toEqual(['all', 'east']);
    expect(await offered(bench, '--config=east/polytomic.config.yaml', '--env', '')).toEqual(['all', 'east']);
  });

  it('takes the words of bash, which parts them at the sign', async () => {
    const bench = await workbench(config);
    expect(await offered(bench, 'plan', '--env', '=')).toEqual(['all', 'north', 'south']);
    expect(await offered(bench, 'plan', '--env', '=', 's')).toEqual(['south']);
    expect(await offered(bench, 'plan', '--env', '=', 'south', '--prun')).toEqual(['--prune']);
  });

  it('offers no name that would mean something to a shell: a configuration with one is wrong', async () => {
    for (const name of ['$(touch x)', 'a b', '`y`', ';z', '-rf'])
      expect(
        await offered(
          await workbench({ 'polytomic.config.yaml': JSON.stringify({ environments: { [name]: {} } }) }),
          '--env',
          '',
        ),
      ).toEqual([]);
  });

  it('says nothing of a repository with mistakes, asks nobody, and needs no secret', async () => {
    const bench = await workbench({ 'polytomic/a.yaml': 'kind: [' });
    expect(await offered(bench, 'explain', '')).toEqual([]);
    expect(await offered(await workbench({}), 'explain', '')).toEqual([]);
    const fine = await workbench(shop);
    delete fine.environment['DB_PASSWORD'];
    delete fine.environment['WAREHOUSE_PASSWORD'];
    expect(await offered(fine, 'explain', 'connection.d')).toEqual(['connection.db']);
    expect(fine.sandbox.requests).toEqual([]);
  });

  it('is not in the help; completion is', async () => {
    const { out } = await (await workbench({})).cli('--help');
    expect(out).toMatch(/^ {2}completion <shell>/m);
    expect(out).not.toMatch(/^ {2}complete /m);
  });
});

/** A repository, and the bundle on the path under its name. */
const shellIn = async (
  files: Readonly<Record<string, string>>,
): Promise<{ cwd: string; env: Record<string, string> }> => {
  const cwd = await mkdtemp(path.join(tmpdir(), 'polytomic-shell-'));
  onTestFinished(async () => rm(cwd, { recursive: true, force: true }));
  await writeFiles(cwd, files);
  const bin = path.join(cwd, '.bin', 'polytomic-gitops');
  await writeFiles(cwd, {
    '.bin/polytomic-gitops': `#!/bin/sh\nexec '${process.execPath}' '${path.join(repositoryRoot, 'dist/cli.js')}' "$@"\n`,
  });
  await chmod(bin, 0o755);
  return {
    cwd,
    env: { PATH: `${path.dirname(bin)}:${process.env['PATH'] ?? ''}`, HOME: cwd, LC_ALL: 'C.UTF-8' },
  };
};

const lacks = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status !== 0;
const files = { ...shop, ...config, 'plans/a.json': '{}', 'plans/b c.json': '{}' };

/** Lines that end at the cursor, and what is offered there. */
const cases: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['polytomic-gitops wh', ['whoami']],
  ['polytomic-gitops plan --detailed', ['--detailed-exitcode']],
  ['polytomic-gitops --env ', ['all', 'north', 'south']],
  ['polytomic-gitops --env no', ['north']],
  ['polytomic-gitops explain sync.', ['sync.customers']],
  ['polytomic-gitops graph --format ', ['dot', 'mermaid', 'svg']],
  ['polytomic-gitops show plans/', ['plans/a.json', 'plans/b c.json']],
  ['polytomic-gitops -C pl', ['plans']],
];

describe.skipIf(lacks('bash'))('in bash', () => {
  const complete = async (words: readonly string[]): Promise<readonly string[]> => {
    const { cwd, env } = await shellIn(files);
    const script = [
      'source <(polytomic-gitops completion bash)',
      'COMP_WORDS=("$@")',
      'COMP_CWORD=$(($# - 1))',
      'complete -p polytomic-gitops >&2',
      '_polytomic_gitops "$1" "${COMP_WORDS[COMP_CWORD]}" ""',
      'for word in "${COMPREPLY[@]}"; do printf "%s\\n" "$word"; done',
    ].join('\n');
    const { stdout, stderr } = await execa('bash', ['-c', script, 'bash', ...words], { cwd, env });
    expect(stderr).toContain('complete -F _polytomic_gitops polytomic-gitops');
    return stdout === '' ? [] : stdout.split('\n').sort();
  };

  it.each(cases)('%j is completed', async (line, expected) => {
    expect(await complete(line.split(' '))).toEqual(expected);
  });

  it('a value behind a sign is completed', async () => {
    expect(await complete(['polytomic-gitops', 'plan', '--env', '=', 'so'])).toEqual(['south']);
    expect(await complete(['polytomic-gitops', 'show', '--config', '='])).toEqual(
      expect.arrayContaining(['plans', 'polytomic.config.yaml']),
    );
  });
});

describe.skipIf(lacks('zsh'))('in zsh', () => {
  it.each(cases)('%j is completed', async (line, expected) => {
    const { cwd, env } = await shellIn(files);
    // What zsh's own functions would show is printed; they need a terminal.
    const script = [
      'compdef() { print -u2 compdef "$@"; }',
      '_describe() { local each; for each in "${(@P)${@[-1]}}"; do print -r -- "${each%%:*}"; done; }',
      '_files() { if [[ $1 == -/ ]]; then print -r -- ${~words[CURRENT]}*(N/); else print -rl -- ${~words[CURRENT]}*(N); fi; }',
      'source <(polytomic-gitops completion zsh)',
      'words=("$@"); CURRENT=$#',
      '_polytomic-gitops',
    ].join('\n');
    const { stdout, stderr } = await execa('zsh', ['-f', '-c', script, 'zsh', ...line.split(' ')], {
      cwd,
      env,
    });
    expect(stderr).toBe('compdef _polytomic-gitops polytomic-gitops');
    expect(stdout.split('\n').sort()).toEqual(expected);
  });

  it('a file in the path of functions completes at once', async () => {
    const { cwd, env } = await shellIn(files);
    await writeFile(
      path.join(cwd, '_polytomic-gitops'),
      (await execa('polytomic-gitops', ['completion', 'zsh'], { cwd, env })).stdout,
    );
    const script = [
      'fpath=("$PWD" $fpath); autoload -U _polytomic-gitops',
      '_describe() { print -r -- "${(@P)${@[-1]}}"; }',
      'words=(polytomic-gitops whoa); CURRENT=2',
      '_polytomic-gitops',
    ].join('\n');
    expect((await execa('zsh', ['-f', '-c', script], { cwd, env })).stdout).toBe(
      'whoami:show whom the API key belongs to',
    );
  });
});

describe.skipIf(lacks('fish'))('in fish', () => {
  it.each(cases)('%j is completed', async (line, expected) => {
    const { cwd, env } = await shellIn(files);
    const script = 'polytomic-gitops completion fish | source; complete -C $argv[1]';
    const { stdout } = await execa('fish', ['--no-config', '-c', script, line], { cwd, env });
    const words = stdout
      .split('\n')
      .map((each) => each.split('\t')[0]!.replace(/\/$/, '').replaceAll('\\ ', ' '));
    expect(words.sort()).toEqual(expected);
  });
});
