/** A page of another site must not reach the sandbox through the browser of whoever runs it. */
import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../src/sandbox/index.js';

/** The status, called under a name that `fetch` would not let one choose. */
const status = async (
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

const start = async (host?: string): Promise<number> => {
  const sandbox = await startSandbox(host === undefined ? {} : { host });
  onTestFinished(async () => sandbox.close());
  return sandbox.port;
};

const paths = [
  '/',
  '/_sandbox/overview',
  '/_sandbox/openapi.json',
  '/api/me',
  '/api/connections',
  '/nowhere',
];
const key = { authorization: 'Bearer sandbox-key' };

describe('the sandbox', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST', '127.1'])('answers as %s', async (name) => {
    const port = await start();
    expect(await status(port, '/api/me', { ...key, host: `${name}:${port}` })).toBe(200);
    expect(await status(port, '/', { host: `${name}:${port}` })).toBe(200);
  });

  it.each([
    '127.evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil.example',
    '127.0.0.2',
    '[::2]',
  ])('does not answer as %s', async (name) => {
    const port = await start();
    for (const path of paths)
      expect([path, await status(port, path, { ...key, host: `${name}:${port}` })]).toEqual([path, 403]);
  });

  it('answers no page of another site, and its own', async () => {
    const port = await start();
    const own = `127.0.0.1:${port}`;
    for (const path of paths)
      expect(await status(port, path, { ...key, host: own, origin: 'https://evil.example' })).toBe(403);
    expect(await status(port, '/api/me', { ...key, host: own, origin: 'null' })).toBe(403);
    expect(await status(port, '/api/me', { ...key, host: own, origin: `http://${own}` })).toBe(200);
  });

  it('answers to what --host says: a name, or every one where it listens on every address', async () => {
    const named = await start('localhost');
    expect(await status(named, '/api/me', { ...key, host: '127.0.0.2' }).catch(() => 403)).toBe(403);
    const open = await start('0.0.0.0');
    expect(await status(open, '/api/me', { ...key, host: 'sandbox.example:8080' })).toBe(200);
    const second = await startSandbox({ host: '127.0.0.2' });
    onTestFinished(async () => second.close());
    expect((await fetch(`${second.url}/api/me`, { headers: key })).status).toBe(200);
  });
});
