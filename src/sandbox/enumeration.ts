/** Sources and targets of a connection, level by level, as the quickstart drills down. */
import type { Json, JsonObject } from '../core/json.js';
import { sourceTables, targetModes, targetTables } from './fixtures.js';
import { notFound, ok, refuse, type Reply, type Route, type SandboxRequest } from './http.js';
import type { Version } from './versions.js';
import { asText } from '../core/text.js';

const level = (items: readonly string[] | null, requires: readonly string[] | null = null): JsonObject => ({
  items: items,
  requires_one_of: requires,
  has_items: items !== null,
});

const source = (): Json => ({
  items: {
    project_id: level(null),
    query: level(null),
    table: level(Object.keys(sourceTables)),
    tracking_columns: level(null),
    view: level(null),
  },
  requires_one_of: ['query', 'table', 'view'],
});

const schemas = [...new Set(Object.keys(targetTables).map((table) => table.split('.')[0] ?? ''))];

/** Nothing asked for: the levels. A type: its items, those of `search` alone. */
const target = ({ query }: SandboxRequest): Reply => {
  const { type, search = '' } = query;
  const requires = { requires_one_of: ['schema'] };
  if (type === undefined)
    return ok({
      items: { schema: level(null, ['table', 'view']), table: level(null), view: level(null) },
      ...requires,
    });
  if (type === 'schema')
    return ok({
      items: { schema: level(['__pt_new_schema', ...schemas], ['table']), table: level(null) },
      ...requires,
    });
  if (type !== 'table') return refuse(400, 'unknown_type', `there is no level ${type}`);
  const tables = Object.keys(targetTables).filter(
    (table) => table.startsWith(`${search}.`) || search === '' || table.includes(search),
  );
  return ok({
    items: { schema: level(null, ['table']), table: level(['__pt_new_target', ...tables]) },
    ...requires,
  });
};

const targetField = (name: string): JsonObject => ({
  id: name,
  name,
  description: '',
  required: false,
  filterable: false,
  createable: true,
  updateable: true,
  association: false,
  supports_identity: true,
  identity_functions: [{ id: 'Equality', label: 'Equality' }],
  source_type: 'VARCHAR(16777216)',
  type: 'string',
});

const fields = (name: Json | undefined): Reply => {
  const columns = typeof name === 'string' ? targetTables[name] : undefined;
  if (columns === undefined) return notFound(`target ${asText(name)}`);
  return ok({
    id: name as string,
    name: name as string,
    modes: targetModes.map(([mode, label, description, identity]) => ({
      mode,
      description,
      label,
      requires_identity: identity,
      supports_target_filters: false,
      supports_field_sync_mode: false,
    })),
    properties: { supports_field_creation: true },
    refreshed_at: '0001-01-01T00:00:00Z',
    fields: columns.map(targetField),
  });
};

const targetObjects = (): Reply =>
  ok(
    Object.keys(targetTables).map((name) => ({
      id: name,
      name,
      modes: targetModes.map(([id, , , identity]) => ({
        id,
        requires_identity: identity,
        supports_target_filters: false,
        supports_per_field_mode: false,
      })),
    })),
    {
      target_creation: {
        supported: true,
        properties: [
          { id: 'schema', title: 'Schema', enum: true },
          { id: 'name', title: 'Name', enum: false },
        ],
      },
    },
  );

const sourceFields = ({ query }: SandboxRequest): Reply => {
  let table: unknown;
  try {
    const params = JSON.parse(query['params'] ?? '{}') as { readonly table?: unknown };
    table = [params.table].flat()[0];
  } catch {
    return refuse(400, 'bad_params', 'params is not JSON');
  }
  const columns = typeof table === 'string' ? sourceTables[table] : undefined;
  if (columns === undefined) return notFound(`table ${String(table)}`);
  return ok(Object.entries(columns).map(([name, type]) => ({ name, label: name, type })));
};

const old = ({ oldEnumeration }: Version): boolean => oldEnumeration;
const current = ({ oldEnumeration }: Version): boolean => !oldEnumeration;

/** A route below a connection, which must exist. */
const below = (
  method: 'GET' | 'POST',
  path: string,
  within: (version: Version) => boolean,
  handle: Route['handle'],
  schema?: string,
): Route => ({
  method,
  path: `/api/connections/:id/${path}`,
  in: within,
  ...(schema === undefined ? {} : { schema }),
  handle: (request) =>
    request.store.get('connections', request.params['id'] ?? '') === undefined
      ? notFound('connection')
      : handle(request),
});

export const enumerationRoutes: readonly Route[] = [
  below('GET', 'source', old, () => ok(source())),
  below('GET', 'target', old, target),
  below('POST', 'target/fields', old, ({ body }) => fields(body['target']), 'targetFields'),
  below('GET', 'modelsync/source', current, () => ok(source())),
  below('GET', 'modelsync/source/fields', current, sourceFields),
  below('GET', 'modelsync/target', ({ name }) => name === '2024-02-08', target),
  below('GET', 'modelsync/target/fields', current, ({ query }) => fields(query['target'])),
  below('GET', 'modelsync/targetobjects', current, targetObjects),
];
