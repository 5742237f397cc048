import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseShard, shardText } from '../../src/core/shard.js';
import { shardOf, stepsOfShard } from '../../src/plan/shard.js';

/** Changes that wait for some of those before them. */
const changes = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { maxLength: 30 }).map((all) =>
  all.map((waits, index) => ({
    step: `sync.s${index}`,
    waitsFor: index === 0 ? [] : waits.map((wait) => `sync.s${wait % index}`),
  })),
);

const shards = (nodes: Parameters<typeof stepsOfShard>[0], count: number): readonly ReadonlySet<string>[] =>
  Array.from({ length: count }, (_, index) => stepsOfShard(nodes, { index: index + 1, count }));

describe('the shards of a plan', () => {
  it('are all of it, each change in one of them', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 7 }), (nodes, count) => {
        const steps = shards(nodes, count).flatMap((shard) => [...shard]);
        expect(steps.toSorted()).toEqual(nodes.map(({ step }) => step).toSorted());
      }),
    );
  });

  it('wait for nothing in each other', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 7 }), (nodes, count) => {
        for (const shard of shards(nodes, count))
          for (const { step, waitsFor } of nodes)
            if (shard.has(step)) expect(waitsFor.filter((other) => !shard.has(other))).toEqual([]);
      }),
    );
  });

  it('are the same whatever the order of the changes', () => {
    fc.assert(
      fc.property(
        changes.chain((nodes) =>
          fc.tuple(fc.constant(nodes), fc.shuffledSubarray(nodes, { minLength: nodes.length })),
        ),
        ([nodes, shuffled]) => {
          expect(shards(shuffled, 3).map((each) => [...each].toSorted())).toEqual(
            shards(nodes, 3).map((each) => [...each].toSorted()),
          );
        },
      ),
    );
  });

  it('are of nearly one size where nothing waits', () => {
    const counts = [0, 0, 0, 0];
    for (let number = 0; number < 4000; number += 1) counts[shardOf(`sync.s${number}`, 4) - 1]! += 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it.each(['', '0/2', '3/2', '1/0', '1', '1/2/3', '-1/2', '01/2', '1/ 2'])('%j is none', (text) => {
    expect(parseShard(text)).toBeUndefined();
  });

  it.each([
    ['1/1', 1, 1],
    ['2/5', 2, 5],
    ['12/3456', 12, 3456],
    ['99999/99999', 99_999, 99_999],
  ])('%s is one, and is written so', (text, index, count) => {
    expect(parseShard(text)).toEqual({ index, count });
    expect(shardText({ index, count })).toBe(text);
  });

  it('take no notice of what a change waits for outside of the plan', () => {
    const nodes = [{ step: 'sync.a', waitsFor: ['model.gone'] }];
    expect(shards(nodes, 1)).toEqual([new Set(['sync.a'])]);
  });
});
