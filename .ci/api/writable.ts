/** The fields that the API takes for resources of a kind, against the schema of the kind's manifests. */
import type { JsonObject } from '../../src/core/json.js';
import type { Kind, ReferenceRule } from '../../src/kinds/kind.js';
import { operationKey, type Client, type Notes } from './compare.js';
import { refName, shapeOf, type Fields, type Operation, type Place } from './description.js';

/** What of a kind is needed here. */
export type Manifests = Pick<Kind, 'name' | 'references' | 'aliases' | 'schema'> & {
  /** The path that its objects are made in, and with an id behind it changed. */
  readonly collection: string;
};

/** Definitions of the common schema that are this tool's own, and never sent. */
const own: ReadonlySet<string> = new Set(['key', 'id', 'external', 'lifecycle', 'labels', 'extra']);

const isOwn = (name: string, { schema }: Place): boolean =>
  name === 'kind' ||
  (typeof schema['$ref'] === 'string' &&
    schema['$ref'].includes('common') &&
    own.has(refName(schema['$ref'])));

/** The fields of all the objects that a value may be, and of the items of a list of such. */
const fieldsOf = (place: Place): { readonly fields: Fields; readonly listed: boolean } => {
  const { objects, items } = shapeOf(place);
  const [item] = items;
  if (objects.size === 0 && item !== undefined) return { ...fieldsOf(item), listed: true };
  return { fields: new Map([...objects.values()].flatMap((fields) => [...fields])), listed: false };
};

interface Level {
  readonly kind: Manifests;
  readonly notes: Notes;
  readonly client: string;
  readonly label: string;
  /** As the paths of the kind's tables. */
  readonly path: readonly string[];
}

const isAt = (path: readonly string[], rule: { readonly path: readonly string[] }): boolean =>
  path.join('/') === rule.path.join('/');

const lacks = ({ notes, client }: Level, row: string): void => {
  notes.missing.set(row, (notes.missing.get(row) ?? new Set()).add(client));
};

/** Known texts of a field, where both sides list them. */
const compareWords = (level: Level, manifest: Place, body: Place): void => {
  const [ours, theirs] = [shapeOf(manifest).words, shapeOf(body).words];
  if (ours.size === 0 || theirs.size === 0) return;
  for (const word of ours.keys()) {
    level.notes.looked.add(`${level.label} = ${word}`);
    if (theirs.has(word)) level.notes.had.add(`${level.label} = ${word}`);
  }
  for (const word of theirs.keys()) if (!ours.has(word)) lacks(level, `${level.label} = ${word}`);
};

const compareLevel = (level: Level, manifest: Place, body: Place): void => {
  const { kind, notes, label, path } = level;
  compareWords(level, manifest, body);
  const { fields: ours, listed } = fieldsOf(manifest);
  const { fields: theirs } = fieldsOf(body);
  if (ours.size === 0 || theirs.size === 0) return;
  const here = listed ? [...path, '*'] : path;
  const rules: readonly ReferenceRule[] = kind.references.filter((rule) => isAt(here, rule));
  const aliases = new Set(kind.aliases.filter((alias) => isAt(here, alias)).map(({ alias }) => alias));
  const at = listed ? `${label}[]` : label;
  for (const [name, { place }] of ours)
    if (!isOwn(name, place) && !aliases.has(name)) notes.looked.add(`${at}.${name}`);
  for (const [wire, { place }] of theirs) {
    const rule = rules.find((each) => each.wire === wire);
    const name = rule?.name ?? wire;
    const mine = ours.get(name);
    const row = `${at}.${name}`;
    if (mine === undefined || isOwn(name, mine.place)) {
      lacks(level, row);
      continue;
    }
    notes.had.add(row);
    if (rule === undefined) compareLevel({ ...level, label: row, path: [...here, name] }, mine.place, place);
  }
};

/** Settings that a resource keeps at an address of their own: `PUT /api/syncs/{}/error-handling`. */
const partOf = ({ collection }: Manifests, operation: Operation): string | undefined => {
  const key = operationKey(operation);
  const start = `PUT ${collection}/{}/`;
  const rest = key.slice(start.length);
  return key.startsWith(start) && !rest.includes('{}') ? rest.replaceAll(/[/-]/g, '_') : undefined;
};

/** What may be sent to make a resource of a kind, to replace it, and as a part of it: that is a field of its name. */
const bodiesOf = (kind: Manifests, operations: readonly Operation[]): readonly JsonObject[] => {
  const whole = new Set([`POST ${kind.collection}`, `PUT ${kind.collection}/{}`]);
  return operations.flatMap((operation) => {
    const { body } = operation;
    if (body === undefined) return [];
    if (whole.has(operationKey(operation))) return [body];
    const part = partOf(kind, operation);
    return part === undefined ? [] : [{ type: 'object', properties: { [part]: body } }];
  });
};

/**
 * Notes what a client may send to make or replace a resource of the kind, and what its manifests have a place for.
 * `common`: the definitions that the schemas of kinds share.
 */
export const compareManifests = (
  notes: Notes,
  kind: Manifests,
  common: Readonly<Record<string, JsonObject>>,
  { name, description }: Client,
): void => {
  const schema = kind.schema as JsonObject;
  const definitions = (schema['$defs'] ?? {}) as Readonly<Record<string, JsonObject>>;
  const manifest: Place = { label: kind.name, schema, types: { ...common, ...definitions } };
  for (const body of bodiesOf(kind, description.operations))
    compareLevel({ kind, notes, client: name, label: kind.name, path: [] }, manifest, {
      label: kind.name,
      schema: body,
      types: description.types,
    });
};
