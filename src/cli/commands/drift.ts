import { driftText } from '../../report/drift-text.js';
import { shardText } from '../../core/shard.js';
import { driftWorkspace } from '../../workspace.js';
import { openStore } from '../../workspace/stores.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from '../io.js';
import { startProgress } from '../progress.js';
import { selectionOf, type SelectionOptions } from '../selection.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

export interface DriftOptions extends GlobalOptions, SelectionOptions {
  /** True: what no manifest speaks of counts as drift. */
  readonly strict?: boolean;
}

/** `drift`: what was changed outside since the last apply. Changes nothing. */
export const drift = async (io: Io, options: DriftOptions): Promise<number> => {
  const { selection } = selectionOf(options);
  const settings = await settingsFor(io, options);
  const progress = await startProgress(io, 'Reading Polytomic …', options.json === true);
  try {
    const found = await driftWorkspace(settings, openStore(settings), selection);
    progress.stop();
    const { drifted, unsaid, same, organization, diagnostics } = found;
    if (options.json === true)
      printJson(io, {
        organization,
        environment: settings.environmentName ?? null,
        ...(options.shard === undefined ? {} : { shard: shardText(options.shard) }),
        drifted,
        unsaid,
        same,
        diagnostics,
      });
    else {
      printDiagnostics(io, options, diagnostics);
      io.out(driftText(found, styleFor(io, options, io.outIsTerminal)));
    }
    const counts = drifted.length + (options.strict === true ? unsaid.length : 0);
    return counts === 0 ? exitCodes.ok : exitCodes.changes;
  } finally {
    progress.stop();
  }
};
