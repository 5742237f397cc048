import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import {
  defaultsOf,
  problemOf,
  propertiesOf,
  serverProperties,
} from '../../src/sandbox/catalog/configuration.js';
import { loadCatalog } from '../../src/sandbox/catalog/load.js';
import { startSandbox } from '../../src/sandbox/index.js';
import { anySchema, listedBy } from '../support/type-schemas.js';
import { call, callTo, data, idOf, listed, newSandboxes, type Answered } from './harness.js';

newSandboxes();

describe('the catalogue', () => {
  it('has databases, warehouses, applications, files and a webhook, each with a JSON Schema', async () => {
    const types = listed(await call('GET', '/api/connection_types'));
    expect(types.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        ...['mysql', 'postgresql', 'snowflake', 'bigquery', 'redshift', 'databricks', 'mongodb'],
        ...['salesforce', 'hubspot', 'gsheets', 'webhook', 's3', 'csv', 'apollo', 'dbtcloud'],
      ]),
    );
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const { id } of types) {
      const { body } = await call('GET', `/api/connection_types/${id as string}`);
      expect([id, ajv.validateSchema(body), body['$schema']]).toEqual([
        id,
        true,
        'https://json-schema.org/draft/2020-12/schema',
      ]);
    }
  });

  it('says which values a property may have', async () => {
    const path = '/api/connection_types/s3/parameter_values';
    expect(data(await call('POST', path, { field: 'auth_mode', query: 'iam' }))).toEqual({
      auth_mode: { allows_creation: false, values: [{ label: 'iam_role', value: 'iam_role' }] },
    });
    expect((await call('POST', path, { field: 'nothing' })).status).toBe(404);
    expect((await call('POST', path, {})).status).toBe(422);
  });

  it('has words that are properties of every object for no table', async () => {
    const mongo = { name: 'Mongo', type: 'constructor', configuration: {} };
    const id = idOf(await call('POST', '/api/connections', mongo));
    const fields = `/api/connections/${id}/modelsync/target/fields?target=constructor`;
    expect((await call('GET', fields)).status).toBe(404);
    const model = { name: 'M', connection_id: id, configuration: { table: '__proto__' } };
    expect(data(await call('POST', '/api/models', model))['fields']).toHaveLength(6);
  });
});

describe('--catalog', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'catalog-'));
    await mkdir(path.join(directory, 'tables'));
    return async () => rm(directory, { recursive: true });
  });
  const write = async (name: string, value: unknown): Promise<void> =>
    writeFile(path.join(directory, name), typeof value === 'string' ? value : JSON.stringify(value));
  const type = {
    title: 'Zebra DB',
    type: 'object',
    required: ['host'],
    properties: {
      host: { type: 'string' },
      passkey: { type: 'string', sensitive: true, widget: 'password' },
      region: { type: 'string', default: 'eu' },
      account_id: { type: 'string', readOnly: true, examples: ['acc-1'] },
    },
    'x-polytomic': { capabilities: { destination: false }, shape: 'object' },
  };

  it('adds types by their JSON Schemas, and tables', async () => {
    await write('zebra.json', type);
    await write('tables/zebra.json', {
      herds: { columns: { id: { type: 'number', primary_key: true }, name: 'string' } },
    });
    await write('tables/mysql.json', { 'zoo.animals': { columns: { species: 'string' } } });
    const server = await startSandbox({ catalog: directory });
    onTestFinished(server.close);
    const ask = async (method: string, where: string, body?: unknown): Promise<Answered> =>
      callTo(server.url, method, where, body, {
        authorization: 'Bearer sandbox-key',
        'x-polytomic-version': '2025-09-18',
      });
    expect(listed(await ask('GET', '/api/connection_types'))).toContainEqual(
      expect.objectContaining({ id: 'zebra', name: 'Zebra DB', initialConfiguration: { region: 'eu' } }),
    );
    const created = data(
      await ask('POST', '/api/connections', {
        name: 'Z',
        type: 'zebra',
        configuration: { host: 'h', passkey: 'hush', account_id: 'mine' },
      }),
    );
    expect(created['configuration']).toEqual({
      host: 'h',
      passkey: '********',
      region: 'eu',
      account_id: 'acc-1',
    });
    const source = `/api/connections/${created['id'] as string}/modelsync/source`;
    expect(data(await ask('GET', source))).toMatchObject({ items: { object: { items: ['herds'] } } });
    const mysql = { name: 'M', type: 'mysql', configuration: { hostname: 'h' } };
    const id = idOf(await ask('POST', '/api/connections', mysql));
    const { items } = data(await ask('GET', `/api/connections/${id}/modelsync/source`));
    expect((items as { readonly table: JsonObject }).table['items']).toContain('zoo.animals');
  });

  it('takes what the schemas of types do in a way of their own', async () => {
    const shapes: JsonObject = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: 'x',
      properties: {
        mode: { type: 'string', enum: [{ label: 'By key', value: 'key' }, 'role'], examples: 'key' },
        level: { type: 'string', enum: [{ value: 5 }], minimum: '1' },
        user: { readonly: true, examples: 'somebody' },
        account: { readOnly: true, examples: ['acc-1', 'acc-2'] },
        oauth_token_expiry: { type: 'string' },
        inner: { type: 'string', hidden: true },
        flag: { type: 'boolean', required: true },
        number: { type: 'integer', sensitive: true },
        regions: { type: 'array', default: ['eu'] },
        tags: { type: 'object', additionalProperties: { type: 'string' } },
      },
      required: ['mode', 'user', 'oauth_token_expiry', 'inner'],
    };
    await write('zebra.json', shapes);
    const server = await startSandbox({ catalog: directory });
    onTestFinished(server.close);
    const ask = async (method: string, where: string, body?: unknown): Promise<Answered> =>
      callTo(server.url, method, where, body, {
        authorization: 'Bearer sandbox-key',
        'x-polytomic-version': '2025-09-18',
      });
    expect((await ask('GET', '/api/connection_types/zebra')).body).toEqual(shapes);
    expect(
      data(await ask('POST', '/api/connection_types/zebra/parameter_values', { field: 'mode' })),
    ).toEqual({
      mode: {
        allows_creation: false,
        values: [
          { label: 'By key', value: 'key' },
          { label: 'role', value: 'role' },
        ],
      },
    });
    const made = await ask('POST', '/api/connections', {
      name: 'Z',
      type: 'zebra',
      configuration: { mode: 'key', level: 5, number: 4711, user: 'me', tags: { a: 'b' } },
    });
    expect([made.status, data(made)['configuration']]).toEqual([
      201,
      {
        mode: 'key',
        level: 5,
        number: '********',
        user: 'somebody',
        account: 'acc-1',
        oauth_token_expiry: '2099-01-01T00:00:00Z',
        regions: ['eu'],
        tags: { a: 'b' },
      },
    ]);
    // A mask that is sent back stands for the number.
    const again = { name: 'Z', configuration: { mode: 'key', number: '********' } };
    expect((await ask('PUT', `/api/connections/${idOf(made)}`, again)).status).toBe(200);
    const wrong = { name: 'Y', type: 'zebra', configuration: { mode: 'key', number: 'text' } };
    expect((await ask('POST', '/api/connections', wrong)).status).toBe(422);
  });

  it('refuses no value that a type lists or fills in, and takes types of any shape', () => {
    const file = path.join(directory, 'zebra.json');
    fc.assert(
      fc.property(anySchema, (schema) => {
        writeFileSync(file, JSON.stringify(schema));
        const zebra = loadCatalog(directory).typeOf('zebra');
        const filled = defaultsOf(zebra);
        for (const [name, property] of propertiesOf(zebra))
          for (const value of listedBy(property))
            expect(
              problemOf({ ...zebra, schema: { ...schema, required: [] } }, { ...filled, [name]: value }),
            ).toBeUndefined();
        serverProperties(zebra);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['zebra.json', '{', 'zebra.json is not JSON'],
    ['zebra.json', `{"not":${'{"not":'.repeat(60)}{}${'}'.repeat(61)}`, 'zebra.json is nested too deeply'],
    ['zebra.json', '[]', 'zebra.json holds no object'],
    ['zebra.json', { type: 'nonsense' }, 'zebra.json is no JSON Schema'],
    ['zebra.json', { 'x-polytomic': { shape: 'round' } }, 'shape'],
    ['tables/nothing.json', {}, 'there is no connection type nothing'],
    ['tables/mysql.json', { t: { columns: { a: 'text' } } }, '/t/columns/a'],
  ])('names the file that is wrong: %s %j', async (name, value, message) => {
    await write(name, value);
    await expect(startSandbox({ catalog: directory })).rejects.toThrow(message);
  });

  it('must exist', async () => {
    await expect(startSandbox({ catalog: path.join(directory, 'no') })).rejects.toThrow('does not exist');
  });
});
