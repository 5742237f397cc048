/** Replacements: a new object, what refers to it pointed there, the old one deleted. */
import { describe, expect, it } from 'vitest';
import { kindOf } from '../../src/kinds/registry.js';
import type { Diff } from '../../src/plan/diff.js';
import { repointed, replacement } from '../../src/plan/replace.js';
import {
  address,
  binding,
  change,
  changesOf,
  connection,
  liveConnection,
  liveModel,
  manifest,
  model,
  planOf,
  told,
} from '../support/documents.js';

const applied = { name: 'db', type: 'postgresql', configuration: { hostname: 'h' } };
const id = 'c1c1c1c1-more';
const situation = {
  manifests: [connection('db', { type: 'mysql' })],
  live: [liveConnection(id, 'db')],
  state: { 'connection.db': binding('Connection', id, applied) },
};

describe('a connection of another type', () => {
  it('is made under another name, the old one deleted, and its name taken over', () => {
    const { plan, work } = planOf(situation);
    const interim = 'db (replacing c1c1c1c1)';
    const place = { file: 'db.yaml', line: 1, column: 1 };
    const common = { address: 'connection.db', kind: 'Connection', name: 'db', place, unknownSecrets: [] };
    expect(plan.changes).toEqual([
      {
        ...common,
        step: 'connection.db',
        action: 'replace',
        id,
        patch: [{ op: 'replace', path: '/type', value: 'mysql' }],
        before: applied,
        after: { ...applied, type: 'mysql' },
        causes: { '/type': 'manifest' },
        reasons: [
          'type cannot change in place: a new one is made, and the old one deleted',
          'changed in the manifest',
        ],
        waitsFor: [],
      },
      {
        ...common,
        step: 'connection.db (old)',
        action: 'delete',
        id,
        patch: [],
        before: applied,
        after: null,
        causes: {},
        reasons: ['connection.db takes its place'],
        waitsFor: ['connection.db'],
      },
      {
        ...common,
        step: 'connection.db (name)',
        action: 'update',
        patch: [{ op: 'replace', path: '/name', value: 'db' }],
        before: { name: interim },
        after: { name: 'db' },
        causes: {},
        reasons: ['gets its name when the old one is gone'],
        waitsFor: ['connection.db', 'connection.db (old)'],
      },
    ]);
    expect(work.documents.get('connection.db')).toMatchObject({ name: interim, type: 'mysql' });
    expect(work.documents.get('connection.db (name)')).toMatchObject({ name: 'db', type: 'mysql' });
  });

  it('does not take over what lives in the old one', () => {
    const [main] = changesOf({
      ...situation,
      live: [liveConnection(id, 'db', { configuration: { hostname: 'h', port: 1 } })],
    });
    expect(main!.after).toEqual({ ...applied, type: 'mysql' });
  });

  it('has what refers to it pointed to the new one, before the old one goes', () => {
    const used = {
      ...situation,
      manifests: [...situation.manifests, model('m')],
      live: [...situation.live, liveModel('m1', 'm', id)],
      state: {
        ...situation.state,
        'model.m': binding('Model', 'm1', { name: 'm', connection: 'db', configuration: { table: 't' } }),
      },
    };
    expect(told(used)).toEqual([
      'replace connection.db',
      'update model.m',
      'delete connection.db (old)',
      'update connection.db (name)',
    ]);
    const changes = changesOf(used);
    expect(changes[1]).toMatchObject({
      patch: [],
      reasons: ['refers to connection.db, which is replaced'],
      waitsFor: ['connection.db'],
    });
    expect(changes[2]!.waitsFor).toEqual(['connection.db', 'model.m']);
    expect(planOf(used).plan.unchanged).toBe(0);
  });
});

describe('what may share a name', () => {
  it('is replaced without another one', () => {
    const compared: Diff = {
      before: { name: 'm' },
      after: { name: 'm' },
      patch: [],
      document: {},
      unknownSecrets: [],
      reasons: [],
      causes: {},
      immutable: [['connection'], ['a', 'b']],
      findings: [],
      losses: [],
      carried: [],
      kept: {},
    };
    const base = { address: address('model.m'), kind: 'Model', name: 'm', waitsFor: [] };
    const { changes, documents } = replacement(kindOf('Model'), base, 'm1', { name: 'm' }, compared);
    expect(changes.map(({ step }) => step)).toEqual(['model.m', 'model.m (old)']);
    expect([...documents]).toEqual([['model.m', { name: 'm' }]]);
    expect(changes[0]!.reasons).toEqual([
      'connection, a.b cannot change in place: a new one is made, and the old one deleted',
    ]);
  });
});

describe('what refers to something replaced', () => {
  const replaced = [
    change('replace', 'connection.db'),
    change('delete', 'connection.db (old)', {
      address: address('connection.db'),
      waitsFor: ['connection.db'],
    }),
    change('replace', 'connection.other'),
    change('delete', 'connection.other (old)', { address: address('connection.other') }),
  ];

  it('is waited for, whether it changes anyway or not; what is only looked up is not', () => {
    const changes = repointed(
      [...replaced, change('update', 'model.a', { kind: 'Model' })],
      [model('a'), model('b'), model('c', {}, { external: true }), model('d', { connection: { id: 'x' } })],
      ({ address: of }) => change('update', of, { kind: 'Model' }),
    );
    expect(changes.map(({ action, step, waitsFor }) => [action, step, waitsFor])).toEqual([
      ['replace', 'connection.db', []],
      ['delete', 'connection.db (old)', ['connection.db', 'model.a', 'model.b']],
      ['replace', 'connection.other', []],
      ['delete', 'connection.other (old)', []],
      ['update', 'model.a', []],
      ['update', 'model.b', []],
    ]);
    expect(changes[4]!.reasons).toEqual([]);
  });

  it('names all that is replaced', () => {
    const sync = manifest('Sync', 's', {
      name: 's',
      target: { connection: 'db', object: 'T' },
      schedule: { frequency: 'manual', connection: 'other' },
    });
    expect(repointed(replaced, [sync], () => change('update', 'sync.s')).at(-1)!.reasons).toEqual([
      'refers to connection.db, connection.other, which is replaced',
    ]);
  });

  it('that cannot be repointed (it is not there yet) is left to its own change', () => {
    expect(repointed(replaced, [model('a')], () => undefined)).toHaveLength(4);
  });

  it('is of no interest where nothing is replaced', () => {
    const changes = [change('update', 'connection.db')];
    expect(repointed(changes, [model('a')], () => change('update', 'model.a'))).toEqual(changes);
  });
});
