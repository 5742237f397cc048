/** New keys for secrets that changed: a key that is sealed under some secrets is never used for another one. */
import { createHash } from 'node:crypto';
import type { Address } from '../core/address.js';
import { byCodeUnit } from '../core/json.js';
import type { Secret } from '../core/secret.js';
import {
  fingerprint,
  isSlow,
  matchFingerprint,
  newKey,
  type Fingerprint,
  type Key,
  type KeyedFingerprint,
  type Keys,
} from './fingerprint.js';
import type { Derive } from './derive.js';
import { newKeyring, sealOwn, sealTogether, type Keyring, type Passphrase } from './keyring.js';
import type { Binding, State } from './state.js';

/** A secret at its place: an address, and a JSON pointer into the document. */
export interface Placed {
  readonly address: Address;
  readonly pointer: string;
  readonly secret: Secret;
}

/** Where one secret and the API key change at once, those of the other group are still known. Each costs a scrypt. */
const GROUPS = 2;

const groupOf = ({ address, pointer }: Pick<Placed, 'address' | 'pointer'>): number =>
  createHash('sha256').update(`${address} ${pointer}`).digest().readUInt8(0) % GROUPS;

interface Known extends Placed {
  readonly fingerprint: Fingerprint;
}

/** Secrets of one group with fingerprints under one new key, and that key under them. */
interface Group {
  readonly members: readonly (Placed & { readonly fingerprint: KeyedFingerprint })[];
  readonly key: Key;
  readonly sealed: string;
}

/** The values of secrets that share a key, in the order in which that is sealed under them. */
export const valuesInOrder = (
  known: readonly { readonly secret: Secret; readonly fingerprint: KeyedFingerprint }[],
): readonly string[] =>
  [...known]
    .sort((a, b) => byCodeUnit(a.fingerprint.nonce, b.fingerprint.nonce))
    .map(({ secret }) => secret.reveal());

/** Whether two lists hold the same secrets. */
const areSame = (a: readonly Placed[], b: readonly Placed[]): boolean =>
  a.length === b.length &&
  a.every((each, index) => {
    const other = b[index];
    return (
      other?.address === each.address &&
      other.pointer === each.pointer &&
      other.secret.reveal() === each.secret.reveal()
    );
  });

export interface Rekeyed {
  readonly state: State;
  readonly keys: Keys;
}

/** Fingerprints under fresh keys where the secrets of a group are not what they were; the same state where all are. */
export type Rekeying = (state: State) => Promise<Rekeyed>;

/** What a state holds of secrets whose values are known. */
const knownIn = async (state: State, placed: readonly Placed[], keys: Keys): Promise<readonly Known[]> => {
  const all = await Promise.all(
    placed.map(async (each): Promise<readonly Known[]> => {
      const own = state.resources[each.address]?.secrets[each.pointer];
      if (own === undefined || !each.secret.known) return [];
      return (await matchFingerprint(each.secret, own, keys)) === 'same'
        ? [{ ...each, fingerprint: own }]
        : [];
    }),
  );
  return all.flat();
};

const groupsOf = <T extends Placed>(members: readonly T[]): readonly (readonly T[])[] => {
  const groups = new Map<number, T[]>();
  for (const each of [...members].sort((a, b) =>
    byCodeUnit(`${a.address} ${a.pointer}`, `${b.address} ${b.pointer}`),
  ))
    groups.set(groupOf(each), [...(groups.get(groupOf(each)) ?? []), each]);
  return [...groups.values()];
};

const makeGroup = async (
  keyring: Keyring,
  of: readonly Placed[],
  derive: Derive | undefined,
): Promise<Group> => {
  const key = newKey();
  const members = of.map((each) => ({ ...each, fingerprint: fingerprint(each.secret, key) }));
  const sealed = await sealTogether(keyring, key.id, key.bytes, valuesInOrder(members), derive);
  return { members, key, sealed };
};

export interface RekeyingOptions {
  /** Default: a new one. */
  readonly keyring?: Keyring;
  /** Every secret of the manifests. */
  readonly placed: readonly Placed[];
  /** All that are known. */
  readonly keys: Keys;
  /** What opens the keyring in the next run. */
  readonly passphrase: Passphrase;
  /** The secrets that will be in the state in the end, and whether this run sends them. */
  readonly expected?: readonly (Placed & { readonly isSent: boolean })[];
  /** For what is sealed under the secrets. Default: by scrypt. */
  readonly derive?: Derive;
  /** Ids of keys that something besides the state is made with: what a journal has open. */
  readonly kept?: Iterable<string>;
}

/** Prepares new keys: what is slow about them (a second or so) is begun at once, for what is expected. */
export const prepareRekeying = ({
  keyring = newKeyring(),
  placed,
  keys,
  passphrase,
  expected = [],
  kept = [],
  derive,
}: RekeyingOptions): Rekeying => {
  const prepared = groupsOf(expected)
    .filter((members) => members.some(({ isSent }) => isSent))
    .map((members) => makeGroup(keyring, members, derive));
  // Whoever waits for them hears of it; a run that ends before does not.
  for (const each of prepared) each.catch(() => undefined);
  const groupFor = async (members: readonly Placed[]): Promise<Group> => {
    for (const each of prepared) {
      const group = await each;
      if (areSame(group.members, members)) return group;
    }
    return makeGroup(keyring, members, derive);
  };
  return async (state) => {
    const now = state.keyring ?? keyring;
    const known = await knownIn(state, placed, keys);
    const others = othersIn(state, known);
    const groups = await Promise.all(
      groupsOf(known)
        .filter((members) => !isSealed(members, others, now))
        .map(groupFor),
    );
    if (groups.length === 0) return { state, keys };
    const resources: Record<Address, Binding> = { ...state.resources };
    for (const { address, pointer, fingerprint: own } of groups.flatMap(({ members }) => members)) {
      const binding = resources[address];
      if (binding !== undefined)
        resources[address] = { ...binding, secrets: { ...binding.secrets, [pointer]: own } };
    }
    const used = new Set([...Object.values(resources).flatMap(keysOf), ...kept]);
    const all = new Map([...keys, ...groups.map(({ key: { id, bytes } }) => [id, bytes] as const)]);
    const together = {
      ...now.together,
      ...Object.fromEntries(groups.map(({ key: { id }, sealed }) => [id, sealed])),
    };
    const next: Keyring = {
      ...now,
      own: now.own.filter((each) => each.keys.some((id) => used.has(id))),
      together: Object.fromEntries(
        Object.entries(together)
          .filter(([id]) => used.has(id))
          .sort(([a], [b]) => byCodeUnit(a, b)),
      ),
    };
    const left: Keys = new Map([...all].filter(([id]) => used.has(id)));
    return {
      state: { ...state, resources, keyring: await sealOwn(next, passphrase, left) },
      keys: left,
    };
  };
};

/** Ids of the keys that the fingerprints of a binding are made with. */
export const keysOf = ({ secrets }: Pick<Binding, 'secrets'>): readonly string[] =>
  Object.values(secrets).flatMap((each) => (isSlow(each) ? [] : [each.key]));

/** How many fingerprints of each key are of secrets whose values nobody knows here. */
const othersIn = (state: State, known: readonly Known[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  const add = (key: string, by: number): unknown => counts.set(key, (counts.get(key) ?? 0) + by);
  for (const key of Object.values(state.resources).flatMap(keysOf)) add(key, 1);
  for (const { fingerprint: each } of known) if (!isSlow(each)) add(each.key, -1);
  return counts;
};

/** Whether these secrets, and no other, share a key that is sealed under them. */
const isSealed = (
  members: readonly Known[],
  others: ReadonlyMap<string, number>,
  keyring: Keyring,
): boolean => {
  const [first] = members;
  if (first === undefined || isSlow(first.fingerprint)) return false;
  const { key } = first.fingerprint;
  return (
    keyring.together[key] !== undefined &&
    others.get(key) === 0 &&
    members.every(({ fingerprint: each }) => !isSlow(each) && each.key === key)
  );
};
