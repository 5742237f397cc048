// The Action: the time from the start of its process to its first request to Polytomic.
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { parse } from 'yaml';
import { root } from './measure.mjs';

/** The environment of a runner in which a schedule starts a plan of this folder. */
const runner = async (folder, url) => {
  const { inputs } = parse(await readFile(path.join(root, 'action.yml'), 'utf8'));
  const given = { command: 'plan', 'api-key': 'key', 'api-url': url, state: 'none', comment: 'false' };
  const event = path.join(folder, 'event.json');
  await writeFile(event, JSON.stringify({ repository: { default_branch: 'main' } }));
  return {
    PATH: process.env.PATH,
    GITHUB_EVENT_NAME: 'schedule',
    GITHUB_EVENT_PATH: event,
    GITHUB_WORKSPACE: folder,
    GITHUB_REPOSITORY: 'acme/data',
    GITHUB_SERVER_URL: url,
    GITHUB_API_URL: url,
    GITHUB_SHA: '0'.repeat(40),
    GITHUB_RUN_ID: '1',
    RUNNER_TEMP: folder,
    MYSQL_PASSWORD: 'a',
    SNOWFLAKE_PASSWORD: 'b',
    ...Object.fromEntries(
      Object.entries(inputs).map(([name, { default: value = '' }]) => [
        `INPUT_${name.toUpperCase()}`,
        given[name] ?? (value.startsWith('$') ? '' : value),
      ]),
    ),
  };
};

/** Gives a function that starts the Action once, and resolves when its first request is here. */
export const withAction = async (folder, work) => {
  let arrived;
  const server = createServer((request) => {
    arrived();
    request.socket.destroy();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const env = await runner(folder, `http://127.0.0.1:${server.address().port}`);
    await work(
      () =>
        new Promise((resolve, reject) => {
          const child = spawn(process.execPath, [path.join(root, 'dist', 'action', 'index.js')], {
            cwd: folder,
            env,
            stdio: ['ignore', 'pipe', 'ignore'],
          });
          let log = '';
          child.stdout.on('data', (text) => (log += text));
          let came = false;
          child.once('close', () => (came ? resolve() : reject(new Error(`no request came:\n${log}`))));
          arrived = () => {
            came = true;
            child.kill('SIGKILL');
          };
        }),
    );
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
};
