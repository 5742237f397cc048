/** Runs of the command line that are killed while requests of theirs are still under way. */
import path from 'node:path';
import { execa } from 'execa';
import type { Fault } from '../../src/sandbox/index.js';
import type { Workbench } from './workbench.js';

const cli = path.resolve('dist/cli.js');

/** Requests that wait in the sandbox until they are let go. */
export interface Held {
  /** Resolves when so many of them wait. */
  readonly arrived: (number: number) => Promise<void>;
  readonly letGo: () => void;
}

/** The next requests that match wait. */
export const hold = ({ sandbox }: Workbench, fault: Fault): Held => {
  let letGo = (): void => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const waiting: (() => void)[] = [];
  let number = 0;
  sandbox.failNext({
    ...fault,
    until: async () => {
      number += 1;
      for (const tell of waiting) tell();
      await gate;
    },
  });
  return {
    arrived: async (least) =>
      new Promise((resolve) => {
        const tell = (): void => {
          if (number >= least) resolve();
        };
        waiting.push(tell);
        tell();
      }),
    letGo: () => {
      letGo();
    },
  };
};

/** Starts the command line in a process of its own, kills it when `when` resolves, and gives the signal that ended it. */
export const runKilled = async (
  bench: Workbench,
  when: Promise<void>,
  ...args: readonly string[]
): Promise<string | undefined> => {
  const child = execa('node', [cli, ...args], { cwd: bench.root, reject: false, env: bench.environment });
  void when.then(() => child.kill('SIGKILL'));
  return (await child).signal;
};

/** Resolves when the sandbox has answered a request that fits. */
export const answered = async (
  { sandbox }: Workbench,
  fits: (request: Workbench['sandbox']['requests'][number]) => boolean,
): Promise<void> => {
  while (!sandbox.requests.some(fits)) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Runs the command line, and kills it when the sandbox gets a request that fits: before the work, or after it. */
export const killedAt = async (
  bench: Workbench,
  fault: Pick<Fault, 'method' | 'path' | 'skip' | 'afterEffect'>,
  ...args: readonly string[]
): Promise<void> => {
  let kill = (): void => undefined;
  const killed = new Promise<void>((resolve) => (kill = resolve));
  bench.sandbox.failNext({ ...fault, drop: 'before', onHit: () => kill() });
  const signal = await runKilled(bench, killed, ...args);
  bench.sandbox.clearFaults();
  if (signal !== 'SIGKILL') throw new Error('the run ended before it could be killed');
};
