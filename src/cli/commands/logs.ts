/** `logs`: what a run says of itself, and the records that it left out. Reads only. */
import { consoleText, logEndText, logsText, runText } from '../../report/logs-text.js';
import type { ConsoleLine } from '../../live/logs.js';
import { readLogs, type RunLog, type RunSeen } from '../../workspace/logs.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from '../io.js';
import { startProgress } from '../progress.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

export interface LogsOptions extends GlobalOptions {
  readonly execution?: string;
  readonly follow?: boolean;
  readonly records?: boolean;
  readonly most: number;
}

export const logs = async (io: Io, options: LogsOptions, address: string): Promise<number> => {
  const settings = await settingsFor(io, options);
  const quiet = options.json === true;
  const style = styleFor(io, options, io.outIsTerminal);
  const controller = new AbortController();
  const { signal } = controller;
  const interrupted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve(undefined);
    });
  });
  // One look is ended as any program.
  const stopListening =
    options.follow === true
      ? io.onInterrupt(() => {
          controller.abort();
        })
      : () => undefined;
  const progress = await startProgress(io, 'Reading Polytomic …', quiet);
  let told = '';
  const onNews = (run: RunSeen, lines: readonly ConsoleLine[]): void => {
    if (signal.aborted) return;
    const now = runText(run, style);
    progress.say('Following …');
    if (quiet) return;
    progress.around(() => {
      // What came before a change of the run is told before it.
      for (const line of lines) io.out(`${consoleText(line, style)}\n`);
      if (now !== told) io.out(`${now}\n`);
      told = now;
    });
  };
  try {
    const reading = readLogs({
      settings,
      address,
      most: options.most,
      records: options.records === true,
      signal,
      ...(options.execution === undefined ? {} : { execution: options.execution }),
      ...(options.follow === true ? { onNews } : {}),
    });
    // Nobody waits for an answer that is late.
    const log = await Promise.race([reading, interrupted]);
    progress.stop();
    if (log === undefined || signal.aborted) return exitCodes.interrupted;
    print(io, options, log);
    return exitCodes.ok;
  } finally {
    progress.stop();
    stopListening();
  }
};

const print = (io: Io, options: LogsOptions, log: RunLog): void => {
  const style = styleFor(io, options, io.outIsTerminal);
  if (options.json === true) printJson(io, log);
  else if (options.follow !== true) io.out(logsText(log, style));
  else {
    const end = logEndText(log, style);
    if (end.trim() !== '') io.out(end);
  }
  printDiagnostics(io, options, log.diagnostics);
};
