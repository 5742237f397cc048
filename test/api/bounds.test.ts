/** What sits at the address may be anything: each run ends, and says which limit was passed. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bounds } from '../../src/api/bounds.js';
import { listPages } from '../../src/api/calls.js';
import type { Reader } from '../../src/api/client.js';
import { dialectOf } from '../../src/api/versions.js';
import { MOST_NESTED } from '../../src/core/json.js';
import { shop, workbench, type Ran } from '../support/workbench.js';

type Answering = (response: ServerResponse, page: string | null) => void;

const json = (response: ServerResponse, body: object): void => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
};

/** Runs a command against a server that knows who asks, and answers lists of models in this way. */
const against = async (
  models: Answering,
  ...args: readonly string[]
): Promise<Ran & { readonly asked: number }> => {
  let asked = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    if (url.pathname === '/api/me')
      json(response, { data: { organization_id: 'o', organization_name: 'Acme' } });
    else if (url.pathname.endsWith('/models')) {
      asked += 1;
      models(response, url.searchParams.get('page_token'));
    } else json(response, { data: url.pathname.endsWith('/record-logging') ? { enabled: false } : [] });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const bench = await workbench(shop);
  bench.environment['POLYTOMIC_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { ...(await bench.cli(...args)), asked };
};

const commands = [{ args: ['plan'] }, { args: ['export'] }, { args: ['apply', '--yes'] }];

/** Writes for as long as somebody takes it. */
const flood = (response: ServerResponse, text: string): void => {
  const more = (): void => {
    while (!response.destroyed && response.write(text));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
};

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

describe.each(commands)('$args', ({ args }) => {
  it('ends at an answer without an end, with one attempt', async () => {
    const { code, err, asked } = await against(
      (response) => {
        response.setHeader('content-type', 'application/json');
        response.write('{"data": ["');
        flood(response, 'x'.repeat(1024 * 1024));
      },
      ...args,
    );
    expect([code, asked]).toEqual([1, 1]);
    expect(err).toContain('the answer has more than 64 MB, the most that is read (200)');
    expect(err).toContain('hint: something else answers at this address');
  });

  it('ends at an object that is nested without an end', async () => {
    const { code, err, asked } = await against(
      (response) => {
        response.setHeader('content-type', 'application/json');
        response.end(`{"data": [{"id": "1", "name": "deep", "configuration": ${nested(20_000)}}]}`);
      },
      ...args,
    );
    expect([code, asked]).toEqual([1, 1]);
    expect(err).toContain(`the answer is nested more than ${MOST_NESTED} deep, the most that is read`);
  });

  it('ends at pages without an end that bring nothing', async () => {
    const { code, err, asked } = await against(
      (response, page) => {
        json(response, { data: [], pagination: { next_page_token: `${page ?? ''}x` } });
      },
      ...args,
    );
    expect([code, asked]).toEqual([1, bounds.emptyPages]);
    expect(err).toContain(
      `the pages of the list never end: the last ${bounds.emptyPages} brought nothing new`,
    );
  });

  it('ends at an error whose text has no end', async () => {
    const { code, err } = await against(
      (response) => {
        response.statusCode = 403;
        flood(response, 'no '.repeat(1024 * 512));
      },
      ...args,
    );
    expect(code).toBe(1);
    expect(err).toContain('the answer has more than 64 MB, the most that is read (403)');
    expect(err.length).toBeLessThan(2000);
  });
});

describe('a list', () => {
  /** Answers pages from memory. */
  const reader = (page: (index: number) => readonly string[]): Reader => {
    let index = 0;
    return {
      dialect: dialectOf('2025-09-18'),
      get: async () => {
        index += 1;
        return Promise.resolve({
          data: page(index).map((id) => ({ id })),
          job: undefined,
          nextPage: String(index),
          body: undefined,
        });
      },
      askTargetFields: async () => Promise.reject(new Error('not asked')),
      askPreview: async () => Promise.reject(new Error('not asked')),
    };
  };

  it('ends where ever-new pages bring ever-new objects', async () => {
    let seen = 0;
    const reading = listPages(
      reader((index) => [`id-${index}`]),
      '/api/models',
      () => (seen += 1),
    );
    await expect(reading).rejects.toThrow(
      'the pages of the list never end: after 10,000 there is another one',
    );
    expect(seen).toBe(bounds.pages);
  });

  it('may have pages that bring nothing, as long as something comes in the end', async () => {
    const ids: string[] = [];
    const pages = reader((index) => (index % bounds.emptyPages === 0 ? [`id-${index}`] : []));
    await listPages(
      {
        ...pages,
        get: async (path) => {
          const answer = await pages.get(path);
          return answer.nextPage === '500' ? { ...answer, nextPage: undefined } : answer;
        },
      },
      '/api/models',
      ({ id }) => ids.push(JSON.stringify(id)),
    );
    expect(ids).toHaveLength(5);
  });
});
