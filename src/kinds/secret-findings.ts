/** What is wrong with the value of a secret in a manifest. */
import { finding } from './preflight.js';
import type { Finding } from './finding.js';

const hintFor = (name: string): string => `write ${name}: \${secret:NAME} and give NAME in the environment`;

/** A mask stands where a secret should. */
export const maskInManifest = (name: string, pointer: string): Finding =>
  finding(
    'error',
    'mask-in-manifest',
    pointer,
    `${name} is a mask, not a value: the API shows asterisks in the place of a secret`,
    hintFor(name),
  );

/** A secret stands there for everybody to read. */
export const secretInClear = (name: string, pointer: string): Finding =>
  finding('warning', 'secret-in-clear', pointer, `${name} holds a secret in clear`, hintFor(name));
