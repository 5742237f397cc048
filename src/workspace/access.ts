/** The way to the API: what a client needs, and into which organization. */
import type { Identity } from '../api/calls.js';
import type { ClientOptions } from '../api/client.js';
import type { Dialect } from '../api/dialect.js';
import { createLimiter } from '../api/limiter.js';
import { proxyFrom } from '../api/network.js';
import { dialectOf } from '../api/versions.js';
import { DiagnosticError } from '../core/diagnostics.js';
import { createScrubbing } from '../core/scrub.js';
import type { Secret } from '../core/secret.js';
import { isSecretName } from '../kinds/connection.js';
import { withAnyKey } from '../kinds/endpoints.js';
import { isMask } from '../kinds/mask.js';
import { kinds } from '../kinds/registry.js';
import type { Settings } from '../load/config.js';
import { VERSION } from '../version.js';
import { identify } from './identify.js';

/** What a client needs; `secrets` are removed from all that the API sends back. Throws `DiagnosticError`. */
export const clientOptions = (settings: Settings, secrets: readonly Secret[]): ClientOptions => {
  const { apiKey } = settings;
  if (apiKey === undefined)
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'missing-api-key',
        message: 'POLYTOMIC_API_KEY has no value',
        hint: 'make an API key in the user settings of Polytomic, and set it in the environment or in the dotenv file; the key of a partner is POLYTOMIC_PARTNER_KEY',
      },
    ]);
  const proxy = proxyFrom(settings.proxyEnvironment);
  const hidden = [apiKey, ...secrets];
  const dialect = dialectOf(settings.version);
  const { text, body, learn, add } = createScrubbing(hidden, { isSecretName, secretFields, isMask });
  return {
    url: settings.url,
    apiKey,
    dialect,
    userAgent: `polytomic-gitops/${VERSION} (node ${process.versions.node})`,
    timeout: settings.timeout,
    concurrency: settings.concurrency,
    limiter: createLimiter({ most: settings.concurrency }),
    scrub: text,
    scrubBody: body,
    learn,
    hide: add,
    showsSecrets: secretive(dialect),
    ...(settings.onAttempt === undefined ? {} : { onAttempt: settings.onAttempt }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(settings.ca === undefined ? {} : { ca: settings.ca }),
    ...(settings.retryDelay === undefined ? {} : { retryDelay: settings.retryDelay }),
  };
};

/** Fields that are secret as a whole; of a configuration its type says which. */
const secretFields: ReadonlySet<string> = new Set(
  kinds.flatMap(({ secretPaths, shape }) =>
    secretPaths
      .filter((path) => !shape.freeMaps.some((map) => map.join('/') === path.join('/')))
      .flatMap((path) => path.at(-1) ?? []),
  ),
);

/** What is in the address of an answer that may show a secret: the paths of kinds which say what the API keeps. */
const secretive = (dialect: Dialect): RegExp => {
  const paths = kinds.flatMap((kind) =>
    kind.keepsSecret === undefined ? [] : (kind.endpoints(dialect)?.list?.path ?? []),
  );
  return new RegExp(`(${paths.join('|')})(/|\\?|$)`);
};

/** The way into one organization: what a client needs for it, and who calls. */
export interface Access {
  readonly options: ClientOptions & { readonly organization: string };
  readonly caller: Identity;
}

/** As `clientOptions`, for the organization that the key belongs to, or that is meant. Throws `DiagnosticError`. */
export const openAccess = async (settings: Settings, secrets: readonly Secret[]): Promise<Access> => {
  const options = clientOptions(settings, secrets);
  const { caller, inMany } = await identify(options, settings);
  return { options: accessTo(options, caller.organization.id, inMany), caller };
};

/** The options of a client for this organization, in which a key of many acts by its id. */
export const accessTo = (
  options: ClientOptions,
  organization: string,
  inMany: boolean,
): Access['options'] => ({
  ...options,
  organization,
  ...(inMany ? { dialect: withAnyKey(options.dialect) } : {}),
});

/** Who the key belongs to: the quickstart's identity call. Throws `DiagnosticError`. */
export const whoami = async (settings: Settings): Promise<Identity> =>
  (await identify(clientOptions(settings, []), settings)).caller;
