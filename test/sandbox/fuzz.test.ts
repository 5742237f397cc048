/** Random operations through two versions at once: whatever comes, the store stays consistent. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { startSandbox, type Sandbox, type Stored } from '../../src/sandbox/index.js';
import { callTo } from './harness.js';

type Kind = 'connections' | 'models' | 'syncs';

/** An operation: what it does, to which of the objects that there are, with which names and parts. */
interface Operation {
  readonly verb: 'create' | 'update' | 'delete' | 'force' | 'start' | 'look';
  readonly kind: Kind;
  readonly version: '2022-12-12' | '2025-09-18';
  readonly which: number;
  readonly other: number;
  readonly name: string;
  readonly mask: boolean;
  readonly filters: number;
}

const operation: fc.Arbitrary<Operation> = fc.record({
  verb: fc.constantFrom('create', 'create', 'update', 'delete', 'force', 'start', 'look'),
  kind: fc.constantFrom('connections', 'models', 'syncs'),
  version: fc.constantFrom('2022-12-12', '2025-09-18'),
  which: fc.nat(5),
  other: fc.nat(5),
  name: fc.constantFrom('a', 'b', 'c', '', '__proto__'),
  mask: fc.boolean(),
  filters: fc.nat(3),
});

const pick = (list: readonly Stored[], index: number): string =>
  list[index % Math.max(1, list.length)]?.id ?? '00000000-0000-4000-8000-000000000000';

const bodyOf = ({ kind, name, which, other, mask, filters }: Operation, sandbox: Sandbox): JsonObject => {
  const connection = pick(sandbox.list('connections'), other);
  const model = pick(sandbox.list('models'), which);
  const filter = { field: { model_id: model, field: 'email' }, function: 'IsNotNull' };
  return {
    connections: {
      name,
      type: 'postgresql',
      configuration: { hostname: 'h', password: mask ? '********' : 'canary' },
    },
    models: { name, connection_id: connection, configuration: { table: 'company.customers' } },
    syncs: {
      name,
      mode: 'replace',
      fields: [{ source: { model_id: model, field: 'email' }, target: 'EMAIL' }],
      filters: Array.from({ length: filters }, () => filter),
      schedule: { frequency: 'manual' },
      target: { connection_id: connection, object: 'CUSTOMERS.CONTACTS' },
    },
  }[kind];
};

const perform = async (made: Operation, sandbox: Sandbox): Promise<number> => {
  const { verb, kind, version, which } = made;
  const id = pick(sandbox.list(kind), which);
  const ask = async (method: string, path: string, body?: JsonObject): Promise<number> =>
    (
      await callTo(sandbox.url, method, path, body, {
        authorization: `Bearer ${sandbox.apiKey}`,
        'x-polytomic-version': version,
      })
    ).status;
  const path = `/api/${kind}`;
  const run = `/api/syncs/${pick(sandbox.list('syncs'), which)}`;
  return {
    create: async () => ask('POST', path, bodyOf(made, sandbox)),
    update: async () => ask(version < '2024' ? 'PATCH' : 'PUT', `${path}/${id}`, bodyOf(made, sandbox)),
    delete: async () => ask('DELETE', `${path}/${id}`),
    force: async () => ask('DELETE', `${path}/${id}?force=true`),
    start: async () => ask('POST', `${run}/executions`, {}),
    look: async () => ask('GET', `${run}/status`),
  }[verb]();
};

const consistent = (sandbox: Sandbox): void => {
  const [connections, models, syncs, runs] = (['connections', 'models', 'syncs', 'executions'] as const).map(
    (collection) => sandbox.list(collection),
  ) as [readonly Stored[], readonly Stored[], readonly Stored[], readonly Stored[]];
  const ids = new Set(connections.map(({ id }) => id));
  // Names of connections are unique.
  expect(new Set(connections.map(({ name }) => name)).size).toBe(connections.length);
  // A mask is never stored.
  for (const { configuration } of connections) expect(JSON.stringify(configuration)).not.toContain('*');
  // Nothing refers to a connection that is gone: the API refuses, or takes what uses it along.
  for (const model of models) expect(ids).toContain(model['connection_id']);
  for (const sync of syncs) expect(ids).toContain((sync['target'] as JsonObject)['connection_id']);
  // The letters of filters follow their places.
  for (const { filters } of syncs)
    expect((filters as unknown as readonly JsonObject[]).map(({ label }) => label)).toEqual(
      ['A', 'B', 'C'].slice(0, (filters as readonly unknown[]).length),
    );
  // One run at a time, and none of a sync that is gone.
  const open = runs.filter(({ status }) => !['completed', 'canceled', 'failed'].includes(status as string));
  expect(new Set(open.map((run) => run['sync_id'])).size).toBe(open.length);
  for (const run of open) expect(syncs.map(({ id }) => id)).toContain(run['sync_id']);
  // Time goes on, and nobody is forgotten.
  for (const object of [...connections, ...models, ...syncs])
    expect([object['updated_at']! >= object['created_at']!, typeof object['updated_by']]).toEqual([
      true,
      'object',
    ]);
};

it('keeps names unique, references whole and masks out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 30 }), async (operations) => {
      const sandbox = await startSandbox();
      try {
        for (const made of operations) {
          expect(await perform(made, sandbox)).toBeLessThan(500);
          consistent(sandbox);
        }
      } finally {
        await sandbox.close();
      }
    }),
    { numRuns: 60 },
  );
});

it('answers whatever comes as a body in its own shape, and never fails', async () => {
  const sandbox = await startSandbox();
  const paths = [
    'connections',
    'models',
    'syncs',
    'bulk/syncs',
    'webhooks',
    'connections/test',
    'model-preview',
  ];
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.object().map((value) => JSON.stringify(value)),
        ),
        fc.constantFrom('2022-12-12', '2025-09-18'),
        async (path, body, version) => {
          const { status } = await callTo(sandbox.url, 'POST', `/api/${path}`, body, {
            authorization: `Bearer ${sandbox.apiKey}`,
            'x-polytomic-version': version,
          });
          expect(status).toBeGreaterThanOrEqual(400);
          expect(status).toBeLessThan(500);
        },
      ),
      { numRuns: 200 },
    );
  } finally {
    await sandbox.close();
  }
});

it('takes any settings or refuses them, and keeps what it answers', async () => {
  const sandbox = await startSandbox();
  const headers = { authorization: `Bearer ${sandbox.apiKey}`, 'x-polytomic-version': '2025-09-18' };
  sandbox.seed({ connections: 1, models: 1, syncs: 1 });
  const connection = `/api/connections/${sandbox.list('connections')[0]!.id}`;
  const settings = [
    `/api/syncs/${sandbox.list('syncs')[0]!.id}/error-handling`,
    '/api/organization/record-logging',
    `${connection}/proxy/settings`,
  ];
  const property = fc.constantFrom(
    'subscribers',
    'auto_retry_record_errors',
    'warning_notifications',
    'enabled',
    'deliveryPrefix',
    'deliveryConnectionId',
    '__proto__',
  );
  const value = fc.oneof(
    fc.boolean(),
    fc.constantFrom<unknown>(null, 'x', 0, {}, ['a@example.com'], ['x'], []),
  );
  try {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...settings), fc.dictionary(property, value), async (path, sent) => {
        const before = await callTo(sandbox.url, 'GET', path, undefined, headers);
        const put = await callTo(sandbox.url, 'PUT', path, sent, headers);
        const after = await callTo(sandbox.url, 'GET', path, undefined, headers);
        expect(put.status).toBeLessThan(500);
        // What was refused has changed nothing; what was not is what is read.
        expect(after.body).toEqual(put.status === 200 ? put.body : before.body);
        // Again, it changes nothing.
        if (put.status === 200)
          expect((await callTo(sandbox.url, 'PUT', path, sent, headers)).body).toEqual(put.body);
      }),
      { numRuns: 150 },
    );
  } finally {
    await sandbox.close();
  }
});
