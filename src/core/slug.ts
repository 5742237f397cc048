/** Names as keys: valid, and the same in every run. Pure. */
import { createHash } from 'node:crypto';

/** A key may have 128 characters; room is left for what tells two of them apart. */
const LONGEST = 80;

/** Letters that do not fall apart into a letter and its accent. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
};

/** Windows has no files of these names, whatever their extension. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d|conin|conout|clock)$/i;

/** Whether a file can have this name on every system. */
export const isReserved = (name: string): boolean => reserved.test(name);

/** Whether a text can be a key as it is, with room for what tells two of them apart. */
export const isKey = (text: string): boolean =>
  text.length <= LONGEST && /^[A-Za-z0-9][\w-]*$/.test(text) && !isReserved(text);

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 6);

/**
 * `Customers → Warehouse` becomes `customers-warehouse`. A name that does not fit as it is, for its letters or
 * its length, gets a few digits of its hash: they depend on nothing but the name.
 */
export const slugOf = (name: string, kind: string): string => {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/['’`]/g, '')
    .replaceAll(/[ßæœøđðþłı]/g, (letter) => letters[letter] ?? '');
  const lost = /(?![a-z0-9])[\p{L}\p{N}]/u.test(plain);
  const slug = plain.replaceAll(/[^a-z0-9_]+/g, '-').replaceAll(/^[-_]+|[-_]+$/g, '');
  const short = slug.slice(0, LONGEST).replaceAll(/[-_]+$/g, '');
  const what = kind.toLowerCase();
  if (short === '') return `${what}-${shortHash(name)}`;
  if (lost || short !== slug) return `${short}-${shortHash(name)}`;
  return isReserved(short) ? `${short}-${what}` : short;
};
