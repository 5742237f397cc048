/**
 * What a connection holds, in one form for all versions: levels of a source, objects of a target, fields. The paths
 * stand in the dialects. Reads only, and sends nothing but the names of levels and objects.
 */
import { isJsonArray, isJsonObject, type Json, objectsIn } from '../core/json.js';
import { asText } from '../core/text.js';
import type { Query, Reader } from './client.js';
import { SYSTEMS } from './dialect.js';

/** One thing to choose: `table`, `schema`, `object`. */
export interface Level {
  /** Absent where the API does not list them: a query, for instance. */
  readonly items?: readonly string[];
  /** What has to be chosen after this one. */
  readonly requires: readonly string[];
}

export interface Levels {
  readonly levels: ReadonlyMap<string, Level>;
  /** One of these has to be chosen; empty: nothing more. */
  readonly requires: readonly string[];
}

export interface SourceField {
  readonly name: string;
  readonly label: string;
  /** A Polytomic type: `string`, `number` …; empty where it is not known. */
  readonly type: string;
  readonly unique: boolean;
}

/** A mode of a sync to a target. What the API does not say is absent. */
export interface TargetMode {
  readonly mode: string;
  readonly label: string;
  readonly requiresIdentity?: boolean;
  readonly targetFilters?: boolean;
  readonly fieldModes?: boolean;
}

export interface TargetField {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly createable?: boolean;
  readonly updateable?: boolean;
  readonly filterable?: boolean;
  readonly encryptable?: boolean;
  readonly supportsIdentity?: boolean;
  readonly identityFunctions: readonly string[];
}

export interface Target {
  readonly id: string;
  readonly name: string;
  readonly modes: readonly TargetMode[];
  readonly fields: readonly TargetField[];
  /** `supports_field_creation` and the like, as the API names them. */
  readonly properties: Readonly<Record<string, boolean>>;
}

export interface TargetObject {
  readonly id: string;
  readonly name: string;
  readonly modes: readonly TargetMode[];
}

export interface TargetObjects {
  readonly objects: readonly TargetObject[];
  /** Whether a new one can be made, and what it has to be told. Absent where the version does not say. */
  readonly creation?: { readonly supported: boolean; readonly properties: readonly string[] };
}

/** What was chosen on the way down: `{database: shop}`. */
export type Chosen = Readonly<Record<string, string>>;

/** Items that stand for a new one begin with this. */
const NEW = '__pt_new_';

/** The texts of a list, empty ones left out. */
export const texts = (value: Json | undefined): readonly string[] =>
  isJsonArray(value) ? value.flatMap((item) => (typeof item === 'string' && item !== '' ? [item] : [])) : [];

/** A flag by a name of our own; nothing where the API does not say. */
export const flag = <K extends string>(
  name: K,
  value: Json | undefined,
): Readonly<Partial<Record<K, boolean>>> =>
  (typeof value === 'boolean' ? { [name]: value } : {}) as Readonly<Partial<Record<K, boolean>>>;

/** An item is a name, or an object that bears one. */
const itemName = (item: Json): readonly string[] =>
  typeof item === 'string'
    ? [item]
    : isJsonObject(item)
      ? [asText(item['id'] ?? item['value'] ?? item['name'])].filter((name) => name !== '')
      : [];

const levelsOf = (data: Json | undefined): Levels => {
  const answer = isJsonObject(data) ? data : {};
  const items = isJsonObject(answer['items']) ? answer['items'] : {};
  return {
    levels: new Map(
      Object.entries(items).flatMap(([name, level]) =>
        isJsonObject(level)
          ? [
              [
                name,
                {
                  requires: texts(level['requires_one_of']),
                  ...(isJsonArray(level['items']) ? { items: level['items'].flatMap(itemName) } : {}),
                },
              ] as const,
            ]
          : [],
      ),
    ),
    requires: texts(answer['requires_one_of']),
  };
};

/** A path below a connection. */
export const below = (connectionId: string, path: string): string =>
  `${SYSTEMS}/${encodeURIComponent(connectionId)}/${path}`;

const chosenQuery = ({ dialect }: Reader, chosen: Chosen): Query | undefined => {
  const entries = Object.entries(chosen);
  if (entries.length === 0) return undefined;
  return dialect.enumeration.chosen === 'plain'
    ? chosen
    : { params: JSON.stringify(Object.fromEntries(entries.map(([name, value]) => [name, [value]]))) };
};

/** The levels of a source below what was chosen. Throws `ApiError`. */
export const readSource = async (reader: Reader, connectionId: string, chosen: Chosen): Promise<Levels> => {
  const path = below(connectionId, reader.dialect.enumeration.source);
  return levelsOf((await reader.get(path, chosenQuery(reader, chosen))).data);
};

/** The fields of a source, or undefined where this version cannot tell. Throws `ApiError`. */
export const readSourceFields = async (
  reader: Reader,
  connectionId: string,
  chosen: Chosen,
): Promise<readonly SourceField[] | undefined> => {
  const { sourceFields } = reader.dialect.enumeration;
  if (sourceFields === undefined) return undefined;
  const { data } = await reader.get(below(connectionId, sourceFields), chosenQuery(reader, chosen));
  return sourceFieldsOf(data);
};

/** Fields as models and sources list them. */
export const sourceFieldsOf = (data: Json | undefined): readonly SourceField[] =>
  objectsIn(data).flatMap(({ name, label, type, unique }) =>
    typeof name === 'string' && name !== ''
      ? [{ name, label: asText(label), type: asText(type), unique: unique === true }]
      : [],
  );

/** Modes as targets and destinations list them. */
export const modesOf = (value: Json | undefined): readonly TargetMode[] =>
  objectsIn(value).flatMap((entry) => {
    // One answer says `id` and `supports_per_field_mode`, the other `mode` and `supports_field_sync_mode`.
    const mode = asText(entry['mode'] ?? entry['id']);
    return mode === ''
      ? []
      : [
          {
            mode,
            label: asText(entry['label']),
            ...flag('requiresIdentity', entry['requires_identity']),
            ...flag('targetFilters', entry['supports_target_filters']),
            ...flag('fieldModes', entry['supports_field_sync_mode'] ?? entry['supports_per_field_mode']),
          },
        ];
  });

const targetFieldsOf = (value: Json | undefined): readonly TargetField[] =>
  objectsIn(value).flatMap((field) => {
    const id = asText(field['id'] ?? field['name']);
    return id === ''
      ? []
      : [
          {
            id,
            name: asText(field['name'] ?? id),
            type: asText(field['type']),
            required: field['required'] === true,
            ...flag('createable', field['createable']),
            ...flag('updateable', field['updateable']),
            ...flag('filterable', field['filterable']),
            ...flag('encryptable', field['encryptable']),
            ...flag('supportsIdentity', field['supports_identity']),
            identityFunctions: objectsIn(field['identity_functions']).map((each) => asText(each['id'])),
          },
        ];
  });

/** A target object: its modes, fields and abilities. Throws `ApiError`, status 404 where there is none. */
export const readTarget = async (
  reader: Reader,
  connectionId: string,
  target: string,
  refresh = false,
): Promise<Target> => {
  const { data } = await reader.askTargetFields(connectionId, target, refresh);
  const answer = isJsonObject(data) ? data : {};
  const properties = isJsonObject(answer['properties']) ? answer['properties'] : {};
  return {
    id: asText(answer['id'] ?? target),
    name: asText(answer['name'] ?? target),
    modes: modesOf(answer['modes']),
    fields: targetFieldsOf(answer['fields']),
    properties: Object.fromEntries(
      Object.entries(properties).flatMap(([name, value]) =>
        typeof value === 'boolean' ? [[name, value] as const] : [],
      ),
    ),
  };
};

const listObjects = async (reader: Reader, path: string): Promise<TargetObjects> => {
  const { data, body } = await reader.get(path);
  const creation = body?.['target_creation'];
  return {
    objects: objectsIn(data).flatMap((object) => {
      const id = asText(object['id']);
      return id === '' ? [] : [{ id, name: asText(object['name'] ?? id), modes: modesOf(object['modes']) }];
    }),
    ...(isJsonObject(creation) && typeof creation['supported'] === 'boolean'
      ? {
          creation: {
            supported: creation['supported'],
            properties: objectsIn(creation['properties']).map(({ id }) => asText(id)),
          },
        }
      : {}),
  };
};

/** The quickstart's way down: `schema`, then `table`; the last level holds the objects. */
const walkTargets = async (reader: Reader, path: string): Promise<TargetObjects> => {
  let found: readonly string[] = [];
  let answer = levelsOf((await reader.get(path)).data);
  const asked = new Set<string>();
  for (let [level] = answer.requires; level !== undefined;) {
    asked.add(level);
    if (answer.levels.get(level)?.items === undefined)
      answer = levelsOf((await reader.get(path, { type: level })).data);
    const { items = [], requires = [] } = answer.levels.get(level) ?? {};
    if (requires.length === 0) found = items;
    level = requires.find((next) => !asked.has(next));
  }
  return {
    objects: found.filter((item) => !item.startsWith(NEW)).map((id) => ({ id, name: id, modes: [] })),
    creation: { supported: found.some((item) => item.startsWith(NEW)), properties: [] },
  };
};

/** All objects that can be written to. Throws `ApiError`. */
export const readTargetObjects = async (reader: Reader, connectionId: string): Promise<TargetObjects> => {
  const { targetObjects, targetLevels } = reader.dialect.enumeration;
  return targetObjects !== undefined
    ? listObjects(reader, below(connectionId, targetObjects))
    : walkTargets(reader, below(connectionId, targetLevels ?? 'target'));
};
