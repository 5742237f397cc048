/** `impact`: everything downstream of a resource, also what no manifest names. Reads only. */
import { impactText } from '../../report/impact-text.js';
import { impactWorkspace } from '../../workspace/impact.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from '../io.js';
import { startProgress } from '../progress.js';
import { printJson, settingsFor } from '../session.js';

export const impact = async (
  io: Io,
  options: GlobalOptions,
  ...addresses: readonly string[]
): Promise<number> => {
  const settings = await settingsFor(io, options);
  const progress = await startProgress(io, 'Reading Polytomic …', options.json === true);
  try {
    const { impacts } = await impactWorkspace(settings, addresses);
    progress.stop();
    if (options.json === true) printJson(io, { impact: impacts });
    else io.out(impactText(impacts, styleFor(io, options, io.outIsTerminal)));
    return exitCodes.ok;
  } finally {
    progress.stop();
  }
};
