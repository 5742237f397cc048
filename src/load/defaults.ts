/** Defaults of a folder: what a manifest has without saying it. Pure. */
import path from 'node:path';
import type { Diagnostic, Place } from '../core/diagnostics.js';
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { asText } from '../core/text.js';
import type { Origin, Step } from './overlay.js';
import type { ParsedDocument } from './parse.js';
import { checkSchema } from './schema.js';

export const DEFAULTS = 'Defaults';

/** What makes a resource what it is, and cannot be that of many. */
const FIXED = ['kind', 'key', 'id', 'external', 'name'];

/** Values for a kind, in a folder and below it. */
interface Layer {
  readonly origin: Origin;
  readonly values: JsonObject;
  readonly place: Place;
}

export interface Defaults {
  /** Those for a manifest of this kind in this file, the farthest first. */
  readonly layersFor: (kind: string, file: string) => readonly Layer[];
  readonly diagnostics: readonly Diagnostic[];
  /** The fields that some folder gives, by kind. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
}

const idOf = (kind: string, folder: string): string => JSON.stringify([kind, folder]);

/** Checks the documents; `placeOf` gives the place of a pointer into one of them. */
export const readDefaults = (
  documents: readonly ParsedDocument[],
  placeOf: (document: ParsedDocument, pointer: string, what: 'key' | 'value') => Place,
): Defaults => {
  const layers = new Map<string, Layer>();
  const fields = new Map<string, Set<string>>();
  const diagnostics: Diagnostic[] = [];
  for (const document of documents) {
    const { file, index, place } = document;
    const value = document.value as JsonObject;
    const problems = checkSchema(DEFAULTS, value);
    for (const { pointer, at, ...problem } of problems)
      diagnostics.push({ severity: 'error', ...problem, place: placeOf(document, pointer, at) });
    const { values } = value;
    if (problems.length > 0 || !isJsonObject(values)) continue;
    const fixed = FIXED.find((name) => Object.hasOwn(values, name));
    if (fixed !== undefined) {
      diagnostics.push({
        severity: 'error',
        code: 'fixed-field',
        message: `defaults cannot give ${fixed}: each resource has its own`,
        hint: 'remove it here, and write it in the manifests',
        place: placeOf(document, `/values/${fixed}`, 'key'),
      });
      continue;
    }
    const kind = asText(value['for']);
    fields.set(kind, new Set([...(fields.get(kind) ?? []), ...Object.keys(values)]));
    const id = idOf(kind, path.posix.dirname(file));
    const first = layers.get(id);
    if (first === undefined) layers.set(id, { origin: { file, index }, values, place });
    else
      diagnostics.push({
        severity: 'error',
        code: 'second-defaults',
        message: `a second document gives defaults for ${asText(value['for'])} in this folder`,
        hint: 'put their values into one document',
        place,
        related: [{ message: 'the first', place: first.place }],
      });
  }
  const layersFor = (kind: string, file: string): readonly Layer[] => {
    if (layers.size === 0) return [];
    const folders: string[] = [];
    for (let folder = path.posix.dirname(file); ; folder = path.posix.dirname(folder)) {
      folders.unshift(folder);
      if (folder === '.' || folder === path.posix.dirname(folder)) break;
    }
    return folders.flatMap((folder) => layers.get(idOf(kind, folder)) ?? []);
  };
  return { layersFor, diagnostics, fields };
};

/** `own` with what it is silent about: maps are merged, and null takes a default away. */
const over = (own: JsonObject, beneath: JsonObject): JsonObject => {
  const said = Object.entries(own).flatMap(([name, value]): readonly (readonly [string, Json])[] => {
    const held = Object.hasOwn(beneath, name) ? beneath[name] : undefined;
    if (held === undefined) return [[name, value]];
    if (value === null) return [];
    return [[name, isJsonObject(value) && isJsonObject(held) ? over(value, held) : value]];
  });
  const silent = Object.entries(beneath).filter(([name]) => !Object.hasOwn(own, name));
  return Object.fromEntries([...said, ...silent]);
};

export interface Filled {
  readonly value: JsonObject;
  readonly steps: readonly Step[];
}

/** A manifest with the defaults of its folders, the nearest first where they differ. */
export const fill = ({ layersFor }: Pick<Defaults, 'layersFor'>, file: string, own: JsonObject): Filled => {
  const layers = layersFor(asText(own['kind']), file);
  if (layers.length === 0) return { value: own, steps: [] };
  const beneath = layers.reduce<JsonObject>((all, { values }) => over(values, all), {});
  return {
    value: over(own, beneath),
    steps: layers.map(({ origin, values }) => ({
      origin,
      from: ['values'],
      op: 'beneath',
      path: [],
      value: values,
      own,
    })),
  };
};
