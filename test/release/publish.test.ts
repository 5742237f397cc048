/** The end of a release: what is pushed, and what the page gets. A bare repository stands for GitHub, a script for `gh`. */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { repositoryRoot } from '../support/files.js';
import { writeFiles } from '../support/workbench.js';

const publish = path.join(repositoryRoot, '.ci', 'release', 'publish.mjs');

/** `gh`, as far as it is called: pages are lines of a file. */
const gh = `#!/bin/sh
if [ "$2" = view ]; then grep -q "^release create $3 " "$GH_PAGES" 2>/dev/null; exit; fi
if [ -n "$GH_FAILS" ]; then exit 1; fi
printf '%s ' "$@" >> "$GH_PAGES"; echo >> "$GH_PAGES"
`;

interface World {
  /** Runs the script for a version, from the sources as they are. */
  readonly release: (version: string, environment?: Record<string, string>) => Promise<number | undefined>;
  readonly change: (files: Record<string, string>) => Promise<string>;
  readonly remote: (...args: readonly string[]) => Promise<string>;
  readonly pages: () => Promise<readonly string[]>;
}

const world = async (): Promise<World> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-publish-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const at = (...names: readonly string[]): string => path.join(folder, ...names);
  const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.com', '-c', 'init.defaultBranch=main'];
  const git = async (cwd: string, ...args: readonly string[]): Promise<string> =>
    (await execa('git', [...author, ...args], { cwd })).stdout;
  await writeFiles(folder, { 'bin/gh': gh });
  await chmod(at('bin/gh'), 0o755);
  await git(folder, 'init', '--quiet', '--bare', 'remote.git');
  await git(folder, 'clone', '--quiet', 'remote.git', 'sources');
  const change: World['change'] = async (files) => {
    await writeFiles(at('sources'), files);
    await git(at('sources'), 'add', '--all');
    await git(at('sources'), 'commit', '--quiet', '--message', 'A change');
    await git(at('sources'), 'push', '--quiet', 'origin', 'HEAD:main');
    return git(at('sources'), 'rev-parse', 'HEAD');
  };
  await change({
    '.gitignore': 'dist/\n',
    '.pre-commit-hooks.yaml': '[]\n',
    'CHANGELOG.md': '# Changes\n',
    'docs/a.md': 'A\n',
    'examples/a.yml': 'a: 1\n',
    'src/secret-plan.ts': 'export {};\n',
    'package-lock.json': '{}\n',
  });
  const release: World['release'] = async (version, environment = {}) => {
    const [major] = version.split('.');
    const prerelease = version.includes('-');
    const assets = at('assets', version);
    await rm(assets, { recursive: true, force: true });
    const manifest = {
      name: 'x',
      version,
      bin: { x: 'dist/cli.js' },
      scripts: { prepare: 'false' },
      devDependencies: { y: '1' },
    };
    await writeFiles(at('made', version), {
      'package/package.json': JSON.stringify(manifest),
      'package/dist/cli.js': `// ${version}\n`,
      'action/action.yml': 'name: x\n',
      'action/dist/action/index.js': `// ${version}\n`,
    });
    await writeFiles(assets, {
      [`polytomic-gitops-${version}.cdx.json`]: '{}',
      SHA256SUMS: '',
      'notes.md': '- New.\n',
      'release.json': JSON.stringify({
        version,
        tag: `v${version}`,
        branch: `releases/v${major}`,
        prerelease,
        ...(prerelease ? {} : { major: `v${major}` }),
      }),
    });
    const tar = async (name: string, from: string, what: string): Promise<unknown> =>
      execa('tar', ['-czf', path.join(assets, `${name}-${version}.tgz`), '-C', from, what]);
    await tar('polytomic-gitops', at('made', version), 'package');
    await tar('polytomic-gitops-action', at('made', version, 'action'), '.');
    // As the workflow: a new clone with everything.
    await rm(at('clone'), { recursive: true, force: true });
    await git(folder, 'clone', '--quiet', 'remote.git', 'clone');
    const { exitCode } = await execa('node', [publish, '--assets', assets], {
      cwd: at('clone'),
      reject: false,
      env: { PATH: `${at('bin')}:${process.env['PATH'] ?? ''}`, GH_PAGES: at('pages.txt'), ...environment },
    });
    return exitCode;
  };
  return {
    release,
    change,
    remote: async (...args) => git(at('remote.git'), ...args),
    pages: async () =>
      (await readFile(at('pages.txt'), 'utf8').catch(() => ''))
        .replaceAll(`${at('assets')}${path.sep}`, '')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
  };
};

describe('a release', () => {
  it('makes the tags of the Action, the branch, and the page with everything that is attached', async () => {
    const { release, remote, pages } = await world();
    expect(await release('0.1.0')).toBe(0);
    const [commit, ...others] = (await remote('rev-parse', 'v0.1.0', 'v0', 'releases/v0')).split('\n');
    expect(others).toEqual([commit, commit]);
    expect(await remote('rev-parse', 'v0.1.0^')).toBe(await remote('rev-parse', 'main'));
    expect(await pages()).toEqual([
      'release create v0.1.0 --verify-tag --title v0.1.0 --notes-file 0.1.0/notes.md ' +
        '0.1.0/SHA256SUMS 0.1.0/polytomic-gitops-0.1.0.cdx.json 0.1.0/polytomic-gitops-0.1.0.tgz ' +
        '0.1.0/polytomic-gitops-action-0.1.0.tgz',
    ]);
  });

  it('tags what is used, with nothing to build and no tools to install, and no sources', async () => {
    const { release, remote } = await world();
    await release('0.1.0');
    expect((await remote('ls-tree', '-r', '--name-only', 'v0.1.0')).split('\n')).toEqual([
      '.pre-commit-hooks.yaml',
      'CHANGELOG.md',
      'action.yml',
      'dist/action/index.js',
      'dist/cli.js',
      'docs/a.md',
      'examples/a.yml',
      'package.json',
    ]);
    expect(JSON.parse(await remote('show', 'v0.1.0:package.json'))).toEqual({
      name: 'x',
      version: '0.1.0',
      bin: { x: 'dist/cli.js' },
    });
    expect(await remote('ls-tree', '-r', '--name-only', 'main')).not.toContain('dist');
  });

  it('after another moves the major tag alone, and stands in line with it', async () => {
    const { release, remote, change } = await world();
    await release('0.1.0');
    const before = await remote('rev-parse', 'v0.1.0');
    const source = await change({ 'docs/a.md': 'B\n' });
    expect(await release('0.2.0')).toBe(0);
    expect(await remote('rev-parse', 'v0.1.0')).toBe(before);
    expect(await remote('rev-parse', 'v0')).toBe(await remote('rev-parse', 'v0.2.0'));
    expect(await remote('rev-parse', 'v0.2.0^1', 'v0.2.0^2')).toBe(`${before}\n${source}`);
    expect(await remote('show', 'v0:docs/a.md')).toBe('B');
  });

  it('that is a prerelease leaves the major tag where it is', async () => {
    const { release, remote, pages } = await world();
    await release('1.0.0');
    const before = await remote('rev-parse', 'v1');
    expect(await release('1.1.0-rc.1')).toBe(0);
    expect(await remote('rev-parse', 'v1')).toBe(before);
    expect(await remote('rev-parse', 'v1.1.0-rc.1')).not.toBe(before);
    expect((await pages()).map((line) => line.includes('--prerelease'))).toEqual([false, true]);
  });

  it('that failed goes on where it stopped, and a second time does nothing', async () => {
    const { release, remote, pages } = await world();
    expect(await release('0.1.0', { GH_FAILS: 'yes' })).toBe(1);
    const commit = await remote('rev-parse', 'v0.1.0');
    expect(await pages()).toEqual([]);
    expect(await release('0.1.0')).toBe(0);
    expect(await release('0.1.0')).toBe(0);
    expect(await remote('rev-parse', 'v0.1.0')).toBe(commit);
    expect(await pages()).toHaveLength(1);
  });
});
