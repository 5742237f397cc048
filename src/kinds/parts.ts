/** Parts of a document that have requests of their own. Pure. */
import type { Dialect } from '../api/dialect.js';
import { isValueObject, type ValueObject } from '../core/secret.js';
import type { Finding } from './finding.js';
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

/** The pointer of the first part of a document that a version does not have. */
export const missingPart = (
  { parts }: Pick<Kind, 'parts'>,
  document: ValueObject,
  dialect: Dialect,
): string | undefined => {
  const missing = parts.find(({ name, isIn }) => document[name] != null && !isIn(dialect));
  return missing === undefined ? undefined : `/${missing.name}`;
};

/** Why a version cannot be sent a document. */
export const unsayable = (pointer: string): Finding => ({
  severity: 'error',
  code: 'newer-form',
  pointer,
  message: `this version of the API has no form for ${pointer.slice(1).replaceAll('/', '.')}`,
  hint: "set version: '2025-09-18' in the configuration file, or take it out",
});
