import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, type Ordered } from '../../src/plan/order.js';

const node = (step: string, ...waitsFor: readonly string[]): Ordered => ({
  step,
  waitsFor,
});

/** A graph without circles: each node waits for some of those before it. */
const graph = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 20 })
  .map((edges) =>
    edges.map((targets, index) =>
      node(`n.${index}`, ...(index === 0 ? [] : targets.map((target) => `n.${target % index}`))),
    ),
  );

describe('the order of changes', () => {
  it('has everything after what it waits for, and is the same for any order of the input', () => {
    fc.assert(
      fc.property(graph, fc.infiniteStream(fc.nat()), (nodes, numbers) => {
        const { ordered, stuck } = inOrder(nodes);
        expect(stuck).toEqual([]);
        const position = new Map(ordered.map(({ step }, index) => [step, index]));
        for (const { step, waitsFor } of ordered)
          for (const other of waitsFor) expect(position.get(other)).toBeLessThan(position.get(step)!);
        const shuffled = nodes
          .map((each) => [numbers.next().value as number, each] as const)
          .sort(([a], [b]) => a - b)
          .map(([, each]) => each);
        expect(inOrder(shuffled).ordered.map(({ step }) => step)).toEqual(ordered.map(({ step }) => step));
      }),
    );
  });

  it('names those that wait for each other, and what waits for them', () => {
    const { ordered, stuck } = inOrder([node('a', 'b'), node('b', 'a'), node('c', 'a'), node('d')]);
    expect(ordered.map(({ step }) => step)).toEqual(['d']);
    expect(stuck.map(({ step }) => step)).toEqual(['a', 'b', 'c']);
  });
});
