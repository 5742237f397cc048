/** Writes what an export found: first the files, then the state that binds them. */
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import writeFileAtomic from 'write-file-atomic';
import { DiagnosticError, type Diagnostic } from '../core/diagnostics.js';
import { codeOf } from '../core/error-code.js';
import { jsonEqual, type Json, type JsonObject } from '../core/json.js';
import { escapePointer, pointerSegments, redact, SECRET_TEXT } from '../core/secret.js';
import { asApplied } from '../plan/applied.js';
import { resolveReferences } from '../plan/resolve.js';
import { silentOf } from '../plan/silent.js';
import type { Exported, ExportedFile, ExportedResource } from '../export/exported.js';
import { mapValue, valueAt } from '../kinds/paths.js';
import { kindOf } from '../kinds/registry.js';
import type { Settings } from '../load/config.js';
import type { Resource } from '../load/desired.js';
import { load } from '../load/load.js';
import type { Binding, State } from '../state/state.js';
import type { StateStore } from '../state/store.js';

import { uncommitted } from './git.js';
import { openStore } from './stores.js';

export interface WriteExport {
  readonly settings: Settings;
  readonly exported: Exported;
  /** Open and locked. */
  readonly store?: StateStore;
  /** True: files are overwritten although Git could not give them back. */
  readonly force?: boolean;
}

/** Files are written side by side, so many at once. */
const WRITES = 16;

const fail = (code: string, message: string, hint: string, file?: string): Diagnostic => ({
  severity: 'error',
  code,
  message,
  hint,
  ...(file === undefined ? {} : { place: { file, line: 1, column: 1 } }),
});

/**
 * Writes the files of an export, and binds their resources in the state. Throws `DiagnosticError`, with nothing
 * written, where a file would be overwritten that Git could not give back, or that changed meanwhile.
 */
export const writeExport = async ({
  settings,
  exported,
  store = openStore(settings),
  force = false,
}: WriteExport): Promise<State> => {
  const { files } = exported;
  if (!force) await refuseUncommitted(settings, files);
  await refuseChanged(settings, files);
  const limit = pLimit(WRITES);
  await Promise.all(files.map(async (file) => limit(async () => write(settings.root, file))));
  const { desired, diagnostics } = await load({ ...settings, withoutSecrets: true });
  // An organization without anything leaves a repository without anything.
  if (desired === undefined && exported.resources.length > 0) throw new DiagnosticError(diagnostics);
  const resources = new Map((desired?.resources ?? []).map((resource) => [resource.address, resource]));
  const bound = exported.resources.flatMap((each) => {
    const resource = resources.get(each.address);
    if (resource === undefined || resource.external) return [];
    return [[each.address, bindingOf(each, resource, exported)] as const];
  });
  const state: State = {
    ...exported.state,
    organization: exported.organization,
    resources: { ...exported.state.resources, ...Object.fromEntries(bound) },
  };
  if (!store.durable || jsonEqual(state as unknown as Json, (await store.read()) as unknown as Json))
    return state;
  return store.write(state);
};

const refuseUncommitted = async (settings: Settings, files: readonly ExportedFile[]): Promise<void> => {
  const overwritten = files.flatMap(({ file, before }) => (before === undefined ? [] : [file]));
  const dirty = await uncommitted(settings, overwritten);
  if (dirty.length > 0)
    throw new DiagnosticError(
      dirty.map((file) =>
        fail(
          'uncommitted',
          'the file has changes that are not committed',
          'commit it first, or add --force',
          file,
        ),
      ),
    );
};

const current = async (root: string, file: string): Promise<string | undefined> => {
  try {
    return await readFile(path.join(root, file), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new DiagnosticError([
      fail(
        'unreadable-file',
        `the file cannot be read (${codeOf(error)})`,
        'check that you may read it',
        file,
      ),
    ]);
  }
};

const withoutMark = (text: string | undefined): string | undefined => text?.replace(/^\ufeff/, '');

const refuseChanged = async (settings: Settings, files: readonly ExportedFile[]): Promise<void> => {
  const limit = pLimit(WRITES);
  const changed = await Promise.all(
    files.map(async ({ file, before }) =>
      limit(async () => (withoutMark(await current(settings.root, file)) === before ? [] : [file])),
    ),
  );
  if (changed.flat().length > 0)
    throw new DiagnosticError(
      changed
        .flat()
        .map((file) =>
          fail('changed-meanwhile', 'the file changed while Polytomic was read', 'export again', file),
        ),
    );
};

const write = async (root: string, { file, text, before }: ExportedFile): Promise<void> => {
  const target = path.join(root, file);
  try {
    await mkdir(path.dirname(target), { recursive: true });
    const within = path.relative(await realpath(root), await realpath(path.dirname(target)));
    if (within.startsWith('..') || path.isAbsolute(within))
      throw new DiagnosticError([
        fail(
          'outside-repository',
          'the folder is a link that leads out of the repository',
          'make it a folder',
          file,
        ),
      ]);
    if (before === undefined) {
      await writeFile(target, text, { flag: 'wx' });
      return;
    }
    const mark = (await current(root, file))?.startsWith('\ufeff') === true ? '\ufeff' : '';
    await writeFileAtomic(target, `${mark}${text}`);
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    throw new DiagnosticError([
      fail(
        'unwritable-file',
        `the file cannot be written (${codeOf(error)})`,
        'check the folder and its permissions; what was written so far can stay: export again',
        file,
      ),
    ]);
  }
};

/** What an exported resource leaves in the state. */
const bindingOf = (
  { live, status, partly }: ExportedResource,
  resource: Resource,
  { state, lookups }: Exported,
): Binding => {
  const { address, kind: kindName, preventDestroy, ignoreChanges } = resource;
  const before = state.resources[address];
  // What an apply left there says more than what an export sees.
  if (before?.id === live.id && status === 'same') return before;
  const kind = kindOf(kindName);
  // What it refers to by name may be called otherwise tomorrow.
  const { document } = resolveReferences(kind, resource, lookups);
  const says =
    partly === true ? asApplied(kind, document, live.value, lookups.keyOf) : (redact(document) as JsonObject);
  const applied = before?.id === live.id ? withoutNewSecrets(says, before) : says;
  return {
    kind: kindName,
    id: live.id,
    applied,
    secrets: before?.id === live.id ? before.secrets : {},
    silent: silentOf(kind, applied, live.value, ignoreChanges),
    ...(before?.id === live.id && before.written !== undefined ? { written: before.written } : {}),
    ...(preventDestroy ? { protected: true as const } : {}),
    ...(ignoreChanges.length === 0 ? {} : { ignored: ignoreChanges }),
    ...(before?.deposed === undefined ? {} : { deposed: before.deposed }),
  };
};

/** A secret that was never sent is still to be sent: the state must not say that it was. */
const withoutNewSecrets = (says: JsonObject, { applied, secrets }: Binding): JsonObject => {
  const pointers = secretPointers(says).filter(
    (pointer) => secrets[pointer] === undefined && valueAt(applied, pointerSegments(pointer)) === undefined,
  );
  return pointers.reduce<JsonObject>(
    (document, pointer) => mapValue(document, pointerSegments(pointer), () => undefined) as JsonObject,
    says,
  );
};

const secretPointers = (value: Json, at = ''): readonly string[] =>
  value === SECRET_TEXT
    ? [at]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, item]) => secretPointers(item, `${at}/${escapePointer(name)}`))
      : [];
