/** Secrets against their fingerprints: slow by design, and therefore beside the plan, which is pure. */
import type { Address } from '../core/address.js';
import { pointerSegments, secretsOf, type Secret } from '../core/secret.js';
import { valueAt } from '../kinds/paths.js';
import type { Desired } from '../load/desired.js';
import type { SecretStatus } from '../plan/diff.js';
import type { Plan, Work } from '../plan/plan.js';
import type { SavedPlan } from '../plan/saved.js';
import { fingerprintsOf, matchesFingerprint } from '../state/fingerprint.js';
import type { State } from '../state/state.js';

/** Every secret of the manifests. */
export const secretsIn = ({ resources }: Desired): readonly Secret[] =>
  resources.flatMap(({ document }) => secretsOf(document).map(([, secret]) => secret));

/** Fingerprints are slow by design: all are compared before the plan, which is pure. */
export const compareSecrets = async (
  { resources }: Desired,
  state: State,
): Promise<(address: Address, pointer: string) => SecretStatus> => {
  const statuses = new Map<string, SecretStatus>();
  await Promise.all(
    resources.flatMap(({ address, document }) =>
      secretsOf(document).map(async ([pointer, secret]) => {
        const binding = state.resources[address];
        const known = binding?.secrets[pointer];
        const spoken =
          binding !== undefined && valueAt(binding.applied, pointerSegments(pointer)) !== undefined;
        const status: SecretStatus = !secret.known
          ? 'unknown'
          : known !== undefined
            ? (await matchesFingerprint(secret, known))
              ? 'same'
              : 'changed'
            : binding === undefined || spoken
              ? 'unknown'
              : 'changed';
        statuses.set(`${address} ${pointer}`, status);
      }),
    ),
  );
  return (address, pointer) => statuses.get(`${address} ${pointer}`) ?? 'unknown';
};

interface Sent {
  readonly plan: Plan;
  readonly work: Work;
}

/** The secrets of a plan's changes as fingerprints: whoever applies it must have the same. */
export const planFingerprints = async ({ plan, work }: Sent): Promise<SavedPlan['secrets']> =>
  Object.fromEntries(
    await Promise.all(
      plan.changes.map(
        async ({ step }) => [step, await fingerprintsOf(work.documents.get(step) ?? {})] as const,
      ),
    ),
  );

/** The secrets that are not what they were when a plan was saved, as `STEP POINTER`. */
export const changedSecrets = async (
  { plan, work }: Sent,
  { secrets }: SavedPlan,
): Promise<readonly string[]> => {
  const checks = plan.changes.flatMap(({ step }) =>
    secretsOf(work.documents.get(step) ?? {}).map(async ([pointer, secret]) => {
      const known = secrets[step]?.[pointer];
      const same = known !== undefined && secret.known && (await matchesFingerprint(secret, known));
      return same ? [] : [`${step} ${pointer.slice(1).replaceAll('/', '.')}`];
    }),
  );
  return (await Promise.all(checks)).flat();
};
