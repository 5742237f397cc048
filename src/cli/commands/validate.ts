import { hasErrors, sortDiagnostics } from '../../core/diagnostics.js';
import { count } from '../../core/text.js';
import type { Resource } from '../../load/desired.js';
import { load } from '../../load/load.js';
import { exceptedJson, exceptedText } from '../../report/rules-text.js';
import type { Excepted } from '../../rules/rule.js';
import { hasPulled } from '../../workspace/pulled.js';
import { askRules } from '../../workspace/ruled.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from '../io.js';
import { startProgress } from '../progress.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

export interface ValidateOptions extends GlobalOptions {
  /** commander's name for --without-secrets. */
  readonly withoutSecrets?: boolean;
  readonly live?: boolean;
}

/** Not a finding: the older form goes on working. */
const olderText = (resources: readonly Resource[]): string => {
  const { length } = resources.filter(({ older }) => older);
  return length === 0
    ? ''
    : `${count(length, 'resource')} in an older form, which goes on working: fmt --upgrade writes the newer one.\n`;
};

/** `validate`: every manifest, no network; with `--live` against what lives, too. */
export const validate = async (io: Io, options: ValidateOptions): Promise<number> => {
  const settings = await settingsFor(io, options);
  const withoutSecrets = options.withoutSecrets === true;
  const loaded = await load({ ...settings, withoutSecrets });
  let { diagnostics } = loaded;
  let excepted: readonly Excepted[] = [];
  if (options.live === true && loaded.desired !== undefined) {
    const progress = await startProgress(io, 'Asking sources and targets …', options.json === true);
    try {
      const { validateLive } = await import('../../workspace.js');
      const live = await validateLive({ settings, withoutSecrets });
      ({ diagnostics } = live);
      excepted = live.rules?.excepted ?? [];
    } finally {
      progress.stop();
    }
  }
  // Types that were pulled; a live check asks for them itself.
  else if (loaded.desired !== undefined) {
    const pulled = await hasPulled(settings.root);
    const { checkOffline } = await import('../../workspace/offline.js');
    const ruled = await askRules(settings, { desired: loaded.desired });
    ({ excepted } = ruled);
    diagnostics = sortDiagnostics([
      ...diagnostics,
      ...(await checkOffline(settings, loaded.desired, pulled)),
      ...ruled.findings,
    ]);
  }
  const valid = !hasErrors(diagnostics);
  const resources = loaded.desired?.resources ?? [];
  if (options.json === true)
    printJson(io, {
      valid,
      resources: resources.map(({ address }) => address),
      ...exceptedJson(excepted),
      diagnostics,
    });
  else {
    printDiagnostics(io, options, diagnostics);
    io.out(exceptedText(excepted, styleFor(io, options, io.outIsTerminal)));
    if (valid) io.out(`${count(resources.length, 'resource')} valid.\n${olderText(resources)}`);
  }
  return valid ? exitCodes.ok : exitCodes.error;
};
