/** Runs that are killed, and those that pick them up as well, while writes of all of them are still under way. */
import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/index.js';
import {
  counted,
  expectDone,
  numbers,
  printCounts,
  sample,
  thirtyChanges,
  type Wanted,
} from '../support/kills.js';
import { runKilled } from '../support/killing.js';
import type { Workbench } from '../support/workbench.js';

printCounts();

/** Numbers from 0 to below 1; the same for the same seed. */
const drawsOf = (seed: number): (() => number) => {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
};

const between: readonly (readonly string[])[] = [
  [],
  ['--target', 'connection.c0'],
  ['--target', 'model.m8'],
  ['--exclude', 'sync.s8', '--exclude', 'sync.s9'],
  ['--kind', 'Connection'],
  ['--shard', '1/2'],
];

/** Kills one run at a request by chance; that may be done before, after, or not yet. */
const killOne = async (
  bench: Workbench,
  draw: () => number,
  args: readonly string[],
  landing: (() => void)[],
): Promise<void> => {
  const method = ['POST', 'POST', 'PUT', 'DELETE', 'GET'][Math.floor(draw() * 5)] ?? 'POST';
  const skip = Math.floor(draw() * 8);
  const how = ['before', 'after', 'later'][Math.floor(draw() * 3)];
  let kill = (): void => undefined;
  const killed = new Promise<void>((resolve) => (kill = resolve));
  let land = (): void => undefined;
  const lands = new Promise<void>((resolve) => (land = resolve));
  const fault: Fault =
    how === 'later'
      ? {
          until: async () => {
            landing.push(land);
            kill();
            await lands;
          },
        }
      : { drop: 'before', afterEffect: how === 'after', onHit: kill };
  bench.sandbox.failNext({ method, skip, ...fault });
  await runKilled(bench, killed, 'apply', '--yes', ...args);
  bench.sandbox.clearFaults();
};

/** What was not done yet is done when a later run has asked for something so many times. */
const landAt = (bench: Workbench, landing: (() => void)[], skip: number): void => {
  bench.sandbox.failNext({
    skip,
    until: async () => {
      for (const land of landing.splice(0)) land();
      return Promise.resolve();
    },
  });
};

const endsWell = async (to: Wanted, kills: number, seed: number, what: string): Promise<void> => {
  const draw = drawsOf(seed);
  const bench = await thirtyChanges(to);
  const landing: (() => void)[] = [];
  for (const time of numbers(kills)) {
    const args = time === 0 ? [] : (between[Math.floor(draw() * between.length)] ?? []);
    await killOne(bench, draw, args, landing);
    if (draw() < 0.3) landAt(bench, landing, Math.floor(draw() * 6));
  }
  landAt(bench, landing, Math.floor(draw() * 20));
  await counted(what, bench, async () => expectDone(bench));
};

describe.each([
  ['changes', 'after'],
  ['changes that refer to a replacement', 'replaced'],
] as const)('thirty %s', (what, to) => {
  it.each([1, 2, 3])(
    'end as the manifests say after %i runs that were killed, whatever lands when',
    async (kills) => {
      const limit = pLimit(3);
      const seeds = sample(numbers(40), 2);
      const ended = await Promise.allSettled(
        seeds.map((seed) =>
          limit(async () => endsWell(to, kills, 1000 * kills + seed, `${kills} killed, ${what}`)),
        ),
      );
      expect(
        ended.flatMap((each, index) =>
          each.status === 'rejected' ? [`seed ${seeds[index] ?? ''}: ${String(each.reason)}`] : [],
        ),
      ).toEqual([]);
    },
    900_000,
  );
});
