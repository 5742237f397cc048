import { describe, expect, it } from 'vitest';
import { shop as both, workbench } from '../support/workbench.js';

const shop = { 'polytomic/connections.yaml': both['polytomic/connections.yaml']! };
const untidy = 'name: A\nkey: a\nkind: Connection\ntype: mysql\nconfiguration: {hostname: "h"} # c\n';
const tidy = "kind: Connection\nkey: a\nname: A\ntype: mysql\nconfiguration: { hostname: 'h' } # c\n";

describe('fmt', () => {
  it('writes the files that are not in canonical form, overlays among them, and then none', async () => {
    const bench = await workbench({
      ...shop,
      'polytomic/a.yaml': untidy,
      'polytomic.config.yaml': 'environments:\n  prod:\n    overlays: [over/*.yaml]\n',
      'over/a.yaml': 'target: connection.a\nkind: Overlay\nmerge: {name: B}\n',
    });
    const { code, out, err } = await bench.cli('fmt');
    expect([code, out, err]).toEqual([
      0,
      'over/a.yaml\npolytomic/a.yaml\n',
      '2 files of 3 were formatted.\n',
    ]);
    expect(await bench.read('polytomic/a.yaml')).toBe(tidy);
    expect(await bench.read('over/a.yaml')).toBe('kind: Overlay\ntarget: connection.a\nmerge: { name: B }\n');
    expect(await bench.read('polytomic/connections.yaml')).toBe(shop['polytomic/connections.yaml']);
    expect(await bench.cli('fmt')).toEqual({
      code: 0,
      out: '',
      err: '3 files checked, nothing to change.\n',
    });
    expect(bench.sandbox.requests).toEqual([]);
  });

  it('--check lists them, --diff shows what would change; neither writes', async () => {
    const bench = await workbench({ ...shop, 'polytomic/a.yaml': untidy });
    expect(await bench.cli('fmt', '--check')).toMatchObject({ code: 1, out: 'polytomic/a.yaml\n' });
    const { code, out } = await bench.cli('fmt', '--diff', '--check');
    expect(code).toBe(1);
    await expect(out).toMatchFileSnapshot('golden/fmt-diff.txt');
    expect((await bench.cli('fmt', '--diff')).code).toBe(0);
    expect(await bench.read('polytomic/a.yaml')).toBe(untidy);
    expect(JSON.parse((await bench.cli('fmt', '--check', '--json')).out)).toEqual({
      changed: ['polytomic/a.yaml'],
      diagnostics: [],
    });
    expect((await bench.cli('fmt', '--check', 'polytomic/connections.yaml')).code).toBe(0);
    expect((await bench.cli('fmt', 'polytomic')).code).toBe(0);
    expect((await bench.cli('fmt', '--check')).code).toBe(0);
  });

  it('leaves a broken file alone, says where it breaks, and formats the others', async () => {
    const broken = 'kind: Model\nkey: [a\nname: "x\n';
    const bench = await workbench({ 'polytomic/a.yaml': untidy, 'polytomic/b.yaml': broken });
    const { code, out, err } = await bench.cli('fmt');
    expect([code, out]).toEqual([1, 'polytomic/a.yaml\n']);
    expect(err).toContain('polytomic/b.yaml:3:1');
    expect(await bench.read('polytomic/b.yaml')).toBe(broken);
    expect((await bench.cli('fmt', 'polytomic/none.yaml')).err).toContain('the file cannot be read');
  });
});
