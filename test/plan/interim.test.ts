/** Names between: what bears one is on its way to its own. */
import { describe, expect, it } from 'vitest';
import { findDrift } from '../../src/plan/drift.js';
import { finalName, interimName, isInterimOf } from '../../src/plan/interim.js';
import { wantedLive } from '../../src/plan/match.js';
import { mainSteps } from '../../src/plan/plan.js';
import {
  binding,
  change,
  changesOf,
  connection,
  desiredOf,
  liveConnection,
  liveModel,
  model,
  planOf,
  stateOf,
  told,
} from '../support/documents.js';

const old = 'c1c1c1c1-old';
const interim = interimName('db', old);
const applied = { name: 'db', type: 'mysql', configuration: { hostname: 'h' } };
const mysql = { type: { id: 'mysql' } };

describe('a name between', () => {
  it('tells what it stands for', () => {
    expect(interim).toBe('db (replacing c1c1c1c1)');
    expect([finalName(interim), finalName('db'), finalName('db (replacing that one)')]).toEqual([
      'db',
      'db',
      'db (replacing that one)',
    ]);
    expect(
      [interim, 'db', 'db2 (replacing c1)', 'db (replacing a b) '].map((text) => isInterimOf(text, 'db')),
    ).toEqual([true, false, false, false]);
  });

  it('has its object read in full', () => {
    const wants = wantedLive(desiredOf([connection('db')]), stateOf({}));
    expect([
      wants('Connection', 'x', interim),
      wants('Connection', 'x', 'other (replacing c1c1c1c1)'),
    ]).toEqual([true, false]);
  });

  it('is no drift, nor is a reference to what was replaced', () => {
    const state = stateOf({
      'connection.db': binding('Connection', 'c2', applied, { deposed: [old] }),
      'model.m': binding('Model', 'm1', { name: 'm', connection: 'db', configuration: { table: 't' } }),
    });
    const objects = [
      liveConnection('c2', interim, mysql),
      liveConnection(old, 'db'),
      liveModel('m1', 'm', old),
    ];
    expect(findDrift(state, { objects }).drifted).toEqual([]);
    expect(
      findDrift(state, { objects: [...objects.slice(1), liveConnection('c2', 'db (by hand)', mysql)] })
        .drifted,
    ).toMatchObject([{ address: 'connection.db', fields: [{ pointer: '/name', live: 'db (by hand)' }] }]);
  });
});

describe('an object that a run of which nobody knows made to take the place of another', () => {
  const situation = {
    manifests: [connection('db', { type: 'mysql' }), model('m')],
    live: [liveConnection(old, 'db'), liveConnection('c2', interim, mysql), liveModel('m1', 'm', old)],
  };

  it('is taken up: what refers to the old one comes first, then that goes, then the name', () => {
    const { plan } = planOf(situation);
    expect(plan.changes.map(({ action, step }) => `${action} ${step}`)).toEqual([
      'adopt connection.db',
      'adopt model.m',
      'delete connection.db (old)',
      'update connection.db (name)',
    ]);
    expect(plan.changes[0]).toMatchObject({
      id: 'c2',
      deposes: old,
      reasons: ['an earlier run made it, and did not get to give it its name'],
    });
    expect(plan.unmanaged['Connection']).toBe(0);
  });

  it('is sent its secrets again: nobody knows which it got', () => {
    const changes = changesOf({
      ...situation,
      state: { 'connection.db': binding('Connection', old, { ...applied, type: 'postgresql' }) },
    });
    expect(changes.at(-1)).toMatchObject({ step: 'connection.db (name)', action: 'update' });
  });

  it('is left alone where the manifest wants what lives again, and where it is of another object', () => {
    expect(told({ ...situation, manifests: [connection('db')] })).toEqual(['adopt connection.db']);
    expect(
      told({
        manifests: [connection('db', { type: 'mysql' })],
        live: [liveConnection(old, 'db'), liveConnection('c2', 'db (replacing a0a0a0a0)', mysql)],
      })[0],
    ).toBe('replace connection.db');
  });

  it('is its own where the old one is gone already', () => {
    expect(
      told({ manifests: situation.manifests, live: [situation.live[1]!, liveModel('m1', 'm', 'c2')] }),
    ).toEqual(['adopt connection.db', 'update connection.db (name)', 'adopt model.m']);
  });
});

describe('the changes that are counted', () => {
  it('are one for each address', () => {
    const steps = [
      change('replace', 'connection.a'),
      change('delete', 'connection.a (old)', { address: 'connection.a' as never }),
      change('delete', 'connection.b (old)', { address: 'connection.b' as never }),
      change('update', 'connection.b (name)', { address: 'connection.b' as never }),
    ];
    expect(mainSteps(steps).map(({ step }) => step)).toEqual(['connection.a', 'connection.b (old)']);
  });
});
