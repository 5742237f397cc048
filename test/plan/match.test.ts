/** Which live object belongs to which manifest. */
import { describe, expect, it } from 'vitest';
import { matchLive, wantedLive, type Matched } from '../../src/plan/match.js';
import type { Resource } from '../../src/load/desired.js';
import type { LiveObject } from '../../src/live/snapshot.js';
import type { Binding } from '../../src/state/state.js';
import {
  binding,
  connection,
  desiredOf,
  liveConnection,
  liveModel,
  manifest,
  stateOf,
} from '../support/documents.js';

const match = (
  manifests: readonly Resource[],
  objects: readonly LiveObject[],
  state: Readonly<Record<string, Binding>> = {},
): Matched => matchLive(desiredOf(manifests), { objects }, stateOf(state));

const shown = ({ matches }: Matched): readonly string[] =>
  matches.map(({ resource, live, by, gone }) =>
    [resource.key, by, live?.id ?? '-', ...(gone === undefined ? [] : [`instead of ${gone}`])].join(' '),
  );

const bound = (id: string): Binding => binding('Connection', id, { name: 'x' });

describe('a manifest belongs to', () => {
  it('the object of its id, whatever the state and the names say', () => {
    expect(
      shown(
        match([connection('db', {}, { id: 'c2' })], [liveConnection('c1', 'db'), liveConnection('c2', 'y')], {
          'connection.db': bound('c1'),
        }),
      ),
    ).toEqual(['db id c2']);
  });

  it('the object that the state binds it to, whatever its name', () => {
    expect(
      shown(
        match([connection('db')], [liveConnection('c1', 'other'), liveConnection('c2', 'db')], {
          'connection.db': bound('c1'),
        }),
      ),
    ).toEqual(['db state c1']);
  });

  it('the one object of its kind that bears its name', () => {
    expect(
      shown(match([connection('db')], [liveModel('m1', 'db', 'c'), liveConnection('c1', 'db')])),
    ).toEqual(['db name c1']);
  });

  it('the one of its name in the place of one that is gone', () => {
    expect(
      shown(match([connection('db')], [liveConnection('c2', 'db')], { 'connection.db': bound('c1') })),
    ).toEqual(['db name c2 instead of c1']);
  });

  it('nothing, where there is none', () => {
    expect(shown(match([connection('db')], [liveConnection('c1', 'x')]))).toEqual(['db nothing -']);
    expect(shown(match([connection('db')], [], { 'connection.db': bound('c1') }))).toEqual([
      'db nothing - instead of c1',
    ]);
  });

  it('nothing that another address is bound to or took', () => {
    expect(
      shown(
        match([connection('a', { name: 'n' }), connection('b', { name: 'n' })], [liveConnection('c1', 'n')], {
          'connection.b': bound('c1'),
        }),
      ),
    ).toEqual(['a nothing -', 'b state c1']);
    expect(
      shown(
        match(
          [connection('a', { name: 'n' }), connection('b', { name: 'n' }, { id: 'c1' })],
          [liveConnection('c1', 'n')],
        ),
      ),
    ).toEqual(['a nothing -', 'b id c1']);
    // Its manifest is gone: it is about to be deleted.
    expect(
      shown(
        match([connection('a', { name: 'n' })], [liveConnection('c1', 'n')], { 'connection.z': bound('c1') }),
      ),
    ).toEqual(['a nothing -']);
  });

  it('the second of two of its name, where the first is another one’s', () => {
    expect(
      shown(
        match([connection('db')], [liveConnection('c1', 'db'), liveConnection('c2', 'db')], {
          'connection.z': bound('c1'),
        }),
      ),
    ).toEqual(['db name c2']);
  });

  it('an external one is found like any other', () => {
    expect(shown(match([connection('db', {}, { external: true })], [liveConnection('c1', 'db')]))).toEqual([
      'db name c1',
    ]);
  });
});

describe('it is an error', () => {
  const errors = ({ diagnostics }: Matched): readonly unknown[] => diagnostics;
  const place = { file: 'db.yaml', line: 1, column: 1 };

  it('to name an id that nothing has', () => {
    const matched = match(
      [connection('db', {}, { id: 'c9' })],
      [liveModel('c9', 'm', 'c'), liveConnection('c1', 'db')],
    );
    expect(errors(matched)).toEqual([
      {
        severity: 'error',
        code: 'unknown-id',
        message: 'no connection has the id c9',
        hint: 'correct the id, or remove it to find the object by its name',
        address: 'connection.db',
        place,
      },
    ]);
    expect(shown(matched)).toEqual([]);
  });

  it('to have a name that several bear', () => {
    expect(
      errors(match([connection('db')], [liveConnection('c1', 'db'), liveConnection('c2', 'db')])),
    ).toEqual([
      {
        severity: 'error',
        code: 'ambiguous-name',
        message: '2 live connections are called "db": c1, c2',
        hint: 'add id: with the one that this manifest stands for',
        address: 'connection.db',
        place,
      },
    ]);
  });

  it('to be external and not there', () => {
    expect(errors(match([connection('db', {}, { external: true })], []))).toEqual([
      {
        severity: 'error',
        code: 'missing-external',
        message: 'no live connection is called "db"',
        hint: 'create it in Polytomic, or remove external: true to have it created here',
        address: 'connection.db',
        place,
      },
    ]);
  });

  it('to be bound to what another one is bound to', () => {
    const matched = match(
      [connection('a', {}, { id: 'c1' }), connection('db', {}, { id: 'c1' })],
      [liveConnection('c1', 'x')],
    );
    expect(errors(matched)).toEqual([
      {
        severity: 'error',
        code: 'bound-twice',
        message: 'connection.db and connection.a are both bound to connection c1',
        hint: 'remove one of the two, or give one another id',
        address: 'connection.db',
        place,
      },
    ]);
    expect(shown(matched)).toEqual(['a id c1']);
  });
});

describe('details are wanted', () => {
  const wants = wantedLive(
    desiredOf([
      connection('named'),
      connection('pinned', {}, { id: 'c5' }),
      connection('bound'),
      connection('outside', {}, { external: true, id: 'c7' }),
      manifest('Connection', 'nameless', { name: 5 }),
    ]),
    stateOf({
      'connection.bound': { ...bound('c1'), deposed: ['c2'] },
      'connection.gone': bound('c3'),
    }),
  );

  it('of what the state binds, also for a delete, and of what an id names', () => {
    expect(['c1', 'c2', 'c3', 'c5'].map((id) => wants('Connection', id, '?'))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it('of what bears the name of a manifest, bound or not: it may have been made twice', () => {
    expect(wants('Connection', 'c9', 'named')).toBe(true);
    expect(wants('Model', 'c9', 'named')).toBe(false);
    expect(wants('Connection', 'c9', 'bound')).toBe(true);
    expect(wants('Connection', 'c9', 'pinned')).toBe(true);
  });

  it('of nothing that is only looked up', () => {
    expect(wants('Connection', 'c7', 'outside')).toBe(false);
  });
});
