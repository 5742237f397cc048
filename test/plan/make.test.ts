/** From manifests, live objects and a state to a plan. */
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.js';
import {
  address,
  binding,
  changesOf,
  connection,
  desiredOf,
  errorsOf,
  liveConnection,
  liveModel,
  manifest,
  model,
  organization,
  planOf,
  planned,
  told,
} from '../support/documents.js';

const applied = { name: 'db', type: 'postgresql', configuration: { hostname: 'h' } };
const bound = { 'connection.db': binding('Connection', 'c1', applied) };
const password = new Secret('${secret:DB}', 'a-password');

describe('a manifest without a live object', () => {
  it('is created, as a whole, after what it refers to', () => {
    const { plan, work } = planOf({ manifests: [model('customers'), connection('db')] });
    expect(plan.changes).toMatchObject([
      {
        action: 'create',
        step: 'connection.db',
        name: 'db',
        before: null,
        after: applied,
        waitsFor: [],
        reasons: [],
        place: { file: 'db.yaml', line: 1, column: 1 },
      },
      {
        action: 'create',
        step: 'model.customers',
        kind: 'Model',
        after: { name: 'customers', connection: 'db', configuration: { table: 't' } },
        waitsFor: ['connection.db'],
      },
    ]);
    expect(plan.changes[0]!.patch).toContainEqual({ op: 'add', path: '/name', value: 'db' });
    expect(plan.changes[0]).toMatchObject({ causes: {}, unknownSecrets: [] });
    expect(plan.changes[0]).not.toHaveProperty('id');
    expect(plan.changes[0]).not.toHaveProperty('from');
    expect([...work.documents.keys()].sort()).toEqual(['connection.db', 'model.customers']);
    expect([...work.ids]).toEqual([]);
  });

  it('is shown without its secrets, and sent with them', () => {
    const { plan, work } = planOf({
      manifests: [connection('db', { configuration: { hostname: 'h', password } })],
    });
    expect(plan.changes[0]!.after).toMatchObject({ configuration: { password: '(secret)' } });
    expect(work.documents.get('connection.db')).toMatchObject({ configuration: { password } });
  });

  it('is created again where the object that it was bound to is gone', () => {
    expect(changesOf({ manifests: [connection('db')], state: bound })).toMatchObject([
      { action: 'create', reasons: ['the object it was bound to (c1) is gone'] },
    ]);
  });

  it('leaves to the server what the manifest is silent about', () => {
    const [change] = changesOf({ manifests: [connection('db'), model('m')] }).slice(1);
    expect(change!.after).not.toHaveProperty('fields');
    const [named] = changesOf({ manifests: [connection('db'), model('m', { fields: ['b', 'a'] })] }).slice(1);
    expect(named!.after).toMatchObject({ fields: ['a', 'b'] });
  });
});

describe('a manifest with a live object', () => {
  it('that is the same is no change', () => {
    const { plan, work } = planOf({
      manifests: [connection('db')],
      live: [liveConnection('c1', 'db')],
      state: bound,
    });
    expect(plan).toMatchObject({ changes: [], unchanged: 1, retained: [], excluded: 0, environment: null });
    expect([...work.ids]).toEqual([['connection.db', 'c1']]);
  });

  it('that is another is updated, from what lives to what is wanted', () => {
    const [change] = changesOf({
      manifests: [connection('db', { configuration: { hostname: 'other' } })],
      live: [liveConnection('c1', 'db')],
      state: bound,
    });
    expect(change).toMatchObject({
      action: 'update',
      id: 'c1',
      patch: [{ op: 'replace', path: '/configuration/hostname', value: 'other' }],
      before: { configuration: { hostname: 'h' } },
      after: { configuration: { hostname: 'other' } },
      causes: { '/configuration/hostname': 'manifest' },
      reasons: ['changed in the manifest'],
    });
  });

  it('that it finds by its name is adopted, the same or not', () => {
    expect(changesOf({ manifests: [connection('db')], live: [liveConnection('c1', 'db')] })).toMatchObject([
      { action: 'adopt', id: 'c1', patch: [], reasons: ['a live object bears this name'] },
    ]);
    expect(
      changesOf({
        manifests: [connection('db')],
        live: [liveConnection('c1', 'db', { configuration: { hostname: 'x' } })],
      }),
    ).toMatchObject([
      { action: 'adopt', reasons: ['a live object bears this name', 'differs from the manifest'] },
    ]);
  });

  it('that it names by its id is adopted, also in the place of another', () => {
    const manifests = [connection('db', {}, { id: 'c2' })];
    const lives = [liveConnection('c1', 'db'), liveConnection('c2', 'db')];
    expect(changesOf({ manifests, live: lives })).toMatchObject([
      { action: 'adopt', id: 'c2', reasons: ['bound by its id'] },
    ]);
    expect(changesOf({ manifests, live: lives, state: bound })).toMatchObject([
      { action: 'adopt', id: 'c2' },
    ]);
  });

  it('is not adopted without a state that outlives the run: it is the same, or updated', () => {
    expect(
      planOf({ durable: false, manifests: [connection('db')], live: [liveConnection('c1', 'db')] }).plan,
    ).toMatchObject({ changes: [], unchanged: 1 });
    expect(
      told({
        durable: false,
        manifests: [connection('db', { configuration: { hostname: 'x' } })],
        live: [liveConnection('c1', 'db')],
      }),
    ).toEqual(['update connection.db']);
  });

  it('that took the place of one that is gone is adopted, and says so', () => {
    expect(
      changesOf({ manifests: [connection('db')], live: [liveConnection('c9', 'db')], state: bound }),
    ).toMatchObject([
      {
        action: 'adopt',
        id: 'c9',
        reasons: ['the object it was bound to (c1) is gone', 'a live object bears this name'],
      },
    ]);
  });

  it('is looked up and never changed where it is external', () => {
    const { plan, work } = planOf({
      manifests: [connection('db', { configuration: { hostname: 'x' } }, { external: true }), model('m')],
      live: [liveConnection('c1', 'db')],
    });
    expect(plan.changes.map(({ step }) => step)).toEqual(['model.m']);
    expect(plan.unchanged).toBe(0);
    expect(work.ids.get(address('connection.db'))).toBe('c1');
  });
});

describe('a resource that moved', () => {
  const moves = [
    {
      from: address('connection.old'),
      to: address('connection.db'),
      place: { file: 'm.yaml', line: 1, column: 1 },
    },
  ];
  const state = { 'connection.old': binding('Connection', 'c1', applied) };

  it('and is the same is moved, and nothing else', () => {
    expect(
      changesOf({ manifests: [connection('db')], live: [liveConnection('c1', 'db')], state, moves }),
    ).toMatchObject([
      { action: 'move', from: 'connection.old', patch: [], reasons: ['moved from connection.old'] },
    ]);
  });

  it('and is another is updated under its new address', () => {
    expect(
      changesOf({
        manifests: [connection('db', { configuration: { hostname: 'x' } })],
        live: [liveConnection('c1', 'db')],
        state,
        moves,
      }),
    ).toMatchObject([
      {
        action: 'update',
        from: 'connection.old',
        reasons: ['moved from connection.old', 'changed in the manifest'],
      },
    ]);
  });

  it('to where another is bound stops the plan', () => {
    expect(
      errorsOf({
        manifests: [connection('db')],
        live: [liveConnection('c1', 'db')],
        state: { ...state, ...bound },
        moves,
      }),
    ).toMatchObject([{ code: 'both-bound' }]);
  });
});

describe('a secret', () => {
  const manifests = [connection('db', { configuration: { hostname: 'h', password } })];
  const lives = [liveConnection('c1', 'db', { configuration: { hostname: 'h', password: '********' } })];
  const state = {
    'connection.db': binding('Connection', 'c1', {
      ...applied,
      configuration: { hostname: 'h', password: '(secret)' },
    }),
  };

  it('that is the one that was applied is no difference', () => {
    expect(told({ manifests, live: lives, state })).toEqual([]);
  });

  it('that changed is one, asked for by its address and pointer', () => {
    const asked: string[] = [];
    const changes = changesOf({
      manifests,
      live: lives,
      state,
      secretStatus: (of, pointer) => {
        asked.push(`${of} ${pointer}`);
        return 'changed';
      },
    });
    expect(asked).toEqual(['connection.db /configuration/password']);
    expect(changes).toMatchObject([{ action: 'update', reasons: ['a secret changed'] }]);
  });

  it('that a manifest does not mention is not lost: the plan stops', () => {
    expect(
      errorsOf({
        manifests: [connection('db', { configuration: { hostname: 'x' } })],
        live: lives,
        state: bound,
      }),
    ).toEqual([
      {
        severity: 'error',
        code: 'masked-secret',
        message:
          'an update would lose the live secret /configuration/password: it is masked, and the manifest does not mention it',
        hint: 'add password: ${secret:NAME} to the manifest, or null to remove it',
        address: 'connection.db',
        place: { file: 'connection.db', line: 1, column: 1 },
      },
    ]);
  });
});

describe('a plan', () => {
  it('counts what is there and belongs to no manifest, by kind', () => {
    const { plan, work } = planOf({
      manifests: [connection('db')],
      live: [
        liveConnection('c1', 'db'),
        liveConnection('c2', 'x'),
        liveConnection('c3', 'y'),
        liveModel('m1', 'm', 'c1'),
      ],
      state: { 'connection.db': { ...bound['connection.db'], deposed: ['c3'] } },
    });
    expect(plan.unmanaged).toEqual({ Connection: 1, Model: 1, Sync: 0 });
    expect([...work.known]).toEqual(['c1', 'c2', 'c3', 'm1']);
    expect(work.seen.get('c2')).toMatchObject({ name: 'x' });
  });

  it('names its organization and environment', () => {
    expect(planOf({ environment: 'prod' }).plan).toMatchObject({
      formatVersion: 1,
      organization,
      environment: 'prod',
    });
  });

  it('counts each resource once: replaced, repointed or left as it is', () => {
    const { plan } = planOf({
      manifests: [connection('db', { type: 'mysql' }), connection('spare')],
      live: [liveConnection('c1', 'db'), liveConnection('c2', 'spare')],
      state: { ...bound, 'connection.spare': binding('Connection', 'c2', { ...applied, name: 'spare' }) },
    });
    expect(plan.unchanged).toBe(1);
  });

  it('is none where there is an error, and tells all of them by place', () => {
    const { plan, work, diagnostics } = planned({
      manifests: [connection('b', {}, { external: true }), connection('a', {}, { id: 'none' })],
    });
    expect([plan, work]).toEqual([undefined, undefined]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['unknown-id', 'missing-external']);
  });

  it('stops where it would delete more than it may', () => {
    expect(
      errorsOf({ live: [liveConnection('c1', 'db')], state: bound, maxDeletes: 0 }).map(({ code }) => code),
    ).toEqual(['too-many-deletes']);
    expect(told({ live: [liveConnection('c1', 'db')], state: bound, maxDeletes: 1 })).toEqual([
      'delete connection.db',
    ]);
  });

  it('does not tell of the protection of what the selection leaves out', () => {
    const situation = {
      live: [liveConnection('c1', 'db')],
      state: { 'connection.db': { ...bound['connection.db'], protected: true as const } },
    };
    expect(errorsOf(situation).map(({ code }) => code)).toEqual(['prevent-destroy']);
    const selection = { targets: [], exclude: ['connection.db'], kinds: [], labels: [] };
    expect(planOf({ ...situation, selection }).plan).toMatchObject({ changes: [], excluded: 1 });
  });

  it('does not depend on the order in which manifests and objects come', () => {
    const manifests = [connection('a'), connection('db'), model('m'), model('n')];
    const lives = [liveConnection('c1', 'db'), liveModel('m1', 'm', 'c1')];
    expect(planOf({ manifests: manifests.toReversed(), live: lives.toReversed() }).plan).toEqual(
      planOf({ manifests, live: lives }).plan,
    );
    expect(desiredOf(manifests.toReversed()).resources[0]!.address).toBe('connection.a');
  });
});

describe('a replacement', () => {
  const manifests = [connection('db', { type: 'mysql' }, { preventDestroy: true })];

  it('of what is protected stops the plan, where the field stands', () => {
    expect(errorsOf({ manifests, live: [liveConnection('c1', 'db')], state: bound })).toEqual([
      {
        severity: 'error',
        code: 'prevent-destroy',
        message:
          'connection.db would be replaced (type cannot change from "postgresql" to "mysql"), and lifecycle.prevent_destroy forbids it',
        hint: 'keep type as it is, or remove prevent_destroy',
        address: 'connection.db',
        place: { file: 'connection.db/type', line: 1, column: 1 },
      },
    ]);
  });

  it('deletes each old object once, also where an earlier run left one behind', () => {
    expect(
      told({
        manifests: [connection('db', { type: 'mysql' })],
        live: [liveConnection('c1', 'db'), liveConnection('c0', 'older')],
        state: { 'connection.db': { ...bound['connection.db'], deposed: ['c0'] } },
      }),
    ).toEqual([
      'replace connection.db',
      'delete connection.db (old 2)',
      'delete connection.db (old)',
      'update connection.db (name)',
    ]);
  });
});

describe('ignored fields', () => {
  it('stay as they live', () => {
    expect(
      told({
        manifests: [
          connection(
            'db',
            { configuration: { hostname: 'x', port: 1 } },
            { ignoreChanges: ['/configuration/hostname'] },
          ),
        ],
        live: [liveConnection('c1', 'db', { configuration: { hostname: 'h', port: 1 } })],
        state: bound,
      }),
    ).toEqual([]);
  });
});

describe('a sync', () => {
  it('waits for every model and connection that it names', () => {
    const sync = manifest('Sync', 's', {
      name: 's',
      mode: 'replace',
      fields: [{ source: { model: 'm', field: 'email' }, target: 'EMAIL' }],
      target: { connection: 'db', object: 'T' },
    });
    expect(changesOf({ manifests: [sync, model('m'), connection('db')] }).at(-1)).toMatchObject({
      step: 'sync.s',
      waitsFor: ['connection.db', 'model.m'],
    });
  });
});
