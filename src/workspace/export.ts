/** The live organization as manifests: reads everything, compares, and says which files would change. */
import { createReader, type Reader } from '../api/client.js';
import { DiagnosticError, hasErrors, type Diagnostic } from '../core/diagnostics.js';
import { byCodeUnit } from '../core/json.js';
import { count, printable } from '../core/text.js';
import { differing } from '../export/existing.js';
import type { Exported, ExportedResource, KeysFrom } from '../export/exported.js';
import { freshManifests } from '../export/fresh.js';
import type { Layout } from '../export/layout.js';
import { countOthers, notSeen } from '../export/others.js';
import { lookupsOf, parted, referToOf } from '../export/part.js';
import { createSelect, type Criterion } from '../export/select.js';
import type { TerraformResource } from '../export/terraform.js';
import { terraformKeys, type TerraformKeys } from '../export/terraform-keys.js';
import { kinds } from '../kinds/registry.js';
import type { Settings } from '../load/config.js';
import { noManifests, type Desired, type Resource } from '../load/desired.js';
import { load } from '../load/load.js';
import { liveProblems } from '../live/problems.js';
import { readLive } from '../live/snapshot.js';
import { matchLive } from '../plan/match.js';
import { applyMoves } from '../plan/moves.js';
import { unlistedObjects, usedKinds } from '../plan/spoken.js';
import type { State } from '../state/state.js';
import type { StateStore } from '../state/store.js';
import { openAccess } from './access.js';
import { checkOrganization } from './organization.js';
import { editFiles, example, place, secretsNamed } from './export-files.js';
import { readPresets } from './export-presets.js';
import { isUnsettled } from './journal.js';
import { typesFor } from './preflight.js';
import { cacheFor, openStore } from './stores.js';
import { takeLiveTypes } from './typed.js';

export interface ExportRun {
  readonly settings: Settings;
  /** Where the state is; who writes it afterwards has it open and locked already. */
  readonly store?: StateStore;
  /** Where new manifests go. Default: a file for each resource. */
  readonly layout?: Layout;
  /** Resources of a Terraform state, whose names become keys, and what somebody calls the file. */
  readonly keysFrom?: { readonly file: string; readonly resources: readonly TerraformResource[] };
  /** What is exported; everything where empty. */
  readonly select?: readonly Criterion[];
  /** Hears how many objects were read so far. */
  readonly onProgress?: (read: number) => void;
}

/** The manifests that are there; none at all is a beginning. Throws `DiagnosticError` where one is wrong. */
const loadExisting = async (
  settings: Settings,
): Promise<{ readonly desired: Desired; readonly diagnostics: readonly Diagnostic[] }> => {
  const { desired, diagnostics } = await load({ ...settings, withoutSecrets: true });
  const isEmpty = diagnostics.some(({ code }) => code === 'no-manifests');
  if (desired === undefined && !isEmpty) throw new DiagnosticError(diagnostics);
  return { desired: desired ?? noManifests, diagnostics: isEmpty ? [] : diagnostics };
};

/** The manifests without any overlay. */
const loadBase = async (settings: Settings, reader: Reader): Promise<Desired | undefined> => {
  const { desired } = await load({ ...settings, overlays: [], withoutSecrets: true });
  return desired === undefined ? undefined : (await takeLiveTypes(settings, reader, desired)).desired;
};

/** Errors of matching that an export can live with: it says itself what is gone. */
const tolerable = new Set(['missing-external', 'unknown-id']);

/**
 * What an export would write; writes nothing. `writeExport` does. Throws `DiagnosticError` where manifests are
 * wrong, where a live object cannot be told from another, and for what the API answers.
 */
export const exportWorkspace = async (run: ExportRun): Promise<Exported> => {
  const { settings, store = openStore(settings), select = [], layout = 'files', keysFrom } = run;
  const { desired: loaded, diagnostics } = await loadExisting(settings);
  const stored = await store.read();
  const { options, caller } = await openAccess(settings, []);
  const { organization } = caller;
  checkOrganization(stored, organization, settings);
  await refuseUnsettled(settings, store, organization.id);
  const reader = createReader(options);
  const { desired } = await takeLiveTypes(settings, reader, loaded);
  const base = settings.overlays.length === 0 ? desired : await loadBase(settings, reader);
  const { state, diagnostics: moving } = applyMoves(desired, stored);
  const used = new Set(usedKinds(desired, state));
  let read = 0;
  const [live, notExported] = await Promise.all([
    readLive(reader, () => true, settings.concurrency, {
      cache: await cacheFor(settings, organization),
      kinds,
      mayRefuse: (kind) => !used.has(kind),
      spoken: () => 'all',
      unlisted: unlistedObjects(desired, state),
      onRead: () => run.onProgress?.((read += 1)),
    }),
    select.length === 0 ? countOthers(reader) : [],
  ]);
  const matched = matchLive(desired, live, state);
  const problems = [...moving, ...matched.diagnostics.filter(({ code }) => !tolerable.has(code))];
  if (hasErrors(problems)) throw new DiagnosticError([...diagnostics, ...problems]);
  const pairs = matched.matches.flatMap(({ resource, live: object }) =>
    object === undefined ? [] : [{ resource, live: object }],
  );
  const found = new Set(pairs.map(({ resource }) => resource.address));
  const named = keysFrom === undefined ? undefined : terraformKeys(keysFrom.resources, live.objects);
  if (keysFrom !== undefined && named?.keys.size === 0)
    throw new DiagnosticError([strange(keysFrom, organization.name)]);
  const part = parted(desired, live, state, pairs, createSelect(select), organization.id, named?.keys);
  const lookups = lookupsOf(desired, live, pairs, part.keys);
  const referTo = referToOf(lookups, live);
  const chosen = pairs.filter(({ live: object }) => part.takes(object));
  const differ = differing(
    chosen.filter(({ resource }) => !resource.external),
    state,
    lookups,
  );
  const edited = await editFiles(settings, { differ, base, state, lookups, referTo });
  const spoken = desired.resources.flatMap(secretsNamed);
  const fresh = freshManifests({
    objects: part.fresh,
    keys: part.keys,
    lookups,
    referTo,
    settings,
    presetsOf: await readPresets(reader, await typesFor(settings), part.fresh),
    durable: store.durable,
    secretNames: spoken.map(({ name }) => name),
    resources: desired.resources,
  });
  const added = await place(settings, layout, desired, fresh, edited.files);
  const secrets = fresh.flatMap((each) => each.secrets);
  const changed = new Set(edited.resources.map(({ address }) => address));
  const partly = new Set(edited.left.map(({ address }) => address));
  const resources: readonly ExportedResource[] = [
    ...chosen.map(({ resource: { address }, live: object }): ExportedResource => ({
      address,
      live: object,
      status: changed.has(address) ? 'changed' : 'same',
      ...(partly.has(address) ? { partly: true } : {}),
    })),
    ...fresh.map(({ address, live: object, external }): ExportedResource => ({
      address,
      live: object,
      status: 'added',
      ...(external === undefined ? {} : { external }),
    })),
  ];
  return {
    organization,
    files: [
      ...added,
      ...(await example(settings, [...chosen.flatMap(({ resource }) => secretsNamed(resource)), ...secrets])),
    ].sort((a, b) => byCodeUnit(a.file, b.file)),
    resources,
    secrets,
    left: edited.left,
    gone:
      select.length > 0
        ? []
        : desired.resources.filter((resource) => !found.has(resource.address) && stoodFor(state, resource)),
    nameless: part.nameless,
    notExported,
    notSeen: select.length === 0 ? notSeen(live) : [],
    ...(keysFrom === undefined || named === undefined
      ? {}
      : { keysFrom: keysUsed(keysFrom.file, named, resources) }),
    diagnostics: [...diagnostics, ...problems, ...problemsIn(resources)],
    state,
    lookups,
  };
};

/** What became of the names of a Terraform state. */
const keysUsed = (
  file: string,
  { keys, elsewhere }: TerraformKeys,
  exported: readonly ExportedResource[],
): KeysFrom => ({
  file,
  found: exported.flatMap(({ address, live: { kind, id } }) => {
    const key = keys.get(`${kind} ${id}`);
    return key === undefined ? [] : [{ address, terraform: key.terraform }];
  }),
  elsewhere: elsewhere.map(({ address, id }) => ({ terraform: address, id })),
});

/** Keys never change: rather none at all than those of a wrong file. */
const strange = (
  { file, resources }: NonNullable<ExportRun['keysFrom']>,
  organization: string,
): Diagnostic => ({
  severity: 'error',
  code: 'terraform-elsewhere',
  message: `no object of this state lives in organization ${printable(organization)}, of ${count(resources.length, 'resource')}`,
  hint: 'check that the API key and the state are of one organization',
  place: { file, line: 1, column: 1 },
});

/** What Polytomic cannot find any more of what is exported. */
const problemsIn = (resources: readonly ExportedResource[]): readonly Diagnostic[] =>
  resources.flatMap(({ address, live }) => liveProblems([live], () => address));

/** A manifest that was never applied stands for nothing that could be gone. */
const stoodFor = (state: State, { address, external, id }: Resource): boolean =>
  external || id !== undefined || state.resources[address] !== undefined;

/** A run that was killed knows more than the state; only an apply can settle that. */
export const refuseUnsettled = async (
  settings: Settings,
  store: StateStore,
  organization: string,
): Promise<void> => {
  if (!(await isUnsettled(settings, store, organization))) return;
  throw new DiagnosticError([
    {
      severity: 'error',
      code: 'unsettled-run',
      message: 'an apply was killed, and what it did is not in the state yet',
      hint: 'run polytomic-gitops apply first: it picks the run up',
    },
  ]);
};
