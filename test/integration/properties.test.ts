import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Plan } from '../../src/index.js';
import { workbench, writeFiles } from '../support/workbench.js';

interface Repository {
  readonly roles: readonly string[];
  readonly policies: readonly (readonly {
    readonly action: string;
    readonly roles: readonly number[];
  }[])[];
  /** Of an address, the roles; undefined leaves them as they are. */
  readonly users: readonly {
    readonly email: string;
    readonly roles: readonly number[] | undefined;
  }[];
  readonly webhook: { readonly disabled: boolean | undefined } | undefined;
  readonly subscribers: readonly string[] | undefined;
  readonly connections: readonly { readonly type: string; readonly port: number }[];
  readonly models: readonly {
    readonly connection: number;
    readonly table: string;
    readonly labels: readonly string[];
    readonly policies: readonly number[];
  }[];
  readonly syncs: readonly {
    readonly model: number;
    readonly target: number;
    readonly mode: string;
    readonly hour: number;
    readonly fields: readonly string[];
  }[];
}

const columns = ['id', 'email', 'first_name', 'last_name'];

/** Numbers of policies of a repository, which may be called by the same key. */
const some = fc.uniqueArray(fc.nat(3), { maxLength: 2 });

const address = fc
  .tuple(fc.constantFrom('ana', 'Bo', "o'neil", 'c+d'), fc.constantFrom('example.com', 'Example.ORG'))
  .map((parts) => parts.join('@'));

const ROLES = ['Analysts', 'Ünïcode', "it's", 'a/b'] as const;

const repository: fc.Arbitrary<Repository> = fc.record({
  users: fc.uniqueArray(
    fc.record({
      email: address,
      roles: fc.option(fc.uniqueArray(fc.nat(3), { minLength: 1 }), { nil: undefined }),
    }),
    { selector: ({ email }) => email.toLowerCase(), maxLength: 3 },
  ),
  webhook: fc.option(fc.record({ disabled: fc.constantFrom(undefined, true, false) }), { nil: undefined }),
  subscribers: fc.option(fc.uniqueArray(address, { maxLength: 3 }), { nil: undefined }),
  roles: fc.uniqueArray(fc.constantFrom(...ROLES), { maxLength: 3 }),
  policies: fc.array(
    fc.uniqueArray(
      fc.record({ action: fc.constantFrom('read', 'update', 'share'), roles: fc.uniqueArray(fc.nat(3)) }),
      { selector: ({ action }) => action },
    ),
    { maxLength: 3 },
  ),
  connections: fc.array(
    fc.record({
      type: fc.constantFrom('postgresql', 'mysql', 'redshift'),
      port: fc.integer({ min: 1, max: 65_535 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  models: fc.array(
    fc.record({
      connection: fc.nat(),
      table: fc.constantFrom('company.customers', 'other.people'),
      labels: fc.uniqueArray(fc.constantFrom('crm', 'core', 'Ünïcode', "it's"), { maxLength: 3 }),
      policies: some,
    }),
    { minLength: 1, maxLength: 5 },
  ),
  syncs: fc.array(
    fc.record({
      model: fc.nat(),
      target: fc.nat(),
      mode: fc.constantFrom('append', 'replace'),
      hour: fc.integer({ min: 0, max: 23 }),
      fields: fc.subarray(columns, { minLength: 1 }),
    }),
    { maxLength: 5 },
  ),
});

const manifestsOf = ({
  roles,
  policies,
  users,
  webhook,
  subscribers,
  connections,
  models,
  syncs,
}: Repository): readonly object[] => {
  // What the system keeps is called by its name.
  const named = (number: number): unknown => (roles[number] === undefined ? { name: 'Admin' } : `r${number}`);
  const applying = (numbers: readonly number[]): readonly unknown[] =>
    [...new Set(numbers.map((number) => (policies[number] === undefined ? '' : `p${number}`)))].map((own) =>
      own === '' ? { name: 'Default' } : own,
    );
  const key = (number: number): string => {
    const index = number % connections.length;
    return `c${index}-${connections[index]!.type}`;
  };
  return [
    ...roles.map((name, index) => ({ kind: 'Role', key: `r${index}`, name })),
    ...policies.map((actions, index) => ({
      kind: 'Policy',
      key: `p${index}`,
      name: `Policy ${index}`,
      policy_actions: actions.map(({ action, roles: to }) => ({
        action,
        roles: [...new Map(to.map((number) => [JSON.stringify(named(number)), named(number)])).values()],
      })),
    })),
    ...users.map(({ email, roles: own }, index) => ({
      kind: 'User',
      key: `u${index}`,
      email,
      ...(own === undefined
        ? {}
        : {
            roles: [...new Map(own.map((number) => [JSON.stringify(named(number)), named(number)])).values()],
          }),
    })),
    ...(webhook === undefined
      ? []
      : [
          {
            kind: 'Webhook',
            key: 'events',
            endpoint: 'https://hooks.example.com',
            secret: '${secret:DB_PASSWORD}',
            ...webhook,
          },
        ]),
    ...(subscribers === undefined ? [] : [{ kind: 'ErrorSubscribers', key: 'errors', emails: subscribers }]),
    ...connections.map(({ type, port }, index) => ({
      kind: 'Connection',
      key: `c${index}-${type}`,
      name: `Connection ${index} ${type}`,
      type,
      configuration: { hostname: 'h', port, password: '${secret:DB_PASSWORD}' },
    })),
    ...models.map(({ connection, table, labels, policies: own }, index) => ({
      kind: 'Model',
      key: `m${index}`,
      name: `Model ${index}`,
      connection: key(connection),
      configuration: { table },
      labels,
      policies: applying(own),
    })),
    ...syncs.map(({ model, target, mode, hour, fields }, index) => ({
      kind: 'Sync',
      key: `s${index}`,
      name: `Sync ${index}`,
      mode,
      fields: fields.map((field) => ({
        source: `m${model % models.length}.${field}`,
        target: field.toUpperCase(),
      })),
      schedule: { frequency: 'daily', hour, minute: '00' },
      target: { connection: key(target), object: 'CUSTOMERS.CONTACTS' },
    })),
  ];
};

const reversed = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(reversed)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([key, item]) => [key, reversed(item)]),
        )
      : value;

/** Who says nothing of roles keeps those of the repository before: they stay, under names that nobody has. */
const keepingRoles = (generated: Repository, before: number): Repository => {
  const { roles, users } = generated;
  const free = ROLES.filter((name) => !roles.includes(name));
  return users.some(({ roles: own }) => own === undefined)
    ? { ...generated, roles: [...roles, ...free.slice(0, Math.max(0, before - roles.length))] }
    : generated;
};

const oneFile = (manifests: readonly unknown[]): string =>
  manifests.map((manifest) => stringify(manifest)).join('---\n');

describe('for any repository', () => {
  it('an apply followed by a plan is empty', { timeout: 120_000 }, async () => {
    const bench = await workbench({});
    let roles = 0;
    await fc.assert(
      fc.asyncProperty(repository, async (drawn) => {
        const generated = keepingRoles(drawn, roles);
        roles = generated.roles.length;
        await writeFiles(bench.root, { 'polytomic/all.yaml': oneFile(manifestsOf(generated)) });
        const apply = await bench.cli('apply', '--yes');
        expect(apply.err).toBe('');
        expect(apply.code).toBe(0);
        const plan = await bench.cli('plan', '--detailed-exitcode');
        expect(plan.out).toContain('No changes.');
        expect(plan.code).toBe(0);
        expect(await bench.cli('drift')).toMatchObject({ code: 0, err: '' });
      }),
      // One organization for all: a smaller example would begin elsewhere.
      { numRuns: 10, endOnFailure: true },
    );
  });

  it(
    'the plan is the same for any permutation of files, documents and keys',
    { timeout: 120_000 },
    async () => {
      const bench = await workbench({});
      const plan = async (files: Readonly<Record<string, string>>): Promise<Plan> => {
        await writeFiles(bench.root, files);
        const { out } = await bench.cli('plan', '--json');
        for (const file of Object.keys(files)) await bench.remove(file);
        return (JSON.parse(out) as { readonly plan: Plan }).plan;
      };
      const unplaced = ({ changes, ...rest }: Plan): object => ({
        ...rest,
        changes: changes.map(({ place: _, ...change }) => change),
      });
      await fc.assert(
        fc.asyncProperty(repository, fc.infiniteStream(fc.nat()), async (generated, numbers) => {
          const manifests = manifestsOf(generated);
          const shuffled = manifests
            .map((manifest) => [numbers.next().value as number, reversed(manifest)] as const)
            .sort(([a], [b]) => a - b);
          const first = await plan({ 'polytomic/all.yaml': oneFile(manifests) });
          const again = await plan({ 'polytomic/all.yaml': oneFile(manifests) });
          const other = await plan(
            Object.fromEntries(
              shuffled.map(([, manifest], index) => [`polytomic/${index}.yml`, stringify(manifest)]),
            ),
          );
          expect(again).toEqual(first);
          expect(other.digest).toBe(first.digest);
          expect(unplaced(other)).toEqual(unplaced(first));
        }),
        { numRuns: 10 },
      );
    },
  );
});
