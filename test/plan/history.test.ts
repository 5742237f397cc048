/** What was applied, what lives and what is wanted: who changed what. */
import { describe, expect, it } from 'vitest';
import { kindOf } from '../../src/kinds/registry.js';
import { causesOf, differingPaths, historyOf, pointerOf, reasonsOf } from '../../src/plan/history.js';

const connection = kindOf('Connection');
const base = { name: 'db', type: 'postgresql' };

describe('the paths at which two documents differ', () => {
  it.each([
    [{ a: 1 }, { a: 1 }, []],
    [{ a: 1 }, { a: 2 }, [['a']]],
    [{ a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, [['a', 'c']]],
    [{ a: 1 }, { b: 1 }, [['a'], ['b']]],
    [{ a: [1, 2] }, { a: [2, 1] }, [['a']]],
    [{ a: { b: 1 } }, { a: 'b' }, [['a']]],
    [{ a: 'b' }, { a: { b: 1 } }, [['a']]],
    [{}, { a: { b: 1 } }, [['a']]],
    [1, 2, [[]]],
    [undefined, undefined, []],
  ])('of %j and %j are %j', (before, after, paths) => {
    expect(differingPaths(before, after)).toEqual(paths);
  });

  it('are pointers, escaped', () => {
    expect(pointerOf(['a', 'b/c', 'd~e'])).toBe('/a/b~1c/d~0e');
    expect(pointerOf([])).toBe('');
  });
});

describe('a history', () => {
  it('holds both documents without what only one of them could have', () => {
    const { applied, seen } = historyOf(
      connection,
      { ...base, configuration: { hostname: 'h', password: '(secret)' }, healthcheck_interval: '1h' },
      { ...base, configuration: { hostname: 'h', port: 1 } },
    );
    expect(applied).toEqual(seen);
    expect(applied).toMatchObject({
      healthcheck_interval: '1h',
      configuration: { password: '(secret)', port: 1 },
    });
  });

  it('tells what was changed and taken away outside', () => {
    const applied = { ...base, configuration: { hostname: 'h', port: 1 } };
    const live = { ...base, configuration: { hostname: 'other' } };
    const { applied: before, seen } = historyOf(connection, applied, live);
    expect(before['configuration']).toEqual({ hostname: 'h', port: 1 });
    expect(seen['configuration']).toEqual({ hostname: 'other' });
  });

  it('shows a secret in an object that is not there any more, and makes no empty one', () => {
    const applied = { ...base, configuration: { ssl: { key: '(secret)' }, tunnel: { host: 'x' } } };
    const { seen } = historyOf(connection, applied, { ...base });
    expect(seen['configuration']).toEqual({ ssl: { key: '(secret)' } });
  });

  it('takes what no answer shows as it was applied: a secret, and what can only be written', () => {
    const applied = { ...base, configuration: { token: '(secret)', tunnel: '(secret)' } };
    const { seen } = historyOf(connection, applied, { ...base, configuration: { token: 'x' } });
    expect(seen['configuration']).toEqual({ token: '(secret)', tunnel: '(secret)' });
  });

  it('leaves out what the server decides where the applied manifest was silent', () => {
    const model = kindOf('Model');
    const { applied, seen } = historyOf(model, { name: 'm' }, { name: 'm', fields: ['a'] });
    expect([applied, seen]).toEqual([{ name: 'm' }, { name: 'm' }]);
  });
});

describe('a difference was made', () => {
  const applied = { a: 1, b: 1, c: 1, d: 1 };

  it('by the manifest, outside, or by both', () => {
    expect(
      causesOf(
        { a: 1, b: 2, c: 2, d: 1 },
        { a: 3, b: 1, c: 3, d: 1 },
        { applied, seen: { a: 1, b: 2, c: 2, d: 1 } },
      ),
    ).toEqual({ '/a': 'manifest', '/b': 'outside', '/c': 'both' });
  });

  it('by the manifest, where a secret changed and nothing else tells', () => {
    expect(causesOf({ a: 1 }, { a: 2 }, { applied: { a: 2 }, seen: { a: 2 } })).toEqual({ '/a': 'manifest' });
  });

  it('is told in words', () => {
    const was = { ...base, configuration: { hostname: 'h' } };
    const history = { applied: was, seen: was };
    const drifted = { applied: was, seen: base };
    const other = { ...base, configuration: { hostname: 'x' } };
    expect(reasonsOf(connection, was, other, history)).toEqual(['changed in the manifest']);
    expect(reasonsOf(connection, was, was, drifted)).toEqual(['changed outside since the last apply']);
    expect(reasonsOf(connection, was, other, drifted)).toEqual([
      'changed in the manifest',
      'changed outside since the last apply',
    ]);
    expect(reasonsOf(connection, was, was, history)).toEqual(['a secret changed']);
  });

  it('not by what the server decides, where the applied manifest was silent', () => {
    const model = kindOf('Model');
    const history = { applied: { name: 'm' }, seen: { name: 'm' } };
    expect(reasonsOf(model, { name: 'm' }, { name: 'm', fields: ['a'] }, history)).toEqual([
      'a secret changed',
    ]);
  });
});
