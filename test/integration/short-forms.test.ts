/** `customers.email` wherever a field of a model can stand. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shop, workbench } from '../support/workbench.js';

const file = 'polytomic/customers.yaml';
const long = '{ model: customers, field: email }';

const manifests = (field: string, name = 'field'): string => `kind: Model
key: customers
name: Customers
connection: db
configuration: { table: company.customers }
relations:
  - { from: id, to: ${field.replace('customers', 'accounts')} }
---
kind: Model
key: accounts
name: Accounts
connection: db
configuration: { table: company.customers }
---
kind: Sync
key: customers
name: Customers to warehouse
mode: updateOrCreate
identity: { source: ${field}, target: EMAIL, function: Equality }
fields:
  - { source: ${field}, target: EMAIL }
filters:
  - { ${name}: ${field}, function: IsNotNull }
overrides:
  - { ${name}: ${field}, function: IsNull, override: nobody }
schedule: { frequency: manual }
target: { connection: warehouse, object: CUSTOMERS.CONTACTS }
`;

describe('a field of a model', () => {
  it.each([
    ['short', 'customers.email', 'field'],
    ['short, by the name that it has in fields', 'customers.email', 'source'],
    ['long, by that name', long, 'source'],
    ['by ids of the API, by that name', '{ model_id: ID, field: email }', 'source'],
  ])('is the same %s', async (_, form, name) => {
    const bench = await workbench({ ...shop, [file]: manifests(long) });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
    const idOf = (model: string): string =>
      bench.sandbox.list('models').find((each) => each['name'] === model)?.id ?? '';
    const text = manifests(form, name).replace(/to: (.*)ID/, `to: $1${idOf('Accounts')}`);
    await bench.write({ [file]: text.replaceAll('ID,', `${idOf('Customers')},`) });
    const { out, err } = await bench.cli('plan');
    expect([out, err]).toEqual([expect.stringContaining('No changes.'), '']);
  });

  it('is written short by an export', async () => {
    const bench = await workbench({ ...shop, [file]: manifests('customers.email') });
    await bench.cli('apply', '--yes');
    await Promise.all(['polytomic/connections.yaml', file].map(bench.remove));
    expect(await bench.cli('export')).toMatchObject({ code: 0 });
    const files = await readdir(path.join(bench.root, 'polytomic'), { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files
        .filter((each) => each.isFile())
        .map(async ({ parentPath, name }) => readFile(path.join(parentPath, name), 'utf8')),
    );
    const all = texts.join('\n');
    expect(all).toContain('to: accounts.email');
    expect(all).not.toContain('model:');
  });

  it.each([
    [`- { field: customers.email, source: customers.email, function: IsNotNull }`, 'both are there', '23:39'],
    ['- { source: custmers.email, function: IsNotNull }', 'there is no model.custmers', '23:15'],
    ['- { source: email, function: IsNotNull }', 'write MODEL.FIELD, or {model: …, field: …}', '23:15'],
  ])('that is wrong has its place: %s', async (filter, message, line) => {
    const text = manifests('customers.email').replace(
      '- { field: customers.email, function: IsNotNull }',
      filter,
    );
    const bench = await workbench({ ...shop, [file]: text });
    const { code, err } = await bench.cli('validate');
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(err).toContain(`${file}:${line}`);
  });
});
