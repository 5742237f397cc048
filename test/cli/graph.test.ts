import { describe, expect, it } from 'vitest';
import { shop, workbench } from '../support/workbench.js';

describe('graph', () => {
  it('draws the manifests without network and without secrets', async () => {
    const bench = await workbench(shop);
    delete bench.environment['DB_PASSWORD'];
    const { code, out, err } = await bench.cli('graph');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('flowchart LR\n  n0[("Shop database<br/>connection#46;db")]:::none\n');
    expect((await bench.cli('graph', '--format', 'dot')).out).toContain(
      '"model.customers" -> "sync.customers";',
    );
    expect((await bench.cli('graph', '-f', 'svg')).out).toMatch(/^<svg [^]*<\/svg>\n$/);
    expect(bench.sandbox.requests).toEqual([]);
  });

  it('colours what a plan changes: a live one, or a saved one without network', async () => {
    const bench = await workbench(shop);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    await bench.write({
      'polytomic/customers.yaml': shop['polytomic/customers.yaml']!.replace('hour: 5', 'hour: 6'),
    });
    const nodes = async (...flags: readonly string[]): Promise<unknown> => {
      const { nodes: drawn } = JSON.parse((await bench.cli('graph', '--json', ...flags)).out) as {
        readonly nodes: readonly { readonly address: string; readonly action?: string }[];
      };
      return drawn.map(({ address, action }) => (action === undefined ? address : `${action} ${address}`));
    };
    const all = ['connection.db', 'connection.warehouse', 'model.customers', 'update sync.customers'];
    expect(await nodes('--changes')).toEqual(all);
    expect(await nodes('--changes-only')).toEqual(all.slice(1));
    expect(await nodes('--changes', '--most', '1')).toEqual(all.slice(3));
    expect((await bench.cli('plan', '--out', 'saved.plan')).code).toBe(0);
    const before = bench.sandbox.requests.length;
    expect(await nodes('--plan', 'saved.plan')).toEqual(all);
    expect(bench.sandbox.requests).toHaveLength(before);
  });

  it('says what is wrong with the manifests, and draws nothing', async () => {
    const bench = await workbench({ ...shop, 'polytomic/bad.yaml': 'kind: Modle\nkey: x\n' });
    const { code, out, err } = await bench.cli('graph');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('unknown kind "Modle"');
  });
});
