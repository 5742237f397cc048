/** From files to the desired state: discover, parse, overlay, interpolate, check, resolve. No network. */
import pLimit from 'p-limit';
import type { Address } from '../core/address.js';
import { hasErrors, sortDiagnostics, type Diagnostic, type Place } from '../core/diagnostics.js';
import { byCodeUnit, isJsonObject, type JsonObject } from '../core/json.js';
import { pointerSegments } from '../core/secret.js';
import { asText } from '../core/text.js';
import { createCite, oncePerTemplate, type Cited } from './cite.js';
import { DEFAULTS, fill, readDefaults, type Defaults } from './defaults.js';
import type { Desired } from './desired.js';
import { discover } from './discover.js';
import type { Draft, LoadOptions } from './draft.js';
import { draftsOf, templateOf } from './drafts.js';
import { checkReferences } from './graph.js';
import { overlayDraft } from './overlay-draft.js';
import type { Origin } from './overlay.js';
import { parseFile, type ParsedDocument } from './parse.js';
import { FEWEST_FILES, openParsedCache, type ParsedCache } from './parsed-cache.js';
import { createLocate, type Locate } from './positions.js';
import { finish, type Finished } from './resource.js';
import { secondManifests } from './second.js';
import { sourceReader } from './source.js';
import { readStatements, statementKinds } from './statements.js';
import { INSTANCES, noTemplates, TEMPLATE, type Manifests, type Template } from './templates/instance.js';

export interface Loaded {
  /** Absent where there is an error. */
  readonly desired?: Desired;
  /** All findings of the run, by file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
  /** By key, those without errors of their own: for editors, also where something else is wrong. */
  readonly templates: ReadonlyMap<string, Template>;
  /** Fields that defaults give, by kind: for editors, which would miss them. */
  readonly defaults: Defaults['fields'];
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

  const ofKind =
    (...names: readonly string[]) =>
    ({ value }: ParsedDocument): boolean =>
      isJsonObject(value) && names.includes(asText(value['kind']));
  const placeOf = ({ file, index }: Origin, pointer: string, what: 'key' | 'value'): Place =>
    locate(file, index, pointerSegments(pointer), what).place;
  // An overlay beside the manifests would change every environment; it belongs to one.
  diagnostics.push(...manifests.filter(ofKind('Overlay')).map(overlayAmongManifests));
  const defaults = readDefaults(manifests.filter(ofKind(DEFAULTS)), placeOf);
  diagnostics.push(...defaults.diagnostics);
  const made = await makeManifests(options, manifests.filter(ofKind(TEMPLATE, INSTANCES)), locate);
  const special = ofKind('Overlay', DEFAULTS, TEMPLATE, INSTANCES, ...statementKinds);
  const drafts = draftsOf(
    manifests.filter((document) => !special(document)),
    made.manifests,
    defaults,
    diagnostics,
  );
  const statements = manifests.filter(ofKind(...statementKinds)).map((document) => ({
    value: document.value as JsonObject,
    place: document.place,
    placeOf: (pointer: string, what: 'key' | 'value') => placeOf(document, pointer, what),
  }));
  const said = readStatements(await made.spellOut(statements), new Set(drafts.keys()));
  diagnostics.push(...made.diagnostics, ...said.diagnostics);
  for (const { value, origin, from } of [
    ...made.overlays,
    ...overlays.map((document) => ({ value: document.value, origin: document, from: [] })),
  ])
    overlayDraft(
      {
        value,
        origin,
        from,
        placeOf: (pointer, what) =>
          locate(origin.file, origin.index, [...from, ...pointerSegments(pointer)], what).place,
      },
      drafts,
      diagnostics,
    );

  const cite = createCite(locate);
  const findings: { readonly diagnostic: Diagnostic; readonly isShared: boolean }[] = [];
  const find = (finding: Omit<Diagnostic, 'place'>, { isShared, ...cited }: Cited): void => {
    findings.push({ diagnostic: { ...finding, ...cited }, isShared: isShared === true });
  };
  const finished = new Map<Address, Finished>();
  for (const [address, draft] of [...drafts].sort(([a], [b]) => byCodeUnit(a, b))) {
    const result = finish(address, draft, options);
    finished.set(address, result);
    for (const { pointer, at, ...finding } of result.findings)
      find({ ...finding, address }, cite(draft, pointer, at));
  }
  const resources = [...finished.values()].flatMap(({ resource }) =>
    resource === undefined ? [] : [resource],
  );
  diagnostics.push(
    ...secondManifests(resources).map((finding) => ({
      ...finding,
      related: [
        ...(finding.related ?? []),
        ...(templateOf(drafts.get(finding.address as Address)?.made).related ?? []),
      ],
    })),
  );
  const written = (address: Address, pointer: string): string =>
    finished.get(address)?.written(pointer) ?? pointer;
  for (const { address, pointer, ...finding } of checkReferences(resources, new Set(drafts.keys())))
    find({ ...finding, address }, cite(drafts.get(address) as Draft, written(address, pointer), 'value'));
  diagnostics.push(...oncePerTemplate(findings));
  const sorted = onceEach(sortDiagnostics(diagnostics));
  const found = { templates: made.templates, defaults: defaults.fields };
  if (hasErrors(sorted)) return { diagnostics: sorted, ...found };
  const citeAt: Desired['cite'] = (address, pointer, what = 'key') => {
    const draft = drafts.get(address);
    if (draft === undefined) return { place: { file: '', line: 1, column: 1 } };
    const { isShared: _isShared, ...cited } = cite(draft, written(address, pointer), what);
    return cited;
  };
  const desired: Desired = {
    resources,
    moves: said.moves,
    removals: said.removals,
    fill: (file, value) => fill(defaults, file, value).value,
    cite: citeAt,
    locate: (address, pointer, what) => citeAt(address, pointer, what).place,
  };
  return { desired, diagnostics: sorted, ...found };
};

/** The templates of a repository, with all that comes of them. Loaded where there are any: most runs have none. */
const makeManifests = async (
  { root }: LoadOptions,
  documents: readonly ParsedDocument[],
  locate: Locate,
): Promise<Manifests> =>
  documents.length === 0
    ? noTemplates
    : (await import('./templates/make.js')).make(documents, locate, sourceReader(root));

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
