/**
 * Lock files that hold on local and on network disks. No library does: those that make a folder, or write into a file
 * that exists already, have a moment in which a lock is nobody's, or in which two take over the same dead one.
 *
 * - A lock comes into being with its whole text, by a link to a file that was written before. Linking fails where the
 *   lock is there.
 * - A lock with an id is removed by whoever holds the guard of that id, a lock file of its own, and looked again under
 *   it. So nobody removes another lock than the one that was found dead, however long ago that was. A guard whose
 *   holder was killed is removed in the same way.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Who holds a lock file. `id` is another one for each lock that is taken. */
export interface Holder {
  readonly id: string;
}

export interface LockFileOptions<T extends Holder> {
  /** The holder in the text of a lock file; undefined where there is none in it. */
  readonly parse: (text: string) => T | undefined;
  /** Whether a holder is still there. `touched`: when the file was last renewed, in milliseconds since 1970. */
  readonly isHeld: (holder: T, touched: number) => boolean;
  /** Gives a file a second name, or throws as the disk does. Default: that of Node. */
  readonly link?: (file: string, name: string) => void;
}

/** What cannot be read is somebody's who writes without links; after this, in milliseconds, it is nobody's. */
const UNREADABLE = 10_000;

/** How often a lock that changes hands meanwhile is looked at again. */
const ATTEMPTS = 1000;

/** What killed runs left beside a lock file is removed after this, in milliseconds: nothing of it lives for a second. */
const LITTER = 24 * 60 * 60 * 1000;

/** Stands for the id of a lock that has none. */
const NAMELESS = 'unreadable';

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Disks without links refuse with one of these. */
const WITHOUT_LINKS: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
]);

/** Makes the file as a whole. False where it is there already. */
const makeWhole = (
  file: string,
  text: string,
  { link = linkSync }: Pick<LockFileOptions<Holder>, 'link'>,
): boolean => {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
  try {
    link(draft, file);
    return true;
  } catch (error) {
    // The answer of a network disk can be lost: the file itself knows better.
    if (statSync(draft).nlink === 2) return true;
    if (codeOf(error) === 'EEXIST') return false;
    if (!WITHOUT_LINKS.has(codeOf(error))) throw error;
    return makeInPlace(file, text);
  } finally {
    rmSync(draft, { force: true });
  }
};

/** For disks without links: for a moment the file is there and empty. */
const makeInPlace = (file: string, text: string): boolean => {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
};

interface Found<T> {
  readonly id: string;
  readonly holder: T | undefined;
  readonly held: boolean;
}

/** Who holds a lock file now; undefined where it is not there. */
const look = <T extends Holder>(
  file: string,
  { parse, isHeld }: LockFileOptions<T>,
): Found<T> | undefined => {
  try {
    const text = readFileSync(file, 'utf8');
    const touched = statSync(file).mtimeMs;
    const holder = parse(text);
    return holder === undefined
      ? { id: NAMELESS, holder, held: Date.now() - touched < UNREADABLE }
      : { id: holder.id, holder, held: isHeld(holder, touched) };
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
};

/** An id came out of a file, and goes into a file's name. */
const guardOf = (file: string, id: string): string =>
  `${file}.${Buffer.from(id).toString('hex').slice(0, 100)}`;

const moment = new Int32Array(new SharedArrayBuffer(4));
const pause = (): void => void Atomics.wait(moment, 0, 0, 1);

/**
 * Takes a lock file for `own`; gives whoever else holds it, or undefined where it is ours now. A lock whose holder is
 * gone is taken over. Throws the errors of the file system. The text of the file is the JSON of `own`.
 */
export const takeLockFile = <T extends Holder>(
  file: string,
  own: T,
  options: LockFileOptions<T>,
): T | 'unreadable' | undefined => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (makeWhole(file, `${JSON.stringify(own)}\n`, options)) {
      removeLitter(file);
      return undefined;
    }
    const found = look(file, options);
    if (found === undefined) continue;
    if (found.held) return found.holder ?? NAMELESS;
    if (!removeLockFile(file, found.id, own, options)) pause();
  }
  return look(file, options)?.holder ?? NAMELESS;
};

/**
 * Removes a lock file where it still is the one with this id, `by` somebody who says that it is nobody's any more: its
 * holder, a person, or who found it dead. True where it is gone, false where somebody else is about to remove it.
 */
export const removeLockFile = <T extends Holder>(
  file: string,
  id: string,
  by: T,
  options: LockFileOptions<T>,
): boolean => {
  // An id never comes back, also where the whole folder is gone.
  if (look(file, options)?.id !== id) return true;
  const guard = guardOf(file, id);
  if (!makeWhole(guard, `${JSON.stringify(by)}\n`, options)) {
    const other = look(guard, options);
    if (other !== undefined && !other.held) removeLockFile(guard, other.id, by, options);
    return false;
  }
  try {
    if (look(file, options)?.id === id) rmSync(file, { force: true });
    return true;
  } finally {
    rmSync(guard, { force: true });
  }
};

const removeLitter = (file: string): void => {
  const folder = path.dirname(file);
  for (const name of readdirSync(folder).filter((each) => each.startsWith(`${path.basename(file)}.`))) {
    const { mtimeMs = Date.now() } = statSync(path.join(folder, name), { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > LITTER) rmSync(path.join(folder, name), { force: true });
  }
};

/** Whoever holds a lock file, still there or not; undefined for nobody. */
export const holderOf = <T extends Holder>(file: string, options: LockFileOptions<T>): T | undefined =>
  look(file, options)?.holder;
