/** Keys from texts: slow on purpose where somebody may guess the text. */
import { createHmac, hkdf, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const LENGTH = 32;
// As the OWASP cheat sheet on password storage says for scrypt where memory is 16 MiB.
const cost = { N: 16_384, r: 8, p: 5 };

const scryptOf = promisify<string, Buffer, number, typeof cost, Buffer>(scrypt);

/** How many derivations are remembered. */
const KEPT = 1000;

// A plan, its apply and what was reviewed ask the same again. No key of this map is a secret.
const derived = new Map<string, Promise<Buffer>>();

/** 32 bytes from a text and a salt. */
export type Derive = (text: string, salt: Buffer) => Promise<Buffer>;

/** By scrypt: a third of a second of one core. */
export const derive: Derive = async (text: string, salt: Buffer): Promise<Buffer> => {
  const id = createHmac('sha256', salt).update(text).digest('base64');
  const known = derived.get(id);
  if (known !== undefined) return known;
  const made = scryptOf(text, salt, LENGTH, cost);
  derived.set(id, made);
  const [oldest] = derived.keys();
  if (derived.size > KEPT && oldest !== undefined) derived.delete(oldest);
  return made;
};

const hkdfOf = promisify<string, string, Buffer, string, number, ArrayBuffer>(hkdf);

/** From a text that was made by chance and that nobody guesses, such as an API key: by HKDF (RFC 5869), at once. */
export const deriveStrong: Derive = async (text, salt) =>
  Buffer.from(await hkdfOf('sha256', text, salt, 'polytomic-gitops keyring', LENGTH));
