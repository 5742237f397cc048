/** How records of a sync find theirs in the target: one identity, or several and a strategy. Pure. */
import { isJsonObject, jsonEqual, type JsonObject } from '../core/json.js';
import { isValueObject, redact, type Value, type ValueObject } from '../core/secret.js';
import { items, mapDocument, without } from './paths.js';

/** The mappings of a document's identities. */
export const mappingsOf = ({ identities }: ValueObject): readonly ValueObject[] =>
  isValueObject(identities) ? items(identities['mappings']) : [];

/** `identity` as the only one of `identities`; where both are there, the newer one holds. */
export const upgradeIdentity = (document: ValueObject): ValueObject => {
  const { identity, identities } = document;
  if (identity === undefined) return document;
  const rest = without(document, 'identity');
  return !isValueObject(identity) || isValueObject(identities)
    ? rest
    : { ...rest, identities: { mappings: [identity] } };
};

/** The other way round, where one identity is all there is to say. */
export const plainIdentity = (document: ValueObject): ValueObject => {
  const { identities } = document;
  const [first, ...more] = mappingsOf(document);
  if (!isValueObject(identities) || more.length > 0 || identities['extra'] !== undefined) return document;
  const rest = without(document, 'identities');
  return first === undefined ? rest : { ...rest, identity: first };
};

/** The identities of an answer, whichever of the two it has. */
export const identitiesFromLive = ({ identities, identity }: JsonObject): JsonObject =>
  isJsonObject(identities)
    ? { identities }
    : isJsonObject(identity)
      ? { identities: { mappings: [identity] } }
      : {};

/** The form of comparison: a single identity has nothing to be put in order with. */
export const canonicalIdentities = (document: ValueObject): ValueObject => {
  const bare = mapDocument(document, ['identities', 'mappings', '*'], (own) => without(own, 'new_field'));
  return mapDocument(bare, ['identities'], (own) =>
    own['strategy'] === 'priority' || mappingsOf(bare).length < 2 ? without(own, 'strategy') : own,
  );
};

/** Asks for no field a second time, and leaves the type of one as it lives. */
export const completeIdentities = (desired: ValueObject, live: JsonObject): ValueObject => {
  const there = new Map(mappingsOf(live).map((each) => [each['target'], each] as const));
  return mapDocument(desired, ['identities', 'mappings', '*'], (own) => {
    const same = there.get(own['target']);
    if (same === undefined) return own;
    const type = same['remote_field_type_id'];
    return {
      ...without(own, 'new_field'),
      ...(own['remote_field_type_id'] === undefined && type != null ? { remote_field_type_id: type } : {}),
    };
  });
};

/** Whether `identity` says nothing else than `identities`: the first of them. */
export const identitiesAgree = (document: ValueObject): boolean => {
  const { identity } = document;
  const [first] = mappingsOf(document);
  const said = (each: Value | undefined): JsonObject =>
    isValueObject(each) ? (redact(without(each, 'new_field', 'remote_field_type_id')) as JsonObject) : {};
  return jsonEqual(said(identity), said(first));
};
