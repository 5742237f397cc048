/** Parts of an object have requests of their own, which follow that of the object. */
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/api/failure.js';
import { openSteps, type Entry, type Journal, type Started } from '../../src/apply/journal.js';
import { isPartsOnly, writeParts, type PartsWork } from '../../src/apply/parts.js';
import { journalled } from '../../src/apply/step.js';
import { objectsIn, type Json, type JsonObject } from '../../src/core/json.js';
import { asText } from '../../src/core/text.js';
import type { Kind, Part } from '../../src/kinds/kind.js';
import { change } from '../support/documents.js';
import { thing } from '../support/kinds.js';
import { http } from '../support/writer.js';
import type { Answer, WriteOptions, Writer } from '../../src/api/client.js';
import { DEFAULT_VERSION, dialectOf } from '../../src/api/versions.js';

const PATH = '/api/things/{id}/items';

/** Items are told by their color: what is wanted is made, what is not is deleted, in this order. */
const items: Part = {
  name: 'items',
  isIn: () => true,
  read: { path: PATH, is: 'list' },
  startsFilled: true,
  requests: (desired, live) => {
    const there = objectsIn(live ?? []);
    const wanted = objectsIn(desired);
    return [
      ...wanted.flatMap(({ color = null }) =>
        there.some((item) => item['color'] === color)
          ? []
          : [{ method: 'POST' as const, path: PATH, body: { color } }],
      ),
      ...there.flatMap(({ id, color }) =>
        wanted.some((item) => item['color'] === color)
          ? []
          : [{ method: 'DELETE' as const, path: `${PATH}/${encodeURIComponent(id as string)}` }],
      ),
    ];
  },
};

const withItems: Kind = thing({ parts: [items] });

interface Bench {
  readonly writer: Writer;
  readonly sent: (readonly [string, Json | undefined, string | undefined])[];
  readonly entries: Entry[];
  readonly work: (more?: Partial<PartsWork>) => Promise<void>;
  readonly colors: () => readonly unknown[];
  readonly lives: () => readonly JsonObject[];
  /** What happens in place of the next write. */
  readonly next: (happens: 'refused' | 'lost' | 'nothing came' | 'killed') => void;
}

/** A thing `t/1` with items of these colors. */
const bench = (...colors: readonly string[]): Bench => {
  const lives = new Map(colors.map((color, index) => [`i${index}`, color]));
  const answered = new Map<string, string>();
  const sent: Bench['sent'] = [];
  const entries: Entry[] = [];
  const planned: string[] = [];
  const answer = (data?: Json): Answer => ({ data, job: undefined, nextPage: undefined, body: undefined });
  const done = (method: string, path: string, { body, idempotencyKey: key = '' }: WriteOptions): void => {
    if (method === 'DELETE') lives.delete(path.split('/').at(-1) ?? '');
    else if (!answered.has(key)) {
      const id = `n${answered.size}`;
      answered.set(key, id);
      lives.set(id, asText((body as JsonObject)['color']));
    }
  };
  const writer: Writer = {
    dialect: dialectOf(DEFAULT_VERSION),
    askTargetFields: async () => Promise.reject(new Error('not asked for')),
    askPreview: async () => Promise.reject(new Error('not asked for')),
    get: async (path) => {
      await Promise.resolve();
      if (path !== '/api/things/t%2F1/items') throw new ApiError(http(404), 'GET', path);
      return answer([...lives].map(([id, color]) => ({ id, color })));
    },
    send: async (method, path, options = {}) => {
      sent.push([`${method} ${path}`, options.body, options.idempotencyKey]);
      await Promise.resolve();
      const happens = planned.shift();
      if (happens === 'refused') throw new ApiError(http(422), method, path);
      if (happens !== 'nothing came' && happens !== 'killed') done(method, path, options);
      if (happens === 'killed') throw new Error('killed');
      if (happens !== undefined) throw new ApiError({ reason: 'timeout', message: 'late' }, method, path);
      return answer();
    },
  };
  const journal: Journal = {
    write: async (entry) => {
      entries.push(entry);
      return Promise.resolve();
    },
    close: async () => Promise.resolve(),
  };
  const one = change('update', 'thing.t', { id: 't/1', kind: 'Thing' });
  const entry = {
    step: one.step,
    address: one.address,
    kind: 'Thing',
    action: 'update',
    name: 'One',
    namesakes: [],
    binding: null,
  };
  return {
    writer,
    sent,
    entries,
    colors: () => [...lives.values()],
    lives: () => [...lives].map(([id, color]) => ({ id, color })),
    next: (happens) => planned.push(happens),
    work: async (more = {}) =>
      writeParts({
        writer,
        kind: withItems,
        change: one,
        id: 't/1',
        desired: { items: [{ color: 'red' }, { color: 'blue' }] },
        seen: { id: 't/1', name: 'One', items: colors.map((color, index) => ({ id: `i${index}`, color })) },
        written: undefined,
        step: journalled(journal, entry, 'hash'),
        keyBase: 'base',
        open: [],
        ...more,
      }),
  };
};

const openIn = (entries: readonly Entry[]): readonly Started[] => openSteps(entries);

describe('a part', () => {
  it('is made what is desired by its requests, one after the other, each answered in the journal', async () => {
    const made = bench('green');
    await made.work();
    expect(made.sent.map(([call]) => call)).toEqual([
      'POST /api/things/t%2F1/items',
      'POST /api/things/t%2F1/items',
      'DELETE /api/things/t%2F1/items/i0',
    ]);
    expect(made.colors()).toEqual(['red', 'blue']);
    expect(made.entries.map(({ type }) => type)).toEqual([
      'started',
      'answered',
      'started',
      'answered',
      'started',
      'answered',
    ]);
    expect(openIn(made.entries)).toEqual([]);
    const keys = made.sent.map(([, , key]) => key);
    expect(new Set(keys.slice(0, 2)).size).toBe(2);
    expect(keys[2]).toBeUndefined();
  });

  it('that is as desired is sent nothing, also where it became so meanwhile', async () => {
    const made = bench('red', 'blue');
    await made.work();
    await made.work({ seen: { id: 't/1', name: 'One', items: [] } });
    expect(made.sent).toEqual([]);
  });

  it('that somebody changed since the plan is left alone', async () => {
    const made = bench('red');
    await expect(made.work({ seen: { id: 't/1', name: 'One', items: [] } })).rejects.toThrow(
      'thing.t: its items was changed since the plan was made',
    );
    expect(made.sent).toEqual([]);
  });

  it('of what is new is read first where it does not start empty', async () => {
    const made = bench('green');
    await made.work({ seen: undefined });
    expect(made.colors()).toEqual(['red', 'blue']);
  });

  it.each([
    ['refused', true, 0],
    ['nothing came', true, 1],
    ['lost', false, 0],
    ['killed', true, 1],
  ] as const)(
    'whose second request is %s: fails %s, and leaves %i requests open',
    async (happens, fails, open) => {
      const made = bench();
      const { send } = made.writer;
      const second = {
        ...made.writer,
        send: async (...call: Parameters<typeof send>) => {
          if (made.sent.length === 1) made.next(happens);
          return send(...call);
        },
      };
      const run = made.work({ writer: second });
      await (fails ? expect(run).rejects.toThrow() : expect(run).resolves.toBeUndefined());
      expect(openIn(made.entries)).toHaveLength(open);
      // The next run finds what is left, and asks under the key of the request that may still come.
      const left = openIn(made.entries);
      const was = made.sent.at(-1);
      made.sent.length = 0;
      await made.work({
        keyBase: 'another',
        open: left,
        seen: { id: 't/1', name: 'One', items: made.lives() },
      });
      expect(made.colors()).toEqual(['red', 'blue']);
      if (open === 1) expect(made.sent).toEqual([was]);
      expect(openIn(made.entries)).toEqual([]);
    },
  );

  it('whose request is open stays so in the journal when its step is done without it', async () => {
    const entries: Entry[] = [];
    const journal: Journal = {
      write: async (entry) => Promise.resolve(void entries.push(entry)),
      close: async () => Promise.resolve(),
    };
    const entry = {
      step: 'thing.t',
      address: change('create', 'thing.t').address,
      kind: 'Thing',
      action: 'create',
      name: 'One',
      namesakes: [],
      binding: null,
    };
    const step = journalled(journal, entry, 'hash');
    await step.begin('key-1');
    await step.done(null);
    await step.beginPart({ part: 'items', id: 't/1', body: 'one', key: 'key-2' });
    await step.answered();
    await step.beginPart({ part: 'items', id: 't/1', body: 'two', key: 'key-3' });
    await step.done(null);
    expect(openIn(entries)).toMatchObject([{ part: 'items', id: 't/1', body: 'two', key: 'key-3' }]);
  });

  it('that a killed run of ours may still write is no change by somebody else', async () => {
    const made = bench('red');
    const open = [
      { type: 'started', id: 't/1', part: 'items', step: 'thing.t', body: 'x' } as unknown as Started,
    ];
    await made.work({ seen: { id: 't/1', name: 'One', items: [] }, open });
    expect(made.colors()).toEqual(['red', 'blue']);
  });

  it('alone is what a change sends where nothing else differs', () => {
    const patch = (...paths: readonly string[]) => paths.map((path) => ({ op: 'add', path, value: 1 }));
    const of = (action: 'create' | 'update', ...paths: readonly string[]): boolean =>
      isPartsOnly(withItems, change(action, 'thing.t', { patch: patch(...paths) }));
    expect(of('update', '/items/0', '/items')).toBe(true);
    expect(of('update', '/items/0', '/name')).toBe(false);
    expect(of('update', '/items_more')).toBe(false);
    expect(of('update')).toBe(false);
    expect(of('create', '/items')).toBe(false);
  });
});
