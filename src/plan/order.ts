/** The order of changes: what is referred to first, deletes in reverse. Pure. */
import type { Address } from '../core/address.js';
import { byCodeUnit } from '../core/json.js';

/** A node and what it waits for; what is not among the nodes does not count. */
export interface Ordered {
  readonly address: Address;
  readonly waitsFor: readonly Address[];
}

/**
 * The nodes so that each comes after all that it waits for; of two that could, the lower address first.
 * `stuck` are those that wait for each other.
 */
export const inOrder = <T extends Ordered>(
  nodes: readonly T[],
): { readonly ordered: readonly T[]; readonly stuck: readonly T[] } => {
  const byAddress = new Map(nodes.map((node) => [node.address, node]));
  const missing = new Map<Address, number>();
  const dependants = new Map<Address, Address[]>();
  for (const { address, waitsFor } of nodes) {
    const needed = waitsFor.filter((other) => byAddress.has(other));
    missing.set(address, needed.length);
    for (const other of needed) dependants.set(other, [...(dependants.get(other) ?? []), address]);
  }
  const result: T[] = [];
  let ready = nodes.filter(({ address }) => missing.get(address) === 0).map(({ address }) => address);
  while (ready.length > 0) {
    const next: Address[] = [];
    for (const address of ready.sort(byCodeUnit)) {
      result.push(byAddress.get(address) as T);
      for (const dependant of dependants.get(address) ?? []) {
        const left = (missing.get(dependant) ?? 0) - 1;
        missing.set(dependant, left);
        if (left === 0) next.push(dependant);
      }
    }
    ready = next;
  }
  const done = new Set(result.map(({ address }) => address));
  return { ordered: result, stuck: nodes.filter(({ address }) => !done.has(address)) };
};
