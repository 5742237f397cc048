/** An expression takes the type that its field has in the schema of the connection's type. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { workbench, type Workbench } from '../support/workbench.js';

const typed: JsonObject = {
  type: 'object',
  required: ['api_id', 'oauth_token_expiry', 'account'],
  properties: {
    api_id: { type: 'integer', sensitive: true },
    oauth_token_expiry: { type: 'string' },
    account: { type: 'string', readonly: true, examples: 'acc-1' },
    ratio: { type: 'number' },
    strict: { type: 'boolean', sensitive: true },
    service: { type: 'object', sensitive: true, properties: { id: { type: 'string' } } },
    scopes: { type: 'array', items: { type: 'string' } },
    either: { type: ['string', 'integer'] },
    label: { type: 'string' },
    proxy: { type: 'object', properties: { port: { type: 'integer' } } },
  },
};

const manifest = (configuration: JsonObject, type = 'csv'): string =>
  JSON.stringify({ kind: 'Connection', key: 'z', name: 'Z', type, configuration });

const bench = async (
  configuration: JsonObject,
  environment: Readonly<Record<string, string>>,
): Promise<Workbench> => {
  const catalog = await mkdtemp(path.join(tmpdir(), 'types-'));
  onTestFinished(async () => rm(catalog, { recursive: true }));
  await writeFile(path.join(catalog, 'csv.json'), JSON.stringify(typed));
  const made = await workbench(
    {
      'polytomic/z.yaml': manifest(configuration),
      'polytomic.config.yaml': 'variables: { strict: "true", port: 8080 }\n',
    },
    { sandbox: { catalog } },
  );
  Object.assign(made.environment, environment);
  return made;
};

const sent = ({ sandbox }: Workbench): JsonObject => {
  const body = sandbox.requests.findLast(({ method }) => method !== 'GET')?.body as JsonObject;
  return body['configuration'] as JsonObject;
};

const all: JsonObject = {
  api_id: '${secret:ID}',
  ratio: '${env:RATIO}',
  strict: '${var:strict}',
  service: '${secret:SERVICE}',
  scopes: '${env:SCOPES}',
  either: '${env:EITHER}',
  label: '${env:LABEL}',
  proxy: { port: '${var:port}' },
};
const values = {
  ID: '4711',
  RATIO: '0.5',
  SERVICE: '{"id":"s","password":"hush hush"}',
  SCOPES: '["a","b"]',
  EITHER: '12',
  LABEL: '12',
};

describe('an expression that is the whole value', () => {
  it('is sent in the type of its field, and planned once', async () => {
    const made = await bench(all, values);
    const applied = await made.cli('apply', '--yes');
    expect([applied.code, applied.err]).toEqual([0, '']);
    expect(sent(made)).toEqual({
      api_id: 4711,
      ratio: 0.5,
      strict: true,
      service: { id: 's', password: 'hush hush' },
      scopes: ['a', 'b'],
      either: '12',
      label: '12',
      proxy: { port: 8080 },
    });
    expect(await made.cli('plan', '--detailed-exitcode')).toMatchObject({ code: 0, err: '' });
    // Without secrets nothing is known of them, and nothing is said.
    delete made.environment['ID'];
    delete made.environment['SERVICE'];
    expect(await made.cli('plan', '--without-secrets', '--detailed-exitcode')).toMatchObject({
      code: 0,
      err: '',
    });
  });

  it('is planned and sent again where the value changes, and never shown', async () => {
    const made = await bench(all, values);
    await made.cli('apply', '--yes');
    made.environment['ID'] = '81524711';
    const planned = await made.cli('plan', '--detailed-exitcode');
    expect([planned.code, planned.err]).toEqual([2, '']);
    expect(planned.out).toContain('api_id');
    expect(planned.out + planned.err).not.toContain('81524711');
    expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0 });
    expect(sent(made)).toMatchObject({ api_id: 81_524_711 });
    expect(await made.cli('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
  });

  it('of a type that this version knows needs no schema', async () => {
    const made = await bench({}, { PORT: '6543', SSL: 'false', HOST: 'h' });
    await made.write({
      'polytomic/z.yaml': manifest(
        {
          hostname: '${env:HOST}',
          port: '${env:PORT}',
          ssl: '${env:SSL}',
          password: '${secret:DB_PASSWORD}',
        },
        'postgresql',
      ),
    });
    expect(await made.cli('plan', '--no-preflight')).toMatchObject({ code: 0, err: '' });
    expect(made.sandbox.requests.filter(({ path: asked }) => asked.includes('connection_types'))).toEqual([]);
    expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(sent(made)).toMatchObject({ hostname: 'h', port: 6543, ssl: false });
  });

  it.each([
    ['api_id', 'ID', 'not-a-number', 'a whole number', '${secret:ID}'],
    ['api_id', 'ID', '12345678901234567890', 'a whole number', '${secret:ID}'],
    ['api_id', 'ID', '007', 'a whole number', '${secret:ID}'],
    ['ratio', 'RATIO', 'half', 'a number', '${env:RATIO}'],
    ['service', 'SERVICE', '["no-map"]', 'a map, as JSON', '${secret:SERVICE}'],
    ['scopes', 'SCOPES', 'a,b', 'a list, as JSON', '${env:SCOPES}'],
  ])(
    'that means nothing to %s is an error at its place, without the value',
    async (field, name, value, what, label) => {
      const made = await bench(all, { ...values, [name]: value });
      const { code, err } = await made.cli('apply', '--yes');
      expect(code).toBe(1);
      expect(err).toContain(`${field} must be ${what}, and the value of ${label} is not`);
      expect(err).toMatch(/polytomic\/z\.yaml:1:\d+/);
      expect(err).not.toContain(value);
      expect(made.sandbox.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    },
  );

  it('is found wrong by validate where the schema was pulled', async () => {
    const made = await bench(all, { ...values, ID: 'nonsense' });
    expect(await made.cli('validate')).toMatchObject({ code: 0 });
    await made.cli('schemas', 'pull');
    expect(await made.cli('validate')).toMatchObject({
      code: 1,
      err: expect.stringContaining('api_id must be a whole number') as string,
    });
    made.environment['ID'] = '1';
    expect(await made.cli('validate')).toMatchObject({ code: 0, err: '' });
  });

  it('stays as it is in the manifest when what lives is exported', async () => {
    const made = await bench(all, values);
    await made.cli('apply', '--yes');
    const before = await made.read('polytomic/z.yaml');
    expect(await made.cli('export', '--force')).toMatchObject({ code: 0 });
    expect(await made.read('polytomic/z.yaml')).toBe(before);
  });
});

describe('a field that the server keeps', () => {
  it('is no hindrance to an update, as it lives', async () => {
    const made = await bench({ api_id: 1, label: 'a' }, {});
    expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    await made.write({ 'polytomic/z.yaml': manifest({ api_id: 1, label: 'b' }) });
    expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  });

  it('is not asked for, although the schema requires it', async () => {
    const made = await bench({ api_id: 1 }, {});
    expect((await made.cli('plan')).err).not.toContain('missing');
  });

  it('is refused where it is written, once', async () => {
    const made = await bench({ api_id: 1, account: 'mine' }, {});
    const { code, err } = await made.cli('plan');
    expect(code).toBe(1);
    expect(err.match(/account is set by the server/g)).toHaveLength(1);
  });
});

describe('a schema with a part that nobody has seen', () => {
  it('is used without it, and spoken of once', async () => {
    const catalog = await mkdtemp(path.join(tmpdir(), 'types-'));
    onTestFinished(async () => rm(catalog, { recursive: true }));
    const schema = {
      properties: { port: { type: 'integer' }, label: { required: true }, 'x\u001b[2J': { required: true } },
    };
    await writeFile(path.join(catalog, 'csv.json'), JSON.stringify(schema));
    const connections = ['a', 'b', 'c'].map((key) => ({
      ...{ kind: 'Connection', key, name: key, type: 'csv' },
      configuration: key === 'c' ? { port: 'x' } : {},
    }));
    const made = await workbench(
      { 'polytomic/all.yaml': connections.map((each) => JSON.stringify(each)).join('\n---\n') },
      { sandbox: { catalog } },
    );
    const { err } = await made.cli('plan');
    expect(err.match(/has a form that this version does not know/g)).toHaveLength(1);
    expect(err).toContain('at /properties/label/required and 1 more place');
    expect(err).toContain('port must be a whole number');
  });
});
