/** Request bodies. */
import { describe, expect, it } from 'vitest';
import { bodyOf, sendsDocument } from '../../src/apply/body.js';
import { Secret } from '../../src/core/secret.js';
import { DEFAULT_VERSION, dialectOf } from '../../src/api/versions.js';
import { kindOf } from '../../src/kinds/registry.js';
import type { Action } from '../../src/plan/plan.js';
import { change } from '../support/documents.js';

const dialect = dialectOf(DEFAULT_VERSION);
const idOf = (address: string) => (address === 'connection.db' ? 'c1' : undefined);

describe('a body', () => {
  it('holds ids in the place of keys, and secrets in clear', () => {
    expect(bodyOf(kindOf('Model'), { name: 'm', connection: 'db' }, idOf, dialect, undefined)).toEqual({
      name: 'm',
      connection_id: 'c1',
    });
    expect(
      bodyOf(kindOf('Model'), { name: 'm', connection: { id: 'c7' } }, idOf, dialect, undefined),
    ).toEqual({
      name: 'm',
      connection_id: 'c7',
    });
    const configuration = { password: new Secret('${secret:A}', 'clear'), port: null };
    expect(
      bodyOf(kindOf('Connection'), { name: 'db', policies: null, configuration }, idOf, dialect, undefined),
    ).toEqual({
      name: 'db',
      configuration: { password: 'clear' },
    });
  });

  it('is none where what it refers to has no id, or is called by its name still', () => {
    expect(() => bodyOf(kindOf('Model'), { connection: 'other' }, idOf, dialect, undefined)).toThrow(
      'no id for connection {"to":"key","key":"other"}',
    );
    expect(() => bodyOf(kindOf('Model'), { connection: { name: 'db' } }, idOf, dialect, undefined)).toThrow(
      'no id for connection {"to":"name","name":"db"}',
    );
  });
});

describe('a document is sent', () => {
  it.each<[Action, boolean, boolean]>([
    ['create', true, true],
    ['replace', true, true],
    ['update', true, true],
    ['adopt', false, true],
    ['move', false, false],
    ['delete', false, false],
    ['forget', false, false],
  ])('by %s: %s, and where something differs: %s', (action, same, different) => {
    expect(sendsDocument(change(action, 'connection.a'))).toBe(same);
    expect(sendsDocument(change(action, 'connection.a', { patch: [{ op: 'remove', path: '/a' }] }))).toBe(
      different,
    );
  });
});
