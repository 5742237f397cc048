/** A change set, done. */
import { describe, expect, it } from 'vitest';
import { applyPlan, type ApplyEvent, type ApplyOptions, type Outcome } from '../../src/apply/apply.js';
import type { Entry, Started } from '../../src/apply/journal.js';
import { hashOf } from '../../src/apply/perform.js';
import { DiagnosticError } from '../../src/core/diagnostics.js';
import type { JsonObject } from '../../src/core/json.js';
import type { State } from '../../src/state/state.js';
import { noStore } from '../../src/state/store.js';
import {
  address,
  binding,
  connection,
  liveConnection,
  liveModel,
  model,
  organization,
  planOf,
  type Situation,
} from '../support/documents.js';
import { newKey } from '../../src/state/fingerprint.js';
import { http, memoryWriter, type MemoryWriter } from '../support/writer.js';

interface Ran {
  readonly outcome: Outcome;
  readonly writer: MemoryWriter;
  readonly state: State;
  readonly entries: readonly Entry[];
  readonly events: readonly string[];
  /** `done connection.db`, in the order of the plan. */
  readonly told: readonly string[];
  readonly closed: boolean;
}

interface More extends Partial<ApplyOptions> {
  readonly prepare?: (writer: MemoryWriter) => void;
}

const apply = async (situation: Situation, { prepare, ...more }: More = {}): Promise<Ran> => {
  const { plan, work, input } = planOf(situation);
  const writer = memoryWriter((situation.live ?? []).map(({ value }) => value));
  prepare?.(writer);
  const entries: Entry[] = [];
  const events: string[] = [];
  const store = noStore();
  let closed = false;
  const outcome = await applyPlan({
    plan,
    work,
    desired: input.desired,
    writer,
    state: input.state,
    store,
    concurrency: 4,
    journal: {
      write: async (entry) => {
        await Promise.resolve();
        entries.push(entry);
      },
      close: async () => {
        await Promise.resolve();
        closed = true;
      },
    },
    keyBase: 'base',
    fingerprintKey: newKey(),
    keys: new Map(),
    jobs: { interval: 1 },
    onEvent: (event: ApplyEvent) =>
      events.push(
        event.type === 'started'
          ? `started ${event.change.step}`
          : `${event.result.status} ${event.result.change.step}`,
      ),
    ...more,
  });
  return {
    outcome,
    writer,
    state: await store.read(),
    entries,
    events,
    told: outcome.results.map(({ status, change }) => `${status} ${change.step}`),
    closed,
  };
};

const applied = { name: 'db', type: 'postgresql', configuration: { hostname: 'h' } };
const bound = { 'connection.db': binding('Connection', 'c1', applied) };
const two = [connection('db'), model('m')];

describe('what is created', () => {
  it('refers to what was created before it, and both are in the state', async () => {
    const { told, writer, state, outcome, closed, events } = await apply({ manifests: two });
    expect(told).toEqual(['done connection.db', 'done model.m']);
    expect(writer.sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/connections',
      'POST /api/models',
    ]);
    expect(writer.sent[1]!.body).toEqual({
      name: 'm',
      connection_id: 'new-1',
      configuration: { table: 't' },
    });
    expect(state).toMatchObject({
      organization,
      resources: {
        'connection.db': { kind: 'Connection', id: 'new-1', applied },
        'model.m': { kind: 'Model', id: 'new-2' },
      },
    });
    expect([outcome.interrupted, closed]).toEqual([false, true]);
    expect(events).toEqual([
      'started connection.db',
      'done connection.db',
      'started model.m',
      'done model.m',
    ]);
    expect(outcome.milliseconds).toBeLessThan(60_000);
    for (const result of outcome.results) expect(result).toHaveProperty('milliseconds', expect.any(Number));
    expect(outcome.results[0]).toMatchObject({ id: 'new-1' });
    expect(outcome.results[0]).not.toHaveProperty('note');
  });

  it('is in the journal before it begins and when it is done, with its key and who bore its name', async () => {
    const { entries, writer } = await apply({
      manifests: [connection('db', { name: 'twin' })],
      live: [liveConnection('c8', 'twin'), liveConnection('c9', 'twin'), liveConnection('c7', 'other')],
      state: {
        'connection.x': binding('Connection', 'c8', {}),
        'connection.y': binding('Connection', 'c9', {}),
      },
      prune: 'never',
    });
    const key = writer.sent[0]!.idempotencyKey;
    expect(key).toMatch(/^pg-[0-9a-f]{40}$/);
    const left = {
      kind: 'Connection',
      apply: 1,
      applied: { ...applied, name: 'twin' },
      secrets: {},
      file: 'db.yaml',
    };
    expect(entries).toEqual([
      {
        type: 'started',
        step: 'connection.db',
        address: 'connection.db',
        kind: 'Connection',
        action: 'create',
        name: 'twin',
        at: expect.any(String) as string,
        key,
        body: hashOf(writer.sent[0]!.body!),
        namesakes: ['c8', 'c9'],
        binding: left,
      },
      {
        type: 'done',
        step: 'connection.db',
        address: 'connection.db',
        key,
        binding: { ...left, silent: {}, id: 'new-1' },
      },
      { type: 'state', serial: expect.any(Number) as number },
    ]);
  });

  it('is sent with the key of the killed run that sent it first', async () => {
    const { writer: first } = await apply({ manifests: [connection('db')] });
    const keys = new Map([['connection.db', { key: 'left-over', body: hashOf(first.sent[0]!.body!) }]]);
    const { writer } = await apply({ manifests: [connection('db')] }, { keys });
    expect(writer.sent[0]!.idempotencyKey).toBe('left-over');
  });

  it('is not taken for what was there before, where its answer is lost', async () => {
    const { told, state } = await apply(
      {
        manifests: [connection('db')],
        live: [liveConnection('c8', 'db')],
        state: { 'connection.x': binding('Connection', 'c8', {}) },
        prune: 'never',
      },
      { prepare: (writer) => writer.next('POST', 'lost') },
    );
    expect(told).toEqual(['done connection.db']);
    expect(state.resources[address('connection.db')]!.id).toBe('new-1');
  });

  it('says what a person has to do', async () => {
    const { outcome } = await apply(
      { manifests: [connection('db')] },
      { prepare: (writer) => writer.next('POST', { data: { id: 'c1', auth_url: 'https://x' } }) },
    );
    expect(outcome.results[0]).toMatchObject({ note: 'authorise it in a browser: https://x' });
  });
});

describe('what is there', () => {
  const changed = [connection('db', { configuration: { hostname: 'x' } })];
  const lives = [liveConnection('c1', 'db')];

  it('is updated when it was read again', async () => {
    const { writer, state, entries } = await apply({ manifests: changed, live: lives, state: bound });
    expect(writer.read).toEqual(['/api/connections/c1']);
    expect(writer.sent).toMatchObject([
      { method: 'PUT', path: '/api/connections/c1', body: { configuration: { hostname: 'x' } } },
    ]);
    expect(state.resources[address('connection.db')]).toMatchObject({
      id: 'c1',
      applied: { configuration: { hostname: 'x' } },
    });
    const started = entries.find(({ type }) => type === 'started');
    expect(started).toMatchObject({ action: 'update', name: 'db', namesakes: [] });
    expect(started).not.toHaveProperty('key');
    expect(started).not.toHaveProperty('body');
  });

  it('is left alone where somebody changed it since the plan', async () => {
    const { outcome, writer, state, entries } = await apply(
      { manifests: changed, live: lives, state: bound },
      { prepare: ({ objects }) => objects.set('c1', { id: 'c1', name: 'edited' }) },
    );
    expect(outcome.results).toMatchObject([
      {
        status: 'failed',
        diagnostic: { code: 'changed-meanwhile', address: 'connection.db' },
        milliseconds: expect.any(Number) as number,
      },
    ]);
    expect([writer.sent, state.resources]).toEqual([[], {}]);
    expect(entries.at(-1)).toEqual({ type: 'failed', step: 'connection.db' });
  });

  describe('and was changed since the plan as we would have it', () => {
    const now = { hostname: 'of the killed run' };
    const open: readonly Started[] = [
      {
        type: 'started',
        step: 'connection.db',
        address: address('connection.db'),
        kind: 'Connection',
        action: 'update',
        name: 'db',
        at: '2026-01-01T00:00:00.000Z',
        id: 'c1',
        namesakes: [],
        binding: { kind: 'Connection', applied: { ...applied, configuration: now }, secrets: {} },
      },
    ];
    const landed = async (configuration: JsonObject, more: More = {}) =>
      apply(
        { manifests: changed, live: lives, state: bound },
        {
          ...more,
          prepare: ({ objects }) => {
            objects.set('c1', { ...lives[0]!.value, configuration });
          },
        },
      );

    it('by a late write of a killed run is ours, and updated', async () => {
      expect((await landed(now, { open })).told).toEqual(['done connection.db']);
      expect((await landed(now)).told).toEqual(['failed connection.db']);
      expect((await landed({ hostname: 'by somebody' }, { open })).told).toEqual(['failed connection.db']);
    });

    it('by whoever it was, and is what is to be sent, is nobody’s loss', async () => {
      expect((await landed({ hostname: 'x' })).told).toEqual(['done connection.db']);
    });
  });

  it('is deleted, and leaves the state', async () => {
    const { writer, state, told } = await apply({
      live: [...lives, liveModel('m1', 'm', 'c1')],
      state: { ...bound, 'model.m': binding('Model', 'm1', { name: 'm', connection: 'db' }) },
    });
    expect(told).toEqual(['done model.m', 'done connection.db']);
    expect(writer.sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'DELETE /api/models/m1',
      'DELETE /api/connections/c1',
    ]);
    expect([state.resources, writer.objects.size]).toEqual([{}, 0]);
  });

  it('is bound without a call where it is adopted as it is, moved or forgotten', async () => {
    const adopted = await apply({ manifests: [connection('db')], live: lives });
    expect([adopted.writer.sent, adopted.writer.read]).toEqual([[], []]);
    expect(adopted.state.resources[address('connection.db')]!.id).toBe('c1');
    const moves = [
      {
        from: address('connection.old'),
        to: address('connection.db'),
        place: { file: 'm', line: 1, column: 1 },
      },
    ];
    const moved = await apply({
      manifests: [connection('db')],
      live: lives,
      state: { 'connection.old': bound['connection.db'] },
      moves,
    });
    expect([moved.writer.sent, moved.writer.read, Object.keys(moved.state.resources)]).toEqual([
      [],
      [],
      ['connection.db'],
    ]);
    const forgotten = await apply({ state: bound });
    expect([forgotten.told, forgotten.writer.sent, forgotten.state.resources]).toEqual([
      ['done connection.db'],
      [],
      {},
    ]);
  });

  it('is adopted with an update where it differs', async () => {
    const { writer } = await apply({ manifests: changed, live: lives });
    expect(writer.sent).toMatchObject([{ method: 'PUT', path: '/api/connections/c1' }]);
  });

  it('has the rules of today’s manifests in the state', async () => {
    const { state } = await apply({
      manifests: [connection('db', {}, { labels: { team: 'growth' } }), connection('new')],
      live: lives,
      state: bound,
    });
    expect(state.resources[address('connection.db')]!.labels).toEqual({ team: 'growth' });
  });
});

describe('a replacement', () => {
  const situation = {
    manifests: [connection('db', { type: 'mysql' })],
    live: [liveConnection('c1', 'db')],
    state: bound,
  };

  it('makes the new one, deletes the old one, and takes its name', async () => {
    const { told, writer, state, entries } = await apply(situation);
    expect(told).toEqual(['done connection.db', 'done connection.db (old)', 'done connection.db (name)']);
    expect(
      writer.sent.map(({ method, path, body }) => [
        method,
        path,
        (body as { name?: string } | undefined)?.name,
      ]),
    ).toEqual([
      ['POST', '/api/connections', 'db (replacing c1)'],
      ['DELETE', '/api/connections/c1', undefined],
      ['PUT', '/api/connections/new-1', 'db'],
    ]);
    expect(state.resources).toEqual({
      'connection.db': {
        kind: 'Connection',
        id: 'new-1',
        apply: 1,
        applied: { ...applied, type: 'mysql' },
        secrets: {},
        file: 'db.yaml',
        silent: {},
      },
    });
    const names = entries.flatMap((entry) => (entry.type === 'started' ? [entry.name] : []));
    expect(names).toEqual(['db (replacing c1)', 'db', 'db']);
    expect(entries.filter(({ type }) => type === 'done')).toMatchObject([
      { binding: { id: 'new-1', deposed: ['c1'] } },
      { binding: { id: 'new-1' } },
      { binding: { id: 'new-1' } },
    ]);
  });

  it('that stops in the middle remembers the old one', async () => {
    const { told, state } = await apply(situation, {
      prepare: (writer) => writer.next('DELETE', http(409, 'in use')),
    });
    expect(told).toEqual([
      'done connection.db',
      'failed connection.db (old)',
      'skipped connection.db (name)',
    ]);
    expect(state.resources[address('connection.db')]).toMatchObject({ id: 'new-1', deposed: ['c1'] });
  });
});

describe('a step that waits for a job', () => {
  it('leaves its place to the next one', async () => {
    const job = (id: string, status: string): JsonObject => ({
      job: { type: 'createmodel', job_id: id, status, result: { id: `made-by-${id}` } },
    });
    const { events, state } = await apply(
      { manifests: [connection('db'), model('m'), model('n')] },
      {
        concurrency: 1,
        prepare: (writer) => {
          writer.next('POST', { data: { id: 'c1' } }, job('j1', 'running'), job('j2', 'running'));
          writer.next('GET', { data: job('j1', 'done')['job']! }, { data: job('j2', 'done')['job']! });
        },
      },
    );
    expect(events.slice(2)).toEqual(['started model.m', 'started model.n', 'done model.m', 'done model.n']);
    expect(state.resources[address('model.n')]?.id).toBe('made-by-j2');
  });
});

describe('a failure', () => {
  const three = [connection('a'), connection('db'), model('m'), connection('z')];

  it('stops what depends on it, and nothing else', async () => {
    const { outcome, told, entries } = await apply(
      { manifests: three },
      {
        concurrency: 1,
        prepare: (writer) => writer.next('POST', { data: { id: 'a1' } }, http(401), { data: { id: 'z1' } }),
      },
    );
    expect(told.toSorted()).toEqual([
      'done connection.a',
      'done connection.z',
      'failed connection.db',
      'skipped model.m',
    ]);
    expect(outcome.results.find(({ status }) => status === 'skipped')).toMatchObject({
      reason: 'connection.db was not done',
    });
    expect(outcome.results.find(({ status }) => status === 'failed')).toMatchObject({
      diagnostic: {
        address: 'connection.db',
        message: expect.stringContaining('creating connection.db') as string,
        place: { file: 'db.yaml', line: 1, column: 1 },
      },
    });
    expect(entries).toContainEqual({
      type: 'failed',
      step: 'connection.db',
      key: expect.any(String) as string,
    });
  });

  it('stops everything that has not begun, where that is asked for', async () => {
    const { told, outcome, events } = await apply(
      { manifests: three },
      { concurrency: 1, failFast: true, prepare: (writer) => writer.next('POST', http(401)) },
    );
    expect(told.toSorted()).toEqual([
      'failed connection.a',
      'skipped connection.db',
      'skipped connection.z',
      'skipped model.m',
    ]);
    expect(outcome.results[1]).toMatchObject({ reason: 'connection.a failed' });
    expect(events).not.toContain('started connection.db');
  });

  it('of which the outcome is not known stays open for the next run', async () => {
    const { entries, told } = await apply(
      { manifests: [connection('db')] },
      { prepare: (writer) => writer.next('POST', { reason: 'timeout', message: 'too late' }) },
    );
    expect(told).toEqual(['failed connection.db']);
    expect(entries.map(({ type }) => type)).toEqual(['started']);
  });

  it.each([
    ['updating', [connection('db', { configuration: { hostname: 'x' } })], 'PUT'],
    ['deleting', [], 'DELETE'],
  ] as const)('says that it was %s', async (doing, manifests, method) => {
    const { outcome } = await apply(
      { manifests, live: [liveConnection('c1', 'db')], state: bound },
      { prepare: (writer) => writer.next(method, http(401)) },
    );
    expect(outcome.results[0]).toMatchObject({
      diagnostic: { message: expect.stringContaining(`${doing} connection.db`) as string },
    });
  });

  it('says that it was adopting or replacing', async () => {
    const adopting = await apply(
      {
        manifests: [connection('db', { configuration: { hostname: 'x' } })],
        live: [liveConnection('c1', 'db')],
      },
      { prepare: (writer) => writer.next('PUT', http(401)) },
    );
    const replacing = await apply(
      { manifests: [connection('db', { type: 'mysql' })], live: [liveConnection('c1', 'db')], state: bound },
      { prepare: (writer) => writer.next('POST', http(401)) },
    );
    for (const [{ outcome }, doing] of [
      [adopting, 'adopting'],
      [replacing, 'replacing'],
    ] as const)
      expect(outcome.results[0]).toMatchObject({
        diagnostic: { message: expect.stringContaining(`${doing} connection.db`) as string },
      });
  });

  it('to write the state is one of the change', async () => {
    const full = new DiagnosticError([{ severity: 'error', code: 'disk', message: 'the disk is full' }]);
    const { outcome } = await apply(
      { manifests: [connection('db')] },
      { store: { ...noStore(), write: () => Promise.reject(full) } },
    );
    expect(outcome.results).toMatchObject([
      { status: 'failed', diagnostic: { code: 'disk', address: 'connection.db' } },
    ]);
  });

  it('that is a bug is thrown', async () => {
    const store = { ...noStore(), write: () => Promise.reject(new Error('a bug')) };
    await expect(apply({ manifests: [connection('db')] }, { store })).rejects.toThrow('a bug');
  });
});

describe('an interrupt', () => {
  it('finishes what is under way, and begins nothing more', async () => {
    const controller = new AbortController();
    const { told, outcome } = await apply(
      { manifests: [connection('a'), connection('b'), connection('c')] },
      {
        concurrency: 1,
        signal: controller.signal,
        onEvent: ({ type }) => {
          if (type === 'started') controller.abort();
        },
      },
    );
    expect(told).toEqual(['done connection.a', 'skipped connection.b', 'skipped connection.c']);
    expect(outcome.results[1]).toMatchObject({ reason: 'interrupted' });
    expect(outcome.interrupted).toBe(true);
  });
});
