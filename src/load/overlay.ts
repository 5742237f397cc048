/** Overlays: what an environment changes in a manifest, and the way back to where each value was written. */
import jsonPatch, { type Operation } from 'fast-json-patch';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { mergePatch } from '../core/merge.js';
import { pointerSegments } from '../core/secret.js';
import { asText } from '../core/text.js';

/** A document in a file. */
export interface Origin {
  readonly file: string;
  readonly index: number;
}

/** One change that an overlay made, in the order made. */
export interface Step {
  readonly origin: Origin;
  /** Where in the overlay's document the new value stands, e.g. `/merge`. */
  readonly from: readonly string[];
  readonly op: 'beneath' | 'merge' | 'set' | 'insert' | 'remove' | 'move' | 'copy';
  /** Where in the manifest; for `merge` the whole of it. */
  readonly path: readonly string[];
  /** For `move` and `copy`: from where. */
  readonly source?: readonly string[];
  readonly value?: Json;
  /** For `beneath`: what goes before `value` wherever it speaks. */
  readonly own?: JsonObject;
}

export interface Overlaid {
  readonly value: JsonObject;
  readonly steps: readonly Step[];
}

export interface OverlayProblem {
  /** Pointer into the overlay's document. */
  readonly pointer: string;
  readonly message: string;
  readonly hint: string;
}

/** The manifest after a merge patch (RFC 7396). Pure. */
export const applyMerge = (value: JsonObject, merge: JsonObject, origin: Origin): Overlaid => ({
  value: mergePatch(value, merge),
  steps: [{ origin, from: ['merge'], op: 'merge', path: [], value: merge }],
});

const reasons: Readonly<Record<string, string>> = {
  OPERATION_PATH_UNRESOLVABLE: 'nothing stands at this path',
  OPERATION_FROM_UNRESOLVABLE: 'nothing stands at the path in from',
  OPERATION_PATH_CANNOT_ADD: 'the map or list that should take the value does not exist',
  OPERATION_PATH_ILLEGAL_ARRAY_INDEX: 'the list has no such position',
  OPERATION_VALUE_OUT_OF_BOUNDS: 'the position is beyond the end of the list; "-" appends',
  OPERATION_VALUE_REQUIRED: 'the operation needs a value',
  OPERATION_FROM_REQUIRED: 'the operation needs from',
  TEST_OPERATION_FAILED: 'the value there is another one',
};

/** The manifest after a JSON Patch (RFC 6902), or the first operation that cannot be done. Pure. */
export const applyPatch = (
  value: JsonObject,
  patch: readonly JsonObject[],
  origin: Origin,
): Overlaid | OverlayProblem => {
  let current: JsonObject = value;
  const steps: Step[] = [];
  for (const [index, operation] of patch.entries()) {
    const pointer = `/patch/${index}`;
    const fail = (message: string, hint = 'compare the path with the manifest'): OverlayProblem => ({
      pointer,
      message: `${asText(operation['op'])} ${asText(operation['path'])}: ${message}`,
      hint,
    });
    const path = pointerSegments(asText(operation['path']));
    if (path.length === 0) return fail('the whole manifest cannot be replaced', 'name a field');
    try {
      const step = stepOf(current, operation, path, origin, index);
      current = jsonPatch.applyOperation(
        current,
        structuredClone(operation) as unknown as Operation,
        true,
        false,
      ).newDocument;
      if (step !== undefined) steps.push(step);
    } catch (error) {
      if (!(error instanceof jsonPatch.JsonPatchError)) return fail('the path cannot be followed');
      return fail(reasons[error.name] ?? 'the operation cannot be done');
    }
  }
  return { value: current, steps };
};

const stepOf = (
  before: JsonObject,
  operation: JsonObject,
  path: readonly string[],
  origin: Origin,
  index: number,
): Step | undefined => {
  const { op, from } = operation;
  const holder = at(before, path.slice(0, -1));
  const inList = isJsonArray(holder);
  // "-" means behind the last one.
  const exact = inList && path.at(-1) === '-' ? [...path.slice(0, -1), String(holder.length)] : path;
  const base = { origin, from: ['patch', String(index), 'value'], path: exact };
  if (op === 'test') return undefined;
  if (op === 'remove') return inList ? { ...base, op } : undefined;
  if (op === 'move' || op === 'copy')
    return { ...base, op, from: ['patch', String(index)], source: pointerSegments(asText(from)) };
  return { ...base, op: op === 'add' && inList ? 'insert' : 'set' };
};

const at = (value: Json | undefined, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (held, segment) =>
      isJsonArray(held) ? held[Number(segment)] : isJsonObject(held) ? held[segment] : undefined,
    value,
  );

/**
 * Where the value at `segments` of the overlaid manifest was written: in an overlay (its origin and the
 * segments there), or in the manifest itself (no origin). Walks the steps backwards.
 */
export const originOf = (
  steps: readonly Step[],
  segments: readonly string[],
): { readonly origin?: Origin; readonly segments: readonly string[] } => {
  let current = segments;
  for (const step of [...steps].reverse()) {
    const rest = below(step.path, current);
    if (step.op === 'beneath') {
      if (current.length > 0 && at(step.own, current) === undefined && at(step.value, current) !== undefined)
        return { origin: step.origin, segments: [...step.from, ...current] };
    } else if (step.op === 'merge') {
      if (current.length > 0 && at(step.value, current) != null)
        return { origin: step.origin, segments: [...step.from, ...current] };
    } else if (step.op === 'remove') current = shift(step.path, current, 1);
    else if (rest === undefined) {
      if (step.op === 'insert') current = shift(step.path, current, -1);
    } else if (step.op === 'move' || step.op === 'copy') current = [...(step.source ?? []), ...rest];
    else return { origin: step.origin, segments: [...step.from, ...rest] };
  }
  return { segments: current };
};

/** What of `segments` lies below `path`, or undefined where it does not. */
const below = (path: readonly string[], segments: readonly string[]): readonly string[] | undefined =>
  path.every((part, index) => part === segments[index]) ? segments.slice(path.length) : undefined;

/** `segments` with its position in the list of `path` moved, where it lies at or behind that one. */
const shift = (path: readonly string[], segments: readonly string[], by: 1 | -1): readonly string[] => {
  const list = path.slice(0, -1);
  const position = Number(segments[list.length]);
  const changed = Number(path.at(-1));
  const behind = by === 1 ? position >= changed : position > changed;
  if (below(list, segments) === undefined || !behind) return segments;
  return [...list, String(position + by), ...segments.slice(list.length + 1)];
};
