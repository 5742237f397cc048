/** What is downstream of a change, managed or not: over models, enrichments, syncs, their turns, and tables. Pure. */
import type { Address } from '../core/address.js';
import { byCodeUnit } from '../core/json.js';
import type { Desired } from '../load/desired.js';
import {
  lineageKinds,
  lineageOf,
  liveNode,
  nextOf,
  type Lineage,
  type LineageEdge,
  type LineageNode,
} from '../live/lineage.js';
import type { Live } from '../live/snapshot.js';
import type { State } from '../state/state.js';
import { matchLive } from './match.js';
import { mainSteps, type Change, type Plan } from './plan.js';

/** One thing that comes after what changes. */
export interface Downstream {
  readonly node: string;
  readonly kind: string;
  readonly name: string;
  /** Absent: no manifest of this repository names it. */
  readonly address?: Address;
  /** What it comes after at once, by its node: one of those between, or the changed one itself. */
  readonly after: string;
  readonly way: LineageEdge['way'];
  /** 1: it comes after the changed one itself. */
  readonly distance: number;
}

/** What is downstream of one resource, the nearest first. */
export interface Impact {
  readonly address: Address;
  readonly kind: string;
  readonly name: string;
  readonly downstream: readonly Downstream[];
}

interface Everything {
  readonly desired: Desired;
  readonly live: Live;
  /** With moves applied. */
  readonly state: State;
}

/** What the manifests want, and what else lives: each live object once, by its manifest where it has one. */
export const lineageIn = ({ desired, live, state }: Everything): Lineage => {
  const addresses = new Map(
    (Object.entries(state.resources) as [Address, State['resources'][Address]][]).map(
      ([address, { kind, id }]) => [`${kind} ${id}`, address] as const,
    ),
  );
  const matched = matchLive(desired, live, state).matches;
  const own = matched.map(({ resource: { address, kind, key, document }, live: object }): LineageNode => {
    const { name } = document;
    return {
      node: address,
      kind,
      name: typeof name === 'string' ? name : key,
      address,
      ...(object === undefined ? {} : { id: object.id }),
      document,
    };
  });
  const known = new Set(own.flatMap(({ kind, id }) => (id === undefined ? [] : [`${kind} ${id}`])));
  const others = live.objects
    .filter(({ kind, id }) => !known.has(`${kind} ${id}`))
    .map((object) => liveNode(object, ({ kind, id }) => addresses.get(`${kind} ${id}`)))
    // Lists have what was changed last first.
    .sort((a, b) => byCodeUnit(`${a.kind} ${a.name} ${a.node}`, `${b.kind} ${b.name} ${b.node}`));
  const nodes = [...own, ...others];
  return lineageOf(nodes);
};

/** What is downstream of a node, each thing once, by the shortest way, the nearest first. */
export const downstreamOf = ({ nodes, edges }: Lineage, start: string): readonly Downstream[] =>
  walk(nodes, nextOf(edges), start);

const walk = (
  nodes: Lineage['nodes'],
  next: ReturnType<typeof nextOf>,
  start: string,
): readonly Downstream[] => {
  const found = new Map<string, Downstream>();
  let front: readonly string[] = [start];
  for (let distance = 1; front.length > 0; distance += 1) {
    const further: string[] = [];
    for (const from of front)
      for (const { to, way } of next.get(from) ?? []) {
        const there = nodes.get(to);
        if (to === start || found.has(to) || there === undefined) continue;
        const { node, kind, name, address } = there;
        found.set(to, {
          node,
          kind,
          name,
          ...(address === undefined ? {} : { address }),
          after: from,
          way,
          distance,
        });
        further.push(to);
      }
    front = further;
  }
  return [...found.values()];
};

/** Fields that say nothing of rows, in documents of every kind. */
const beside = /^\/(name|policies|labels)(\/|$)/;

/** Whether a change may be felt further on: something that is there is changed, ended, or made anew. */
const isFelt = ({ action, patch }: Change): boolean =>
  action === 'delete' ||
  action === 'replace' ||
  (action === 'update' && patch.some(({ path }) => typeof path === 'string' && !beside.test(path)));

/**
 * What is downstream of each change of a plan that may be felt there; what has nothing downstream is left out. `lineage`
 * is asked for where there is such a change.
 */
export const impactOf = (plan: Plan, lineage: () => Lineage): readonly Impact[] => {
  const felt = mainSteps(plan.changes).filter(
    (change) => isFelt(change) && lineageKinds.some(({ name }) => name === change.kind),
  );
  if (felt.length === 0) return [];
  const { nodes, edges } = lineage();
  const next = nextOf(edges);
  return felt.flatMap(({ address, kind, name }) => {
    const downstream = walk(nodes, next, address);
    return downstream.length === 0 ? [] : [{ address, kind, name, downstream }];
  });
};
