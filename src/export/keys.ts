/** Keys from names: valid, unique within their kind, and the same in every run. Pure. */
import { byCodeUnit } from '../core/json.js';
import { slugOf } from '../core/slug.js';

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
