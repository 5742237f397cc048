/** Error subscribers: one list for an organization, which neither order nor case changes. */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/index.js';
import { killedAt } from '../support/killing.js';
import { workbench, type Workbench } from '../support/workbench.js';

const file = 'polytomic/subscribers.yaml';
const manifest = (emails?: readonly string[] | null): string =>
  `kind: ErrorSubscribers\nkey: errors\n${emails === undefined ? '' : `emails: ${JSON.stringify(emails)}\n`}`;

const PATH = '/api/notifications/global-error-subscribers';

const call = async ({ sandbox }: Workbench, emails?: unknown): Promise<unknown> => {
  const response = await fetch(`${sandbox.url}${PATH}`, {
    headers: { authorization: `Bearer ${sandbox.apiKey}`, 'content-type': 'application/json' },
    ...(emails === undefined ? {} : { method: 'PUT', body: JSON.stringify({ emails }) }),
  });
  return ((await response.json()) as { readonly emails: unknown }).emails;
};

const applied = async (
  emails?: readonly string[] | null,
  more: Parameters<typeof workbench>[1] = {},
): Promise<Workbench> => {
  const bench = await workbench({ [file]: manifest(emails) }, more);
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
    .map(({ method, path: where, body }) => [`${method} ${where}`, body]);

describe('error subscribers', () => {
  it('are set in one request, and each plan after it is empty', async () => {
    const bench = await workbench({ [file]: manifest(['Ana@example.com', 'bo@example.com']) });
    const { plan } = JSON.parse((await bench.cli('--json', 'plan')).out) as { readonly plan: Plan };
    expect(plan.changes).toMatchObject([{ action: 'adopt', address: 'errorSubscribers.errors' }]);
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(writes(bench)).toEqual([[`PUT ${PATH}`, { emails: ['Ana@example.com', 'bo@example.com'] }]]);
    await isEmpty(bench);
    await bench.write({ [file]: manifest(['bo@example.com', 'ANA@example.com']) });
    await isEmpty(bench);
  });

  it.each([[undefined], [null], [[]]])(
    'are nobody by %j, whatever an answer says of nobody',
    async (emails) => {
      for (const answer of [null, []]) {
        const bench = await workbench({ [file]: manifest(emails) });
        bench.sandbox.failNext({
          method: 'GET',
          path: /global-error/,
          status: 200,
          body: JSON.stringify({ emails: answer }),
          times: 9,
        });
        const { code, out } = await bench.cli('plan', '--detailed-exitcode');
        expect([code, out]).toEqual([2, expect.stringContaining('adopt')]);
        expect(out).toContain('1 to adopt');
        expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
        expect(writes(bench)).toEqual([]);
      }
      const bench = await applied(['a@example.com']);
      await bench.write({ [file]: manifest(emails) });
      expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
      expect(writes(bench)).toEqual([[`PUT ${PATH}`, { emails: [] }]]);
      await isEmpty(bench);
    },
  );

  it('drift by whoever was added, and not by order or case', async () => {
    const bench = await applied(['a@example.com', 'b@example.com']);
    await call(bench, ['B@example.com', 'A@example.com']);
    expect((await bench.cli('drift')).code).toBe(0);
    await call(bench, ['a@example.com', 'b@example.com', 'mallory@example.com']);
    const drift = await bench.cli('drift');
    expect([drift.code, drift.out]).toEqual([2, expect.stringContaining('mallory@example.com')]);
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
    expect(await call(bench)).toEqual(['a@example.com', 'b@example.com']);
  });

  it('are emptied when their manifest leaves, which a plan says; or live on', async () => {
    const bench = await applied(['a@example.com']);
    await bench.write({ [file]: 'kind: Removed\nfrom: errorSubscribers.errors\ndestroy: false\n' });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
    expect(await call(bench)).toEqual(['a@example.com']);
    const other = await applied(['a@example.com']);
    await other.write({
      [file]: '# nothing\n---\nkind: Removed\nfrom: errorSubscribers.errors\ndestroy: true\n',
    });
    const { code, out } = await other.cli('apply', '--yes');
    expect([code, out]).toEqual([0, expect.stringContaining('nobody is told of errors any more')]);
    expect(writes(other)).toEqual([[`PUT ${PATH}`, { emails: [] }]]);
    expect(await call(other)).toEqual([]);
    await isEmpty(other);
  });

  it('are not asked for where no manifest speaks of them', async () => {
    const bench = await workbench({
      'polytomic/none.yaml': 'kind: Removed\nfrom: model.x\ndestroy: false\n',
    });
    await bench.cli('plan');
    expect(bench.sandbox.requests.filter(({ path: where }) => where === PATH)).toEqual([]);
  });

  it('are exported where there are any, and the plan of the export is empty', async () => {
    const bench = await applied(['b@example.com', 'a@example.com']);
    await rm(path.join(bench.root, 'polytomic'), { recursive: true });
    expect(await bench.cli('export', '--force')).toMatchObject({ code: 0, err: '' });
    const text = await bench.read('polytomic/subscriber-lists/errors.yaml');
    expect(text).toContain(
      'kind: ErrorSubscribers\nkey: errors\nemails:\n  - a@example.com\n  - b@example.com\n',
    );
    await isEmpty(bench);
    const other = await workbench({});
    expect(await other.cli('export')).toMatchObject({ code: 0 });
    expect(await readdir(other.root)).not.toContain('polytomic');
  });

  it.each([
    [
      'two manifests',
      `${manifest(['a@example.com'])}---\n${manifest([]).replace('errors', 'more')}`,
      'an organization has one subscriber list',
    ],
    ['no address', manifest(['nobody']), 'emails'],
    ['an address twice', manifest(['a@example.com', 'a@example.com']), 'emails'],
    ['an id', `${manifest([])}id: 6f0c9d1e-5c1f-4b0d-9a53-0a6d1f2b3c4d\n`, 'unknown field "id"'],
  ])('of which a manifest says %s is a finding at its line', async (_what, text, message) => {
    const bench = await workbench({ [file]: text });
    const { code, err } = await bench.cli('validate');
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
    expect(err).toMatch(/subscribers\.yaml:\d+:\d+/);
  });

  it.each([false, true])(
    'are settled by the next apply where a run was killed (done: %s)',
    async (afterEffect) => {
      const bench = await workbench({ [file]: manifest(['a@example.com']) }, { real: true });
      await killedAt(bench, { method: 'PUT', path: /global-error/, afterEffect }, 'apply', '--yes');
      expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
      expect(await call(bench)).toEqual(['a@example.com']);
      await isEmpty(bench);
    },
  );

  it('are whatever set somebody writes, in any order and case: an apply, and then nothing to do', async () => {
    const address = fc
      .tuple(fc.constantFrom('a', 'B', 'c+x', 'ünïcode', 'A'), fc.constantFrom('example.com', 'Example.ORG'))
      .map((parts) => parts.join('@'));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(address, { maxLength: 4 }),
        fc.option(fc.array(address, { maxLength: 3 }), { nil: undefined }),
        async (emails, before) => {
          const bench = await workbench({ [file]: manifest(emails) });
          if (before !== undefined) await call(bench, before);
          expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
          const fold = (list: readonly string[]): readonly string[] =>
            [...new Set(list.map((each) => each.toLowerCase()))].sort();
          expect(fold(((await call(bench)) ?? []) as readonly string[])).toEqual(fold(emails));
          await isEmpty(bench);
        },
      ),
      { numRuns: 15 },
    );
  });
});
