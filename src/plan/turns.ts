/** What runs before what, and what has to run because something was changed. Pure. */
import { runsAfter } from '../kinds/runs.js';
import { kindOf } from '../kinds/registry.js';
import type { State } from '../state/state.js';
import { nextOf, type Lineage, type LineageEdge, type LineageNode } from '../live/lineage.js';
import type { LiveObject } from '../live/snapshot.js';

const runs = ({ kind }: Pick<LiveObject, 'kind'>): boolean => kindOf(kind).runs !== undefined;

/** What stands between tables and what runs: a model. */
const isView = ({ kind }: Pick<LineageNode, 'kind'>): boolean => {
  const { tables, runs: own } = kindOf(kind);
  return tables !== undefined && own === undefined;
};

/** Every node that can be come to from one of these by such edges, without going through `ends`. */
const reached = (
  from: Iterable<string>,
  edges: readonly LineageEdge[],
  ends: (node: string) => boolean,
): ReadonlySet<string> => {
  const next = nextOf(edges);
  const found = new Set<string>();
  const waiting = [...from];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop())
    for (const { to } of next.get(node) ?? []) {
      if (found.has(to)) continue;
      found.add(to);
      if (!ends(to)) waiting.push(to);
    }
  return found;
};

/**
 * Of each of these objects that runs, the ids of those that run before it: what its schedules name (`run_after`), and
 * what writes a table that it reads, itself or by a model.
 */
export const turnsOf = (
  objects: readonly LiveObject[],
  lineage: Lineage,
): ReadonlyMap<string, readonly string[]> => {
  const nodes = [...lineage.nodes.values()];
  const ids = new Map(nodes.flatMap(({ node, id }) => (id === undefined ? [] : [[node, id] as const])));
  const running = new Set(nodes.flatMap(({ node, kind }) => (runs({ kind }) ? [node] : [])));
  const edges = lineage.edges.filter(({ way }) => way === 'reads' || way === 'reads what it writes');
  const turns = new Map(
    objects
      .filter(runs)
      .map(({ kind, id, value }) => [
        id,
        new Set((kindOf(kind).runs?.schedules(value) ?? []).flatMap(runsAfter)),
      ]),
  );
  for (const node of running)
    for (const after of reached([node], edges, (each) => running.has(each)))
      if (running.has(after) && after !== node) turns.get(ids.get(after) ?? '')?.add(ids.get(node) ?? '');
  return new Map([...turns].map(([id, before]) => [id, [...before]]));
};

/** What runs that was changed, and since when that is so. */
export interface Changed {
  readonly id: string;
  /** The last of the writes, an instant of ISO 8601; absent where the API did not tell of each. */
  readonly at?: string;
}

/** What the last apply sent that runs and is active, and what reads a model that it sent. */
export const changedRuns = (state: State, lineage: Lineage): readonly Changed[] => {
  const { lastApply, resources } = state;
  if (lastApply === undefined) return [];
  const nodes = [...lineage.nodes.values()];
  const touched = nodes.filter(
    ({ address }) => address !== undefined && resources[address]?.apply === lastApply.number,
  );
  const reads = lineage.edges.filter(({ way }) => way === 'reads');
  const writes = new Map<string, (string | undefined)[]>();
  const add = (node: string, by: LineageNode): void => {
    const at = by.address === undefined ? undefined : resources[by.address]?.sent;
    writes.set(node, [...(writes.get(node) ?? []), at]);
  };
  const running = new Map(nodes.filter(runs).map((each) => [each.node, each]));
  for (const each of touched) {
    if (running.has(each.node)) add(each.node, each);
    if (!isView(each)) continue;
    for (const node of reached([each.node], reads, (other) => running.has(other)))
      if (running.has(node)) add(node, each);
  }
  return [...running.values()].flatMap(({ node, id, document }) => {
    const at = writes.get(node);
    if (at === undefined || id === undefined || document['active'] === false) return [];
    const told = at.filter((each) => each !== undefined).sort();
    const last = told.length === at.length ? told.at(-1) : undefined;
    return [{ id, ...(last === undefined ? {} : { at: last }) }];
  });
};
