/** What hangs on what by the way that rows go: over models, syncs and their turns, and from one table to the next. Pure. */
import { addressOf, type Address } from '../core/address.js';
import type { ValueObject } from '../core/secret.js';
import { feeds, tableOwner, wordsOf, type TableUse, type Way } from '../kinds/lineage.js';
import { referencesFromLive, referencesOf } from '../kinds/references.js';
import type { Reference } from '../kinds/reference.js';
import { kindOf, kinds } from '../kinds/registry.js';
import type { LiveObject } from './snapshot.js';

export interface LineageNode {
  /** The address, or kind and id of what nobody manages here. */
  readonly node: string;
  readonly kind: string;
  readonly name: string;
  readonly address?: Address;
  /** Of what lives. */
  readonly id?: string;
  /** In the manifest's terms, with keys or ids as references. */
  readonly document: ValueObject;
}

/** `to` comes after `from`; `reads what it writes` is a table that the one writes and the other reads. */
export interface LineageEdge {
  readonly from: string;
  readonly to: string;
  readonly way: Way | 'reads what it writes';
}

/** The kinds that rows go through. */
export const lineageKinds = kinds.filter(({ references }) => references.some(({ way }) => way !== undefined));

/** A live object as a node; `addressOfObject` gives the address of what is bound. */
export const liveNode = (
  { kind, id, name, value }: LiveObject,
  addressOfObject: (object: Pick<LiveObject, 'kind' | 'id'>) => Address | undefined,
): LineageNode => {
  const rules = kindOf(kind);
  const address = addressOfObject({ kind, id });
  return {
    node: address ?? `${kind} ${id}`,
    kind,
    name,
    id,
    ...(address === undefined ? {} : { address }),
    document: referencesFromLive(rules, rules.outline?.(value) ?? value, () => undefined),
  };
};

/** A function that finds the node that a reference means. */
const finder = (nodes: readonly LineageNode[]) => {
  const byNode = new Map(nodes.map(({ node }) => [node, node]));
  const byId = new Map(
    nodes.flatMap(({ kind, id, node }) => (id === undefined ? [] : [[`${kind} ${id}`, node]])),
  );
  const byName = new Map(nodes.map(({ kind, name, node }) => [`${kind} ${name}`, node]));
  return (kind: string, reference: Reference): string | undefined =>
    reference.to === 'key'
      ? byNode.get(addressOf(kind, reference.key))
      : reference.to === 'id'
        ? byId.get(`${kind} ${reference.id}`)
        : byName.get(`${kind} ${reference.name}`);
};

interface NodeTable {
  readonly node: string;
  readonly use: TableUse;
}

const push = <T>(map: Map<string, T[]>, key: string, value: T): void => {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
};

/** Everything that rows go through, with what hangs on what. */
export interface Lineage {
  readonly nodes: ReadonlyMap<string, LineageNode>;
  readonly edges: readonly LineageEdge[];
}

/** These nodes, and every edge among them, each once; what hangs on itself is left out. */
export const lineageOf = (nodes: readonly LineageNode[]): Lineage => {
  const find = finder(nodes);
  const edges = new Map<string, LineageEdge>();
  const add = (edge: LineageEdge): void => {
    if (edge.from !== edge.to) edges.set(JSON.stringify([edge.from, edge.to, edge.way]), edge);
  };
  // By connection, and by a word that both have to share: with thousands of each, not every pair is looked at.
  const written = new Map<string, NodeTable[]>();
  const read: (NodeTable & { readonly connection: string })[] = [];
  for (const { node, kind, document } of nodes) {
    const rules = kindOf(kind);
    for (const { rule, reference } of referencesOf(rules, document)) {
      const from = rule.way === undefined ? undefined : find(rule.kind, reference);
      if (from !== undefined && rule.way !== undefined) add({ from, to: node, way: rule.way });
    }
    for (const use of rules.tables?.(document) ?? []) {
      const connection = find(tableOwner, use.connection);
      if (connection === undefined) continue;
      if (use.way === 'reads') read.push({ node, use, connection });
      else for (const word of wordsOf(use)) push(written, `${connection} ${word}`, { node, use });
    }
  }
  for (const { node, use, connection } of read)
    for (const word of wordsOf(use))
      for (const writer of written.get(`${connection} ${word}`) ?? [])
        if (feeds(writer.use, use)) add({ from: writer.node, to: node, way: 'reads what it writes' });
  return { nodes: new Map(nodes.map((node) => [node.node, node])), edges: [...edges.values()] };
};

/** What lives, with what hangs on what. */
export const liveLineage = (
  objects: readonly LiveObject[],
  addressOfObject: Parameters<typeof liveNode>[1],
): Lineage => lineageOf(objects.map((object) => liveNode(object, addressOfObject)));

/** What comes after each node, in the order of the edges. */
export const nextOf = (edges: readonly LineageEdge[]): ReadonlyMap<string, readonly LineageEdge[]> => {
  const next = new Map<string, LineageEdge[]>();
  for (const edge of edges) push(next, edge.from, edge);
  return next;
};
