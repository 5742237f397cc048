/** `status`: how the syncs are doing, the worst first. Reads only. */
import { statusText } from '../../report/status-text.js';
import { isFailing, type WorkspaceStatus } from '../../live/health.js';
import type { Diagnostic } from '../../core/diagnostics.js';
import { statusWorkspace } from '../../workspace/status.js';
import { exitCodes, styleFor, type Io } from '../io.js';
import { pageNote, withPage, type PageOptions } from '../page.js';
import { startProgress } from '../progress.js';
import { selectionOf, type SelectionOptions } from '../selection.js';
import { printJson, settingsFor } from '../session.js';

export interface StatusOptions extends PageOptions, SelectionOptions {
  readonly all?: boolean;
  readonly failing?: boolean;
}

interface Found {
  readonly status?: WorkspaceStatus;
  readonly diagnostics: readonly Diagnostic[];
}

export const status = async (io: Io, options: StatusOptions): Promise<number> =>
  withPage<Found>(
    io,
    options,
    async (found) => {
      const { statusPage } = await import('../../report/html-status.js');
      return statusPage({
        ...found,
        ...(options.failing === true ? { empty: 'Nothing fails.' } : {}),
        title: options.env ?? '',
        facts: [],
        made: new Date().toISOString(),
      });
    },
    async (tell) => shownStatus(io, options, tell),
  );

const shownStatus = async (
  io: Io,
  options: StatusOptions,
  tell: (found: Found) => Promise<void>,
): Promise<number> => {
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
    await tell({ status: shown, diagnostics: [] });
    if (options.json === true) printJson(io, { ...shown, environment: settings.environmentName ?? null });
    else if (options.failing === true && failing.length === 0) io.out('Nothing fails.\n');
    else io.out(statusText(shown, styleFor(io, options, io.outIsTerminal), Date.now()));
    if (options.json !== true) io.out(pageNote(options));
    return options.failing === true && failing.length > 0 ? exitCodes.changes : exitCodes.ok;
  } finally {
    progress.stop();
  }
};
