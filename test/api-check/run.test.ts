/** `npm run api:check` as people run it, with registries of its own that serve small written clients. */
import { readFile } from 'node:fs/promises';
import { serve } from '@hono/node-server';
import { execa } from 'execa';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { main } from '../../.ci/api/main.js';
import { startGitHub } from '../support/github.js';
import {
  archiveOf,
  hasPython,
  npmClient,
  packageName,
  pythonClient,
  wheelFacts,
  wheelName,
  type Entry,
} from './archives.js';

type Entries = readonly (readonly [string, Entry])[];

/** A registry for npm and one for pip, at one address. */
const registries = async (npm: Entries, pypi: Entries): Promise<string> => {
  const [tarball, wheel] = await Promise.all([
    readFile(await archiveOf(packageName, npm)),
    readFile(await archiveOf(wheelName, pypi)),
  ]);
  const app = new Hono();
  app.get('/npm/polytomic', (c) =>
    c.json({
      name: 'polytomic',
      'dist-tags': { latest: '1.0.0' },
      versions: {
        '1.0.0': {
          name: 'polytomic',
          version: '1.0.0',
          dist: { tarball: new URL(`/files/${packageName}`, c.req.url).href },
        },
      },
    }),
  );
  app.get('/simple/polytomic/', (c) => c.html(`<a href="/files/${wheelName}">${wheelName}</a>`));
  app.get(`/files/${packageName}`, (c) => c.body(new Uint8Array(tarball)));
  app.get(`/files/${wheelName}`, (c) => c.body(new Uint8Array(wheel)));
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  onTestFinished(() => {
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
};

/** What is asked of npm and pip in this test alone. */
const ask = (url: string): void => {
  const settings = {
    npm_config_registry: `${url}/npm/`,
    npm_config_fetch_retries: '0',
    PIP_CONFIG_FILE: '/dev/null',
    PIP_INDEX_URL: `${url}/simple/`,
    PIP_EXTRA_INDEX_URL: '',
    PIP_FIND_LINKS: '',
    PIP_RETRIES: '0',
    PIP_NO_CACHE_DIR: '1',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
};

const check = async (
  url: string,
  ...args: readonly string[]
): Promise<{ readonly exitCode: number; readonly stdout: string }> => {
  ask(url);
  let stdout = '';
  const exitCode = await main(args, (text) => (stdout += text));
  return { exitCode, stdout };
};

describe.skipIf(!hasPython)('the check', () => {
  it('lists what clients have and the tables lack, and exits with 1', async () => {
    const url = await registries(npmClient, [...wheelFacts, ...pythonClient]);
    const { exitCode, stdout } = await check(url);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Compared with polytomic 1.0.0 (npm) and polytomic 2.0.0 (PyPI).');
    expect(stdout).toMatch(/A client has it, the sandbox lacks it\n(?: {2}.*\n)* {2}POST \/api\/things\n/);
    expect(stdout).toMatch(/The sandbox has it, no client does\n(?: {2}.*\n)* {2}GET \/api\/syncs\n/);
    expect(stdout).toContain('In .config/api-differences.yaml, and no difference any more');
  });

  it('exits with 2 where a registry cannot be reached, and names no address', async () => {
    const { exitCode, stdout } = await check('http://127.0.0.1:9');
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^Not compared\. npm cannot be reached: /);
    expect(stdout).not.toContain('127.0.0.1');
  });

  it('exits with 2 where a client is hostile, or another one than it seems', async () => {
    const wheel = [...wheelFacts, ...pythonClient];
    const outside = await registries([...npmClient, ['package/../../../outside.d.ts', '']], wheel);
    expect(await check(outside)).toMatchObject({
      exitCode: 2,
      stdout: expect.stringMatching(
        /^Not compared\. cannot read polytomic-1\.0\.0\.tgz: a path that leads out of the archive/,
      ) as string,
    });
    const torn = await registries(npmClient, [
      ...wheel,
      [
        'polytomic/more/raw_client.py',
        pythonClient[0]![1]
          .replaceAll('api/things', 'api/connections')
          .replaceAll('ThingEnvelope', 'Nowhere'),
      ],
    ]);
    expect(await check(torn)).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining('is of the type Nowhere, which is not there') as string,
    });
  });

  it('is a script of the package, which says how it is used', async () => {
    const { stdout } = await execa('npm', ['run', '--silent', 'api:check', '--', '--help']);
    expect(stdout).toContain('npm run api:check -- [--all] [--markdown] [--update] [--issue]');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('needs a token for an issue, and asks for it first', async () => {
    vi.stubEnv('GITHUB_TOKEN', '');
    await expect(check('http://127.0.0.1:9', '--issue')).rejects.toThrow(
      '--issue needs GITHUB_TOKEN and GITHUB_REPOSITORY',
    );
  });

  it('opens the issue that it is asked for, and exits with 0', async () => {
    const double = await startGitHub();
    onTestFinished(double.close);
    vi.stubEnv('GITHUB_TOKEN', double.tokens.bot);
    vi.stubEnv('GITHUB_REPOSITORY', double.repository);
    vi.stubEnv('GITHUB_API_URL', double.url);
    vi.stubEnv('GITHUB_GRAPHQL_URL', double.graphqlUrl);
    const url = await registries(npmClient, [...wheelFacts, ...pythonClient]);
    const { exitCode, stdout } = await check(url, '--issue');
    expect([exitCode, stdout.trim().split('\n').at(-1)]).toEqual([0, 'opened issues/1']);
    expect(double.issues[0]?.body).toContain('- `POST /api/things`');
    double.issuesEnabled = false;
    expect(await check(url, '--issue')).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining('No issue was written. GitHub answered') as string,
    });
  });
});
