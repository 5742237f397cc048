/** Who calls, and which organization is meant where a key acts in many. */
import { actsInMany, listOrganizations, readIdentity, type Identity } from '../api/calls.js';
import { createReader, type ClientOptions } from '../api/client.js';
import { ApiError, asking, isAnswered } from '../api/failure.js';
import { DiagnosticError, type Diagnostic } from '../core/diagnostics.js';
import { didYouMean } from '../core/suggest.js';
import { count, printable } from '../core/text.js';
import { withAnyKey } from '../kinds/endpoints.js';
import type { Settings } from '../load/config.js';

const WHOSE = 'asking who the API key belongs to';

const isId = (text: string | undefined): text is string =>
  /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text ?? '');

export interface Identified {
  readonly caller: Identity;
  /** The key acts in many organizations, of which the one is told that is meant. */
  readonly inMany: boolean;
}

/** Who calls, and where. Throws `DiagnosticError`. */
export const identify = async (options: ClientOptions, settings: Settings): Promise<Identified> => {
  const { organization: meant } = settings;
  const within = async (id: string): Promise<Identity> =>
    asking(`${WHOSE} in organization ${id}`, async () =>
      readIdentity(createReader({ ...options, organization: id, dialect: withAnyKey(options.dialect) })),
    );
  const caller = await asking(WHOSE, async () => {
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
  const all = await asking('reading the organizations of the key', async () =>
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
