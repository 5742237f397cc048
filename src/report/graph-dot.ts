/** A graph in the language of Graphviz. Pure. */
import { addressLabel, kindIndex, labelText, omittedText, paletteOf, type Graph } from './graph.js';

/** Given out by the order of kinds. */
const shapes = ['cylinder', 'box', 'oval', 'hexagon', 'component', 'parallelogram'] as const;

/** Text in quotes: Graphviz reads escapes by backslash and entities of HTML in it. https://graphviz.org/doc/info/lang.html */
const quoted = (...lines: readonly string[]): string =>
  `"${lines.map((line) => line.replaceAll(/[\\"]/g, '\\$&').replaceAll('&', '&amp;')).join('\\n')}"`;

/** The graph as DOT, from what is needed to what needs it. Ends with a newline. */
export const dotText = ({ nodes, edges, omitted }: Graph): string =>
  `${[
    'digraph polytomic {',
    '  rankdir=LR;',
    '  node [fontname="Helvetica", style=filled];',
    '  edge [color="#818b98"];',
    ...nodes.map((node) => {
      const { fill, stroke, text } = paletteOf(node);
      const label = quoted(labelText(node.name), addressLabel(node));
      const shape = shapes[kindIndex(node.kind) % shapes.length] ?? 'box';
      return `  ${quoted(node.address)} [label=${label}, shape=${shape}, fillcolor="${fill}", color="${stroke}", fontcolor="${text}"];`;
    }),
    ...(omitted === 0
      ? []
      : [`  omitted [label=${quoted(omittedText(omitted))}, shape=plaintext, style=""];`]),
    ...edges.map(({ from, to }) => `  ${quoted(to)} -> ${quoted(from)};`),
    '}',
  ].join('\n')}\n`;
