/** What a preflight promises: what it lets through is accepted, what is refused it had known. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/core/diagnostics.js';
import { workbench, type Workbench } from '../support/workbench.js';
import { connections } from './wrong.js';

const standing = async (): Promise<Workbench> => {
  const bench = await workbench({ 'polytomic/connections.yaml': connections });
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
  return bench;
};

const errorsOf = async (bench: Workbench): Promise<readonly Diagnostic[]> =>
  (
    JSON.parse((await bench.cli('--json', 'plan')).out) as { readonly diagnostics: readonly Diagnostic[] }
  ).diagnostics.filter(({ severity }) => severity === 'error');

const manifest = (document: object): string => JSON.stringify(document);

const connection = fc.record({
  kind: fc.constant('Connection'),
  key: fc.constant('made'),
  name: fc.constant('Made'),
  type: fc.constantFrom('postgresql', 'snowflake', 'webhook', 'bigquery'),
  configuration: fc.record(
    {
      hostname: fc.constantFrom('h', '', 5),
      port: fc.constantFrom(5432, '5432', null),
      account: fc.constantFrom('acme', true),
      username: fc.constantFrom('SYNC', null),
      url: fc.constantFrom('https://example.com', 1),
      ssl: fc.constantFrom(true, 'yes'),
    },
    { requiredKeys: [] },
  ),
});

const model = fc.record({
  kind: fc.constant('Model'),
  key: fc.constant('made'),
  name: fc.constant('Made'),
  connection: fc.constantFrom('db', 'warehouse', 'crm', 'enricher', 'mongo'),
  configuration: fc.constantFrom({ table: 'company.customers' }, { object: 'Account' }, { table: 'no.such' }),
  enricher: fc.constantFrom(undefined, { connection: 'enricher' }, { connection: 'db' }),
});

const field = fc.constantFrom('accounts.name', 'accounts.domain', 'accounts.id', 'accounts.nmae');

const sync = fc.record({
  kind: fc.constant('Sync'),
  key: fc.constant('made'),
  name: fc.constant('Made'),
  mode: fc.constantFrom('create', 'update', 'updateOrCreate', 'replace'),
  identity: fc.constantFrom(undefined, { source: 'accounts.name', target: 'Name', function: 'Equality' }),
  fields: fc.array(fc.record({ source: field, target: fc.constantFrom('Name') }), { maxLength: 1 }),
  filters: fc.array(fc.record({ field, function: fc.constant('IsNotNull') }), { maxLength: 2 }),
  schedule: fc.constant({ frequency: 'manual' }),
  target: fc.constantFrom(
    { connection: 'crm', object: 'Account' },
    { connection: 'warehouse', object: 'CUSTOMERS.COMPANIES' },
    { connection: 'warehouse', object: 'NO.SUCH' },
    { connection: 'warehouse', create: { schema: 'NEW', name: 'T' } },
    { connection: 'enricher', object: 'people' },
    { connection: 'crm' },
  ),
});

describe('whatever a manifest says', () => {
  it(
    'is accepted where a preflight finds no error, and an error was found where it is refused',
    { timeout: 240_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(connection, model, sync), async (document) => {
          const bench = await standing();
          await bench.write({ 'polytomic/made.yaml': manifest(document) });
          const errors = await errorsOf(bench);
          const { code, err } = await bench.cli('apply', '--yes');
          // Stricter than the sandbox it may be; never the other way.
          if (errors.length === 0) expect([document, err, code]).toEqual([document, err, 0]);
          if (code !== 0) expect(errors).not.toEqual([]);
        }),
        { numRuns: 15 },
      );
    },
  );
});

describe('resources that depend on one another', () => {
  const pair = (field: string): Readonly<Record<string, string>> => ({
    'polytomic/pair.yaml': `kind: Model
key: teams
name: Teams
connection: db
configuration: { table: company.teams }
---
kind: Sync
key: teams
name: Teams
mode: replace
fields: [{ source: teams.${field}, target: NAME }]
schedule: { frequency: manual }
target: { connection: warehouse, object: TEAMS.TEAMS }
`,
  });

  it('are checked against the plan where both are new: by the columns of the table', async () => {
    const bench = await standing();
    await bench.write(pair('nmae'));
    expect((await bench.cli('plan', '--no-preview')).err).toContain(
      'warning: model teams has no field "nmae"\n    hint: did you mean "name"?',
    );
    expect((await bench.cli('plan')).err).toContain(
      'error: model teams will have no field "nmae"\n    hint: did you mean "name"?',
    );
    await bench.write(pair('name'));
    expect((await bench.cli('plan')).err).toBe('');
  });

  it('are looked at again where only the other one changes', async () => {
    const bench = await standing();
    await bench.write(pair('name'));
    await bench.cli('apply', '--yes');
    const { 'polytomic/pair.yaml': text = '' } = pair('name');
    await bench.write({
      'polytomic/pair.yaml': text.replace('company.teams }', 'company.teams }\nfields: [id, account_id]'),
    });
    expect((await bench.cli('plan', '--no-preview')).err).toContain('model teams has no field "name"');
    expect((await bench.cli('plan')).err).toContain('this plan takes the column "name" from model teams');
  });

  it('are told where the source has lost what the model still has', async () => {
    const bench = await standing();
    await bench.write(pair('name'));
    await bench.cli('apply', '--yes');
    const { id } = bench.sandbox.list('models').find(({ name }) => name === 'Teams')!;
    // As a model that was made while the table still had the column.
    bench.sandbox.edit('models', id, { fields: ['id', 'name', 'nickname'] });
    const { 'polytomic/pair.yaml': text = '' } = pair('nickname');
    await bench.write({ 'polytomic/pair.yaml': text });
    expect((await bench.cli('validate', '--live')).err).toContain(
      'the source of model teams has no field "nickname" any more',
    );
  });

  it('are left alone where the connection does not live yet', async () => {
    const bench = await workbench({
      'polytomic/all.yaml': `${connections}---\n${pair('nmae')['polytomic/pair.yaml'] ?? ''}`,
    });
    expect(await bench.cli('plan')).toMatchObject({ code: 0, err: '' });
  });
});

describe('a source that does not answer', () => {
  it('is a warning that names what was left out, and is asked no more', async () => {
    const bench = await standing();
    await bench.write({
      'polytomic/more.yaml': ['a', 'b', 'c']
        .map(
          (key) =>
            `kind: Model\nkey: ${key}\nname: ${key}\nconnection: db\nconfiguration: { table: ${key} }\n`,
        )
        .join('---\n'),
    });
    bench.sandbox.clearRequests();
    bench.sandbox.failNext({ path: /modelsync\/source/, status: 502, times: 50 });
    const { code, err } = await bench.cli('plan');
    expect(code).toBe(0);
    expect(err).toContain('warning: asking connection "Shop database"');
    expect(err).toContain('not checked against it: model.a, model.b, model.c');
    expect(err.match(/warning:/g)).toHaveLength(1);
    // One question and its one retry.
    expect(bench.sandbox.requests.filter(({ path }) => path.endsWith('/source'))).toHaveLength(2);
  });
});
