import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/core/address.js';
import { missingApprovals } from '../../src/rules/approval.js';

const change = (address: string): { readonly address: Address } => ({ address: address as Address });
const owning =
  (owners: Readonly<Record<string, readonly string[]>>) =>
  (address: Address): readonly string[] =>
    owners[address] ?? [];

describe('who still has to approve', () => {
  const ownersOf = owning({
    'sync.a': ['@acme/growth'],
    'sync.b': ['@acme/growth'],
    'sync.c': ['@jane', '@Acme/Finance'],
  });
  const changes = [change('sync.a'), change('sync.b'), change('sync.c'), change('sync.d')];

  it('is each set of owners of what changes, once, with what is theirs', () => {
    expect(missingApprovals(changes, ownersOf, undefined)).toEqual([
      { owners: ['@acme/growth'], addresses: ['sync.a', 'sync.b'] },
      { owners: ['@Acme/Finance', '@jane'], addresses: ['sync.c'] },
    ]);
  });

  it('is nobody where one of each set approved', () => {
    const approvedBy = ['@acme/growth', '@acme/finance'];
    expect(missingApprovals(changes, ownersOf, { approvedBy })).toEqual([]);
  });

  it('is nobody for what has no owner', () => {
    expect(missingApprovals([change('sync.d')], ownersOf, undefined)).toEqual([]);
  });

  it('is no other set for another case, another order, or a name that stands twice', () => {
    const written = owning({ 'sync.a': ['@Jane', '@acme/x'], 'sync.b': ['@ACME/X', '@jane', '@jane'] });
    expect(missingApprovals([change('sync.a'), change('sync.b')], written, undefined)).toEqual([
      { owners: ['@Jane', '@acme/x'], addresses: ['sync.a', 'sync.b'] },
    ]);
    expect(missingApprovals([change('sync.a')], written, { approvedBy: ['@jANE'] })).toEqual([]);
  });

  it('counts an address with several steps once', () => {
    expect(missingApprovals([change('sync.a'), change('sync.a')], ownersOf, undefined)).toEqual([
      { owners: ['@acme/growth'], addresses: ['sync.a'] },
    ]);
  });

  it('grows never with one more approval', () => {
    const names = fc.constantFrom('@a', '@b', '@acme/c', '@acme/d');
    const owned = fc.dictionary(fc.constantFrom('sync.a', 'sync.b', 'sync.c'), fc.array(names));
    fc.assert(
      fc.property(owned, fc.array(names), names, (owners, approvedBy, more) => {
        const some = missingApprovals(changes, owning(owners), { approvedBy });
        const all = missingApprovals(changes, owning(owners), { approvedBy: [...approvedBy, more] });
        expect(some.map(({ owners: own }) => own)).toEqual(
          expect.arrayContaining(all.map(({ owners: own }) => own)),
        );
      }),
    );
  });
});
