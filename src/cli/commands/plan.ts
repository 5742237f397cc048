import { hasErrors } from '../../core/diagnostics.js';
import type { Impact } from '../../plan/impact.js';
import { planText } from '../../report/plan-text.js';
import { rowsText } from '../../report/rows-text.js';
import { exceptedJson, exceptedText } from '../../report/rules-text.js';
import { planWorkspace, type PlannedWorkspace } from '../../workspace.js';
import { driftedIn } from '../../workspace/drift.js';
import { impactOfPlan } from '../../workspace/impact.js';
import { noteComing } from '../../workspace/organization.js';
import { sampleRows } from '../../workspace/rows.js';
import { exitCodes, styleFor, type Io } from '../io.js';
import { pageNote, withPage, type PageOptions } from '../page.js';
import { startProgress } from '../progress.js';
import { savePlan } from '../saved.js';
import { selectionOf, type SelectionOptions } from '../selection.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

export interface PlanOptions extends PageOptions, SelectionOptions {
  readonly withoutSecrets?: boolean;
  readonly detailedExitcode?: boolean;
  /** commander's name for --no-preflight. */
  readonly preflight?: boolean;
  /** commander's name for --no-preview. */
  readonly preview?: boolean;
  /** How many rows are shown of each model whose columns may change. */
  readonly rows?: number;
  /** A file to save the plan in. */
  readonly out?: string;
}

interface Found extends PlannedWorkspace {
  readonly impacts?: readonly Impact[];
}

/** `plan`: what an apply would do; writes nothing to Polytomic. */
export const plan = async (io: Io, options: PlanOptions): Promise<number> =>
  withPage<Found>(
    io,
    options,
    async (found) => planPageOf(options, found),
    async (tell) => planned(io, options, tell),
  );

const planPageOf = async (
  { env = '' }: PlanOptions,
  { ready, diagnostics, impacts = [], rules }: Found,
): Promise<string> => {
  const { planPage } = await import('../../report/html-plan.js');
  return planPage({
    ...(ready === undefined ? {} : { plan: ready.plan, resources: ready.desired.resources }),
    diagnostics,
    drifted: ready === undefined ? [] : driftedIn(ready),
    impacts,
    ...(rules === undefined ? {} : { rules }),
    title: env,
    linkTo: () => undefined,
    facts: [],
    made: new Date().toISOString(),
  });
};

const planned = async (
  io: Io,
  options: PlanOptions,
  tell: (found: Found) => Promise<void>,
): Promise<number> => {
  const settings = await settingsFor(io, options);
  const selected = selectionOf(options);
  const progress = await startProgress(io, 'Reading Polytomic …', options.json === true);
  try {
    const {
      ready,
      diagnostics,
      previewed = [],
      rules,
    } = await planWorkspace({
      settings,
      ...selected,
      withoutSecrets: options.withoutSecrets === true,
      ...(options.preflight === false ? {} : { preflight: 'changes' as const }),
      // Who is given no secrets is a stranger, whose queries are not run.
      previews: options.preview !== false && options.withoutSecrets !== true,
    });
    const sampled =
      ready === undefined || options.rows === undefined || options.rows === 0
        ? undefined
        : await sampleRows(settings, ready, previewed, options.rows);
    progress.stop();
    const told = [...diagnostics, ...(sampled?.findings ?? [])];
    const impacts = ready === undefined ? [] : impactOfPlan(ready);
    if (ready !== undefined) noteComing(ready.plan, settings.environmentName, options.coming);
    const failed = hasErrors(diagnostics);
    if (ready !== undefined && options.out !== undefined && !failed)
      await savePlan(io, options, options.out, ready, settings, { ...settings, ...selected });
    await tell({
      ...(ready === undefined ? {} : { ready }),
      diagnostics,
      impacts,
      ...(rules === undefined ? {} : { rules }),
    });
    if (options.json === true)
      printJson(io, {
        ...(ready === undefined ? {} : { plan: ready.plan, impact: impacts }),
        ...(sampled === undefined ? {} : { rows: sampled.samples }),
        ...exceptedJson(rules?.excepted ?? []),
        diagnostics: told,
      });
    else {
      const style = styleFor(io, options, io.outIsTerminal);
      printDiagnostics(io, options, told);
      if (ready !== undefined) io.out(planText(ready.plan, style, impacts));
      io.out(rowsText(sampled?.samples ?? [], style));
      const excepted = exceptedText(rules?.excepted ?? [], style);
      io.out(excepted === '' ? '' : `\n${excepted}`);
      if (ready !== undefined && options.out !== undefined && !failed)
        io.out(`\nSaved. To do exactly this: polytomic-gitops apply ${options.out}\n`);
      io.out(pageNote(options));
    }
    if (ready === undefined || failed) return exitCodes.error;
    return options.detailedExitcode === true && ready.plan.changes.length > 0
      ? exitCodes.changes
      : exitCodes.ok;
  } finally {
    progress.stop();
  }
};
