import { planText } from '../../report/plan-text.js';
import { planWorkspace } from '../../workspace.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from '../io.js';
import { startProgress } from '../progress.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

export interface PlanOptions extends GlobalOptions {
  readonly withoutSecrets?: boolean;
  readonly detailedExitcode?: boolean;
}

/** `plan`: what an apply would do; writes nothing. */
export const plan = async (io: Io, options: PlanOptions): Promise<number> => {
  const settings = await settingsFor(io, options);
  const progress = await startProgress(io, 'Reading Polytomic …', options.json === true);
  try {
    const { ready, diagnostics } = await planWorkspace({
      settings,
      withoutSecrets: options.withoutSecrets === true,
    });
    progress.stop();
    if (options.json === true)
      printJson(io, { ...(ready === undefined ? {} : { plan: ready.plan }), diagnostics });
    else {
      printDiagnostics(io, options, diagnostics);
      if (ready !== undefined) io.out(planText(ready.plan, styleFor(io, options, io.outIsTerminal)));
    }
    if (ready === undefined) return exitCodes.error;
    return options.detailedExitcode === true && ready.plan.changes.length > 0
      ? exitCodes.changes
      : exitCodes.ok;
  } finally {
    progress.stop();
  }
};
