/** From files to the desired state: discover, parse, overlay, interpolate, check, resolve. No network. */
import pLimit from 'p-limit';
import { addressOf, type Address } from '../core/address.js';
import { hasErrors, sortDiagnostics, type Diagnostic, type Place } from '../core/diagnostics.js';
import { byCodeUnit, isJsonObject, type JsonObject } from '../core/json.js';
import { escapePointer, pointerSegments } from '../core/secret.js';
import { didYouMean } from '../core/suggest.js';
import { unknownKind } from '../kinds/names.js';
import { kinds } from '../kinds/registry.js';
import type { Desired } from './desired.js';
import type { Draft, LoadOptions } from './draft.js';
import { DEFAULTS, fill, readDefaults, type Defaults } from './defaults.js';
import { discover } from './discover.js';
import { checkReferences } from './graph.js';
import { applyMerge, applyPatch, originOf } from './overlay.js';
import { parseFile, type ParsedDocument } from './parse.js';
import { FEWEST_FILES, openParsedCache, type ParsedCache } from './parsed-cache.js';
import { createLocate } from './positions.js';
import { finish, type Finished } from './resource.js';
import { checkSchema } from './schema.js';
import { secondManifests } from './second.js';
import { sourceReader } from './source.js';
import { readStatements, statementKinds } from './statements.js';
import { asText } from '../core/text.js';

export interface Loaded {
  /** Absent where there is an error. */
  readonly desired?: Desired;
  /** All findings of the run, by file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Files are read side by side, so many at once. */
const READS = 16;

/**
 * Loads every manifest of a repository. Reports all findings, not the first; never throws for what the files
 * hold.
 */
export const load = async (options: LoadOptions): Promise<Loaded> => {
  const diagnostics: Diagnostic[] = [];
  const texts = new Map<string, string>();
  const manifests = await readAll(options, options.manifests, texts, diagnostics);
  const known = new Set(manifests.map(({ file }) => file));
  const overlays = (await readAll(options, options.overlays, texts, diagnostics)).filter(
    ({ file }) => !known.has(file),
  );
  if (texts.size === 0 && diagnostics.length === 0) diagnostics.push(nothingFound(options.manifests));
  if (options.overlays.length > 0 && overlays.length === 0) diagnostics.push(noOverlays(options.overlays));
  const locate = createLocate((file) => texts.get(file) ?? '');

  const isOverlay = ({ value }: ParsedDocument): boolean =>
    isJsonObject(value) && value['kind'] === 'Overlay';
  // An overlay beside the manifests would change every environment; it belongs to one.
  const misplaced = manifests.filter(isOverlay);
  diagnostics.push(...misplaced.map(overlayAmongManifests));
  const drafts = new Map<Address, Draft>();
  const isStatement = ({ value }: ParsedDocument): boolean =>
    isJsonObject(value) && statementKinds.includes(asText(value['kind']));
  const isDefaults = ({ value }: ParsedDocument): boolean =>
    isJsonObject(value) && value['kind'] === DEFAULTS;
  const defaults = readDefaults(
    manifests.filter(isDefaults),
    ({ file, index }, pointer, what) => locate(file, index, pointerSegments(pointer), what).place,
  );
  diagnostics.push(...defaults.diagnostics);
  const others = [isOverlay, isStatement, isDefaults];
  for (const document of manifests.filter((candidate) => !others.some((is) => is(candidate))))
    addDraft(document, defaults, drafts, diagnostics);
  const said = readStatements(
    manifests.filter(isStatement).map(({ value, place, file, index }) => ({
      value: value as JsonObject,
      place,
      placeOf: (pointer, what) => locate(file, index, pointerSegments(pointer), what).place,
    })),
    new Set(drafts.keys()),
  );
  diagnostics.push(...said.diagnostics);
  for (const document of overlays)
    overlayDraft(
      document,
      drafts,
      diagnostics,
      (index, pointer, what) => locate(document.file, index, pointerSegments(pointer), what).place,
    );

  const placed = (
    draft: Draft,
    pointer: string,
    what: 'key' | 'value',
  ): Pick<Diagnostic, 'place' | 'related'> => {
    const { origin, segments } = originOf(draft.steps, pointerSegments(pointer));
    const { file, index } = origin ?? draft.document;
    const { place, usedAt } = locate(file, index, segments, what);
    return { place, ...(usedAt === undefined ? {} : { related: [{ message: 'used here', place: usedAt }] }) };
  };
  const finished = new Map<Address, Finished>();
  for (const [address, draft] of [...drafts].sort(([a], [b]) => byCodeUnit(a, b))) {
    const result = finish(address, draft, options);
    finished.set(address, result);
    for (const { pointer, at, ...finding } of result.findings)
      diagnostics.push({ ...finding, address, ...placed(draft, pointer, at) });
  }
  const resources = [...finished.values()].flatMap(({ resource }) =>
    resource === undefined ? [] : [resource],
  );
  diagnostics.push(...secondManifests(resources));
  const written = (address: Address, pointer: string): string =>
    finished.get(address)?.written(pointer) ?? pointer;
  for (const { address, pointer, ...finding } of checkReferences(resources, new Set(drafts.keys()))) {
    const draft = drafts.get(address) as Draft;
    diagnostics.push({ ...finding, address, ...placed(draft, written(address, pointer), 'value') });
  }
  const sorted = onceEach(sortDiagnostics(diagnostics));
  if (hasErrors(sorted)) return { diagnostics: sorted };
  const desired: Desired = {
    resources,
    moves: said.moves,
    removals: said.removals,
    fill: (file, value) => fill(defaults, file, value).value,
    locate: (address, pointer, what = 'key') => {
      const draft = drafts.get(address);
      return draft === undefined
        ? { file: '', line: 1, column: 1 }
        : (placed(draft, written(address, pointer), what).place as Place);
    },
  };
  return { desired, diagnostics: sorted };
};

const readAll = async (
  { root, userCache, environmentName }: LoadOptions,
  globs: readonly string[],
  texts: Map<string, string>,
  diagnostics: Diagnostic[],
): Promise<readonly ParsedDocument[]> => {
  if (globs.length === 0) return [];
  const limit = pLimit(READS);
  const files = (await discover(root, globs)).filter((file) => !texts.has(file));
  const read = sourceReader(root);
  const sources = await Promise.all(files.map(async (file) => limit(async () => read(file))));
  const { parse, save } =
    userCache === undefined || files.length < FEWEST_FILES
      ? uncached
      : await openParsedCache(await userCache(), root, environmentName);
  const documents = sources.flatMap((source) => {
    if ('diagnostic' in source) {
      diagnostics.push(source.diagnostic);
      return [];
    }
    texts.set(source.file, source.text);
    const parsed = parse(source.file, source.text);
    diagnostics.push(...parsed.diagnostics);
    return parsed.documents;
  });
  await save();
  return documents;
};

const uncached: ParsedCache = { parse: parseFile, save: async () => Promise.resolve() };

/** Of a field that this version does not know the first place is told, not each. */
const onceEach = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => {
  const told = new Set<string>();
  return diagnostics.filter(({ code, message }) => {
    if (code !== 'extra-field') return true;
    return told.has(message) ? false : told.add(message);
  });
};

const nothingFound = (globs: readonly string[]): Diagnostic => ({
  severity: 'error',
  code: 'no-manifests',
  message: `no manifest is found: no file matches ${globs.join(', ')}`,
  hint: 'run `polytomic-gitops init` for a first one, or set manifests in the configuration file',
});

const noOverlays = (globs: readonly string[]): Diagnostic => ({
  severity: 'warning',
  code: 'no-overlays',
  message: `the environment has no overlay: no file matches ${globs.join(', ')}`,
  hint: 'correct environments.NAME.overlays in the configuration file, or remove it',
});

const overlayAmongManifests = ({ place }: ParsedDocument): Diagnostic => ({
  severity: 'error',
  code: 'misplaced-overlay',
  message: 'an overlay stands among the manifests',
  hint: 'move it to a folder that environments.NAME.overlays names in the configuration file',
  place,
});

const kindNames = kinds.map(({ name }) => name);
const documentKinds = [...kindNames, ...statementKinds, DEFAULTS];

const addDraft = (
  document: ParsedDocument,
  defaults: Defaults,
  drafts: Map<Address, Draft>,
  diagnostics: Diagnostic[],
): void => {
  const { value, place } = document;
  const fail = (code: string, message: string, hint: string): void => {
    diagnostics.push({ severity: 'error', code, message, hint, place });
  };
  if (!isJsonObject(value)) {
    fail('no-manifest', 'the document is no map', 'a manifest begins with kind: and key:');
    return;
  }
  const { kind, key } = value;
  if (typeof kind !== 'string' || !kindNames.includes(kind)) {
    const name = asText(kind);
    const { isUnmanaged, hint } = unknownKind(name, documentKinds);
    if (isUnmanaged)
      fail(
        'unmanaged-kind',
        `${name} is not managed by this version yet`,
        `move the document out of the manifests: ${hint}`,
      );
    else
      fail(
        'unknown-kind',
        kind === undefined ? 'the document has no kind' : `unknown kind ${JSON.stringify(kind)}`,
        hint,
      );
    return;
  }
  if (typeof key !== 'string') {
    fail(
      'missing-field',
      'the manifest has no key',
      'add key: a name of its own in this repository, as text',
    );
    return;
  }
  const address = addressOf(kind, key);
  const first = drafts.get(address);
  if (first !== undefined) {
    diagnostics.push({
      severity: 'error',
      code: 'duplicate-address',
      message: `a second ${address}`,
      hint: 'give one of them another key',
      address,
      place,
      related: [{ message: 'the first', place: first.document.place }],
    });
    return;
  }
  drafts.set(address, { document, ...fill(defaults, document.file, value) });
};

const overlayDraft = (
  document: ParsedDocument,
  drafts: Map<Address, Draft>,
  diagnostics: Diagnostic[],
  placeOf: (index: number, pointer: string, what: 'key' | 'value') => Place,
): void => {
  const { value, file, index } = document;
  const fail = (
    finding: Omit<Diagnostic, 'severity' | 'place'>,
    pointer: string,
    what: 'key' | 'value',
  ): void => {
    diagnostics.push({ severity: 'error', ...finding, place: placeOf(index, pointer, what) });
  };
  if (!isJsonObject(value) || value['kind'] !== 'Overlay') {
    fail(
      {
        code: 'no-overlay',
        message: 'the document is no overlay',
        hint: 'an overlay begins with kind: Overlay and target: ADDRESS',
      },
      '',
      'value',
    );
    return;
  }
  const problems = checkSchema('Overlay', value);
  for (const { pointer, at, ...problem } of problems) fail(problem, pointer, at);
  if (problems.length > 0) return;
  const { target, merge, patch } = value;
  const address = target as Address;
  const draft = drafts.get(address);
  if (draft === undefined) {
    fail(
      {
        code: 'unknown-target',
        message: `there is no ${address} to overlay`,
        hint: didYouMean(address, [...drafts.keys()]) ?? 'the target is the address of a manifest: KIND.KEY',
      },
      '/target',
      'value',
    );
    return;
  }
  const fixed = ['kind', 'key'].find(
    (name) =>
      (isJsonObject(merge) && name in merge) ||
      (Array.isArray(patch) &&
        patch.some((step) => isJsonObject(step) && step['path'] === `/${escapePointer(name)}`)),
  );
  if (fixed !== undefined) {
    fail(
      {
        code: 'fixed-field',
        message: `an overlay cannot change ${fixed}: it makes the address`,
        hint: 'change another field',
      },
      '',
      'value',
    );
    return;
  }
  const overlaid = isJsonObject(merge)
    ? applyMerge(draft.value, merge, { file, index })
    : applyPatch(draft.value, patch as readonly JsonObject[], { file, index });
  if ('message' in overlaid)
    fail(
      { code: 'overlay-failed', message: overlaid.message, hint: overlaid.hint, address },
      overlaid.pointer,
      'value',
    );
  else drafts.set(address, { ...draft, value: overlaid.value, steps: [...draft.steps, ...overlaid.steps] });
};
