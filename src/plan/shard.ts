/**
 * Shards: changes spread over several runs that know nothing of each other. What waits for each other goes together,
 * so that the shards have no order among them. Pure.
 */
import { createHash } from 'node:crypto';
import { byCodeUnit } from '../core/json.js';
import type { Shard } from '../core/shard.js';
import type { Ordered } from './order.js';

/** Which shard a name belongs to: the same in every run, and on every machine. */
export const shardOf = (name: string, count: number): number =>
  (createHash('sha256').update(name).digest().readUInt32BE(0) % count) + 1;

/** The lowest step of all that wait for each other, by step. */
const groups = (nodes: readonly Ordered[]): ReadonlyMap<string, string> => {
  const neighbours = new Map<string, string[]>(nodes.map(({ step }) => [step, []]));
  for (const { step, waitsFor } of nodes)
    for (const other of waitsFor) {
      const theirs = neighbours.get(other);
      if (theirs === undefined) continue;
      theirs.push(step);
      neighbours.get(step)?.push(other);
    }
  const group = new Map<string, string>();
  // In this order the first step of a group that is met is its lowest.
  for (const lowest of [...neighbours.keys()].sort(byCodeUnit)) {
    const waiting = group.has(lowest) ? [] : [lowest];
    for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
      if (group.has(step)) continue;
      group.set(step, lowest);
      waiting.push(...(neighbours.get(step) ?? []));
    }
  }
  return group;
};

/** Which steps of a plan a shard does. */
export const stepsOfShard = (nodes: readonly Ordered[], { index, count }: Shard): ReadonlySet<string> =>
  new Set([...groups(nodes)].flatMap(([step, lowest]) => (shardOf(lowest, count) === index ? [step] : [])));
