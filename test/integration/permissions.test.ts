/** Roles and policies: who may do what, and which objects it applies to. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { asText } from '../../src/core/text.js';
import { ask } from '../support/ask.js';
import { killedAt } from '../support/killing.js';
import { shop, workbench, type Workbench } from '../support/workbench.js';

const file = 'polytomic/permissions.yaml';

const role = (key: string, name = key): string => `kind: Role\nkey: ${key}\nname: ${name}\n`;
const policy = (actions: string, name = 'Finance'): string =>
  `kind: Policy\nkey: finance\nname: ${name}\npolicy_actions: ${actions}\n`;
const permissions = (actions: string, ...roles: readonly string[]): string =>
  [...roles.map((key) => role(key)), policy(actions)].join('---\n');

const both = permissions(
  '[{ action: read, roles: [analysts, { name: Admin }] }, { action: update, roles: [analysts] }]',
  'analysts',
);

const applied = async (
  text: string,
  files: Readonly<Record<string, string>> = {},
  options: Parameters<typeof workbench>[1] = {},
): Promise<Workbench> => {
  const bench = await workbench({ ...files, [file]: text }, options);
  const { code, out, err } = await bench.cli('apply', '--yes');
  expect([code, err], out).toEqual([0, '']);
  bench.sandbox.clearRequests();
  return bench;
};

const isEmpty = async (bench: Workbench): Promise<void> => {
  const { code, out, err } = await bench.cli('plan', '--detailed-exitcode');
  expect([code, out, err]).toEqual([0, expect.stringContaining('No changes.'), '']);
};

/** What is not the system's own, by name. */
const named = ({ sandbox }: Workbench, collection: 'roles' | 'policies', name: string): JsonObject => {
  const [first, second] = sandbox.list(collection).filter((each) => each['name'] === name);
  expect([first === undefined, second]).toEqual([false, undefined]);
  return first as JsonObject;
};

/** `read: analysts, Admin`, each action that anybody may do. */
const granted = (bench: Workbench, name = 'Finance'): readonly string[] => {
  const actions = named(bench, 'policies', name)['policy_actions'] as readonly {
    readonly action: string;
    readonly role_ids: readonly string[];
  }[];
  const nameOf = (id: string): string =>
    asText(bench.sandbox.list('roles').find((each) => each.id === id)?.['name'] ?? 'nobody');
  return actions
    .filter(({ role_ids: ids }) => ids.length > 0)
    .map(({ action, role_ids: ids }) => `${action}: ${ids.map(nameOf).toSorted().join(', ')}`)
    .toSorted();
};

const writes = ({ sandbox }: Workbench): readonly string[] =>
  sandbox.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path: where }) => `${method} ${where.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')}`);

const lists = ({ sandbox }: Workbench): readonly string[] =>
  sandbox.requests.map(({ path: where }) => where).filter((where) => where.startsWith('/api/permissions'));

const systemRole = ({ sandbox }: Workbench, name: string): string =>
  sandbox.list('roles').find((each) => each['name'] === name && each['system'] === true)?.id ?? '';

describe('roles and policies', () => {
  it('are made, the roles first; a policy refers to them by key, and to what the system keeps by name', async () => {
    const bench = await workbench({ [file]: both });
    const { code, err } = await bench.cli('apply', '--yes');
    expect([code, err]).toEqual([0, '']);
    expect(writes(bench)).toEqual(['POST /api/permissions/roles', 'POST /api/permissions/policies']);
    expect(granted(bench)).toEqual(['read: Admin, analysts', 'update: analysts']);
    // The server shows actions that nobody sent, granted to nobody.
    expect(JSON.stringify(named(bench, 'policies', 'Finance'))).toContain('delete');
    await isEmpty(bench);
    expect((await bench.cli('drift')).code).toBe(0);
  });

  it.each(['2025-09-18', '2024-02-08', '2022-12-12'])('change in place, in %s', async (version) => {
    const bench = await applied(both, { 'polytomic.config.yaml': `version: '${version}'\n` });
    await bench.write({
      [file]: `${role('analysts', 'Analysts')}---\n${policy('[{ action: delete, roles: [analysts] }]', 'Money')}`,
    });
    const plan = await bench.cli('plan');
    expect(plan.out).toContain('name: analysts → Analysts');
    expect(plan.out).toContain('policy_actions');
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(writes(bench)).toEqual(['PUT /api/permissions/roles/ID', 'PUT /api/permissions/policies/ID']);
    expect(granted(bench, 'Money')).toEqual(['delete: Analysts']);
    await isEmpty(bench);
  });

  it('take away by name what a policy does not grant any more', async () => {
    const bench = await applied(both);
    await bench.write({ [file]: permissions('[]', 'analysts') });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(bench.sandbox.requests.at(-1)).toMatchObject({ method: 'PUT' });
    const { body } = bench.sandbox.requests.findLast(({ method }) => method === 'PUT')!;
    expect(body).toEqual({
      name: 'Finance',
      policy_actions: [
        { action: 'read', role_ids: [] },
        { action: 'update', role_ids: [] },
      ],
    });
    expect(granted(bench)).toEqual([]);
    await isEmpty(bench);
  });

  it('drift by a name, a role that is granted and an action that is granted; an apply brings them back', async () => {
    const bench = await applied(both);
    const { id } = named(bench, 'policies', 'Finance');
    const admin = systemRole(bench, 'Admin');
    bench.sandbox.edit('policies', asText(id), {
      policy_actions: [
        { action: 'read', role_ids: [admin] },
        { action: 'delete', role_ids: [admin] },
      ],
    });
    bench.sandbox.edit('roles', asText(named(bench, 'roles', 'analysts')['id']), { name: 'Others' });
    const drift = await bench.cli('drift');
    expect(drift.code).not.toBe(0);
    for (const shown of ['role.analysts', 'Others', 'policy.finance', 'delete', 'update'])
      expect(drift.out).toContain(shown);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(granted(bench)).toEqual(['read: Admin, analysts', 'update: analysts']);
    await isEmpty(bench);
  });

  it('go when their manifests go: a role after the policies that named it were changed', async () => {
    const bench = await applied(
      permissions('[{ action: read, roles: [analysts, others] }]', 'analysts', 'others'),
    );
    await bench.write({ [file]: permissions('[{ action: read, roles: [others] }]', 'others') });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(writes(bench)).toEqual(['PUT /api/permissions/policies/ID', 'DELETE /api/permissions/roles/ID']);
    bench.sandbox.clearRequests();
    await bench.write({ [file]: role('kept') });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(writes(bench).filter((call) => call.startsWith('DELETE'))).toEqual([
      'DELETE /api/permissions/policies/ID',
      'DELETE /api/permissions/roles/ID',
    ]);
    await isEmpty(bench);
  });

  it('warn of a policy that nobody manages here and that would go on naming a deleted role', async () => {
    const bench = await applied(`${role('analysts')}---\n${role('kept')}`);
    const { id } = named(bench, 'roles', 'analysts');
    await ask(bench, 'POST', 'permissions/policies', {
      name: 'By hand',
      policy_actions: [{ action: 'read', role_ids: [id] }],
    });
    await bench.write({ [file]: role('kept') });
    // The list of policies is read where somebody speaks of one.
    await bench.write({ [file]: `${role('kept')}---\n${policy('[]')}` });
    const { code, err } = await bench.cli('plan');
    expect(code).toBe(0);
    expect(err).toContain('role.analysts is deleted, and the policy "By hand"');
  });

  it('stop where a manifest would go on naming a role that is deleted', async () => {
    const bench = await applied(permissions('[{ action: read, roles: [analysts] }]', 'analysts'));
    await bench.write({ [file]: policy('[{ action: read, roles: [{ name: analysts }] }]') });
    const { code, err } = await bench.cli('plan');
    expect(code).toBe(1);
    expect(err).toContain('role.analysts is deleted, and policy.finance goes on naming it');
  });
});

describe('what Polytomic keeps itself', () => {
  it('is neither counted, exported nor offered to be adopted', async () => {
    const bench = await applied(both);
    expect((await bench.cli('plan')).out).not.toMatch(/Not managed here/);
    const { out } = await bench.cli('export', '--force');
    expect(out).not.toMatch(/Admin|Member|Default/);
    await bench.write({ 'polytomic/more.yaml': role('admin', 'Administrators') });
    expect((await bench.cli('adopt', '--by', 'name', '--yes')).out).not.toMatch(/Admin\b/);
  });

  it.each([
    ['by its name', role('admin', 'Admin')],
    ['by its id', ''],
  ])('cannot be managed %s, which the plan says at its line', async (how, text) => {
    const bench = await workbench({});
    const id = systemRole(bench, 'Admin');
    await bench.write({ [file]: how === 'by its id' ? `${role('admin', 'Admin')}id: ${id}\n` : text });
    const { code, err } = await bench.cli('plan');
    if (how === 'by its name') {
      // Whether a second role of the name may be made says the API, and nobody wants one.
      expect([code, err]).toEqual([
        1,
        expect.stringContaining('role.admin stands for a role that Polytomic keeps itself'),
      ]);
    } else expect([code, err]).toEqual([1, expect.stringContaining(`(${id})`)]);
    expect(err).toContain('permissions.yaml:1:1');
    await bench.write({
      [file]: `${role('admin', 'Admin')}external: true\n---\n${policy('[{ action: read, roles: [admin] }]')}`,
    });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(granted(bench)).toEqual(['read: Admin']);
    await isEmpty(bench);
  });
});

describe('policies of connections, models and syncs', () => {
  const policies = (text: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Object.entries(shop).map(([name, manifests]) => [
        name,
        manifests
          .split('---\n')
          .map((manifest) => `${manifest}policies: ${text}\n`)
          .join('---\n'),
      ]),
    );
  const ids = ({ sandbox }: Workbench): readonly unknown[] =>
    (['connections', 'models', 'syncs'] as const).flatMap((name) =>
      sandbox.list(name).map((each) => each['policies']),
    );

  it('are keys and names of policies, which are made first', async () => {
    const bench = await applied(both, policies('[finance, { name: Default }]'));
    const expected = ['Finance', 'Default'].map((name) => named(bench, 'policies', name)['id']);
    expect(ids(bench)).toEqual(Array.from({ length: 4 }, () => expected));
    await isEmpty(bench);
    expect((await bench.cli('graph')).out).toContain('policy#46;finance');
  });

  it('are left before their policy is deleted', async () => {
    const bench = await applied(both, policies('[finance]'));
    await bench.write({ ...shop, [file]: role('analysts') });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(writes(bench)).toHaveLength(5);
    expect(writes(bench).at(-1)).toBe('DELETE /api/permissions/policies/ID');
    await isEmpty(bench);
  });

  it('are ids as before: no list of policies is read for them, and a state of before is no change', async () => {
    const bench = await workbench({});
    const { id } = await ask(bench, 'POST', 'permissions/policies', { name: 'By hand' });
    await bench.write(policies(`[${id}]`));
    bench.sandbox.failNext({ method: 'GET', path: /permissions/, status: 403, times: 100 });
    bench.sandbox.clearRequests();
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(ids(bench)).toEqual(Array.from({ length: 4 }, () => [id]));
    await isEmpty(bench);
    expect(lists(bench)).toEqual([]);
    // As an earlier version wrote it.
    const state = '.polytomic/state/default.json';
    const text = await bench.read(state);
    const older = text.replaceAll(new RegExp(`\\{\\s*"id": "${id}"\\s*\\}`, 'g'), `"${id}"`);
    expect(older).not.toBe(text);
    await bench.write({ [state]: older });
    await isEmpty(bench);
    expect((await bench.cli('drift', '--strict')).code).toBe(0);
    await bench.write({
      'polytomic/customers.yaml':
        shop['polytomic/customers.yaml']!.replace('name: Customers\n', 'name: People\n') +
        `policies: [${id}]\n`,
    });
    const plan = await bench.cli('plan');
    expect(plan.out).toContain('changed in the manifest');
    expect(plan.out).not.toContain('changed outside');
  });

  it('are exported as keys, names, or ids where the key may not see them', async () => {
    const bench = await applied(both, policies('[finance, { name: Default }]'));
    const clear = async (): Promise<void> => {
      await rm(path.join(bench.root, 'polytomic'), { recursive: true });
      await rm(path.join(bench.root, '.polytomic'), { recursive: true });
    };
    await clear();
    expect((await bench.cli('export', '--force')).code).toBe(0);
    expect(await bench.read('polytomic/roles/analysts.yaml')).toContain('name: analysts');
    expect(await bench.read('polytomic/policies/finance.yaml')).toContain('- { name: Admin }');
    expect(await bench.read('polytomic/models/customers.yaml')).toContain('- { name: Default }');
    expect(await bench.read('polytomic/models/customers.yaml')).toContain('- finance');
    expect(await bench.cli('plan', '--without-secrets')).toMatchObject({
      code: 0,
      out: expect.stringContaining('No changes.') as string,
    });
    await clear();
    bench.sandbox.failNext({ method: 'GET', path: /permissions/, status: 403, times: 100 });
    const { code, out } = await bench.cli('export', '--force');
    expect(code).toBe(0);
    expect(out).toContain('since the key may not see them:\n  roles (403)\n  policies (403)');
    expect(await bench.read('polytomic/models/customers.yaml')).toContain(
      `- ${asText(named(bench, 'policies', 'Finance')['id'])}`,
    );
    expect(await bench.cli('plan', '--without-secrets')).toMatchObject({
      code: 0,
      out: expect.stringContaining('No changes.') as string,
    });
  });
});

it('an export of policies alone refers to roles by name', async () => {
  const bench = await applied(both);
  for (const folder of ['polytomic', '.polytomic'])
    await rm(path.join(bench.root, folder), { recursive: true });
  expect((await bench.cli('export', '--select', 'kind=policies')).code).toBe(0);
  expect(await bench.read('polytomic/policies/finance.yaml')).toContain('- { name: analysts }');
  await isEmpty(bench);
});

describe('a key that may not see permissions', () => {
  it('plans and applies all else', async () => {
    const bench = await workbench(shop);
    bench.sandbox.failNext({ method: 'GET', path: /permissions/, status: 403, times: 100 });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    await isEmpty(bench);
    expect(lists(bench)).toEqual([]);
  });

  it('is told so where a manifest needs them', async () => {
    const bench = await workbench({ [file]: both });
    bench.sandbox.failNext({ method: 'GET', path: /permissions/, status: 403, times: 100 });
    const { code, err } = await bench.cli('plan');
    expect(code).toBe(1);
    expect(err).toContain('reading the list of');
    expect(err).toContain('(403)');
  });
});

describe('a run that is stopped', () => {
  it.each([
    ['POST', /roles/, false],
    ['POST', /roles/, true],
    ['POST', /policies/, false],
    ['POST', /policies/, true],
  ] as const)('at %s %s (done: %s) is picked up by the next', async (method, where, afterEffect) => {
    const bench = await workbench({ [file]: both }, { real: true });
    await killedAt(bench, { method, path: where, afterEffect }, 'apply', '--yes');
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
    named(bench, 'roles', 'analysts');
    expect(granted(bench)).toEqual(['read: Admin, analysts', 'update: analysts']);
    await isEmpty(bench);
  });

  it.each(['PUT', 'DELETE'] as const)('at a %s is picked up by the next', async (method) => {
    const bench = await applied(both, {}, { real: true });
    await bench.write({ [file]: policy('[{ action: read, roles: [{ name: Member }] }]') });
    await killedAt(bench, { method, path: /permissions/, afterEffect: true }, 'apply', '--yes');
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
    expect(granted(bench)).toEqual(['read: Member']);
    await isEmpty(bench);
  });

  it('by a lost answer makes nothing twice', async () => {
    const bench = await workbench({ [file]: both });
    bench.sandbox.failNext({ method: 'POST', path: /permissions/, status: 500, afterEffect: true, times: 2 });
    await bench.cli('apply', '--yes');
    bench.sandbox.clearFaults();
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
    named(bench, 'roles', 'analysts');
    named(bench, 'policies', 'Finance');
    await isEmpty(bench);
  });
});

it.each([
  [
    policy('[{ action: read, roles: [analyst] }]') + `---\n${role('analysts')}`,
    'there is no role.analyst',
    'did you mean "analysts"?',
  ],
  [
    policy('[{ action: read, roles: [db] }]') +
      '---\nkind: Connection\nkey: db\nname: d\ntype: postgresql\nconfiguration: {}\n',
    'connection.db is a connection',
    '',
  ],
  [
    policy('[{ action: read }, { action: read, roles: [{ name: Admin }] }]'),
    'the action "read" is granted a second time',
    'name all its roles',
  ],
  [policy('[{ roles: [{ name: Admin }] }]'), 'the field "action" is missing', ''],
  [`${role('a')}system: true\n`, 'unknown field "system"', ''],
])('a mistake is a finding at its line', async (text, message, hint) => {
  const bench = await workbench({ [file]: text });
  const { code, err } = await bench.cli('validate');
  expect(code).toBe(1);
  expect(err).toMatch(/permissions\.yaml:\d+:\d+/);
  expect(err).toContain(message);
  expect(err).toContain(hint);
});

it('a name that no role has is a finding of the plan', async () => {
  const bench = await workbench({ [file]: policy('[{ action: read, roles: [{ name: Nobody }] }]') });
  const { code, err } = await bench.cli('plan');
  expect(code).toBe(1);
  expect(err).toContain('no live role is called "Nobody"');
});
