/** What is downstream in a workspace: of a plan's changes, or of any resource. Reads only. */
import type { Address } from '../core/address.js';
import { DiagnosticError, hasErrors } from '../core/diagnostics.js';
import { didYouMean } from '../core/suggest.js';
import { lineageKinds } from '../live/lineage.js';
import type { Settings } from '../load/config.js';
import { downstreamOf, impactOf, lineageIn, type Impact, type Lineage } from '../plan/impact.js';
import { applyMoves } from '../plan/moves.js';
import { planWorkspace, type Ready } from '../workspace.js';

const everythingIn = ({ desired, live, state }: Ready): Parameters<typeof lineageIn>[0] => ({
  desired,
  live,
  state: applyMoves(desired, state).state,
});

/** What is downstream of each change of a plan, managed or not, as far as its kinds were read. */
export const impactOfPlan = (ready: Ready): readonly Impact[] => impactOf(ready.plan, everythingIn(ready));

/** Everything of a plan that rows go through. */
export const lineageOfPlan = (ready: Ready): Lineage => lineageIn(everythingIn(ready));

export interface WorkspaceImpact {
  readonly lineage: Lineage;
  readonly impacts: readonly Impact[];
}

/**
 * What is downstream of these resources, also of kinds that no manifest speaks of, as far as the key may see them.
 * Throws `DiagnosticError` for findings, for an address that there is not, and for what the API answers.
 */
export const impactWorkspace = async (
  settings: Settings,
  addresses: readonly string[],
): Promise<WorkspaceImpact> => {
  const { ready, diagnostics } = await planWorkspace({ settings, withoutSecrets: true, also: lineageKinds });
  if (ready === undefined) throw new DiagnosticError(diagnostics.filter((each) => hasErrors([each])));
  const lineage = lineageOfPlan(ready);
  const known = [...lineage.nodes.values()].flatMap(({ address }) => address ?? []);
  const impacts = addresses.map((address): Impact => {
    const node = lineage.nodes.get(address);
    if (node?.address === undefined)
      throw new DiagnosticError([
        {
          severity: 'error',
          code: 'unknown-address',
          message: `there is no ${address}`,
          hint: didYouMean(address, known) ?? 'an address is KIND.KEY, e.g. model.customers',
        },
      ]);
    return {
      address: address as Address,
      kind: node.kind,
      name: node.name,
      downstream: downstreamOf(lineage, address),
    };
  });
  return { lineage, impacts };
};
