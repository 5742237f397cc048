/** A run moves rows: what stands in the target's table afterwards. Modes and matching are those of api.md, 6. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { asText } from '../../src/core/text.js';
import { combined, identifies, meets } from '../../src/sandbox/moving/conditions.js';
import { call, connected, data, idOf, newSandboxes, sandbox } from './harness.js';

newSandboxes();

const people = [
  { id: 1, email: 'ana@acme.com', first_name: 'Ana', last_name: 'a' },
  { id: 2, email: 'bo@acme.com', first_name: 'Bo', last_name: 'b' },
  { id: 3, email: 'cy@beta.org', first_name: 'Cy', last_name: 'b' },
];

const there = [
  { Id: 'x', Email: 'bo@acme.com', FirstName: 'Robert', LastName: 'Old' },
  { Id: 'y', Email: 'di@acme.com', FirstName: 'Di', LastName: 'Stays' },
];

interface World {
  readonly source: string;
  readonly crm: string;
  readonly model: string;
}

const world = async (more: JsonObject = {}): Promise<World> => {
  const source = await connected();
  const crm = idOf(
    await call('POST', '/api/connections', {
      name: 'CRM',
      type: 'salesforce',
      configuration: { oauth_refresh_token: 'x' },
    }),
  );
  sandbox.setRows(source, 'company.customers', people);
  sandbox.setRows(crm, 'Contact', there);
  const model = idOf(
    await call('POST', '/api/models', {
      name: 'People',
      connection_id: source,
      configuration: { table: 'company.customers' },
      ...more,
    }),
  );
  return { source, crm, model };
};

const sync = async ({ crm, model }: World, more: JsonObject = {}): Promise<string> => {
  const from = (field: string): JsonObject => ({ model_id: model, field });
  const answer = await call('POST', '/api/syncs', {
    name: 'People to CRM',
    mode: 'updateOrCreate',
    identity: { source: from('email'), target: 'Email', function: 'Equality' },
    fields: [
      { source: from('first_name'), target: 'FirstName' },
      { source: from('last_name'), target: 'LastName' },
    ],
    schedule: { frequency: 'manual' },
    target: { connection_id: crm, object: 'Contact' },
    ...more,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return idOf(answer);
};

/** Runs a sync to its end. */
const ran = async (id: string, body: JsonObject = {}): Promise<JsonObject> => {
  const run = `/api/syncs/${id}/executions/${idOf(await call('POST', `/api/syncs/${id}/executions`, body))}`;
  for (let look = 0; look < 5; look += 1) await call('GET', run);
  return data(await call('GET', run));
};

const contacts = ({ crm }: World, ...fields: readonly string[]): readonly string[] =>
  sandbox.rows(crm, 'Contact').map((row) => fields.map((field) => asText(row[field] ?? 'nothing')).join(' '));

describe('a run of a sync', () => {
  it.each([
    ['create', ['bo@acme.com Robert', 'di@acme.com Di', 'ana@acme.com Ana', 'cy@beta.org Cy'], { insert: 2 }],
    ['update', ['bo@acme.com Bo', 'di@acme.com Di'], { update: 1 }],
    [
      'updateOrCreate',
      ['bo@acme.com Bo', 'di@acme.com Di', 'ana@acme.com Ana', 'cy@beta.org Cy'],
      { upserts: 3 },
    ],
    ['remove', ['di@acme.com Di'], { delete: 1 }],
  ])('with mode %s', async (mode, rows, counts) => {
    const here = await world();
    const run = await ran(await sync(here, { mode }));
    expect(run).toMatchObject({ status: 'completed', counts: { total: 3, error: 0, ...counts } });
    expect(contacts(here, 'Email', 'FirstName')).toEqual(rows);
  });

  it.each([
    ['replace', 3],
    ['append', 6],
  ])('of a warehouse with mode %s, run twice', async (mode, rows) => {
    const { model } = await world();
    const warehouse = idOf(
      await call('POST', '/api/connections', {
        name: 'W',
        type: 'snowflake',
        configuration: { account: 'a', username: 'u', password: 'p' },
      }),
    );
    const id = idOf(
      await call('POST', '/api/syncs', {
        name: 'S',
        mode,
        fields: [{ source: { model_id: model, field: 'email' }, target: 'EMAIL' }],
        schedule: { frequency: 'manual' },
        target: { connection_id: warehouse, object: 'CUSTOMERS.CONTACTS' },
      }),
    );
    expect(sandbox.rows(warehouse, 'CUSTOMERS.CONTACTS')).toEqual([]);
    await ran(id);
    expect((await ran(id))['counts']).toMatchObject({ insert: 3, total: 3 });
    const written = sandbox.rows(warehouse, 'CUSTOMERS.CONTACTS');
    expect(written).toHaveLength(rows);
    expect(written[0]).toEqual({ EMAIL: 'ana@acme.com' });
  });

  it('writes what a mapping says at that moment: the change of one is in the next run', async () => {
    const here = await world();
    const id = await sync(here);
    await ran(id);
    const { fields, ...rest } = data(await call('GET', `/api/syncs/${id}`)) as JsonObject & {
      readonly fields: readonly JsonObject[];
    };
    await call('PUT', `/api/syncs/${id}`, {
      ...rest,
      fields: fields.map((field) =>
        field['target'] === 'FirstName'
          ? { ...field, source: { model_id: here.model, field: 'email' } }
          : field,
      ),
    });
    await ran(id);
    expect(contacts(here, 'FirstName')).toContain('ana@acme.com');
  });

  it('takes records that pass the filters, and rows of the target that pass theirs', async () => {
    const here = await world();
    const filters = {
      conditions: [
        { source: { model_id: here.model, field: 'last_name' }, function: 'Equality', value: 'b' },
        { source: { model_id: here.model, field: 'email' }, function: 'StringEndsWith', value: '.com' },
      ],
      logic: 'A AND B',
    };
    expect((await ran(await sync(here, { model_filters: filters })))['counts']).toMatchObject({ total: 1 });
    expect(contacts(here, 'Email', 'FirstName')).toEqual(['bo@acme.com Bo', 'di@acme.com Di']);
  });

  it('leaves rows of the target alone that its filters do not take', async () => {
    const here = await world();
    const kept = { conditions: [{ field: 'LastName', function: 'Inequality', value: 'Old' }] };
    await ran(await sync(here, { mode: 'update', target_filters: kept }));
    expect(contacts(here, 'Email', 'FirstName')).toEqual(['bo@acme.com Robert', 'di@acme.com Di']);
  });

  it('puts overrides and constants in the place of values, and keeps what a field only makes', async () => {
    const here = await world();
    const from = (field: string): JsonObject => ({ model_id: here.model, field });
    await ran(
      await sync(here, {
        fields: [
          { source: from('first_name'), target: 'FirstName', sync_mode: 'create' },
          { source: from('last_name'), target: 'LastName' },
        ],
        override_fields: [{ target: 'AccountId', override_value: 'none' }],
        overrides: [{ field: from('last_name'), function: 'Equality', value: 'b', override: 'Beta' }],
      }),
    );
    expect(contacts(here, 'Email', 'FirstName', 'LastName', 'AccountId')).toEqual([
      'bo@acme.com Robert Beta none',
      'di@acme.com Di Stays nothing',
      'ana@acme.com Ana a none',
      'cy@beta.org Cy Beta none',
    ]);
  });

  it('joins what models relate', async () => {
    const here = await world({ relations: [] });
    sandbox.setRows(here.source, 'company.accounts', [{ id: 'b', name: 'Beta' }]);
    const accounts = idOf(
      await call('POST', '/api/models', {
        name: 'Accounts',
        connection_id: here.source,
        configuration: { table: 'company.accounts' },
      }),
    );
    const people = data(await call('GET', `/api/models/${here.model}`));
    await call('PUT', `/api/models/${here.model}`, {
      name: 'People',
      connection_id: people['connection_id'],
      configuration: { table: 'company.customers' },
      relations: [{ from: 'last_name', to: { model_id: accounts, field: 'id' } }],
    });
    await ran(
      await sync(here, {
        fields: [
          { source: { model_id: here.model, field: 'first_name' }, target: 'FirstName' },
          { source: { model_id: accounts, field: 'name' }, target: 'AccountId' },
          { source: { model_id: here.model, field: 'last_name' }, target: 'LastName' },
        ],
      }),
    );
    expect(contacts(here, 'FirstName', 'AccountId')).toEqual([
      'Bo Beta',
      'Di nothing',
      'Ana nothing',
      'Cy Beta',
    ]);
  });

  it.each([
    ['priority', 1],
    ['and', 0],
  ])('finds a record by identities with the strategy %s', async (strategy, update) => {
    const here = await world();
    const from = (field: string): JsonObject => ({ model_id: here.model, field });
    sandbox.setRows(here.crm, 'Contact', [{ Id: '2', Email: 'robert@acme.com', LastName: 'Old' }]);
    const mappings = [
      { source: from('email'), target: 'Email', function: 'Equality' },
      { source: from('id'), target: 'Id', function: 'Equality' },
    ];
    const id = await sync(here, { mode: 'update', identity: null, identities: { mappings, strategy } });
    expect((await ran(id))['counts']).toMatchObject({ update });
  });

  it('moves the named records alone, and nothing in a test', async () => {
    const here = await world();
    const id = await sync(here);
    expect((await ran(id, { test: true }))['counts']).toMatchObject({ total: 3, upserts: 3 });
    expect(contacts(here, 'FirstName')).toEqual(['Robert', 'Di']);
    expect((await ran(id, { identities: ['bo@acme.com', 'nobody'] }))['counts']).toMatchObject({ total: 1 });
    expect(contacts(here, 'FirstName')).toEqual(['Bo', 'Di']);
  });

  it('has error records for what a target refuses, in its log with the values', async () => {
    const here = await world();
    const id = await sync(here);
    sandbox.setRows(here.source, 'company.customers', [
      ...people,
      { id: 4, email: 'ed@acme.com', last_name: null },
    ]);
    sandbox.failRun({ refuse: [0] });
    const run = await ran(id);
    expect(run).toMatchObject({
      status: 'completed',
      errors: [],
      counts: { total: 4, error: 2, upserts: 2 },
    });
    const { urls } = data(await call('GET', `/api/syncs/${id}/executions/${run['id'] as string}/errors`)) as {
      readonly urls: readonly string[];
    };
    const lines = (await (await fetch(urls[0]!)).text()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as JsonObject)).toMatchObject([
      { record: 0, error: 'the target refuses this record', values: { FirstName: 'Ana' } },
      { record: 3, error: 'LastName is required' },
    ]);
    // What was refused once is taken the next time.
    expect((await ran(id))['counts']).toMatchObject({ error: 1, upserts: 3 });
  });

  it('can fail half-way: what was written is there', async () => {
    const here = await world();
    const id = await sync(here);
    sandbox.failRun({ sync: id, error: 'the system went away', after: 2 });
    expect(await ran(id)).toMatchObject({
      status: 'failed',
      errors: ['the system went away'],
      counts: { upserts: 2 },
    });
    expect(contacts(here, 'FirstName')).toEqual(['Bo', 'Di', 'Ana']);
    expect(await ran(id)).toMatchObject({ status: 'completed' });
    expect(contacts(here, 'FirstName')).toEqual(['Bo', 'Di', 'Ana', 'Cy']);
  });

  it('feeds the next one: what a sync writes, a model of that table reads', async () => {
    const here = await world();
    await ran(await sync(here));
    const model = idOf(
      await call('POST', '/api/models', {
        name: 'Contacts',
        connection_id: here.crm,
        configuration: { object: 'Contact' },
      }),
    );
    const { records } = data(await call('GET', `/api/models/${model}/sample`)) as {
      readonly records: readonly Readonly<Record<string, JsonObject>>[];
    };
    expect(records.map((record) => record[model]?.['FirstName'])).toEqual(['Bo', 'Di', 'Ana', 'Cy']);
  });
});

describe('tables', () => {
  it('are read, filled and made to fail from outside, too', async () => {
    const connection = await connected();
    const where = `${sandbox.url}/_sandbox/rows?connection=${connection}&table=company.teams`;
    expect(((await (await fetch(where)).json()) as { readonly rows: unknown[] }).rows).toHaveLength(42);
    const put = { method: 'PUT', body: JSON.stringify({ rows: [{ id: 1 }] }) };
    expect((await fetch(where, put)).status).toBe(200);
    expect(await (await fetch(where)).json()).toEqual({ rows: [{ id: 1 }] });
    const fault = { method: 'POST', body: JSON.stringify({ error: 'no' }) };
    expect((await fetch(`${sandbox.url}/_sandbox/runs`, fault)).status).toBe(200);
    expect((await fetch(where.replace(connection, 'none'))).status).toBe(404);
    expect((await fetch(where, { method: 'PUT', body: '{}' })).status).toBe(422);
  });
});

describe('a condition', () => {
  it.each([
    ['Equality', 5, '5', true],
    ['Inequality', 'a', 'b', true],
    ['IsNull', '', null, true],
    ['IsNotNull', null, null, false],
    ['True', true, null, true],
    ['False', true, null, false],
    ['GreaterThan', 10, '9', true],
    ['LessThanEqual', '2024-01-01', '2024-01-02', true],
    ['OnOrAfter', '2024-02-01T00:00:00Z', '2024-01-31', true],
    ['OnOrBefore', '2024-02-01T00:00:00Z', '2024-01-31', false],
    ['Between', 5, [1, 5], true],
    ['StringContains', 'Acme Inc', 'acme', true],
    ['StringDoesNotStartWith', 'Acme', 'ac', false],
    ['StringEndsWith', 'Acme', 'ME', true],
    ['StringOneOf', 'b', ['a', 'b'], true],
    ['StringNotOneOf', 'b', ['a', 'b'], false],
    ['StringLike', 'a.b.c', 'a%c', true],
    ['StringNotLike', 'abc', 'a_c', false],
    ['StringMatchesTrimmed', ' a ', 'A', true],
    ['ArrayContains', ['a', 'b'], 'b', true],
    ['ArrayDoesNotContain', ['a'], 'b', true],
    ['InTheLast', new Date().toISOString(), 1, true],
    ['RelativeOnOrBefore', '2020-01-01', 1, true],
  ])('%s of %j and %j is %j', (name, held, wanted, expected) => {
    expect(meets(name, held, wanted)).toBe(expected);
  });

  it.each([
    ['Equality', 'a@b.c', 'a@b.c', true],
    ['Equality', null, null, false],
    ['ISubstring', 'Acme Inc', 'acme', true],
    ['OneOf', 'b', ['a', 'b'], true],
    ['DomainMatch', 'ana@acme.com', 'bo@acme.com', true],
    ['HostnameMatch', 'https://www.acme.com/about', 'acme.com', true],
    ['HostnameMatch', 'https://acme.org', 'acme.com', false],
  ])('identity %s of %j and %j is %j', (name, held, own, expected) => {
    expect(identifies(name, held, own)).toBe(expected);
  });

  it('is combined as its logic says: and before or, what is in parentheses first', () => {
    const truth = fc.record({ A: fc.boolean(), B: fc.boolean(), C: fc.boolean(), D: fc.boolean() });
    fc.assert(
      fc.property(truth, ({ A, B, C, D }) => {
        const of = (logic: string): boolean =>
          combined(logic, ['A', 'B', 'C', 'D'], (label) => ({ A, B, C, D })[label as 'A']);
        expect(of('A or B and C')).toBe(A || (B && C));
        expect(of('(A OR B) AND (C or (D and A))')).toBe((A || B) && (C || (D && A)));
        expect(of('')).toBe(A && B && C && D);
      }),
    );
  });
});
