/** Fingerprints of secrets: they tell whether a value changed, and nothing else. */
import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { secretsOf, type Secret, type ValueObject } from '../core/secret.js';

export interface Fingerprint {
  readonly salt: string;
  readonly hash: string;
}

const LENGTH = 32;
// As the OWASP cheat sheet on password storage says for scrypt where memory is 16 MiB.
const cost = { N: 16_384, r: 8, p: 5 };

const scryptOf = promisify<string, Buffer, number, typeof cost, Buffer>(scrypt);

/** How many derivations are remembered. */
const KEPT = 1000;

// A plan, its apply and what was reviewed ask the same again, and each answer is slow on purpose. No key is a secret.
const derived = new Map<string, Promise<Buffer>>();

const derive = async (text: string, salt: Buffer): Promise<Buffer> => {
  const id = createHmac('sha256', salt).update(text).digest('base64');
  const known = derived.get(id);
  if (known !== undefined) return known;
  const made = scryptOf(text, salt, LENGTH, cost);
  derived.set(id, made);
  const [oldest] = derived.keys();
  if (derived.size > KEPT && oldest !== undefined) derived.delete(oldest);
  return made;
};

/** A fingerprint with a salt of its own. Throws where the secret's value is not known. */
export const fingerprint = async (secret: Secret): Promise<Fingerprint> => {
  const salt = randomBytes(16);
  const hash = await derive(secret.reveal(), salt);
  return { salt: salt.toString('base64'), hash: hash.toString('base64') };
};

/** Those of a document's known secrets, by JSON pointer. */
export const fingerprintsOf = async (document: ValueObject): Promise<Readonly<Record<string, Fingerprint>>> =>
  Object.fromEntries(
    await Promise.all(
      secretsOf(document)
        .filter(([, secret]) => secret.known)
        .map(async ([pointer, secret]) => [pointer, await fingerprint(secret)] as const),
    ),
  );

/** Whether the secret is the one that the fingerprint was made of. */
export const matchesFingerprint = async (secret: Secret, { salt, hash }: Fingerprint): Promise<boolean> => {
  const expected = Buffer.from(hash, 'base64');
  const actual = await derive(secret.reveal(), Buffer.from(salt, 'base64'));
  return expected.length === actual.length && timingSafeEqual(actual, expected);
};
