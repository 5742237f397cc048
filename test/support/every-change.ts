/** A repository whose plan has a change of every sort. */
import { expect } from 'vitest';
import { shop, workbench, type Workbench } from './workbench.js';

const spare =
  'kind: Connection\nkey: spare\nname: Spare\ntype: mysql\nconfiguration: { hostname: spare.example.com }\nlabels: { team: growth, unused: "" }\n';

const moving = spare.replaceAll('spare', 'before').replace('Spare', 'Moving');

const report = `kind: Model
key: report
name: Report
connection: db
configuration:
  query: |
    SELECT id, email
    FROM customers
    WHERE active
labels: [core, crm]
`;

const archive = `kind: Connection
key: archive
name: Archive
type: mysql
configuration: { hostname: archive.example.com }
---
kind: Model
key: old_orders
name: Old orders
connection: archive
configuration: { table: company.orders }
`;

/** Applied, then changed: in its manifests, outside, or in both. */
export const everyChange = async (): Promise<Workbench> => {
  const bench = await workbench({
    ...shop,
    'polytomic/report.yaml': report,
    'polytomic/spare.yaml': spare,
    'polytomic/extra.yaml': spare.replaceAll('spare', 'extra').replace('Spare', 'Extra'),
    'polytomic/archive.yaml': archive,
    'polytomic/moving.yaml': moving,
  });
  expect((await bench.cli('apply', '--yes')).code).toBe(0);
  // Updated: a query, a list, a secret, a field of a sync, a filter; drifted: a name.
  bench.environment['DB_PASSWORD'] = 'another';
  await bench.write({
    'polytomic/report.yaml': report
      .replace('WHERE active', 'WHERE active\n      AND email IS NOT NULL')
      .replace('core, crm', 'crm, new'),
    'polytomic/customers.yaml': shop['polytomic/customers.yaml']!.replace(
      'target: FIRST_NAME }',
      'target: FULL_NAME, new: true }',
    )
      .replace('value: 5 }', 'value: [1, 2] }')
      .replace('hour: 5', 'hour: 6'),
    // Created, and referred to before it exists.
    'polytomic/new.yaml':
      'kind: Model\nkey: teams\nname: "Teams: all"\nconnection: lake\nconfiguration: { table: company.teams }\n---\nkind: Connection\nkey: lake\nname: Lake\ntype: s3\nconfiguration: { s3_bucket_name: lake }\n',
    // Replaced, with a model that refers to it.
    'polytomic/archive.yaml': archive.replace('type: mysql', 'type: postgresql'),
    // Moved: to another address.
    'polytomic/moving.yaml': `${moving.replace('key: before', 'key: after')}---\nkind: Moved\nfrom: connection.before\nto: connection.after\n`,
  });
  const [model] = bench.sandbox.list('models').filter(({ name }) => name === 'Customers');
  bench.sandbox.edit('models', model!.id, { identifier: 'email' });
  // Changed in the manifest and outside.
  const [sync] = bench.sandbox.list('syncs');
  bench.sandbox.edit('syncs', sync!.id, { schedule: { frequency: 'daily', hour: '7', minute: '05' } });
  // Deleted: spare. Forgotten: extra.
  await bench.remove('polytomic/spare.yaml');
  await bench.remove('polytomic/extra.yaml');
  const [extra] = bench.sandbox.list('connections').filter(({ name }) => name === 'Extra');
  bench.sandbox.remove('connections', extra!.id);
  // Adopted: by its name.
  bench.sandbox.seed({ connections: 2 });
  await bench.write({
    'polytomic/adopted.yaml':
      'kind: Connection\nkey: adopted\nname: Seed connection 1\ntype: postgresql\nconfiguration: { port: 6000, password: "${secret:DB_PASSWORD}" }\n',
  });
  return bench;
};
