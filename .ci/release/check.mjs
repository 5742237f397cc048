// A release, but for what leaves this machine: packs it, looks at the package, and uses it as strangers do, from an
// empty folder, on each Node that can be had. What cannot be tried here is said, and is no failure.
import { spawn, execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { nodesIn } from './nodes.mjs';

const root = path.join(import.meta.dirname, '..', '..');
const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-release-check-'));
const assets = path.join(folder, 'assets');
const tarball = path.join(assets, `polytomic-gitops-${version}.tgz`);

/** Runs a program; gives what it printed, and throws with all of it where it fails. */
const run = async (command, args, options = {}) => {
  try {
    const { stdout } = await promisify(execFile)(command, args, { maxBuffer: 64 * 1024 * 1024, ...options });
    return stdout.trim();
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')}\n${error.stdout ?? ''}${error.stderr ?? error.message}`, {
      cause: error,
    });
  }
};
const tool = async (name, args) => run(path.join(root, 'node_modules/.bin', name), args, { cwd: folder });

let failed = 0;
const notTried = (what) => console.log(`!! not tried here: ${what}`);
const step = async (name, work) => {
  const start = performance.now();
  try {
    const said = await work();
    console.log(`${name}: ${said ?? 'ok'} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`!! ${name}: ${error.message}`);
  }
};

const pack = async () => {
  const args = ['--tag', `release/v${version}`, '--out', assets, '--draft'];
  await run(process.execPath, [path.join(import.meta.dirname, 'pack.mjs'), ...args], { cwd: root });
};

/** An empty project with nothing but the package in it. */
const installed = path.join(folder, 'installed');
const install = async () => {
  await mkdir(installed);
  await writeFile(path.join(installed, 'package.json'), '{ "private": true, "type": "module" }\n');
  // Offline: the package needs no other.
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: installed });
};

/** The library in a project of somebody else: its types under strict settings, its code without them. */
const consume = async () => {
  await cp(path.join(import.meta.dirname, 'consumer.mts'), path.join(installed, 'consumer.mts'));
  await mkdir(path.join(installed, 'node_modules/@types'));
  for (const types of ['@types/node', 'undici-types'])
    await symlink(path.join(root, 'node_modules', types), path.join(installed, 'node_modules', types));
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2023'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    skipLibCheck: false,
  };
  const project = { compilerOptions, files: ['consumer.mts'] };
  await writeFile(path.join(installed, 'tsconfig.json'), JSON.stringify(project));
  await tool('tsc', ['--project', installed]);
};

/** What a person does first, with what npm put onto the path. */
const use = async ({ major, bin }) => {
  const where = path.join(folder, `first-${major}`);
  await mkdir(where);
  const cli = path.join(installed, 'node_modules/.bin/polytomic-gitops');
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}`, WAREHOUSE_PASSWORD: 'x' };
  const command = async (...args) => run(cli, args, { cwd: where, env });
  const node = await run('node', ['--version'], { env });
  if (!node.startsWith(`v${major}.`)) throw new Error(`this is ${node}`);
  if ((await command('--version')) !== version) throw new Error('another version');
  const sandbox = spawn(cli, ['sandbox', '--port', '0', '--json'], {
    cwd: where,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(sandbox.stdout.setEncoding('utf8'), 'data');
    const { url, apiKey } = JSON.parse(line);
    Object.assign(env, { POLYTOMIC_URL: url, POLYTOMIC_API_KEY: apiKey });
    await command('init');
    await command('whoami');
    await command('validate');
    await command('fmt', '--check');
    await command('apply', '--yes');
    await command('plan', '--detailed-exitcode');
  } finally {
    sandbox.kill('SIGTERM');
    await once(sandbox, 'exit');
  }
  const said = await run('node', [path.join(installed, 'consumer.mjs')], { cwd: where, env });
  if (said !== `${version}\ncreate connection.db`) throw new Error(`the consumer said: ${said}`);
  return node;
};

/** The commit of the tag, in a clone: what the Action and pre-commit take. */
const tagged = path.join(folder, 'tagged');
const commit = async () => {
  await run('git', ['clone', '--quiet', root, tagged]);
  const args = [path.join(import.meta.dirname, 'publish.mjs'), '--assets', assets, '--no-push'];
  await run(process.execPath, args, { cwd: tagged });
  for (const file of ['action.yml', 'dist/action/index.js', 'dist/cli.js', '.pre-commit-hooks.yaml'])
    await run('git', ['cat-file', '-e', `v${version}:${file}`], { cwd: tagged });
};

/** pre-commit, as PyPI has it, with both hooks at the tag. */
const preCommit = async () => {
  const venv = path.join(folder, 'venv');
  try {
    await run('python3', ['-m', 'venv', venv]);
    await run(path.join(venv, 'bin/pip'), ['install', '--quiet', 'pre-commit==4.7.0'], { timeout: 120_000 });
  } catch {
    notTried('the hooks, for pre-commit cannot be installed');
    return 'no answer';
  }
  const where = path.join(folder, 'first-hooks');
  await mkdir(where);
  const env = { ...process.env, PRE_COMMIT_HOME: path.join(folder, 'hooks') };
  const hooks = [{ id: 'polytomic-validate' }, { id: 'polytomic-fmt' }];
  const config = { repos: [{ repo: tagged, rev: `v${version}`, hooks }] };
  await run('git', ['init', '--quiet'], { cwd: where });
  await run(path.join(installed, 'node_modules/.bin/polytomic-gitops'), ['init'], { cwd: where });
  await writeFile(path.join(where, '.pre-commit-config.yaml'), JSON.stringify(config));
  await run('git', ['add', '--all'], { cwd: where });
  const all = async () => run(path.join(venv, 'bin/pre-commit'), ['run', '--all-files'], { cwd: where, env });
  await all();
  // And each says so where something is wrong.
  await writeFile(path.join(where, 'polytomic/wrong.yaml'), "kind: Model\nkey:   'x'\n");
  await run('git', ['add', '--all'], { cwd: where });
  const failure = await all().then(
    () => '',
    ({ message }) => message,
  );
  for (const { id } of hooks)
    if (!failure.includes(`- hook id: ${id}\n- exit code: 1`))
      throw new Error(`${id} lets all pass:\n${failure}`);
};

/** What the package says of itself, and its types in each way to import it: it is for `import` alone. */
const look = async () => {
  await step('publint', async () => void (await tool('publint', ['run', '--strict', tarball])));
  await step(
    'are the types wrong',
    async () => void (await tool('attw', [tarball, '--profile', 'esm-only', '--format', 'ascii'])),
  );
};

/** As somebody who has nothing but the package. */
const strangers = async () => {
  await step('types, in a strict project', consume);
  for (const node of await nodes)
    if (node.bin === undefined) notTried(`Node ${node.major}, which is not on this machine`);
    else await step(`used on Node ${node.major}`, async () => use(node));
};

const nodes = nodesIn(folder);
try {
  await step('packed', pack);
  await step('installed into an empty folder', install);
  await step('the commit of the tag', commit);
  if (failed === 0) await Promise.all([strangers(), look().then(async () => step('pre-commit', preCommit))]);
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
