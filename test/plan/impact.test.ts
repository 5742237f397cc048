/** What is downstream of a change. */
import { describe, expect, it } from 'vitest';
import { downstreamOf, impactOf, lineageIn, type Downstream } from '../../src/plan/impact.js';
import {
  binding,
  connection,
  desiredOf,
  live,
  liveConnection,
  manifest,
  model,
  planOf,
  stateOf,
} from '../support/documents.js';
import type { Resource } from '../../src/load/desired.js';
import type { LiveObject } from '../../src/live/snapshot.js';
import type { State } from '../../src/state/state.js';

const sync = (key: string, from: string, object: string, more = {}): Resource =>
  manifest('Sync', key, {
    name: key,
    target: { connection: 'db', object },
    fields: [{ source: { model: from, field: 'id' }, target: 'ID' }],
    ...more,
  });

const everything = (
  resources: readonly Resource[],
  objects: readonly LiveObject[] = [],
  state: State = stateOf({}),
): Parameters<typeof lineageIn>[0] => ({ desired: desiredOf(resources), live: { objects }, state });

const said = (downstream: readonly Downstream[]): readonly string[] =>
  downstream.map(({ node, after, way, distance }) => `${distance} ${node} ${way} ${after}`);

const chain = [
  connection('db'),
  model('a', { configuration: { table: 'crm.one' } }),
  model('b', { configuration: { table: 'crm.two' } }),
  model('c', {
    configuration: { query: 'select * from crm.three' },
    relations: [{ from: 'id', to: { model: 'b', field: 'id' } }],
  }),
  sync('s', 'a', 'crm.two'),
  sync('t', 'b', 'crm.three', { schedule: { frequency: 'runafter', run_after: { syncs: ['s'] } } }),
  sync('u', 'c', 'crm.four'),
];

describe('downstream', () => {
  it('goes over models, tables, relations and turns, each thing once, by the shortest way, the nearest first', () => {
    expect(said(downstreamOf(lineageIn(everything(chain)), 'model.a'))).toEqual([
      '1 sync.s reads model.a',
      '2 sync.t runs after sync.s',
      '2 model.b reads what it writes sync.s',
      '3 model.c reads what it writes sync.t',
      '4 sync.u reads model.c',
    ]);
  });

  it('is empty of what nothing hangs on, and of what there is not', () => {
    const lineage = lineageIn(everything(chain));
    expect([downstreamOf(lineage, 'sync.u'), downstreamOf(lineage, 'sync.x')]).toEqual([[], []]);
  });

  it('does not come back to where it began', () => {
    const circle = [
      connection('db'),
      model('a', { configuration: { table: 'crm.one' } }),
      sync('s', 'a', 'crm.one'),
    ];
    expect(said(downstreamOf(lineageIn(everything(circle)), 'model.a'))).toEqual(['1 sync.s reads model.a']);
  });

  it('knows what lives, by the ids of what the manifests stand for; names come in their order', () => {
    const objects = [
      liveConnection('c1', 'db'),
      live('Model', 'm1', 'a', { connection_id: 'c1', configuration: { table: 'crm.one' } }),
      live('Sync', 's9', 'z', { model_ids: ['m1'], target_connection_id: 'c1', target_object: 'crm.nine' }),
      live('Sync', 's8', 'y', { model_ids: ['m1'], target_connection_id: 'c1', target_object: 'crm.eight' }),
    ];
    const state = stateOf({
      'connection.db': binding('Connection', 'c1', {}),
      'model.a': binding('Model', 'm1', {}),
      'sync.gone': binding('Sync', 's8', {}),
    });
    const found = downstreamOf(
      lineageIn(everything([connection('db'), model('a')], objects, state)),
      'model.a',
    );
    expect(found.map(({ node, name, address }) => [node, name, address])).toEqual([
      ['sync.gone', 'y', 'sync.gone'],
      ['Sync s9', 'z', undefined],
    ]);
  });
});

describe('a plan', () => {
  const objects = [
    liveConnection('c1', 'db'),
    live('Model', 'm1', 'a', { connection_id: 'c1', configuration: { table: 'old' } }),
    live('Sync', 's9', 'by hand', { model_ids: ['m1'] }),
  ];
  const state = stateOf({
    'connection.db': binding('Connection', 'c1', {}),
    'model.a': binding('Model', 'm1', {}),
  });
  const impacts = (own: Resource): ReturnType<typeof impactOf> => {
    const manifests = [connection('db'), own];
    return impactOf(planOf({ manifests, live: objects, state: state.resources }).plan, () =>
      lineageIn(everything(manifests, objects, state)),
    );
  };

  it('says it of what is changed, and not of a new name', () => {
    expect(impacts(model('a', { configuration: { table: 'new' } }))).toMatchObject([
      { address: 'model.a', kind: 'Model', name: 'a', downstream: [{ node: 'Sync s9', way: 'reads' }] },
    ]);
    expect(impacts(model('a', { name: 'b', configuration: { table: 'old' } }))).toEqual([]);
  });

  it('says it of what is deleted, and nothing of what is created or has nothing downstream', () => {
    const manifests = [connection('db'), model('new')];
    const gone = planOf({ manifests, live: objects, state: state.resources }).plan;
    expect(gone.changes.map(({ address, action }) => `${action} ${address}`)).toEqual([
      'delete model.a',
      'create model.new',
    ]);
    expect(
      impactOf(gone, () => lineageIn(everything(manifests, objects, state))).map(({ address }) => address),
    ).toEqual(['model.a']);
  });
});
