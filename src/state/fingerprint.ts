/** Fingerprints of secrets: they tell whether a value changed, and nothing else to whoever has not the key. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { secretsOf, type Secret, type ValueObject } from '../core/secret.js';
import { derive } from './derive.js';

/** A hash under a key that the keyring holds. */
export interface KeyedFingerprint {
  /** Id of the key. */
  readonly key: string;
  readonly nonce: string;
  readonly mac: string;
}

/** As states before format 3 have them: a slow hash with a salt of its own, and no key. */
export interface SlowFingerprint {
  readonly salt: string;
  readonly hash: string;
}

export type Fingerprint = KeyedFingerprint | SlowFingerprint;

export const isSlow = (fingerprint: Fingerprint): fingerprint is SlowFingerprint => 'hash' in fingerprint;

/** What fingerprints are made with: 256 bits by chance. */
export interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/** Keys by their ids. */
export type Keys = ReadonlyMap<string, Buffer>;

export const newKey = (): Key => ({ id: randomBytes(6).toString('hex'), bytes: randomBytes(32) });

const macOf = (value: string, nonce: string, key: Buffer): Buffer =>
  createHmac('sha256', key).update(`${nonce}\n${value}`).digest();

/** A fingerprint with a nonce of its own. Throws where the secret's value is not known. */
export const fingerprint = (secret: Secret, { id, bytes }: Key): KeyedFingerprint => {
  const nonce = randomBytes(12).toString('base64');
  return { key: id, nonce, mac: macOf(secret.reveal(), nonce, bytes).toString('base64') };
};

/** Those of a document's known secrets, by JSON pointer. */
export const fingerprintsOf = (document: ValueObject, key: Key): Readonly<Record<string, KeyedFingerprint>> =>
  Object.fromEntries(
    secretsOf(document)
      .filter(([, secret]) => secret.known)
      .map(([pointer, secret]) => [pointer, fingerprint(secret, key)] as const),
  );

/** Whether a secret is what a fingerprint was made of; `lost`: nobody has the key any more. */
export type Match = 'same' | 'changed' | 'lost';

const equal = (actual: Buffer, expected: string): Match => {
  const other = Buffer.from(expected, 'base64');
  return other.length === actual.length && timingSafeEqual(actual, other) ? 'same' : 'changed';
};

/** Slow for what an older version wrote: a third of a second of one core for each. */
export const matchFingerprint = async (secret: Secret, known: Fingerprint, keys: Keys): Promise<Match> => {
  if (isSlow(known))
    return equal(await derive(secret.reveal(), Buffer.from(known.salt, 'base64')), known.hash);
  const key = keys.get(known.key);
  return key === undefined ? 'lost' : equal(macOf(secret.reveal(), known.nonce, key), known.mac);
};
