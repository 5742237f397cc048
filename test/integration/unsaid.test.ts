/** What was changed outside where the manifest says nothing: told apart, and no drift unless it is asked for. */
import { describe, expect, it } from 'vitest';
import { shop, workbench, type Workbench } from '../support/workbench.js';

const file = 'polytomic/customers.yaml';
const silent = { ...shop, [file]: (shop[file] ?? '').replace('active: true\n', '') };

const edited = async (): Promise<Workbench> => {
  const bench = await workbench(silent);
  expect((await bench.cli('apply', '--yes')).code).toBe(0);
  const [sync] = bench.sandbox.list('syncs');
  bench.sandbox.edit('syncs', sync!.id, { active: true });
  const db = bench.sandbox.list('connections').find(({ name }) => name === 'Shop database');
  bench.sandbox.edit('connections', db!.id, { configuration: { ssh: true, ssl: true } });
  return bench;
};

interface Found {
  readonly drifted: readonly unknown[];
  readonly unsaid: readonly { readonly address: string; readonly fields: readonly unknown[] }[];
}

const found = async (bench: Workbench): Promise<Found> =>
  JSON.parse((await bench.cli('--json', 'drift')).out) as Found;

describe('a field on which the manifest is silent', () => {
  it('is no drift after an apply, whatever the server fills in', async () => {
    const bench = await workbench(silent);
    await bench.cli('apply', '--yes');
    expect(await found(bench)).toMatchObject({ drifted: [], unsaid: [] });
    expect((await bench.cli('drift', '--strict')).code).toBe(0);
  });

  it('is told apart where somebody changed it: no failure, but with --strict', async () => {
    const bench = await edited();
    const { code, out } = await bench.cli('drift');
    expect(code).toBe(0);
    expect(out).toContain('Not said by the manifests, and changed outside:');
    expect(out).toContain(
      'sync.customers "Customers to warehouse" was changed where its manifest says nothing',
    );
    expect(out).toContain('active: false → true');
    expect(out).toContain('configuration.ssl: false → true');
    expect(out).toContain('No drift. 4 objects live as applied. 2 objects changed where no manifest says');
    expect((await bench.cli('drift', '--strict')).code).toBe(2);
    expect(await found(bench)).toMatchObject({
      drifted: [],
      unsaid: [
        { address: 'connection.db' },
        { address: 'sync.customers', fields: [{ pointer: '/active', applied: false, live: true }] },
      ],
    });
    // It is nobody's to put back.
    expect((await bench.cli('plan')).out).toContain('No changes.');
  });

  it('is taken for what was there by a refresh, and stays as it lives', async () => {
    const bench = await edited();
    expect((await bench.cli('apply', '--refresh-only', '--yes')).code).toBe(0);
    expect((await bench.cli('drift', '--strict')).code).toBe(0);
    expect((await bench.cli('plan')).out).toContain('No changes.');
  });

  it('is not taken from the object because another one was refreshed', async () => {
    const bench = await edited();
    const db = bench.sandbox.list('connections').find(({ name }) => name === 'Shop database');
    bench.sandbox.edit('connections', db!.id, { configuration: { hostname: 'other' } });
    expect((await bench.cli('apply', '--refresh-only', '--yes')).code).toBe(0);
    const { out } = await bench.cli('plan');
    expect(out).toContain('configuration.hostname: other → db.example.com');
    expect(out).not.toContain('configuration.ss');
  });

  it('is compared from the first refresh on where an older version wrote the state', async () => {
    const bench = await edited();
    const state = '.polytomic/state/default.json';
    const { resources, ...rest } = JSON.parse(await bench.read(state)) as {
      readonly resources: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    const older = Object.fromEntries(
      Object.entries(resources).map(([address, { silent: _, ...binding }]) => [address, binding]),
    );
    await bench.write({ [state]: JSON.stringify({ ...rest, resources: older }) });
    expect((await bench.cli('drift', '--strict')).code).toBe(0);
    expect((await bench.cli('apply', '--refresh-only', '--yes')).code).toBe(0);
    const [sync] = bench.sandbox.list('syncs');
    bench.sandbox.edit('syncs', sync!.id, { active: false });
    expect((await bench.cli('drift', '--strict')).code).toBe(2);
  });

  it('that repeats a secret is remembered without it', async () => {
    const bench = await workbench({
      'polytomic/db.yaml':
        'kind: Connection\nkey: db\nname: Db\ntype: postgresql\nconfiguration: { hostname: h, password: "${secret:DB_PASSWORD}" }\n',
    });
    await bench.cli('apply', '--yes');
    const [db] = bench.sandbox.list('connections');
    bench.sandbox.edit('connections', db!.id, { configuration: { note: 'it is a-secret-of-the-database' } });
    await bench.write({
      'polytomic/db.yaml': (await bench.read('polytomic/db.yaml')).replace('hostname: h', 'hostname: i'),
    });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(await bench.read('.polytomic/state/default.json')).not.toContain('a-secret-of-the-database');
    expect((await bench.cli('drift', '--strict')).code).toBe(0);
  });
});
