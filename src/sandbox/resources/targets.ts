/** Targets of a connection: what can be written to, in which modes, and which fields it has. */
import type { Json, JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { tableOf, type Column, type SystemType } from '../catalog/catalog.js';
import type { TargetMode } from '../catalog/modes.js';
import { level } from './enumeration.js';
import { notFound, ok, refuse, type Reply, type Route, type SandboxRequest } from '../http.js';
import { connectionOf, typeOfConnection } from './systems.js';
import { within } from '../versions.js';

/** In the tables of a database, targets have names in capitals and sources in small letters, as the quickstart. */
const targetsOf = (type: SystemType): readonly string[] => {
  if (!type.capabilities.destination) return [];
  const all = Object.keys(type.tables);
  const capitals = all.filter((name) => name === name.toUpperCase());
  return type.shape === 'sql' && capitals.length > 0 ? capitals : all;
};

/** The modes of a target. */
export const modesOf = (type: SystemType, name: string): readonly TargetMode[] => {
  const own = tableOf(type, name)?.modes;
  return own === undefined ? type.modes : type.modes.filter(({ mode }) => own.includes(mode));
};

const schemasOf = (type: SystemType): readonly string[] => [
  ...new Set(targetsOf(type).map((table) => table.split('.')[0] ?? '')),
];

/** Nothing asked for: the levels. A type: its items, those of `search` alone. */
const sqlLevels = ({ query }: SandboxRequest, type: SystemType): Reply => {
  const { type: wanted, search = '' } = query;
  const requires = { requires_one_of: ['schema'] };
  if (wanted === undefined)
    return ok({
      items: { schema: level(null, ['table', 'view']), table: level(null), view: level(null) },
      ...requires,
    });
  if (wanted === 'schema')
    return ok({
      items: { schema: level(['__pt_new_schema', ...schemasOf(type)], ['table']), table: level(null) },
      ...requires,
    });
  if (wanted !== 'table') return refuse(400, 'unknown_type', `there is no level ${wanted}`);
  const tables = targetsOf(type).filter(
    (table) => table.startsWith(`${search}.`) || search === '' || table.includes(search),
  );
  return ok({
    items: { schema: level(null, ['table']), table: level(['__pt_new_target', ...tables]) },
    ...requires,
  });
};

const levels = (request: SandboxRequest, type: SystemType): Reply => {
  if (!type.capabilities.destination)
    return refuse(400, 'no_target', `${type.name} cannot be the target of a sync`);
  if (type.shape === 'sql') return sqlLevels(request, type);
  const { search = '' } = request.query;
  const found = targetsOf(type).filter((name) => name.includes(search));
  const fresh = type.targetCreation.length > 0 ? ['__pt_new_target'] : [];
  return ok({ items: { object: level([...fresh, ...found]) }, requires_one_of: ['object'] });
};

const targetField = (name: string, column: Column): JsonObject => ({
  id: name,
  name: column.label ?? name,
  description: column.description ?? '',
  required: column.required ?? false,
  filterable: column.filterable ?? false,
  createable: column.createable ?? true,
  updateable: column.updateable ?? true,
  association: column.references !== undefined,
  encryptable: column.encryptable ?? false,
  supports_identity: (column.identity ?? []).length > 0,
  identity_functions: (column.identity ?? []).map((id) => ({ id, label: id })),
  // No list of comparisons is published: any is taken.
  filter_functions: [],
  multiple_associations: false,
  ...(column.values === undefined ? {} : { values: column.values.map((value) => ({ label: value, value })) }),
  source_type: column.remote_type ?? column.type,
  type: column.type,
});

/** Abilities that came with the newer shapes of identities and filters. */
const olderProperties = ({
  supports_filter_value_fields: _values,
  supports_multiple_identities: _several,
  ...properties
}: JsonObject): JsonObject => properties;

const quickstartField = ({
  encryptable: _encryptable,
  filter_functions: _functions,
  multiple_associations: _several,
  values: _values,
  ...field
}: JsonObject): JsonObject => field;

const shownMode = (mode: TargetMode): JsonObject => ({
  mode: mode.mode,
  description: mode.description,
  label: mode.label,
  requires_identity: mode.identity,
  supports_target_filters: mode.targetFilters,
  supports_field_sync_mode: mode.fieldMode,
});

/** What a query says as `properties[key]=value`, by key. */
const propertiesSent = (query: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => {
      const key = /^properties\[(.+)\]$/.exec(name)?.[1];
      return key === undefined ? [] : [[key, value]];
    }),
  );

/** A target that is not there yet: its columns are those that a sync maps. Refuses what it cannot be made of. */
const newTarget = (type: SystemType, sent: Readonly<Record<string, string>>): Reply => {
  const known = type.targetCreation.map(({ id }) => id);
  if (known.length === 0) return refuse(400, 'no_target_creation', `${type.name} makes no new targets`);
  const wrong =
    known.find((id) => (sent[id] ?? '') === '') ?? Object.keys(sent).find((id) => !known.includes(id));
  if (wrong !== undefined)
    return refuse(400, 'bad_properties', `a new target needs ${known.join(', ')}, each once: see ${wrong}`);
  const name = known.map((id) => sent[id] ?? '').join('.');
  return ok({
    id: name,
    name,
    modes: type.modes.map(shownMode),
    properties: { ...type.targetProperties, target_creator: true },
    refreshed_at: null,
    fields: [],
  });
};

/** Exactly one of a target that is there, and the properties of one to come. */
const fieldsOrNew = (request: SandboxRequest, type: SystemType): Reply => {
  const { query, version } = request;
  const sent = version.current ? propertiesSent(query) : {};
  const isNew = Object.keys(sent).length > 0;
  if (version.current && isNew === (query['target'] !== undefined))
    return refuse(400, 'target_or_properties', 'exactly one of target and properties is needed');
  return isNew ? newTarget(type, sent) : fields(request, type, query['target']);
};

const fields = (request: SandboxRequest, type: SystemType, name: Json | undefined): Reply => {
  const table = tableOf(type, asText(name));
  if (table === undefined || !type.capabilities.destination) return notFound(`target ${asText(name)}`);
  const all = Object.entries(table.columns).map(([id, column]) => targetField(id, column));
  return ok({
    id: asText(name),
    name: table.label ?? asText(name),
    modes: modesOf(type, asText(name)).map(shownMode),
    properties: request.version.current ? type.targetProperties : olderProperties(type.targetProperties),
    refreshed_at: request.query['refresh'] === 'true' ? request.store.now() : '0001-01-01T00:00:00Z',
    fields: request.version.current ? all : all.map(quickstartField),
  });
};

type CreationProperty = SystemType['targetCreation'][number];

/** A property of a new target with the values that it may have. */
const withValues = (type: SystemType, property: CreationProperty): JsonObject => ({
  ...property,
  values: (property.id === 'schema' ? schemasOf(type) : []).map((value) => ({ label: value, value })),
});

const targetObjects = ({ query }: SandboxRequest, type: SystemType): Reply =>
  type.capabilities.destination
    ? ok(
        targetsOf(type).map((name) => ({
          id: name,
          name: tableOf(type, name)?.label ?? name,
          modes: modesOf(type, name).map((mode) => ({
            id: mode.mode,
            requires_identity: mode.identity,
            supports_target_filters: mode.targetFilters,
            supports_per_field_mode: mode.fieldMode,
          })),
        })),
        {
          target_creation: {
            supported: type.targetCreation.length > 0,
            properties: type.targetCreation.map((property) =>
              query['include_target_creation_values'] === 'true' && property.enum
                ? withValues(type, property)
                : { ...property },
            ),
          },
        },
      )
    : refuse(400, 'no_target', `${type.name} cannot be the target of a sync`);

const createProperty = ({ params }: SandboxRequest, type: SystemType): Reply => {
  const property = type.targetCreation.find(({ id }) => id === params['property']);
  if (property === undefined) return notFound(`property ${params['property'] ?? ''}`);
  return ok(withValues(type, property));
};

const targetRoute = (
  path: string,
  answer: string,
  handle: (request: SandboxRequest, type: SystemType) => Reply,
  more: Partial<Route> = {},
): Route => ({
  method: 'GET',
  ...more,
  path: `/api/connections/:id/${path}`,
  answer,
  handle: (request) => handle(request, typeOfConnection(request.store, connectionOf(request))),
});

const search = ['type', 'search'];

export const targetRoutes: readonly Route[] = [
  targetRoute('target', 'GetSyncSourceMetaEnvelope', levels, { in: within.oldEnumeration, query: search }),
  targetRoute(
    'target/fields',
    'TargetResponseEnvelope',
    (request, type) => fields(request, type, request.body['target']),
    { method: 'POST', in: within.oldEnumeration, body: 'OlderTargetFieldsRequest' },
  ),
  targetRoute('modelsync/target', 'GetSyncSourceMetaEnvelope', levels, {
    in: within.only20240208,
    query: search,
  }),
  targetRoute('modelsync/target/fields', 'TargetResponseEnvelope', fieldsOrNew, {
    in: within.newEnumeration,
    query: ['target', 'refresh', 'properties'],
  }),
  targetRoute('modelsync/targetobjects', 'TargetObjectsResponseEnvelope', targetObjects, {
    in: within.newEnumeration,
    query: ['include_target_creation_values'],
  }),
  targetRoute(
    'modelsync/targetobjects/properties/:property',
    'TargetPropertyValuesEnvelope',
    createProperty,
    { in: within.newEnumeration },
  ),
];
