/**
 * The keys of fingerprints, in the state, sealed twice: under a key from the API key (or POLYTOMIC_STATE_KEY), which
 * whoever runs this has in hand; and each under one from all the secrets together that it is used for, so that another
 * API key does not make them worthless. Who has neither cannot try a single secret. `docs/state.md` weighs it.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { isJsonArray, isJsonObject, parseJson, type Json } from '../core/json.js';
import { derive as slowly, type Derive } from './derive.js';
import type { Keys } from './fingerprint.js';

export interface Keyring {
  readonly salt: string;
  /** Of whoever applied last, oldest first: the ids of the keys, and the keys, sealed. */
  readonly own: readonly { readonly keys: readonly string[]; readonly seal: string }[];
  /** By the id of a key: that key, sealed under the secrets that it is used for. */
  readonly together: Readonly<Record<string, string>>;
}

/** So many people and jobs, each with an API key of its own, read the keys without the detour over the secrets. */
const MOST_OWN = 8;

export const newKeyring = (): Keyring => ({
  salt: randomBytes(16).toString('base64'),
  own: [],
  together: {},
});

const IV = 12;
const TAG = 16;

const seal = (text: string, key: Buffer): string => {
  const iv = randomBytes(IV);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
};

/** Undefined where the key is another one, or somebody changed the text. */
const unseal = (text: string, key: Buffer): string | undefined => {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length < IV + TAG) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV), { authTagLength: TAG });
  decipher.setAuthTag(bytes.subarray(IV, IV + TAG));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV + TAG)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
};

const saltFor = ({ salt }: Keyring, purpose: string): Buffer => Buffer.from(`${salt} ${purpose}`);

/** What opens a keyring, and how a key is made of it; by default slowly. */
export interface Passphrase {
  readonly text: string;
  readonly derive?: Derive;
}

/** The keys that this passphrase opens; none where no run with it sealed any. */
export const openOwn = async (
  keyring: Keyring,
  { text: own, derive = slowly }: Passphrase,
): Promise<Keys> => {
  if (keyring.own.length === 0) return new Map();
  const key = await derive(own, saltFor(keyring, 'own'));
  return new Map(
    keyring.own.flatMap((each) => {
      const text = unseal(each.seal, key);
      const keys = text === undefined ? {} : parseJson(text);
      return isJsonObject(keys)
        ? Object.entries(keys).flatMap(([id, bytes]): [string, Buffer][] =>
            typeof bytes === 'string' ? [[id, Buffer.from(bytes, 'base64')]] : [],
          )
        : [];
    }),
  );
};

/** The keyring with these keys under this passphrase, in the place of what it sealed before. */
export const sealOwn = async (
  keyring: Keyring,
  { text: own, derive = slowly }: Passphrase,
  keys: Keys,
): Promise<Keyring> => {
  const key = await derive(own, saltFor(keyring, 'own'));
  const text = JSON.stringify(
    Object.fromEntries([...keys].map(([id, bytes]) => [id, bytes.toString('base64')])),
  );
  const others = keyring.own.filter((each) => unseal(each.seal, key) === undefined);
  return {
    ...keyring,
    own: [...others, { keys: [...keys.keys()].sort(), seal: seal(text, key) }].slice(-MOST_OWN),
  };
};

/** What secrets say together: `values` in an order that is the same whenever they are asked again. */
const textOf = (values: readonly string[]): string => JSON.stringify(values);

/** The key of this id, by the secrets that it is used for; undefined where one of them is another one. */
export const openTogether = async (
  keyring: Keyring,
  id: string,
  values: readonly string[],
  derive: Derive = slowly,
): Promise<Buffer | undefined> => {
  const sealed = keyring.together[id];
  if (sealed === undefined || values.length === 0) return undefined;
  const text = unseal(sealed, await derive(textOf(values), saltFor(keyring, id)));
  return text === undefined ? undefined : Buffer.from(text, 'base64');
};

/** A key under the secrets that it is used for. */
export const sealTogether = async (
  keyring: Keyring,
  id: string,
  bytes: Buffer,
  values: readonly string[],
  derive: Derive = slowly,
): Promise<string> => seal(bytes.toString('base64'), await derive(textOf(values), saltFor(keyring, id)));

/** Whether a value is a keyring. */
export const isKeyring = (value: Json | undefined): boolean =>
  isJsonObject(value) &&
  typeof value['salt'] === 'string' &&
  isJsonArray(value['own']) &&
  value['own'].every(
    (each) => isJsonObject(each) && isJsonArray(each['keys']) && typeof each['seal'] === 'string',
  ) &&
  isJsonObject(value['together']) &&
  Object.values(value['together']).every((each) => typeof each === 'string');
