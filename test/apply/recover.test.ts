/** The state as it would be, had the last run not been killed. */
import { describe, expect, it } from 'vitest';
import type { Entry, PendingBinding } from '../../src/apply/journal.js';
import { recover, recoverDone } from '../../src/apply/recover.js';
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
      { type: 'failed', step: 'connection.b' } as const,
      done('connection.c', binding('Connection', 'c3', {})),
    ];
    expect(recover(state, entries, live(liveConnection('c9', 'n')))).toMatchObject({
      addresses: ['connection.c'],
      keys: new Map(),
    });
  });
});

describe('a step that makes nothing', () => {
  it('is looked into by the next plan, and by nothing else', () => {
    const { key: _, body: __, ...update } = started('connection.b');
    const ended = started('connection.c', { binding: null });
    const objects = live(liveConnection('c9', 'n'));
    expect(recover(state, [run(), update, ended], objects)).toEqual({
      state,
      addresses: [],
      keys: new Map(),
    });
  });
});
