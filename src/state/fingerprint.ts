/** Fingerprints of secrets: they tell whether a value changed, and nothing else. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { secretsOf, type Secret, type ValueObject } from '../core/secret.js';

export interface Fingerprint {
  readonly salt: string;
  readonly hash: string;
}

const LENGTH = 32;
// As the OWASP cheat sheet on password storage says for scrypt where memory is 16 MiB.
const cost = { N: 16_384, r: 8, p: 5 };

const derive = promisify<string, Buffer, number, typeof cost, Buffer>(scrypt);

/** A fingerprint with a salt of its own. Throws where the secret's value is not known. */
export const fingerprint = async (secret: Secret): Promise<Fingerprint> => {
  const salt = randomBytes(16);
  const hash = await derive(secret.reveal(), salt, LENGTH, cost);
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
  const actual = await derive(secret.reveal(), Buffer.from(salt, 'base64'), LENGTH, cost);
  return expected.length === actual.length && timingSafeEqual(actual, expected);
};
