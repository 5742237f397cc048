/** What is bound and has no manifest any more. */
import { describe, expect, it } from 'vitest';
import {
  address,
  binding,
  changesOf,
  connection,
  errorsOf,
  liveConnection,
  liveModel,
  planOf,
  told,
} from '../support/documents.js';

const applied = { name: 'db (applied)', type: 'postgresql', configuration: { hostname: 'h' } };
const bound = binding('Connection', 'c1', applied);
const state = { 'connection.db': bound };
const lives = [liveConnection('c1', 'db')];
const place = { file: 'removed.yaml', line: 2, column: 1 };
const removal = (destroy: boolean) => [{ from: address('connection.db'), destroy, place }];

describe('what has no manifest any more', () => {
  it('is deleted, and shown as it lives', () => {
    expect(changesOf({ live: lives, state })).toEqual([
      {
        address: 'connection.db',
        step: 'connection.db',
        kind: 'Connection',
        name: 'db',
        action: 'delete',
        id: 'c1',
        patch: [],
        before: { name: 'db', type: 'postgresql', configuration: { hostname: 'h' } },
        after: null,
        causes: {},
        unknownSecrets: [],
        reasons: ['its manifest is gone'],
        waitsFor: [],
      },
    ]);
  });

  it('is shown with the keys of what it refers to, that too be leaving', () => {
    const [first] = changesOf({
      live: [...lives, liveModel('m1', 'm', 'c1')],
      state: { ...state, 'model.m': binding('Model', 'm1', { name: 'm', connection: 'db' }) },
    });
    expect(first).toMatchObject({ step: 'model.m', before: { connection: 'db' } });
  });

  it('is forgotten where it lives no more', () => {
    expect(changesOf({ state, prune: 'never' })).toMatchObject([
      {
        action: 'forget',
        name: 'db (applied)',
        before: null,
        reasons: ['its manifest and the live object are both gone'],
      },
    ]);
  });

  it('is left alone where nothing is pruned', () => {
    expect(planOf({ live: lives, state, prune: 'never' }).plan).toMatchObject({
      changes: [],
      retained: ['connection.db'],
    });
  });

  it('is deleted where its removal was asked for, pruned or not', () => {
    expect(changesOf({ live: lives, state, prune: 'never', removals: removal(true) })).toMatchObject([
      { action: 'delete', reasons: ['its removal was asked for'], place },
    ]);
    expect(told({ live: lives, state, removals: removal(true) })).toEqual(['delete connection.db']);
  });

  it('lives on where its removal says so', () => {
    expect(changesOf({ live: lives, state, removals: removal(false) })).toMatchObject([
      { action: 'forget', reasons: ['it lives on, and is managed no more'], place },
    ]);
  });

  it('is not deleted where it was protected, unless its removal was asked for', () => {
    const kept = { 'connection.db': { ...bound, protected: true as const } };
    expect(errorsOf({ live: lives, state: kept })).toEqual([
      {
        severity: 'error',
        code: 'prevent-destroy',
        message: 'connection.db would be deleted, and was protected by lifecycle.prevent_destroy',
        hint: 'bring its manifest back, or say kind: Removed, from: connection.db, destroy: true (or false: it lives on)',
        address: 'connection.db',
      },
    ]);
    expect(told({ live: lives, state: kept, removals: removal(true) })).toEqual(['delete connection.db']);
    expect(told({ live: lives, state: kept, removals: removal(false) })).toEqual(['forget connection.db']);
    expect(told({ live: lives, state: kept, prune: 'never' })).toEqual([]);
    expect(told({ state: kept })).toEqual(['forget connection.db']);
  });
});

describe('what has a manifest', () => {
  it('stays', () => {
    const manifests = [connection('db')];
    expect(
      told({ manifests, live: lives, state: { 'connection.db': { ...bound, protected: true } } }),
    ).toEqual([]);
  });
});

describe('what was replaced by an earlier run', () => {
  const deposed = { 'connection.db': { ...bound, deposed: ['c0'] } };

  it('is deleted, under the address of what took its place', () => {
    expect(
      changesOf({
        manifests: [connection('db')],
        live: [...lives, liveConnection('c0', 'older')],
        state: deposed,
      }),
    ).toEqual([
      {
        address: 'connection.db',
        step: 'connection.db (old)',
        kind: 'Connection',
        name: 'older',
        place: { file: 'db.yaml', line: 1, column: 1 },
        action: 'delete',
        id: 'c0',
        patch: [],
        before: { name: 'older', type: 'postgresql', configuration: { hostname: 'h' } },
        after: null,
        causes: {},
        unknownSecrets: [],
        reasons: ['it was replaced'],
        waitsFor: [],
      },
    ]);
  });

  it('is nothing to do where it is gone', () => {
    expect(told({ manifests: [connection('db')], live: lives, state: deposed })).toEqual([]);
  });
});
