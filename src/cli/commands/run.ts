/** `run`: starts syncs, and waits until the data has arrived. */
import { ranCounts, ranText } from '../../report/run-text.js';
import type { Ran, RunEvent } from '../../live/ran.js';
import { cancelRuns, runWorkspace } from '../../workspace/run.js';
import { failure } from '../../workspace/inspect.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from '../io.js';
import { startProgress } from '../progress.js';
import { selectionOf, type SelectionOptions } from '../selection.js';
import { printJson, settingsFor } from '../session.js';

export interface RunOptions extends GlobalOptions, SelectionOptions {
  readonly all?: boolean;
  readonly resync?: boolean;
  readonly test?: boolean;
  /** commander's name for --no-wait. */
  readonly wait?: boolean;
  /** Minutes. */
  readonly timeout?: number;
}

const isChosen = (
  { target, exclude, kind, selector, shard, all }: RunOptions,
  named: readonly string[],
): boolean =>
  all === true ||
  named.length > 0 ||
  [target, exclude, kind, selector, shard].some((each) => each !== undefined);

export const run = async (io: Io, options: RunOptions, ...addresses: readonly string[]): Promise<number> => {
  if (!isChosen(options, addresses))
    throw failure('run-what', 'nothing says what to run', 'name addresses, as sync.customers, or say --all');
  if (options.resync === true && options.test === true)
    throw failure('test-and-resync', '--test and --resync exclude each other', 'give one of them');
  const settings = await settingsFor(io, options);
  const quiet = options.json === true;
  const style = styleFor(io, options, io.outIsTerminal);
  const controller = new AbortController();
  const stopListening = io.onInterrupt(() => {
    if (!controller.signal.aborted) io.err('\nInterrupted: nothing more is started or waited for.\n');
    controller.abort();
  });
  const progress = await startProgress(io, 'Starting …', quiet);
  const records = new Map<string, number>();
  const onEvent = (event: RunEvent): void => {
    if (event.type === 'ended') {
      records.delete(event.ran.address);
      if (!quiet)
        progress.around(() => {
          io.out(`${ranText(event.ran, style, options.env)}\n`);
        });
    } else records.set(event.address, event.execution.records);
    const sum = [...records.values()].reduce((all, each) => all + each, 0);
    progress.say(`Running … ${records.size}, ${sum} records so far`);
  };
  try {
    const { selection } = selectionOf({
      ...options,
      ...(addresses.length === 0 ? {} : { target: [...(options.target ?? []), ...addresses] }),
    });
    const rans = await runWorkspace({
      settings,
      ...(selection === undefined ? {} : { selection }),
      asked: { resync: options.resync === true, test: options.test === true },
      wait: options.wait !== false,
      ...(options.timeout === undefined ? {} : { timeout: options.timeout * 60_000 }),
      signal: controller.signal,
      onEvent,
    });
    progress.stop();
    if (quiet) printJson(io, { runs: rans });
    else io.out(`\n${style.bold(ranCounts(rans))}\n`);
    if (!controller.signal.aborted) return exitCode(rans, options);
    await askToCancel(io, quiet, rans, async () => cancelRuns(settings, rans));
    return exitCodes.interrupted;
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

const exitCode = (rans: readonly Ran[], { wait }: RunOptions): number => {
  const good = rans.filter(({ outcome }) => outcome === 'done' || (wait === false && outcome === 'running'));
  if (good.length === rans.length) return exitCodes.ok;
  return good.length > 0 ? exitCodes.partly : exitCodes.error;
};
