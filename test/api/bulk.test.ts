/** What the API says of the ends of a bulk sync, and of schemas that it is still reading. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { awaitSchemas, readBulkDestination, readReadySource } from '../../src/api/bulk.js';
import { createReader, type Reader } from '../../src/api/client.js';
import { ApiError } from '../../src/api/failure.js';
import type { Answer } from '../../src/api/client.js';
import { dialectOf } from '../../src/api/versions.js';
import { Secret } from '../../src/core/secret.js';
import { startSandbox } from '../../src/sandbox/index.js';

const pace = { interval: 1, timeout: 1000 };

/** A reader of these answers, by path; each path's last one again and again. */
const readerOf = (answers: Readonly<Record<string, readonly (Answer['data'] | ApiError)[]>>) => {
  const asked: string[] = [];
  const left = new Map(Object.entries(answers).map(([path, list]) => [path, [...list]]));
  const get = async (path: string): Promise<Answer> => {
    asked.push(path.split('/').slice(4).join('/'));
    const list = left.get(asked.at(-1) ?? '') ?? [];
    const [answer] = list.length > 1 ? list.splice(0, 1) : list;
    if (answer instanceof ApiError) throw answer;
    return Promise.resolve({ data: answer } as Answer);
  };
  return { asked, reader: { get } as unknown as Reader };
};

const refusal = (status: number, message: string): ApiError =>
  new ApiError({ reason: 'http', status, message, metadata: {} }, 'GET', '/');

const STATUS = 'schemas/status';
const SOURCE = 'bulksync/source';
const fresh = { cache_status: 'fresh', last_refresh_started: null, last_refresh_finished: null };
const refreshing = { cache_status: 'refreshing', last_refresh_started: '2026-01-02T00:00:00Z' };
const tables = { schemas: [{ id: 'a' }] };

describe('the schemas of a connection', () => {
  it.each([
    ['refreshing becomes fresh', [refreshing, refreshing, fresh], true],
    ['in samples it is cached', [{ cache_status: 'cached' }], true],
    [
      'a word that nobody knows counts by its times',
      [
        {
          cache_status: 'stale',
          last_refresh_started: '2026-01-02T00:00:00Z',
          last_refresh_finished: '2026-01-01T00:00:00Z',
        },
        {
          cache_status: 'stale',
          last_refresh_started: '2026-01-02T00:00:00Z',
          last_refresh_finished: '2026-01-02T00:01:00Z',
        },
      ],
      true,
    ],
    ['a connection that is new has none', [{}, {}, fresh], true],
  ])('are waited for by their status: %s', async (_what, answers, ready) => {
    const { reader, asked } = readerOf({ [STATUS]: answers });
    expect(await awaitSchemas(reader, 'id', pace)).toBe(ready);
    expect(asked).toHaveLength(answers.length);
  });

  it('are not waited for longer than the deadline', async () => {
    const { reader } = readerOf({ [STATUS]: [refreshing] });
    expect(await awaitSchemas(reader, 'id', { interval: 1, timeout: 5 })).toBe(false);
  });

  it.each([
    ['none', { schemas: [] }],
    ['422', refusal(422, 'schema cache refresh in progress')],
    ['400', refusal(400, 'the source did not provide any schemas')],
  ])(
    'that are not there yet (%s) are asked for again when the status says that they are',
    async (_what, early) => {
      const { reader, asked } = readerOf({ [SOURCE]: [early, tables], [STATUS]: [refreshing, fresh] });
      expect(await readReadySource(reader, 'id', false, pace)).toEqual({ schemas: [{ id: 'a', name: 'a' }] });
      expect(asked).toEqual([SOURCE, STATUS, STATUS, SOURCE]);
    },
  );

  it('that are ready are no reason to wait: a true refusal is told at once', async () => {
    const { reader, asked } = readerOf({ [SOURCE]: [refusal(422, 'bad mode')], [STATUS]: [fresh] });
    await expect(readReadySource(reader, 'id', false, pace)).rejects.toThrow('bad mode');
    expect(asked).toEqual([SOURCE, STATUS, SOURCE]);
    const other = readerOf({ [SOURCE]: [refusal(403, 'no')] });
    await expect(readReadySource(other.reader, 'id', false, pace)).rejects.toThrow('no');
    expect(other.asked).toEqual([SOURCE]);
  });

  it('that never come are told as such', async () => {
    const { reader } = readerOf({ [SOURCE]: [{ schemas: [] }], [STATUS]: [refreshing] });
    expect(await readReadySource(reader, 'id', false, { interval: 1, timeout: 5 })).toBe('early');
  });

  it('of a new connection in the sandbox are there in a moment', async () => {
    const sandbox = await startSandbox();
    onTestFinished(sandbox.close);
    const headers = { authorization: `Bearer ${sandbox.apiKey}`, 'content-type': 'application/json' };
    const made = await fetch(`${sandbox.url}/api/connections`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ name: 'db', type: 'postgresql', configuration: { hostname: 'h', port: 5432 } }),
    });
    const { data } = (await made.json()) as { readonly data: { readonly id: string } };
    const reader = createReader({
      url: sandbox.url,
      apiKey: new Secret('KEY', sandbox.apiKey),
      dialect: dialectOf('2025-09-18'),
      userAgent: 'test',
      timeout: 2000,
      concurrency: 2,
      retries: 0,
    });
    expect(await awaitSchemas(reader, data.id, pace)).toBe(true);
    const source = await readReadySource(reader, data.id, true, pace);
    expect(source).toMatchObject({ trackingFields: true });
    expect(source === 'early' ? [] : source.schemas[0]?.fields?.[0]).toMatchObject({ id: 'id', key: true });
  });
});

describe('a destination', () => {
  it('says what it is told in a map of descriptors, or as a JSON Schema', async () => {
    const options = async (configuration: Answer['data']): Promise<unknown> =>
      (await readBulkDestination(readerOf({ 'bulksync/target': [{ configuration }] } as never).reader, 'id'))
        .options;
    expect(
      await options({ schema: { default: '', required: true }, mirror: { default: false, required: false } }),
    ).toEqual([
      { name: 'schema', required: true, preset: '' },
      { name: 'mirror', required: false, preset: false },
    ]);
    expect(
      await options({
        type: 'object',
        required: ['schema'],
        properties: { schema: {}, mirror: { default: 1 } },
      }),
    ).toEqual([
      { name: 'schema', required: true },
      { name: 'mirror', required: false, preset: 1 },
    ]);
    expect(await options({ strange: 5 })).toEqual([]);
    expect(await options(null)).toEqual([]);
  });
});
