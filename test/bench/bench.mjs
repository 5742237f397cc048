// How long it takes, as ratios of what cannot be helped, measured in one run: npm run bench
import { execFileSync, fork, spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { applyWorkspace, loadSettings, planWorkspace, validateWorkspace } from '../../dist/index.js';
import { writeRepository } from './repository.mjs';

const root = path.join(import.meta.dirname, '..', '..');
const cli = path.join(root, 'dist', 'cli.js');
const rows = [];

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};
const row = (what, measured, limit, holds, detail) => {
  rows.push([what, measured, limit, holds ? 'met' : 'not met', detail]);
  console.error(`${what}: ${measured} (${detail})`);
};
const temporary = async (work) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-bench-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

// Start: interleaved, so that a busy machine slows all of them.
await temporary(async (folder) => {
  await cp(path.join(root, 'examples', 'quickstart', 'polytomic'), path.join(folder, 'polytomic'), {
    recursive: true,
  });
  const env = { ...process.env, MYSQL_PASSWORD: 'a', SNOWFLAKE_PASSWORD: 'b' };
  const commands = { node: ['-e', '0'], version: [cli, '--version'], validate: [cli, 'validate'] };
  const times = { node: [], version: [], validate: [] };
  for (let run = 0; run < 15; run += 1)
    for (const [name, args] of Object.entries(commands))
      times[name].push(
        await timed(() => execFileSync(process.execPath, args, { cwd: folder, env, stdio: 'ignore' })),
      );
  const base = median(times.node);
  for (const [name, limit] of [
    ['version', 2],
    ['validate', 4],
  ]) {
    const ratio = median(times[name]) / base;
    row(
      `start of ${name === 'version' ? '`--version`' : '`validate` of the quickstart'}`,
      `${ratio.toFixed(2)}×`,
      `${limit}× of \`node -e 0\``,
      ratio <= limit,
      `${median(times[name]).toFixed(0)} ms, node ${base.toFixed(0)} ms`,
    );
  }
});

// Load and validate 3,000 resources, against parsing the same texts.
await temporary(async (folder) => {
  const { texts } = await writeRepository(folder, 3000);
  const settings = await loadSettings({ cwd: folder, environment: {} });
  const parse = () =>
    texts.forEach((text) => parseAllDocuments(text, { merge: true }).forEach((document) => document.toJS()));
  const load = async () => {
    const { desired, diagnostics } = await validateWorkspace({ settings });
    if (desired === undefined) throw new Error(JSON.stringify(diagnostics[0]));
  };
  const times = { parse: [], load: [] };
  for (let run = 0; run < 5; run += 1) {
    times.parse.push(await timed(parse));
    times.load.push(await timed(load));
  }
  const ratio = median(times.load) / median(times.parse);
  row(
    'load and validate 3,000 resources',
    `${ratio.toFixed(2)}×`,
    '3× of `yaml` parsing the same files',
    ratio <= 3,
    `${median(times.load).toFixed(0)} ms, yaml ${median(times.parse).toFixed(0)} ms`,
  );
});

// Plan 1,000 resources at 50 ms a call: the calls that are needed, divided among the connections.
await temporary(async (folder) => {
  const { syncs } = await writeRepository(folder, 1000);
  const child = fork(path.join(import.meta.dirname, 'sandbox.mjs'));
  const message = () => new Promise((resolve) => child.once('message', resolve));
  const { url, apiKey } = await message();
  /** Sets the latency, and gives how many calls there were since the last time. */
  const slow = async (latency) => {
    child.send({ latency });
    return (await message()).calls;
  };
  const environment = { POLYTOMIC_URL: url, POLYTOMIC_API_KEY: apiKey };
  const settings = await loadSettings({ cwd: folder, environment });
  const { ready } = await planWorkspace({ settings });
  const outcome = await applyWorkspace({
    settings: { ...settings, concurrency: 32 },
    ready,
    jobs: { interval: 1 },
  });
  const failed = outcome.results.find(({ status }) => status !== 'done');
  if (failed !== undefined) throw new Error(JSON.stringify(failed));
  await slow(50);
  const times = [];
  let calls = 0;
  const plan = async () => {
    const { ready: again } = await planWorkspace({ settings });
    if (again.plan.changes.length > 0) throw new Error('not converged');
  };
  const forget = async () => rm(path.join(folder, '.polytomic', 'cache'), { recursive: true, force: true });
  for (let run = 0; run < 3; run += 1) {
    await forget();
    times.push(await timed(plan));
    calls = await slow(50);
  }
  await plan();
  const warm = await slow(0);
  row(
    'calls of a plan of 1,000 unchanged resources, warm',
    `${warm}`,
    'the lists alone: 1 + 1 + pages of models and of syncs',
    warm <= 2 + Math.ceil((1000 - syncs) / 50) + Math.ceil(syncs / 50),
    `cold ${calls}`,
  );

  // As many requests a second as the API allows, and no more: the best possible time is calls ÷ rate.
  const RATE = 20;
  await forget();
  child.send({ rate: RATE });
  await message();
  const limited = await timed(plan);
  child.send({ rate: null });
  await message();
  child.disconnect();
  // A second's worth may be asked at once in the beginning.
  const least = ((calls - RATE) / RATE) * 1000;
  row(
    `plan of 1,000 resources at ${RATE} requests a second`,
    `${(limited / least).toFixed(2)}×`,
    '1.15× of calls ÷ rate, without a failure',
    limited / least <= 1.15,
    `${(limited / 1000).toFixed(1)} s, ${calls} calls`,
  );
  const ideal = (calls * 50) / settings.concurrency;
  const ratio = median(times) / ideal;
  row(
    'plan of 1,000 resources at 50 ms a call',
    `${ratio.toFixed(2)}×`,
    '1.3× of calls × 50 ms ÷ connections',
    ratio <= 1.3,
    `${median(times).toFixed(0)} ms, ${calls} calls (${syncs} syncs), ${settings.concurrency} connections`,
  );
});

// Memory for a plan of 10,000 resources, in a process of its own.
await temporary(async (folder) => {
  await writeRepository(folder, 10_000);
  const sandbox = fork(path.join(import.meta.dirname, 'sandbox.mjs'));
  const { url, apiKey } = await new Promise((resolve) => sandbox.once('message', resolve));
  const child = spawnSync(process.execPath, [path.join(import.meta.dirname, 'memory.mjs'), folder], {
    encoding: 'utf8',
    env: { ...process.env, POLYTOMIC_URL: url, POLYTOMIC_API_KEY: apiKey },
  });
  sandbox.disconnect();
  if (child.status !== 0) throw new Error(child.stderr);
  const megabytes = Number(child.stdout);
  row(
    'memory for a plan of 10,000 resources',
    `${megabytes.toFixed(0)} MB`,
    '400 MB',
    megabytes < 400,
    'maximum resident set of the process',
  );
});

const header = ['what', 'measured', 'limit', '', 'detail'];
console.log([header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n'));
