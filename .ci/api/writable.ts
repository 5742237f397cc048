/** The fields that the API takes for resources of a kind, against the schema of the kind's manifests. */
import { DEFAULT_VERSION, dialectOf } from '../../src/api/versions.js';
import type { JsonObject } from '../../src/core/json.js';
import { withAnyKey } from '../../src/kinds/endpoints.js';
import type { Kind, ReferenceRule } from '../../src/kinds/kind.js';
import { operationKey, type Client, type Notes } from './compare.js';
import {
  refName,
  shapeOf,
  type Description,
  type Fields,
  type Operation,
  type Place,
} from './description.js';

/** What of a kind is needed here. */
export interface Manifests extends Pick<Kind, 'name' | 'references' | 'aliases' | 'schema'> {
  /** The operations that make and change its objects, as `operationKey` writes them. */
  readonly whole: readonly string[];
  /** The list of their bodies that holds the object alone. */
  readonly list?: string;
  /** Where one of its objects is; what is put below it are parts. Absent: that is an object of its own. */
  readonly one?: string;
  /** The fields that hold parts which have addresses of their own, by these addresses. */
  readonly parts: Readonly<Record<string, string>>;
  /** Fields that requests without a body switch, and these requests. */
  readonly switches: Readonly<Record<string, readonly string[]>>;
}

const keyOf = (method: string, path: string): string => operationKey({ method, path, query: [] });

/** The requests that switch a part on and off, where they say nothing else. */
const switchesOf = ({ parts, schema }: Kind): Manifests['switches'] => {
  const dialect = dialectOf(DEFAULT_VERSION);
  const fields = schema.properties as Readonly<Record<string, JsonObject>>;
  return Object.fromEntries(
    parts
      .filter(({ name, inBody }) => inBody === undefined && fields[name]?.['type'] === 'boolean')
      .map(({ name, requests }) => [
        name,
        [requests(true, false, dialect), requests(false, true, dialect)]
          .flat()
          .map(({ method, path }) => `${method} ${path}`),
      ]),
  );
};

/** A kind as the newest version has it; undefined where that has none of it. */
export const manifestsOf = (kind: Kind): Manifests | undefined => {
  const table = kind.endpoints(withAnyKey(dialectOf(DEFAULT_VERSION)));
  if (table === undefined) return undefined;
  return {
    ...kind,
    whole: [table.create, table.update].flatMap((each) =>
      each === undefined ? [] : [keyOf(each.method, each.path)],
    ),
    ...(table.create?.list === undefined ? {} : { list: table.create.list }),
    ...(kind.identity.idless === true ? {} : { one: table.one }),
    parts: Object.fromEntries(
      kind.parts.flatMap(({ name, read }) => (read === undefined ? [] : [[keyOf('PUT', read.path), name]])),
    ),
    switches: switchesOf(kind),
  };
};

/** Definitions of the common schema that are this tool's own, and never sent. */
const own: ReadonlySet<string> = new Set(['key', 'id', 'external', 'lifecycle', 'labels', 'extra']);

const isOwn = (name: string, { schema }: Place): boolean =>
  name === 'kind' ||
  (typeof schema['$ref'] === 'string' &&
    schema['$ref'].includes('common') &&
    own.has(refName(schema['$ref'])));

/** The fields of all the objects that a value may be, and of the items of a list of such; with the types that have them. */
const fieldsOf = (
  place: Place,
): {
  readonly fields: Fields;
  readonly owners: ReadonlyMap<string, readonly string[]>;
  readonly listed: boolean;
} => {
  const { objects, items } = shapeOf(place);
  const [item] = items;
  if (objects.size === 0 && item !== undefined) return { ...fieldsOf(item), listed: true };
  const owners = new Map<string, string[]>();
  for (const [owner, fields] of objects)
    for (const name of fields.keys()) owners.set(name, [...(owners.get(name) ?? []), owner]);
  return {
    fields: new Map([...objects.values()].flatMap((fields) => [...fields])),
    owners,
    listed: false,
  };
};

/** Hears what manifests and a body have, by rows such as `Sync.fields[].source`. */
interface Listener {
  readonly ours: (row: string) => void;
  readonly theirs: (row: string, isOurs: boolean) => void;
  /** A field of the body: its name there, and the types that have it. */
  readonly field?: (row: string, isOurs: boolean, wire: string, types: readonly string[]) => void;
}

interface Level {
  readonly kind: Manifests;
  readonly listener: Listener;
  readonly label: string;
  /** As the paths of the kind's tables. */
  readonly path: readonly string[];
}

const isAt = (path: readonly string[], rule: { readonly path: readonly string[] }): boolean =>
  path.join('/') === rule.path.join('/');

/** Known texts of a field, where both sides list them. */
const compareWords = ({ listener, label }: Level, manifest: Place, body: Place): void => {
  const [ours, theirs] = [shapeOf(manifest).words, shapeOf(body).words];
  if (ours.size === 0 || theirs.size === 0) return;
  for (const word of ours.keys()) listener.ours(`${label} = ${word}`);
  for (const word of theirs.keys()) listener.theirs(`${label} = ${word}`, ours.has(word));
};

const compareLevel = (level: Level, manifest: Place, body: Place): void => {
  const { kind, listener, label, path } = level;
  compareWords(level, manifest, body);
  const { fields: ours, listed } = fieldsOf(manifest);
  const { fields: theirs, owners } = fieldsOf(body);
  if (ours.size === 0 || theirs.size === 0) return;
  const here = listed ? [...path, '*'] : path;
  const rules: readonly ReferenceRule[] = kind.references.filter((rule) => isAt(here, rule));
  const aliases = new Set(kind.aliases.filter((alias) => isAt(here, alias)).map(({ alias }) => alias));
  const at = listed ? `${label}[]` : label;
  for (const [name, { place }] of ours)
    if (!isOwn(name, place) && !aliases.has(name)) listener.ours(`${at}.${name}`);
  for (const [wire, { place }] of theirs) {
    const rule = rules.find((each) => each.wire === wire);
    const name = rule?.name ?? wire;
    const mine = ours.get(name);
    const row = `${at}.${name}`;
    const isOurs = mine !== undefined && !isOwn(name, mine.place);
    listener.theirs(row, isOurs);
    listener.field?.(row, isOurs, wire, owners.get(wire) ?? []);
    if (isOurs && rule === undefined)
      compareLevel({ ...level, label: row, path: [...here, name] }, mine.place, place);
  }
};

/**
 * The field that holds a part with an address of its own: as the kind says, else by the end of the address
 * (`PUT /api/syncs/{}/error-handling`).
 */
const partOf = ({ one, parts }: Manifests, operation: Operation): string | undefined => {
  if (one === undefined) return undefined;
  const key = operationKey(operation);
  const start = `${keyOf('PUT', one)}/`;
  const rest = key.slice(start.length);
  return key.startsWith(start) && !rest.includes('{}')
    ? (parts[key] ?? rest.replaceAll(/[/-]/g, '_'))
    : undefined;
};

/** A body that makes a resource of a kind, replaces it, or sets a part of it: that is a field of its name. */
interface Body {
  readonly operation: Operation;
  readonly schema: JsonObject;
}

/** The schema of the items of a list in a body. Throws where there is none. */
const itemIn = (list: string, body: JsonObject, types: Description['types']): JsonObject => {
  const lists = [...shapeOf({ label: list, schema: body, types }).objects.values()].flatMap(
    (fields) => fields.get(list)?.place ?? [],
  );
  const [item] = lists.flatMap((place) => shapeOf(place).items);
  if (item === undefined) throw new Error(`a body has no list ${list}`);
  return item.schema;
};

const bodiesOf = (
  kind: Manifests,
  { operations, types }: Pick<Description, 'operations' | 'types'>,
): readonly Body[] => {
  return operations.flatMap((operation) => {
    const { body } = operation;
    if (body === undefined) return [];
    if (kind.whole.includes(operationKey(operation)))
      return [{ operation, schema: kind.list === undefined ? body : itemIn(kind.list, body, types) }];
    const part = partOf(kind, operation);
    return part === undefined
      ? []
      : [{ operation, schema: { type: 'object', properties: { [part]: body } } }];
  });
};

/** The definitions that the schemas of kinds share. */
type Common = Readonly<Record<string, JsonObject>>;

const compareBody = (
  kind: Manifests,
  common: Common,
  { schema }: Body,
  types: Description['types'],
  listener: Listener,
): void => {
  const own = kind.schema as JsonObject;
  const definitions = (own['$defs'] ?? {}) as Common;
  compareLevel(
    { kind, listener, label: kind.name, path: [] },
    { label: kind.name, schema: own, types: { ...common, ...definitions } },
    { label: kind.name, schema, types },
  );
};

/** Notes what a client may send to make or replace a resource of the kind, and what its manifests have a place for. */
export const compareManifests = (
  notes: Notes,
  kind: Manifests,
  common: Common,
  { name, description }: Client,
): void => {
  const listener: Listener = {
    ours: (row) => notes.looked.add(row),
    theirs: (row, isOurs) => {
      if (isOurs) notes.had.add(row);
      else notes.missing.set(row, (notes.missing.get(row) ?? new Set()).add(name));
    },
  };
  for (const body of bodiesOf(kind, description))
    compareBody(kind, common, body, description.types, listener);
  for (const [name, switched] of Object.entries(kind.switches)) {
    const keys = switched.map((each) => keyOf(...(each.split(' ') as [string, string])));
    listener.theirs(
      `${kind.name}.${name}`,
      keys.some((key) => description.operations.some((each) => operationKey(each) === key)),
    );
  }
};

/** A field that bodies of the API take for resources of a kind. */
export interface WritableField {
  /** `Sync.fields[].source.model`. */
  readonly row: string;
  /** Whether a manifest has a place for it. */
  readonly isManaged: boolean;
  /** Its name in the API. */
  readonly wire: string;
  /** The requests that have it, such as `POST /api/syncs`, with the types that it stands in. */
  readonly sent: readonly { readonly operation: string; readonly types: readonly string[] }[];
}

/** Every field that the API takes for resources of a kind, in the order of its types. */
export const writableFields = (
  kind: Manifests,
  common: Common,
  description: Description,
): readonly WritableField[] => {
  const { types } = description;
  const found = new Map<string, WritableField>();
  for (const body of bodiesOf(kind, description)) {
    const operation = `${body.operation.method} ${body.operation.path}`;
    compareBody(kind, common, body, types, {
      ours: () => undefined,
      theirs: () => undefined,
      field: (row, isManaged, wire, owners) => {
        const { sent = [], isManaged: wasManaged = false } = found.get(row) ?? {};
        found.set(row, {
          row,
          isManaged: isManaged || wasManaged,
          wire,
          sent: [...sent, { operation, types: owners }],
        });
      },
    });
  }
  for (const [name, switched] of Object.entries(kind.switches))
    found.set(`${kind.name}.${name}`, {
      row: `${kind.name}.${name}`,
      isManaged: true,
      wire: '',
      sent: switched.map((operation) => ({ operation, types: [] })),
    });
  return [...found.values()];
};
