/** Digests: equal for equal work. */
import { describe, expect, it } from 'vitest';
import { changeDigests, digestOf } from '../../src/plan/digest.js';
import { change, organization } from '../support/documents.js';

const changes = [change('create', 'connection.a'), change('update', 'connection.b', { id: 'b' })];
const digest = digestOf({ organization, changes });
const told = {
  place: { file: 'x', line: 1, column: 1 },
  reasons: ['because'],
  causes: { '/name': 'outside' as const },
  labels: { team: 'growth' },
  owners: ['@acme/growth'],
};

describe('the digest of a plan', () => {
  it('is a SHA-256', () => {
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('does not depend on what is told to people only', () => {
    expect(digestOf({ organization, changes: changes.map((each) => ({ ...each, ...told })) })).toBe(digest);
    expect(digestOf({ organization: { ...organization, name: 'Renamed' }, changes })).toBe(digest);
  });

  it.each([
    ['another organization', { organization: { ...organization, id: 'org-2' }, changes }],
    ['another order', { organization, changes: changes.toReversed() }],
    ['less', { organization, changes: changes.slice(1) }],
    [
      'another object',
      { organization, changes: [changes[0]!, change('update', 'connection.b', { id: 'c' })] },
    ],
  ])('is another one for %s', (_what, plan) => {
    expect(digestOf(plan)).not.toBe(digest);
  });
});

describe('the digest of a change', () => {
  it('is short, of this change and organization alone', () => {
    const digests = changeDigests({ organization, changes });
    expect(Object.keys(digests)).toEqual(['connection.a', 'connection.b']);
    for (const each of Object.values(digests)) expect(each).toMatch(/^[A-Za-z0-9_-]{16}$/);
    expect(changeDigests({ organization, changes: changes.slice(1) })).toEqual({
      'connection.b': digests['connection.b'],
    });
    expect(
      changeDigests({ organization: { ...organization, id: 'org-2' }, changes })['connection.b'],
    ).not.toBe(digests['connection.b']);
    expect(changeDigests({ organization, changes: [{ ...changes[1]!, ...told }] })).toEqual({
      'connection.b': digests['connection.b'],
    });
  });
});
