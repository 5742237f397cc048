import path from 'node:path';
import { grouped } from '../../core/text.js';
import { exportDiff, exportText } from '../../report/export-text.js';
import { criterionOf } from '../../export/select.js';
import type { Exported } from '../../export/exported.js';
import type { Layout } from '../../export/layout.js';
import type { Settings } from '../../load/config.js';
import { exportWorkspace, type ExportRun } from '../../workspace/export.js';
import { openStore } from '../../workspace/stores.js';
import { writeExport } from '../../workspace/write-export.js';
import { exitCodes, styleFor, type Io } from '../io.js';
import { locked, type LockedOptions } from '../locked.js';
import { startProgress } from '../progress.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

export interface ExportOptions extends LockedOptions {
  readonly layout?: Layout;
  readonly select?: readonly string[];
  /** A Terraform state, whose names become keys. */
  readonly keysFrom?: string;
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly force?: boolean;
  /** Print templates for what is alike; write nothing. */
  readonly suggestTemplates?: boolean;
}

/** `export`: the live organization as manifests. With --check or --diff it writes nothing. */
export const exportOrganization = async (io: Io, options: ExportOptions): Promise<number> => {
  const keysFrom = await namesOf(io, options);
  const settings = await settingsFor(io, options);
  const store = openStore(settings);
  if (options.suggestTemplates === true) {
    const exported = await read(io, options, { settings, store, ...keysFrom });
    return suggest(io, options, settings, exported);
  }
  if (options.check === true || options.diff === true) {
    const exported = await read(io, options, { settings, store, ...keysFrom });
    show(io, options, exported, false);
    return exported.files.length === 0 ? exitCodes.ok : exitCodes.changes;
  }
  return locked(io, options, { settings, store, purpose: 'export' }, async () => {
    const exported = await read(io, options, { settings, store, ...keysFrom });
    await writeExport({ settings, exported, store, force: options.force === true });
    show(io, options, exported, true);
    return exitCodes.ok;
  });
};

const suggest = async (
  io: Io,
  options: ExportOptions,
  settings: Settings,
  exported: Exported,
): Promise<number> => {
  const [{ suggestWorkspace }, { suggestSummary, suggestText }] = await Promise.all([
    import('../../workspace/suggest.js'),
    import('../../report/suggest-text.js'),
  ]);
  const suggested = await suggestWorkspace(settings, exported);
  if (options.json === true) printJson(io, suggested);
  else {
    printDiagnostics(io, options, exported.diagnostics);
    io.out(suggestText(suggested.suggestions));
    io.err(suggestSummary(suggested));
  }
  return exitCodes.ok;
};

/** What a Terraform state names; nothing where none is given. */
const namesOf = async (
  io: Io,
  { keysFrom: file, chdir }: ExportOptions,
): Promise<Pick<ExportRun, 'keysFrom'>> => {
  if (file === undefined) return {};
  const { readTerraformFile } = await import('../../workspace/terraform.js');
  const resources = await readTerraformFile(file, path.resolve(io.cwd, chdir ?? '.', file));
  return { keysFrom: { file, resources } };
};

const read = async (io: Io, options: ExportOptions, run: ExportRun): Promise<Exported> => {
  const select = (options.select ?? []).map(criterionOf);
  const progress = await startProgress(io, 'Reading Polytomic …', options.json === true);
  try {
    return await exportWorkspace({
      ...run,
      select,
      ...(options.layout === undefined ? {} : { layout: options.layout }),
      onProgress: (number) => progress.say(`Reading Polytomic … ${grouped(number)} objects`),
    });
  } finally {
    progress.stop();
  }
};

const show = (io: Io, options: ExportOptions, exported: Exported, written: boolean): void => {
  if (options.json === true) {
    printJson(io, jsonOf(exported, written));
    return;
  }
  const style = styleFor(io, options, io.outIsTerminal);
  printDiagnostics(io, options, exported.diagnostics);
  if (options.diff === true) io.out(exportDiff(exported, style));
  else io.out(exportText(exported, style, { written }));
};

const jsonOf = (exported: Exported, written: boolean): object => {
  const {
    organization,
    files,
    resources,
    secrets,
    left,
    gone,
    nameless,
    notExported,
    notSeen,
    keysFrom,
    diagnostics,
  } = exported;
  return {
    organization,
    written,
    files: files.map(({ file, status, addresses }) => ({ file, status, addresses })),
    resources: resources.map(({ address, live: { kind, id }, status, external }) => ({
      address,
      kind,
      id,
      status,
      ...(external === undefined ? {} : { external }),
    })),
    secrets,
    left,
    gone: gone.map(({ address, place }) => ({ address, place })),
    nameless: nameless.map(({ kind, id }) => ({ kind, id })),
    notExported,
    ...(notSeen.length === 0 ? {} : { notSeen }),
    ...(keysFrom === undefined ? {} : { keysFrom }),
    diagnostics,
  };
};
