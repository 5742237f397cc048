/** References to live objects by name and id. */
import { describe, expect, it } from 'vitest';
import {
  binding,
  changesOf,
  connection,
  errorsOf,
  liveConnection,
  liveModel,
  model,
  planOf,
} from '../support/documents.js';

const lives = [liveConnection('c1', 'Warehouse'), liveConnection('c2', 'Twin'), liveConnection('c3', 'Twin')];
const referring = (reference: { id: string } | { name: string }) => [model('m', { connection: reference })];
const place = { file: 'model.m/connection', line: 1, column: 1 };

describe('a reference', () => {
  it('by name becomes the id of what is not managed', () => {
    const { work, plan } = planOf({ manifests: referring({ name: 'Warehouse' }), live: lives });
    expect(work.documents.get('model.m')).toMatchObject({ connection: { id: 'c1' } });
    expect(plan.changes[0]!.after).toMatchObject({ connection: { id: 'c1' } });
  });

  it('by id stays one, of what is not managed', () => {
    expect(changesOf({ manifests: referring({ id: 'c2' }), live: lives })[0]!.after).toMatchObject({
      connection: { id: 'c2' },
    });
  });

  it.each([{ name: 'Warehouse' }, { id: 'c1' }])('%j becomes the key of what is managed', (reference) => {
    const { work } = planOf({
      manifests: [...referring(reference), connection('warehouse', { name: 'Warehouse' })],
      live: lives,
    });
    expect(work.documents.get('model.m')).toMatchObject({ connection: 'warehouse' });
  });

  it('becomes the key of what the state knows, also of what is leaving', () => {
    const [, change] = changesOf({
      manifests: referring({ id: 'c1' }),
      live: lives,
      state: { 'connection.gone': binding('Connection', 'c1', { name: 'Warehouse' }) },
      removals: [{ from: 'connection.gone' as never, destroy: false, place }],
    });
    expect(change!.after).toMatchObject({ connection: 'gone' });
  });

  it('by key stays one', () => {
    const { work } = planOf({ manifests: [model('m'), connection('db')], live: lives });
    expect(work.documents.get('model.m')).toMatchObject({ connection: 'db' });
  });
});

describe('it is an error to refer to', () => {
  it('an id that nothing of the kind has', () => {
    const error = {
      severity: 'error',
      code: 'unknown-id',
      message: 'no connection has the id m7',
      hint: 'correct the id, or refer to it by {name: …}',
      address: 'model.m',
      place,
    };
    expect(
      errorsOf({ manifests: referring({ id: 'm7' }), live: [...lives, liveModel('m7', 'x', 'c1')] }),
    ).toEqual([error]);
  });

  it('a name that nothing of the kind bears', () => {
    expect(
      errorsOf({ manifests: referring({ name: 'Ware' }), live: [...lives, liveModel('m7', 'Ware', 'c1')] }),
    ).toEqual([
      {
        severity: 'error',
        code: 'unknown-name',
        message: 'no live connection is called "Ware"',
        hint: 'correct the name, or create it first',
        address: 'model.m',
        place,
      },
    ]);
  });

  it('a name that several bear', () => {
    expect(errorsOf({ manifests: referring({ name: 'Twin' }), live: lives })).toEqual([
      {
        severity: 'error',
        code: 'ambiguous-name',
        message: '2 live connections are called "Twin": c2, c3',
        hint: 'refer to one of them by {id: …}',
        address: 'model.m',
        place,
      },
    ]);
  });

  it('one of several things: the place is that of the wrong one', () => {
    const relations = [
      { from: 'a', to: { model: { id: 'm1' }, field: 'x' } },
      { from: 'b', to: { model: { id: 'm2' }, field: 'x' } },
    ];
    const diagnostics = errorsOf({
      manifests: [model('m', { connection: { id: 'c1' }, relations })],
      live: [...lives, liveModel('m1', 'x', 'c1')],
    });
    expect(diagnostics.map(({ place: at }) => at?.file)).toEqual(['model.m/relations/1/to/model']);
  });
});
