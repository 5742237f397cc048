/** Parts of a document that have requests of their own. Pure. */
import type { Dialect } from '../api/dialect.js';
import type { Json } from '../core/json.js';
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

/** Whether all that a patch (RFC 6902) touches is in parts that have requests of their own. */
export const touchesPartsAlone = (
  { parts }: Pick<Kind, 'parts'>,
  patch: readonly { readonly path?: Json }[],
): boolean =>
  patch.length > 0 &&
  patch.every(({ path }) =>
    parts.some(({ name }) => typeof path === 'string' && `${path}/`.startsWith(`/${name}/`)),
  );

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
