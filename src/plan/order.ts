/** The order of changes: what is referred to first, deletes in reverse. Pure. */
import { byCodeUnit } from '../core/json.js';

/** A node and what it waits for; what is not among the nodes does not count. */
export interface Ordered {
  readonly step: string;
  readonly waitsFor: readonly string[];
}

/**
 * The nodes so that each comes after all that it waits for; of two that could, the lower step first.
 * `stuck` are those that wait for each other.
 */
export const inOrder = <T extends Ordered>(
  nodes: readonly T[],
): { readonly ordered: readonly T[]; readonly stuck: readonly T[] } => {
  const byStep = new Map(nodes.map((node) => [node.step, node]));
  const missing = new Map<string, number>();
  const dependants = new Map<string, string[]>();
  for (const { step, waitsFor } of nodes) {
    const needed = waitsFor.filter((other) => byStep.has(other));
    missing.set(step, needed.length);
    for (const other of needed) dependants.set(other, [...(dependants.get(other) ?? []), step]);
  }
  const result: T[] = [];
  let ready = nodes.filter(({ step }) => missing.get(step) === 0).map(({ step }) => step);
  while (ready.length > 0) {
    const next: string[] = [];
    for (const step of ready.sort(byCodeUnit)) {
      result.push(byStep.get(step) as T);
      for (const dependant of dependants.get(step) ?? []) {
        const left = (missing.get(dependant) ?? 0) - 1;
        missing.set(dependant, left);
        if (left === 0) next.push(dependant);
      }
    }
    ready = next;
  }
  const done = new Set(result.map(({ step }) => step));
  return { ordered: result, stuck: nodes.filter(({ step }) => !done.has(step)) };
};
