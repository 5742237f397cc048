/** Bindings under their new addresses. */
import { describe, expect, it } from 'vitest';
import { applyMoves } from '../../src/plan/moves.js';
import { address, binding, desiredOf, stateOf } from '../support/documents.js';

const place = { file: 'moved.yaml', line: 4, column: 1 };
const move = (from: string, to: string) => ({ from: address(from), to: address(to), place });
const bound = binding('Connection', 'c1', { name: 'x' });
const moved = (moves: readonly ReturnType<typeof move>[], state: Readonly<Record<string, typeof bound>>) =>
  applyMoves(desiredOf([], { moves }), stateOf(state));

describe('a binding', () => {
  it('moves to its new address, and is known by its old one', () => {
    const { state, from, diagnostics } = moved([move('connection.a', 'connection.b')], {
      'connection.a': bound,
    });
    expect(state.resources).toEqual({ 'connection.b': bound });
    expect([...from]).toEqual([['connection.b', 'connection.a']]);
    expect(diagnostics).toEqual([]);
  });

  it('moves on through a chain', () => {
    const { state } = moved([move('connection.a', 'connection.b'), move('connection.b', 'connection.c')], {
      'connection.a': bound,
    });
    expect(state.resources).toEqual({ 'connection.c': bound });
  });

  it('that moved in an earlier run stays where it is', () => {
    const { state, from, diagnostics } = moved([move('connection.a', 'connection.b')], {
      'connection.b': bound,
    });
    expect(state.resources).toEqual({ 'connection.b': bound });
    expect([from.size, diagnostics]).toEqual([0, []]);
  });

  it('does not move over another one', () => {
    const both = { 'connection.a': bound, 'connection.b': { ...bound, id: 'c2' } };
    const { state, from, diagnostics } = moved([move('connection.a', 'connection.b')], both);
    expect(state.resources).toEqual(both);
    expect(from.size).toBe(0);
    expect(diagnostics).toEqual([
      {
        severity: 'error',
        code: 'both-bound',
        message: 'connection.a and connection.b are both bound to an object',
        hint: 'forget one of them (polytomic-gitops state rm), or say with kind: Removed what becomes of connection.a',
        address: 'connection.b',
        place,
      },
    ]);
  });

  it('that cannot move holds up no other', () => {
    const { state } = moved([move('connection.a', 'connection.b'), move('connection.x', 'connection.y')], {
      'connection.a': bound,
      'connection.b': bound,
      'connection.x': bound,
    });
    expect(Object.keys(state.resources)).toEqual(['connection.a', 'connection.b', 'connection.y']);
  });
});
