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
