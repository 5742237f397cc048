/** Reading manifest files, which may come from a stranger: by size first, then by encoding. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Diagnostic } from '../core/diagnostics.js';
import { codeOf } from '../core/error-code.js';

/** Far above what people write; 10,000 resources in one file are about 5 MB, and belong into several. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** The text of a file, or what is wrong with it. */
export type SourceText =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly diagnostic: Diagnostic };

type Failure = Pick<Diagnostic, 'code' | 'message' | 'hint'>;

/** Undefined on a system that does not know it. */
const flagOf = (name: string): number | undefined => (constants as Readonly<Record<string, number>>)[name];
const O_NOFOLLOW = flagOf('O_NOFOLLOW');
/** Opens no link, and does not wait for somebody to write into a pipe. */
const PLAIN = constants.O_RDONLY | (O_NOFOLLOW ?? 0) | (flagOf('O_NONBLOCK') ?? 0);

/**
 * The bytes of a file that is no link: opened once, so that what was looked at is what is read. Undefined where it is
 * a link, or the system cannot tell. Ten thousand small files are read three times as fast as by promises.
 */
const readPlain = (absolute: string): Buffer | Failure | undefined => {
  if (O_NOFOLLOW === undefined) return undefined;
  let descriptor: number;
  try {
    descriptor = openSync(absolute, PLAIN);
  } catch (error) {
    if (codeOf(error) === 'ELOOP') return undefined;
    throw error;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return notAFile;
    return stats.size > MAX_FILE_BYTES ? tooLarge(stats.size) : readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** The bytes of a link within the repository. */
const readLinked = async (absolute: string): Promise<Buffer | Failure> => {
  const stats = await stat(absolute);
  if (!stats.isFile()) return notAFile;
  return stats.size > MAX_FILE_BYTES ? tooLarge(stats.size) : readFile(absolute);
};

const notAFile: Failure = {
  code: 'unreadable-file',
  message: 'this is no file that can be read to its end',
  hint: 'remove it from the folder, or name other files under manifests',
};

const tooLarge = (size: number): Failure => ({
  code: 'file-too-large',
  message: `the file has ${(size / 1024 / 1024).toFixed(1)} MB; a manifest may have ${MAX_FILE_BYTES / 1024 / 1024} MB`,
  hint: 'split it into several files',
});

const outside: Failure = {
  code: 'outside-repository',
  message: 'the file is a link that leads out of the repository',
  hint: 'put the file itself here',
};

/** Reads files of one repository. `file` is relative to its root, with `/`. */
export type SourceReader = (file: string) => Promise<SourceText>;

/**
 * Never throws for what a file holds, or for one that cannot be read. Where folders lead is looked up once: a reader is
 * made for one load.
 */
export const sourceReader = (root: string): SourceReader => {
  const folders = new Map<string, Promise<string>>();
  const realFolder = async (folder: string): Promise<string> => {
    const known = folders.get(folder) ?? realpath(folder);
    folders.set(folder, known);
    return known;
  };
  const leadsOut = async (real: string): Promise<boolean> => {
    const within = path.relative(await realFolder(root), real);
    return within.startsWith('..') || path.isAbsolute(within);
  };
  return async (file) => {
    const absolute = path.join(root, file);
    const fail = (failure: Failure): SourceText => ({
      file,
      diagnostic: { severity: 'error', ...failure, place: { file, line: 1, column: 1 } },
    });
    try {
      if (await leadsOut(await realFolder(path.dirname(absolute)))) return fail(outside);
      let read = readPlain(absolute);
      if (read === undefined) {
        if (await leadsOut(await realpath(absolute))) return fail(outside);
        read = await readLinked(absolute);
      }
      if (!Buffer.isBuffer(read)) return fail(read);
      const text = decode(read);
      if (text === undefined)
        return fail({
          code: 'not-utf-8',
          message: 'the file is not UTF-8 text',
          hint: 'save it as UTF-8 without a byte order mark',
        });
      return text.trim() === ''
        ? fail({
            code: 'empty-file',
            message: 'the file is empty',
            hint: 'write a manifest into it, or delete it',
          })
        : { file, text };
    } catch (error) {
      return fail({
        code: 'unreadable-file',
        message: `the file cannot be read (${codeOf(error)})`,
        hint: 'check that it exists and that you may read it',
      });
    }
  };
};

/** As `sourceReader`, for one file. */
export const readSource = async (root: string, file: string): Promise<SourceText> => sourceReader(root)(file);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Text, or undefined where the bytes are not UTF-8. A byte order mark is dropped. */
const decode = (bytes: Buffer): string | undefined => {
  try {
    const text = utf8.decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
};
