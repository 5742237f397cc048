/** A graph as a picture, laid out by dagre. Pure. */
import * as dagre from '@dagrejs/dagre';
import {
  addressLabel,
  kindIndex,
  labelText,
  omittedText,
  paletteOf,
  type Graph,
  type GraphNode,
} from './graph.js';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is used of dagre, whose own types name their files as Node does not find them. */
interface Drawing {
  readonly setGraph: (label: object) => void;
  readonly setDefaultEdgeLabel: (label: () => object) => void;
  readonly setNode: (name: string, size: Pick<Box, 'width' | 'height'>) => void;
  readonly setEdge: (from: string, to: string) => void;
  readonly graph: () => Box;
  readonly node: (name: string) => Box;
  readonly edge: (from: string, to: string) => { readonly points: readonly Point[] };
}
const { graphlib, layout } = dagre as unknown as {
  readonly graphlib: { readonly Graph: new () => Drawing };
  readonly layout: (drawing: Drawing) => void;
};

const HEIGHT = 50;
const MARGIN = 24;
/** Beyond it the exact search for short edges takes minutes. */
const EXACT = 400;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Nobody can measure text without its font: a little more than common fonts need, in parts of the font's size. */
const widths: readonly (readonly [RegExp, number])[] = [
  [/[\u2e80-\u{10ffff}]/u, 1.15],
  [/[MWmw@%…]/, 1.12],
  [/\p{Lu}/u, 0.78],
];

const widthOf = (text: string, size: number): number =>
  Array.from(text).reduce(
    (sum, character) => sum + size * (widths.find(([some]) => some.test(character))?.[1] ?? 0.62),
    0,
  );

const nameOf = ({ name }: GraphNode): string => labelText(name, 36);
const lineOf = (node: GraphNode): string => labelText(addressLabel(node), 44);

/** Outlines of boxes, given out by the order of kinds: a cylinder, a box, a stadium, a hexagon. */
const outlines: readonly ((width: number, height: number) => string)[] = [
  (w, h) =>
    `<path d="M0 7 V${h - 7} A${w / 2} 6 0 0 0 ${w} ${h - 7} V7 A${w / 2} 6 0 0 0 0 7 A${w / 2} 6 0 0 0 ${w} 7"/>`,
  (w, h) => `<rect width="${w}" height="${h}" rx="6"/>`,
  (w, h) => `<rect width="${w}" height="${h}" rx="${h / 2}"/>`,
  (w, h) => `<path d="M12 0 H${w - 12} L${w} ${h / 2} L${w - 12} ${h} H12 L0 ${h / 2} Z"/>`,
];

const place = ({ nodes, edges }: Graph): Drawing => {
  const drawn = new graphlib.Graph();
  drawn.setGraph({
    rankdir: 'LR',
    nodesep: 18,
    ranksep: 72,
    marginx: MARGIN,
    marginy: MARGIN,
    ranker: nodes.length > EXACT ? 'longest-path' : 'network-simplex',
  });
  drawn.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes)
    drawn.setNode(node.address, {
      width: Math.ceil(Math.max(widthOf(nameOf(node), 13.5), widthOf(lineOf(node), 11.5), 60)) + 36,
      height: HEIGHT,
    });
  for (const { from, to } of edges) drawn.setEdge(to, from);
  layout(drawn);
  return drawn;
};

const round = (number: number): number => Math.round(number * 10) / 10;

type Point = Pick<Box, 'x' | 'y'>;

/** Where an edge passes between other boxes: dagre gives its ends, and points on and between the ranks in turn. */
const bends = ({ points }: { readonly points: readonly Point[] }): readonly Point[] =>
  points.length > 3 ? points.slice(1, -1) : [];

/** From the right side of one box to the left side of another, through the points between in S curves. */
const curve = (from: Box, between: readonly Point[], to: Box): string => {
  const points = [{ x: from.x + from.width / 2, y: from.y }, ...between, { x: to.x - to.width / 2, y: to.y }];
  return points
    .map(({ x, y }, index) => {
      const before = points[index - 1];
      if (before === undefined) return `M${round(x)} ${round(y)}`;
      const middle = round((before.x + x) / 2);
      return `C${middle} ${round(before.y)} ${middle} ${round(y)} ${round(x)} ${round(y)}`;
    })
    .join(' ');
};

/** Where a click on a node leads to, within the page around the picture. */
type LinkTo = (node: GraphNode) => string | undefined;

/**
 * The graph as an SVG picture, from what is needed to what needs it. A page around it gives links to nodes, and may
 * colour its classes in its own way. Ends with a newline.
 */
export const svgText = (graph: Graph, linkTo?: LinkTo): string => {
  const drawn = place(graph);
  const size = drawn.graph();
  const width = Math.ceil(Math.max(Number.isFinite(size.width) ? size.width : 0, 240));
  const foot = graph.omitted === 0 ? 0 : 28;
  const height = Math.ceil(Math.max(Number.isFinite(size.height) ? size.height : 0, 48)) + foot;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="${linkTo === undefined ? 'img' : 'group'}">`,
    '<title>Resources, and what refers to what</title>',
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0.5 L7.5 4 L0 7.5 Z" fill="#818b98"/></marker></defs>',
    '<rect class="paper" width="100%" height="100%" rx="8" fill="#ffffff"/>',
    '<g fill="none" stroke="#818b98" stroke-width="1.4">',
    ...graph.edges.map(
      ({ from, to }) =>
        `<path d="${curve(drawn.node(to), bends(drawn.edge(to, from)), drawn.node(from))}" marker-end="url(#arrow)"/>`,
    ),
    '</g>',
    '<g font-family="system-ui, -apple-system, \'Segoe UI\', Helvetica, Arial, sans-serif" text-anchor="middle">',
    ...graph.nodes.map((node) => linked(linkTo?.(node), box(node, drawn.node(node.address)))),
    ...(foot === 0
      ? []
      : [
          `<text x="${width / 2}" y="${height - 16}" font-size="12" fill="#59636e" class="omitted">${omittedText(graph.omitted)}</text>`,
        ]),
    '</g>',
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
};

const linked = (url: string | undefined, drawn: string): string =>
  url === undefined ? drawn : `<a href="${escaped(url)}">${drawn}</a>`;

const box = (node: GraphNode, { x, y, width, height }: Box): string => {
  const { fill, stroke, text } = paletteOf(node);
  const outline = outlines[kindIndex(node.kind) % outlines.length]?.(width, height) ?? '';
  return [
    `<g class="box ${node.action ?? 'none'}" transform="translate(${round(x - width / 2)} ${round(y - height / 2)})">`,
    `<title>${escaped(labelText(node.name, 300))} (${escaped(addressLabel(node))})</title>`,
    `<g fill="${fill}" stroke="${stroke}" stroke-width="1.4">${outline}</g>`,
    `<text x="${width / 2}" y="27" font-size="13.5" font-weight="600" fill="${text}">${escaped(nameOf(node))}</text>`,
    `<text x="${width / 2}" y="42" font-size="11.5" fill="${text}" opacity="0.75">${escaped(lineOf(node))}</text>`,
    '</g>',
  ].join('');
};
