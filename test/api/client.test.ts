import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awaitJob, listPages, readIdentity } from '../../src/api/calls.js';
import { createReader, createWriter, type ClientOptions, type Writer } from '../../src/api/client.js';
import { ApiError, failureDiagnostic } from '../../src/api/failure.js';
import { dialectOf } from '../../src/api/versions.js';
import { createScrubber } from '../../src/core/scrub.js';
import { Secret } from '../../src/core/secret.js';

const host = 'https://polytomic.test';
const apiKey = new Secret('KEY', 'a-very-secret-key');

const options: ClientOptions = {
  url: host,
  apiKey,
  dialect: dialectOf('2025-09-18'),
  userAgent: 'polytomic-gitops/test',
  timeout: 2000,
  concurrency: 4,
  retries: 2,
  retryDelay: 1,
  scrub: createScrubber([apiKey]),
};

const writer = (more: Partial<ClientOptions> = {}): Writer => createWriter({ ...options, ...more });

const failureOf = async (call: Promise<unknown>): Promise<ApiError> => {
  const error: unknown = await call.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) return error;
  throw error;
};

beforeEach(() => {
  nock.disableNetConnect();
});

afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  nock.enableNetConnect();
  expect(pending).toEqual([]);
});

describe('a request', () => {
  it('carries the key, the version and the user agent', async () => {
    nock(host, {
      reqheaders: {
        authorization: 'Bearer a-very-secret-key',
        'x-polytomic-version': '2025-09-18',
        'user-agent': 'polytomic-gitops/test',
        accept: 'application/json',
      },
      badheaders: ['idempotency-key'],
    })
      .get('/api/models')
      .query({ page_token: 'a b&c' })
      .reply(200, { data: [], pagination: { next_page_token: 'next' } });
    expect(await writer().get('/api/models', { page_token: 'a b&c' })).toEqual({
      data: [],
      job: undefined,
      nextPage: 'next',
      body: { data: [], pagination: { next_page_token: 'next' } },
    });
  });

  it('carries an idempotency key and a JSON body where they are given', async () => {
    nock(host, { reqheaders: { 'idempotency-key': 'abcdefgh-1', 'content-type': 'application/json' } })
      .post('/api/models', { name: 'x' })
      .query({ async: 'true' })
      .reply(201, { job: { job_id: '1' } });
    expect(
      await writer().send('POST', '/api/models', {
        body: { name: 'x' },
        query: { async: 'true' },
        idempotencyKey: 'abcdefgh-1',
      }),
    ).toMatchObject({ job: { job_id: '1' } });
  });

  it.each([
    ['polytomic.test', '/api/me'],
    ['https://polytomic.test///', '/api/me'],
    ['https://polytomic.test/behind/a/proxy/', '/behind/a/proxy/api/me'],
  ])('goes to %s below its path', async (url, path) => {
    nock(host)
      .get(path)
      .reply(200, {
        data: { id: '1', organization_id: 'o', organization_name: 'Acme', is_organization: true },
      });
    expect(await readIdentity(createReader({ ...options, url }))).toEqual({
      organization: { id: 'o', name: 'Acme' },
      caller: 'organization',
    });
  });

  it('with an empty answer is a success', async () => {
    nock(host).delete('/api/models/1').reply(204);
    expect(await writer().send('DELETE', '/api/models/1')).toEqual({
      data: undefined,
      job: undefined,
      nextPage: undefined,
    });
  });

  it('a reader cannot write: its questions with a body ask for fields, and for a preview', () => {
    expect(Object.keys(createReader(options)).sort()).toEqual([
      'askPreview',
      'askTargetFields',
      'dialect',
      'get',
    ]);
  });
});

describe('an error', () => {
  it.each([
    [400, { message: 'bad body' }, 'bad body', 'change the manifest'],
    [
      401,
      { code: 401, context: {}, error: 'no such key', status: 'Unauthorized' },
      'no such key',
      'POLYTOMIC_API_KEY',
    ],
    [403, { key: 'k', message: 'not allowed', status: 403 }, 'not allowed', 'permission'],
    [404, { message: 'model not found' }, 'model not found', 'plan again'],
    [409, { message: 'the name is taken' }, 'the name is taken', 'something else works on it'],
    [413, {}, 'refused without a message', 'smaller'],
    [
      422,
      {
        message: 'connection in use',
        metadata: { used_by: [{ type: 'model', name: 'Customers', id: '7' }] },
      },
      'connection in use',
      'used by model "Customers" (7); remove those first',
    ],
    [422, '', 'refused without a message', 'change the manifest'],
  ])(
    '%i says what the API says, about which resource, and what to do',
    async (status, body, message, hint) => {
      nock(host).post('/api/models').reply(status, body);
      const error = await failureOf(
        writer().send('POST', '/api/models', { body: {}, idempotencyKey: 'abcdefgh' }),
      );
      const diagnostic = failureDiagnostic(error, 'creating model.x', 'model.x');
      expect(diagnostic).toMatchObject({ severity: 'error', address: 'model.x', code: `api-${status}` });
      expect(diagnostic.message).toBe(`creating model.x: ${message} (${status}) [POST /api/models]`);
      expect(diagnostic.hint).toContain(hint);
    },
  );

  it('that echoes a secret does not show it', async () => {
    nock(host)
      .get('/api/me')
      .reply(422, {
        message: `bad key ${apiKey.reveal()} and ${Buffer.from(apiKey.reveal()).toString('base64')}`,
      });
    const error = await failureOf(writer().get('/api/me'));
    expect(failureDiagnostic(error, 'x').message).toContain('bad key (secret) and (secret)');
  });

  it('that holds control characters shows them escaped', async () => {
    nock(host).get('/api/me').reply(422, { message: 'a\u001b[31mred' });
    expect(failureDiagnostic(await failureOf(writer().get('/api/me')), 'x').message).toContain(
      'a\\u{1b}[31mred',
    );
  });

  it.each([
    ['HTML in place of JSON', () => nock(host).get('/api/me').reply(200, '<html>'), 'not-json', 'web page'],
    [
      'HTML with a status of its own',
      () => nock(host).get('/api/me').reply(403, '<html>'),
      'not-json',
      'web page',
    ],
    [
      'JSON that is cut short',
      () => nock(host).get('/api/me').reply(200, '{"data": {"id"'),
      'not-json',
      'cut short',
    ],
    [
      'a redirect',
      () => nock(host).get('/api/me').reply(302, '', { location: 'https://login.test/' }),
      'unexpected',
      'redirects to https://login.test/',
    ],
    [
      'no route',
      () =>
        nock(host)
          .get('/api/me')
          .times(3)
          .replyWithError(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })),
      'no-route',
      'cannot be reached',
    ],
  ])('%s is told apart', async (_what, prepare, reason, message) => {
    prepare();
    const { failure } = await failureOf(writer().get('/api/me'));
    expect(failure.reason).toBe(reason);
    expect(failure.message).toContain(message);
  });

  it('a time-out says after how long', async () => {
    nock(host).get('/api/me').times(3).delay(500).reply(200, {});
    const { failure } = await failureOf(writer({ timeout: 50 }).get('/api/me'));
    expect(failure).toMatchObject({ reason: 'timeout', message: 'no answer within 0.05 s' });
    nock.abortPendingRequests();
  });
});

describe('a retry', () => {
  it.each([429, 500, 502, 503, 504])('follows %i for a read and a replacement', async (status) => {
    nock(host).get('/api/me').reply(status, {}, { 'retry-after': '0' });
    nock(host).get('/api/me').reply(200, { data: 1 });
    nock(host).put('/api/models/1').reply(status, {}, { 'retry-after': '0' });
    nock(host).put('/api/models/1').reply(200, { data: 2 });
    expect(await writer().get('/api/me')).toMatchObject({ data: 1 });
    expect(await writer().send('PUT', '/api/models/1', { body: {} })).toMatchObject({ data: 2 });
  });

  it('does not follow 500 for a create: its key would get the same answer again', async () => {
    nock(host).post('/api/models').once().reply(500, { message: 'oops' });
    expect(
      (await failureOf(writer().send('POST', '/api/models', { body: {}, idempotencyKey: 'abcdefgh' })))
        .failure,
    ).toMatchObject({ status: 500 });
  });

  it('of a create after 429 has another key', async () => {
    nock(host, { reqheaders: { 'idempotency-key': 'abcdefgh' } })
      .post('/api/models')
      .reply(429, {}, { 'retry-after': '0' });
    nock(host, { reqheaders: { 'idempotency-key': 'abcdefgh_r2' } })
      .post('/api/models')
      .reply(201, { data: { id: '1' } });
    expect(
      await writer().send('POST', '/api/models', { body: {}, idempotencyKey: 'abcdefgh' }),
    ).toMatchObject({ data: { id: '1' } });
  });

  it('of a create without an answer has the same key, and waits where the first is still under way', async () => {
    const same = { reqheaders: { 'idempotency-key': 'abcdefgh' } };
    nock(host, same)
      .post('/api/models')
      .replyWithError(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    nock(host, same).post('/api/models').reply(409, { message: 'in flight' });
    nock(host, same)
      .post('/api/models')
      .reply(201, { data: { id: '1' } });
    expect(
      await writer().send('POST', '/api/models', { body: {}, idempotencyKey: 'abcdefgh' }),
    ).toMatchObject({ data: { id: '1' } });
  });

  it.each([
    ['as the sandbox says it', { key: 'idempotency_key_in_flight', message: 'under way' }],
    ['without a word', ''],
    ['in words that may mean it', { message: 'Conflict', status: 409 }],
  ])('waits for a key in flight, %s, and repeats the same key', async (_how, body) => {
    const same = { reqheaders: { 'idempotency-key': 'abcdefgh' } };
    nock(host, same).post('/api/models').times(8).reply(409, body);
    nock(host, same)
      .post('/api/models')
      .reply(201, { data: { id: '1' } });
    expect(
      await writer().send('POST', '/api/models', { body: {}, idempotencyKey: 'abcdefgh' }),
    ).toMatchObject({ data: { id: '1' } });
  });

  it('of a key in flight ends after a time, and says what to do', async () => {
    nock(host).post('/api/models').reply(409, { key: 'idempotency_key_in_flight', message: 'wait' });
    const error = await failureOf(
      writer({ inFlightTimeout: -1 }).send('POST', '/api/models', { body: {}, idempotencyKey: 'abcdefgh' }),
    );
    expect(failureDiagnostic(error, 'creating model.m').hint).toMatch(
      /^an earlier request for the same thing is still under way, .* apply again in a few minutes: /,
    );
  });

  it.each([502, 503, 504, 408])(
    'of a create after %i, which no application gives, has the same key',
    async (status) => {
      const same = { reqheaders: { 'idempotency-key': 'abcdefgh' } };
      nock(host, same).post('/api/models').reply(status, {}, { 'retry-after': '0' });
      nock(host, same).post('/api/models').reply(409, { message: 'idempotency key in use' });
      nock(host, same)
        .post('/api/models')
        .reply(201, { data: { id: '1' } });
      expect(
        await writer().send('POST', '/api/models', { body: {}, idempotencyKey: 'abcdefgh' }),
      ).toMatchObject({ data: { id: '1' } });
    },
  );

  it('under another key begins when that is on record', async () => {
    nock(host).post('/api/models').reply(429, {}, { 'retry-after': '0' });
    nock(host)
      .post('/api/models')
      .reply(201, { data: { id: '1' } });
    const told: string[] = [];
    await writer().send('POST', '/api/models', {
      body: {},
      idempotencyKey: 'abcdefgh',
      onNewKey: async (key) => {
        await Promise.resolve();
        told.push(key);
      },
    });
    expect(told).toEqual(['abcdefgh_r2']);
  });

  it('ends, and tells the last error', async () => {
    nock(host).get('/api/me').times(3).reply(503, { message: 'down' });
    expect((await failureOf(writer().get('/api/me'))).failure).toMatchObject({
      status: 503,
      message: 'down',
    });
  });
});

describe('a list', () => {
  const pages = (...answers: readonly object[]): void => {
    answers.forEach((answer, index) =>
      nock(host)
        .get('/api/syncs')
        .query(index === 0 ? {} : { page_token: `t${index}` })
        .reply(200, answer),
    );
  };
  const read = async (): Promise<readonly unknown[]> => {
    const ids: unknown[] = [];
    await listPages(createReader(options), '/api/syncs', ({ id }) => ids.push(id));
    return ids;
  };

  it('is read page by page, each object once', async () => {
    pages(
      { data: [{ id: '1' }, { id: '2' }], pagination: { next_page_token: 't1' } },
      { data: [{ id: '2' }, { id: '3' }], pagination: { next_page_token: '' } },
    );
    expect(await read()).toEqual(['1', '2', '3']);
  });

  it('that is null is empty', async () => {
    pages({ data: null });
    expect(await read()).toEqual([]);
  });

  it('whose pages never end is an error', async () => {
    pages(
      { data: [], pagination: { next_page_token: 't1' } },
      { data: [], pagination: { next_page_token: 't1' } },
    );
    expect((await failureOf(read())).failure.message).toContain('never end');
  });

  it('that is no list is an error', async () => {
    pages({ data: { id: '1' } });
    expect((await failureOf(read())).failure).toMatchObject({ reason: 'unexpected' });
  });
});

describe('a job', () => {
  const job = { job_id: '1', type: 'createmodel', status: 'created' };
  const wait = async (timeout = 1000) => awaitJob(createReader(options), job, { interval: 1, timeout });

  it('is asked for until it is done', async () => {
    nock(host)
      .get('/api/jobs/createmodel/1')
      .reply(200, { data: { ...job, status: 'running' } });
    nock(host)
      .get('/api/jobs/createmodel/1')
      .reply(200, { data: { ...job, status: 'done', result: { id: 'm' } } });
    expect(await wait()).toEqual({ id: 'm' });
  });

  it('that fails tells why', async () => {
    nock(host)
      .get('/api/jobs/createmodel/1')
      .reply(200, { data: { ...job, status: 'failed', error: 'no such table' } });
    expect((await failureOf(wait())).failure).toMatchObject({ message: 'no such table' });
  });

  it('that does not end in time is given up', async () => {
    expect((await failureOf(wait(0))).failure).toMatchObject({ reason: 'timeout' });
  });
});
