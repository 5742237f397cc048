/**
 * Every field that the API takes for a kind, changed by somebody else: a plan sees it, at its field. Which fields there
 * are says the table of docs/manifests.md, made from the API's types; what none of the changes reaches has its reason here.
 */
import { describe, expect, it } from 'vitest';
import { shapeOf, type Place } from '../../.ci/api/description.js';
import { fieldsByKind } from '../../.ci/api/field-tables.js';
import { ownDescription } from '../../.ci/api/own.js';
import type { WritableField } from '../../.ci/api/writable.js';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/core/json.js';
import { asText } from '../../src/core/text.js';
import type { Plan } from '../../src/index.js';
import { identityOf } from '../../src/kinds/identity.js';
import type { Kind } from '../../src/kinds/kind.js';
import { kindOf } from '../../src/kinds/registry.js';
import type { Collection, Stored } from '../../src/sandbox/index.js';
import { workbench, type Workbench } from '../support/workbench.js';

/** A repository in which every field that can be seen is said. */
const repository = `kind: Connection
key: db
name: Database
type: postgresql
configuration: { hostname: h, password: '\${secret:DB_PASSWORD}' }
policies: [guarded]
---
kind: Connection
key: other-db
name: Other database
type: mysql
configuration: { hostname: h, account: a, passwd: '\${secret:DB_PASSWORD}' }
---
kind: Connection
key: enriching
name: Apollo
type: apollo
configuration: { apikey: '\${secret:DB_PASSWORD}' }
proxy_settings: { enabled: true }
---
kind: Connection
key: other-enriching
name: Other Apollo
type: apollo
configuration: { apikey: '\${secret:DB_PASSWORD}' }
---
kind: Connection
key: crm
name: CRM
type: salesforce
configuration: { oauth_refresh_token: '\${secret:DB_PASSWORD}' }
---
kind: Connection
key: other-crm
name: Other CRM
type: salesforce
configuration: { oauth_refresh_token: '\${secret:DB_PASSWORD}' }
---
kind: Connection
key: dbt
name: dbt
type: dbtcloud
configuration: { token: '\${secret:DB_PASSWORD}', account_id: a }
---
kind: Model
key: orders
name: Orders
connection: db
configuration: { table: shop.orders }
---
kind: Model
key: customers
name: Customers
connection: db
configuration: { table: company.customers }
identifier: id
fields: [id, email, first_name]
additional_fields: [{ name: more, label: More, type: string }]
tracking_columns: [id]
relations: [{ from: id, to: orders.id }]
enricher: { connection: enriching, configuration: { deep: a }, mappings: { email: email } }
labels: [core, crm]
policies: [guarded]
---
kind: Sync
key: contacts
name: Contacts
mode: update
active: true
target: { connection: crm, object: Contact, configuration: { setting: a } }
fields:
  - { source: customers.first_name, target: FirstName, sync_mode: create, encryption_enabled: true }
  - { source: customers.email, target: LastName, override_value: none }
override_fields: [{ target: Phone, override_value: unknown, sync_mode: create }]
identities:
  mappings:
    - { source: customers.email, target: Email, function: Equality, remote_field_type_id: text }
    - { source: customers.id, target: Id, function: Equality }
  strategy: priority
model_filters:
  conditions:
    - { source: customers.email, function: Equality, value: a }
    - { source: customers.id, function: IsNotNull }
  logic: A OR B
target_filters:
  conditions:
    - { field: FirstName, function: Equality, value: a }
    - { field: LastName, function: Equality, value_source: customers.first_name }
  logic: A OR B
overrides: [{ field: customers.email, function: Equality, value: a, override: b }]
schedule: { frequency: custom, minute: 5, hour: 6, day_of_week: 3, day_of_month: 7, month: 8 }
encryption_passphrase: '\${secret:DB_PASSWORD}'
only_enrich_updates: true
skip_initial_backfill: true
sync_all_records: true
policies: [guarded]
error_handling:
  auto_retry_record_errors: true
  notify_on_record_errors: true
  warning_notifications: true
  subscribers: [a@example.com]
---
kind: Sync
key: after
name: After
mode: update
target: { connection: crm, object: Contact }
identity: { source: customers.email, target: Email, function: Equality }
fields: [{ source: customers.first_name, target: FirstName }]
model_filters: { conditions: [{ source: customers.email, function: Equality, value: a }] }
target_filters: { conditions: [{ field: FirstName, function: Equality, value: a }] }
schedule:
  frequency: runafter
  run_after: { syncs: [contacts], bulk_sync_ids: [11111111-2222-4333-8444-555555555555] }
  run_after_success_only: true
---
kind: Sync
key: after-job
name: After the job
mode: create
target: { connection: crm, object: Contact }
identity: { source: customers.email, target: Email, function: Equality }
fields: [{ source: customers.first_name, target: FirstName }]
schedule: { frequency: dbtcloud, connection: dbt, job_id: 9 }
---
kind: Webhook
key: events
endpoint: https://hooks.example.com
secret: '\${secret:DB_PASSWORD}'
disabled: false
---
kind: ErrorSubscribers
key: errors
emails: [a@example.com]
---
kind: Role
key: analysts
name: Analysts
---
kind: Policy
key: guarded
name: Guarded
policy_actions: [{ action: read, roles: [analysts, { name: Member }] }]
---
kind: User
key: ana
email: ana@example.com
roles: [analysts, { name: Member }]
`;

/** The name of the object, or the value, that a field is changed to, where just any other would be refused. */
const instead: Readonly<Record<string, Json>> = {
  'Model.connection': 'Other database',
  'Model.enricher.connection': 'Other Apollo',
  'Sync.filters[].field.field': 'first_name',
  'Sync.model_filters.conditions[].source.field': 'first_name',
  'Sync.model_filters.logic': 'A AND B',
  'Sync.overrides[].field.field': 'first_name',
  'Sync.target_filters.conditions[].value_source.field': 'id',
  'Sync.target_filters.logic': 'A AND B',
  'Sync.target.connection': 'Other CRM',
};

/** Fields of which no answer shows a change, and why. */
const unseen: readonly (readonly [reason: string, ...rows: string[]])[] = [
  ['no answer holds it', 'Connection.healthcheck_interval', 'Sync.encryption_passphrase', 'Webhook.secret'],
  ['no answer holds what was given as an example', 'Model.additional_fields[].example'],
  ['asks one request for something', 'Connection.redirect_url', 'Connection.validate'],
  [
    'asks for something new',
    'Sync.fields[].new',
    'Sync.override_fields[].new',
    'Sync.identities.mappings[].new_field',
    'Sync.identity.new_field',
    'Sync.target.create',
    'Sync.target.new_name',
  ],
  ['the API does not change it', 'Connection.type', 'User.email'],
  ['the API answers all of them', 'Model.enricher.fields'],
  ['the API ignores it', 'Sync.override_fields[].encryption_enabled'],
  [
    'names a condition within its logic',
    'Sync.model_filters.conditions[].label',
    'Sync.target_filters.conditions[].label',
  ],
  ['by id what `field` says by name', 'Sync.overrides[].field_id'],
  ['answered for the new field alone', 'Sync.identity.remote_field_type_id'],
  ['the older form of what is seen in the newer one', 'Sync.filter_logic', 'Sync.target.filter_logic'],
  ['which of the two kinds of filters it is: another filter', 'Sync.filters[].field_type'],
  ['the server gives it', 'Sync.filters[].label'],
  ['its logic names each condition', 'Sync.model_filters.conditions', 'Sync.target_filters.conditions'],
];

/** Fields of an older form, and where a difference of them is said. */
const newer: Readonly<Record<string, readonly string[]>> = {
  identity: ['identities'],
  filters: ['model_filters', 'target_filters'],
};

const description = ownDescription();

/** The objects of the repository in the sandbox; what is missing here has one address and no id. */
const collections: Readonly<Record<string, Collection>> = {
  Connection: 'connections',
  Model: 'models',
  Sync: 'syncs',
  Webhook: 'webhooks',
  Role: 'roles',
  Policy: 'policies',
  User: 'users',
};

const objectsOf = ({ sandbox }: Workbench, kind: string): readonly Stored[] => {
  const collection = collections[kind];
  return collection === undefined ? [] : sandbox.list(collection);
};

/** A request that an apply sent, whose body a change is made in. */
interface Sent {
  readonly operation: string;
  readonly address: string;
  /** Where a change is sent to. */
  readonly path: string;
  readonly body: JsonObject;
}

const ID = /[0-9a-f-]{36}/;

/** What the apply of the repository sent for a kind: the body of each object, and of each part of one. */
const sentBy = (bench: Workbench, plan: Plan, kind: Kind): readonly Sent[] =>
  bench.sandbox.requests.flatMap(({ method, path, body }): readonly Sent[] => {
    if (!isJsonObject(body) || (method !== 'POST' && method !== 'PUT')) return [];
    const [own] = ID.exec(path) ?? [];
    const object = objectsOf(bench, kind.name).find(({ id, ...rest }) =>
      own === undefined ? identityOf(kind, rest) === identityOf(kind, body) : id === own,
    );
    const change = plan.changes.find(
      (each) => each.kind === kind.name && each.name === identityOf(kind, object ?? {}),
    );
    if (change === undefined) return [];
    const base = path.replace(/^\/api\//, '');
    return [
      {
        operation: `${method} ${path.replace(ID, '{id}')}`,
        address: change.address,
        path: method === 'POST' && object !== undefined ? `${base}/${object.id}` : base,
        body,
      },
    ];
  });

/** Somebody else's request; why it was refused, or nothing. */
const request = async (
  { sandbox }: Workbench,
  method: string,
  path: string,
  body?: JsonObject,
): Promise<string | undefined> => {
  const response = await fetch(`${sandbox.url}/api/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${sandbox.apiKey}`,
      'content-type': 'application/json',
      'x-polytomic-version': '2025-09-18',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.ok ? undefined : (await response.text()).slice(0, 200);
};

/** A value in its stead, of the same sort. `ids`: those that live, by collection. */
const another = (place: Place, value: Json, ids: readonly (readonly string[])[]): Json | undefined => {
  const { words } = shapeOf(place);
  if (isJsonArray(value)) return value.slice(1);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (isJsonObject(value)) {
    const [name] = Object.keys(value);
    return name === undefined ? { more: 'x' } : { ...value, [name]: `${asText(value[name])}x` };
  }
  if (typeof value !== 'string') return undefined;
  if (words.size > 0) return [...words.keys()].find((word) => word !== value);
  const others = ids.find((list) => list.includes(value));
  return others === undefined ? `${value}x` : others.find((id) => id !== value);
};

/** The body with the field at `path` (names of the API, `[]` for the items of a list) changed in the first item that has it. */
const changed = (
  place: Place,
  value: Json,
  [head, ...rest]: readonly string[],
  to: (place: Place, value: Json) => Json | undefined,
): Json | undefined => {
  if (head === undefined) return to(place, value);
  const { objects, items } = shapeOf(place);
  if (head === '[]') {
    const [item] = items;
    if (!isJsonArray(value) || item === undefined) return undefined;
    for (const [index, each] of value.entries()) {
      const other = changed(item, each, rest, to);
      if (other !== undefined) return value.with(index, other);
    }
    return undefined;
  }
  const inner = [...objects.values()].find((fields) => fields.has(head))?.get(head);
  if (!isJsonObject(value) || value[head] == null || inner === undefined) return undefined;
  const other = changed(inner.place, value[head], rest, to);
  return other === undefined ? undefined : { ...value, [head]: other };
};

/** Names of the API from the body of a field's request down to the field, `[]` for the items of a list. */
const wirePath = ({ row, wire }: WritableField, fields: readonly WritableField[]): readonly string[] =>
  row
    .split('.')
    .map((_, index, all) => all.slice(0, index + 1).join('.'))
    .slice(1)
    .flatMap((prefix) => {
      const own = fields.find((each) => each.row === prefix.replace(/\[\]$/, ''))?.wire ?? wire;
      return prefix.endsWith('[]') ? [own, '[]'] : [own];
    });

const isLeaf = ({ row }: WritableField, fields: readonly WritableField[]): boolean =>
  !fields.some((each) => each.row.startsWith(`${row}.`));

/** The pointers of the differences that a plan sees at an address, or why it sees none. */
const seenAt = async (bench: Workbench, address: string): Promise<readonly string[] | string> => {
  const { out, err } = await bench.cli('--json', 'plan', '--no-preflight');
  const { plan } = JSON.parse(out) as { readonly plan?: Plan };
  if (plan === undefined) return `${out}${err}`;
  const found = plan.changes.find((each) => each.address === address);
  return (found?.patch ?? []).map((each) => asText(each['path']));
};

/** The same of a change of one body, which is taken back. */
const seenOf = async (
  bench: Workbench,
  { address, path, body }: Sent,
  change: JsonObject,
): Promise<readonly string[] | string> => {
  const refused = await request(bench, 'PUT', path, change);
  if (refused !== undefined) return refused;
  const found = await seenAt(bench, address);
  await request(bench, 'PUT', path, body);
  return found;
};

/** The same of requests that switch an object on and off, one after the other. */
const seenOfSwitch = async (
  bench: Workbench,
  { sent }: WritableField,
  kind: string,
  { changes }: Plan,
): Promise<readonly string[]> => {
  const [object] = objectsOf(bench, kind);
  const address = changes.find((each) => each.kind === kind)?.address ?? '';
  const found: string[] = [];
  for (const { operation } of sent) {
    const [method = '', path = ''] = operation.replace('{id}', object?.id ?? '').split(' /api/');
    await request(bench, method, path);
    const seen = await seenAt(bench, address);
    if (typeof seen !== 'string') found.push(...seen);
  }
  return found;
};

const reasons: ReadonlyMap<string, string> = new Map(
  unseen.flatMap(([reason, ...rows]) => rows.map((row) => [row, reason] as const)),
);

/** Kinds whose requests are no bodies of one object alone: their fields are changed one by one in files of their own. */
const elsewhere: Readonly<Record<string, string>> = {
  BulkSync: 'bulk-sync-laws.test.ts',
  Organization: 'partner.test.ts',
  RecordLogging: 'record-logging.test.ts',
  SharedConnection: 'partner.test.ts',
  PrimaryKeys: 'primary-keys.test.ts',
  SchemaField: 'schema-fields.test.ts',
};

const here = fieldsByKind().flatMap(([{ name }, fields]) =>
  elsewhere[name] === undefined ? [[name, fields] as const] : [],
);

describe.each(here)('%s', (kind, fields) => {
  it('drifts in each of its fields', async () => {
    const bench = await workbench({ 'polytomic/all.yaml': repository });
    const { plan } = JSON.parse((await bench.cli('--json', 'plan')).out) as { readonly plan: Plan };
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    const sent = sentBy(bench, plan, kindOf(kind));
    const objects = Object.keys(collections).map((each) => objectsOf(bench, each));
    const ids = objects.map((list) => list.map(({ id }) => id));
    const replace = (row: string) => (place: Place, value: Json) => {
      const given = instead[row];
      return given === undefined
        ? another(place, value, ids)
        : (objects.flat().find(({ name }) => name === given)?.id ?? given);
    };
    const missed: Record<string, unknown> = {};
    for (const field of fields.filter((each) => each.isManaged && isLeaf(each, fields))) {
      const { row } = field;
      if (reasons.has(row)) continue;
      const top = row.split('.')[1]?.replace('[]', '') ?? '';
      const firsts = newer[top] ?? [top];
      const isIn = (found: readonly string[] | string): boolean =>
        typeof found !== 'string' &&
        found.some((at) => firsts.some((first) => `${at}/`.startsWith(`/${first}/`)));
      const tried: unknown[] = field.wire === '' ? [await seenOfSwitch(bench, field, kind, plan)] : [];
      let isSeen = tried.some((found) => isIn(found as readonly string[]));
      for (const each of sent) {
        if (!field.sent.some(({ operation }) => operation === each.operation)) continue;
        const schema = description.operations.find(
          ({ method, path }) => `${method} ${path}` === each.operation,
        )?.body;
        const isPart = each.operation.includes('}/');
        const change = changed(
          { label: kind, schema: schema ?? {}, types: description.types },
          each.body,
          wirePath(field, fields).slice(isPart ? 1 : 0),
          replace(row),
        );
        if (!isJsonObject(change)) continue;
        const found = await seenOf(bench, each, change);
        tried.push(found);
        isSeen = isIn(found);
        if (isSeen) break;
      }
      if (!isSeen) missed[row] = tried.length === 0 ? 'no manifest of the repository says it' : tried;
    }
    expect(missed).toEqual({});
    expect(await bench.cli('plan', '--detailed-exitcode')).toMatchObject({ code: 0, err: '' });
  });
});

it('every reason why a field is not seen is of a field', () => {
  const rows = fieldsByKind().flatMap(([, fields]) => fields.map(({ row }) => row));
  expect([...reasons.keys(), ...Object.keys(instead)].filter((row) => !rows.includes(row))).toEqual([]);
});
