/** What every command begins and ends with: settings, diagnostics, JSON. */
import path from 'node:path';
import { DiagnosticError, hasErrors, type Diagnostic } from '../core/diagnostics.js';
import { withUrls } from '../core/site.js';
import { diagnosticsText } from '../report/diagnostics.js';
import { loadSettings, type Settings } from '../load/config.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from './io.js';

/** The settings that the global options name. Throws `DiagnosticError`. */
export const settingsFor = async (io: Io, options: GlobalOptions): Promise<Settings> => ({
  ...(await loadSettings({
    cwd: path.resolve(io.cwd, options.chdir ?? '.'),
    environment: io.environment,
    ...(options.config === undefined ? {} : { config: options.config }),
    ...(options.env === undefined ? {} : { environmentName: options.env }),
  })),
  ...io.pace,
  ...(io.userCache === undefined ? {} : { userCache: io.userCache }),
  ...(options.coming === undefined ? {} : { coming: options.coming }),
  ...(options.observer === undefined ? {} : { onAttempt: options.observer.onAttempt }),
});

/** Prints one JSON document; findings in it have the addresses of their pages. */
export const printJson = (io: Io, value: object): void => {
  const { diagnostics } = value as { readonly diagnostics?: readonly Diagnostic[] };
  const told = diagnostics === undefined ? value : { ...value, diagnostics: withUrls(diagnostics) };
  io.out(`${JSON.stringify(told, null, 2)}\n`);
};

/** Prints findings for people; JSON output carries them itself. */
export const printDiagnostics = (
  io: Io,
  options: GlobalOptions,
  diagnostics: readonly Diagnostic[],
): void => {
  if (options.json !== true) io.err(diagnosticsText(diagnostics, styleFor(io, options, io.errIsTerminal)));
};

/** Runs a command and turns its findings into an exit code. */
export const guarded = async (
  io: Io,
  options: GlobalOptions,
  command: () => Promise<number>,
): Promise<number> => {
  try {
    try {
      return await command();
    } finally {
      // A run that failed is the one whose trace is wanted.
      await options.observer?.finish();
    }
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    if (options.json === true) printJson(io, { diagnostics: error.diagnostics });
    else printDiagnostics(io, options, error.diagnostics);
    return hasErrors(error.diagnostics) ? exitCodes.error : exitCodes.ok;
  }
};
