/** An overlay, put over the manifest that it names. */
import type { Address } from '../core/address.js';
import type { Diagnostic, Place } from '../core/diagnostics.js';
import { isJsonObject, type JsonObject } from '../core/json.js';
import { escapePointer } from '../core/secret.js';
import { didYouMean } from '../core/suggest.js';
import type { Draft } from './draft.js';
import { applyMerge, applyPatch, type Origin } from './overlay.js';
import { checkSchema } from './schema.js';

/** An overlay as it was written. */
export interface OverlayDocument {
  readonly value: unknown;
  readonly origin: Origin;
  /** Where in the document of `origin` it stands; empty where it is all of it. */
  readonly from: readonly string[];
  /** The place of a value, by a JSON pointer into the overlay. */
  readonly placeOf: (pointer: string, what: 'key' | 'value') => Place;
}

/** Puts an overlay over its target among `drafts`; what cannot be done is a finding. */
export const overlayDraft = (
  { value, origin, from, placeOf }: OverlayDocument,
  drafts: Map<Address, Draft>,
  diagnostics: Diagnostic[],
): void => {
  const fail = (
    finding: Omit<Diagnostic, 'severity' | 'place'>,
    pointer: string,
    what: 'key' | 'value',
  ): void => {
    diagnostics.push({ severity: 'error', ...finding, place: placeOf(pointer, what) });
  };
  if (!isJsonObject(value) || value['kind'] !== 'Overlay') {
    fail(
      {
        code: 'no-overlay',
        message: 'the document is no overlay',
        hint: 'an overlay begins with kind: Overlay and target: ADDRESS',
      },
      '',
      'value',
    );
    return;
  }
  const problems = checkSchema('Overlay', value);
  for (const { pointer, at, ...problem } of problems) fail(problem, pointer, at);
  if (problems.length > 0) return;
  const { target, merge, patch } = value;
  const address = target as Address;
  const draft = drafts.get(address);
  if (draft === undefined) {
    fail(
      {
        code: 'unknown-target',
        message: `there is no ${address} to overlay`,
        hint: didYouMean(address, [...drafts.keys()]) ?? 'the target is the address of a manifest: KIND.KEY',
      },
      '/target',
      'value',
    );
    return;
  }
  const fixed = ['kind', 'key'].find(
    (name) =>
      (isJsonObject(merge) && name in merge) ||
      (Array.isArray(patch) &&
        patch.some((step) => isJsonObject(step) && step['path'] === `/${escapePointer(name)}`)),
  );
  if (fixed !== undefined) {
    fail(
      {
        code: 'fixed-field',
        message: `an overlay cannot change ${fixed}: it makes the address`,
        hint: 'change another field',
      },
      '',
      'value',
    );
    return;
  }
  const overlaid = isJsonObject(merge)
    ? applyMerge(draft.value, merge, origin)
    : applyPatch(draft.value, patch as readonly JsonObject[], origin);
  if ('message' in overlaid)
    fail(
      { code: 'overlay-failed', message: overlaid.message, hint: overlaid.hint, address },
      overlaid.pointer,
      'value',
    );
  else {
    const steps = overlaid.steps.map((step) => ({ ...step, from: [...from, ...step.from] }));
    drafts.set(address, { ...draft, value: overlaid.value, steps: [...draft.steps, ...steps] });
  }
};
