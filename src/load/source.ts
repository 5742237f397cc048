/** Reading manifest files, which may come from a stranger: by size first, then by encoding. */
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Diagnostic } from '../core/diagnostics.js';

/** Far above what people write; 10,000 resources in one file are about 5 MB, and belong into several. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** The text of a file, or what is wrong with it. */
export type SourceText =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly diagnostic: Diagnostic };

/**
 * Reads one file. `file` is relative to `root`, with `/`. Never throws for what the file holds or for a file
 * that cannot be read.
 */
export const readSource = async (root: string, file: string): Promise<SourceText> => {
  const fail = (code: string, message: string, hint: string): SourceText => ({
    file,
    diagnostic: { severity: 'error', code, message, hint, place: { file, line: 1, column: 1 } },
  });
  const absolute = path.join(root, file);
  try {
    const within = path.relative(await realpath(root), await realpath(absolute));
    if (within.startsWith('..') || path.isAbsolute(within))
      return fail(
        'outside-repository',
        'the file is a link that leads out of the repository',
        'put the file itself here',
      );
    const { size } = await stat(absolute);
    if (size > MAX_FILE_BYTES)
      return fail(
        'file-too-large',
        `the file has ${(size / 1024 / 1024).toFixed(1)} MB; a manifest may have ${MAX_FILE_BYTES / 1024 / 1024} MB`,
        'split it into several files',
      );
    const text = decode(await readFile(absolute));
    if (text === undefined)
      return fail('not-utf-8', 'the file is not UTF-8 text', 'save it as UTF-8 without a byte order mark');
    if (text.trim() === '')
      return fail('empty-file', 'the file is empty', 'write a manifest into it, or delete it');
    return { file, text };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return fail(
      'unreadable-file',
      `the file cannot be read (${reason})`,
      'check that it exists and that you may read it',
    );
  }
};

/** Text, or undefined where the bytes are not UTF-8. A byte order mark is dropped. */
const decode = (bytes: Buffer): string | undefined => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
};
