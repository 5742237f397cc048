import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runProgram } from '../../src/cli/program.js';
import type { Io } from '../../src/cli/io.js';
import { VERSION } from '../../src/version.js';
import { shop, stable, workbench } from '../support/workbench.js';

const root = path.join(import.meta.dirname, '..', '..');
const cli = path.join(root, 'dist', 'cli.js');

const folder = async (): Promise<string> => {
  const made = await mkdtemp(path.join(tmpdir(), 'polytomic-cli-'));
  onTestFinished(async () => rm(made, { recursive: true, force: true }));
  return made;
};

const help = async (...args: readonly string[]): Promise<string> => {
  let out = '';
  const io: Io = {
    cwd: '.',
    environment: {},
    out: (text) => (out += text),
    err: (text) => (out += text),
    outIsTerminal: false,
    errIsTerminal: false,
    onInterrupt: () => () => undefined,
  };
  await runProgram(args, io);
  return out;
};

describe('help', () => {
  it.each(['', 'init', 'validate', 'plan', 'apply', 'whoami', 'sandbox'])(
    'of %s reads as the golden file, in 80 columns',
    async (command) => {
      const text = await help(...(command === '' ? [] : [command]), '--help');
      expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
      await expect(text).toMatchFileSnapshot(`golden/help-${command === '' ? 'all' : command}.txt`);
    },
  );

  it.each([
    'inspect',
    'schemas',
    'state',
    'drift',
    'show',
    'export',
    'adopt',
    'graph',
    'fmt',
    'matrix',
    'report',
  ])('of %s fits into 80 columns', async (command) => {
    const text = await help(command, '--help');
    expect(text).toContain(`polytomic-gitops ${command}`);
    expect(text.split('\n').filter(({ length }) => length > 80)).toEqual([]);
  });

  it('an unknown command or option names the nearest one', async () => {
    expect(await help('aply')).toContain('Did you mean apply?');
    expect(await help('plan', '--detailed-exitcod')).toContain('--detailed-exitcode');
    expect(await help('sandbox', '--port', '99999')).toContain('a whole number from 0 to 65535');
  });
});

describe('init', () => {
  it('writes a repository that is valid, and never overwrites', async () => {
    const cwd = await folder();
    const first = await execa('node', [cli, 'init'], { cwd });
    expect(first.stdout).toContain('+ polytomic.config.yaml');
    for (const file of ['polytomic.config.yaml', '.github/workflows/polytomic.yml'])
      expect(parse(await readFile(path.join(cwd, file), 'utf8'))).toBeTypeOf('object');
    expect(await readFile(path.join(cwd, '.gitignore'), 'utf8')).toBe('.env\n.polytomic/\n');
    expect((await execa('node', [cli, 'validate'], { cwd, env: { WAREHOUSE_PASSWORD: 'x' } })).stdout).toBe(
      '2 resources valid.',
    );
    const second = await execa('node', [cli, 'init', '--json'], { cwd });
    expect(JSON.parse(second.stdout)).toMatchObject({ written: [] });
  });
});

describe('output', () => {
  it('of --version is the version, from the bundle', async () => {
    expect((await execa('node', [cli, '--version'])).stdout).toBe(VERSION);
  });

  it('of whoami names the organization and the caller', async () => {
    const bench = await workbench({});
    expect(stable((await bench.cli('whoami')).out)).toBe(
      [
        'organization: Sandbox (<id>)',
        'key of:       user you@example.com',
        'role:         admin',
        'url:          http://<host>',
        'version:      2025-09-18',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await bench.cli('whoami', '--json')).out)).toMatchObject({
      organization: { name: 'Sandbox' },
      caller: 'user',
    });
  });

  it('of validate --json holds every finding with its place', async () => {
    const bench = await workbench({ ...shop, 'polytomic/bad.yaml': 'kind: Modle\nkey: x\n' });
    const { code, out, err } = await bench.cli('validate', '--json');
    expect([code, err]).toEqual([1, '']);
    expect(JSON.parse(out)).toMatchObject({
      valid: false,
      diagnostics: [{ code: 'unknown-kind', place: { file: 'polytomic/bad.yaml', line: 1, column: 1 } }],
    });
  });

  it('of validate asks nobody anything', async () => {
    const bench = await workbench(shop);
    expect(await bench.cli('validate')).toMatchObject({
      code: 0,
      out: '4 resources valid.\n1 resource in an older form, which goes on working: fmt --upgrade writes the newer one.\n',
    });
    expect(bench.sandbox.requests).toEqual([]);
  });

  it('has colours on a terminal, and none for NO_COLOR and --no-color', async () => {
    const bench = await workbench(shop, { io: { outIsTerminal: true } });
    const colour = '\u001b[';
    expect((await bench.cli('plan')).out).toContain(colour);
    expect((await bench.cli('plan', '--no-color')).out).not.toContain(colour);
    bench.environment['NO_COLOR'] = '1';
    expect((await bench.cli('plan')).out).not.toContain(colour);
  });

  it('escapes what a manifest would do to a terminal', async () => {
    const bench = await workbench({
      'polytomic/a.yaml':
        'kind: Connection\nkey: a\nname: "\\e[2Jgone"\ntype: mysql\nconfiguration: { hostname: "x\\e]0;y\\a" }\n',
    });
    const { out } = await bench.cli('plan');
    expect(out).not.toContain('\u001b');
    expect(out).toContain('[2Jgone');
  });

  it('of a mistake on the command line is a message, not a stack', async () => {
    const { exitCode, stderr } = await execa('node', [cli, 'validate', '-C', 'no/such/folder'], {
      cwd: await folder(),
      reject: false,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('there is no folder');
    expect(stderr).not.toContain('    at ');
  });
});

describe('apply', () => {
  it('wants --yes where nobody can be asked', async () => {
    const bench = await workbench(shop);
    const { code, err } = await bench.cli('apply');
    expect(code).toBe(1);
    expect(err).toContain('add --yes');
    expect(bench.sandbox.list('connections')).toEqual([]);
  });

  it.each([
    ['yes', 4, 0],
    ['y', 0, 1],
    ['', 0, 1],
  ])('after the answer "%s" has made %i objects', async (answer, count, code) => {
    const questions: string[] = [];
    const bench = await workbench(shop, {
      io: {
        ask: async (question) => {
          questions.push(question);
          return Promise.resolve(answer);
        },
      },
    });
    const ran = await bench.cli('apply');
    expect(ran.code).toBe(code);
    expect(questions).toHaveLength(1);
    expect(
      bench.sandbox.list('connections').length +
        bench.sandbox.list('models').length +
        bench.sandbox.list('syncs').length,
    ).toBe(count);
  });

  it('prints JSON with plan and outcome', async () => {
    const bench = await workbench(shop);
    const { out } = await bench.cli('apply', '--yes', '--json');
    const { plan, outcome } = JSON.parse(out) as {
      readonly plan: object;
      readonly outcome: { readonly results: readonly object[] };
    };
    expect(plan).toMatchObject({ formatVersion: 1 });
    expect(outcome.results.map((result) => (result as { readonly status: string }).status)).toEqual([
      'done',
      'done',
      'done',
      'done',
    ]);
  });
});

describe('sandbox', () => {
  it('serves until it is interrupted', async () => {
    const child = execa('node', [cli, 'sandbox', '--port', '0', '--json'], { reject: false });
    const text = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    const { url, apiKey } = JSON.parse(text) as { readonly url: string; readonly apiKey: string };
    const answer = await fetch(`${url}/api/me`, { headers: { authorization: `Bearer ${apiKey}` } });
    expect(answer.status).toBe(200);
    child.kill('SIGINT');
    expect((await child).exitCode).toBe(0);
  });

  it('takes organizations, faults, a data file, and resources to begin with', async () => {
    const bench = await workbench({});
    const file = path.join(bench.root, 'sandbox.jsonl');
    const flags = [
      '--organization',
      'Staging=staging-key',
      '--fault',
      'error=1',
      '--seed',
      '30',
      '--data',
      file,
    ];
    const child = execa('node', [cli, 'sandbox', '--port', '0', '--json', ...flags], { reject: false });
    const text = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    const { url } = JSON.parse(text) as { readonly url: string };
    const status = async (key: string): Promise<number> =>
      (await fetch(`${url}/api/me`, { headers: { authorization: `Bearer ${key}` } })).status;
    expect(await status('staging-key')).toBe(503);
    await fetch(`${url}/_sandbox/faults`, { method: 'DELETE' });
    expect([await status('staging-key'), await status('nobody')]).toEqual([200, 401]);
    child.kill('SIGINT');
    await child;
    expect(await readFile(file, 'utf8')).toContain('Seed sync');
  });

  it.each([
    [['--fault', 'error'], 'write it as --fault NAME=VALUE'],
    [['--fault', 'nonsense=1'], 'there is no fault "nonsense"'],
    [['--fault', 'error=2'], 'from 0 to 1'],
    [['--organization', '=key'], 'write it as --organization NAME=VALUE'],
    [['--catalog', 'nowhere'], 'nowhere does not exist'],
    [['--data', 'polytomic.config.yaml'], 'is no data file of the sandbox'],
  ])('says what is wrong with %j', async (flags, message) => {
    const bench = await workbench({ 'polytomic.config.yaml': 'version: 1\n' });
    const { code, err } = await bench.cli('sandbox', '--port', '0', ...flags);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  });

  it('says what to do where its port is taken', async () => {
    const bench = await workbench({});
    const { code, err } = await bench.cli('sandbox', '--port', String(bench.sandbox.port));
    expect(code).toBe(1);
    expect(err).toContain('choose another one by --port');
  });
});

describe('what a run tells beside its result', () => {
  it('is a log of its calls, as text or as JSON lines', async () => {
    const bench = await workbench(shop);
    const text = await bench.cli('--log-level', 'debug', 'plan');
    expect(text.err).toMatch(/^\d\d:\d\d:\d\d\.\d{3} debug GET \/api\/me 200 in \d+ ms$/m);
    const json = await bench.cli('--log-level', 'debug', '--log-format', 'json', 'plan');
    const lines = json.err
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(lines[0]).toMatchObject({ level: 'debug', method: 'GET', path: '/api/me', status: 200 });
    expect((await bench.cli('plan')).err).toBe('');
    expect((await bench.cli('--log-level', 'loud', 'plan')).err).toContain('Allowed choices are error, warn');
  });

  it('is a trace of all calls without a secret, of a run that failed too', async () => {
    const bench = await workbench(shop);
    bench.sandbox.failNext({ method: 'POST', path: /models/, status: 422 });
    await bench.cli('--trace-http', 'trace.har', 'apply', '--yes');
    const text = await bench.read('trace.har');
    const { log } = JSON.parse(text) as {
      readonly log: {
        readonly version: string;
        readonly entries: readonly { readonly request: { readonly method: string } }[];
      };
    };
    expect(log.version).toBe('1.2');
    expect(new Set(log.entries.map(({ request }) => request.method))).toEqual(new Set(['GET', 'POST']));
    expect(text).toContain('(secret)');
    for (const secret of [bench.sandbox.apiKey, 'a-secret-of-the-database', 'a-secret-of-the-warehouse'])
      expect(text).not.toContain(secret);
    expect((await bench.cli('--trace-http', 'no/such/trace.har', 'plan')).err).toContain('name another file');
  });
});
