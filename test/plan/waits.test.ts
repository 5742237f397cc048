/** Which change waits for which. */
import { describe, expect, it } from 'vitest';
import type { Binding } from '../../src/state/state.js';
import {
  binding,
  changesOf,
  connection,
  liveConnection,
  liveModel,
  model,
  planOf,
  type Situation,
} from '../support/documents.js';

const waits = (situation: Situation): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(changesOf(situation).map(({ step, waitsFor }) => [step, waitsFor]));

const connectionAs = (id: string, name: string): Binding =>
  binding('Connection', id, { name, type: 'postgresql', configuration: { hostname: 'h' } });
const modelOn = (id: string, name: string, on: string): Binding =>
  binding('Model', id, { name, connection: on, configuration: { table: 't' } });

describe('a change waits', () => {
  it('for the changes of what it refers to, and for nothing that stays', () => {
    expect(waits({ manifests: [connection('db'), model('m')] })).toEqual({
      'connection.db': [],
      'model.m': ['connection.db'],
    });
    expect(
      waits({
        manifests: [connection('db'), model('m')],
        live: [liveConnection('c1', 'db')],
        state: { 'connection.db': connectionAs('c1', 'db') },
      }),
    ).toEqual({ 'model.m': [] });
  });

  it('for nothing that is only looked up', () => {
    expect(
      waits({
        manifests: [connection('db', {}, { external: true }), model('m')],
        live: [liveConnection('c1', 'db')],
      }),
    ).toEqual({ 'model.m': [] });
  });
});

describe('a delete waits', () => {
  const lives = [liveConnection('c1', 'db'), liveModel('m1', 'm', 'c1'), liveModel('m2', 'n', 'c1')];
  const state = {
    'connection.db': connectionAs('c1', 'db'),
    'model.m': modelOn('m1', 'm', 'db'),
    'model.n': modelOn('m2', 'n', 'db'),
  };

  it('for the deletes of all that refers to it', () => {
    expect(waits({ live: lives, state })).toEqual({
      'model.m': [],
      'model.n': [],
      'connection.db': ['model.m', 'model.n'],
    });
  });

  it('for an update that points elsewhere what lives with a reference to it', () => {
    const situation = {
      manifests: [connection('next'), model('m', { connection: 'next' })],
      live: lives.slice(0, 2),
      state: { 'connection.db': state['connection.db'], 'model.m': state['model.m'] },
    };
    expect(waits(situation)).toEqual({
      'connection.next': [],
      'model.m': ['connection.next'],
      'connection.db': ['model.m'],
    });
  });

  it('for what was applied with a reference, also where it was changed outside', () => {
    expect(
      waits({
        live: [lives[0]!, liveConnection('c2', 'x'), liveModel('m1', 'm', 'c2')],
        state: { 'connection.db': state['connection.db'], 'model.m': state['model.m'] },
      }),
    ).toEqual({ 'model.m': [], 'connection.db': ['model.m'] });
  });

  it('for what lives with a reference, also where it was applied without', () => {
    expect(
      waits({
        live: lives.slice(0, 2),
        state: { 'connection.db': state['connection.db'], 'model.m': modelOn('m1', 'm', 'elsewhere') },
      }),
    ).toEqual({ 'model.m': [], 'connection.db': ['model.m'] });
  });

  it('for nothing that refers to an object that is not managed, nor for itself', () => {
    expect(
      waits({
        live: [
          lives[0]!,
          liveConnection('c2', 'x'),
          liveModel('m1', 'm', 'c2', { relations: [{ from: 'a', to: { model_id: 'm1', field: 'b' } }] }),
        ],
        state: {
          'connection.db': state['connection.db'],
          'model.m': binding('Model', 'm1', { name: 'm', connection: { id: 'c2' } }),
        },
      }),
    ).toEqual({ 'connection.db': [], 'model.m': [] });
  });
});

describe('a name that only one object can bear', () => {
  const one = connectionAs('c1', 'one');
  const two = connectionAs('c2', 'two');

  it('is taken when the one that bears it was deleted', () => {
    expect(
      waits({
        manifests: [connection('b', { name: 'one' })],
        live: [liveConnection('c1', 'one'), liveConnection('c2', 'two')],
        state: { 'connection.a': one, 'connection.b': two },
      }),
    ).toEqual({ 'connection.a': [], 'connection.b': ['connection.a'] });
  });

  it('is taken by a new one when it was deleted, or when the one that bears it got another', () => {
    expect(
      waits({
        manifests: [connection('new', { name: 'one' })],
        live: [liveConnection('c1', 'one')],
        state: { 'connection.a': one },
      }),
    ).toEqual({ 'connection.a': [], 'connection.new': ['connection.a'] });
    expect(
      waits({
        manifests: [connection('new', { name: 'one' }), connection('z', { name: 'other' })],
        live: [liveConnection('c1', 'one')],
        state: { 'connection.z': one },
      }),
    ).toEqual({ 'connection.z': [], 'connection.new': ['connection.z'] });
  });

  it('is not waited for where nobody frees it: it is forgotten, not deleted', () => {
    expect(
      waits({
        manifests: [connection('new', { name: 'one' })],
        live: [liveConnection('c1', 'one')],
        state: { 'connection.a': one },
        removals: [
          { from: 'connection.a' as never, destroy: false, place: { file: 'r', line: 1, column: 1 } },
        ],
      }),
    ).toEqual({ 'connection.a': [], 'connection.new': [] });
  });

  it('of another kind is nobody’s concern', () => {
    expect(
      waits({
        manifests: [connection('new', { name: 'one' })],
        live: [liveConnection('c1', 'x'), liveModel('m1', 'one', 'c1')],
        state: { 'model.a': modelOn('m1', 'one', 'x') },
      }),
    ).toEqual({ 'model.a': [], 'connection.new': [] });
  });

  it('of a kind whose objects may share theirs is waited for by nobody', () => {
    expect(
      waits({
        manifests: [model('new', { name: 'one', connection: { id: 'c1' } })],
        live: [liveConnection('c1', 'x'), liveModel('m1', 'one', 'c1')],
        state: { 'model.a': modelOn('m1', 'one', 'x') },
      }),
    ).toEqual({ 'model.a': [], 'model.new': [] });
  });
});

describe('changes that wait for each other', () => {
  const one = connectionAs('c1', 'one');
  const two = connectionAs('c2', 'two');

  it('by the names of two that swap them: one is called otherwise in between', () => {
    const { plan, work } = planOf({
      manifests: [connection('a', { name: 'two' }), connection('b', { name: 'one' })],
      live: [liveConnection('c1', 'one'), liveConnection('c2', 'two')],
      state: { 'connection.a': one, 'connection.b': two },
    });
    expect(plan.changes).toMatchObject([
      {
        step: 'connection.a',
        patch: [{ op: 'replace', path: '/name', value: 'two (replacing c2)' }],
        after: { name: 'two (replacing c2)' },
        reasons: ['changed in the manifest', 'is called otherwise until connection.b frees "two"'],
        waitsFor: [],
      },
      { step: 'connection.b', after: { name: 'one' }, waitsFor: ['connection.a'] },
      {
        step: 'connection.a (name)',
        action: 'update',
        id: 'c1',
        patch: [{ op: 'replace', path: '/name', value: 'two' }],
        reasons: ['gets its name when connection.b has freed it'],
        waitsFor: ['connection.a', 'connection.b'],
      },
    ]);
    expect(
      ['connection.a', 'connection.b', 'connection.a (name)'].map((step) => work.documents.get(step)),
    ).toMatchObject([{ name: 'two (replacing c2)' }, { name: 'one' }, { name: 'two' }]);
  });

  it('by the names of three that pass them round', () => {
    expect(
      waits({
        manifests: [
          connection('a', { name: 'two' }),
          connection('b', { name: 'three' }),
          connection('c', { name: 'one' }),
        ],
        live: [liveConnection('c1', 'one'), liveConnection('c2', 'two'), liveConnection('c3', 'three')],
        state: { 'connection.a': one, 'connection.b': two, 'connection.c': connectionAs('c3', 'three') },
      }),
    ).toEqual({
      'connection.a': [],
      'connection.c': ['connection.a'],
      'connection.b': ['connection.c'],
      'connection.a (name)': ['connection.a', 'connection.b'],
    });
  });

  it('by the name that one which is deleted still bears, as what uses it is yet to be pointed to the new one', () => {
    const situation = {
      manifests: [connection('new', { name: 'one' }), model('m', { connection: 'new' })],
      live: [liveConnection('c1', 'one'), liveModel('m1', 'm', 'c1')],
      state: { 'connection.a': one, 'model.m': modelOn('m1', 'm', 'a') },
    };
    expect(waits(situation)).toEqual({
      'connection.new': [],
      'model.m': ['connection.new'],
      'connection.a': ['model.m'],
      'connection.new (name)': ['connection.a', 'connection.new'],
    });
    expect(planOf(situation).work.documents.get('connection.new')).toMatchObject({
      name: 'one (replacing c1)',
    });
    expect(changesOf(situation)[0]).toMatchObject({ action: 'create', after: { name: 'one' } });
  });

  it('are carried on by the next run where one was stopped', () => {
    const situation = {
      manifests: [connection('a', { name: 'two' }), connection('b', { name: 'one' })],
      live: [liveConnection('c1', 'two (replacing c2c2c2c2)'), liveConnection('c2c2c2c2', 'two')],
      state: { 'connection.a': connectionAs('c1', 'two'), 'connection.b': connectionAs('c2c2c2c2', 'two') },
    };
    expect(waits(situation)).toEqual({ 'connection.b': [], 'connection.a (name)': ['connection.b'] });
  });

  it('as two that refer to each other are deleted: one goes first', () => {
    const related = (to: string) => ({ relations: [{ from: 'id', to: { model: to, field: 'id' } }] });
    const live = (to: string) => ({ relations: [{ from: 'id', to: { model_id: to, field: 'id' } }] });
    expect(
      waits({
        live: [liveModel('m1', 'm', 'c1', live('m2')), liveModel('m2', 'n', 'c1', live('m1'))],
        state: {
          'model.m': binding('Model', 'm1', { name: 'm', ...related('n') }),
          'model.n': binding('Model', 'm2', { name: 'n', ...related('m') }),
        },
      }),
    ).toEqual({ 'model.m': [], 'model.n': ['model.m'] });
  });
});
