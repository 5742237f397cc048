/** Manifests that stand for one object. */
import { describe, expect, it } from 'vitest';
import type { Identity } from '../../src/kinds/kind.js';
import { secondManifests } from '../../src/load/second.js';
import { manifest } from '../support/documents.js';
import { thing } from '../support/kinds.js';

const told = (identity: Identity, ...documents: readonly object[]): readonly string[] =>
  secondManifests(
    documents.map((document, index) => manifest('Thing', `t${index}`, { ...document })),
    () => thing({ identity }),
  ).map(({ message, place }) => `${place?.file ?? ''}: ${message}`);

describe('two manifests', () => {
  it('of what an organization has one of are a finding at the second', () => {
    expect(told({ fields: [], unique: true }, { color: 'red' }, { color: 'blue' })).toEqual([
      't1.yaml: an organization has one thing, and thing.t0 stands for it already',
    ]);
  });

  it('of one e-mail, whatever its case, are one', () => {
    const identity = { fields: ['email'], unique: true, caseless: true } as const;
    expect(told(identity, { email: 'A@x.com' }, { email: 'b@x.com' }, { email: 'a@X.com' })).toEqual([
      't2.yaml: there is one thing for "a@x.com", and thing.t0 stands for it already',
    ]);
  });

  it('of one name are two objects, or pass it on', () => {
    expect(told({ fields: ['name'], unique: false }, { name: 'a' }, { name: 'a' })).toEqual([]);
    expect(told({ fields: ['name'], unique: true }, { name: 'a' }, { name: 'a' })).toEqual([]);
  });
});
