/** What documents have in common, as one document with parameters: the least general that fits them all. Pure. */
import { isJsonArray, isJsonObject, jsonEqual, type Json, type JsonObject } from '../core/json.js';
import { KEY } from '../load/templates/instance.js';

/** A place where documents differ: what each has there, or nothing. */
type Values = readonly (Json | undefined)[];

type Common =
  | { readonly type: 'same'; readonly value: Json }
  | { readonly type: 'differs'; readonly values: Values; readonly name: string }
  | { readonly type: 'list'; readonly items: readonly Common[] }
  | { readonly type: 'map'; readonly entries: readonly (readonly [string, Common])[] };

/** A parameter, with its value for each of the documents. */
export interface Generalised {
  /** A document with `${param.NAME}` where they differ. */
  readonly document: JsonObject;
  /** In the order of the documents; undefined where one has nothing there. */
  readonly parameters: ReadonlyMap<string, Values>;
}

const textOf = (values: Values): string => JSON.stringify(values.map((value) => value ?? null));

const isNumber = (segment: string): boolean => /^\d+$/.test(segment);

/** What is the same everywhere, and where it is not. */
const commonOf = (values: Values, path: readonly string[]): Common => {
  const [first] = values;
  if (first !== undefined && values.every((value) => jsonEqual(value, first)))
    return { type: 'same', value: first };
  const name = path.findLast((segment) => !isNumber(segment)) ?? 'value';
  const lists = values.filter((value) => isJsonArray(value));
  if (
    lists.length === values.length &&
    lists.every(({ length }) => length > 0 && length === lists[0]?.length)
  )
    return {
      type: 'list',
      items: (lists[0] ?? []).map((_, index) =>
        commonOf(
          lists.map((list) => list[index]),
          [...path, String(index)],
        ),
      ),
    };
  const maps = values.filter((value) => isJsonObject(value));
  if (maps.length === values.length && maps.every((map) => Object.keys(map).length > 0)) {
    const names = [...new Set(maps.flatMap((map) => Object.keys(map)))];
    return {
      type: 'map',
      entries: names.map((key) => [
        key,
        commonOf(
          maps.map((map) => (Object.hasOwn(map, key) ? map[key] : undefined)),
          [...path, key],
        ),
      ]),
    };
  }
  return { type: 'differs', values, name };
};

interface Middle {
  readonly before: string;
  readonly values: readonly string[];
  readonly after: string;
}

const isText = (value: Json | undefined): value is string => typeof value === 'string';

/** The part of texts that differs, cut where words end: `customers` and `orders` of `customers.email` and `orders.email`. */
const middleOf = (values: Values): Middle | undefined => {
  const texts = values.filter(isText);
  const [first = ''] = texts;
  if (texts.length < values.length) return undefined;
  const shortest = Math.min(...texts.map(({ length }) => length));
  let start = 0;
  while (start < shortest && texts.every((text) => text[start] === first[start])) start += 1;
  let end = 0;
  while (
    end < shortest - start &&
    texts.every((text) => text[text.length - 1 - end] === first[first.length - 1 - end])
  )
    end += 1;
  const head = /^.*[^\p{L}\p{N}_-]/su.exec(first.slice(0, start))?.[0] ?? '';
  const tail = /[^\p{L}\p{N}_-].*$/su.exec(first.slice(first.length - end))?.[0] ?? '';
  if (head === '' && tail === '') return undefined;
  return {
    before: head,
    values: texts.map((text) => text.slice(head.length, text.length - tail.length)),
    after: tail,
  };
};

const differencesIn = (common: Common): readonly (Common & { readonly type: 'differs' })[] =>
  common.type === 'differs'
    ? [common]
    : common.type === 'list'
      ? common.items.flatMap(differencesIn)
      : common.type === 'map'
        ? common.entries.flatMap(([, entry]) => differencesIn(entry))
        : [];

/** A name that a parameter can have, and none has yet. */
const nameFor = (wanted: string, taken: ReadonlySet<string>): string => {
  const plain = wanted.replaceAll(/[^A-Za-z0-9_]/g, '_').slice(0, 40);
  const name = /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}_${number}`)) number += 1;
  return `${name}_${number}`;
};

/**
 * Documents, which all have a `key`, as one document: `key` becomes the parameter of that name, and what is the same
 * wherever documents differ becomes one parameter.
 */
export const generalise = (documents: readonly JsonObject[]): Generalised => {
  const common = commonOf(documents, []);
  const keys = documents.map((document) => document['key']);
  const known = new Map<string, string>([[textOf(keys), KEY]]);
  const parameters = new Map<string, Values>([[KEY, keys]]);
  const differing = differencesIn(common);
  const uses = new Map<string, number>();
  for (const { values } of differing)
    for (const text of new Set([textOf(values), textOf(middleOf(values)?.values ?? [])]))
      uses.set(text, (uses.get(text) ?? 0) + 1);
  const parameterFor = (values: Values, wanted: string): string => {
    const text = textOf(values);
    const name = known.get(text) ?? nameFor(wanted, new Set(parameters.keys()));
    known.set(text, name);
    parameters.set(name, values);
    return name;
  };
  const written = (node: Common): Json => {
    if (node.type === 'same') return node.value;
    if (node.type === 'list') return node.items.map(written);
    if (node.type === 'map')
      return Object.fromEntries(node.entries.map(([name, entry]) => [name, written(entry)]));
    const middle = known.has(textOf(node.values)) ? undefined : middleOf(node.values);
    // A part of a text is a parameter where others have the same; else the whole text says more.
    if (
      middle !== undefined &&
      (known.has(textOf(middle.values)) || (uses.get(textOf(middle.values)) ?? 0) > 1)
    )
      return `${middle.before}\${param.${parameterFor(middle.values, node.name)}}${middle.after}`;
    return `\${param.${parameterFor(node.values, node.name)}}`;
  };
  return { document: written(common) as JsonObject, parameters };
};

/** How many places two documents differ in; no more than `most` and one are counted. */
export const differences = (a: Json | undefined, b: Json | undefined, most: number): number => {
  if (jsonEqual(a, b)) return 0;
  const pairs =
    isJsonArray(a) && isJsonArray(b) && a.length === b.length
      ? a.map((item, index) => [item, b[index]] as const)
      : isJsonObject(a) && isJsonObject(b)
        ? [...new Set([...Object.keys(a), ...Object.keys(b)])].map(
            (name) =>
              [
                Object.hasOwn(a, name) ? a[name] : undefined,
                Object.hasOwn(b, name) ? b[name] : undefined,
              ] as const,
          )
        : undefined;
  if (pairs === undefined) return 1;
  let sum = 0;
  for (const [one, other] of pairs) {
    sum += differences(one, other, most - sum);
    if (sum > most) return most + 1;
  }
  return sum;
};
