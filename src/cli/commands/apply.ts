import type { ApplyEvent, Outcome } from '../../apply/apply.js';
import { DiagnosticError } from '../../core/diagnostics.js';
import { outcomeCounts, resultText } from '../../report/outcome-text.js';
import { planText } from '../../report/plan-text.js';
import type { StateStore } from '../../state/store.js';
import {
  applyWorkspace,
  openStore,
  planWorkspace,
  type PlannedWorkspace,
  type Settings,
} from '../../workspace.js';
import { exitCodes, styleFor, type Io } from '../io.js';
import { startProgress } from '../progress.js';
import { locked, type LockedOptions } from '../locked.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

export interface ApplyOptions extends LockedOptions {
  readonly yes?: boolean;
}

/** `apply`: plans, asks, and does it; nobody else does meanwhile. */
export const apply = async (io: Io, options: ApplyOptions): Promise<number> => {
  const settings = await settingsFor(io, options);
  const store = openStore(settings);
  return locked(io, options, { settings, store, purpose: 'apply' }, async () =>
    applyLocked(io, options, settings, store),
  );
};

const applyLocked = async (
  io: Io,
  options: ApplyOptions,
  settings: Settings,
  store: StateStore,
): Promise<number> => {
  const quiet = options.json === true;
  const reading = await startProgress(io, 'Reading Polytomic …', quiet);
  let planned: PlannedWorkspace;
  try {
    planned = await planWorkspace({ settings, store });
  } finally {
    reading.stop();
  }
  const { ready, diagnostics } = planned;
  printDiagnostics(io, options, diagnostics);
  if (ready === undefined) {
    if (quiet) printJson(io, { diagnostics });
    return exitCodes.error;
  }
  if (!quiet) io.out(planText(ready.plan, styleFor(io, options, io.outIsTerminal)));
  if (ready.plan.changes.length === 0) {
    if (quiet) printJson(io, { plan: ready.plan, diagnostics });
    return exitCodes.ok;
  }
  if (options.yes !== true && !(await confirmed(io, quiet))) {
    if (!quiet) io.out('Nothing was changed.\n');
    return exitCodes.error;
  }
  const outcome = await run(io, options, settings, ready);
  const failures = outcome.results.flatMap((result) =>
    result.status === 'failed' ? [result.diagnostic] : [],
  );
  if (quiet)
    printJson(io, {
      plan: ready.plan,
      outcome: outcomeJson(outcome),
      diagnostics: [...diagnostics, ...failures],
    });
  else {
    if (failures.length > 0) io.err('\n');
    printDiagnostics(io, options, failures);
    io.out(`\n${outcomeCounts(outcome)}\n`);
  }
  return exitCode(outcome);
};

const confirmed = async (io: Io, quiet: boolean): Promise<boolean> => {
  if (io.ask === undefined || quiet)
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'no-confirmation',
        message: 'nobody can be asked whether to apply this plan',
        hint: 'add --yes where the plan was reviewed before, as in CI',
      },
    ]);
  return (await io.ask('\nApply these changes? Only "yes" is taken: ')).trim() === 'yes';
};

const run = async (
  io: Io,
  options: ApplyOptions,
  settings: Settings,
  ready: NonNullable<PlannedWorkspace['ready']>,
): Promise<Outcome> => {
  const quiet = options.json === true;
  const style = styleFor(io, options, io.outIsTerminal);
  const controller = new AbortController();
  const stopListening = io.onInterrupt(() => {
    if (!controller.signal.aborted)
      io.err('\nInterrupted: finishing what is under way, starting nothing more.\n');
    controller.abort();
  });
  const progress = await startProgress(io, 'Applying …', quiet);
  const total = ready.plan.changes.length;
  let finished = 0;
  if (!quiet) io.out('\n');
  try {
    return await applyWorkspace({
      settings,
      ready,
      signal: controller.signal,
      onEvent: (event: ApplyEvent) => {
        if (event.type === 'started') return;
        finished += 1;
        progress.say(`Applying … ${finished} of ${total}`);
        if (!quiet)
          progress.around(() => {
            io.out(`${resultText(event.result, style)}\n`);
          });
      },
    });
  } finally {
    progress.stop();
    stopListening();
  }
};

const outcomeJson = ({ results, interrupted, milliseconds }: Outcome): object => ({
  interrupted,
  milliseconds,
  results: results.map(({ change: { address, action }, ...rest }) => ({ address, action, ...rest })),
});

const exitCode = ({ results, interrupted }: Outcome): number => {
  if (interrupted) return exitCodes.interrupted;
  if (results.every(({ status }) => status === 'done')) return exitCodes.ok;
  return results.some(({ status }) => status === 'done') ? exitCodes.partly : exitCodes.error;
};
