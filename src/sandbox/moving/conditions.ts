/** What filters and overrides compare, as the names of the API's functions say it. Pure. */
import {
  isJsonArray,
  isJsonObject,
  jsonEqual,
  objectsIn,
  type Json,
  type JsonObject,
} from '../../core/json.js';
import { asText } from '../../core/text.js';
import { labelsIn, letter, relabelled } from '../resources/sync-logic.js';

type Compare = (held: Json, wanted: Json) => boolean;

const isNothing = (value: Json): boolean => value === null || value === '';

const textOf = (value: Json): string => asText(value).toLowerCase();

/** Of two dates their instants, of anything else numbers where both are. */
const order = (held: Json, wanted: Json): number => {
  const [a, b] = [held, wanted].map((each) => (typeof each === 'number' ? each : Number(asText(each))));
  if (a !== undefined && b !== undefined && !Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  const [first, second] = [held, wanted].map((each) => Date.parse(asText(each)));
  return first === undefined || second === undefined ? Number.NaN : first - second;
};

const isSame: Compare = (held, wanted) => jsonEqual(held, wanted) || asText(held) === asText(wanted);

const items = (value: Json): readonly Json[] => (isJsonArray(value) ? value : [value]);

const not =
  (compare: Compare): Compare =>
  (held, wanted) =>
    !compare(held, wanted);

const like: Compare = (held, wanted) =>
  new RegExp(
    `^${asText(wanted)
      .replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
      .replaceAll('%', '.*')
      .replaceAll('_', '.')}$`,
    'is',
  ).test(asText(held));

const DAY = 86_400_000;

/** Days before now, of a number or of `{value: 3}`. */
const ago = (wanted: Json): number =>
  Date.now() - DAY * Number(isJsonObject(wanted) ? asText(wanted['value']) : asText(wanted));

const between: Compare = (held, wanted) => {
  const [low, high] = isJsonObject(wanted)
    ? [wanted['from'] ?? wanted['min'] ?? null, wanted['to'] ?? wanted['max'] ?? null]
    : items(wanted);
  return order(held, low ?? null) >= 0 && order(held, high ?? null) <= 0;
};

const contains: Compare = (held, wanted) => textOf(held).includes(textOf(wanted));
const startsWith: Compare = (held, wanted) => textOf(held).startsWith(textOf(wanted));
const endsWith: Compare = (held, wanted) => textOf(held).endsWith(textOf(wanted));
const oneOf: Compare = (held, wanted) => items(wanted).some((each) => isSame(held, each));
const holds: Compare = (held, wanted) => items(held).some((each) => isSame(each, wanted));

/** By the names of FilterFunction (api.md, 17). */
const functions: Readonly<Record<string, Compare>> = {
  Equality: isSame,
  Inequality: not(isSame),
  IsNull: isNothing,
  IsNotNull: not(isNothing),
  True: (held) => held === true,
  False: (held) => held === false,
  OnOrAfter: (held, wanted) => order(held, wanted) >= 0,
  OnOrBefore: (held, wanted) => order(held, wanted) <= 0,
  GreaterThan: (held, wanted) => order(held, wanted) > 0,
  GreaterThanEqual: (held, wanted) => order(held, wanted) >= 0,
  LessThan: (held, wanted) => order(held, wanted) < 0,
  LessThanEqual: (held, wanted) => order(held, wanted) <= 0,
  StringContains: contains,
  StringStartsWith: startsWith,
  StringEndsWith: endsWith,
  StringDoesNotContain: not(contains),
  StringDoesNotStartWith: not(startsWith),
  StringDoesNotEndWith: not(endsWith),
  StringOneOf: oneOf,
  StringNotOneOf: not(oneOf),
  Between: between,
  ArrayContains: holds,
  ArrayDoesNotContain: not(holds),
  InTheLast: (held, wanted) => Date.parse(asText(held)) >= ago(wanted),
  RelativeOnOrBefore: (held, wanted) => Date.parse(asText(held)) <= ago(wanted),
  RelativeOnOrAfter: (held, wanted) => Date.parse(asText(held)) >= ago(wanted),
  StringLike: like,
  StringNotLike: not(like),
  StringMatchesTrimmed: (held, wanted) => textOf(held).trim() === textOf(wanted).trim(),
};

/** Whether a value is what a condition asks for; a function that nobody knows is true of everything. */
export const meets = (name: Json | undefined, held: Json, wanted: Json): boolean =>
  functions[asText(name)]?.(held, wanted) ?? true;

/** A flat part of an expression: `and` binds before `or`. */
const flat = (text: string): boolean =>
  text.split(/\bor\b/).some((part) => part.split(/\band\b/).every((each) => each.trim() === '1'));

/** What an expression of labels amounts to; without one, all of them. */
export const combined = (
  logic: string,
  labels: readonly string[],
  isTrue: (label: string) => boolean,
): boolean => {
  if (logic.trim() === '') return labels.every(isTrue);
  let text = relabelled(logic, (label) => (isTrue(label) ? '1' : '0')).toLowerCase();
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replaceAll(/\(([^()]*)\)/g, (_all, inner: string) => (flat(inner) ? '1' : '0'));
  }
  return flat(text);
};

/** Whether something passes filters as an answer has them, with `logic` by the letters of their places. */
export const passes = (
  filters: JsonObject | undefined,
  test: (condition: JsonObject) => boolean,
): boolean => {
  const conditions = objectsIn(filters?.['conditions']);
  const byLabel = new Map(
    conditions.map((condition, index) => [asText(condition['label'] ?? letter(index)), condition]),
  );
  const logic = asText(filters?.['logic']);
  const known = labelsIn(logic).every((label) => byLabel.has(label));
  return combined(known ? logic : '', [...byLabel.keys()], (label) => {
    const condition = byLabel.get(label);
    return condition === undefined || test(condition);
  });
};

const hostOf = (value: Json): string =>
  asText(value)
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/^www\./, '')
    .replace(/[/:?#].*$/, '');

/** By the names of SchemaIdentityFunction: whether a record of the target is that of the source. */
const identities: Readonly<Record<string, Compare>> = {
  Equality: isSame,
  ISubstring: (held, own) => textOf(held).includes(textOf(own)),
  OneOf: (held, own) => items(own).some((each) => isSame(held, each)),
  DomainMatch: (held, own) => hostOf(held) === hostOf(own),
  HostnameMatch: (held, own) => hostOf(held) === hostOf(own),
};

/** Whether two values are of one record; nothing is nobody's. */
export const identifies = (name: Json | undefined, held: Json, own: Json): boolean =>
  !isNothing(held) && !isNothing(own) && (identities[asText(name)] ?? isSame)(held, own);
