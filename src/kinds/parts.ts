/** Parts of a document that have requests of their own. Pure. */
import { isValueObject, type ValueObject } from '../core/secret.js';
import type { Kind, Part } from './kind.js';
import { mapValue, without } from './paths.js';

/** The document without its parts, but for those that the body of a create, or of an update, takes along. */
export const withoutParts = ({ parts }: Kind, document: ValueObject, isCreate = false): ValueObject =>
  parts.reduce(
    (whole, { name, inBody, ofCreate }) =>
      inBody === 'write' || (isCreate && inBody === 'create')
        ? whole
        : isCreate && ofCreate !== undefined
          ? mapValue(whole, [name], ofCreate)
          : without(whole, name),
    document,
  );

/**
 * The parts that a document speaks of, but for those that a create has taken along. A map without anything in it says
 * nothing; an empty list is a value.
 */
export const spokenParts = ({ parts }: Kind, document: ValueObject, isCreate = false): readonly Part[] =>
  parts.filter(({ name, inBody }) => {
    const held = document[name];
    if (held == null || (isCreate && inBody !== undefined)) return false;
    return !isValueObject(held) || Object.keys(held).length > 0;
  });
