/** The library's face: a repository of manifests, validated, planned and applied. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { readIdentity, type Identity, type JobOptions } from './api/calls.js';
import { createReader, createWriter, type ClientOptions } from './api/client.js';
import { ApiError, failureDiagnostic } from './api/failure.js';
import { createLimiter } from './api/limiter.js';
import { proxyFrom } from './api/network.js';
import { dialectOf } from './api/versions.js';
import { applyPlan, type ApplyEvent, type Outcome } from './apply/apply.js';
import { journalFile, noJournal, readJournal, startJournal } from './apply/journal.js';
import { recover, recoverDone, type Recovered } from './apply/recover.js';
import type { Address } from './core/address.js';
import { DiagnosticError, hasErrors, type Diagnostic } from './core/diagnostics.js';
import {
  createBodyScrubber,
  createScrubber,
  pointerSegments,
  secretsOf,
  type Secret,
} from './core/secret.js';
import { printable } from './core/text.js';
import { valueAt } from './kinds/paths.js';
import { loadSettings, type Settings } from './load/config.js';
import type { Desired } from './load/desired.js';
import { load, type Loaded } from './load/load.js';
import { cacheFile, noCache, openCache, type DetailCache } from './live/cache.js';
import { readLive } from './live/snapshot.js';
import type { SecretStatus } from './plan/diff.js';
import { findDrift, type Drift } from './plan/drift.js';
import { makePlan } from './plan/make.js';
import { wantedLive } from './plan/match.js';
import { applyMoves } from './plan/moves.js';
import type { Plan, Work } from './plan/plan.js';
import type { SavedPlan } from './plan/saved.js';
import type { Selection } from './plan/select.js';
import { fingerprint, matchesFingerprint } from './state/fingerprint.js';
import type { State } from './state/state.js';
import { gitStore } from './state/git.js';
import type { LockInfo } from './state/lock.js';
import { fileStore, noStore, type StateStore } from './state/store.js';
import { VERSION } from './version.js';

export { loadSettings, type Settings };

export interface RunOptions {
  readonly settings: Settings;
  /** True: secrets without a value are no finding. Such a run can plan and not apply. */
  readonly withoutSecrets?: boolean;
  /** Where the state is; an apply has it open and locked already. */
  readonly store?: StateStore;
  /** A part of the manifests. */
  readonly selection?: Selection;
  /** In place of what the settings say. */
  readonly prune?: 'managed' | 'never';
  readonly maxDeletes?: number | string;
}

/** A plan with all that an apply of it needs. */
export interface Ready {
  readonly plan: Plan;
  readonly work: Work;
  readonly desired: Desired;
  readonly state: State;
  readonly store: StateStore;
  /** Addresses of which the journal of a run that was killed told the outcome. */
  readonly recovered: readonly Address[];
  /** Idempotency keys that such a run left open. */
  readonly keys: Recovered['keys'];
}

export interface PlannedWorkspace {
  /** Absent where there is an error. */
  readonly ready?: Ready;
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads and checks every manifest. No network. */
export const validateWorkspace = async ({ settings, withoutSecrets = false }: RunOptions): Promise<Loaded> =>
  load({ ...settings, withoutSecrets });

const clientOptions = (settings: Settings, secrets: readonly Secret[]): ClientOptions => {
  const { apiKey } = settings;
  if (apiKey === undefined)
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'missing-api-key',
        message: 'POLYTOMIC_API_KEY has no value',
        hint: 'make an API key in the user settings of Polytomic, and set it in the environment or in the dotenv file',
      },
    ]);
  const proxy = proxyFrom(settings.environment);
  return {
    url: settings.url,
    apiKey,
    dialect: dialectOf(settings.version),
    userAgent: `polytomic-gitops/${VERSION} (node ${process.versions.node})`,
    timeout: settings.timeout,
    concurrency: settings.concurrency,
    limiter: createLimiter({ most: settings.concurrency }),
    scrub: createScrubber([apiKey, ...secrets]),
    scrubBody: createBodyScrubber([apiKey, ...secrets]),
    ...(settings.onAttempt === undefined ? {} : { onAttempt: settings.onAttempt }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(settings.ca === undefined ? {} : { ca: settings.ca }),
    ...(settings.retryDelay === undefined ? {} : { retryDelay: settings.retryDelay }),
  };
};

const secretsIn = ({ resources }: Desired): readonly Secret[] =>
  resources.flatMap(({ document }) => secretsOf(document).map(([, secret]) => secret));

/** Who the key belongs to: the quickstart's identity call. Throws `DiagnosticError`. */
export const whoami = async (settings: Settings): Promise<Identity> => identify(clientOptions(settings, []));

const identify = async (options: ClientOptions): Promise<Identity> => {
  try {
    return await readIdentity(createReader(options));
  } catch (error) {
    if (error instanceof ApiError)
      throw new DiagnosticError([failureDiagnostic(error, 'asking who the API key belongs to')]);
    throw error;
  }
};

/** Loads, reads and compares; writes nothing. Throws `DiagnosticError` for what the API or the disk answers. */
export const planWorkspace = async (run: RunOptions): Promise<PlannedWorkspace> => {
  const { settings } = run;
  const { desired, diagnostics } = await validateWorkspace(run);
  if (desired === undefined) return { diagnostics };
  const options = clientOptions(settings, secretsIn(desired));
  const { store = openStore(settings) } = run;
  const stored = await store.read();
  const reader = createReader(options);
  const { organization } = await identify(options);
  checkOrganization(stored, organization, settings);
  const journal = store.durable
    ? await readJournal(journalFile(settings.root, settings.environmentName))
    : [];
  const done = recoverDone(stored, journal);
  const expected = applyMoves(desired, done.state).state;
  const [live, statuses] = await Promise.all([
    readLive(
      reader,
      wantedLive(desired, expected),
      settings.concurrency,
      await cacheFor(settings, organization),
    ),
    compareSecrets(desired, expected),
  ]);
  const recovered = recover(stored, journal, live);
  const { state, keys } = recovered;
  const moved = applyMoves(desired, state).state;
  const planned = makePlan({
    desired,
    live,
    state,
    durable: store.durable,
    organization,
    prune: run.prune ?? settings.prune,
    ...(settings.environmentName === undefined ? {} : { environment: settings.environmentName }),
    ...(run.selection === undefined ? {} : { selection: run.selection }),
    ...limitOf(run.maxDeletes ?? settings.maxDeletes),
    secretStatus:
      recovered.addresses.length === done.addresses.length ? statuses : await compareSecrets(desired, moved),
  });
  const all = [...diagnostics, ...planned.diagnostics];
  if (planned.plan === undefined || planned.work === undefined) return { diagnostics: all };
  const { plan, work } = planned;
  const ready: Ready = { plan, work, desired, state, store, recovered: recovered.addresses, keys };
  return { ready, diagnostics: all };
};

const limitOf = (maxDeletes: number | string | undefined): { readonly maxDeletes?: number | string } =>
  maxDeletes === undefined ? {} : { maxDeletes };

const cacheFor = async (
  { root, environmentName, version, state }: Settings,
  { id }: Identity['organization'],
): Promise<DetailCache> =>
  // Who keeps no state keeps nothing.
  state === 'none' ? noCache : openCache(cacheFile(root, environmentName), { organization: id, version });

/** What lives, against what was last applied: manifests and secrets are not needed. Throws `DiagnosticError`. */
export const driftWorkspace = async (
  settings: Settings,
  store: StateStore,
): Promise<Drift & { readonly organization: Identity['organization'] }> => {
  const options = clientOptions(settings, []);
  const state = await store.read();
  const { organization } = await identify(options);
  checkOrganization(state, organization, settings);
  const ids = new Set(Object.values(state.resources).map(({ id }) => id));
  const live = await readLive(
    createReader(options),
    (_kind, id) => ids.has(id),
    settings.concurrency,
    await cacheFor(settings, organization),
  );
  return { ...findDrift(state, live), organization };
};

/** Refuses a key of another organization than the one that the state belongs to, or that is pinned. */
const checkOrganization = (
  state: State,
  organization: Identity['organization'],
  { organization: pinned }: Settings,
): void => {
  const known = state.organization;
  const fail = (message: string, hint: string): never => {
    throw new DiagnosticError([{ severity: 'error', code: 'other-organization', message, hint }]);
  };
  const own = `${organization.id} ("${printable(organization.name)}")`;
  if (known !== undefined && known.id !== organization.id)
    fail(
      `the state belongs to organization ${known.id}${known.name === '' ? '' : ` ("${printable(known.name)}")`}, and the API key to ${own}`,
      'use the key of that organization, or --env for an environment with a state of its own',
    );
  if (pinned !== undefined && pinned !== organization.id && pinned !== organization.name)
    fail(
      `the configuration file pins organization "${printable(pinned)}", and the API key belongs to ${own}`,
      'use the key of that organization, or correct organization in the configuration file',
    );
};

/** The store that the settings name. */
export const openStore = (settings: Settings): StateStore =>
  ({
    file: () => fileStore(settings.root, settings.environmentName),
    git: () =>
      gitStore({
        root: settings.root,
        environment: settings.environmentName,
        remote: settings.stateRemote,
        variables: settings.environment,
      }),
    none: noStore,
  })[settings.state]();

/** Who runs this, for those who find a lock. */
export const lockInfo = (purpose: string, { environment }: Settings): LockInfo => {
  const who = environment['GITHUB_ACTOR'] ?? environment['USER'] ?? environment['USERNAME'] ?? 'somebody';
  const job = environment['GITHUB_RUN_ID'];
  return {
    id: randomUUID(),
    holder: job === undefined ? `${who}@${hostname()}` : `${who} in run ${job}`,
    purpose,
    since: new Date().toISOString(),
    host: hostname(),
    pid: process.pid,
  };
};

/** Fingerprints are slow by design: all are compared before the plan, which is pure. */
const compareSecrets = async (
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

export interface ApplyRun {
  readonly settings: Settings;
  readonly ready: Ready;
  readonly failFast?: boolean;
  readonly signal?: AbortSignal;
  readonly jobs?: JobOptions;
  readonly onEvent?: (event: ApplyEvent) => void;
}

/**
 * Writes into the state what the journal of a killed run told, so that it is known before anything else is
 * begun. Throws `DiagnosticError`.
 */
export const settleWorkspace = async (settings: Settings, ready: Ready): Promise<Ready> => {
  if (ready.recovered.length === 0) return ready;
  const state = await ready.store.write({ ...ready.state, organization: ready.plan.organization });
  await rm(journalFile(settings.root, settings.environmentName), { force: true });
  return { ...ready, state, recovered: [] };
};

/** Does what a plan of the same run says. Throws `DiagnosticError` where a secret has no value. */
export const applyWorkspace = async ({ settings, ready: planned, ...rest }: ApplyRun): Promise<Outcome> => {
  const sent = planned.plan.changes.flatMap(({ step }) => secretsOf(planned.work.documents.get(step) ?? {}));
  const missing: readonly Diagnostic[] = sent
    .filter(([, secret]) => !secret.known)
    .map(([, { label }]) => ({
      severity: 'error',
      code: 'missing-secret',
      message: `${label} has no value, and an apply would send it`,
      hint: 'set it in the environment or in the dotenv file',
    }));
  if (hasErrors(missing)) throw new DiagnosticError(missing);
  const ready = await settleWorkspace(settings, planned);
  const { plan, state, store } = ready;
  const journal = store.durable
    ? await startJournal(journalFile(settings.root, settings.environmentName))
    : noJournal;
  return applyPlan({
    ...ready,
    ...rest,
    journal,
    writer: createWriter(clientOptions(settings, secretsIn(ready.desired))),
    concurrency: settings.concurrency,
    // Without a state nothing tells one run from the next.
    keyBase: [plan.digest, plan.organization.id, store.durable ? state.serial : randomUUID()].join(' '),
  });
};

/** The secrets of a plan's changes as fingerprints: whoever applies it must have the same. */
export const fingerprintsOf = async ({ plan, work }: Ready): Promise<SavedPlan['secrets']> =>
  Object.fromEntries(
    await Promise.all(
      plan.changes.map(async ({ step }) => {
        const known = secretsOf(work.documents.get(step) ?? {}).filter(([, secret]) => secret.known);
        const prints = known.map(async ([pointer, secret]) => [pointer, await fingerprint(secret)] as const);
        return [step, Object.fromEntries(await Promise.all(prints))] as const;
      }),
    ),
  );

/** The secrets that are not what they were when a plan was saved, as `STEP POINTER`. */
export const changedSecrets = async (
  { plan, work }: Ready,
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
