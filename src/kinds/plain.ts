/** What a kind says that has nothing special there: its own file tells what is, beside these. */
import type { Kind, Shape } from './kind.js';
import { noPreflight } from './preflight.js';

/** Every field is the manifest's, and each list has an order. */
export const plainShape: Shape = {
  keyed: [],
  sets: [],
  defaults: [],
  freeMaps: [],
  liveWhenSilent: [],
  serverWhenSilent: [],
  writeOnly: [],
  instructions: [],
  literal: [],
};

/** All that a kind must say, but for what it is, where its objects are, and how one is read. */
export const plain = {
  references: [],
  shape: plainShape,
  immutable: [],
  secretPaths: [],
  levels: [],
  parts: [],
  aliases: [],
  expand: (document) => document,
  collapse: (document) => document,
  madeElsewhere: () => undefined,
  problems: () => [],
  hidden: () => [],
  check: () => [],
  sensitive: () => [],
  complete: (desired) => desired,
  canonical: (document) => document,
  preflight: noPreflight,
} as const satisfies Partial<Kind>;
