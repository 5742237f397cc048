/** Secrets against their fingerprints: their keys are slow to open, and therefore beside the plan, which is pure. */
import type { Address } from '../core/address.js';
import type { Diagnostic } from '../core/diagnostics.js';
import { pointerSegments, secretsOf, type Secret } from '../core/secret.js';
import { count } from '../core/text.js';
import { valueAt } from '../kinds/paths.js';
import type { Settings } from '../load/config.js';
import type { Desired } from '../load/desired.js';
import type { SecretStatus } from '../plan/diff.js';
import type { Plan, Work } from '../plan/plan.js';
import type { SavedPlan } from '../plan/saved.js';
import {
  fingerprintsOf,
  isSlow,
  matchFingerprint,
  newKey,
  type KeyedFingerprint,
  type Keys,
  type Match,
} from '../state/fingerprint.js';
import { deriveStrong } from '../state/derive.js';
import {
  newKeyring,
  openOwn,
  openTogether,
  sealOwn,
  sealTogether,
  type Keyring,
  type Passphrase,
} from '../state/keyring.js';
import { valuesInOrder, type Placed } from '../state/rekey.js';
import type { Binding, State } from '../state/state.js';

/** Every secret of the manifests. */
export const secretsIn = ({ resources }: Desired): readonly Secret[] =>
  resources.flatMap(({ document }) => secretsOf(document).map(([, secret]) => secret));

/** Every secret of the manifests at its place. */
export const placedIn = ({ resources }: Desired): readonly Placed[] =>
  resources.flatMap(({ address, document }) =>
    secretsOf(document).map(([pointer, secret]) => ({ address, pointer, secret })),
  );

/** What opens the keyring of a state: a text that a person may have thought of slowly, an API key at once. */
export const passphraseOf = ({ stateKey, apiKey, derive }: Settings): Passphrase =>
  stateKey === undefined
    ? { text: apiKey?.reveal() ?? '', derive: deriveStrong }
    : { text: stateKey.reveal(), ...(derive === undefined ? {} : { derive }) };

export interface OpenSecrets {
  readonly status: (address: Address, pointer: string) => SecretStatus;
  /** All keys that could be opened. */
  readonly keys: Keys;
  /** Whether the state is to be written for its secrets alone: they are slow to compare as they stand there. */
  readonly isStale: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Opens the state's keys, and compares every secret with what was last applied. Writes nothing. */
export const openSecrets = async (
  settings: Settings,
  desired: Desired,
  state: State,
): Promise<OpenSecrets> => {
  const placed = placedIn(desired);
  const prints = placed.flatMap(({ address, pointer, secret }) => {
    const own = state.resources[address]?.secrets[pointer];
    return own === undefined || !secret.known ? [] : [own];
  });
  const wanted = new Set(prints.flatMap((each) => (isSlow(each) ? [] : [each.key])));
  const { keyring } = state;
  const own =
    keyring === undefined || wanted.size === 0
      ? new Map<string, Buffer>()
      : await openOwn(keyring, passphraseOf(settings));
  const missing = [...wanted].filter((id) => !own.has(id));
  const bySecrets =
    keyring === undefined ? new Map() : await openMissing(settings, keyring, missing, placed, state);
  const keys: Keys = new Map([...own, ...bySecrets]);
  const statuses = await Promise.all(
    placed.map(
      async (each) => [`${each.address} ${each.pointer}`, await compare(each, state, keys)] as const,
    ),
  );
  const all = new Map(statuses);
  const lost = statuses.filter(([, status]) => status === 'lost').length;
  return {
    status: (address, pointer) => {
      const status = all.get(`${address} ${pointer}`) ?? 'unknown';
      return status === 'lost' ? 'changed' : status;
    },
    keys,
    isStale: prints.some(isSlow) || bySecrets.size > 0,
    diagnostics: [...(bySecrets.size > 0 ? [newStateKey()] : []), ...(lost > 0 ? [lostStateKey(lost)] : [])],
  };
};

const newStateKey = (): Diagnostic => ({
  severity: 'warning',
  code: 'new-state-key',
  message:
    'what the state holds of secrets was sealed with another API key; the secrets themselves opened it, which takes a while',
  hint: 'the next apply seals it with this one too; where several keys take turns, set POLYTOMIC_STATE_KEY to the same value for all of them',
});

const lostStateKey = (lost: number): Diagnostic => ({
  severity: 'warning',
  code: 'lost-state-key',
  message: `${count(lost, 'secret')} cannot be compared with what was last applied: the state was sealed with another API key, and some of the secrets changed as well`,
  hint: 'they count as changed, and are sent again; to compare them, plan with the former key (POLYTOMIC_STATE_KEY)',
});

/** Keys that only the secrets that they are used for can open. */
const openMissing = async (
  { derive }: Settings,
  keyring: Keyring,
  missing: readonly string[],
  placed: readonly Placed[],
  { resources }: State,
): Promise<Keys> => {
  const secrets = new Map(placed.map(({ address, pointer, secret }) => [`${address} ${pointer}`, secret]));
  const opened = await Promise.all(
    missing.map(async (id): Promise<[string, Buffer][]> => {
      const used = (Object.entries(resources) as [Address, Binding][]).flatMap(([address, binding]) =>
        Object.entries(binding.secrets).flatMap(([pointer, fingerprint]) =>
          isSlow(fingerprint) || fingerprint.key !== id
            ? []
            : [{ secret: secrets.get(`${address} ${pointer}`), fingerprint }],
        ),
      );
      const known = used.flatMap(({ secret, fingerprint }) =>
        secret?.known === true ? [{ secret, fingerprint }] : [],
      );
      if (known.length < used.length) return [];
      const key = await openTogether(keyring, id, valuesInOrder(known), derive);
      return key === undefined ? [] : [[id, key]];
    }),
  );
  return new Map(opened.flat());
};

const compare = async (
  { address, pointer, secret }: Placed,
  { resources }: State,
  keys: Keys,
): Promise<SecretStatus | Match> => {
  if (!secret.known) return 'unknown';
  const binding = resources[address];
  const known = binding?.secrets[pointer];
  if (known !== undefined) return matchFingerprint(secret, known, keys);
  const spoken = binding !== undefined && valueAt(binding.applied, pointerSegments(pointer)) !== undefined;
  return binding === undefined || spoken ? 'unknown' : 'changed';
};

interface Sent {
  readonly plan: Plan;
  readonly work: Work;
}

/** The id by which the only key of a saved plan is known. */
const PLAN = 'plan';

type Prints = Pick<SavedPlan, 'secrets' | 'keyring'>;

/** The secrets of a plan's changes as fingerprints: whoever applies it must have the same. */
export const planFingerprints = async (settings: Settings, { plan, work }: Sent): Promise<Prints> => {
  const key = { id: PLAN, bytes: newKey().bytes };
  const secrets = Object.fromEntries(
    plan.changes.map(({ step }) => [step, fingerprintsOf(work.documents.get(step) ?? {}, key)] as const),
  );
  const used = comparedIn(printsOf({ plan, work }, secrets));
  if (used.length === 0) return { secrets };
  const sealed = await sealOwn(newKeyring(), passphraseOf(settings), new Map([[PLAN, key.bytes]]));
  const together = await sealTogether(sealed, PLAN, key.bytes, valuesInOrder(used), settings.derive);
  return { secrets, keyring: { ...sealed, together: { [PLAN]: together } } };
};

interface Print {
  readonly place: string;
  readonly secret: Secret;
  /** Undefined where none was saved. */
  readonly fingerprint: KeyedFingerprint | undefined;
}

/** The secrets of a plan's documents, with what was saved of them. */
const printsOf = ({ plan, work }: Sent, secrets: SavedPlan['secrets']): readonly Print[] =>
  plan.changes.flatMap(({ step }) =>
    secretsOf(work.documents.get(step) ?? {}).map(([pointer, secret]) => ({
      place: `${step} ${pointer.slice(1).replaceAll('/', '.')}`,
      secret,
      fingerprint: secrets[step]?.[pointer],
    })),
  );

/** Those that can be compared. */
const comparedIn = (
  prints: readonly Print[],
): readonly (Print & { readonly fingerprint: KeyedFingerprint })[] =>
  prints.flatMap(({ fingerprint, ...print }) =>
    fingerprint === undefined || !print.secret.known ? [] : [{ ...print, fingerprint }],
  );

/** The secrets that are not what they were when a plan was saved, as `STEP POINTER`. */
export const changedSecrets = async (
  settings: Settings,
  sent: Sent,
  { secrets, keyring }: SavedPlan,
): Promise<readonly string[]> => {
  const prints = printsOf(sent, secrets);
  const known = comparedIn(prints);
  const places = prints.map(({ place }) => place);
  if (keyring === undefined || known.length === 0) return places;
  const own = await openOwn(keyring, passphraseOf(settings));
  // With another API key only all of them together tell; where one changed nobody can say which.
  const key = own.get(PLAN) ?? (await openTogether(keyring, PLAN, valuesInOrder(known), settings.derive));
  const keys: Keys = key === undefined ? new Map() : new Map([[PLAN, key]]);
  const same = new Set(
    (
      await Promise.all(
        known.map(async ({ place, secret, fingerprint }) =>
          (await matchFingerprint(secret, fingerprint, keys)) === 'same' ? [place] : [],
        ),
      )
    ).flat(),
  );
  return places.filter((place) => !same.has(place));
};
