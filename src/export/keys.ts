/** Keys from names: valid, unique within their kind, and the same in every run. Pure. */
import { createHash } from 'node:crypto';
import { byCodeUnit } from '../core/json.js';

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

/** Something that needs a key. */
export interface Nameable {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** What else tells two of one name apart: the same wherever the same object lives. */
  readonly content: string;
  /** The key that it should have. Absent: one that follows from its name. */
  readonly wanted?: string;
}

/**
 * A key for each object, by `KIND ID`. Two that want the same are numbered by name and content, so that the
 * order of an answer counts for nothing; what has a key already (`taken`, as `KIND KEY`) keeps it, and what wants
 * one goes before what does not.
 */
export const assignKeys = (
  objects: readonly Nameable[],
  taken: ReadonlySet<string>,
): ReadonlyMap<string, string> => {
  const used = new Set([...taken].map((each) => each.toLowerCase()));
  const sorted = [...objects].sort(
    (a, b) =>
      Number(a.wanted === undefined) - Number(b.wanted === undefined) ||
      byCodeUnit(a.kind, b.kind) ||
      byCodeUnit(a.name, b.name) ||
      byCodeUnit(a.content, b.content) ||
      byCodeUnit(a.id, b.id),
  );
  const next = new Map<string, number>();
  const keys = new Map<string, string>();
  for (const { kind, id, name, wanted } of sorted) {
    const slug = wanted ?? slugOf(name, kind);
    const series = `${kind} ${slug}`;
    let number = next.get(series) ?? 1;
    const free = (): string => (number === 1 ? slug : `${slug}-${number}`);
    while (used.has(`${kind} ${free()}`.toLowerCase())) number += 1;
    next.set(series, number + 1);
    used.add(`${kind} ${free()}`.toLowerCase());
    keys.set(`${kind} ${id}`, free());
  }
  return keys;
};
