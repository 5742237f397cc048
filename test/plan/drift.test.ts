/** What was changed outside since the last apply. */
import { describe, expect, it } from 'vitest';
import type { LiveObject } from '../../src/live/snapshot.js';
import { findDrift, type Drift } from '../../src/plan/drift.js';
import type { Binding } from '../../src/state/state.js';
import { binding, liveConnection, liveModel, stateOf } from '../support/documents.js';

const applied = { name: 'db', type: 'postgresql', configuration: { hostname: 'h' } };
const bound = binding('Connection', 'c1', applied);
const driftOf = (objects: readonly LiveObject[], resources: Readonly<Record<string, Binding>>): Drift =>
  findDrift(stateOf(resources), { objects });

describe('a bound object', () => {
  it('that lives as it was applied is the same', () => {
    const { drifted, same, accepted } = driftOf([liveConnection('c1', 'db')], { 'connection.db': bound });
    expect([drifted, same]).toEqual([[], 1]);
    expect(accepted).toEqual(stateOf({ 'connection.db': { ...bound, silent: {} } }));
  });

  it('that was changed is told with who did it and when, and can be accepted', () => {
    const { drifted, same, accepted } = driftOf(
      [
        liveConnection('c1', 'renamed', {
          configuration: { hostname: 'x', port: 1 },
          updated_by: { name: 'Eve' },
          updated_at: '2026-01-01',
        }),
      ],
      { 'connection.db': bound },
    );
    expect(drifted).toEqual([
      {
        address: 'connection.db',
        kind: 'Connection',
        id: 'c1',
        name: 'renamed',
        gone: false,
        by: 'Eve',
        at: '2026-01-01',
        fields: [
          { pointer: '/name', applied: 'db', live: 'renamed' },
          { pointer: '/configuration/hostname', applied: 'h', live: 'x' },
        ],
      },
    ]);
    expect(same).toBe(0);
    expect(accepted.resources['connection.db' as never]).toMatchObject({
      id: 'c1',
      // What the manifest never spoke of is remembered apart: it did not take it back.
      applied: { name: 'renamed', configuration: { hostname: 'x' } },
      silent: { configuration: { port: 1 } },
    });
  });

  it('says nothing of who and when where the API does not', () => {
    for (const updated_by of [null, {}, 'Eve']) {
      const [drift] = driftOf([liveConnection('c1', 'x', { updated_by, updated_at: null })], {
        'connection.db': bound,
      }).drifted;
      expect(drift).not.toHaveProperty('by');
      expect(drift).not.toHaveProperty('at');
    }
  });

  it('that was deleted is gone, and accepted as such', () => {
    const { drifted, same, accepted } = driftOf([], { 'connection.db': bound });
    expect(drifted).toEqual([
      { address: 'connection.db', kind: 'Connection', id: 'c1', name: 'db', gone: true, fields: [] },
    ]);
    expect([same, accepted.resources]).toEqual([0, {}]);
  });

  it('is not taken for another kind’s', () => {
    expect(driftOf([liveModel('c1', 'db', 'x')], { 'connection.db': bound }).drifted).toMatchObject([
      { gone: true },
    ]);
  });

  it('refers to others by their keys', () => {
    const model = binding('Model', 'm1', { name: 'm', connection: 'db', configuration: { table: 't' } });
    const { drifted } = driftOf([liveModel('m1', 'm', 'c1'), liveConnection('c1', 'db')], {
      'model.m': model,
      'connection.db': bound,
    });
    expect(drifted).toEqual([]);
    expect(
      driftOf([liveModel('m1', 'm', 'c9'), liveConnection('c1', 'db')], {
        'model.m': model,
        'connection.db': bound,
      }).drifted,
    ).toMatchObject([
      { address: 'model.m', fields: [{ pointer: '/connection', applied: 'db', live: { id: 'c9' } }] },
    ]);
  });

  it('keeps what an answer does not show as it was applied', () => {
    const secrets = { '/configuration/password': { salt: 's', hash: 'h' } };
    const { accepted } = driftOf(
      [liveConnection('c1', 'x', { configuration: { hostname: 'y', password: '****' } })],
      {
        'connection.db': binding(
          'Connection',
          'c1',
          { ...applied, healthcheck_interval: '1h', configuration: { hostname: 'h', password: '(secret)' } },
          { secrets, protected: true },
        ),
      },
    );
    expect(accepted.resources['connection.db' as never]).toEqual({
      kind: 'Connection',
      id: 'c1',
      secrets,
      silent: {},
      protected: true,
      applied: {
        name: 'x',
        type: 'postgresql',
        healthcheck_interval: '1h',
        configuration: { hostname: 'y', password: '(secret)' },
      },
    });
  });
});

describe('drift', () => {
  it('is told by address', () => {
    const { drifted } = driftOf([], { 'connection.b': bound, 'connection.a': bound, 'connection.c': bound });
    expect(drifted.map(({ address }) => address)).toEqual(['connection.a', 'connection.b', 'connection.c']);
  });
});
