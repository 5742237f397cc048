import { hasErrors } from '../../core/diagnostics.js';
import { count, printable } from '../../core/text.js';
import { load } from '../../load/load.js';
import { modeline } from '../../core/modeline.js';
import { PULLED_SCHEMA, typesInUse } from '../../workspace/pulled.js';
import { pullSchemas, refreshSchemas } from '../../workspace/schemas.js';
import { exitCodes, type GlobalOptions, type Io } from '../io.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

export interface PullOptions extends GlobalOptions {
  /** True: nothing is fetched. */
  readonly offline?: boolean;
}

/** `schemas pull`: the schemas of connection types and of templates, for editors and for `validate`. */
export const pull = async (io: Io, options: PullOptions, ...operands: readonly string[]): Promise<number> => {
  const settings = await settingsFor(io, options);
  const loaded = await load({ ...settings, withoutSecrets: true });
  const { desired, diagnostics: found, templates } = loaded;
  const isOffline = options.offline === true;
  if (operands.length === 0 && desired === undefined && !isOffline) {
    if (options.json === true) printJson(io, { diagnostics: found });
    else printDiagnostics(io, options, found);
    return exitCodes.error;
  }
  const wanted =
    operands.length > 0 ? [...new Set(operands)] : desired === undefined ? [] : typesInUse(desired);
  const { types, files, diagnostics } =
    isOffline || wanted.length === 0
      ? await refreshSchemas(settings, loaded)
      : await pullSchemas(settings, wanted, loaded);
  if (options.json === true) printJson(io, { types, templates: [...templates.keys()], files, diagnostics });
  else {
    printDiagnostics(io, options, diagnostics);
    io.out(advice(types, [...templates.keys()], files, settings.manifests));
  }
  return hasErrors(diagnostics) ? exitCodes.error : exitCodes.ok;
};

const named = (names: readonly string[], what: string): readonly string[] =>
  names.length === 0 ? [] : [`${count(names.length, what)}: ${names.map(printable).join(', ')}`];

const advice = (
  types: readonly string[],
  templates: readonly string[],
  files: readonly string[],
  manifests: readonly string[],
): string =>
  [
    ...(types.length + templates.length === 0 ? ['No connection types and no templates.'] : []),
    ...named(types, 'connection type'),
    ...named(templates, 'template'),
    ...files.map((file) => `+ ${file}`),
    '',
    'validate uses them from now on. To point an editor to them, write at the head of each document',
    `  ${modeline(`../${PULLED_SCHEMA}`)}`,
    '(the path is relative to the file), or remove these lines and write into .vscode/settings.json',
    `  { "yaml.schemas": ${JSON.stringify({ [PULLED_SCHEMA]: manifests })} }`,
    '',
  ].join('\n');
