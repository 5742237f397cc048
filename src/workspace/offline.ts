/** What can be said of manifests with no network, beyond loading. Small: every `validate` asks it. */
import type { Diagnostic } from '../core/diagnostics.js';
import type { Settings } from '../load/config.js';
import type { Desired } from '../load/desired.js';
import { storedSchema } from './pulled.js';
import { checkSecretPlaces } from './secret-places.js';

/** All that can be said of manifests beyond loading, with no network: by the types that were pulled, if any were. */
export const checkOffline = async (
  settings: Settings,
  desired: Desired,
  pulled: boolean,
): Promise<readonly Diagnostic[]> => [
  ...(await checkSecretPlaces(desired, settings, async (type) =>
    pulled ? storedSchema(settings.root, type) : undefined,
  )),
  // Loaded when there is something to check by: it compiles schemas.
  ...(pulled ? await (await import('./stored.js')).checkStored(settings.root, desired) : []),
];
