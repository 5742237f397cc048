import { hasErrors } from '../../core/diagnostics.js';
import { count, printable } from '../../core/text.js';
import { load } from '../../load/load.js';
import { modeline } from '../../core/modeline.js';
import { PULLED_SCHEMA, typesInUse } from '../../workspace/pulled.js';
import { pullSchemas } from '../../workspace/schemas.js';
import { exitCodes, type GlobalOptions, type Io } from '../io.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

/** `schemas pull`: the schemas of connection types, for editors and for `validate`. */
export const pull = async (
  io: Io,
  options: GlobalOptions,
  ...operands: readonly string[]
): Promise<number> => {
  const settings = await settingsFor(io, options);
  const { desired, diagnostics: found } =
    operands.length > 0 ? { diagnostics: [] } : await load({ ...settings, withoutSecrets: true });
  if (operands.length === 0 && desired === undefined) {
    if (options.json === true) printJson(io, { diagnostics: found });
    else printDiagnostics(io, options, found);
    return exitCodes.error;
  }
  const wanted = desired === undefined ? [...new Set(operands)] : typesInUse(desired);
  const { types, files, diagnostics } = await pullSchemas(settings, wanted);
  if (options.json === true) printJson(io, { types, files, diagnostics });
  else {
    printDiagnostics(io, options, diagnostics);
    io.out(types.length === 0 ? 'No connection types to fetch.\n' : advice(types, files, settings.manifests));
  }
  return hasErrors(diagnostics) ? exitCodes.error : exitCodes.ok;
};

const advice = (types: readonly string[], files: readonly string[], manifests: readonly string[]): string =>
  [
    `${count(types.length, 'connection type')}: ${types.map(printable).join(', ')}`,
    ...files.map((file) => `+ ${file}`),
    '',
    'validate uses them from now on. To point an editor to them, write at the head of each document',
    `  ${modeline(`../${PULLED_SCHEMA}`)}`,
    '(the path is relative to the file), or remove these lines and write into .vscode/settings.json',
    `  { "yaml.schemas": ${JSON.stringify({ [PULLED_SCHEMA]: manifests })} }`,
    '',
  ].join('\n');
