/** The resources and what refers to what, as a value that is drawn in several notations; Mermaid first. Pure. */
import { byCodeUnit } from '../core/json.js';
import { count, printable } from '../core/text.js';
import { kinds } from '../kinds/registry.js';
import type { Resource } from '../load/desired.js';
import { dependenciesOf } from '../load/graph.js';
import type { Lineage } from '../live/lineage.js';
import type { Impact } from '../plan/impact.js';
import { mainSteps, type Action, type Change, type Plan } from '../plan/plan.js';
import { colours, symbols } from './plan-text.js';

export interface GraphNode {
  /** Kind and id of what no manifest names. */
  readonly address: string;
  /** As `kind:` in a manifest. */
  readonly kind: string;
  /** What Polytomic shows; the key where it has no name. */
  readonly name: string;
  /** What a plan does to it; absent where nothing changes. */
  readonly action?: Action;
}

/** `from` refers to `to`. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

export interface Graph {
  /** By kind as the registry lists them, then by address. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** How many nodes were cut off for want of room. */
  readonly omitted: number;
}

export interface GraphInput {
  readonly resources: readonly Resource[];
  /** Colours what it changes, and adds what has no manifest any more. */
  readonly plan?: Plan;
  /** Keep only what the plan changes, and its direct neighbours. */
  readonly changesOnly?: boolean;
  /** Cut off what is beyond so many nodes; what changes comes first, then its neighbours. */
  readonly most?: number;
}

/** The graph of these resources. */
export const graphOf = ({ resources, plan, changesOnly = false, most }: GraphInput): Graph => {
  // What completes a replacement is another step of the same node.
  const changes = mainSteps(plan?.changes ?? []);
  const actions = actionsIn(plan);
  const known = new Set(resources.map(({ address }) => address));
  const left = changes.filter(({ address }) => !known.has(address));
  const nodes = [...resources.map(nodeOf), ...left.map(leftNode)].map((node) => withAction(node, actions));
  const edges = [
    ...resources.flatMap((resource) =>
      dependenciesOf(resource).map((to) => ({ from: resource.address, to })),
    ),
    // What has no manifest refers to others as it lives.
    ...left.flatMap(({ address, kind, before }) =>
      dependenciesOf({ kind, document: before ?? {} }).map((to) => ({ from: address, to })),
    ),
  ];
  const graph = within({ nodes: [...nodes].sort(byKind), edges, omitted: 0 }, () => true);
  const near = nearChange(graph);
  const chosen = changesOnly ? within(graph, ({ address }) => near.has(address)) : graph;
  return most === undefined ? chosen : cutGraph(chosen, most);
};

/** What a plan changes and its direct neighbours; undefined where nothing refers to anything. */
export const changedGraph = (resources: readonly Resource[], plan: Plan, most: number): Graph | undefined => {
  if (plan.changes.length === 0) return undefined;
  const graph = graphOf({ resources, plan, changesOnly: true, most });
  return graph.edges.length === 0 ? undefined : graph;
};

const actionsIn = (plan: Plan | undefined): ReadonlyMap<string, Action> =>
  new Map(mainSteps(plan?.changes ?? []).map(({ address, action }) => [address, action]));

/** What these are and all that is downstream of them, also what no manifest names. */
export const impactGraph = ({ nodes, edges }: Lineage, impacts: readonly Impact[], plan?: Plan): Graph => {
  const shown = new Set<string>(
    impacts.flatMap(({ address, downstream }) => [address, ...downstream.map(({ node }) => node)]),
  );
  const actions = actionsIn(plan);
  const drawn = [...nodes.values()].flatMap(({ node, kind, name }) =>
    shown.has(node) ? [withAction({ address: node, kind, name }, actions)] : [],
  );
  // Two of one pair, by different ways, are one arrow.
  const arrows = new Map(
    edges.map(({ from, to }) => [JSON.stringify([from, to]), { from: to, to: from }] as const),
  );
  return within({ nodes: drawn.sort(byKind), edges: [...arrows.values()], omitted: 0 }, () => true);
};

/** At most so many nodes: what changes first, then its neighbours, then the rest, each in the graph's order. */
export const cutGraph = (graph: Graph, most: number): Graph => {
  if (graph.nodes.length <= most) return graph;
  const near = nearChange(graph);
  const rank = ({ action, address }: GraphNode): number =>
    action !== undefined ? 0 : near.has(address) ? 1 : 2;
  const kept = new Set([...graph.nodes].sort((a, b) => rank(a) - rank(b)).slice(0, most));
  return {
    ...within(graph, (node) => kept.has(node)),
    omitted: graph.omitted + graph.nodes.length - kept.size,
  };
};

/** The part whose nodes pass, with the edges among them. */
const within = ({ nodes, edges, omitted }: Graph, keep: (node: GraphNode) => boolean): Graph => {
  const kept = nodes.filter(keep);
  const addresses = new Set(kept.map(({ address }) => address));
  return {
    nodes: kept,
    edges: edges.filter(({ from, to }) => from !== to && addresses.has(from) && addresses.has(to)),
    omitted,
  };
};

/** What changes, what it refers to, and what refers to it. */
const nearChange = ({ nodes, edges }: Graph): ReadonlySet<string> => {
  const changed = new Set(nodes.filter(({ action }) => action !== undefined).map(({ address }) => address));
  return new Set([
    ...changed,
    ...edges.flatMap(({ from, to }) => [
      ...(changed.has(from) ? [to] : []),
      ...(changed.has(to) ? [from] : []),
    ]),
  ]);
};

const nodeOf = ({ address, kind, key, document }: Resource): GraphNode => {
  const { name } = document;
  return { address, kind, name: typeof name === 'string' ? name : key };
};

const leftNode = ({ address, kind, name }: Change): GraphNode => ({ address, kind, name });

const withAction = (node: GraphNode, actions: ReadonlyMap<string, Action>): GraphNode => {
  const action = actions.get(node.address);
  return action === undefined ? node : { ...node, action };
};

const kindOrder: ReadonlyMap<string, number> = new Map(kinds.map(({ name }, index) => [name, index]));

/** The place of a kind in the registry: shapes are given out by it. */
export const kindIndex = (kind: string): number => kindOrder.get(kind) ?? kinds.length;

const byKind = (a: GraphNode, b: GraphNode): number =>
  kindIndex(a.kind) - kindIndex(b.kind) || byCodeUnit(a.address, b.address);

/** A name as a label: one line, nothing invisible, and not so long that it fills the picture. */
export const labelText = (text: string, most = 48): string => {
  const shown = Array.from(printable(text));
  return shown.length > most ? `${shown.slice(0, most - 1).join('')}…` : shown.join('');
};

/** The address with the sign that a plan gives to its action: colours alone do not tell everybody. */
export const addressLabel = ({ address, action }: GraphNode): string =>
  action === undefined ? address : `${symbols[action]} ${address}`;

export interface Palette {
  readonly fill: string;
  readonly stroke: string;
  readonly text: string;
}

/** For light and dark pages alike: each colour brings its text along. */
const palettes: Readonly<Record<(typeof colours)[Action] | 'none', Palette>> = {
  green: { fill: '#dafbe1', stroke: '#1a7f37', text: '#0a3d1b' },
  yellow: { fill: '#fff8c5', stroke: '#9a6700', text: '#4d2d00' },
  red: { fill: '#ffebe9', stroke: '#cf222e', text: '#6e011a' },
  cyan: { fill: '#ddf4ff', stroke: '#0969da', text: '#0a3069' },
  none: { fill: '#f6f8fa', stroke: '#818b98', text: '#25292e' },
};

export const paletteOf = ({ action }: GraphNode): Palette =>
  palettes[action === undefined ? 'none' : colours[action]];

/** What GitHub's Mermaid draws at most. https://mermaid.js.org/config/schema-docs/config.html */
const MERMAID_EDGES = 500;
const MERMAID_CHARACTERS = 50_000;

/** Given out by the order of kinds: a cylinder, a box, a stadium, a hexagon … */
const mermaidShapes: readonly (readonly [string, string])[] = [
  ['[("', '")]'],
  ['["', '"]'],
  ['(["', '"])'],
  ['{{"', '"}}'],
  ['[["', '"]]'],
  ['[/"', '"/]'],
];

/**
 * Text for a Mermaid label: letters and digits as they are, everything else as `#NUMBER;`, Mermaid's own notation.
 * So neither Mermaid nor the Markdown inside of labels nor the page around finds anything to act on.
 */
const mermaidLabel = (text: string): string =>
  text
    // What Mermaid reads once more after it has decoded: formulas, and its own marks around entities. A word
    // joiner, which nobody sees, parts them.
    .replaceAll(/\$(?=\$)|ﬂ(?=°)|¶(?=ß)/g, '$&\u2060')
    .replaceAll(/[^\p{L}\p{N}\p{M} ]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);

/**
 * The graph as a Mermaid flowchart, from what is needed to what needs it. Cut to what GitHub draws; ends with a
 * newline.
 */
export const mermaidText = (graph: Graph): string => {
  const text = flowchart(graph);
  return text.length <= MERMAID_CHARACTERS && graph.edges.length <= MERMAID_EDGES
    ? text
    : mermaidText(cutGraph(graph, Math.floor(Math.min(graph.nodes.length, MERMAID_EDGES) * 0.9)));
};

const flowchart = ({ nodes, edges, omitted }: Graph): string => {
  const names = new Map(nodes.map(({ address }, index) => [address, `n${index}`]));
  const used = new Map(nodes.map((node) => [node.action ?? 'none', paletteOf(node)]));
  const lines = [
    'flowchart LR',
    ...nodes.map((node, index) => {
      const [open, close] = mermaidShapes[kindIndex(node.kind) % mermaidShapes.length] as readonly [
        string,
        string,
      ];
      const label = [labelText(node.name), addressLabel(node)].map(mermaidLabel).join('<br/>');
      return `  n${index}${open}${label}${close}:::${node.action ?? 'none'}`;
    }),
    ...(omitted === 0 ? [] : [`  omitted["${mermaidLabel(omittedText(omitted))}"]`]),
    ...edges.map(({ from, to }) => `  ${names.get(to) ?? ''} --> ${names.get(from) ?? ''}`),
    ...[...used].map(
      ([name, { fill, stroke, text }]) => `  classDef ${name} fill:${fill},stroke:${stroke},color:${text}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
};

/** What to say of nodes that were cut off. */
export const omittedText = (omitted: number): string => `and ${count(omitted, 'more resource')}`;
