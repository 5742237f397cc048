// Repositories of any size for the benchmarks.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const connection = (number) => `kind: Connection
key: c${number}
name: Connection ${number}
type: postgresql
configuration:
  hostname: db${number}.example.com
  port: 5432
  database: app
  username: sync
`;

const model = (number, connections) => `kind: Model
key: m${number}
name: Model ${number}
connection: c${number % connections}
configuration:
  table: company.customers
identifier: id
labels: [crm, core]
`;

const sync = (number, models, connections) => `kind: Sync
key: s${number}
name: Sync ${number}
mode: updateOrCreate
identity: { source: m${number % models}.email, target: EMAIL, function: Equality }
fields:
  - { source: m${number % models}.email, target: EMAIL }
  - { source: m${number % models}.first_name, target: FIRST_NAME }
  - { source: m${number % models}.last_name, target: LAST_NAME }
filters:
  - { field: m${number % models}.id, function: GreaterThan, value: 5 }
schedule: { frequency: daily, hour: 5, minute: '00' }
target: { connection: c${(number + 1) % connections}, object: CUSTOMERS.CONTACTS }
`;

/** Writes `count` resources, ten to a file: one in fifty a connection, the rest models and syncs in halves. */
export const writeRepository = async (root, count) => {
  const connections = Math.max(2, Math.floor(count / 50));
  const models = Math.floor((count - connections) / 2);
  const syncs = count - connections - models;
  const documents = [
    ...Array.from({ length: connections }, (_, number) => connection(number)),
    ...Array.from({ length: models }, (_, number) => model(number, connections)),
    ...Array.from({ length: syncs }, (_, number) => sync(number, models, connections)),
  ];
  await mkdir(path.join(root, 'polytomic'), { recursive: true });
  const texts = [];
  for (let start = 0; start < documents.length; start += 10) {
    const text = documents.slice(start, start + 10).join('---\n');
    texts.push(text);
    await writeFile(path.join(root, 'polytomic', `${String(start).padStart(6, '0')}.yaml`), text);
  }
  return { texts, syncs };
};

/** Writes `count` connections, each with a password or without one. */
export const writeConnections = async (root, count, isSecret) => {
  await mkdir(path.join(root, 'polytomic'), { recursive: true });
  const text = Array.from(
    { length: count },
    (_, number) => `${connection(number)}${isSecret ? `  password: \${secret:PASSWORD_${number}}\n` : ''}`,
  ).join('---\n');
  await writeFile(path.join(root, 'polytomic', 'connections.yaml'), text);
};

const copy = (number, { source, destination, schemas }) => `kind: BulkSync
key: b${number}
name: Copy ${number}
mode: replicate
source_connection: ${source}
destination_connection: ${destination}
destination_configuration: { schema: RAW_${number} }
default_schedule: { frequency: hourly, minute: 5 }
automatically_add_new_objects: none
schemas:
${schemas.join('')}`;

/** A schema of which more is said than that it is copied. */
const detailed = (id) => `  - id: ${id}
    fields: [id, { id: email, obfuscate: true }, updated_at]
    filters: [{ field_id: email, function: IsNotNull }]
    tracking_field: updated_at
`;

const warehouse = `kind: Connection
key: warehouse
name: Warehouse
type: snowflake
configuration: { account: acme, username: u }
`;

/** Writes `count` bulk syncs of all these tables, the first `details` of them field by field. */
export const writeCopies = async (root, count, tables, details) => {
  await mkdir(path.join(root, 'polytomic'), { recursive: true });
  await writeFile(path.join(root, 'polytomic', 'connections.yaml'), `${connection(0)}---\n${warehouse}`);
  const schemas = tables.map((id, index) => (index < details ? detailed(id) : `  - ${id}\n`));
  for (let number = 0; number < count; number += 1)
    await writeFile(
      path.join(root, 'polytomic', `b${number}.yaml`),
      copy(number, { source: 'c0', destination: 'warehouse', schemas }),
    );
};

/** Manifests of what an export of a seeded organization does not have, by kind: how many of a hundred, and one. */
const others = [
  [15, (number) => `kind: Role\nkey: r${number}\nname: Role ${number}\n`],
  [
    15,
    (number) =>
      `kind: Policy\nkey: p${number}\nname: Policy ${number}\npolicy_actions: [{ action: read, roles: [r${number}] }]\n`,
  ],
  [15, (number) => `kind: User\nkey: u${number}\nemail: user${number}@example.com\nroles: [r${number}]\n`],
  [
    15,
    (number) =>
      `kind: SchemaField\nkey: f${number}\nconnection: c${1 + (number % 20)}\nschema_id: company.customers\nfield_id: f${number}\nlabel: Field ${number}\ntype: string\npath: $.f${number}\n`,
  ],
  [
    40,
    (number) =>
      copy(number, {
        source: 'c0',
        destination: 'warehouse',
        schemas: ['  - company.accounts\n', detailed('company.customers'), '  - company.teams\n'],
      }),
  ],
];

/** Writes `count` resources of these kinds, ten to a file. */
export const writeOthers = async (root, count) => {
  const documents = [
    ...Array.from({ length: 21 }, (_, number) => connection(number)),
    warehouse,
    ...others.flatMap(([share, one]) =>
      Array.from({ length: (count * share) / 100 }, (_, number) => one(number)),
    ),
  ].slice(0, count);
  for (let start = 0; start < documents.length; start += 10)
    await writeFile(
      path.join(root, 'polytomic', `other-${start}.yaml`),
      documents.slice(start, start + 10).join('---\n'),
    );
};
