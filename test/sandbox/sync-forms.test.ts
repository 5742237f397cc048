/** Identities and filters of syncs, in both shapes that the API has for them. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { call, data, idOf, modeled, newSandboxes, old, sandbox, syncBody, type Answered } from './harness.js';

newSandboxes();

const put = async (id: string, body: JsonObject, headers = {}): Promise<Answered> =>
  call('PUT', `/api/syncs/${id}`, body, headers);

/** A model, and a sync that updates contacts of a CRM. */
const world = async (): Promise<{ readonly model: string; readonly body: JsonObject }> => {
  const [, model] = await modeled();
  const crm = { name: 'CRM', type: 'salesforce', configuration: { oauth_refresh_token: 't' } };
  const target = idOf(await call('POST', '/api/connections', crm));
  return {
    model,
    body: {
      name: 'Contacts',
      mode: 'update',
      fields: [{ source: { model_id: model, field: 'first_name' }, target: 'FirstName' }],
      identity: { source: { model_id: model, field: 'email' }, target: 'Email', function: 'Equality' },
      schedule: { frequency: 'manual' },
      target: { connection_id: target, object: 'Contact' },
    },
  };
};

const identities = (model: string, strategy: string | null = 'priority'): JsonObject => ({
  mappings: ['email', 'id'].map((field) => ({
    source: { model_id: model, field },
    target: field === 'id' ? 'Id' : 'Email',
    function: 'Equality',
  })),
  ...(strategy === null ? {} : { strategy }),
});

const condition = (model: string, field: string, more: JsonObject = {}): JsonObject => ({
  source: { model_id: model, field },
  function: 'IsNotNull',
  ...more,
});

describe('identities', () => {
  it('are answered beside the first of them, and a single one has priority', async () => {
    const { body, model } = await world();
    const one = data(await call('POST', '/api/syncs', body));
    expect(one['identities']).toMatchObject({ mappings: [body['identity']], strategy: 'priority' });
    const { identity: _, ...rest } = body;
    const several = data(await put(one['id'] as string, { ...rest, identities: identities(model, 'and') }));
    expect(several).toMatchObject({ identities: identities(model, 'and'), identity: body['identity'] });
  });

  it('of a sync that has several are not lost by an update that does not name them', async () => {
    const { body, model } = await world();
    const id = idOf(await call('POST', '/api/syncs', { ...body, identities: identities(model) }));
    expect(await put(id, body)).toMatchObject({ status: 422, body: { key: 'missing_identities' } });
    expect(sandbox.list('syncs')[0]).toMatchObject({ identities: identities(model) });
  });

  it('are removed by an empty list', async () => {
    const [connection, model] = await modeled();
    const { mappings } = identities(model) as { readonly mappings: readonly JsonObject[] };
    const body = syncBody(connection, model);
    const id = idOf(await call('POST', '/api/syncs', { ...body, identities: { mappings: [mappings[0]] } }));
    expect(sandbox.list('syncs')[0]).toHaveProperty('identity');
    const emptied = data(await put(id, { ...body, identities: { mappings: [] } }));
    expect(emptied).toMatchObject({ identities: { mappings: [] } });
    expect(emptied).not.toHaveProperty('identity');
  });

  it.each<[string, (model: string) => JsonObject, string]>([
    ['no strategy', (model) => ({ identities: identities(model, null) }), 'missing_strategy'],
    ['another first one than identity', () => ({ identities: { mappings: [] } }), 'identities_differ'],
  ])('are refused with %s', async (_what, change, key) => {
    const { body, model } = await world();
    expect(await call('POST', '/api/syncs', { ...body, ...change(model) })).toMatchObject({
      status: 422,
      body: { key },
    });
  });

  it('name the records of a run by their sources', async () => {
    const { body, model } = await world();
    const id = idOf(await call('POST', '/api/syncs', { ...body, identities: identities(model) }));
    const start = async (records: JsonObject) => call('POST', `/api/syncs/${id}/executions`, records);
    const source_identities = [[{ source: { model_id: model, field: 'email' }, value: 'a@b.c' }]];
    expect(await start({ identities: ['a'] })).toMatchObject({
      status: 422,
      body: { key: 'source_identities' },
    });
    expect((await start({ identities: ['a'], source_identities })).status).toBe(422);
    expect((await start({ source_identities: Array(1001).fill(source_identities[0]) })).status).toBe(422);
    expect((await start({ source_identities })).status).toBe(200);
  });
});

describe('filters', () => {
  it('are answered in both shapes, lettered by place, with a logic that says so', async () => {
    const { body, model } = await world();
    const answer = data(
      await call('POST', '/api/syncs', {
        ...body,
        model_filters: {
          conditions: [
            condition(model, 'email', { label: 'mail' }),
            condition(model, 'id', { label: 'ident' }),
          ],
          logic: 'ident or (mail)',
        },
        target_filters: {
          conditions: [
            {
              field: 'LastName',
              function: 'Equality',
              value_source: { model_id: model, field: 'last_name' },
            },
          ],
          logic: 'A',
        },
      }),
    );
    expect(answer).toMatchObject({
      model_filters: {
        conditions: [condition(model, 'email', { label: 'A' }), condition(model, 'id', { label: 'B' })],
        logic: 'B or (A)',
      },
      target_filters: { conditions: [{ field: 'LastName', label: 'A' }], logic: 'A' },
      filter_logic: 'B or (A)',
      target: { filter_logic: 'C' },
    });
    const filters = answer['filters'] as unknown as readonly JsonObject[];
    expect(filters).toHaveLength(3);
    expect(filters).toContainEqual({
      field_id: 'LastName',
      field_type: 'Target',
      function: 'Equality',
      value_field: { model_id: model, field: 'last_name' },
      label: 'C',
    });
    const again = await put(answer['id'] as string, answer);
    expect([again.status, data(again)['model_filters']]).toEqual([200, answer['model_filters']]);
  });

  it('of the older shape are the same in the newer one', async () => {
    const { body, model } = await world();
    const answer = data(
      await call('POST', '/api/syncs', {
        ...body,
        filters: [
          { field_id: 'LastName', field_type: 'Target', function: 'IsNull' },
          { field: { model_id: model, field: 'email' }, function: 'IsNotNull' },
          { field: { model_id: model, field: 'id' }, function: 'IsNotNull' },
        ],
        filter_logic: 'B OR C',
      }),
    );
    expect(answer).toMatchObject({
      model_filters: { conditions: [condition(model, 'email'), condition(model, 'id')], logic: 'A OR B' },
      target_filters: { conditions: [{ field: 'LastName', function: 'IsNull', label: 'A' }], logic: '' },
    });
  });

  it.each<[string, (model: string) => JsonObject, string]>([
    [
      'a condition that the logic leaves out',
      (model) => ({
        model_filters: { conditions: [condition(model, 'id'), condition(model, 'email')], logic: 'A' },
      }),
      'incomplete_logic',
    ],
    [
      'a label of nothing',
      (model) => ({ model_filters: { conditions: [condition(model, 'id')], logic: 'A and a' } }),
      'unknown_label',
    ],
    [
      'labels for some',
      (model) => ({
        model_filters: { conditions: [condition(model, 'id', { label: 'x' }), condition(model, 'email')] },
      }),
      'mixed_labels',
    ],
    [
      'one label twice',
      (model) => ({
        model_filters: {
          conditions: [condition(model, 'id', { label: 'x' }), condition(model, 'email', { label: 'x' })],
        },
      }),
      'duplicate_label',
    ],
    [
      'a logic that is none',
      (model) => ({ model_filters: { conditions: [condition(model, 'id')], logic: 'A and' } }),
      'bad_logic',
    ],
    [
      'a field that is not there',
      (model) => ({ model_filters: { conditions: [condition(model, 'nothing')] } }),
      'unknown_field',
    ],
    [
      'a value and a field to compare with',
      (model) => ({
        target_filters: {
          conditions: [
            {
              field: 'LastName',
              function: 'Equality',
              value: 'x',
              value_source: { model_id: model, field: 'id' },
            },
          ],
        },
      }),
      'two_values',
    ],
    [
      'filters of the target in a mode that has none',
      () => ({
        mode: 'create',
        target_filters: { conditions: [{ field: 'LastName', function: 'IsNull' }] },
      }),
      'target_filter',
    ],
    [
      'other filters in the older shape',
      (model) => ({
        filters: [{ field: { model_id: model, field: 'email' }, function: 'IsNull' }],
        model_filters: { conditions: [condition(model, 'email')] },
      }),
      'filters_differ',
    ],
  ])('are refused with %s', async (_what, change, key) => {
    const { body, model } = await world();
    expect(await call('POST', '/api/syncs', { ...body, ...change(model) })).toMatchObject({
      status: 422,
      body: { key },
    });
  });
});

it('a source of override_fields makes a mapping', async () => {
  const { body, model } = await world();
  const source = { model_id: model, field: 'last_name' };
  const answer = data(
    await call('POST', '/api/syncs', {
      ...body,
      override_fields: [{ source, target: 'LastName', encryption_enabled: true }],
    }),
  );
  expect(answer['fields']).toContainEqual({
    source,
    target: 'LastName',
    sync_mode: 'updateOrCreate',
    new: false,
    encryption_enabled: false,
  });
});

it('what cannot be found any more is a problem, and stays as it is', async () => {
  const { body, model } = await world();
  const model_filters = { conditions: [condition(model, 'email')] };
  const made = data(await call('POST', '/api/syncs', { ...body, model_filters }));
  expect(made['problems']).toEqual([]);
  sandbox.edit('models', model, { fields: ['id', 'first_name'] });
  const answer = data(await call('GET', `/api/syncs/${made['id'] as string}`));
  expect(answer['model_filters']).toEqual(made['model_filters']);
  expect(answer['problems']).toEqual(
    ['identities.mappings[0].source', 'model_filters.conditions[0].source'].map((path) => ({
      code: 'field_not_found',
      message: 'model "Customers" has no field "email"',
      path,
      severity: 'error',
    })),
  );
});

it('an edit in one shape shows in the other, and leaves the rest', async () => {
  const { body, model } = await world();
  const id = idOf(
    await call('POST', '/api/syncs', {
      ...body,
      identities: identities(model),
      model_filters: { conditions: [condition(model, 'email'), condition(model, 'id')] },
    }),
  );
  sandbox.edit('syncs', id, { filter_logic: 'A OR B' });
  const answer = data(await call('GET', `/api/syncs/${id}`));
  expect(answer).toMatchObject({ model_filters: { logic: 'A OR B' }, identities: identities(model) });
});

it('a version without words for a filter is refused an update, and shows what it can', async () => {
  const { body, model } = await world();
  const target_filters = {
    conditions: [
      { field: 'LastName', function: 'Equality', value_source: { model_id: model, field: 'last_name' } },
    ],
  };
  const id = idOf(await call('POST', '/api/syncs', { ...body, target_filters }));
  const older = { 'x-polytomic-version': '2024-02-08' };
  expect(data(await call('GET', `/api/syncs/${id}`, undefined, older))['filters']).toEqual([
    { field_id: 'LastName', field_type: 'Target', function: 'Equality', label: 'A' },
  ]);
  expect(await put(id, body, older)).toMatchObject({ status: 422, body: { key: 'newer_filters' } });
});

it('versions before 2025-09-18 know the older shape alone', async () => {
  const { body, model } = await world();
  const older = { 'x-polytomic-version': '2024-02-08' };
  const made = await call('POST', '/api/syncs', { ...body, identities: identities(model) }, older);
  expect(data(made)['identity']).toMatchObject({ target: 'Email' });
  expect(sandbox.list('syncs')[0]).toMatchObject({ identities: { mappings: [{ target: 'Email' }] } });
  for (const headers of [older, old]) {
    const answer = data(await call('GET', `/api/syncs/${idOf(made)}`, undefined, headers));
    for (const name of ['identities', 'model_filters', 'target_filters', 'problems'])
      expect(answer).not.toHaveProperty(name);
  }
});
