/** `${param.NAME}` in the values of a template: found once, filled in for each instance. Pure. */
import { isJsonArray, isJsonObject, type Json } from '../../core/json.js';
import { escapePointer } from '../../core/secret.js';
import { asText } from '../../core/text.js';

/** A value of a template; what names no parameter is one value that all instances share. */
export type Shape =
  | { readonly type: 'plain'; readonly value: Json; readonly size: number }
  | { readonly type: 'whole'; readonly parameter: string }
  | { readonly type: 'text'; readonly parts: readonly Part[] }
  | { readonly type: 'list'; readonly items: readonly Shape[] }
  | { readonly type: 'map'; readonly entries: readonly (readonly [name: string, value: Shape])[] };

type Part = string | { readonly parameter: string };

/** A text that names a parameter, or tries to. */
export interface Mention {
  /** Absent where it is none: `${param.}`. */
  readonly parameter?: string;
  /** As it is written. */
  readonly text: string;
  /** JSON pointer of the value that it stands in. */
  readonly pointer: string;
}

export interface Shaped {
  readonly shape: Shape;
  readonly mentions: readonly Mention[];
}

/** `$${` is an escape here as in all values, and stays for the expressions that are read afterwards. */
const token = /\$\$\{|\$\{param\b([^}]*)(\}?)/g;
const named = /^\.([A-Za-z_][A-Za-z0-9_]*)$/;

const partsOf = (text: string): readonly (Part | { readonly wrong: string })[] => {
  const parts: (Part | { readonly wrong: string })[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [whole, rest, close] = match;
    if (whole === '$${') continue;
    const parameter = close === '}' ? named.exec(rest ?? '')?.[1] : undefined;
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push(parameter === undefined ? { wrong: whole } : { parameter });
    end = match.index + whole.length;
  }
  if (end < text.length || parts.length === 0) parts.push(text.slice(end));
  return parts;
};

/** The shape of a value, and all that it says of parameters. */
export const shapeOf = (value: Json): Shaped => {
  const mentions: Mention[] = [];
  const plain = (held: Json, size: number): Shape => ({ type: 'plain', value: held, size });
  const ofText = (text: string, pointer: string): Shape => {
    if (!text.includes('${param')) return plain(text, text.length + 1);
    const parts = partsOf(text);
    const sound: Part[] = [];
    for (const part of parts) {
      if (typeof part !== 'string')
        mentions.push(
          'wrong' in part
            ? { text: part.wrong, pointer }
            : { parameter: part.parameter, text: `\${param.${part.parameter}}`, pointer },
        );
      sound.push(typeof part !== 'string' && 'wrong' in part ? part.wrong : part);
    }
    const [only] = sound;
    return sound.length === 1 && only !== undefined
      ? typeof only === 'string'
        ? plain(only, only.length + 1)
        : { type: 'whole', parameter: only.parameter }
      : { type: 'text', parts: sound };
  };
  const sizeOf = (shapes: readonly Shape[]): number | undefined =>
    shapes.every((shape) => shape.type === 'plain')
      ? shapes.reduce((sum, { size }) => sum + size, 1)
      : undefined;
  const visit = (held: Json, pointer: string): Shape => {
    if (typeof held === 'string') return ofText(held, pointer);
    if (isJsonArray(held)) {
      const items = held.map((item, index) => visit(item, `${pointer}/${index}`));
      const size = sizeOf(items);
      return size === undefined ? { type: 'list', items } : plain(held, size);
    }
    if (!isJsonObject(held)) return plain(held, 1);
    const entries = Object.entries(held).map(
      ([name, item]) => [name, visit(item, `${pointer}/${escapePointer(name)}`)] as const,
    );
    const size = sizeOf(entries.map(([, shape]) => shape));
    return size === undefined ? { type: 'map', entries } : plain(held, size);
  };
  const shape = visit(value, '');
  return { shape, mentions };
};

/** How many values and characters may still be made. */
export interface Budget {
  left: number;
}

/** More is made than anybody means. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

const spend = (budget: Budget, size: number): void => {
  budget.left -= size;
  if (budget.left < 0) throw new TooLarge('the budget is spent');
};

const sizeOf = (value: Json): number =>
  typeof value === 'string'
    ? value.length + 1
    : isJsonArray(value)
      ? value.reduce((sum: number, item) => sum + sizeOf(item), 1)
      : isJsonObject(value)
        ? sizeOf(Object.values(value))
        : 1;

/**
 * The value with its parameters. One that is a whole value keeps its type; as a part of a text it is text. A field
 * whose whole value is a parameter that is null, or has no value, is left out. Throws `TooLarge` where `budget` is spent.
 */
export const fillShape = (shape: Shape, parameters: ReadonlyMap<string, Json>, budget: Budget): Json => {
  if (shape.type === 'plain') {
    spend(budget, shape.size);
    return shape.value;
  }
  if (shape.type === 'whole') {
    const value = parameters.get(shape.parameter) ?? null;
    spend(budget, sizeOf(value));
    return value;
  }
  if (shape.type === 'text') {
    const texts = shape.parts.map((part) =>
      typeof part === 'string' ? part : asText(parameters.get(part.parameter) ?? null),
    );
    spend(
      budget,
      texts.reduce((sum, { length }) => sum + length, 1),
    );
    return texts.join('');
  }
  spend(budget, 1);
  if (shape.type === 'list') return shape.items.map((item) => fillShape(item, parameters, budget));
  const entries: (readonly [string, Json])[] = [];
  for (const [name, item] of shape.entries) {
    const value = fillShape(item, parameters, budget);
    if (value !== null || item.type !== 'whole') entries.push([name, value]);
  }
  return Object.fromEntries<Json>(entries);
};

/** The parameters that the value at `segments` is made of: of a value within a parameter that one. */
export const parametersAt = (shape: Shape, segments: readonly string[]): readonly string[] => {
  if (shape.type === 'whole') return [shape.parameter];
  if (shape.type === 'text')
    return shape.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.parameter]));
  const [segment, ...rest] = segments;
  if (segment === undefined || shape.type === 'plain') return [];
  const next =
    shape.type === 'list'
      ? shape.items[Number(segment)]
      : shape.entries.find(([name]) => name === segment)?.[1];
  return next === undefined ? [] : parametersAt(next, rest);
};
