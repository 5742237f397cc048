import { appendFile, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { execaNode } from 'execa';
import { beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { callTo, data, listed, mysql, newSandboxes, type Answered } from './harness.js';

newSandboxes();

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'sandbox-'));
  file = path.join(directory, 'data.jsonl');
  return async () => rm(directory, { recursive: true });
});

const ask = async (
  server: Pick<Sandbox, 'url'>,
  method: string,
  where: string,
  body?: unknown,
): Promise<Answered> =>
  callTo(server.url, method, where, body, {
    authorization: 'Bearer sandbox-key',
    'x-polytomic-version': '2025-09-18',
    ...(method === 'POST' ? { 'idempotency-key': `key-of-${JSON.stringify(body).length}` } : {}),
  });

const withSandbox = async <T>(work: (server: Sandbox) => Promise<T>): Promise<T> => {
  const server = await startSandbox({ data: file });
  try {
    return await work(server);
  } finally {
    await server.close();
  }
};

const names = async (): Promise<readonly unknown[]> =>
  withSandbox(async (server) => listed(await ask(server, 'GET', '/api/connections')).map(({ name }) => name));

describe('a data file', () => {
  it('keeps objects, secrets, who changed them, and answers of idempotency keys', async () => {
    const first = await withSandbox(async (server) => ask(server, 'POST', '/api/connections', mysql));
    await withSandbox(async (server) => {
      const again = await ask(server, 'POST', '/api/connections', mysql);
      expect([again.status, again.body]).toEqual([201, first.body]);
      expect(server.list('connections')).toMatchObject([
        { configuration: { password: 'secret' }, created_by: { name: 'you@example.com' } },
      ]);
      const read = data(await ask(server, 'GET', `/api/connections/${data(first)['id'] as string}`));
      expect(read).toMatchObject({ name: 'MySQL Connection', configuration: { password: '********' } });
    });
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it('loses nothing that was answered when the sandbox is killed', async () => {
    const script = `
      import { startSandbox } from ${JSON.stringify(path.resolve('dist/index.js'))};
      const { url } = await startSandbox({ data: ${JSON.stringify(file)} });
      process.send(url);`;
    await writeFile(path.join(directory, 'serve.mjs'), script);
    for (const count of [1, 2, 3]) {
      const child = execaNode(path.join(directory, 'serve.mjs'), { reject: false, ipc: true });
      const url = (await child.getOneMessage()) as string;
      const body = { ...mysql, name: `Connection ${'x'.repeat(count)}` };
      expect((await ask({ url }, 'POST', '/api/connections', body)).status).toBe(201);
      child.kill('SIGKILL');
      await child;
    }
    expect(await names()).toHaveLength(3);
  });

  it('drops a line that a crash cut short, and goes on from there', async () => {
    await withSandbox(async (server) => ask(server, 'POST', '/api/connections', mysql));
    const whole = await readFile(file, 'utf8');
    await appendFile(file, '[{"organization":"x","collection":"connections","id":"y","obj');
    expect(await names()).toEqual(['MySQL Connection']);
    await withSandbox(async (server) =>
      ask(server, 'POST', '/api/connections', { ...mysql, name: 'Second' }),
    );
    expect(await names()).toEqual(['Second', 'MySQL Connection']);
    expect((await readFile(file, 'utf8')).startsWith(whole)).toBe(true);
  });

  it.each([
    ['is damaged', async () => appendFile(file, 'nonsense\n{}\n'), 'is damaged in line'],
    ['is something else', async () => writeFile(file, 'name: value\n'), 'is no data file of the sandbox'],
  ])('that %s is left as it is', async (_what, spoil, message) => {
    await withSandbox(async (server) => ask(server, 'POST', '/api/connections', mysql));
    await spoil();
    const before = await readFile(file);
    await expect(startSandbox({ data: file })).rejects.toThrow(message);
    expect(await readFile(file)).toEqual(before);
  });

  it('may be closed twice', async () => {
    const server = await startSandbox({ data: file });
    await server.close();
    await server.close();
    expect(await names()).toEqual([]);
  });

  it('belongs to one sandbox at a time', async () => {
    await withSandbox(async () => {
      await expect(startSandbox({ data: file })).rejects.toThrow('is in use by process');
    });
    const lock = `${file}.lock`;
    await writeFile(lock, JSON.stringify({ id: 'dead', pid: 999_999_999, host: hostname() }));
    expect(await names()).toEqual([]);
    await writeFile(lock, JSON.stringify({ id: 'far', pid: 1, host: 'elsewhere' }));
    await expect(startSandbox({ data: file })).rejects.toThrow(
      `on elsewhere; if that is gone, remove ${lock}`,
    );
    await writeFile(lock, '');
    await expect(startSandbox({ data: file })).rejects.toThrow('is in use, or');
    // Nobody takes a minute to write a line.
    await utimes(lock, new Date(0), new Date(0));
    expect(await names()).toEqual([]);
  });

  it('is written anew when most of it is history', async () => {
    await withSandbox(async (server) => {
      const { id } = data(await ask(server, 'POST', '/api/connections', mysql));
      for (let time = 0; time < 1200; time += 1)
        server.edit('connections', id as string, { name: `N${time}` });
    });
    const { size } = await stat(file);
    expect(await names()).toEqual(['N1199']);
    expect((await stat(file)).size).toBeLessThan(size / 10);
    expect(await names()).toEqual(['N1199']);
  });
});
