// What every part of the bench is made of: rows, times, temporary folders, a sandbox and runs in processes of their own.
import { fork, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '..', '..');
export const cli = path.join(root, 'dist', 'cli.js');

const rows = [];

/** A line of the table; `holds` undefined: there is no limit. */
export const row = (what, measured, limit, holds, detail) => {
  rows.push([what, measured, limit, holds === undefined ? '' : holds ? 'met' : 'not met', detail]);
  console.error(`${what}: ${measured} (${detail})`);
};

/** A line for a ratio of two times. */
export const ratioRow = (what, ratio, limit, of, detail) =>
  row(what, `${ratio.toFixed(2)}×`, `${limit}× of ${of}`, ratio <= limit, detail);

export const table = () => {
  const header = ['what', 'measured', 'limit', '', 'detail'];
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

export const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

/** Milliseconds as people read them. */
export const ms = (time) => (time < 10_000 ? `${Math.round(time)} ms` : `${(time / 1000).toFixed(1)} s`);

export const temporary = async (work) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-bench-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A sandbox in a process of its own, so that it does not take the time of what is measured. */
export const withSandbox = async (options, work) => {
  const child = fork(path.join(import.meta.dirname, 'sandbox.mjs'), [JSON.stringify(options)]);
  const message = () => new Promise((resolve) => child.once('message', resolve));
  try {
    const { url, apiKey } = await message();
    const tell = async (what) => {
      child.send(what);
      return (await message()).calls;
    };
    await work({
      environment: { POLYTOMIC_URL: url, POLYTOMIC_API_KEY: apiKey },
      /** Sets the latency of each call in milliseconds, and gives how many there were since the last time. */
      slow: async (latency) => tell({ latency }),
      /** At most so many requests a second; null: as many as come. */
      limit: async (rate) => tell({ rate }),
    });
  } finally {
    child.disconnect();
  }
};

/**
 * One run of the command line, in a process of its own: its time in ms, its CPU in ms, its most memory in MB. Throws
 * where it does not exit with 0.
 */
export const runCli = async (folder, environment, ...args) => {
  const start = performance.now();
  const child = spawn(
    process.execPath,
    ['--import', path.join(import.meta.dirname, 'usage.mjs'), cli, ...args],
    { cwd: folder, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  );
  const read = async (stream) => {
    let text = '';
    for await (const chunk of stream) text += chunk;
    return text;
  };
  const [out, err, usage, code] = await Promise.all([
    read(child.stdout),
    read(child.stderr),
    read(child.stdio[3]),
    new Promise((resolve) => child.once('close', resolve)),
  ]);
  const time = performance.now() - start;
  if (code !== 0) throw new Error(`${args.join(' ')} exited with ${code}: ${err}${out.slice(-2000)}`);
  return { time, out, ...JSON.parse(usage) };
};
