/** What runs before what, and what has to run because something was changed. */
import { describe, expect, it } from 'vitest';
import { changedRuns, turnsOf } from '../../src/plan/turns.js';
import { addressOf, type Address } from '../../src/core/address.js';
import { liveLineage } from '../../src/live/lineage.js';
import type { LiveObject } from '../../src/live/snapshot.js';
import type { Binding, State } from '../../src/state/state.js';
import { binding, live, liveConnection, stateOf } from '../support/documents.js';

const model = (id: string, table: string): LiveObject =>
  live('Model', id, id, { connection_id: 'c1', configuration: { table } });

const sync = (id: string, from: string, object: string, more = {}): LiveObject =>
  live('Sync', id, id, {
    active: true,
    target: { connection_id: 'c1', object },
    fields: [{ source: { model_id: from, field: 'id' }, target: 'ID' }],
    ...more,
  });

const addressIn = ({ kind, id }: Pick<LiveObject, 'kind' | 'id'>): Address => addressOf(kind, id);

const objects = [
  liveConnection('c1', 'db'),
  model('a', 'crm.one'),
  model('b', 'crm.two'),
  sync('s', 'a', 'crm.two'),
  sync('t', 'b', 'crm.three'),
  sync('u', 'a', 'crm.four', { schedule: { frequency: 'runafter', run_after: { sync_ids: ['t'] } } }),
  sync('off', 'b', 'crm.five', { active: false }),
];

const lineage = liveLineage(objects, addressIn);

describe('turns', () => {
  it('are those of schedules, and of tables that one writes and another one reads', () => {
    expect([...turnsOf(objects, lineage)]).toEqual([
      ['s', []],
      ['t', ['s']],
      ['u', ['t']],
      ['off', ['s']],
    ]);
  });

  it('are the same of what nobody manages', () => {
    expect(
      turnsOf(
        objects,
        liveLineage(objects, () => undefined),
      ).get('t'),
    ).toEqual(['s']);
  });

  it('do not go through what runs itself: it is asked for by itself', () => {
    const longer = [...objects, model('c', 'crm.three'), sync('v', 'c', 'crm.six')];
    expect(turnsOf(longer, liveLineage(longer, addressIn)).get('v')).toEqual(['t']);
  });
});

describe('what has to run', () => {
  const state = (bindings: Readonly<Record<string, Partial<Binding>>>, number?: number): State => ({
    ...stateOf(
      Object.fromEntries(
        Object.entries(bindings).map(([address, more]) => [address, binding('Sync', address, {}, more)]),
      ),
    ),
    ...(number === undefined ? {} : { lastApply: { number } }),
  });

  it('is what the last apply sent, and what reads a model that it sent', () => {
    const sent = { apply: 3, sent: '2026-01-01T00:00:00Z' };
    expect(changedRuns(state({ 'model.a': sent }, 3), lineage)).toEqual([
      { id: 's', at: sent.sent },
      { id: 'u', at: sent.sent },
    ]);
    expect(changedRuns(state({ 'sync.t': sent, 'sync.s': { apply: 2 } }, 3), lineage)).toEqual([
      { id: 't', at: sent.sent },
    ]);
  });

  it('is not what is off, nor what only has its connection changed, nor anything before the first apply', () => {
    expect(changedRuns(state({ 'sync.off': { apply: 3 } }, 3), lineage)).toEqual([]);
    expect(changedRuns(state({ 'connection.c1': { apply: 3 } }, 3), lineage)).toEqual([]);
    expect(changedRuns(state({ 'sync.s': {} }), lineage)).toEqual([]);
  });

  it('is since the last of the writes, where the API told of each', () => {
    const early = { apply: 1, sent: '2026-01-01T00:00:00Z' };
    const late = { apply: 1, sent: '2026-01-02T00:00:00Z' };
    expect(changedRuns(state({ 'model.a': late, 'sync.s': early }, 1), lineage)[0]).toEqual({
      id: 's',
      at: late.sent,
    });
    expect(changedRuns(state({ 'model.a': { apply: 1 }, 'sync.s': early }, 1), lineage)[0]).toEqual({
      id: 's',
    });
  });
});
