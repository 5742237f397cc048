/** References between resources: found, resolved and renamed by the tables of the kinds. */
import { escapePointer, isValueArray, isValueObject, type Value, type ValueObject } from '../core/secret.js';
import type { Kind, ReferenceRule } from './kind.js';
import { parseReference, type Reference } from './reference.js';
import { mapDocument, mapItems } from './paths.js';

export interface FoundReference {
  readonly rule: ReferenceRule;
  readonly reference: Reference;
  /** JSON pointer into the document. */
  readonly pointer: string;
}

/**
 * Every reference of a document, in document order of the rules. `document` may be in the form of comparison, in
 * which some lists are maps.
 */
export const referencesOf = (kind: Kind, document: ValueObject): readonly FoundReference[] =>
  kind.references.flatMap((rule) => found(document, rule, rule.path, ''));

const found = (
  value: Value,
  rule: ReferenceRule,
  path: readonly string[],
  at: string,
): readonly FoundReference[] => {
  const [head, ...rest] = path;
  if (head === '*')
    return isValueArray(value) || isValueObject(value)
      ? Object.entries(value).flatMap(([name, item]: [string, Value]) =>
          found(item, rule, rest, `${at}/${escapePointer(name)}`),
        )
      : [];
  if (!isValueObject(value)) return [];
  if (head !== undefined) {
    const inner = value[head];
    return inner === undefined ? [] : found(inner, rule, rest, `${at}/${escapePointer(head)}`);
  }
  const held = value[rule.name];
  const items: readonly (readonly [Value | undefined, string])[] =
    rule.list && isValueArray(held)
      ? held.map((item, index) => [item, `${at}/${rule.name}/${index}`] as const)
      : [[held, `${at}/${rule.name}`]];
  return items.flatMap(([item, pointer]) => {
    const reference = parseReference(item);
    return reference === undefined ? [] : [{ rule, reference, pointer }];
  });
};

/** Changes each reference of the document, and renames its property from `from` to `to`. */
const rewrite = (
  kind: Kind,
  document: ValueObject,
  from: 'name' | 'wire',
  to: 'name' | 'wire',
  change: (value: Value, rule: ReferenceRule) => Value,
): ValueObject =>
  kind.references.reduce(
    (whole, rule) =>
      mapDocument(whole, rule.path, (object) => {
        const held = object[rule[from]];
        if (held === undefined || held === null) return object;
        const changed =
          rule.list && isValueArray(held) ? mapItems(held, (item) => change(item, rule)) : change(held, rule);
        if (changed === held && rule[from] === rule[to]) return object;
        // In its old place: people and bodies keep the order of the manifest.
        return Object.fromEntries(
          Object.entries(object).map(([name, value]) =>
            name === rule[from] ? [rule[to], changed] : [name, value],
          ),
        );
      }),
    document,
  );

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `connection_id: uuid`, the API's own way, becomes `connection: {id: uuid}`. */
export const acceptWireNames = (kind: Kind, document: ValueObject): ValueObject =>
  rewrite(kind, document, 'wire', 'name', (value, { plainIds }) =>
    typeof value === 'string' && (plainIds !== true || UUID.test(value)) ? { id: value } : value,
  );

/** Ids in the place of keys, where a text can be either, as references; the rest stays. */
export const acceptPlainIds = (kind: Kind, document: ValueObject): ValueObject =>
  acceptWireNames({ ...kind, references: kind.references.filter(({ plainIds }) => plainIds) }, document);

/** A live object's ids in the manifest's terms: the key where the repository manages the object. */
export const referencesFromLive = (
  kind: Kind,
  document: ValueObject,
  keyOf: (kind: string, id: string) => string | undefined,
): ValueObject =>
  rewrite(kind, document, 'wire', 'name', (value, rule) =>
    typeof value === 'string' && value !== '' ? (keyOf(rule.kind, value) ?? { id: value }) : value,
  );

/** Each reference replaced by `resolve(reference)`, names kept. */
export const mapReferences = (
  kind: Kind,
  document: ValueObject,
  resolve: (reference: Reference, rule: ReferenceRule) => Value,
): ValueObject =>
  rewrite(kind, document, 'name', 'name', (value, rule) => {
    const reference = parseReference(value);
    return reference === undefined ? value : resolve(reference, rule);
  });

/** The document with ids in the place of those keys of which `idOf` knows one. */
export const keysAsIds = (
  kind: Kind,
  document: ValueObject,
  idOf: (kind: string, key: string) => string | undefined,
): ValueObject =>
  mapReferences(kind, document, (reference, rule) => {
    if (reference.to !== 'key')
      return reference.to === 'id' ? { id: reference.id } : { name: reference.name };
    const id = idOf(rule.kind, reference.key);
    return id === undefined ? reference.key : { id };
  });

/** The other way round: the document with the keys of what is known by one today. */
export const idsAsKeys = (
  kind: Kind,
  document: ValueObject,
  keyOf: (kind: string, id: string) => string | undefined,
): ValueObject =>
  mapReferences(kind, document, (reference, rule) =>
    reference.to === 'key'
      ? reference.key
      : reference.to === 'id'
        ? (keyOf(rule.kind, reference.id) ?? { id: reference.id })
        : { name: reference.name },
  );

/** The document in the API's terms: `connection: warehouse` becomes `connection_id: <its id>`. */
export const referencesToWire = (
  kind: Kind,
  document: ValueObject,
  idOf: (reference: Reference, rule: ReferenceRule) => string,
): ValueObject =>
  rewrite(kind, document, 'name', 'wire', (value, rule) => {
    const reference = parseReference(value);
    if (reference === undefined) throw new Error(`${rule.name} holds no reference`);
    return idOf(reference, rule);
  });
