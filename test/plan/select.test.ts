/** A part of a plan. */
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/plan/plan.js';
import { select, type Selected, type Selection } from '../../src/plan/select.js';
import { address, binding, change, connection, desiredOf, model, stateOf } from '../support/documents.js';

const manifests = [
  connection('db', {}, { labels: { team: 'growth', crm: '' } }),
  connection('spare', {}, { labels: { team: 'data' } }),
  model('m'),
  model('n', { connection: 'spare' }),
];
const place = { file: 'm.yaml', line: 1, column: 1 };
const changes = [
  change('create', 'connection.db'),
  change('update', 'connection.spare'),
  change('create', 'model.m', { kind: 'Model', waitsFor: ['connection.db'], place }),
  change('update', 'model.n', { kind: 'Model', waitsFor: ['connection.spare'] }),
  change('delete', 'connection.gone'),
];
const state = stateOf({ 'connection.gone': binding('Connection', 'c9', {}, { labels: { team: 'growth' } }) });

const take = (selection: Partial<Selection> | undefined, all: readonly Change[] = changes): Selected =>
  select(
    all,
    desiredOf(manifests),
    state,
    selection && { targets: [], exclude: [], kinds: [], labels: [], ...selection },
  );
const steps = (selection: Partial<Selection> | undefined): readonly string[] =>
  take(selection).changes.map(({ step }) => step);

describe('a selection takes', () => {
  it('everything where there is none, and where it says nothing', () => {
    expect(take(undefined)).toEqual({ changes, excluded: 0, diagnostics: [] });
    expect(take({})).toEqual({ changes, excluded: 0, diagnostics: [] });
  });

  it('each change in one shard, together with what it waits for', () => {
    const parts = [1, 2, 3].map((index) => steps({ shard: { index, count: 3 } }));
    expect(parts.flat().toSorted()).toEqual(changes.map(({ step }) => step).toSorted());
    for (const [needed, step] of [
      ['connection.db', 'model.m'],
      ['connection.spare', 'model.n'],
    ] as const)
      expect(parts.find((part) => part.includes(step))).toContain(needed);
    expect(steps({ kinds: ['Connection'], shard: { index: 1, count: 1 } })).toHaveLength(3);
  });

  it('a target with what it needs', () => {
    expect(take({ targets: ['model.m'] })).toEqual({
      changes: [changes[0], changes[2]],
      excluded: 3,
      diagnostics: [],
    });
  });

  it('several targets, what is gone among them', () => {
    expect(steps({ targets: ['connection.db', 'connection.gone'] })).toEqual([
      'connection.db',
      'connection.gone',
    ]);
  });

  it('a target with what it needs in a circle, once', () => {
    const circle = desiredOf([
      model('a', { relations: [{ to: { model: 'b' } }] }),
      model('b', { relations: [{ to: { model: 'a' } }] }),
    ]);
    const both = [change('update', 'model.a'), change('update', 'model.b')];
    const selection = { targets: ['model.a'], exclude: [], kinds: [], labels: [] };
    expect(select(both, circle, state, selection).changes).toEqual(both);
  });

  it('all but what it excludes', () => {
    expect(steps({ exclude: ['connection.gone', 'model.n'] })).toEqual([
      'connection.db',
      'connection.spare',
      'model.m',
    ]);
  });

  it('kinds', () => {
    expect(steps({ kinds: ['Connection'] })).toEqual([
      'connection.db',
      'connection.spare',
      'connection.gone',
    ]);
    expect(steps({ kinds: ['Sync', 'Model'], exclude: ['model.m'] })).toEqual(['model.n']);
  });

  it('labels with a value or with any, of what is gone by those that it had', () => {
    expect(steps({ labels: [{ name: 'team', value: 'growth' }] })).toEqual([
      'connection.db',
      'connection.gone',
    ]);
    expect(steps({ labels: [{ name: 'team' }] })).toEqual([
      'connection.db',
      'connection.spare',
      'connection.gone',
    ]);
    expect(steps({ labels: [{ name: 'crm', value: '' }] })).toEqual(['connection.db']);
    expect(steps({ labels: [{ name: 'team', value: '' }] })).toEqual([]);
  });

  it('what has all of its labels', () => {
    expect(steps({ labels: [{ name: 'team' }, { name: 'crm' }] })).toEqual(['connection.db']);
  });

  it('nothing by a label that every object has by nature', () => {
    expect(steps({ labels: [{ name: 'toString' }] })).toEqual([]);
  });

  it('labels of today’s manifest, not of an earlier one', () => {
    const bound = stateOf({
      'connection.spare': binding('Connection', 'c1', {}, { labels: { team: 'growth' } }),
    });
    const selection = { targets: [], exclude: [], kinds: [], labels: [{ name: 'team', value: 'growth' }] };
    expect(select(changes, desiredOf(manifests), bound, selection).changes.map(({ step }) => step)).toEqual([
      'connection.db',
    ]);
  });

  it('nothing by label where an older state kept none', () => {
    const older = stateOf({ 'connection.gone': binding('Connection', 'c9', {}) });
    const selection = { targets: [], exclude: [], kinds: [], labels: [{ name: 'team' }] };
    expect(select(changes.slice(4), desiredOf([]), older, selection)).toEqual({
      changes: [],
      excluded: 1,
      diagnostics: [],
    });
  });
});

describe('it is an error', () => {
  it('to name what is not there', () => {
    expect(take({ targets: ['model.x1'], exclude: ['connection.spar'] }).diagnostics).toEqual([
      {
        severity: 'error',
        code: 'unknown-address',
        message: 'there is no model.x1 to select',
        hint: 'did you mean "model.m"?',
      },
      {
        severity: 'error',
        code: 'unknown-address',
        message: 'there is no connection.spar to select',
        hint: 'did you mean "connection.spare"?',
      },
    ]);
  });

  it('is told how an address looks where nothing is like it', () => {
    const selection = { targets: ['x'], exclude: [], kinds: [], labels: [] };
    expect(select([], desiredOf([]), stateOf({}), selection).diagnostics[0]!.hint).toBe(
      'an address is KIND.KEY, e.g. connection.warehouse',
    );
  });

  it('to leave out what has to be made first', () => {
    expect(take({ exclude: ['connection.db'] }).diagnostics).toEqual([
      {
        severity: 'error',
        code: 'excluded-dependency',
        message: 'model.m needs connection.db, which the selection leaves out',
        hint: 'add connection.db to the selection, or leave model.m out too',
        address: 'model.m',
        place,
      },
    ]);
    const [error] = take({ exclude: ['connection.db'] }, [
      { ...changes[0]!, action: 'replace' },
      change('update', 'model.m', { waitsFor: ['connection.db'] }),
    ]).diagnostics;
    expect(error).toMatchObject({ code: 'excluded-dependency' });
    expect(error).not.toHaveProperty('place');
  });

  it('and none to leave out what is there already', () => {
    expect(take({ exclude: ['connection.spare'] }).diagnostics).toEqual([]);
  });

  it('and none for what completes a replacement: it is taken with it', () => {
    const old = change('delete', 'connection.gone (old)', {
      address: address('connection.gone'),
      waitsFor: ['connection.db'],
    });
    expect(take({ exclude: ['connection.db'] }, [changes[0]!, old]).diagnostics).toEqual([]);
  });
});
