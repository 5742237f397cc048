/** Laws of planning and applying, for organizations, states, manifests and faults of every sort. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/index.js';
import type { Fault } from '../../src/sandbox/index.js';
import { faultKinds, type FaultKind } from '../../src/sandbox/faults.js';
import { shop, workbench, type Workbench } from '../support/workbench.js';

const model = (number: number, name: string): string =>
  `kind: Model\nkey: m${number}\nname: ${name}\nconnection: db\nconfiguration: { table: company.customers }\n`;
const database =
  'kind: Connection\nkey: db\nname: Database\ntype: postgresql\nconfiguration: { hostname: h, password: "${secret:DB_PASSWORD}" }\n';

/** What happens between two applies: manifests come and go, somebody makes, edits and deletes things. */
interface Round {
  readonly manifests: readonly number[];
  readonly strangers: readonly string[];
  readonly deleted: readonly number[];
  readonly forgets: boolean;
}

const names = ['Zero', 'One', 'Two', 'Three', 'Four', 'Five'];

const round: fc.Arbitrary<Round> = fc.record({
  manifests: fc.uniqueArray(fc.nat(5), { maxLength: 6 }),
  strangers: fc.array(fc.constantFrom('Elsewhere', 'Unmanaged'), { maxLength: 2 }),
  deleted: fc.array(fc.nat(20), { maxLength: 2 }),
  forgets: fc.boolean(),
});

describe('whatever lives, and whatever the state knows', () => {
  it('nothing is deleted that is not bound, and nothing is made twice', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 4 }), async (rounds) => {
        const bench = await workbench({});
        for (const { manifests, strangers, deleted, forgets } of rounds) {
          const { sandbox } = bench;
          for (const name of strangers) {
            sandbox.seed(
              sandbox.list('connections').length === 0 ? { connections: 1, models: 1 } : { models: 1 },
            );
            sandbox.edit('models', sandbox.list('models')[0]!.id, { name });
          }
          for (const index of deleted) {
            const found = sandbox.list('models')[index];
            if (found !== undefined) sandbox.remove('models', found.id);
          }
          if (forgets)
            await bench.write({
              '.polytomic/state/default.json': '{"formatVersion":2,"serial":0,"resources":{}}',
            });
          const bound = new Set(
            [...(await bench.cli('state', 'pull')).out.matchAll(/"id": "([^"]+)"/g)].map(([, id]) => id),
          );
          const before = new Set(sandbox.list('models').map(({ id }) => id));
          await bench.write({
            'polytomic/all.yaml': [
              database,
              ...manifests.map((number) => model(number, names[number]!)),
            ].join('---\n'),
          });
          const { plan } = JSON.parse((await bench.cli('--json', 'plan')).out) as { readonly plan: Plan };
          for (const { action, id } of plan.changes) if (action === 'delete') expect(bound).toContain(id);
          expect((await bench.cli('apply', '--yes')).code).toBe(0);
          const after = sandbox.list('models');
          const gone = [...before].filter((id) => !after.some((each) => each.id === id));
          for (const id of gone) expect(bound).toContain(id);
          for (const number of manifests)
            expect(after.filter(({ name }) => name === names[number])).toHaveLength(1);
          expect((await bench.cli('plan', '--detailed-exitcode')).code).toBe(0);
        }
      }),
      { numRuns: 12 },
    );
  });
});

describe('two applies at once', () => {
  it('are one that does it, and one that says who does', async () => {
    for (let time = 0; time < 5; time += 1) {
      const bench = await workbench(shop);
      const runs = await Promise.all([bench.cli('apply', '--yes'), bench.cli('apply', '--yes')]);
      const codes = runs.map(({ code }) => code).toSorted();
      // The second may come so late that the first is through: then there is nothing to do.
      expect([
        [0, 1],
        [0, 0],
      ]).toContainEqual(codes);
      if (codes[1] === 1)
        expect(runs.map(({ err }) => err).join('')).toContain('the state is locked: apply by');
      expect(
        (['connections', 'models', 'syncs'] as const).map((name) => bench.sandbox.list(name).length),
      ).toEqual([2, 1, 1]);
      expect((await bench.cli('plan')).out).toContain('No changes.');
    }
  });
});

const converges = async (bench: Workbench): Promise<void> => {
  const { code, err } = await bench.cli('apply', '--yes');
  expect([code, err]).toEqual([0, '']);
  expect((await bench.cli('plan')).out).toContain('No changes.');
  expect(
    (['connections', 'models', 'syncs'] as const).map((name) => bench.sandbox.list(name).length),
  ).toEqual([2, 1, 1]);
};

/** Requests of an apply of the shop: `me`, lists, creates. */
const REQUESTS = 9;

describe.each(Object.keys(faultKinds) as readonly FaultKind[])('a fault: %s', (kind) => {
  it.each(Array.from({ length: REQUESTS }, (_, index) => index))(
    'at request %i ends in a reported outcome, and the next apply converges',
    async (skip) => {
      const bench = await workbench(shop);
      const fault: Fault = faultKinds[kind];
      const fast = fault.headers === undefined ? fault : { ...fault, headers: { 'retry-after': '0' } };
      // As often as a call is tried, so that it is not mended by trying again.
      bench.sandbox.failNext({ ...fast, skip, times: 2 });
      const { code, out, err } = await bench.cli('apply', '--yes');
      expect([0, 1, 3]).toContain(code);
      expect(`${out}${err}`).not.toContain('bug');
      if (code !== 0) expect(err).toMatch(/error: .+/);
      bench.sandbox.clearFaults();
      await converges(bench);
    },
  );
});
