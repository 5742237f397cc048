/** Templates for manifests that are almost the same. Pure. */
import path from 'node:path';
import { addressOf, type Address } from '../core/address.js';
import {
  byCodeUnit,
  isJsonArray,
  isJsonObject,
  jsonEqual,
  type Json,
  type JsonObject,
} from '../core/json.js';
import { slugOf } from '../core/slug.js';
import { asText } from '../core/text.js';
import { KEY } from '../load/templates/instance.js';
import { fillShape, shapeOf } from '../load/templates/shape.js';
import { differences, generalise, type Generalised } from './generalise.js';

/** A manifest as it is written. */
export interface Written {
  readonly file: string;
  readonly value: JsonObject;
}

export interface Suggestion {
  readonly template: JsonObject;
  readonly instances: JsonObject;
  /** Where the instances belong, whose defaults the manifests have. */
  readonly folder: string;
  /** The manifests that they stand for. */
  readonly replaces: readonly { readonly address: Address; readonly file: string }[];
}

/** What was found among the manifests of a repository. */
export interface Suggested {
  readonly suggestions: readonly Suggestion[];
  /** How many manifests were looked at. */
  readonly manifests: number;
}

/** Fewer manifests are not worth a template. */
const FEWEST = 3;

/** A manifest of fewer values is short enough. */
const FEWEST_FIELDS = 5;

/** With more parameters an instance is as long as a manifest. */
const MOST_PARAMETERS = 8;

/** How many places a manifest may differ in from the first one of its group. */
const MOST_PLACES = 24;

/** Manifests of a folder that are like no other, after which the rest is taken to be like none. */
const MOST_ALONE = 200;

/** A default is what most of the instances have. */
const SHARE = 0.6;

const leavesOf = (value: Json): number =>
  isJsonArray(value)
    ? value.reduce((sum: number, item) => sum + leavesOf(item), 0)
    : isJsonObject(value)
      ? leavesOf(Object.values(value))
      : 1;

const typeOf = (value: Json): string =>
  value === null
    ? 'null'
    : isJsonArray(value)
      ? 'array'
      : typeof value === 'number'
        ? Number.isInteger(value)
          ? 'integer'
          : 'number'
        : typeof value;

/** The value that most of them have; undefined where none is of most. */
const presetOf = (values: readonly (Json | undefined)[]): Json | undefined => {
  // What some have nothing for may be left out.
  if (values.includes(undefined)) return null;
  const counts = new Map<string, number>();
  for (const value of values) counts.set(JSON.stringify(value), (counts.get(JSON.stringify(value)) ?? 0) + 1);
  const [text, number] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? ['', 0];
  return number >= values.length * SHARE ? (JSON.parse(text) as Json) : undefined;
};

const schemaOf = (values: readonly (Json | undefined)[]): JsonObject => {
  const types = [...new Set(values.flatMap((value) => (value === undefined ? [] : [typeOf(value)])))].sort(
    byCodeUnit,
  );
  const preset = presetOf(values);
  return {
    type: types.length === 1 ? (types[0] ?? '') : types,
    ...(preset === undefined ? {} : { default: preset }),
  };
};

/** Whether the template makes exactly these manifests: what a suggestion is worth nothing without. */
const makes = ({ document, parameters }: Generalised, group: readonly Written[]): boolean => {
  const { shape, mentions } = shapeOf(document);
  return (
    mentions.every(({ parameter }) => parameter !== undefined && parameters.has(parameter)) &&
    group.every(({ value }, index) => {
      const own = new Map(
        [...parameters].flatMap(([name, values]) => {
          const held = values[index];
          return held === undefined ? [] : [[name, held] as const];
        }),
      );
      return jsonEqual(fillShape(shape, own, { left: Number.MAX_SAFE_INTEGER }), value);
    })
  );
};

/** Says what a group has in common, by what is not a parameter in it. */
const titleOf = ({ document }: Generalised): string => {
  const { target } = document;
  const candidates = [
    document['type'],
    isJsonObject(target) ? target['connection'] : undefined,
    document['connection'],
    document['source_connection'],
  ];
  const common = candidates.find((each): each is string => typeof each === 'string' && !each.includes('${'));
  const kind = asText(document['kind']);
  return slugOf([kind, ...(common === undefined ? [] : [common])].join(' '), kind);
};

const suggestionOf = (
  group: readonly Written[],
  folder: string,
  taken: Set<string>,
): Suggestion | undefined => {
  const found = generalise(group.map(({ value }) => value));
  const { document, parameters } = found;
  const own = [...parameters].filter(([name]) => name !== KEY);
  const isWorthIt =
    own.length <= MOST_PARAMETERS && leavesOf(document) >= Math.max(FEWEST_FIELDS, 2 * (own.length + 1));
  if (!isWorthIt || !makes(found, group)) return undefined;
  const title = titleOf(found);
  let key = title;
  for (let number = 2; taken.has(key); number += 1) key = `${title}-${number}`;
  taken.add(key);
  const schemas = new Map(own.map(([name, values]) => [name, schemaOf(values)]));
  const given = (index: number): JsonObject =>
    Object.fromEntries(
      own.flatMap(([name, values]) => {
        const value = values[index];
        const preset = schemas.get(name)?.['default'];
        return value === undefined || (preset !== undefined && jsonEqual(preset, value))
          ? []
          : [[name, value]];
      }),
    );
  return {
    template: {
      kind: 'Template',
      key,
      ...(own.length === 0 ? {} : { parameters: Object.fromEntries(schemas) }),
      resources: [document],
    },
    instances: {
      kind: 'Instances',
      template: key,
      instances: Object.fromEntries(group.map(({ value }, index) => [asText(value['key']), given(index)])),
    },
    folder,
    replaces: group.map(({ value, file }) => ({
      address: addressOf(asText(value['kind']), asText(value['key'])),
      file,
    })),
  };
};

/** Groups among manifests of one kind and folder. */
const groupsIn = (
  manifests: readonly Written[],
  folder: string,
  taken: Set<string>,
): readonly Suggestion[] => {
  const suggestions: Suggestion[] = [];
  let rest = [...manifests];
  for (let alone = 0; rest.length >= FEWEST && alone < MOST_ALONE;) {
    const [first] = rest;
    const near = rest
      .map((each) => ({ each, places: differences(first?.value, each.value, MOST_PLACES) }))
      .filter(({ places }) => places <= MOST_PLACES)
      .sort((a, b) => a.places - b.places);
    let suggestion: Suggestion | undefined;
    // The nearest half as long as what is farther away asks for too much.
    for (let size = near.length; size >= FEWEST && suggestion === undefined; size = Math.floor(size / 2))
      suggestion = suggestionOf(
        near
          .slice(0, size)
          .map(({ each }) => each)
          .sort((a, b) => byCodeUnit(asText(a.value['key']), asText(b.value['key']))),
        folder,
        taken,
      );
    if (suggestion === undefined) {
      alone += 1;
      rest = rest.slice(1);
      continue;
    }
    suggestions.push(suggestion);
    const done = new Set(suggestion.replaces.map(({ address }) => address));
    rest = rest.filter(({ value }) => !done.has(addressOf(asText(value['kind']), asText(value['key']))));
  }
  return suggestions;
};

/**
 * Templates for groups of manifests that differ in few places: each makes exactly what it stands for. `taken` are the keys of
 * templates that are there.
 */
export const suggestTemplates = (
  manifests: readonly Written[],
  taken: readonly string[],
): readonly Suggestion[] => {
  const used = new Set(taken);
  const buckets = new Map<string, Written[]>();
  for (const manifest of manifests) {
    const bucket = JSON.stringify([path.posix.dirname(manifest.file), manifest.value['kind'] ?? null]);
    const others = buckets.get(bucket);
    if (others === undefined) buckets.set(bucket, [manifest]);
    else others.push(manifest);
  }
  return [...buckets]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .flatMap(([, bucket]) =>
      groupsIn(
        [...bucket].sort((a, b) => byCodeUnit(asText(a.value['key']), asText(b.value['key']))),
        path.posix.dirname(bucket[0]?.file ?? ''),
        used,
      ),
    );
};
