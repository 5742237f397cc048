/** `status`: how the syncs are doing, the worst first. Reads only. */
import { statusText } from '../../report/status-text.js';
import { isFailing } from '../../live/health.js';
import { statusWorkspace } from '../../workspace/status.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from '../io.js';
import { startProgress } from '../progress.js';
import { selectionOf, type SelectionOptions } from '../selection.js';
import { printJson, settingsFor } from '../session.js';

export interface StatusOptions extends GlobalOptions, SelectionOptions {
  readonly all?: boolean;
  readonly failing?: boolean;
}

export const status = async (io: Io, options: StatusOptions): Promise<number> => {
  const settings = await settingsFor(io, options);
  const progress = await startProgress(io, 'Reading Polytomic …', options.json === true);
  try {
    const found = await statusWorkspace(settings, {
      ...selectionOf(options),
      all: options.all === true,
    });
    progress.stop();
    const failing = found.objects.filter(isFailing);
    const shown = options.failing === true ? { ...found, objects: failing } : found;
    if (options.json === true) printJson(io, { ...shown, environment: settings.environmentName ?? null });
    else if (options.failing === true && failing.length === 0) io.out('Nothing fails.\n');
    else io.out(statusText(shown, styleFor(io, options, io.outIsTerminal), Date.now()));
    return options.failing === true && failing.length > 0 ? exitCodes.changes : exitCodes.ok;
  } finally {
    progress.stop();
  }
};
