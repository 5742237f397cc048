// Tries the README: every command of polytomic-gitops that it shows, in a new repository against a sandbox.
import { spawnSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const cli = path.join(root, 'dist', 'cli.js');
const readme = await readFile(path.join(root, 'README.md'), 'utf8');
const section = readme.split('## A first plan of your own')[1]?.split('\n## ')[0] ?? '';
const commands = [...section.matchAll(/^npx polytomic-gitops (.+)$/gm)].map(([, rest]) =>
  rest.replace(/\s+#.*$/, '').split(' '),
);
if (commands.length < 4) throw new Error('the README shows no first plan');

const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-readme-'));
const sandbox = spawn(process.execPath, [cli, 'sandbox', '--port', '0', '--json'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const [line] = await once(sandbox.stdout.setEncoding('utf8'), 'data');
  const { url, apiKey } = JSON.parse(line);
  const env = {
    ...process.env,
    POLYTOMIC_URL: url,
    POLYTOMIC_API_KEY: apiKey,
    WAREHOUSE_PASSWORD: 'a password',
  };
  await writeFile(path.join(folder, 'package.json'), '{}');
  for (const args of commands) {
    const run = args.includes('apply') ? [...args, '--yes'] : args;
    console.log(`$ polytomic-gitops ${run.join(' ')}`);
    const { status } = spawnSync(process.execPath, [cli, ...run], { cwd: folder, env, stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  sandbox.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
}
