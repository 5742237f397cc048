/** Which types of fields go together: the API's type names (`UtilFieldType`). */

const scalars = ['string', 'number', 'boolean', 'datetime'];

/** What a target's type takes; text takes whatever can be written as text. */
const takes: Readonly<Record<string, readonly string[]>> = {
  string: [...scalars, 'array', 'object'],
  number: ['number'],
  boolean: ['boolean'],
  datetime: ['datetime'],
  array: ['array'],
  object: ['object', 'array'],
  binary: ['binary', 'string'],
};

/** Whether values of one type can be written to the other; a type that is not known takes and gives anything. */
export const fits = (from: string, to: string): boolean => {
  const taken = takes[to];
  return taken === undefined || takes[from] === undefined || taken.includes(from);
};

const numbers = ['number', 'datetime', 'string'];
const text = ['string'];
const times = ['datetime'];
const lists = ['array'];

/** The types that a filter's function is for; functions that are not here are for all. */
const functionTypes: Readonly<Record<string, readonly string[]>> = {
  True: ['boolean'],
  False: ['boolean'],
  OnOrAfter: times,
  OnOrBefore: times,
  InTheLast: times,
  RelativeOnOrBefore: times,
  RelativeOnOrAfter: times,
  GreaterThan: numbers,
  GreaterThanEqual: numbers,
  LessThan: numbers,
  LessThanEqual: numbers,
  Between: numbers,
  StringContains: text,
  StringStartsWith: text,
  StringEndsWith: text,
  StringDoesNotContain: text,
  StringDoesNotStartWith: text,
  StringDoesNotEndWith: text,
  StringOneOf: text,
  StringNotOneOf: text,
  StringLike: text,
  StringNotLike: text,
  StringMatchesTrimmed: text,
  ArrayContains: lists,
  ArrayDoesNotContain: lists,
};

/** The types that `name` is for, where `type` is none of them. */
export const misfit = (name: string, type: string): readonly string[] | undefined => {
  const types = functionTypes[name];
  return types === undefined || takes[type] === undefined || types.includes(type) ? undefined : types;
};
