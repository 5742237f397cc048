/** The way to the API: whose key it is, and whether it is the right one. */
import { readIdentity, type Identity } from '../api/calls.js';
import { createReader, type ClientOptions } from '../api/client.js';
import { ApiError, failureDiagnostic } from '../api/failure.js';
import { createLimiter } from '../api/limiter.js';
import { proxyFrom } from '../api/network.js';
import { dialectOf } from '../api/versions.js';
import { DiagnosticError, type Diagnostic } from '../core/diagnostics.js';
import { createScrubbing } from '../core/scrub.js';
import type { Secret } from '../core/secret.js';
import { printable } from '../core/text.js';
import { isSecretName } from '../kinds/connection.js';
import { unsupported } from '../kinds/endpoints.js';
import { isMask } from '../kinds/mask.js';
import { kindOf } from '../kinds/registry.js';
import type { Settings } from '../load/config.js';
import type { Desired } from '../load/desired.js';
import type { State } from '../state/state.js';
import { VERSION } from '../version.js';

/** What a client needs; `secrets` are removed from all that the API sends back. Throws `DiagnosticError`. */
export const clientOptions = (settings: Settings, secrets: readonly Secret[]): ClientOptions => {
  const { apiKey } = settings;
  if (apiKey === undefined)
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'missing-api-key',
        message: 'POLYTOMIC_API_KEY has no value',
        hint: 'make an API key in the user settings of Polytomic, and set it in the environment or in the dotenv file',
      },
    ]);
  const proxy = proxyFrom(settings.proxyEnvironment);
  const hidden = [apiKey, ...secrets];
  const { text, body, learn } = createScrubbing(hidden, { isSecretName, isMask });
  return {
    url: settings.url,
    apiKey,
    dialect: dialectOf(settings.version),
    userAgent: `polytomic-gitops/${VERSION} (node ${process.versions.node})`,
    timeout: settings.timeout,
    concurrency: settings.concurrency,
    limiter: createLimiter({ most: settings.concurrency }),
    scrub: text,
    scrubBody: body,
    learn,
    ...(settings.onAttempt === undefined ? {} : { onAttempt: settings.onAttempt }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(settings.ca === undefined ? {} : { ca: settings.ca }),
    ...(settings.retryDelay === undefined ? {} : { retryDelay: settings.retryDelay }),
  };
};

/** Who the key belongs to: the quickstart's identity call. Throws `DiagnosticError`. */
export const whoami = async (settings: Settings): Promise<Identity> => identify(clientOptions(settings, []));

/** Who calls. Throws `DiagnosticError`. */
export const identify = async (options: ClientOptions): Promise<Identity> => {
  try {
    return await readIdentity(createReader(options));
  } catch (error) {
    if (error instanceof ApiError)
      throw new DiagnosticError([failureDiagnostic(error, 'asking who the API key belongs to')]);
    throw error;
  }
};

/** Refuses a key of another organization than the one that the state belongs to, or that is pinned. */
export const checkOrganization = (
  state: State,
  organization: Identity['organization'],
  { organization: pinned }: Settings,
  /** The one that a killed run was at work in: its journal is of no use elsewhere, and would be lost there. */
  begun?: string,
): void => {
  const known = state.organization;
  const fail = (message: string, hint: string): never => {
    throw new DiagnosticError([{ severity: 'error', code: 'other-organization', message, hint }]);
  };
  const own = `${organization.id} ("${printable(organization.name)}")`;
  if (known !== undefined && known.id !== organization.id)
    fail(
      `the state belongs to organization ${known.id}${known.name === '' ? '' : ` ("${printable(known.name)}")`}, and the API key to ${own}`,
      'use the key of that organization, or --env for an environment with a state of its own',
    );
  if (begun !== undefined && begun !== organization.id)
    fail(
      `an apply to organization ${printable(begun)} was killed, and the API key belongs to ${own}`,
      'apply with the key of that organization first, or use --env for an environment of its own',
    );
  if (pinned !== undefined && pinned !== organization.id && pinned !== organization.name)
    fail(
      `the configuration file pins organization "${printable(pinned)}", and the API key belongs to ${own}`,
      'use the key of that organization, or correct organization in the configuration file',
    );
};

/** Manifests of kinds that the version of the API does not have, each at its line. */
export const unsupportedKinds = (
  { resources }: Pick<Desired, 'resources'>,
  { dialect }: Pick<ClientOptions, 'dialect'>,
): readonly Diagnostic[] =>
  resources.flatMap(({ kind, address, place }) =>
    kindOf(kind).endpoints(dialect) === undefined
      ? [{ ...unsupported(kindOf(kind), dialect), address, place }]
      : [],
  );
