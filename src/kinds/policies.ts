/** The policies that apply to an object: references of every kind that has them. Pure. */
import type { ValueObject } from '../core/secret.js';
import { isValueArray, isValueObject, type Value } from '../core/secret.js';
import type { ReferenceRule } from './kind.js';
import { mapItems, mapValue } from './paths.js';

/** Keys, names or ids; a text that is an id stays one, as it was before policies had manifests. */
export const policiesRule: ReferenceRule = {
  path: [],
  name: 'policies',
  wire: 'policies',
  kind: 'Policy',
  list: true,
  plainIds: true,
};

const shortId = (value: Value): Value =>
  isValueObject(value) && typeof value['id'] === 'string' ? value['id'] : value;

/** Policies that are known by an id alone, as the id. */
export const shortPolicies = (document: ValueObject): ValueObject =>
  mapValue(document, [policiesRule.name], (held) => (isValueArray(held) ? mapItems(held, shortId) : held));
