/** What is downstream of a change: on the plan, by itself, and drawn; managed or not. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { ask } from '../support/ask.js';
import { shop, stable, workbench, type Workbench } from '../support/workbench.js';

const MORE = `kind: Model
key: contacts
name: Contacts
connection: warehouse
configuration: { table: CUSTOMERS.CONTACTS }
identifier: EMAIL
---
kind: Sync
key: letters
name: Letters
mode: append
active: true
target: { connection: warehouse, object: CUSTOMERS.LETTERS }
fields: [{ source: contacts.EMAIL, target: EMAIL }]
schedule: { frequency: manual }
---
kind: Sync
key: after
name: After the letters
mode: append
active: true
target: { connection: warehouse, object: CUSTOMERS.AFTER }
fields: [{ source: contacts.EMAIL, target: EMAIL }]
schedule: { frequency: runafter, run_after: { syncs: [letters] } }
`;

const bench = async (): Promise<Workbench> => {
  const made = await workbench({ ...shop, 'polytomic/more.yaml': MORE });
  expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  const idOf = (list: 'models' | 'connections', name: string): string =>
    made.sandbox.list(list).find((each) => each['name'] === name)?.id ?? '';
  // What somebody made by hand.
  await ask(made, 'POST', 'syncs', {
    name: 'By hand',
    mode: 'append',
    schedule: { frequency: 'manual' },
    target: { connection_id: idOf('connections', 'Warehouse'), object: 'CUSTOMERS.HAND' },
    fields: [{ source: { model_id: idOf('models', 'Customers'), field: 'email' }, target: 'EMAIL' }],
  });
  await ask(made, 'POST', 'bulk/syncs', {
    name: 'All of the shop',
    source_connection_id: idOf('connections', 'Shop database'),
    destination_connection_id: idOf('connections', 'Warehouse'),
    destination_configuration: { schema: 'raw' },
    mode: 'replicate',
    default_schedule: { frequency: 'manual' },
  });
  return made;
};

describe('impact', () => {
  it('shows everything downstream of a resource, by which way, and what no manifest names', async () => {
    const made = await bench();
    const { code, out } = await made.cli('impact', 'connection.db', 'sync.after');
    expect(code).toBe(0);
    await expect(stable(out)).toMatchFileSnapshot('golden/impact.txt');
    const json = JSON.parse((await made.cli('--json', 'impact', 'model.customers')).out) as JsonObject;
    expect(json['impact']).toMatchObject([
      {
        address: 'model.customers',
        downstream: [
          { address: 'sync.customers', way: 'reads', after: 'model.customers', distance: 1 },
          { kind: 'Sync', name: 'By hand', way: 'reads', distance: 1 },
          { address: 'model.contacts', way: 'reads what it writes', after: 'sync.customers', distance: 2 },
          { address: 'sync.after', after: 'model.contacts', distance: 3 },
          { address: 'sync.letters', after: 'model.contacts', distance: 3 },
        ],
      },
    ]);
    expect(made.sandbox.requests.filter(({ method }) => method === 'PUT' || method === 'DELETE')).toEqual([]);
  });

  it('says the same where lists hold summaries and where they hold whole objects', async () => {
    const made = await bench();
    const [first, second] = await Promise.all(
      ['2024-02-08', '2025-09-18'].map(async (version) => {
        await made.write({
          [`${version}.yaml`]: `manifests: [polytomic/**/*.yaml]\nversion: '${version}'\n`,
        });
        const { out, err } = await made.cli('--config', `${version}.yaml`, 'impact', 'model.customers');
        expect(err).toBe('');
        return out;
      }),
    );
    expect(first).toContain('By hand');
    expect(first).toBe(second);
  });

  it('says which address there is not', async () => {
    const made = await bench();
    const { code, err } = await made.cli('impact', 'model.custommers');
    expect([code, err]).toEqual([1, expect.stringContaining('did you mean "model.customers"?')]);
  });
});

describe('a plan', () => {
  it('tells what is downstream of what it changes, and nothing of a new name', async () => {
    const made = await bench();
    const text = await made.read('polytomic/customers.yaml');
    await made.write({
      'polytomic/customers.yaml': text.replace('table: company.customers', 'table: company.orders'),
    });
    const { out } = await made.cli('plan', '--no-preflight');
    expect(out).toContain(
      [
        'Downstream of what changes:',
        '  model.customers: 4 syncs and 1 model, of which no manifest names 1 (sync.customers, sync "By hand" (no manifest), model.contacts, sync.after, sync.letters)',
      ].join('\n'),
    );
    await made.write({ 'polytomic/customers.yaml': text.replace('name: Customers\n', 'name: Buyers\n') });
    const renamed = await made.cli('plan', '--no-preflight');
    expect(renamed.out).toContain('1 to update');
    expect(renamed.out).not.toContain('Downstream');
  });
});

describe('graph --impact', () => {
  it('draws what is downstream of an address, or of what a plan changes', async () => {
    const made = await bench();
    const one = JSON.parse((await made.cli('--json', 'graph', '--impact', 'model.contacts')).out) as {
      readonly nodes: readonly JsonObject[];
      readonly edges: readonly JsonObject[];
    };
    expect(one.nodes.map(({ address }) => address)).toEqual(['model.contacts', 'sync.after', 'sync.letters']);
    expect(one.edges).toHaveLength(3);
    const text = await made.read('polytomic/customers.yaml');
    await made.write({
      'polytomic/customers.yaml': text.replace('table: company.customers', 'table: company.orders'),
    });
    const { code, out } = await made.cli('graph', '--impact');
    expect(code).toBe(0);
    expect(out).toMatch(/By hand[\s\S]*classDef update/);
  });
});
