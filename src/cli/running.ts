/** Runs before the eyes of a person, or as lines for a machine. */
import type { Ran, RunEvent } from '../live/ran.js';
import type { Execution } from '../kinds/runs.js';
import { ranCounts, ranText, runningText } from '../report/run-text.js';
import { cancelRuns, runWorkspace, type RunRequest } from '../workspace/run.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from './io.js';
import { startProgress } from './progress.js';

/** Lines of what is under way that a terminal shows at once. */
const MOST_LINES = 10;

export interface Told {
  readonly rans: readonly Ran[];
  readonly exitCode: number;
}

/**
 * Runs, and shows each as it goes on and ends. `onLine` gets each event where a machine reads along. An interruption
 * stops the watching, and asks on a terminal whether the runs are to be cancelled, too. Throws `DiagnosticError`.
 */
export const runAndTell = async (
  io: Io,
  options: GlobalOptions,
  request: Omit<RunRequest, 'signal' | 'onEvent'>,
  onLine?: (event: RunEvent) => void,
): Promise<Told> => {
  const quiet = options.json === true;
  const style = styleFor(io, options, io.outIsTerminal);
  const controller = new AbortController();
  const stopListening = io.onInterrupt(() => {
    if (!controller.signal.aborted) io.err('\nInterrupted: nothing more is started or waited for.\n');
    controller.abort();
  });
  const progress = await startProgress(io, 'Starting …', quiet);
  const underWay = new Map<string, Execution>();
  const say = (): void => {
    const lines = [...underWay].map(([address, execution]) => runningText(address, execution, Date.now()));
    const more = lines.length - MOST_LINES;
    progress.say(
      [
        'Running …',
        ...lines.slice(0, MOST_LINES).map((line) => `  ${line}`),
        ...(more > 0 ? [`  and ${more} more`] : []),
      ].join('\n'),
    );
  };
  const onEvent = (event: RunEvent): void => {
    onLine?.(event);
    if (event.type === 'ended') {
      underWay.delete(event.ran.address);
      if (!quiet)
        progress.around(() => {
          io.out(`${ranText(event.ran, style, options.env)}\n`);
        });
    } else underWay.set(event.address, event.execution);
    say();
  };
  try {
    const rans = await runWorkspace({ ...request, signal: controller.signal, onEvent });
    progress.stop();
    if (!quiet && rans.length > 0) io.out(`\n${style.bold(ranCounts(rans))}\n`);
    if (!controller.signal.aborted) return { rans, exitCode: exitCodeOf(rans, request) };
    await askToCancel(io, quiet, rans, async () => cancelRuns(request.settings, rans));
    return { rans, exitCode: exitCodes.interrupted };
  } finally {
    progress.stop();
    stopListening();
  }
};

/** Whoever interrupts may have meant the runs, or only the watching: asked where somebody can be. */
const askToCancel = async (
  io: Io,
  quiet: boolean,
  rans: readonly Ran[],
  cancel: () => Promise<void>,
): Promise<void> => {
  if (io.ask === undefined || quiet || rans.every(({ outcome }) => outcome !== 'running')) return;
  const answer = await io.ask('Cancel what goes on there, too? Only "yes" is taken: ');
  if (answer.trim() !== 'yes') return;
  await cancel();
  io.out('Asked for an end of it.\n');
};

const exitCodeOf = (rans: readonly Ran[], { wait }: Pick<RunRequest, 'wait'>): number => {
  const good = rans.filter(({ outcome }) => outcome === 'done' || (wait === false && outcome === 'running'));
  if (good.length === rans.length) return exitCodes.ok;
  return good.length > 0 ? exitCodes.partly : exitCodes.error;
};
