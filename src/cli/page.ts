/** Reports as pages in files: `plan --html`, `status --html`. */
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { DiagnosticError, type Diagnostic } from '../core/diagnostics.js';
import { codeOf } from '../core/error-code.js';
import { printable } from '../core/text.js';
import type { GlobalOptions, Io } from './io.js';

export interface PageOptions extends GlobalOptions {
  /** A file to write a page into. */
  readonly html?: string;
}

/** What a page tells at the least: why there is nothing else to tell. */
interface Found {
  readonly diagnostics: readonly Diagnostic[];
}

const writePage = async (io: Io, options: GlobalOptions, file: string, page: string): Promise<void> => {
  try {
    await writeFileAtomic(path.resolve(io.cwd, options.chdir ?? '.', file), page, { mode: 0o600 });
  } catch (error) {
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'unwritable-page',
        message: `the page cannot be written to ${printable(file)} (${codeOf(error)})`,
        hint: 'name another file by --html',
      },
    ]);
  }
};

/**
 * Runs a command that hands what it found to `tell`, for the page that was asked for. Findings that end it get a page,
 * too: the page of an earlier run would be taken for this one's. Throws `DiagnosticError`.
 */
export const withPage = async <T extends Found>(
  io: Io,
  options: PageOptions,
  pageOf: (found: T | Found) => Promise<string>,
  run: (tell: (found: T) => Promise<void>) => Promise<number>,
): Promise<number> => {
  const { html: file } = options;
  if (file === undefined) return run(async () => Promise.resolve());
  try {
    return await run(async (found) => writePage(io, options, file, await pageOf(found)));
  } catch (error) {
    if (error instanceof DiagnosticError)
      await writePage(io, options, file, await pageOf({ diagnostics: error.diagnostics }));
    throw error;
  }
};

/** What to say of a page that was written; nothing where none was asked for. */
export const pageNote = ({ html: file }: PageOptions): string =>
  file === undefined ? '' : `\nAs a page: ${printable(file)}\n`;
