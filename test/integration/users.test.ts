/** Users: known by their e-mail in any case, invited by a create, and changed in their roles alone. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/index.js';
import { ask } from '../support/ask.js';
import { killedAt } from '../support/killing.js';
import { workbench, type Workbench } from '../support/workbench.js';

const file = 'polytomic/people.yaml';
const roles = 'kind: Role\nkey: analysts\nname: Analysts\n';
const user = (more = 'roles: [analysts]\n', email = 'Ana@example.com', key = 'ana'): string =>
  `---\nkind: User\nkey: ${key}\nemail: ${email}\n${more}`;
const people = (...documents: readonly string[]): string => [roles, ...documents].join('');

const applied = async (text: string): Promise<Workbench> => {
  const bench = await workbench({ [file]: text });
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  bench.sandbox.clearRequests();
  return bench;
};

const planOf = async (bench: Workbench): Promise<Plan> =>
  (JSON.parse((await bench.cli('--json', 'plan')).out) as { readonly plan: Plan }).plan;

const isEmpty = async (bench: Workbench): Promise<void> => {
  const { code, out, err } = await bench.cli('plan', '--detailed-exitcode');
  expect([code, out, err]).toEqual([0, expect.stringContaining('No changes.'), '']);
};

const writes = ({ sandbox }: Workbench): readonly (readonly [string, unknown])[] =>
  sandbox.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path: where, body }) => [`${method} ${where.replaceAll(/[0-9a-f-]{36}/g, 'ID')}`, body]);

const roleOf = ({ sandbox }: Workbench, name: string): string =>
  sandbox.list('roles').find((role) => role['name'] === name)!.id;

const live = ({ sandbox }: Workbench): readonly (readonly [unknown, unknown])[] =>
  sandbox.list('users').map((each) => [each['email'], each['role_ids']]);

describe('a user', () => {
  it.each([
    ['one takes that of another, who gets a new one', ['b@example.com', 'c@example.com', 'd@example.com']],
    ['one takes that of another, who leaves', ['b@example.com', undefined, 'c@example.com']],
    ['two swap theirs', ['b@example.com', 'a@example.com', 'c@example.com']],
    ['three pass theirs round', ['b@example.com', 'c@example.com', 'a@example.com']],
  ])('is made anew when the address is free: %s', async (_what, emails) => {
    const all = (addresses: readonly (string | undefined)[]): string =>
      people(
        ...addresses.map((email, index) => (email === undefined ? '' : user('', email, `user-${index}`))),
      );
    const bench = await applied(all(['a@example.com', 'b@example.com', 'c@example.com']));
    await bench.write({ [file]: all(emails) });
    const { code, out, err } = await bench.cli('apply', '--yes', '--max-deletes', '9');
    expect([code, err], out).toEqual([0, '']);
    await isEmpty(bench);
    expect(
      live(bench)
        .map(([email]) => email)
        .toSorted(),
    ).toEqual(emails.filter((email) => email !== undefined).toSorted());
    expect(await bench.read('.polytomic/state/default.json')).not.toContain('deposed');
  });

  it('is invited, which the plan says, with the roles that the manifest names', async () => {
    const bench = await workbench({ [file]: people(user('roles: [analysts, { name: Member }]\n')) });
    const { changes } = await planOf(bench);
    expect(changes.find(({ kind }) => kind === 'User')).toMatchObject({
      action: 'create',
      reasons: ['Polytomic sends an invitation to this address'],
    });
    expect((await bench.cli('plan')).out).toContain('Polytomic sends an invitation to this address');
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(writes(bench)).toEqual([
      ['POST /api/permissions/roles', { name: 'Analysts' }],
      [
        'POST /api/organization/users',
        { email: 'Ana@example.com', role_ids: [roleOf(bench, 'Analysts'), roleOf(bench, 'Member')] },
      ],
    ]);
    await isEmpty(bench);
  });

  it('is known by the address in any case, and adopted where it lives', async () => {
    const bench = await workbench({ [file]: people(user('roles: [{ name: Member }]\n', 'ANA@Example.com')) });
    await ask(bench, 'POST', 'organization/users', {
      email: 'ana@example.com',
      role_ids: [roleOf(bench, 'Member')],
    });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(bench.sandbox.list('users')).toHaveLength(1);
    await bench.write({ [file]: people(user('roles: [{ name: Member }]\n', 'ana@example.com')) });
    await isEmpty(bench);
  });

  it('is changed in its roles alone, in any order', async () => {
    const bench = await applied(people(user('roles: [analysts, { name: Member }]\n')));
    await bench.write({ [file]: people(user('roles: [{ name: Member }, analysts]\n')) });
    await isEmpty(bench);
    await bench.write({ [file]: people(user('roles: [{ name: Admin }]\n')) });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(writes(bench)).toEqual([
      ['PUT /api/organization/users/ID', { role_ids: [roleOf(bench, 'Admin')] }],
    ]);
    await isEmpty(bench);
  });

  it('keeps its roles where the manifest is silent', async () => {
    const bench = await applied(people(user('')));
    const [{ id }] = bench.sandbox.list('users') as [{ id: string }];
    await ask(bench, 'PUT', `organization/users/${id}`, { role_ids: [roleOf(bench, 'Admin')] });
    bench.sandbox.clearRequests();
    await isEmpty(bench);
    expect((await bench.cli('drift')).code).toBe(0);
  });

  it('drifts by a role that somebody else gave, and the next apply takes it back', async () => {
    const bench = await applied(people(user()));
    const [{ id }] = bench.sandbox.list('users') as [{ id: string }];
    const given = [roleOf(bench, 'Analysts'), roleOf(bench, 'Admin')];
    await ask(bench, 'PUT', `organization/users/${id}`, { role_ids: given });
    const drift = await bench.cli('drift');
    expect([drift.code, drift.out]).toEqual([2, expect.stringContaining('roles')]);
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(live(bench)).toEqual([['ana@example.com', [roleOf(bench, 'Analysts')]]]);
  });

  it('by another address is another user: one is invited, the other deleted, which the plan says', async () => {
    const bench = await applied(people(user()));
    await bench.write({ [file]: people(user('roles: [analysts]\n', 'bo@example.com')) });
    const { out } = await bench.cli('plan');
    expect(out).toContain('email cannot change in place');
    expect(out).toContain('Polytomic sends an invitation to this address');
    expect(out).toContain('the user loses access at once');
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(live(bench).map(([email]) => email)).toEqual(['bo@example.com']);
    await isEmpty(bench);
  });

  it('is deleted when its manifest leaves, before the role that it had', async () => {
    const bench = await applied(people(user()));
    await bench.write({ [file]: '# nobody\n---\nkind: Removed\nfrom: role.analysts\ndestroy: true\n' });
    const { code, out } = await bench.cli('apply', '--yes');
    expect([code, out]).toEqual([0, expect.stringContaining('the user loses access at once')]);
    expect(writes(bench).map(([call]) => call)).toEqual([
      'DELETE /api/organization/users/ID',
      'DELETE /api/permissions/roles/ID',
    ]);
  });

  it.each(['you@example.com', 'You@Example.COM'])(
    'that the key belongs to is never deleted: %s',
    async (email) => {
      const bench = await applied(people(user('roles: [{ name: Admin }]\n', email, 'me')));
      await bench.write({ [file]: roles });
      const plan = await bench.cli('plan');
      expect([plan.code, plan.err]).toEqual([
        1,
        expect.stringContaining('user.me would be deleted, and cannot be: the API key that is used belongs'),
      ]);
      const apply = await bench.cli('apply', '--yes');
      expect(apply.code).toBe(1);
      await bench.write({
        [file]: `${roles}---\nkind: Removed\nfrom: user.me\ndestroy: true\n`,
      });
      const asked = await bench.cli('plan');
      expect([asked.code, asked.err]).toEqual([1, expect.stringMatching(/people\.yaml:5:1/)]);
      await bench.write({ [file]: `${roles}---\nkind: Removed\nfrom: user.me\ndestroy: false\n` });
      expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
      expect(live(bench)).toHaveLength(1);
      expect(writes(bench)).toEqual([]);
    },
  );

  it('that the key belongs to is not replaced either, which is said at the line of the address', async () => {
    const bench = await applied(people(user('roles: [{ name: Admin }]\n', 'you@example.com', 'me')));
    await bench.write({
      [file]: people(user('roles: [{ name: Admin }]\n', 'somebody@example.com', 'me')),
    });
    const { code, err } = await bench.cli('plan');
    expect(code).toBe(1);
    expect(err).toContain('people.yaml:7:1');
    expect(err).toContain('its object cannot be deleted: the API key that is used belongs to this user');
    expect((await bench.cli('apply', '--yes')).code).toBe(1);
    expect(writes(bench)).toEqual([]);
  });

  it.each([
    [
      'a second manifest in another case',
      user() + user('', 'ANA@example.com', 'more'),
      'there is one user for',
    ],
    ['no address', user('', 'ana'), 'email'],
    ['no role', user('roles: []\n'), 'roles'],
    ['a role that no manifest has', user('roles: [analyst]\n'), 'did you mean'],
    ['the legacy role', user('role: admin\n'), 'unknown field "role"'],
  ])('of whom the manifests say %s is a finding at its line', async (_what, text, message) => {
    const bench = await workbench({ [file]: people(text) });
    const { code, err } = await bench.cli('validate');
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
    expect(err).toMatch(/people\.yaml:\d+:\d+/);
  });

  it('with a role that does not live is a finding of the plan', async () => {
    const bench = await workbench({ [file]: people(user('roles: [{ name: Owner }]\n')) });
    const { code, err } = await bench.cli('plan');
    expect([code, err]).toEqual([1, expect.stringContaining('Owner')]);
  });

  it('is exported with the roles by key and by name, and the plan of the export is empty', async () => {
    const bench = await applied(people(user('roles: [analysts, { name: Member }]\n')));
    await rm(path.join(bench.root, 'polytomic'), { recursive: true });
    await rm(path.join(bench.root, '.polytomic'), { recursive: true });
    expect(await bench.cli('export')).toMatchObject({ code: 0, err: '' });
    expect(await bench.read('polytomic/users/ana-example-com.yaml')).toContain(
      'email: ana@example.com\nroles:\n  - analysts\n  - { name: Member }\n',
    );
    await isEmpty(bench);
  });

  it.each([
    ['POST', false],
    ['POST', true],
    ['PUT', false],
    ['PUT', true],
  ])('is settled by the next apply where a run was killed at %s (done: %s)', async (method, afterEffect) => {
    const bench = await workbench({ [file]: people(user('roles: [{ name: Member }]\n')) }, { real: true });
    if (method === 'PUT') {
      expect((await bench.cli('apply', '--yes')).code).toBe(0);
      await bench.write({ [file]: people(user()) });
    }
    await killedAt(bench, { method, path: /organization\/users/, afterEffect }, 'apply', '--yes');
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
    expect(bench.sandbox.list('users')).toHaveLength(1);
    await isEmpty(bench);
  });

  it.each(['2022-12-12', '2024-02-08'])(
    'is the same in version %s, under its organization',
    async (version) => {
      const bench = await workbench({
        [file]: people(user()),
        'polytomic.config.yaml': `version: '${version}'\n`,
      });
      expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
      await bench.write({ [file]: people(user('roles: [{ name: Member }]\n')) });
      expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
      expect(
        writes(bench)
          .slice(1)
          .map(([call]) => call),
      ).toEqual(['POST /api/organizations/ID/users', 'PUT /api/organizations/ID/users/ID']);
      await isEmpty(bench);
    },
  );

  it('whoever they are, and whatever they have: an apply, then nothing to do; an export, then nothing to do', async () => {
    const role = fc.constantFrom('analysts', '{ name: Admin }', '{ name: Member }');
    const somebody = fc.record({
      email: fc
        .tuple(fc.constantFrom('a', 'B', 'c+x', "o'neil"), fc.constantFrom('example.com', 'Example.ORG'))
        .map((parts) => parts.join('@')),
      roles: fc.option(fc.uniqueArray(role, { minLength: 1 }), { nil: undefined }),
    });
    const all = fc.uniqueArray(somebody, { selector: ({ email }) => email.toLowerCase(), maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(all, all, async (first, second) => {
        const text = (list: typeof first): string =>
          people(
            ...list.map(({ email, roles: own }) =>
              user(
                own === undefined ? '' : `roles: [${own.join(', ')}]\n`,
                JSON.stringify(email),
                `u${email.toLowerCase().replaceAll(/[^a-z]/g, '-')}`,
              ),
            ),
          );
        const bench = await workbench({ [file]: text(first) });
        await ask(bench, 'POST', 'organization/users', { email: 'unmanaged@example.com' });
        for (const list of [first, second]) {
          await bench.write({ [file]: text(list) });
          expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
          await isEmpty(bench);
          expect(bench.sandbox.list('users')).toHaveLength(list.length + 1);
        }
        await rm(path.join(bench.root, 'polytomic'), { recursive: true });
        await rm(path.join(bench.root, '.polytomic'), { recursive: true });
        expect(await bench.cli('export')).toMatchObject({ code: 0, err: '' });
        await isEmpty(bench);
      }),
      { numRuns: 8 },
    );
  });
});
