/** What follows the write of an object: its parts. */
import type { Writer } from '../api/client.js';
import type { Diagnostic } from '../core/diagnostics.js';
import { jsonEqual, type Json, type JsonObject } from '../core/json.js';
import type { Kind } from '../kinds/kind.js';
import { pick, without } from '../kinds/paths.js';
import type { Change } from '../plan/plan.js';
import type { Binding } from '../state/state.js';
import { diagnosticOf } from './failed.js';
import type { PendingBinding, Started } from './journal.js';
import { writeParts } from './parts.js';
import type { Performed } from './perform.js';
import type { Step } from './step.js';

interface Run {
  readonly writer: Writer;
  readonly keyBase: string;
  /** Live objects by id, as this run knows them. */
  readonly seen: Map<string, JsonObject>;
  readonly open?: readonly Started[];
}

/**
 * What a step leaves in the state as long as these parts are not written: what was last applied there, so that the next
 * run knows what was ours, unless it was said of something else (of another source, say).
 */
export const withoutThese = (
  { parts, references }: Pick<Kind, 'parts' | 'references'>,
  names: readonly string[],
  pending: PendingBinding | null,
  last: JsonObject | undefined,
): PendingBinding | null => {
  if (pending === null) return null;
  const nameOf = (wire: string): string =>
    references.find((rule) => rule.path.length === 0 && rule.wire === wire)?.name ?? wire;
  const isOfSame = (part: string): boolean =>
    (parts.find(({ name }) => name === part)?.hangsOn ?? []).every((wire) =>
      jsonEqual(last?.[nameOf(wire)], pending.applied[nameOf(wire)]),
    );
  const kept = last === undefined ? {} : pick(last, names.filter(isOfSame));
  return { ...pending, applied: { ...without(pending.applied, ...names), ...kept } as JsonObject };
};

interface Settling {
  readonly change: Change;
  readonly kind: Kind;
  readonly id: string;
  readonly parts: Readonly<Record<string, Json>>;
  readonly before: JsonObject | undefined;
  readonly performed: Performed;
  readonly step: Step;
}

/** Writes the parts of an object; a failure is a value, since the object is done already. */
export const settle = async (
  { change, kind, id, parts, before, performed, step }: Settling,
  { writer, keyBase, seen, open = [] }: Run,
  /** What the object leaves in the state without its parts. */
  bound: () => Binding | null,
): Promise<{ readonly failure?: Diagnostic }> => {
  const names = Object.keys(parts);
  if (names.length === 0) return {};
  // The object is done, which a run that is killed from here on must know.
  await step.done(bound());
  try {
    await writeParts({
      writer,
      kind,
      change,
      id,
      desired: parts,
      seen: before,
      written: performed.object,
      step,
      keyBase,
      open,
    });
    return {};
  } catch (error) {
    return { failure: diagnosticOf(error, change, `setting ${names.join(' and ')} of ${change.step}`) };
  } finally {
    // What was written is not known to be all that lives there: a later step looks again.
    const now = seen.get(id);
    if (now !== undefined) seen.set(id, without(now, ...names) as JsonObject);
  }
};
