/** The keys that an apply makes fingerprints with: in the state, sealed, before they are used. */
import type { Started } from '../apply/journal.js';
import { secretsOf } from '../core/secret.js';
import type { Settings } from '../load/config.js';
import { newKey, type Key } from '../state/fingerprint.js';
import { newKeyring, sealOwn } from '../state/keyring.js';
import { keysOf, prepareRekeying, type RekeyingOptions } from '../state/rekey.js';
import type { State } from '../state/state.js';
import type { StateStore } from '../state/store.js';
import type { Desired } from '../load/desired.js';
import type { Plan, Work } from '../plan/plan.js';
import { passphraseOf, placedIn, type OpenSecrets } from './secrets.js';

interface Settling {
  readonly state: State;
  readonly secrets: OpenSecrets;
}

interface Planned extends Settling {
  readonly plan: Plan;
  readonly work: Work;
  readonly desired: Desired;
  readonly store: StateStore;
  readonly open: readonly Started[];
}

const derivingOf = ({ derive }: Settings): Pick<RekeyingOptions, 'derive'> =>
  derive === undefined ? {} : { derive };

/** Ids of the keys of what killed runs left open. */
const openKeys = ({ open }: Planned): readonly string[] =>
  open.flatMap(({ binding }) => (binding === null ? [] : keysOf(binding)));

/** A state with keys that the next plan opens at once, where they are not such already; not written yet. */
export const withFreshKeys = async (settings: Settings, ready: Planned, state: State): Promise<Settling> => {
  const { secrets, desired, store } = ready;
  if (!secrets.isStale || !store.durable) return { state, secrets };
  const passphrase = passphraseOf(settings);
  const next = await prepareRekeying({
    ...(state.keyring === undefined ? {} : { keyring: state.keyring }),
    placed: placedIn(desired),
    keys: secrets.keys,
    passphrase,
    kept: openKeys(ready),
    ...derivingOf(settings),
  })(state);
  const { keyring } = next.state;
  const sealed =
    keyring === undefined || next.state !== state
      ? next.state
      : { ...state, keyring: await sealOwn(keyring, passphrase, secrets.keys) };
  return { state: sealed, secrets: { ...secrets, keys: next.keys, isStale: false } };
};

export interface OwnKey {
  /** With the key sealed in it, not written yet; the same state where no secret is sent. */
  readonly state: State;
  /** For what this run sends. */
  readonly key: Key;
  /** What becomes of the state in the end: each group of secrets under a key of its own. */
  readonly finish: (state: State) => Promise<State>;
}

/** A key for the secrets that a plan sends. */
export const withOwnKey = async (settings: Settings, ready: Planned): Promise<OwnKey> => {
  const { plan, work, desired, state, store, secrets } = ready;
  const key = newKey();
  const sent = new Set(
    plan.changes.flatMap(({ step, address }) =>
      secretsOf(work.documents.get(step) ?? {}).length > 0 ? [address] : [],
    ),
  );
  if (sent.size === 0 || !store.durable) return { state, key, finish: async (last) => Promise.resolve(last) };
  const passphrase = passphraseOf(settings);
  const keys = new Map([...secrets.keys, [key.id, key.bytes] as const]);
  const keyring = await sealOwn(state.keyring ?? newKeyring(), passphrase, keys);
  const placed = placedIn(desired);
  const expected = placed
    .filter(
      ({ address, pointer, secret }) =>
        secret.known && (sent.has(address) || secrets.status(address, pointer) === 'same'),
    )
    .map((each) => ({ ...each, isSent: sent.has(each.address) }));
  // What has no answer in the end stays in the journal, with fingerprints of this run.
  const kept = [key.id, ...openKeys(ready)];
  const rekey = prepareRekeying({
    keyring,
    placed,
    keys,
    passphrase,
    expected,
    kept,
    ...derivingOf(settings),
  });
  return { state: { ...state, keyring }, key, finish: async (last) => (await rekey(last)).state };
};
