/** What is downstream of a change, in words. */
import { count, printable } from '../core/text.js';
import { kindOf } from '../kinds/registry.js';
import type { Downstream, Impact } from '../plan/impact.js';
import type { Style } from './style.js';

const ways: Readonly<Record<Downstream['way'], string>> = {
  reads: 'reads it',
  writes: 'writes to it',
  'runs after': 'runs after it',
  'reads what it writes': 'reads what it writes',
};

/** What it is called where no manifest names it. */
const strange = ({ kind, name }: Downstream): string =>
  `${kindOf(kind).noun.one} ${JSON.stringify(name)} (no manifest)`;

const called = (each: Downstream): string => printable(each.address ?? strange(each));

/** `2 syncs and 1 model, of which no manifest names 1`. */
export const downstreamCounts = (downstream: readonly Downstream[]): string => {
  const kinds = [...new Set(downstream.map(({ kind }) => kind))].map((kind) => {
    const { one, many } = kindOf(kind).noun;
    return count(downstream.filter((each) => each.kind === kind).length, one, many);
  });
  const alien = downstream.filter(({ address }) => address === undefined).length;
  const sum = [kinds.slice(0, -1).join(', '), kinds.at(-1) ?? ''].filter((part) => part !== '').join(' and ');
  return `${sum}${alien === 0 ? '' : `, of which no manifest names ${alien === downstream.length ? 'any' : alien}`}`;
};

/** Names of a line of a plan: the rest is counted. */
const MOST_NAMES = 8;

/** A line for each change that has something downstream. */
export const impactLines = (impacts: readonly Impact[]): readonly string[] =>
  impacts.map(({ address, downstream }) => {
    const shown = downstream.slice(0, MOST_NAMES).map(called);
    const more = downstream.length - shown.length;
    return `${address}: ${downstreamCounts(downstream)} (${[...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ')})`;
  });

/** What comes after a node, as a tree of lines. */
export const treeLines = (root: string, downstream: readonly Downstream[]): readonly string[] => {
  const after = new Map<string, Downstream[]>();
  for (const each of downstream) {
    const known = after.get(each.after);
    if (known === undefined) after.set(each.after, [each]);
    else known.push(each);
  }
  const below = (node: string, indent: string): readonly string[] =>
    (after.get(node) ?? []).flatMap((each) => [
      `${indent}${called(each)} ${ways[each.way]}`,
      ...below(each.node, `${indent}  `),
    ]);
  return below(root, '');
};

/** The trees of `impact`, then the counts. Ends with a newline. */
export const impactText = (impacts: readonly Impact[], style: Style): string =>
  `${impacts
    .map(({ address, name, downstream }) =>
      [
        `${style.bold(address)} ${printable(JSON.stringify(name))}`,
        ...treeLines(address, downstream).map((line) => `  ${line}`),
        downstream.length === 0
          ? style.dim('Nothing is downstream of it.')
          : style.bold(`Downstream: ${downstreamCounts(downstream)}.`),
      ].join('\n'),
    )
    .join('\n\n')}\n`;
