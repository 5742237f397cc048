import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { stable, workbench, type Workbench } from '../support/workbench.js';

const example = path.join(import.meta.dirname, '..', '..', 'examples', 'quickstart');

const quickstart = async (): Promise<Workbench> => {
  const bench = await workbench({});
  await cp(path.join(example, 'polytomic'), path.join(bench.root, 'polytomic'), { recursive: true });
  await cp(path.join(example, 'polytomic.config.yaml'), path.join(bench.root, 'polytomic.config.yaml'));
  Object.assign(bench.environment, { MYSQL_PASSWORD: 'secret', SNOWFLAKE_PASSWORD: 'secret-password' });
  return bench;
};

const idOf = ({ sandbox }: Workbench, collection: 'connections' | 'models' | 'syncs', name: string): string =>
  sandbox.list(collection).find((object) => object['name'] === name)?.id ?? 'none';

describe('the quickstart', () => {
  it('sends the bodies of the quickstart, each once, to its endpoints', async () => {
    const bench = await quickstart();
    const { code } = await bench.cli('apply', '--yes');
    expect(code).toBe(0);
    const posts = bench.sandbox.requests.filter(({ method }) => method !== 'GET');
    const sent = (path: string): readonly unknown[] =>
      posts.filter((post) => post.path === path).map(({ body }) => body);
    const byName = (bodies: readonly unknown[]): readonly unknown[] =>
      [...bodies].sort((a, b) => ((a as JsonObject)['name']! < (b as JsonObject)['name']! ? -1 : 1));
    expect(byName(sent('/api/connections'))).toEqual([
      {
        name: 'MySQL Connection',
        type: 'mysql',
        configuration: {
          hostname: 'localhost',
          port: 5432,
          database: 'company',
          username: 'user',
          password: 'secret',
        },
      },
      {
        name: 'Snowflake Connection',
        type: 'snowflake',
        configuration: {
          account: 'account',
          dbname: 'database',
          password: 'secret-password',
          username: 'user',
        },
      },
    ]);
    expect(sent('/api/models')).toEqual([
      {
        name: 'Customer Model',
        configuration: { table: 'company.customers' },
        connection_id: idOf(bench, 'connections', 'MySQL Connection'),
      },
    ]);
    const model = idOf(bench, 'models', 'Customer Model');
    expect(sent('/api/syncs')).toEqual([
      {
        name: 'MySQL to Snowflake Sync',
        mode: 'replace',
        fields: [
          { source: { field: 'email', model_id: model }, target: 'EMAIL' },
          { source: { field: 'first_name', model_id: model }, target: 'FIRST_NAME' },
          { source: { field: 'last_name', model_id: model }, target: 'LAST_NAME' },
        ],
        schedule: { frequency: 'manual' },
        target: {
          connection_id: idOf(bench, 'connections', 'Snowflake Connection'),
          object: 'CUSTOMERS.CONTACTS',
        },
      },
    ]);
    expect(posts).toHaveLength(4);
  });

  it('speaks the version of the quickstart, with the key, in every request', async () => {
    const bench = await quickstart();
    await bench.cli('apply', '--yes');
    for (const { headers } of bench.sandbox.requests) {
      expect(headers['x-polytomic-version']).toBe('2022-12-12');
      expect(headers['authorization']).toBe('Bearer sandbox-key');
      expect(headers['user-agent']).toMatch(/^polytomic-gitops\/\d/);
    }
    expect(bench.sandbox.requests[0]).toMatchObject({ method: 'GET' });
    expect(bench.sandbox.requests.some(({ path }) => path === '/api/me')).toBe(true);
  });

  it('reads as the golden file when it is planned, and is empty when it is planned again', async () => {
    const bench = await quickstart();
    const plan = await bench.cli('plan', '--detailed-exitcode');
    expect(plan.code).toBe(2);
    await expect(stable(plan.out)).toMatchFileSnapshot('golden/quickstart-plan.txt');
    await bench.cli('apply', '--yes');
    expect(await bench.cli('plan', '--detailed-exitcode')).toMatchObject({ code: 0, err: '' });
  });

  it.each(['2022-12-12', '2024-02-08', '2025-09-18'])('converges at version %s', async (version) => {
    const bench = await quickstart();
    await bench.write({ 'polytomic.config.yaml': `version: '${version}'\n` });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    const again = await bench.cli('plan', '--detailed-exitcode');
    expect(again.out).toContain('No changes. 4 resources are as the manifests say.');
    expect(again.code).toBe(0);
  });

  it('prints no secret, and stores none', async () => {
    const bench = await quickstart();
    const { out, err } = await bench.cli('apply', '--yes');
    const state = await readFile(path.join(bench.root, '.polytomic', 'state', 'default.json'), 'utf8');
    for (const text of [out, err, state]) expect(text).not.toMatch(/secret-password|"secret"/);
  });
});
