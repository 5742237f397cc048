import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Server } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createReader, type ClientOptions, type Reader } from '../../src/api/client.js';
import { ApiError } from '../../src/api/failure.js';
import { proxyFrom } from '../../src/api/network.js';
import { dialectOf } from '../../src/api/versions.js';
import { Secret } from '../../src/core/secret.js';
import { startSandbox } from '../../src/sandbox/index.js';

const reader = (url: string, more: Partial<ClientOptions> = {}): Reader =>
  createReader({
    url,
    apiKey: new Secret('KEY', 'sandbox-key'),
    dialect: dialectOf('2025-09-18'),
    userAgent: 'test',
    timeout: 2000,
    concurrency: 2,
    retries: 0,
    ...more,
  });

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
};

/** A proxy that tunnels, and remembers to where. */
const startProxy = async (): Promise<{ readonly url: string; readonly tunnels: readonly string[] }> => {
  const tunnels: string[] = [];
  const server = createServer((_request, response) => response.writeHead(400).end());
  server.on('connect', (request: IncomingMessage, client) => {
    tunnels.push(request.url ?? '');
    const [host, port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [upstream, client]) socket.on('error', () => client.destroy());
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, tunnels };
};

/** Made once for these tests, valid for a hundred years, for nothing but this machine's loopback. */
const fixture = (name: string): Buffer =>
  readFileSync(path.join(import.meta.dirname, '..', 'fixtures', name));

const certificate = (): { readonly key: Buffer; readonly cert: Buffer } => ({
  key: fixture('localhost.key.pem'),
  cert: fixture('localhost.cert.pem'),
});

describe('a proxy of the environment', () => {
  it('is read in either case, and none is none', () => {
    expect(proxyFrom({})).toBeUndefined();
    expect(proxyFrom({ HTTPS_PROXY: 'a', no_proxy: 'b', NO_PROXY: 'c' })).toEqual({ https: 'a', no: 'b' });
    expect(proxyFrom({ http_proxy: 'a', HTTPS_PROXY: '' })).toEqual({ http: 'a' });
  });

  it('is gone through', async () => {
    const sandbox = await startSandbox();
    onTestFinished(sandbox.close);
    const proxy = await startProxy();
    const { data } = await reader(sandbox.url, { proxy: { http: proxy.url } }).get('/api/me');
    expect(data).toMatchObject({ organization_name: 'Sandbox' });
    expect(proxy.tunnels).toEqual([`127.0.0.1:${sandbox.port}`]);
  });

  it('is gone through by the built command line, which holds no more of the client than it calls', async () => {
    const sandbox = await startSandbox();
    onTestFinished(sandbox.close);
    const proxy = await startProxy();
    const { stdout } = await execa('node', [path.join(import.meta.dirname, '../../dist/cli.js'), 'whoami'], {
      env: {
        POLYTOMIC_URL: sandbox.url,
        POLYTOMIC_API_KEY: 'sandbox-key',
        http_proxy: proxy.url,
        no_proxy: '',
      },
    });
    expect(stdout).toContain('Sandbox');
    expect(proxy.tunnels).toEqual([`127.0.0.1:${sandbox.port}`]);
  });

  it('is not gone through to what NO_PROXY names', async () => {
    const sandbox = await startSandbox();
    onTestFinished(sandbox.close);
    const proxy = await startProxy();
    await reader(sandbox.url, { proxy: { http: proxy.url, no: '127.0.0.1' } }).get('/api/me');
    expect(proxy.tunnels).toEqual([]);
  });
});

describe('a certificate authority of one’s own', () => {
  it('makes a server trusted that is not without it', async () => {
    const { key, cert } = certificate();
    const port = await listen(
      createSecureServer({ key, cert }, (_request, response) => response.end('{"data": {"ok": true}}')),
    );
    const url = `https://localhost:${port}`;
    expect(await reader(url, { ca: cert.toString() }).get('/api/me')).toMatchObject({ data: { ok: true } });
    await expect(reader(url).get('/api/me')).rejects.toThrow(ApiError);
    await expect(reader(url).get('/api/me')).rejects.toThrow(/self-signed certificate/);
  });

  it('works through a proxy too', async () => {
    const { key, cert } = certificate();
    const port = await listen(
      createSecureServer({ key, cert }, (_request, response) => response.end('{"data": {"ok": true}}')),
    );
    const proxy = await startProxy();
    expect(
      await reader(`https://localhost:${port}`, { ca: cert.toString(), proxy: { https: proxy.url } }).get(
        '/api/me',
      ),
    ).toMatchObject({ data: { ok: true } });
    expect(proxy.tunnels).toEqual([`localhost:${port}`]);
  });
});
