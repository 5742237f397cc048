/** One reference, as a document holds it. */
import { isValueObject, type Value } from '../core/secret.js';

/** A reference as a document holds it: a key of this repository, or an object that it does not manage. */
export type Reference =
  | { readonly to: 'key'; readonly key: string }
  | { readonly to: 'id'; readonly id: string }
  | { readonly to: 'name'; readonly name: string };

/** What a reference in a document says, or undefined where the value is none. */
export const parseReference = (value: Value | undefined): Reference | undefined => {
  if (typeof value === 'string') return { to: 'key', key: value };
  if (!isValueObject(value)) return undefined;
  const { id, name } = value;
  if (typeof id === 'string') return { to: 'id', id };
  return typeof name === 'string' ? { to: 'name', name } : undefined;
};
