import { hasErrors, sortDiagnostics } from '../../core/diagnostics.js';
import { count } from '../../core/text.js';
import type { Resource } from '../../load/desired.js';
import { load } from '../../load/load.js';
import { hasPulled } from '../../workspace/pulled.js';
import { exitCodes, type GlobalOptions, type Io } from '../io.js';
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
  if (options.live === true && loaded.desired !== undefined) {
    const progress = await startProgress(io, 'Asking sources and targets …', options.json === true);
    try {
      const { validateLive } = await import('../../workspace.js');
      ({ diagnostics } = await validateLive({ settings, withoutSecrets }));
    } finally {
      progress.stop();
    }
  }
  // Types that were pulled; a live check asks for them itself.
  else if (loaded.desired !== undefined) {
    const pulled = await hasPulled(settings.root);
    const { checkOffline } = await import('../../workspace/offline.js');
    diagnostics = sortDiagnostics([
      ...diagnostics,
      ...(await checkOffline(settings, loaded.desired, pulled)),
    ]);
  }
  const valid = !hasErrors(diagnostics);
  const resources = loaded.desired?.resources ?? [];
  if (options.json === true)
    printJson(io, {
      valid,
      resources: resources.map(({ address }) => address),
      diagnostics,
    });
  else {
    printDiagnostics(io, options, diagnostics);
    if (valid) io.out(`${count(resources.length, 'resource')} valid.\n${olderText(resources)}`);
  }
  return valid ? exitCodes.ok : exitCodes.error;
};
