import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { call, data, idOf, newSandboxes, snowflake } from './harness.js';

newSandboxes();

const targets = async (body: JsonObject = snowflake): Promise<string> =>
  `/api/connections/${idOf(await call('POST', '/api/connections', body))}/modelsync`;

describe('a target that is not there yet', () => {
  it('is described by the properties that it would be made of', async () => {
    const path = `${await targets()}/target/fields`;
    expect(
      data(await call('GET', `${path}?properties[schema]=CUSTOMERS&properties[name]=NEW`)),
    ).toMatchObject({
      id: 'CUSTOMERS.NEW',
      fields: [],
      properties: { target_creator: true, supports_field_creation: true },
    });
    for (const query of [
      '',
      '?target=CUSTOMERS.CONTACTS&properties[name]=NEW',
      '?properties[schema]=CUSTOMERS',
      '?properties[schema]=CUSTOMERS&properties[name]=NEW&properties[other]=x',
    ])
      expect([query, (await call('GET', `${path}${query}`)).status]).toEqual([query, 400]);
    const hook = await targets({ name: 'H', type: 'webhook', configuration: { url: 'https://example.com' } });
    expect((await call('GET', `${hook}/target/fields?properties[name]=x`)).status).toBe(400);
  });

  it('has the values of its properties beside the list of targets, where they are asked for', async () => {
    const path = `${await targets()}/targetobjects`;
    const creation = async (query: string): Promise<unknown> =>
      (await call('GET', `${path}${query}`)).body['target_creation'];
    const name = { id: 'name', title: 'Name', enum: false };
    expect(await creation('')).toEqual({
      supported: true,
      properties: [{ id: 'schema', title: 'Schema', enum: true }, name],
    });
    const { values } = data(await call('GET', `${path}/properties/schema`));
    expect(values).toContainEqual({ label: 'CUSTOMERS', value: 'CUSTOMERS' });
    expect(await creation('?include_target_creation_values=true')).toEqual({
      supported: true,
      properties: [{ id: 'schema', title: 'Schema', enum: true, values }, name],
    });
  });
});

it('fields of a target hold the values that they may have', async () => {
  const crm = {
    name: 'CRM',
    type: 'salesforce',
    configuration: { oauth_refresh_token: 't' },
    validate: false,
  };
  const { fields } = data(await call('GET', `${await targets(crm)}/target/fields?target=Account`));
  const all = fields as unknown as readonly JsonObject[];
  expect(all.every((field) => field['multiple_associations'] === false)).toBe(true);
  const listed = all.find((field) => field['values'] !== undefined);
  expect(listed?.['values']).toContainEqual({
    label: expect.any(String) as string,
    value: expect.any(String) as string,
  });
});
