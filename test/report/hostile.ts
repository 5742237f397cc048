/** Names that no notation should choke on. */
import fc from 'fast-check';
import { addressOf } from '../../src/core/address.js';
import type { Graph } from '../../src/report/graph.js';

const pieces = [
  '"',
  "'",
  '`',
  '```',
  '\n',
  '\r\n',
  '\\',
  '\\N',
  '</div>',
  '<script>alert(1)</script>',
  '<br/>',
  '&amp;',
  '&#60;',
  '#quot;',
  '#35;',
  'ﬂ°°60¶ß',
  '%%',
  '%%{init: {"theme": "dark"}}%%',
  'click n0 href "javascript:alert(1)"',
  'end',
  'subgraph',
  'style n0 fill:#f00;',
  ':::create',
  '-->',
  '---',
  '1. ',
  '- ',
  '* ',
  '**',
  '_',
  '$$x$$',
  '[x](javascript:alert(1))',
  '{',
  '}',
  ']',
  '|',
  '@user',
  '#12',
  '😀',
  '👨‍👩‍👧',
  'é',
  '名前',
  'עברית',
  '\u202e',
  '\ud800',
  '\u0000',
  '\u001b[2J',
  ']]>',
  ' ',
  'Customers',
];

export const hostileName = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 5 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

/** A graph of connections with these names, each needed by the next. */
export const named = (names: readonly string[]): Graph => {
  const nodes = names.map((name, index) => ({
    address: addressOf('Connection', `c_${index}-x`),
    kind: 'Connection',
    name,
    ...(index % 2 === 0 ? { action: 'create' as const } : {}),
  }));
  return {
    nodes,
    edges: nodes.slice(1).map(({ address }, index) => ({ from: address, to: nodes[index]!.address })),
    omitted: 0,
  };
};
