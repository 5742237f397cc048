/** The state as it would be, had the last run not been killed. */
import { describe, expect, it } from 'vitest';
import type { Entry, PendingBinding } from '../../src/apply/journal.js';
import { madeTwice, recover, recoverDone } from '../../src/apply/recover.js';
import type { JsonObject } from '../../src/core/json.js';
import type { LiveObject } from '../../src/live/snapshot.js';
import type { Binding } from '../../src/state/state.js';
import { address, binding, liveConnection, liveModel, stateOf } from '../support/documents.js';

const run = (serial = 3): Entry => ({ type: 'run', organization: 'org-1', serial });
const done = (step: string, made: Binding | null): Entry => ({
  type: 'done',
  step,
  address: address(step.split(' ')[0]!),
  binding: made,
});
const pending = (applied: JsonObject, kind = 'Connection'): PendingBinding => ({
  kind,
  applied,
  secrets: {},
});
const applied = (hostname: string): JsonObject => ({
  name: 'n',
  type: 'postgresql',
  configuration: { hostname },
});
const started = (
  step: string,
  more: Partial<Extract<Entry, { type: 'started' }>> = {},
): Extract<Entry, { type: 'started' }> => ({
  type: 'started',
  step,
  address: address(step),
  kind: 'Connection',
  action: 'create',
  name: 'n',
  at: '2026-01-01T00:00:00.000Z',
  key: `key of ${step}`,
  body: `body of ${step}`,
  namesakes: [],
  binding: pending(applied('h')),
  ...more,
});
const bound = binding('Connection', 'c1', { name: 'a' });
const state = stateOf({ 'connection.a': bound });
const live = (...objects: readonly LiveObject[]) => ({ objects });

describe('what a killed run noted as done', () => {
  it('is in the state', () => {
    const made = binding('Connection', 'c2', {});
    const { state: next, addresses } = recoverDone(state, [
      run(),
      started('connection.a'),
      done('connection.a', null),
      done('connection.b', made),
    ]);
    expect(next).toEqual({ ...state, resources: { 'connection.b': made } });
    expect(addresses).toEqual(['connection.a', 'connection.b']);
  });

  it('is told only where the state did not know', () => {
    expect(recoverDone(state, [run(), done('connection.a', bound), done('connection.z', null)])).toEqual({
      state,
      addresses: [],
    });
  });

  it.each<[string, readonly Entry[], boolean]>([
    ['as it was when the run began', [run(3)], true],
    ['as the run wrote it', [run(1), { type: 'state', serial: 3 }], true],
    ['as the run wrote it, without the note', [run(1), { type: 'state', serial: 2 }], true],
    ['as somebody else wrote it since', [run(1)], false],
    ['as it was long before', [run(4)], false],
    ['without a run', [], false],
  ])('counts where the state is %s: %s', (_when, entries, counts) => {
    const { state: next } = recoverDone(state, [...entries, done('connection.a', null)]);
    expect(Object.keys(next.resources)).toEqual(counts ? [] : ['connection.a']);
  });
});

describe('a create that nothing was heard of', () => {
  it('may be under way still: its key is kept', () => {
    const { keys, addresses, state: next } = recover(state, [run(), started('connection.b')], live());
    expect([...keys]).toEqual([
      ['connection.b', { key: 'key of connection.b', body: 'body of connection.b' }],
    ]);
    expect([addresses, next]).toEqual([[], state]);
  });

  it('made the live object of its name that was not there before', () => {
    const entries = [run(), started('connection.b', { namesakes: ['c8'] })];
    const objects = live(
      liveConnection('c8', 'n'),
      liveConnection('c7', 'other'),
      liveModel('m1', 'n', 'c1'),
      liveConnection('c9', 'n'),
    );
    const { state: next, keys, addresses } = recover(state, entries, objects);
    expect(next.resources).toEqual({
      'connection.a': bound,
      'connection.b': { ...pending(applied('h')), id: 'c9' },
    });
    expect([keys.size, addresses]).toEqual([0, ['connection.b']]);
  });

  it('made an object of its kind and its name alone, also where somebody has edited it since', () => {
    const entries = [run(), started('connection.b', { binding: pending(applied('as sent')) })];
    const others = [liveModel('m1', 'n', 'c1'), liveConnection('c7', 'other')];
    expect(recover(state, entries, live(...others)).keys.size).toBe(1);
    const { state: next } = recover(state, entries, live(...others, liveConnection('c9', 'n')));
    expect(next.resources).toMatchObject({ 'connection.b': { id: 'c9' } });
  });

  it('made one object, not each that has its name', () => {
    const { addresses } = recover(
      state,
      [run(), started('connection.b')],
      live(liveConnection('c8', 'n'), liveConnection('c9', 'n')),
    );
    expect(addresses).toEqual(['connection.b']);
  });

  it('made nothing that another address is bound to', () => {
    expect(recover(state, [run(), started('connection.b')], live(liveConnection('c1', 'n'))).keys.size).toBe(
      1,
    );
  });

  it('of several with one name made what is like it, and each one object', () => {
    const entries = [
      run(),
      started('connection.b', { binding: pending(applied('b')) }),
      started('connection.c', { binding: pending(applied('c')) }),
      started('connection.d', { binding: pending(applied('d')) }),
    ];
    const { state: next, keys } = recover(
      state,
      entries,
      live(
        liveConnection('x', 'n', { configuration: { hostname: 'changed outside' } }),
        liveConnection('c', 'n', { configuration: { hostname: 'c' } }),
      ),
    );
    expect(Object.entries(next.resources).map(([of, { id }]) => `${of} ${id}`)).toEqual([
      'connection.a c1',
      'connection.c c',
      'connection.b x',
    ]);
    expect([...keys.keys()]).toEqual(['connection.d']);
  });

  it('is like what was sent with references by the keys of what is bound', () => {
    const sent = (connection: string) => ({ name: 'n', connection, configuration: { table: 't' } });
    const model = (step: string, connection: string) =>
      started(step, { kind: 'Model', binding: pending(sent(connection), 'Model') });
    const { state: next } = recover(
      stateOf({ 'connection.a': bound, 'connection.z': binding('Connection', 'c2', {}) }),
      [run(), model('model.one', 'a'), model('model.two', 'z')],
      live(liveModel('m2', 'n', 'c2'), liveModel('m1', 'n', 'c1')),
    );
    expect(next.resources).toMatchObject({ 'model.one': { id: 'm1' }, 'model.two': { id: 'm2' } });
  });

  it('is closed where it was done or failed', () => {
    const entries = [
      run(),
      started('connection.b'),
      started('connection.c'),
      { type: 'failed', step: 'connection.b', key: 'key of connection.b' } as const,
      { ...done('connection.c', binding('Connection', 'c3', {})), key: 'key of connection.c' } as Entry,
    ];
    expect(recover(state, entries, live(liveConnection('c9', 'n')))).toMatchObject({
      addresses: ['connection.c'],
      keys: new Map(),
      open: [],
    });
  });

  it('and is closed under one of its keys alone', () => {
    const entries = [
      run(),
      started('connection.b', { key: 'first' }),
      { type: 'failed', step: 'connection.b', key: 'first' } as const,
      started('connection.b', { key: 'second' }),
    ];
    expect([...recover(state, entries, live()).keys.values()]).toEqual([
      { key: 'second', body: 'body of connection.b' },
    ]);
  });

  it('stays open until it is settled', () => {
    const open = started('connection.b');
    expect(recover(state, [run(), open], live()).open).toEqual([open]);
    expect(recover(state, [run(), open], live(liveConnection('c9', 'n'))).open).toEqual([]);
  });

  it('does not take the place of what its address was bound to since', () => {
    const late = liveConnection('c9', 'n', { configuration: { hostname: 'h' } });
    const own = liveConnection('c1', 'a');
    const open = started('connection.a');
    const recovered = recover(state, [run(), open], live(own, late));
    expect([recovered.state, recovered.open]).toEqual([state, [open]]);
    expect(madeTwice(recovered.open, live(own, late), state)).toEqual([
      { address: 'connection.a', kind: 'Connection', name: 'n', id: 'c9', bound: 'c1' },
    ]);
    // Where that is gone, it does.
    expect(recover(state, [run(), open], live(late)).state.resources).toMatchObject({
      'connection.a': { id: 'c9' },
    });
  });

  it('takes the place of what it replaces', () => {
    const open = started('connection.a', {
      action: 'replace',
      binding: { ...pending(applied('h')), deposed: ['c1'] },
    });
    const { state: next } = recover(
      state,
      [run(), open],
      live(liveConnection('c1', 'a'), liveConnection('c9', 'n')),
    );
    expect(next.resources).toMatchObject({ 'connection.a': { id: 'c9', deposed: ['c1'] } });
  });

  it('was made twice only where it is as it was sent, and nobody’s', () => {
    const own = liveConnection('c1', 'a');
    const open = [started('connection.a', { namesakes: ['c8'] })];
    const twin = { configuration: { hostname: 'h' } };
    const others = [
      liveConnection('c7', 'n', { configuration: { hostname: 'other' } }),
      liveConnection('c8', 'n', twin),
      liveConnection('c6', 'n', twin),
    ];
    const all = stateOf({ 'connection.a': bound, 'connection.z': binding('Connection', 'c6', {}) });
    expect(madeTwice(open, live(own, ...others), all)).toEqual([]);
    expect(madeTwice(open, live(own, ...others), stateOf({}))).toEqual([]);
  });
});

describe('a step that makes nothing', () => {
  const { key: _, body: __, ...rest } = started('connection.a', { name: 'a', id: 'c1' });
  const update = { ...rest, binding: pending({ ...applied('sent'), name: 'a' }) };
  const openWith = (entry: Entry, ...objects: readonly LiveObject[]) =>
    recover(state, [run(), entry], live(...objects));
  const has = (hostname: string): LiveObject => liveConnection('c1', 'a', { configuration: { hostname } });

  it('changes nothing in the state, and is open while it may land', () => {
    expect(openWith(update, has('old'))).toEqual({ state, addresses: [], keys: new Map(), open: [update] });
    expect(openWith(update, has('sent')).open).toEqual([]);
    expect(openWith(update).open).toEqual([]);
  });

  it('deletes while its object lives', () => {
    const deletes = { ...update, binding: null };
    expect(openWith(deletes, has('sent')).open).toEqual([deletes]);
    expect(openWith(deletes).open).toEqual([]);
  });

  it('and sends nothing is not open', () => {
    const { id: _id, ...move } = update;
    expect(openWith(move, has('old')).open).toEqual([]);
  });
});
