/** Laws that hold for repositories of all kinds at once, whatever was there before, and whatever goes wrong. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../src/kinds/registry.js';
import type { Fault } from '../../src/sandbox/index.js';
import { ask, tell } from '../support/ask.js';
import { killedAt } from '../support/killing.js';
import { generatedKinds, repositories } from '../support/organizations.js';
import { standing, type Standing } from '../support/standing.js';
import { workbench, type Workbench } from '../support/workbench.js';

const file = 'polytomic/all.yaml';

/** A repository of the partner's own organization: all kinds need no more, and no less, than a partner's key. */
const partnered = async (
  files: Readonly<Record<string, string>>,
  options: Parameters<typeof workbench>[1] = {},
): Promise<Workbench> =>
  workbench({ 'polytomic.config.yaml': 'organization: Sandbox\n', ...files }, { partner: true, ...options });

const hasNothingToDo = async (bench: Workbench, ...more: readonly string[]): Promise<void> => {
  const { code, out, err } = await bench.cli('plan', '--detailed-exitcode', ...more);
  expect([code, out], err).toEqual([0, expect.stringContaining('No changes.')]);
};

const converges = async (bench: Workbench): Promise<void> => {
  const { code, out, err } = await bench.cli('apply', '--yes');
  expect(code, err + out).toBe(0);
  await hasNothingToDo(bench);
};

/** What somebody made who knows nothing of this repository: one of each kind of which there can be several. */
const strangers = async (bench: Workbench): Promise<ReadonlySet<string>> => {
  const connection = await ask(bench, 'POST', 'connections', {
    name: 'Of somebody else',
    type: 'postgresql',
    configuration: { hostname: 'h', port: 1, password: 'x' },
  });
  const model = await ask(bench, 'POST', 'models', {
    name: 'Of somebody else',
    connection_id: connection.id,
    configuration: { table: 'company.customers' },
  });
  const sync = await ask(bench, 'POST', 'syncs', {
    name: 'Of somebody else',
    mode: 'replace',
    fields: [{ source: { model_id: model.id, field: 'email' }, target: 'EMAIL' }],
    schedule: { frequency: 'manual' },
    target: { connection_id: connection.id, object: 'CUSTOMERS.CONTACTS' },
  });
  await ask(bench, 'GET', `connections/${connection.id}/schemas/status`);
  const copy = await ask(bench, 'POST', 'bulk/syncs', {
    name: 'Of somebody else',
    mode: 'replicate',
    default_schedule: { frequency: 'manual' },
    source_connection_id: connection.id,
    destination_connection_id: connection.id,
    destination_configuration: { schema: 'RAW' },
  });
  await tell(bench, 'POST', `connections/${connection.id}/schemas/company.teams/fields`, {
    fields: [{ field_id: 'theirs', label: 'Theirs', type: 'string', path: '$.theirs' }],
  });
  await tell(bench, 'PUT', `connections/${connection.id}/schemas/company.teams/primary_keys`, {
    fields: [{ field_id: 'theirs', is_primary_key: true }],
  });
  const role = await ask(bench, 'POST', 'permissions/roles', { name: 'Of somebody else' });
  const policy = await ask(bench, 'POST', 'permissions/policies', {
    name: 'Of somebody else',
    policy_actions: [{ action: 'read', role_ids: [role.id] }],
  });
  const user = await ask(bench, 'POST', 'organization/users', { email: 'stranger@example.com' });
  return new Set([connection, model, sync, copy, role, policy, user].map(({ id }) => id));
};

const ofStrangers = ({ sandbox }: Workbench, ids: ReadonlySet<string>): readonly unknown[] =>
  (['connections', 'models', 'syncs', 'bulkSyncs', 'roles', 'policies', 'users', 'sources'] as const).flatMap(
    (collection) =>
      sandbox
        .list(collection)
        .filter(({ id }) => ids.has(id))
        .map((object) => ({ ...object })),
  );

describe('for any repository of all kinds', () => {
  it('there is a row for each kind', () => {
    expect([...generatedKinds].sort()).toEqual(kinds.map(({ name }) => name).sort());
  });

  it('an apply has an empty plan and no drift, over whatever was there; what is not bound stays', async () => {
    const bench = await partnered({});
    const ids = await strangers(bench);
    const before = ofStrangers(bench, ids);
    expect(before).toHaveLength(8);
    await fc.assert(
      fc.asyncProperty(repositories, async (repository) => {
        await bench.write({ [file]: repository });
        bench.sandbox.clearRequests();
        await converges(bench);
        expect(await bench.cli('drift')).toMatchObject({ code: 0 });
        expect(ofStrangers(bench, ids)).toEqual(before);
        const touched = bench.sandbox.requests.filter(
          ({ method, path: at }) => method !== 'GET' && at.split('/').some((part) => ids.has(part)),
        );
        expect(touched).toEqual([]);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 6), endOnFailure: true },
    );
  });

  it('an export of it has an empty plan', async () => {
    await fc.assert(
      fc.asyncProperty(repositories, async (repository) => {
        const bench = await partnered({ [file]: repository });
        await converges(bench);
        for (const folder of ['polytomic', '.polytomic'])
          await rm(path.join(bench.root, folder), { recursive: true });
        expect(await bench.cli('export', '--layout', 'single', '--force')).toMatchObject({ code: 0 });
        await hasNothingToDo(bench, '--without-secrets');
      }),
      { numRuns: Number(process.env['RUNS'] ?? 2), endOnFailure: true },
    );
  });
});

/** An organization that was made by these repositories, one after the other. */
const history = fc.array(repositories, { minLength: 1, maxLength: 2 });

/** What stands after these repositories, and how many requests the last apply made that match. */
const undisturbed = async (
  all: readonly string[],
  counts: (method: string) => boolean,
): Promise<{ readonly stands: Standing; readonly requests: number }> => {
  const bench = await partnered({});
  for (const repository of all) {
    bench.sandbox.clearRequests();
    await bench.write({ [file]: repository });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
  }
  return {
    stands: standing(bench),
    requests: bench.sandbox.requests.filter(({ method }) => counts(method)).length,
  };
};

/** An organization before the last of these repositories is applied. */
const prepared = async (all: readonly string[], real: boolean): Promise<Workbench> => {
  const bench = await partnered({}, { real });
  for (const [index, repository] of all.entries()) {
    await bench.write({ [file]: repository });
    if (index < all.length - 1) expect((await bench.cli('apply', '--yes')).code).toBe(0);
  }
  return bench;
};

const isWrite = (method: string): boolean => method !== 'GET';

const faults: fc.Arbitrary<Fault> = fc.constantFrom(
  { status: 500 },
  { status: 422 },
  { status: 403 },
  { status: 500, afterEffect: true },
  { drop: 'before', afterEffect: true },
  { drop: 'within', afterEffect: true },
  { truncate: true },
);

describe('a run over a repository of all kinds', () => {
  it('that fails at any of its requests is followed by one that ends as if nothing had been', async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        faults,
        fc.nat(),
        fc.constantFrom(1, 3, 12),
        fc.boolean(),
        async (all, fault, number, times, everywhere) => {
          const { stands, requests } = await undisturbed(all, (method) => everywhere || isWrite(method));
          const bench = await prepared(all, false);
          bench.sandbox.failNext({
            ...fault,
            ...(everywhere ? {} : { method: 'POST|PUT|PATCH|DELETE' }),
            skip: number % Math.max(1, requests),
            times,
          });
          await bench.cli('apply', '--yes');
          bench.sandbox.clearFaults();
          await converges(bench);
          expect(standing(bench)).toEqual(stands);
        },
      ),
      { numRuns: Number(process.env['RUNS'] ?? 5), endOnFailure: true },
    );
  });

  it('that is killed at any of its writes is followed by one that ends as if nothing had been', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.nat(), fc.boolean(), async (all, number, afterEffect) => {
        const { stands, requests } = await undisturbed(all, isWrite);
        if (requests === 0) return;
        const bench = await prepared(all, true);
        const at = { method: 'POST|PUT|PATCH|DELETE', skip: number % requests, afterEffect };
        await killedAt(bench, at, 'apply', '--yes');
        await converges(bench);
        expect(standing(bench)).toEqual(stands);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 2), endOnFailure: true },
    );
  });
});
