/** What is wrong with the value of a secret in a manifest. */
import { finding } from './preflight.js';
import type { Finding } from './finding.js';
import type { Kind } from './kind.js';
import { isMask } from './mask.js';

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

/** What a kind says of a field that is a secret as a whole, where a manifest has it as a plain value. */
export const secretField = (name: string): Pick<Kind, 'check' | 'sensitive'> => ({
  check: ({ [name]: value }) =>
    typeof value !== 'string'
      ? []
      : [isMask(value) ? maskInManifest(name, `/${name}`) : secretInClear(name, `/${name}`)],
  sensitive: ({ [name]: value }) => (typeof value === 'string' && value !== '' ? [`/${name}`] : []),
});
