import { describe, expect, it } from 'vitest';
import { shop, workbench, type Workbench } from '../support/workbench.js';

const file = '.polytomic/cache/default.json';

const warm = async (): Promise<Workbench> => {
  const bench = await workbench(shop);
  await bench.cli('apply', '--yes');
  expect((await bench.cli('plan')).out).toContain('No changes.');
  bench.sandbox.clearRequests();
  return bench;
};

const asked = async (bench: Workbench, ...flags: readonly string[]): Promise<readonly string[]> => {
  bench.sandbox.clearRequests();
  const { code, out } = await bench.cli('plan', ...flags);
  expect([code, out]).toEqual([0, expect.stringMatching(/No changes|Plan: /)]);
  return bench.sandbox.requests.map(({ path }) => path).toSorted();
};

const lists = ['/api/connections', '/api/me', '/api/models', '/api/syncs'];

describe('the second plan of an unchanged organization', () => {
  it('costs the lists alone', async () => {
    expect(await asked(await warm())).toEqual(lists);
  });

  it('reads again what was changed, and only that', async () => {
    const bench = await warm();
    const { id } = bench.sandbox.list('syncs')[0]!;
    bench.sandbox.edit('syncs', id, { mode: 'replace' });
    // What changed is also checked against its source and target: docs/preflight.md.
    expect(await asked(bench, '--no-preflight')).toEqual([...lists, `/api/syncs/${id}`]);
    expect((await bench.cli('plan')).out).toContain('~ mode: replace → updateOrCreate (changed outside)');
    expect(await asked(bench, '--no-preflight')).toEqual(lists);
  });

  it('reads again what a list contradicts, whatever the time says', async () => {
    const bench = await warm();
    const { id } = bench.sandbox.list('syncs')[0]!;
    const cache = await bench.read(file);
    await bench.write({ [file]: cache.replace('"active":true', '"active":false') });
    expect(await asked(bench)).toContain(`/api/syncs/${id}`);
  });

  it.each([
    ['is deleted', ''],
    ['is damaged', '{"formatVersion'],
    ['is of another format', '{"formatVersion":9,"details":{}}'],
    [
      'is of another organization',
      '{"formatVersion":1,"organization":"x","version":"2025-09-18","details":{}}',
    ],
  ])('is as right where the cache %s', async (_what, text) => {
    const bench = await warm();
    await bench.write({ [file]: text });
    expect(await asked(bench)).toHaveLength(lists.length + 1);
    expect(await asked(bench)).toEqual(lists);
  });

  it('leaves no secret in the cache', async () => {
    const bench = await warm();
    const text = await bench.read(file);
    expect(text).toContain('Customers to warehouse');
    for (const secret of ['a-secret-of-the-database', 'a-secret-of-the-warehouse', bench.sandbox.apiKey])
      expect(text).not.toContain(secret);
  });
});
