/** Examples for those who are not on GitHub: GitLab, and plain cron. */
import { chmod, mkdir, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { filesOf, repositoryRoot } from '../support/files.js';
import { shop, workbench, writeFiles, type Workbench } from '../support/workbench.js';

describe('a command in an example', () => {
  /** The words behind the name of the program, line by line; comments and packages are none. */
  const commandsIn = (text: string): readonly (readonly string[])[] =>
    text
      .split('\n')
      .filter((line) => !line.trimStart().startsWith('#'))
      .flatMap((line) => [...line.matchAll(/(?<![/\w])polytomic-gitops((?: +[\w./'*-]+)+)/g)])
      .map(([, words = '']) => words.trim().split(/ +/));

  const commands = filesOf('examples/workflows/*.{yml,sh}').flatMap(([file, text]) =>
    commandsIn(text).map((words) => [`${file}: ${words.join(' ')}`, words] as const),
  );

  it('is found', () => {
    expect(commands.length).toBeGreaterThan(5);
  });

  it.each(commands)('%s is one that there is', async (_name, [command = '', ...words]) => {
    const { cli } = await workbench({});
    const { code, out } = await cli(command, '--help');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Usage: polytomic-gitops ${command} `));
    for (const option of words.filter((word) => word.startsWith('--'))) expect(out).toContain(`${option} `);
  });
});

describe('examples/workflows/gitlab-ci.yml', () => {
  const [[, text] = ['', '']] = filesOf('examples/workflows/gitlab-ci.yml');

  it('is YAML, its jobs are of its stages, and each says when it runs', () => {
    const document = parseDocument(text);
    expect([document.errors, document.warnings]).toEqual([[], []]);
    const { stages, default: _, ...jobs } = document.toJS() as Readonly<Record<string, never>>;
    const each = Object.values(jobs) as readonly Readonly<Record<'stage' | 'rules' | 'script', unknown>>[];
    expect(each.map(({ stage }) => stage)).toEqual(stages);
    for (const { rules, script } of each) {
      expect(rules).toEqual(
        expect.arrayContaining([expect.objectContaining({ if: expect.any(String) as string })]),
      );
      expect(script).toEqual([expect.stringMatching(/^npx --yes polytomic-gitops /)]);
    }
  });
});

describe('a script', () => {
  it.each(filesOf('**/*.sh', '.ci/run'))('%s is one that bash takes', async (file) => {
    await execa('bash', ['-n', file], { cwd: repositoryRoot });
  });
});

// Git, the program and its fingerprints, each several times: slow on a busy machine.
describe('examples/workflows/cron.sh', { timeout: 180_000 }, () => {
  const script = path.join(repositoryRoot, 'examples/workflows/cron.sh');

  interface Machine extends Workbench {
    readonly push: (files: Readonly<Record<string, string>>) => Promise<void>;
    readonly turn: (
      command: string,
    ) => Promise<{ readonly code: number | undefined; readonly printed: string }>;
  }

  /** A clone as the comment of the script describes it, with the program in the path. */
  const machine = async (): Promise<Machine> => {
    const bench = await workbench({});
    const { root } = bench;
    const env = {
      PATH: `${path.join(root, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: root,
      GIT_CONFIG_NOSYSTEM: '1',
      ...Object.fromEntries(
        ['AUTHOR', 'COMMITTER'].flatMap((who) => [
          [`GIT_${who}_NAME`, 'Ana'],
          [`GIT_${who}_EMAIL`, 'ana@example.com'],
        ]),
      ),
    };
    const git = async (folder: string, ...args: readonly string[]): Promise<void> => {
      await execa('git', args, { cwd: path.join(root, folder), env, extendEnv: false });
    };
    const push: Machine['push'] = async (files) => {
      await writeFiles(path.join(root, 'desk'), files);
      await git('desk', 'add', '--all');
      await git('desk', 'commit', '--quiet', '-m', 'Change');
      await git('desk', 'push', '--quiet', 'origin', 'HEAD:main');
    };
    await mkdir(path.join(root, 'bin'));
    const program = path.join(repositoryRoot, 'dist', 'cli.js');
    await chmod(program, 0o755);
    await symlink(program, path.join(root, 'bin', 'polytomic-gitops'));
    await git('.', 'init', '--quiet', '--bare', '-b', 'main', 'remote.git');
    await git('.', 'clone', '--quiet', 'remote.git', 'desk');
    await push({ '.gitignore': '.env\n.polytomic/\n', ...shop });
    await git('.', 'clone', '--quiet', 'remote.git', 'data');
    await writeFiles(path.join(root, 'data'), {
      '.env': Object.entries(bench.environment)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    });
    return {
      ...bench,
      push,
      turn: async (command) => {
        const { exitCode, all } = await execa(script, [path.join(root, 'data'), command], {
          env,
          extendEnv: false,
          reject: false,
          all: true,
        });
        return { code: exitCode, printed: all };
      },
    };
  };

  it('applies what is on main, and says nothing where there is nothing to do', async () => {
    const { sandbox, push, turn, root } = await machine();
    const first = await turn('apply');
    expect(first.code).toBe(0);
    expect(first.printed).toContain('4 created');
    expect(sandbox.list('syncs')).toHaveLength(1);
    expect(await turn('apply')).toEqual({ code: 0, printed: '' });
    expect(await turn('drift')).toEqual({ code: 0, printed: '' });
    await push({
      'polytomic/connections.yaml': shop['polytomic/connections.yaml']!.replace('Shop database', 'Shop'),
    });
    expect((await turn('apply')).printed).toContain('1 updated');
    expect(await readdir(path.join(root, 'data', '.polytomic', 'state'))).toEqual(['default.json']);
  });

  it('tells of drift, of errors, and of a command that there is not', async () => {
    const { sandbox, push, turn } = await machine();
    await turn('apply');
    sandbox.edit('syncs', sandbox.list('syncs')[0]!.id, { mode: 'create' });
    const drift = await turn('drift');
    expect([drift.code, drift.printed]).toEqual([2, expect.stringContaining('sync.customers')]);
    expect(await turn('destroy')).toEqual({
      code: 64,
      printed: 'cron.sh: destroy is neither apply nor drift',
    });
    await push({ 'polytomic/wrong.yaml': 'kind: Sink\nkey: a\n' });
    const wrong = await turn('apply');
    expect([wrong.code, wrong.printed]).toEqual([1, expect.stringContaining('polytomic/wrong.yaml:1:1')]);
    expect(sandbox.list('syncs')[0]).toMatchObject({ mode: 'create' });
  });
});
