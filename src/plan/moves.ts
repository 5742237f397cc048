/** Bindings under their new addresses. Pure. */
import type { Address } from '../core/address.js';
import type { Diagnostic } from '../core/diagnostics.js';
import type { Desired } from '../load/desired.js';
import type { Binding, State } from '../state/state.js';

export interface Moved {
  readonly state: State;
  /** The old address by the new one, for what did move. */
  readonly from: ReadonlyMap<Address, Address>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The state as the `Moved` documents want it. What moved in an earlier run is where it belongs already. */
export const applyMoves = ({ moves }: Desired, state: State): Moved => {
  const from = new Map<Address, Address>();
  const diagnostics: Diagnostic[] = [];
  const resources = new Map<string, Binding>(Object.entries(state.resources));
  for (const move of moves) {
    const binding = resources.get(move.from);
    if (binding === undefined) continue;
    if (resources.has(move.to)) {
      diagnostics.push({
        severity: 'error',
        code: 'both-bound',
        message: `${move.from} and ${move.to} are both bound to an object`,
        hint: `forget one of them (polytomic-gitops state rm), or say with kind: Removed what becomes of ${move.from}`,
        address: move.to,
        place: move.place,
      });
      continue;
    }
    resources.delete(move.from);
    resources.set(move.to, binding);
    from.set(move.to, move.from);
  }
  const next = from.size === 0 ? state : { ...state, resources: Object.fromEntries(resources) };
  return { state: next, from, diagnostics };
};
