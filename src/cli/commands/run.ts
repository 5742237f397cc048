/** `run`: starts syncs, and waits until the data has arrived. */
import { failure } from '../../workspace/inspect.js';
import type { GlobalOptions, Io } from '../io.js';
import { runAndTell } from '../running.js';
import { selectionOf, type SelectionOptions } from '../selection.js';
import { settingsFor } from '../session.js';

export interface RunOptions extends GlobalOptions, SelectionOptions {
  readonly all?: boolean;
  readonly changed?: boolean;
  readonly resync?: boolean;
  readonly test?: boolean;
  /** commander's name for --no-wait. */
  readonly wait?: boolean;
  /** Minutes. */
  readonly timeout?: number;
}

const isChosen = (
  { target, exclude, kind, selector, shard, all, changed }: RunOptions,
  named: readonly string[],
): boolean =>
  all === true ||
  changed === true ||
  named.length > 0 ||
  [target, exclude, kind, selector, shard].some((each) => each !== undefined);

export const run = async (io: Io, options: RunOptions, ...addresses: readonly string[]): Promise<number> => {
  if (!isChosen(options, addresses))
    throw failure(
      'run-what',
      'nothing says what to run',
      'name addresses, as sync.customers, or say --changed or --all',
    );
  if (options.resync === true && options.test === true)
    throw failure('test-and-resync', '--test and --resync exclude each other', 'give one of them');
  const settings = await settingsFor(io, options);
  const { selection } = selectionOf({
    ...options,
    ...(addresses.length === 0 ? {} : { target: [...(options.target ?? []), ...addresses] }),
  });
  // One value a line, so that it can be read as it comes.
  const line = (value: object): void => {
    if (options.json === true) io.out(`${JSON.stringify(value)}\n`);
  };
  const { rans, exitCode } = await runAndTell(
    io,
    options,
    {
      settings,
      ...(selection === undefined ? {} : { selection }),
      ...(options.changed === true ? { changed: 'all' as const } : {}),
      asked: { resync: options.resync === true, test: options.test === true },
      wait: options.wait !== false,
      ...(options.timeout === undefined ? {} : { timeout: options.timeout * 60_000 }),
    },
    line,
  );
  line({ type: 'result', runs: rans });
  if (rans.length === 0 && options.json !== true)
    io.out('The last apply changed nothing that is active and runs.\n');
  return exitCode;
};
