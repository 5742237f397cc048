#!/usr/bin/env node
/** The executable: connects the command line to this process. */
import { VERSION } from '../version.js';
import type { Io } from './io.js';

const io = (): Io => {
  const { stdin, stdout, stderr, env } = process;
  return {
    cwd: process.cwd(),
    environment: env,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    outIsTerminal: stdout.isTTY,
    errIsTerminal: stderr.isTTY,
    ...(stdin.isTTY && stdout.isTTY
      ? {
          ask: async (question: string) => {
            const { createInterface } = await import('node:readline/promises');
            const terminal = createInterface({ input: stdin, output: stdout });
            try {
              return await terminal.question(question);
            } finally {
              terminal.close();
            }
          },
        }
      : {}),
    userCache: async () => {
      const { default: envPaths } = await import('env-paths');
      return { folder: envPaths('polytomic-gitops', { suffix: '' }).cache, version: VERSION };
    },
    onInterrupt: (listener) => {
      process.on('SIGINT', listener);
      process.on('SIGTERM', listener);
      return () => {
        process.off('SIGINT', listener);
        process.off('SIGTERM', listener);
      };
    },
  };
};

/**
 * How many per cent the heap of a long run may grow before it is cleared: by itself V8 lets it grow to six times what is
 * in use. Not worth loading a module for in a short one.
 */
const HEAP_GROWTH = 150;
const boundMemory = async (): Promise<void> => {
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
};
setTimeout(() => void boundMemory(), 1000).unref();

/**
 * Whoever reads the output may stop reading (`| head`): that ends the output, not the work, which an apply has to
 * finish. Anything else that keeps the output from being written is a failure of the run.
 */
const endOfOutput = (error: NodeJS.ErrnoException): void => {
  if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
  process.stderr.write(`error: the output cannot be written (${error.code ?? error.message})\n`);
  // Whatever the run itself comes to.
  process.once('exit', () => (process.exitCode = 1));
};
process.stdout.once('error', endOfOutput);
// Each further write fails again.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const [first, ...rest] = process.argv.slice(2);
if (rest.length === 0 && (first === '--version' || first === '-V')) {
  // Asked by scripts over and over: not worth loading anything for.
  process.stdout.write(`${VERSION}\n`);
} else {
  const { runProgram } = await import('./program.js');
  try {
    process.exitCode = await runProgram(process.argv.slice(2), io());
  } catch (error) {
    const { crashText } = await import('./crash.js');
    process.stderr.write(crashText(error));
    process.exitCode = 1;
  }
}
