/** Files behind signed links: no key goes there, and whatever sits there, the run ends. */
import { readFileSync } from 'node:fs';
import { createServer as createPlainServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bounds } from '../../src/api/bounds.js';
import type { Attempt } from '../../src/api/observe.js';
import { createLinkReader, type Lines } from '../../src/api/links.js';
import { dialectOf } from '../../src/api/versions.js';
import { Secret } from '../../src/core/secret.js';

const fixture = (name: string): string =>
  readFileSync(path.join(import.meta.dirname, '..', 'fixtures', name), 'utf8');

interface Storage {
  readonly url: string;
  readonly asked: IncomingHttpHeaders[];
}

const storage = async (answer: RequestListener, secure = true): Promise<Storage> => {
  const asked: IncomingHttpHeaders[] = [];
  const listener: RequestListener = (request, response) => {
    asked.push(request.headers);
    answer(request, response);
  };
  const server = secure
    ? createServer({ key: fixture('localhost.key.pem'), cert: fixture('localhost.cert.pem') }, listener)
    : createPlainServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `${secure ? 'https' : 'http'}://localhost:${(server.address() as AddressInfo).port}`, asked };
};

const attempts: Attempt[] = [];

const read = async (link: string, most = 10, api = 'https://app.example.com'): Promise<Lines> =>
  createLinkReader({
    url: api,
    apiKey: new Secret('KEY', 'canary-key'),
    dialect: dialectOf('2025-09-18'),
    userAgent: 'test',
    timeout: 20_000,
    concurrency: 2,
    retryDelay: 1,
    ca: fixture('localhost.cert.pem'),
    onAttempt: (attempt) => attempts.push(attempt),
  }).read(link, most);

const say =
  (text: string | Buffer, status = 200, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(text);
  };

describe('a file behind a link', () => {
  it('is read line by line, without the key of the API', async () => {
    const { url, asked } = await storage(say('{"a":1}\r\n\n{"b":"ä"}'));
    expect(await read(`${url}/a?signature=canary-sign`)).toEqual({
      lines: ['{"a":1}', '{"b":"ä"}'],
      isCut: false,
    });
    expect(JSON.stringify(asked)).not.toContain('canary-key');
    // A trace has neither the link nor a row.
    expect(JSON.stringify(attempts.map((each) => [each, each.responseBody()]))).not.toMatch(/canary|ä/);
  });

  it('is read no further than its first lines, and a file without an end is left', async () => {
    const { url } = await storage((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('{"a":1}\n'.repeat(1000)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    expect(await read(url, 3)).toEqual({ lines: ['{"a":1}', '{"a":1}', '{"a":1}'], isCut: true });
    expect((await read(url, 1e9)).isCut).toBe(true);
  });

  it('of one line without an end is left, too', async () => {
    const { url } = await storage(say(Buffer.alloc(bounds.lineLength + 10, 'x')));
    expect(await read(url)).toEqual({ lines: [], isCut: true });
  });

  it.each([
    ['is refused', say('<Error>canary-row</Error>', 403), 'the link is refused', 1],
    ['leads on', say('', 302, { location: 'http://10.0.0.1/canary' }), 'is not followed', 1],
    ['is at fault', say('canary', 503), 'the link is refused', 3],
    ['is cut short', (_request, response) => response.destroy(), 'cannot be read', 3],
  ] satisfies readonly (readonly [string, RequestListener, string, number])[])(
    'that %s is a failure without the link',
    async (_what, answer, message, times) => {
      const { url, asked } = await storage(answer);
      const failure = await read(`${url}/a?signature=canary`).catch((error: unknown) => String(error));
      expect(failure).toContain(message);
      expect(failure).not.toContain('canary');
      expect(asked).toHaveLength(times);
    },
  );

  it('is asked for by https alone, unless the API itself is without', async () => {
    const { url, asked } = await storage(say('{}'), false);
    for (const link of [url, 'file:///etc/passwd', 'ftp://a/b', 'nothing', ''])
      await expect(read(link)).rejects.toThrow('none of https');
    expect(asked).toEqual([]);
    expect(await read(`${url}/a`, 1, url)).toEqual({ lines: ['{}'], isCut: false });
    expect(asked[0]?.authorization).toBeUndefined();
  });
});
