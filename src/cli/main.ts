#!/usr/bin/env node
/** The executable: connects the command line to this process. */
import { createInterface } from 'node:readline/promises';
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
            const terminal = createInterface({ input: stdin, output: stdout });
            try {
              return await terminal.question(question);
            } finally {
              terminal.close();
            }
          },
        }
      : {}),
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
