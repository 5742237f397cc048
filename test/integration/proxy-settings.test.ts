/** Whether calls may go through a connection: a switch at an address of its own, in the manifest of the connection. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask } from '../support/ask.js';
import { killedAt } from '../support/killing.js';
import { workbench, type Workbench } from '../support/workbench.js';

const file = 'polytomic/all.yaml';
const manifest = (more: string, name = 'Apollo'): string => `kind: Connection
key: apollo
name: ${name}
type: apollo
configuration: { apikey: '\${secret:WAREHOUSE_PASSWORD}' }
${more}`;
const on = 'proxy_settings: { enabled: true }\n';
const off = 'proxy_settings: { enabled: false }\n';

const applied = async (text: string, more: Parameters<typeof workbench>[1] = {}): Promise<Workbench> => {
  const bench = await workbench({ [file]: text }, more);
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  bench.sandbox.clearRequests();
  return bench;
};

const isEmpty = async (bench: Workbench): Promise<void> => {
  const { code, out, err } = await bench.cli('plan', '--detailed-exitcode');
  expect([code, out, err]).toEqual([0, expect.stringContaining('No changes.'), '']);
};

const writes = ({ sandbox }: Workbench): readonly (readonly [string, unknown])[] =>
  sandbox.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path: where, body }) => [`${method} ${where.replaceAll(/[0-9a-f-]{36}/g, 'ID')}`, body]);

const settings = async (bench: Workbench, body?: object): Promise<object> =>
  ask(
    bench,
    body === undefined ? 'GET' : 'PUT',
    `connections/${bench.sandbox.list('connections')[0]?.id ?? ''}/proxy/settings`,
    body,
  );

describe('the proxy of a connection', () => {
  it('is switched on after the connection is made, off by one call, and each plan after it is empty', async () => {
    const bench = await workbench({ [file]: manifest(on) });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(writes(bench)).toEqual([
      ['POST /api/connections', expect.not.objectContaining({ proxy_settings: expect.anything() as object })],
      ['PUT /api/connections/ID/proxy/settings', { enabled: true }],
    ]);
    await isEmpty(bench);
    bench.sandbox.clearRequests();
    await bench.write({ [file]: manifest(off) });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(writes(bench)).toEqual([['PUT /api/connections/ID/proxy/settings', { enabled: false }]]);
    await isEmpty(bench);
  });

  it('is left as it is where the manifest is silent, through an update of the rest, and not even read', async () => {
    const bench = await applied(manifest(''));
    await settings(bench, { enabled: true });
    bench.sandbox.clearRequests();
    await bench.write({ [file]: manifest('', 'Enrichment') });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    await isEmpty(bench);
    expect(bench.sandbox.requests.filter(({ path: where }) => where.includes('/proxy/'))).toEqual([]);
    expect(await settings(bench)).toMatchObject({ enabled: true });
  });

  it('drifts, and the next apply brings it back', async () => {
    const bench = await applied(manifest(on));
    await settings(bench, { enabled: false });
    const drift = await bench.cli('drift');
    expect(drift.code).toBe(2);
    expect(drift.out).toContain('proxy_settings');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(await settings(bench)).toMatchObject({ enabled: true });
  });

  it('is exported where it is on, and the plan of the export is empty', async () => {
    for (const more of [on, '']) {
      const bench = await applied(manifest(more));
      await rm(path.join(bench.root, 'polytomic'), { recursive: true });
      expect((await bench.cli('export', '--force')).code).toBe(0);
      expect((await bench.read('polytomic/connections/apollo.yaml')).includes('proxy_settings')).toBe(
        more === on,
      );
      const plan = await bench.cli('plan', '--detailed-exitcode', '--without-secrets');
      expect(plan).toMatchObject({ code: 0, err: '' });
    }
  });

  it.each([400, 403, 404, 422])('that is refused with %i keeps nobody from an export', async (status) => {
    const bench = await applied(manifest(''));
    await rm(path.join(bench.root, 'polytomic'), { recursive: true });
    bench.sandbox.failNext({ method: 'GET', path: /proxy\/settings/, status });
    expect(await bench.cli('export', '--force')).toMatchObject({ code: 0, err: '' });
    expect(await bench.read('polytomic/connections/apollo.yaml')).not.toContain('proxy_settings');
  });

  it('that the system behind does not have is an error at its line, once that is known', async () => {
    const database = (more: string): string => `kind: Connection
key: db
name: Database
type: postgresql
configuration: { hostname: h, password: '\${secret:DB_PASSWORD}' }
${more}`;
    const bench = await applied(database(''));
    await bench.write({ [file]: database(on) });
    const { code, err } = await bench.cli('plan');
    expect(code).toBe(1);
    expect(err).toContain('all.yaml:6:28');
    expect(err).toContain('no calls can be sent through this connection');
    // Of a new connection nothing can be asked: the API says it, the connection stays made and bound.
    const other = await workbench({ [file]: database(on) });
    const made = await other.cli('apply', '--yes');
    expect(made.code).toBe(1);
    expect(made.out + made.err).toContain('setting proxy_settings of connection.db');
    await other.write({ [file]: database('') });
    expect(await other.cli('apply', '--yes')).toMatchObject({ code: 0 });
    expect(other.sandbox.list('connections')).toHaveLength(1);
  });

  it.each([false, true])(
    'is settled by the next apply where a run was killed at it (done: %s)',
    async (afterEffect) => {
      const bench = await workbench({ [file]: manifest(on) }, { real: true });
      await killedAt(bench, { method: 'PUT', path: /proxy\/settings/, afterEffect }, 'apply', '--yes');
      expect((await bench.cli('apply', '--yes')).code).toBe(0);
      expect(bench.sandbox.list('connections')).toHaveLength(1);
      await isEmpty(bench);
      expect(await settings(bench)).toMatchObject({ enabled: true });
    },
  );

  it('has no place in an older version: a plan says it at its line, and an apply sends nothing', async () => {
    const bench = await workbench({
      [file]: manifest(on),
      'polytomic.config.yaml': "version: '2024-02-08'\n",
    });
    const none = 'this version of the API has no form for proxy_settings';
    const plan = await bench.cli('plan');
    expect([plan.code, plan.err]).toEqual([1, expect.stringMatching(/all\.yaml:6:17/)]);
    expect(plan.err).toContain(none);
    const apply = await bench.cli('apply', '--yes');
    expect([apply.code, apply.err]).toEqual([1, expect.stringContaining(none)]);
    expect(bench.sandbox.list('connections')).toEqual([]);
  });
});
