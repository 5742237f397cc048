/** `inspect objects`: what lives, of every kind, and which manifest stands for it. */
import { describe, expect, it } from 'vitest';
import { filesIn } from '../support/examples.js';
import { stable, workbench, type Workbench } from '../support/workbench.js';

const everyKind = async (): Promise<Workbench> => {
  const files = await filesIn('examples/every-kind');
  const bench = await workbench(files, { partner: true });
  for (const text of Object.values(files))
    for (const [, secret = ''] of text.matchAll(/\$\{secret:(\w+)\}/g)) bench.environment[secret] = 'a value';
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  bench.sandbox.clearRequests();
  return bench;
};

describe('inspect objects', () => {
  it('lists every kind, and writes nothing', async () => {
    const bench = await everyKind();
    bench.sandbox.seed({ connections: 4 });
    const { code, out, err } = await bench.cli('inspect', 'objects');
    expect([code, err]).toEqual([0, '']);
    await expect(stable(out)).toMatchFileSnapshot('golden/inspect-objects.txt');
    expect(bench.sandbox.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it.each([
    ['roles', ['Admin', 'Member', 'Analysts']],
    ['User', ['ana@example.com']],
    ['organizations', ['Sandbox', 'North']],
  ])('lists %s alone, in no other call', async (word, names) => {
    const bench = await everyKind();
    const { out } = await bench.cli('--json', 'inspect', 'objects', word);
    const { objects } = JSON.parse(out) as { readonly objects: readonly { readonly name: string }[] };
    expect(objects.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(bench.sandbox.requests.filter(({ path }) => path !== '/api/me').length).toBeLessThanOrEqual(2);
  });

  it('says what a key may not see, and what nobody has heard of', async () => {
    const bench = await workbench({});
    bench.sandbox.failNext({ path: /permissions\/roles/, status: 403 });
    expect((await bench.cli('inspect', 'objects')).out).toContain('Not seen: roles (');
    const unknown = await bench.cli('inspect', 'objects', 'rolls');
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('there is no kind "rolls"')]);
    bench.sandbox.failNext({ path: /permissions\/roles/, status: 403 });
    expect((await bench.cli('inspect', 'objects', 'roles')).code).toBe(1);
    const partners = await bench.cli('inspect', 'objects', 'organizations');
    expect([partners.code, partners.err]).toEqual([1, expect.stringContaining('the key of a partner')]);
  });
});
