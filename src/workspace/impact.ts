/** What is downstream in a workspace: of a plan's changes, or of any resource. Reads only. */
import type { Address } from '../core/address.js';
import { DiagnosticError, hasErrors } from '../core/diagnostics.js';
import { lineageKinds, type Lineage } from '../live/lineage.js';
import type { Settings } from '../load/config.js';
import { downstreamOf, impactOf, lineageIn, type Impact } from '../plan/impact.js';
import { applyMoves } from '../plan/moves.js';
import { planWorkspace, type Ready } from '../workspace.js';
import { unknownAddress } from './inspect.js';

/** What is downstream of each change of a plan, managed or not, as far as its kinds were read. */
export const impactOfPlan = (ready: Ready): readonly Impact[] =>
  impactOf(ready.plan, () => lineageOfPlan(ready));

/** Everything of a plan that rows go through. */
export const lineageOfPlan = ({ desired, live, state }: Ready): Lineage =>
  lineageIn({ desired, live, state: applyMoves(desired, state).state });

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
    if (node?.address === undefined) throw unknownAddress(address, known);
    return {
      address: address as Address,
      kind: node.kind,
      name: node.name,
      downstream: downstreamOf(lineage, address),
    };
  });
  return { lineage, impacts };
};
