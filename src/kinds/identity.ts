/** What objects are known by, out of the tables of their kinds: a name, an e-mail, a pair of ids, or nothing. Pure. */
import type { ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import type { Place } from './endpoints.js';
import type { Kind, ReferenceRule } from './kind.js';
import { parseReference, type Reference } from './reference.js';

const BETWEEN = ' / ';

/** Whether an organization has one object of the kind alone. */
export const isSingleton = ({ identity }: Kind): boolean => identity.fields.length === 0;

/** Whether objects are told apart by a name that only one can bear: it has to be free before another bears it. */
export const bearsUniqueName = ({ identity: { fields, unique } }: Kind): boolean =>
  unique && fields.length === 1 && fields[0] === 'name';

/**
 * Whether only one object can be known by a field that cannot change: another one is made by it only when the one that
 * has it is gone.
 */
export const bearsUniqueField = (kind: Kind): boolean =>
  kind.identity.unique &&
  kind.identity.idless !== true &&
  kind.identity.fields.length === 1 &&
  !bearsUniqueName(kind);

const joined = ({ identity }: Kind, values: readonly string[]): string => {
  const text = values.every((value) => value === '') ? '' : values.join(BETWEEN);
  return identity.caseless === true ? text.toLowerCase() : text;
};

/** What a live object, or a body, is known by: the same text for the same object. Empty where nothing tells it. */
export const identityOf = (kind: Kind, object: ValueObject): string =>
  joined(
    kind,
    kind.identity.fields.map((field) => asText(object[field])),
  );

const ruleOf = ({ references }: Kind, field: string): ReferenceRule | undefined =>
  references.find(({ path, wire }) => path.length === 0 && wire === field);

/** Gives the id of what a reference leads to, or undefined where it is not known. */
export type IdOf = (reference: Reference, rule: ReferenceRule) => string | undefined;

/** The fields that tell the object of a document, references as ids; what is not known is empty. */
export const fieldsIn = (kind: Kind, document: ValueObject, idOf: IdOf): Place =>
  Object.fromEntries(
    kind.identity.fields.map((field) => {
      const rule = ruleOf(kind, field);
      if (rule === undefined) return [field, asText(document[field])];
      const reference = parseReference(document[rule.name]);
      return [field, (reference === undefined ? undefined : idOf(reference, rule)) ?? ''];
    }),
  );

/** As `identityOf`, of a document. */
export const identityIn = (kind: Kind, document: ValueObject, idOf: IdOf = () => undefined): string =>
  identityOf(kind, fieldsIn(kind, document, idOf));

/** Whether objects of the kind are told by what they refer to. */
export const isToldByReferences = (kind: Kind): boolean =>
  kind.identity.fields.some((field) => ruleOf(kind, field) !== undefined);

/** What people call the object of a document: what it is known by, references by their keys. */
export const titleOf = (kind: Kind, document: ValueObject): string =>
  kind.identity.fields
    .map((field) => {
      const rule = ruleOf(kind, field);
      if (rule === undefined) return asText(document[field]);
      const reference = parseReference(document[rule.name]);
      if (reference === undefined) return '';
      return reference.to === 'key' ? reference.key : reference.to === 'id' ? reference.id : reference.name;
    })
    .join(BETWEEN);

/** What the key of a new manifest is made of: what tells the object, but for references. */
export const keyName = (kind: Kind, live: ValueObject): string =>
  isSingleton(kind)
    ? kind.noun.one
    : kind.identity.fields
        .flatMap((field) => (ruleOf(kind, field) === undefined ? [asText(live[field])] : []))
        .join(' ');

/** `called "x"`, `known by "x"`: after `is` or `are`. */
export const calledText = (kind: Kind, name: string): string =>
  isSingleton(kind)
    ? 'there'
    : kind.identity.fields[0] === 'name'
      ? `called "${name}"`
      : `known by "${name}"`;

/** The id of an object that the API gives none: the kind, and what it is known by. */
export const madeId = (kind: Kind, object: ValueObject): string =>
  [kind.name, ...kind.identity.fields.map((field) => asText(object[field]))]
    .map(encodeURIComponent)
    .join('/');

/** What an id fills in of an address: `{id}`, or the fields that it was made of. */
export const placeOf = (kind: Kind, id: string): Place => {
  if (kind.identity.idless !== true) return { id };
  const [, ...values] = id.split('/').map(decodeURIComponent);
  return Object.fromEntries(kind.identity.fields.map((field, index) => [field, values[index] ?? '']));
};
