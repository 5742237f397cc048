/** A command that is run again and again on a terminal, in the place of what it printed before. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DiagnosticError } from '../core/diagnostics.js';
import { diagnosticsText } from '../report/diagnostics.js';
import { failure } from '../workspace/inspect.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from './io.js';

export interface WatchOptions extends GlobalOptions {
  /** Seconds between two looks; `true` where none are given. */
  readonly watch?: number | true;
}

/** Seconds between two looks where none are given. */
const USUAL = 5;

/** Clears what is seen, not what was before, and begins at the top (ECMA-48: ED, CUP). */
const CLEAR = '\u001b[2J\u001b[H';

const refuse = (io: Io, options: WatchOptions): void => {
  if (!io.outIsTerminal || io.environment['TERM'] === 'dumb')
    throw failure(
      'watch-without-terminal',
      '--watch draws on a terminal, and standard output is none',
      'leave --watch out; in a schedule use --failing',
    );
  if (options.json === true)
    throw failure('watch-and-json', '--watch and --json exclude each other', 'give one of them');
  if (options.coming !== undefined)
    throw failure('watch-several', '--watch is about one environment', 'give --env one of them');
};

/**
 * Runs a command until Ctrl-C, and gives the exit code of an interruption. What goes wrong at the first look is thrown;
 * later it is shown, and looked at again.
 */
export const watching = async <T extends WatchOptions>(
  io: Io,
  options: T,
  command: (io: Io, options: T) => Promise<number>,
): Promise<number> => {
  refuse(io, options);
  const seconds = options.watch === undefined || options.watch === true ? USUAL : options.watch;
  const style = styleFor(io, options, io.outIsTerminal);
  const controller = new AbortController();
  const { signal } = controller;
  const stopListening = io.onInterrupt(() => {
    controller.abort();
  });
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve(undefined);
    });
  });
  const look = async (isFirst: boolean): Promise<string> => {
    let text = '';
    const add = (more: string): void => {
      text += more;
    };
    try {
      await command({ ...io, out: add, err: add, errIsTerminal: false }, options);
    } catch (error) {
      if (isFirst || !(error instanceof DiagnosticError)) throw error;
      add(diagnosticsText(error.diagnostics, style));
    }
    return text;
  };
  try {
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      // Nobody waits for an answer that is late.
      const text = await Promise.race([look(isFirst), aborted]);
      if (text === undefined) break;
      const at = new Date().toTimeString().slice(0, 8);
      io.out(`${CLEAR}${text}\n${style.dim(`${at}, every ${seconds} s; Ctrl-C ends.`)}\n`);
      await sleep(io.pace?.jobInterval ?? seconds * 1000, undefined, { signal }).catch(() => undefined);
    }
    return exitCodes.interrupted;
  } finally {
    stopListening();
  }
};
