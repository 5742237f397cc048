/** The library's face: a repository of manifests, validated, planned and applied. */
import { randomUUID } from 'node:crypto';
import type { JobOptions } from './api/calls.js';
import { createReader, createWriter, type ClientOptions } from './api/client.js';
import { dialectOf } from './api/versions.js';
import { applyPlan, type ApplyEvent, type Outcome } from './apply/apply.js';
import { entriesFor, noJournal, ownerOf, startJournal } from './apply/journal.js';
import { withRules } from './apply/record.js';
import { recover, recoverDone, type Recovered } from './apply/recover.js';
import type { Address } from './core/address.js';
import { DiagnosticError, hasErrors, sortDiagnostics, type Diagnostic } from './core/diagnostics.js';
import { secretsOf } from './core/secret.js';
import { withAnyKey } from './kinds/endpoints.js';
import type { Kind } from './kinds/kind.js';
import { kinds } from './kinds/registry.js';
import { loadSettings, type Settings } from './load/config.js';
import type { Desired } from './load/desired.js';
import { load, type Loaded } from './load/load.js';
import { unasked } from './live/cache.js';
import { readLive, type Live } from './live/snapshot.js';
import { makePlan } from './plan/make.js';
import { wantedLive } from './plan/match.js';
import { applyMoves } from './plan/moves.js';
import type { Plan, Work } from './plan/plan.js';
import type { Selection } from './plan/select.js';
import { spokenParts, unlistedObjects, usedKinds } from './plan/spoken.js';
import type { Previewed } from './preflight/columns.js';
import { ownersIn, withOwners } from './rules/owners.js';
import type { RuleReport } from './rules/rule.js';
import { serializeState, type State } from './state/state.js';
import type { StateStore } from './state/store.js';
import { accessTo, clientOptions, openAccess } from './workspace/access.js';
import { checkOrganization, ofOtherAccount, unsupportedKinds } from './workspace/organization.js';
import { journalOf, keepOpen, leftBehind, stillOpen, twiceFindings } from './workspace/journal.js';
import { checkSecretPlaces, liveSchema } from './workspace/secret-places.js';
import { withColumns } from './workspace/columns.js';
import { checkPlanned, type Asking } from './workspace/preflight.js';
import { askRules } from './workspace/ruled.js';
import type { Reviewed } from './workspace/rules-asked.js';
import { openSecrets, secretsIn, type OpenSecrets } from './workspace/secrets.js';
import { withFreshKeys, withOwnKey } from './workspace/keys.js';
import { cacheFor, openStore } from './workspace/stores.js';
import { takeLiveTypes } from './workspace/typed.js';

export { driftWorkspace } from './workspace/drift.js';
export { loadSettings, type Settings };

export interface RunOptions extends Asking, Reviewed {
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
  /** Kinds that are read besides, as far as the key may see them. */
  readonly also?: readonly Kind[];
}

/** A plan with all that an apply of it needs. */
export interface Ready {
  readonly plan: Plan;
  readonly work: Work;
  readonly desired: Desired;
  readonly state: State;
  readonly store: StateStore;
  /** What the plan was made against. */
  readonly live: Live;
  /** Addresses of which the journal of a run that was killed told the outcome. */
  readonly recovered: readonly Address[];
  /** Idempotency keys that such a run left open. */
  readonly keys: Recovered['keys'];
  /** Steps of such a run that may still do something. */
  readonly open: Recovered['open'];
  /** Whether such a run left a journal at all. */
  readonly hasJournal: boolean;
  readonly secrets: OpenSecrets;
  /** Whether the key acts in many organizations, in this one by its id. */
  readonly inMany: boolean;
  /** What rules say against applying it: nothing is done as long as there is any. */
  readonly stops: readonly Diagnostic[];
}

export interface PlannedWorkspace {
  /** Absent where there is an error. */
  readonly ready?: Ready;
  readonly diagnostics: readonly Diagnostic[];
  /** What sources answered of the columns of changes; may hold values of rows, as examples. */
  readonly previewed?: readonly Previewed[];
  /** What came of rules beside findings; absent where nothing was planned. */
  readonly rules?: RuleReport;
}

/** Loads and checks every manifest. No network. */
export const validateWorkspace = async ({ settings, withoutSecrets = false }: RunOptions): Promise<Loaded> =>
  load({ ...settings, withoutSecrets });

/**
 * Every manifest against what lives, whether it changes or not. Throws `DiagnosticError` for what the API or the
 * disk answers.
 */
export const validateLive = async (run: RunOptions): Promise<PlannedWorkspace> =>
  planWorkspace({ ...run, preflight: 'everything' });

/** Loads, reads and compares; writes nothing. Throws `DiagnosticError` for what the API or the disk answers. */
export const planWorkspace = async (run: RunOptions): Promise<PlannedWorkspace> => {
  const { settings } = run;
  const loaded = await validateWorkspace(run);
  if (loaded.desired === undefined) return { diagnostics: loaded.diagnostics };
  const { store = openStore(settings) } = run;
  const stored = await store.read();
  const unsupported = unsupportedKinds(loaded.desired, withAnyKey(dialectOf(settings.version)));
  if (hasErrors(unsupported))
    return { diagnostics: sortDiagnostics([...loaded.diagnostics, ...unsupported]) };
  const { options, caller } = await openAccess(settings, secretsIn(loaded.desired));
  const unable = unsupportedKinds(loaded.desired, options.dialect);
  if (hasErrors(unable)) return { diagnostics: sortDiagnostics([...loaded.diagnostics, ...unable]) };
  const { organization } = caller;
  const reader = createReader(options);
  const { desired, diagnostics: untyped } = await takeLiveTypes(settings, reader, loaded.desired);
  if (hasErrors(untyped)) return { diagnostics: sortDiagnostics([...loaded.diagnostics, ...untyped]) };
  const entries = await leftBehind(settings, store);
  checkOrganization(stored, organization, settings, ownerOf(entries));
  const journal = entriesFor(entries, organization.id);
  const done = recoverDone(stored, journal);
  const expected = applyMoves(desired, done.state).state;
  const cache = await cacheFor(settings, organization);
  const used = new Set(usedKinds(desired, expected));
  const [live, opened] = await Promise.all([
    readLive(reader, wantedLive(desired, expected), settings.concurrency, {
      cache: run.preflight === 'everything' ? unasked(cache) : cache,
      kinds: kinds.filter((kind) => used.has(kind) || run.also?.includes(kind) === true),
      mayRefuse: (kind) => !used.has(kind),
      spoken: spokenParts(desired, expected),
      unlisted: unlistedObjects(desired, expected),
    }),
    openSecrets(settings, desired, expected),
  ]);
  const elsewhere = ofOtherAccount(desired, live, caller);
  if (hasErrors(elsewhere))
    return { diagnostics: sortDiagnostics([...loaded.diagnostics, ...untyped, ...elsewhere]) };
  const shown = await checkSecretPlaces(desired, settings, liveSchema(reader), {
    live,
    idOf: (address) => expected.resources[address]?.id,
  });
  const diagnostics = [...loaded.diagnostics, ...untyped, ...shown];
  if (hasErrors(shown)) return { diagnostics: sortDiagnostics(diagnostics) };
  const recovered = recover(stored, journal, live);
  const { state, keys } = recovered;
  const open = stillOpen(recovered.open);
  const { state: moved, from: movedFrom } = applyMoves(desired, state);
  const secrets =
    recovered.addresses.length === done.addresses.length
      ? opened
      : await openSecrets(settings, desired, moved);
  const planned = makePlan({
    desired,
    live,
    state,
    durable: store.durable,
    organization,
    caller,
    prune: run.prune ?? settings.prune,
    ...(settings.environmentName === undefined ? {} : { environment: settings.environmentName }),
    ...(run.selection === undefined ? {} : { selection: run.selection }),
    ...limitOf(run.maxDeletes ?? settings.maxDeletes),
    secretStatus: secrets.status,
  });
  const checked = await checkPlanned(settings, options, run, planned, { desired, live, state: moved });
  const twice = twiceFindings(recovered.open, live, state);
  const all = sortDiagnostics([
    ...diagnostics,
    ...planned.diagnostics,
    ...secrets.diagnostics,
    ...twice,
    ...checked.findings,
  ]);
  const { work } = planned;
  const ownersOf = ownersIn(settings.owners, { resources: desired.resources, state: moved, movedFrom });
  const plan =
    planned.plan === undefined
      ? undefined
      : withOwners(withColumns(planned.plan, checked.previewed), ownersOf);
  const { review, approved } = run;
  const ruled = await askRules(settings, {
    desired,
    ownersOf,
    ...(plan === undefined ? {} : { planned: { plan, state: moved } }),
    ...(review === undefined ? {} : { review }),
    ...(approved === undefined ? {} : { approved }),
  });
  const told = sortDiagnostics([...all, ...ruled.findings]);
  if (hasErrors(checked.findings) || plan === undefined || work === undefined)
    return { diagnostics: told, rules: ruled.report };
  const ready: Ready = {
    plan,
    work,
    desired,
    state,
    store,
    live,
    recovered: recovered.addresses,
    keys,
    open,
    hasJournal: entries.length > 0,
    secrets,
    inMany: options.dialect.administers === true,
    stops: ruled.stops,
  };
  return { ready, diagnostics: told, previewed: checked.previewed, rules: ruled.report };
};

const limitOf = (maxDeletes: number | string | undefined): { readonly maxDeletes?: number | string } =>
  maxDeletes === undefined ? {} : { maxDeletes };

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
 * begun, and the labels and protections of manifests that have nothing else to apply. Throws `DiagnosticError`.
 */
export const settleWorkspace = async (settings: Settings, ready: Ready): Promise<Ready> => {
  const ruled = withRules(
    ready.state,
    new Map(ready.desired.resources.map((resource) => [resource.address, resource])),
  );
  const next = await withFreshKeys(settings, ready, ruled);
  const isSame = serializeState(next.state) === serializeState(ready.state);
  const { organization } = ready.plan;
  const state =
    ready.recovered.length === 0 && isSame
      ? ready.state
      : await ready.store.write({ ...next.state, organization });
  if (ready.hasJournal) await keepOpen(settings, organization.id, state.serial, ready.open);
  return { ...ready, state, secrets: next.secrets, recovered: [] };
};

/** Does what a plan of the same run says. Throws `DiagnosticError` where a secret has no value, or a rule stops it. */
export const applyWorkspace = async ({ settings, ready: planned, ...rest }: ApplyRun): Promise<Outcome> => {
  if (planned.stops.length > 0) throw new DiagnosticError(planned.stops);
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
  const { plan, store, open } = ready;
  const keyed = await withOwnKey(settings, ready);
  const state =
    keyed.state === ready.state
      ? ready.state
      : await store.write({ ...keyed.state, organization: plan.organization });
  const run = { type: 'run', organization: plan.organization.id, serial: state.serial } as const;
  const journal = store.durable ? await startJournal(journalOf(settings), run, open) : noJournal;
  const options = accessTo(
    clientOptions(settings, secretsIn(ready.desired)),
    plan.organization.id,
    ready.inMany,
  );
  const { jobInterval: interval } = settings;
  const outcome = await applyPlan({
    ...(interval === undefined ? {} : { jobs: { interval } }),
    ...ready,
    ...rest,
    state,
    journal,
    goesOn: ready.hasJournal,
    fingerprintKey: keyed.key,
    finish: keyed.finish,
    writer: createWriter(options),
    concurrency: settings.concurrency,
    // Without a state nothing tells one run from the next.
    keyBase: [plan.digest, plan.organization.id, store.durable ? state.serial : randomUUID()].join(' '),
  });
  const findings = await appeared(settings, options, ready);
  return { ...outcome, findings };
};

/** What creates of killed runs made while this one was at work, beside what it made. */
const appeared = async (
  { concurrency }: Settings,
  options: ClientOptions,
  { store, open }: Ready,
): Promise<readonly Diagnostic[]> => {
  const creates = open.filter(({ key, part }) => key !== undefined && part === undefined);
  const names = new Set(creates.map(({ kind, name }) => `${kind} ${name}`));
  if (names.size === 0) return [];
  try {
    const live = await readLive(
      createReader(options),
      (kind, _id, name) => names.has(`${kind} ${name}`),
      concurrency,
      { kinds: kinds.filter(({ name }) => creates.some(({ kind }) => kind === name)) },
    );
    return twiceFindings(open, live, await store.read());
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    // What was done is done, and told; the next plan looks again.
    return error.diagnostics.map((each) => ({ ...each, severity: 'warning' }));
  }
};
