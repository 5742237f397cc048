/** The way to the API: whose key it is, and whether it is the right one. */
import { actsInMany, listOrganizations, readIdentity, type Identity } from '../api/calls.js';
import { createReader, type ClientOptions } from '../api/client.js';
import { ApiError, failureDiagnostic, isAnswered } from '../api/failure.js';
import type { Dialect } from '../api/dialect.js';
import { createLimiter } from '../api/limiter.js';
import { proxyFrom } from '../api/network.js';
import { dialectOf } from '../api/versions.js';
import { DiagnosticError, type Diagnostic } from '../core/diagnostics.js';
import { createScrubbing } from '../core/scrub.js';
import type { Secret } from '../core/secret.js';
import { didYouMean } from '../core/suggest.js';
import { count, printable } from '../core/text.js';
import { isSecretName } from '../kinds/connection.js';
import { unsupported } from '../kinds/endpoints.js';
import { isMask } from '../kinds/mask.js';
import { kindOf, kinds } from '../kinds/registry.js';
import type { Settings } from '../load/config.js';
import type { Desired } from '../load/desired.js';
import { accountOf, type Live } from '../live/snapshot.js';
import type { Plan } from '../plan/plan.js';
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
        hint: 'make an API key in the user settings of Polytomic, and set it in the environment or in the dotenv file; the key of a partner is POLYTOMIC_PARTNER_KEY',
      },
    ]);
  const proxy = proxyFrom(settings.proxyEnvironment);
  const hidden = [apiKey, ...secrets];
  const dialect = dialectOf(settings.version);
  const { text, body, learn } = createScrubbing(hidden, { isSecretName, secretFields, isMask });
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
  ...(inMany ? { scope: organization, dialect: { ...options.dialect, administers: true as const } } : {}),
});

/** Who the key belongs to: the quickstart's identity call. Throws `DiagnosticError`. */
export const whoami = async (settings: Settings): Promise<Identity> =>
  (await identify(clientOptions(settings, []), settings)).caller;

const asked = async <T>(doing: string, ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError) throw new DiagnosticError([failureDiagnostic(error, doing)]);
    throw error;
  }
};

const WHOSE = 'asking who the API key belongs to';

const isId = (text: string | undefined): text is string =>
  /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text ?? '');

interface Identified {
  readonly caller: Identity;
  /** The key acts in many organizations, of which the one is told that is meant. */
  readonly inMany: boolean;
}

/** Who calls, and where. Throws `DiagnosticError`. */
const identify = async (options: ClientOptions, settings: Settings): Promise<Identified> => {
  const { organization: meant } = settings;
  const within = async (id: string): Promise<Identity> =>
    asked(`${WHOSE} in organization ${id}`, async () =>
      readIdentity(createReader({ ...options, scope: id })),
    );
  const caller = await asked(WHOSE, async () => {
    try {
      return await readIdentity(createReader(options));
    } catch (error) {
      // Whether a deployment's key is known by itself, or in an organization alone, is told in two ways (api.md, 1.2).
      if (error instanceof ApiError && isAnswered(error, 401) && isId(meant)) return undefined;
      throw error;
    }
  });
  if (caller !== undefined && !actsInMany(caller)) return { caller, inMany: false };
  const organization = isId(meant) ? { id: meant, name: '' } : await organizationNamed(options, settings);
  const inside = await within(organization.id);
  return {
    inMany: true,
    caller: {
      ...inside,
      // What is answered of another one is of no use here.
      organization: {
        id: organization.id,
        name: organization.name === '' ? inside.organization.name : organization.name,
      },
    },
  };
};

/** The organization that is meant, among those of a partner. Throws `DiagnosticError`. */
const organizationNamed = async (
  options: ClientOptions,
  { organization: meant, coming, environmentName }: Settings,
): Promise<Identity['organization']> => {
  const all = await asked('reading the organizations of the key', async () =>
    listOrganizations(createReader(options)),
  );
  const fail = (diagnostic: Diagnostic): never => {
    throw new DiagnosticError([diagnostic]);
  };
  const names = all.map(({ name }) => name);
  const shown = names.slice(0, SHOWN).map((name) => `"${printable(name)}"`);
  const more = names.length > SHOWN ? ` and ${count(names.length - SHOWN, 'more', 'more')}` : '';
  if (meant === undefined)
    return fail({
      severity: 'error',
      code: 'which-organization',
      message: 'the key acts in many organizations, and nothing says which is meant',
      hint: `set organization in the configuration file${environmentName === undefined ? ', best for an environment each' : ` for ${environmentName}`}: ${shown.join(', ')}${more}`,
    });
  const found = all.filter(({ id, name }) => name === meant || id === meant);
  const [first, second] = found;
  if (first !== undefined && second === undefined && isId(first.id)) return first;
  const maker = coming?.get(meant);
  if (first === undefined && maker !== undefined)
    return fail({
      severity: 'warning',
      code: ORGANIZATION_TO_COME,
      message: `organization "${printable(meant)}" is not there yet: an apply of the environment "${maker}" makes it`,
      hint: 'what is planned here is told after that apply',
    });
  return fail({
    severity: 'error',
    code: 'unknown-organization',
    message:
      second === undefined
        ? `the key sees no organization "${printable(meant)}"`
        : `the key sees ${found.length} organizations "${printable(meant)}"`,
    hint:
      second === undefined
        ? (didYouMean(meant, names) ?? `it sees ${shown.join(', ')}${more}`)
        : 'name it by its id',
  });
};

/** Of what cannot be planned yet, since an environment before it has to make the organization. */
export const ORGANIZATION_TO_COME = 'organization-to-come';

/** Names of organizations that a finding lists. */
const SHOWN = 8;

const refuse = (message: string, hint: string): never => {
  throw new DiagnosticError([{ severity: 'error', code: 'other-organization', message, hint }]);
};

const calledBy = ({ id, name }: Identity['organization']): string => `${id} ("${printable(name)}")`;

/** Refuses a key of another organization than the one that the configuration file pins. */
export const checkPinned = (
  organization: Identity['organization'],
  { organization: pinned }: Settings,
): void => {
  if (pinned !== undefined && pinned !== organization.id && pinned !== organization.name)
    refuse(
      `the configuration file pins organization "${printable(pinned)}", and the API key belongs to ${calledBy(organization)}`,
      'use the key of that organization, or correct organization in the configuration file',
    );
};

/** Refuses a key of another organization than the one that the state belongs to, or that is pinned. */
export const checkOrganization = (
  state: State,
  organization: Identity['organization'],
  settings: Settings,
  /** The one that a killed run was at work in: its journal is of no use elsewhere, and would be lost there. */
  begun?: string,
): void => {
  const known = state.organization;
  const own = calledBy(organization);
  if (known !== undefined && known.id !== organization.id)
    refuse(
      `the state belongs to organization ${known.id}${known.name === '' ? '' : ` ("${printable(known.name)}")`}, and the API key to ${own}`,
      'use the key of that organization, or --env for an environment with a state of its own',
    );
  if (begun !== undefined && begun !== organization.id)
    refuse(
      `an apply to organization ${printable(begun)} was killed, and the API key belongs to ${own}`,
      'apply with the key of that organization first, or use --env for an environment of its own',
    );
  checkPinned(organization, settings);
};

/** Notes the organizations that a plan would make, for the environments after it. */
export const noteComing = ({ changes }: Plan, environmentName = '', coming?: Map<string, string>): void => {
  for (const { kind, name } of changes)
    if (kindOf(kind).ofAccount === true) coming?.set(name, environmentName);
};

/** Manifests of what belongs to a partner's account, in a run for another organization than the partner's own. */
export const ofOtherAccount = (
  { resources }: Pick<Desired, 'resources'>,
  live: Live,
  { caller, organization }: Identity,
): readonly Diagnostic[] => {
  const own = accountOf(live);
  if (caller !== 'partner' || own === undefined || own === organization.id) return [];
  const name = printable(live.objects.find(({ id }) => id === own)?.name ?? own);
  return resources.flatMap(({ kind, address, place, external }) =>
    external || kindOf(kind).ofAccount !== true
      ? []
      : [
          {
            severity: 'error' as const,
            code: 'not-own-organization',
            message: `${kindOf(kind).noun.many} are managed in the partner's own organization, "${name}", and this run is for "${printable(organization.name)}"`,
            hint: `give them an environment of their own, with manifests: and organization: ${JSON.stringify(name)}`,
            address,
            place,
          },
        ],
  );
};

/** Manifests of kinds that a version of the API does not have, or not for this key, each at its line. */
export const unsupportedKinds = (
  { resources }: Pick<Desired, 'resources'>,
  dialect: Dialect,
): readonly Diagnostic[] =>
  resources.flatMap(({ kind, address, place }) =>
    kindOf(kind).endpoints(dialect) === undefined
      ? [{ ...unsupported(kindOf(kind), dialect), address, place }]
      : [],
  );
