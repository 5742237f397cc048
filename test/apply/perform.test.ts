/** One change, done: and what becomes of it when an answer is lost. */
import { describe, expect, it } from 'vitest';
import { ApiError, type Failure } from '../../src/api/failure.js';
import { kindOf } from '../../src/kinds/registry.js';
import {
  create,
  hashOf,
  keysFor,
  mayHaveWorked,
  remove,
  update,
  type PerformContext,
} from '../../src/apply/perform.js';
import { thing } from '../support/kinds.js';
import { http, memoryWriter, type MemoryWriter } from '../support/writer.js';

const connection = kindOf('Connection');
const model = kindOf('Model');
const body = { name: 'db' };
/** What the journal is told: `begin key-1`, `failed`. */
const contextOf = (
  writer: MemoryWriter,
  known: readonly string[] = [],
  journal: string[] = [],
): PerformContext => ({
  writer,
  keys: { of: (attempt) => `key-${attempt}`, resumed: false },
  known: new Set(known),
  step: {
    begin: async (key = '') => {
      await Promise.resolve();
      journal.push(`begin ${key}`);
    },
    failed: async () => {
      await Promise.resolve();
      journal.push('failed');
    },
  },
  jobs: { interval: 1 },
});
const createIn = async (writer: MemoryWriter, known: readonly string[] = []) =>
  create(connection, 'db', body, contextOf(writer, known));
const keysOf = (writer: MemoryWriter) => writer.sent.map(({ idempotencyKey }) => idempotencyKey);

describe('a create', () => {
  it('is one POST with its key, and leaves the id', async () => {
    const writer = memoryWriter();
    expect(await createIn(writer)).toMatchObject({ id: 'new-1' });
    expect(writer.sent).toEqual([
      {
        method: 'POST',
        path: '/api/connections',
        body,
        query: {},
        idempotencyKey: 'key-1',
        onNewKey: expect.any(Function) as () => Promise<void>,
      },
    ]);
  });

  it('tells what a person has to do to finish', async () => {
    const writer = memoryWriter();
    const data = { id: 'c1', auth_url: 'https://x' };
    for (const [more, note] of [
      [{}, { note: 'authorise it in a browser: https://x' }],
      [{ auth_code: 'ABC' }, { note: 'authorise it in a browser: https://x (code ABC)' }],
      [{ auth_code: '' }, { note: 'authorise it in a browser: https://x' }],
      [{ auth_url: '', auth_code: 'ABC' }, {}],
      [{ auth_url: null }, {}],
    ] as const) {
      writer.next('POST', { data: { ...data, ...more } });
      expect(await createIn(writer)).toMatchObject({ id: 'c1', ...note });
    }
  });

  it.each([400, 403, 404, 409, 422])(
    'that was refused with %i is tried once more, under a key of this run',
    async (status) => {
      const writer = memoryWriter();
      writer.next('POST', http(status));
      expect(await createIn(writer)).toMatchObject({ id: 'new-1' });
      expect(keysOf(writer)).toEqual(['key-1', 'key-2']);
    },
  );

  it('that is refused twice fails', async () => {
    const writer = memoryWriter();
    writer.next('POST', http(422), http(422, 'still no'));
    await expect(createIn(writer)).rejects.toThrow('still no');
    expect(writer.sent).toHaveLength(2);
  });

  it.each<Failure>([http(401), http(429), { reason: 'no-route', message: 'x' }])(
    'that did not get there fails at once: %j',
    async (failure) => {
      const writer = memoryWriter();
      writer.next('POST', failure);
      await expect(createIn(writer)).rejects.toThrow(ApiError);
      expect([writer.sent.length, writer.read]).toEqual([1, []]);
    },
  );

  it('whose answer was lost is found by its name, and not made twice', async () => {
    const writer = memoryWriter([
      { id: 'old', name: 'db' },
      { id: 'x', name: 'other' },
    ]);
    writer.next('POST', 'lost');
    expect(await createIn(writer, ['old'])).toMatchObject({ id: 'new-1' });
    expect(writer.sent).toHaveLength(1);
  });

  it('that was not done is tried again under another key, three times in all', async () => {
    const writer = memoryWriter();
    writer.next('POST', http(500), http(500));
    expect(await createIn(writer)).toMatchObject({ id: 'new-1' });
    expect(keysOf(writer)).toEqual(['key-1', 'key-2', 'key-3']);
    const other = memoryWriter();
    other.next('POST', http(500), http(502), http(503, 'still down'), http(500));
    await expect(createIn(other)).rejects.toThrow('still down');
    expect(other.sent).toHaveLength(3);
  });

  it('is left to the next run where it cannot be told which of several was made', async () => {
    const writer = memoryWriter([
      { id: 'a', name: 'db' },
      { id: 'b', name: 'db' },
    ]);
    writer.next('POST', http(500, 'oops'));
    const journal: string[] = [];
    await expect(create(connection, 'db', body, contextOf(writer, [], journal))).rejects.toThrow('oops');
    expect([writer.sent.length, journal]).toEqual([1, ['begin key-1']]);
  });

  it('does not take what another create of this run makes at the same time', async () => {
    const writer = memoryWriter([{ id: 'of-another', name: 'db' }]);
    writer.next('POST', http(500, 'oops'));
    await expect(
      create(connection, 'db', body, { ...contextOf(writer), hasRival: () => true }),
    ).rejects.toThrow('oops');
    const known = new Set<string>();
    const other = memoryWriter();
    other.next('POST', 'lost');
    expect(await create(connection, 'db', body, { ...contextOf(other), known })).toMatchObject({
      id: 'new-1',
    });
    expect([...known]).toEqual(['new-1']);
  });

  it('has each of its keys in the journal before it is used, and closes those that nothing can come of', async () => {
    const told = async (...answers: readonly Failure[]): Promise<readonly string[]> => {
      const writer = memoryWriter();
      writer.next('POST', ...answers);
      const journal: string[] = [];
      await create(connection, 'db', body, contextOf(writer, [], journal)).catch(() => undefined);
      return journal;
    };
    expect(await told(http(422))).toEqual(['begin key-1', 'failed', 'begin key-2']);
    expect(await told(http(500))).toEqual(['begin key-1', 'failed', 'begin key-2']);
    expect(await told(http(504))).toEqual(['begin key-1', 'begin key-2']);
    expect(await told(http(409, 'Conflict'))).toEqual(['begin key-1', 'begin key-2']);
    expect(await told(http(409, 'name is taken'))).toEqual(['begin key-1', 'failed', 'begin key-2']);
    expect(await told(http(409, 'idempotency key in flight'))).toEqual(['begin key-1']);
    const writer = memoryWriter();
    const journal: string[] = [];
    await create(connection, 'db', body, contextOf(writer, [], journal));
    await writer.sent[0]?.onNewKey?.('key-1_r2');
    expect(journal).toEqual(['begin key-1', 'failed', 'begin key-1_r2']);
  });

  it('whose key is in flight is never sent under another one, and is looked for', async () => {
    const writer = memoryWriter();
    writer.next('POST', http(409, 'idempotency key in flight'));
    await expect(createIn(writer)).rejects.toThrow('in flight');
    expect([writer.sent.length, writer.read]).toEqual([1, ['/api/connections']]);
    const landed = memoryWriter([{ id: 'late', name: 'db' }]);
    landed.next('POST', http(409, 'idempotency key in flight'));
    expect(await createIn(landed)).toEqual({ id: 'late' });
  });

  it('of a killed run that was deleted since is made again', async () => {
    const writer = memoryWriter();
    writer.next('POST', { data: { id: 'gone', name: 'db' } });
    const context = contextOf(writer);
    expect(
      await create(connection, 'db', body, { ...context, keys: { ...context.keys, resumed: true } }),
    ).toMatchObject({ id: 'new-1' });
    expect(keysOf(writer)).toEqual(['key-1', 'key-2']);
  });

  it('is tried again where it cannot be looked for', async () => {
    const writer = memoryWriter();
    writer.next('POST', http(500));
    writer.next('GET', http(500));
    expect(await createIn(writer)).toMatchObject({ id: 'new-1' });
  });

  it('that got no answer is looked for, and not tried again by a run that does not know', async () => {
    const writer = memoryWriter();
    writer.next('POST', { reason: 'timeout', message: 'too late' });
    await expect(createIn(writer)).rejects.toThrow('too late');
    expect([writer.sent.length, writer.read]).toEqual([1, ['/api/connections']]);
  });

  it('throws what is no answer of the API', async () => {
    const writer = { ...memoryWriter(), send: () => Promise.reject(new Error('a bug')) };
    await expect(create(connection, 'db', body, contextOf(writer))).rejects.toThrow('a bug');
  });

  it('whose answer holds no object is looked for', async () => {
    const writer = memoryWriter([{ id: 'made', name: 'db' }]);
    writer.next('POST', { data: 'what' });
    expect(await createIn(writer)).toMatchObject({ id: 'made' });
  });
});

describe('a create that is a job', () => {
  const job = { type: 'createmodel', job_id: 'j1', status: 'running' };
  const createModel = async (writer: MemoryWriter) => create(model, 'm', { name: 'm' }, contextOf(writer));

  it('is waited for, and leaves the id of its result', async () => {
    const writer = memoryWriter();
    writer.next('POST', { job });
    writer.next('GET', { data: { ...job, status: 'done', result: { id: 'm1' } } });
    expect(await createModel(writer)).toMatchObject({ id: 'm1' });
    expect([writer.sent[0]!.query, writer.read]).toEqual([{ async: 'true' }, ['/api/jobs/createmodel/j1']]);
  });

  it('and failed is not sent again: it was taken', async () => {
    const writer = memoryWriter();
    writer.next('POST', { job });
    writer.next('GET', { data: { ...job, status: 'failed', error: 'no such table' } });
    await expect(createModel(writer)).rejects.toThrow('no such table');
    expect(writer.sent).toHaveLength(1);
  });

  it('and cannot be asked about is looked for, and not sent again', async () => {
    const writer = memoryWriter([{ id: 'm7', name: 'm' }]);
    writer.next('POST', { job });
    writer.next('GET', http(500));
    expect(await createModel(writer)).toMatchObject({ id: 'm7' });
    const other = memoryWriter();
    other.next('POST', { job });
    other.next('GET', http(500, 'down'));
    await expect(createModel(other)).rejects.toThrow('down');
    expect(other.sent).toHaveLength(1);
  });

  it('and made nothing is looked for', async () => {
    const writer = memoryWriter();
    writer.next('POST', { job: { ...job, status: 'done' } });
    await expect(createModel(writer)).rejects.toThrow('POST /api/models: the job made no model');
    expect(writer.read).toEqual(['/api/models']);
  });
});

describe('an update', () => {
  it('replaces the whole object, by the method of the version', async () => {
    const writer = memoryWriter([{ id: 'c/1', name: 'db' }]);
    writer.next('PUT', { data: { id: 'c/1', name: 'db' } });
    expect(await update(connection, 'c/1', body, contextOf(writer))).toMatchObject({ id: 'c/1' });
    expect(writer.sent).toEqual([{ method: 'PUT', path: '/api/connections/c%2F1', body, query: {} }]);
    const older = memoryWriter([{ id: 'c1' }], '2022-12-12');
    await update(connection, 'c1', body, contextOf(older));
    expect(older.sent[0]!.method).toBe(older.dialect.updateMethod);
  });

  it('keeps the id where the answer holds no object', async () => {
    const writer = memoryWriter();
    for (const data of [undefined, null]) {
      writer.next('PUT', { data });
      expect(await update(connection, 'c1', body, contextOf(writer))).toMatchObject({ id: 'c1' });
    }
  });

  it('that is a job is waited for', async () => {
    const job = { type: 'updatemodel', job_id: 'j1', status: 'done' };
    const writer = memoryWriter();
    writer.next('PUT', { job });
    expect(await update(model, 'm1', body, contextOf(writer))).toMatchObject({ id: 'm1' });
    writer.next('PUT', { job: { ...job, result: { id: 'm2' } } });
    expect(await update(model, 'm1', body, contextOf(writer))).toMatchObject({ id: 'm2' });
  });

  it('fails where it is refused', async () => {
    const writer = memoryWriter();
    await expect(update(connection, 'c1', body, contextOf(writer))).rejects.toThrow(ApiError);
  });
});

describe('a delete', () => {
  it('deletes, also what is gone already', async () => {
    const writer = memoryWriter([{ id: 'c1' }]);
    await remove(connection, 'c1', contextOf(writer));
    await remove(connection, 'c1', contextOf(writer));
    expect(writer.objects.size).toBe(0);
    await remove(connection, 'c/1', contextOf(writer));
    expect(writer.sent.at(-1)).toEqual({ method: 'DELETE', path: '/api/connections/c%2F1' });
  });

  it('fails where it is refused, and where nothing answers', async () => {
    const writer = memoryWriter();
    writer.next('DELETE', http(409, 'in use'), { reason: 'timeout', message: 'too late' });
    await expect(remove(connection, 'c1', contextOf(writer))).rejects.toThrow('in use');
    await expect(remove(connection, 'c1', contextOf(writer))).rejects.toThrow('too late');
    const broken = { ...writer, send: () => Promise.reject(new Error('a bug')) };
    await expect(remove(connection, 'c1', contextOf(broken))).rejects.toThrow('a bug');
  });
});

describe('an object that the API gives no id', () => {
  const kind = thing({
    identity: { fields: ['owner_id', 'part'], unique: true, idless: true },
    endpoints: () => ({
      lists: 'whole',
      one: '/api/owners/{owner_id}/parts/{part}',
      create: { method: 'PUT', path: '/api/owners/{owner_id}/parts/{part}/color' },
      update: { method: 'PUT', path: '/api/owners/{owner_id}/parts/{part}/color' },
      remove: { method: 'PUT', path: '/api/owners/{owner_id}/parts/{part}/color', body: { color: null } },
    }),
  });
  const own = { owner_id: 'o1', part: 'a/b', color: 'red' };
  const path = '/api/owners/o1/parts/a%2Fb/color';

  it('is made, changed and taken away at an address that it is told by', async () => {
    const writer = memoryWriter();
    writer.next('PUT', {}, {}, {});
    const { id } = await create(kind, 'o1 / a/b', own, contextOf(writer));
    expect(id).toBe('Thing/o1/a%2Fb');
    expect(await update(kind, id, own, contextOf(writer))).toEqual({ id });
    await remove(kind, id, contextOf(writer));
    expect(writer.sent.map(({ query: _, ...sent }) => sent)).toEqual([
      { method: 'PUT', path, body: { color: 'red' } },
      { method: 'PUT', path, body: { color: 'red' } },
      { method: 'PUT', path, body: { color: null } },
    ]);
  });

  it('has an id in what an answer shows, too', async () => {
    const writer = memoryWriter();
    writer.next('PUT', { data: { color: 'red' } });
    expect(await create(kind, 'o1 / a/b', own, contextOf(writer))).toEqual({
      id: 'Thing/o1/a%2Fb',
      object: { owner_id: 'o1', part: 'a/b', color: 'red', id: 'Thing/o1/a%2Fb' },
    });
  });

  it('that the table has no request for is a bug, and sends nothing', async () => {
    const writer = memoryWriter();
    const fixed = thing({ endpoints: () => ({ lists: 'whole', one: '/api/things/{id}' }) });
    await expect(remove(fixed, 't', contextOf(writer))).rejects.toThrow('no delete of a thing');
    expect(writer.sent).toEqual([]);
  });
});

describe('the API may have done', () => {
  it.each<[Failure, string, boolean]>([
    [http(500), 'POST', true],
    [http(503), 'POST', true],
    [http(499), 'POST', false],
    [http(404), 'POST', false],
    [http(404), 'GET', true],
    [http(408), 'POST', true],
    [http(409, 'name is taken'), 'POST', false],
    [http(409, 'idempotency'), 'POST', true],
    [http(409, ''), 'POST', true],
    [http(422), 'GET', false],
    [{ reason: 'timeout', message: '' }, 'POST', true],
    [{ reason: 'cut-short', message: '' }, 'POST', true],
    [{ reason: 'not-json', status: 200, message: '' }, 'POST', true],
    [{ reason: 'no-route', message: '' }, 'POST', false],
  ])('what it answered with %j to a %s: %s', (failure, method, may) => {
    expect(mayHaveWorked(new ApiError(failure, method, '/'))).toBe(may);
  });
});

describe('the keys of a create', () => {
  const keys = new Map([['model.m', { key: 'left-over', body: hashOf(body) }]]);

  it('are the same for the same body of the same step of the same plan, and for no other', () => {
    const first = keysFor({ keyBase: 'a', keys: new Map() }, 'model.m', body).of(1);
    expect(first).toMatch(/^pg-[0-9a-f]{40}$/);
    expect(keysFor({ keyBase: 'a', keys: new Map() }, 'model.m', { name: 'db' }).of(1)).toBe(first);
    expect(keysFor({ keyBase: 'a', keys: new Map() }, 'model.m', { name: 'x' }).of(1)).not.toBe(first);
    expect(keysFor({ keyBase: 'b', keys: new Map() }, 'model.m', body).of(1)).not.toBe(first);
    expect(keysFor({ keyBase: 'a', keys: new Map() }, 'model.n', body).of(1)).not.toBe(first);
  });

  it('after the first are this run’s own', () => {
    const one = keysFor({ keyBase: 'a', keys }, 'model.m', body);
    const two = keysFor({ keyBase: 'a', keys }, 'model.m', body);
    expect(one.of(2)).toMatch(/^pg-[0-9a-f]{40}-[0-9a-f]{12}-2$/);
    expect(new Set([one.of(2), one.of(3), two.of(2), two.of(3)]).size).toBe(4);
    expect(one.of(2)).toBe(one.of(2));
  });

  it('begin with that of the run that was killed, over the same body alone', () => {
    expect(keysFor({ keyBase: 'a', keys }, 'model.m', { name: 'db' }).of(1)).toBe('left-over');
    expect(keysFor({ keyBase: 'a', keys }, 'model.m', { name: 'x' }).of(1)).toMatch(/^pg-/);
    expect(keysFor({ keyBase: 'a', keys }, 'model.n', body).of(1)).toMatch(/^pg-/);
  });

  it('go with a body whatever the order of its fields', () => {
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }));
    expect(hashOf({ a: 1 })).toMatch(/^[0-9a-f]{64}$/);
  });
});
