/** The types of JSON Schema: what they hold, and what a person calls them. */
import { isJsonArray, isJsonObject, type Json } from '../../core/json.js';

/** Whether a value is of a type, by its name. */
export const types: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => typeof value === 'number' && Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  object: isJsonObject,
  array: isJsonArray,
  null: (value) => value === null,
};

/** A type in words. */
export const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
  null: 'nothing',
};
