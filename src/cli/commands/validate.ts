import { hasErrors } from '../../core/diagnostics.js';
import { count } from '../../core/text.js';
import { load } from '../../load/load.js';
import { exitCodes, type GlobalOptions, type Io } from '../io.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

export interface ValidateOptions extends GlobalOptions {
  /** commander's name for --without-secrets. */
  readonly withoutSecrets?: boolean;
}

/** `validate`: every manifest, no network. */
export const validate = async (io: Io, options: ValidateOptions): Promise<number> => {
  const settings = await settingsFor(io, options);
  const { desired, diagnostics } = await load({
    ...settings,
    withoutSecrets: options.withoutSecrets === true,
  });
  const resources = desired?.resources ?? [];
  if (options.json === true)
    printJson(io, {
      valid: !hasErrors(diagnostics),
      resources: resources.map(({ address }) => address),
      diagnostics,
    });
  else {
    printDiagnostics(io, options, diagnostics);
    if (desired !== undefined) io.out(`${count(resources.length, 'resource')} valid.\n`);
  }
  return desired === undefined ? exitCodes.error : exitCodes.ok;
};
