/** Record logging: one setting of an organization, replaced as a whole. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { recordLogging } from '../../src/kinds/record-logging.js';
import { ask } from '../support/ask.js';
import { workbench, type Workbench } from '../support/workbench.js';

const file = 'polytomic/logging.yaml';
const where = 'organization/record-logging';

const archives = ['archive', 'other']
  .map(
    (key) =>
      `kind: Connection\nkey: ${key}\nname: ${key}\ntype: s3\nconfiguration: { s3_bucket_name: logs }\n`,
  )
  .join('---\n');

const manifest = (more: string): string => `${archives}---\nkind: RecordLogging\nkey: records\n${more}`;

const whole = manifest('enabled: true\ndelivery_connection: archive\ndelivery_prefix: polytomic/\n');

const run = async (bench: Workbench, ...args: readonly string[]): Promise<void> => {
  const { code, err } = await bench.cli(...args);
  expect([code, err]).toEqual([0, '']);
};

const applied = async (text = whole, more: Readonly<Record<string, string>> = {}): Promise<Workbench> => {
  const bench = await workbench({ ...more, [file]: text });
  await run(bench, 'apply', '--yes');
  return bench;
};

const lives = async ({ sandbox }: Workbench): Promise<JsonObject> => {
  const response = await fetch(`${sandbox.url}/api/${where}`, {
    headers: { authorization: `Bearer ${sandbox.apiKey}`, 'x-polytomic-version': '2025-09-18' },
  });
  return ((await response.json()) as { readonly data: JsonObject }).data;
};

describe('record logging', () => {
  it('is set in one request after its connection, and each plan after it is empty', async () => {
    const bench = await applied();
    const [archive] = bench.sandbox.list('connections').filter(({ name }) => name === 'archive');
    const puts = bench.sandbox.requests.filter(({ method }) => method === 'PUT');
    expect(puts.map(({ path, body }) => [path, body])).toEqual([
      [`/api/${where}`, { enabled: true, deliveryConnectionId: archive?.id, deliveryPrefix: 'polytomic/' }],
    ]);
    await run(bench, 'plan', '--detailed-exitcode');
    await run(bench, 'drift', '--strict');
  });

  it.each([
    ['enabled', { enabled: false }],
    ['delivery_prefix', { deliveryPrefix: 'elsewhere/' }],
    ['delivery_connection', {}],
  ])('is seen to drift in %s', async (field, change) => {
    const bench = await applied();
    const other = bench.sandbox.list('connections').find(({ name }) => name === 'other')?.id;
    const { deliveryConnectionName: _name, ...now } = await lives(bench);
    await ask(bench, 'PUT', where, {
      ...now,
      ...(field === 'delivery_connection' ? { deliveryConnectionId: other } : change),
    });
    const drift = await bench.cli('drift');
    expect([drift.code, drift.out]).toEqual([2, expect.stringContaining(`${field}:`)]);
    await run(bench, 'apply', '--yes');
    expect(await lives(bench)).toMatchObject({ ...now, deliveryConnectionName: 'archive' });
  });

  it('is switched off where its manifest goes, and says what that does', async () => {
    const bench = await applied();
    await bench.write({ [file]: archives });
    expect((await bench.cli('plan')).out).toContain('no records are logged any more');
    await run(bench, 'apply', '--yes');
    expect(await lives(bench)).toEqual({ enabled: false });
    await run(bench, 'plan', '--detailed-exitcode');
  });

  it('is nothing that an export writes where nobody set it', async () => {
    const bench = await applied(archives);
    await bench.remove(file);
    await bench.remove('.polytomic/state/default.json');
    expect((await bench.cli('export')).out).not.toContain('record logging');
    await ask(bench, 'PUT', where, { enabled: true });
    expect((await bench.cli('export')).out).toContain('1 record logging');
    await run(bench, 'plan', '--detailed-exitcode', '--without-secrets');
  });

  it('is there once, and not in versions that have no such setting', async () => {
    const twice = await workbench({
      [file]: `${whole}---\nkind: RecordLogging\nkey: more\nenabled: false\n`,
    });
    expect((await twice.cli('validate')).code).toBe(1);
    const older = await workbench({ [file]: whole, 'polytomic.config.yaml': "version: '2024-02-08'\n" });
    expect((await older.cli('plan')).err).toContain(
      'version 2024-02-08 of the API has no record logging settings',
    );
  });

  it('is read in either spelling of its fields', () => {
    const said = { enabled: true, deliveryConnectionId: 'a', delivery_prefix: 'b' };
    for (const live of [
      { enabled: true, deliveryConnectionId: 'a', deliveryConnectionName: 'A', deliveryPrefix: 'b' },
      { enabled: true, delivery_connection_id: 'a', delivery_connection_name: 'A', delivery_prefix: 'b' },
    ])
      expect(recordLogging.fromLive(live).document).toEqual(said);
    expect(recordLogging.isUnset?.({ enabled: false, delivery_prefix: null })).toBe(true);
  });
});
