import type { ApplyEvent, Outcome } from '../../apply/apply.js';
import { DiagnosticError } from '../../core/diagnostics.js';
import { parseJson } from '../../core/json.js';
import { printable } from '../../core/text.js';
import type { SavedPlan } from '../../plan/saved.js';
import { driftText } from '../../report/drift-text.js';
import { outcomeCounts, outcomeFindings, resultText } from '../../report/outcome-text.js';
import { planText } from '../../report/plan-text.js';
import { exceptedJson, exceptedText } from '../../report/rules-text.js';
import type { StateStore } from '../../state/store.js';
import {
  applyWorkspace,
  driftWorkspace,
  planWorkspace,
  settleWorkspace,
  type PlannedWorkspace,
  type Ready,
  type Settings,
} from '../../workspace.js';
import { failure } from '../../workspace/inspect.js';
import { settledState } from '../../workspace/journal.js';
import { withStops } from '../../workspace/ruled.js';
import { staleness } from '../../workspace/saved.js';
import { openStore } from '../../workspace/stores.js';
import { serializeState } from '../../state/state.js';
import { exitCodes, styleFor, type Io } from '../io.js';
import { startProgress } from '../progress.js';
import { locked, type LockedOptions } from '../locked.js';
import { runAndTell, type Told } from '../running.js';
import { loadPlan } from '../saved.js';
import { selectionOf, type SelectionOptions } from '../selection.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

export interface ApplyOptions extends LockedOptions, SelectionOptions {
  readonly yes?: boolean;
  readonly failFast?: boolean;
  readonly refreshOnly?: boolean;
  /** Runs what was changed, once the lock is given back. */
  readonly runChanged?: boolean;
  /** Rules whose approval the person takes on themselves. */
  readonly approve?: readonly string[];
  /** Minutes to wait for those runs. */
  readonly runTimeout?: number;
}

/** `apply`: plans, asks, and does it; nobody else does meanwhile. With a file: exactly that plan, or nothing. */
export const apply = async (io: Io, options: ApplyOptions, file?: string): Promise<number> => {
  const { refreshOnly = false, runChanged = false, runTimeout } = options;
  if (refreshOnly && runChanged)
    throw failure(
      'refresh-and-run',
      '--refresh-only changes nothing that --run-changed could run',
      'give one of them',
    );
  if (runTimeout !== undefined && !runChanged)
    throw failure(
      'timeout-of-nothing',
      '--run-timeout waits for runs, and none is asked for',
      'add --run-changed',
    );
  const saved = file === undefined ? undefined : await loadPlan(io, options, file);
  const settings = await settingsFor(io, options);
  const store = openStore(settings);
  const texts: string[] = [];
  // What ran belongs into the same value.
  const own: Io = runChanged && options.json === true ? { ...io, out: (text) => texts.push(text) } : io;
  const { exitCode, applied } = await locked(own, options, { settings, store, purpose: 'apply' }, async () =>
    refreshOnly
      ? { exitCode: await refresh(own, options, settings, store), applied: false }
      : applyLocked(own, options, { settings, store, saved }),
  );
  if (!runChanged) return exitCode;
  const told = exitCode === exitCodes.ok ? await runSince(io, options, settings, applied) : undefined;
  if (options.json === true)
    printJson(io, {
      ...(parseJson(texts.join('') || '{}') as object),
      ...(told === undefined ? {} : { runs: told.rans }),
    });
  else if (told === undefined && applied) io.out('Nothing is run, since not all of it was applied.\n');
  return told?.exitCode ?? exitCode;
};

/** Runs what was changed. Where nothing was to be applied: what is left from the last time. */
const runSince = async (
  io: Io,
  options: ApplyOptions,
  settings: Settings,
  applied: boolean,
): Promise<Told> => {
  if (options.json !== true && applied) io.out('\n');
  return runAndTell(io, options, {
    settings,
    changed: applied ? 'all' : 'left',
    asked: {},
    ...(options.runTimeout === undefined ? {} : { timeout: options.runTimeout * 60_000 }),
  });
};

/** Takes what drifted for what was applied: the next plan compares the manifests with it. */
const refresh = async (
  io: Io,
  options: ApplyOptions,
  settings: Settings,
  store: StateStore,
): Promise<number> => {
  const quiet = options.json === true;
  await settledState(settings, store);
  const drift = await driftWorkspace(settings, store, selectionOf(options).selection);
  if (!quiet) io.out(driftText(drift, styleFor(io, options, io.outIsTerminal)));
  const state = await store.read();
  if (drift.drifted.length + drift.unsaid.length > 0) {
    if (options.yes !== true && !(await confirmed(io, quiet, 'Accept this into the state?'))) {
      if (!quiet) io.out('Nothing was changed.\n');
      return exitCodes.error;
    }
    await store.write({ ...drift.accepted, organization: drift.organization });
    if (!quiet) io.out('\nAccepted into the state. Polytomic was not changed.\n');
    // What was applied by an older version has nothing to compare the next drift with.
  } else if (serializeState(drift.accepted) !== serializeState(state))
    await store.write({ ...drift.accepted, organization: drift.organization });
  if (quiet) printJson(io, { drifted: drift.drifted, unsaid: drift.unsaid, same: drift.same });
  return exitCodes.ok;
};

interface Session {
  readonly settings: Settings;
  readonly store: StateStore;
  readonly saved: SavedPlan | undefined;
}

/** What an apply came to, and whether it did anything. */
interface Applied {
  readonly exitCode: number;
  readonly applied: boolean;
}

const not = (exitCode: number): Applied => ({ exitCode, applied: false });

const applyLocked = async (io: Io, options: ApplyOptions, session: Session): Promise<Applied> => {
  const { settings, store, saved } = session;
  const quiet = options.json === true;
  const reading = await startProgress(io, 'Reading Polytomic …', quiet);
  const selected =
    saved === undefined
      ? selectionOf(options)
      : { ...selectionOf(options), prune: saved.prune, ...selectionIn(saved) };
  let planned: PlannedWorkspace;
  try {
    const { approve: approved } = options;
    planned = await planWorkspace({
      settings,
      store,
      ...selected,
      ...(approved === undefined ? {} : { approved }),
    });
  } finally {
    reading.stop();
  }
  const stops = planned.ready?.stops ?? [];
  const diagnostics = withStops(planned.diagnostics, stops);
  const excepted = planned.rules?.excepted ?? [];
  printDiagnostics(io, options, diagnostics);
  if (planned.ready === undefined || stops.length > 0) {
    if (quiet) printJson(io, { ...exceptedJson(excepted), diagnostics });
    else if (planned.ready !== undefined) io.out('Rules stop this plan, and nothing was done.\n');
    return not(exitCodes.error);
  }
  const moved = saved === undefined ? [] : await staleness(settings, saved, planned.ready);
  if (moved.length > 0) return not(refused(io, options, moved));
  if (!quiet && planned.ready.recovered.length > 0)
    io.out(
      `A run before this one was killed; what it did is known: ${planned.ready.recovered.join(', ')}.\n\n`,
    );
  const ready = await settleWorkspace(settings, planned.ready);
  if (!quiet) {
    const style = styleFor(io, options, io.outIsTerminal);
    io.out(planText(ready.plan, style));
    if (excepted.length > 0) io.out(`\n${exceptedText(excepted, style)}`);
  }
  if (ready.plan.changes.length === 0) {
    if (quiet) printJson(io, { plan: ready.plan, ...exceptedJson(excepted), diagnostics });
    return not(exitCodes.ok);
  }
  // A saved plan was reviewed: that is what it is for.
  if (options.yes !== true && saved === undefined && !(await confirmed(io, quiet, 'Apply these changes?'))) {
    if (!quiet) io.out('Nothing was changed.\n');
    return not(exitCodes.error);
  }
  const outcome = await run(io, options, settings, ready);
  const failures = outcomeFindings(outcome);
  if (quiet)
    printJson(io, {
      plan: ready.plan,
      outcome: outcomeJson(outcome),
      ...exceptedJson(excepted),
      diagnostics: [...diagnostics, ...failures],
    });
  else {
    if (failures.length > 0) io.err('\n');
    printDiagnostics(io, options, failures);
    io.out(`\n${outcomeCounts(outcome)}\n`);
  }
  return { exitCode: exitCode(outcome), applied: true };
};

const selectionIn = ({ selection }: SavedPlan): Pick<SavedPlan, 'selection'> =>
  selection === undefined ? {} : { selection };

/** Says what moved since the plan was reviewed, and does nothing. */
const refused = (io: Io, options: ApplyOptions, moved: readonly string[]): number => {
  if (options.json === true) printJson(io, { stale: moved });
  else
    io.err(
      [
        'The plan is stale, and nothing was done. Since it was made, there moved:',
        ...moved.map((line) => `  ${printable(line)}`),
        'Plan again, and have that reviewed.',
        '',
      ].join('\n'),
    );
  return exitCodes.stale;
};

const confirmed = async (io: Io, quiet: boolean, question: string): Promise<boolean> => {
  if (io.ask === undefined || quiet)
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'no-confirmation',
        message: 'nobody can be asked whether to apply this plan',
        hint: 'add --yes where the plan was reviewed before, as in CI',
      },
    ]);
  return (await io.ask(`\n${question} Only "yes" is taken: `)).trim() === 'yes';
};

const run = async (io: Io, options: ApplyOptions, settings: Settings, ready: Ready): Promise<Outcome> => {
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
      failFast: options.failFast === true,
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
  results: results.map(({ change: { step, address, action }, ...rest }) => ({
    address,
    ...(step === address ? {} : { step }),
    action,
    ...rest,
  })),
});

const exitCode = ({ results, interrupted }: Outcome): number => {
  if (interrupted) return exitCodes.interrupted;
  if (results.every(({ status }) => status === 'done')) return exitCodes.ok;
  return results.some(({ status }) => status === 'done') ? exitCodes.partly : exitCodes.error;
};
