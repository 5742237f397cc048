/** How much a plan may delete. */
import { describe, expect, it } from 'vitest';
import { endingOf, tooManyDeletes } from '../../src/plan/limits.js';
import { address, binding, change, stateOf } from '../support/documents.js';

const state = stateOf(
  Object.fromEntries(
    Array.from({ length: 10 }, (_, n) => [`connection.c${n}`, binding('Connection', `${n}`, {})]),
  ),
);
const changes = [
  change('delete', 'connection.c0'),
  change('replace', 'connection.c1'),
  change('delete', 'connection.c1 (old)', { address: address('connection.c1') }),
  change('update', 'connection.c2'),
  change('forget', 'connection.c3'),
  change('create', 'connection.c4'),
];

describe('a plan that deletes', () => {
  it('counts what is deleted or replaced, each object once', () => {
    expect(endingOf(changes).map(({ step }) => step)).toEqual(['connection.c0', 'connection.c1']);
  });

  it.each([undefined, 2, 3, '20%', '29%', '100%'])('may, with a limit of %s', (most) => {
    expect(tooManyDeletes(changes, state, most)).toEqual([]);
  });

  it.each([0, 1, '0%', '10%', '19%'])('is stopped by a limit of %s', (most) => {
    expect(tooManyDeletes(changes, state, most)).toMatchObject([
      { severity: 'error', code: 'too-many-deletes' },
    ]);
  });

  it('is told what it would have done', () => {
    expect(tooManyDeletes(changes, state, '10%')).toEqual([
      {
        severity: 'error',
        code: 'too-many-deletes',
        message: 'the plan would delete or replace 2 objects of 10, and may 1 (10%)',
        hint: 'look whether the manifests are all there; --max-deletes allows more for one run',
      },
    ]);
  });
});
