/** What a run refuses: another organization than its own, and kinds that its key or its version has not. */
import type { Identity } from '../api/calls.js';
import type { Dialect } from '../api/dialect.js';
import { DiagnosticError, type Diagnostic } from '../core/diagnostics.js';
import { printable } from '../core/text.js';
import { unsupported } from '../kinds/endpoints.js';
import { kindOf } from '../kinds/registry.js';
import type { Settings } from '../load/config.js';
import type { Desired } from '../load/desired.js';
import { accountOf, type Live } from '../live/snapshot.js';
import type { Plan } from '../plan/plan.js';
import type { State } from '../state/state.js';

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
