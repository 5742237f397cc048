/** What happens on the merge. */
import { describe, expect, it } from 'vitest';
import { events } from '../support/events.js';
import { established, team, teamSecrets, type Team } from '../support/team.js';
import { folded } from '../support/folded.js';
import { shop } from '../support/workbench.js';

const connections = shop['polytomic/connections.yaml']!;
const renamed = { 'polytomic/connections.yaml': connections.replace('Shop database', 'Shop') };

const nameOfDb = ({ sandbox }: Team): unknown =>
  sandbox.list('connections').find((each) => each['type'] === 'postgresql')?.['name'];

const outcomes = ({ github }: Team): readonly string[] =>
  github.comments.filter(({ body }) => body.includes('polytomic-gitops:outcome')).map(({ body }) => body);

const messages = (run: { annotations: readonly { message: string }[] }): string =>
  run.annotations.map(({ message }) => message).join('\n');

describe('the merge of a pull request', () => {
  it.each(['merge', 'squash'] as const)(
    'applies what was reviewed, and tells the pull request what came of it (%s)',
    async (how) => {
      // One of the two as the runner does it, by the bundle.
      const acme = await team({ 'README.md': 'Data\n' }, { real: how === 'squash' });
      const number = await acme.propose('shop', shop);
      await acme.plan(number);
      const run = await acme.merge(number, {}, how);
      expect(run.code).toBe(0);
      expect(run.outputs).toMatchObject({ creates: '4', converged: 'true' });
      expect(acme.sandbox.list('syncs')).toHaveLength(1);
      const [outcome] = outcomes(acme);
      expect(outcome).toContain('**Applied: 4 created, in');
      if (how === 'squash') await expect(folded(outcome!)).toMatchFileSnapshot('golden/outcome-comment.md');
      expect(outcome).toContain('A second plan is empty.');
      expect(outcome).toContain(acme.sandbox.list('syncs')[0]!.id);
      expect(outcome).toMatch(
        /\[`polytomic\/customers\.yaml:8`\]\(https:\/\/github\.test\/acme\/data\/blob\/[0-9a-f]{40}\//,
      );
      // The state is on a branch of the remote: the next run needs nothing else.
      expect(await acme.repository.git('ls-remote', 'origin', 'polytomic-state/*')).toContain(
        'refs/heads/polytomic-state/default',
      );
      const again = await acme.run(
        await acme.repository.checkout('main'),
        events.push(acme.github, acme.github.commits[0]!.sha, acme.github.branches.get('main')!),
      );
      expect(again.outputs).toMatchObject({ 'has-changes': 'false', converged: 'true' });
    },
  );

  it('does nothing where something moved since the review, and says what', async () => {
    const acme = await established(shop);
    const number = await acme.propose('rename', renamed);
    await acme.plan(number);
    const sync = acme.sandbox.list('syncs')[0]!;
    acme.sandbox.edit('syncs', sync.id, { mode: 'create' });
    const run = await acme.merge(number);
    expect(run.code).toBe(1);
    expect(nameOfDb(acme)).toBe('Shop database');
    expect(messages(run)).toContain('sync.customers: now update, and was not part of what was reviewed');
    expect(outcomes(acme)[0]).toContain('**Nothing was done.**');
    expect(outcomes(acme)[0]).toContain('sync.customers: now update, and was not part of what was reviewed');
    expect(run.outputs['converged']).toBe('false');
  });

  it.each<[string, (acme: Team, number: number) => unknown, string]>([
    [
      'its comment was edited',
      ({ github }) => {
        const [comment] = github.comments;
        comment!.body = comment!.body.replace('1 to update', '0 to update');
      },
      'it was edited, or was signed with another API key',
    ],
    [
      'somebody else wrote the comment',
      ({ github }) => {
        const [comment] = github.comments.splice(0);
        github.comments.push({ ...comment!, author: 'mallory' });
      },
      'no comment of this Action shows a plan',
    ],
    [
      'the comment was copied from another pull request',
      async (acme, number) => {
        const other = await acme.propose('other', renamed);
        await acme.plan(other);
        const [own, theirs] = acme.github.comments;
        acme.github.comments.splice(0, 2, { ...theirs!, issue: number, id: own!.id });
      },
      'it was edited, or was signed with another API key',
    ],
    [
      'a commit came after the plan',
      async (acme) => acme.repository.commit('rename', { 'README.md': 'More\n' }),
      'the plan was made for',
    ],
    [
      'there never was a plan',
      ({ github }) => github.comments.splice(0),
      'no comment of this Action shows a plan',
    ],
  ])('does nothing where %s', async (_case, tamper, message) => {
    const acme = await established(shop);
    const number = await acme.propose('rename', renamed);
    await acme.plan(number);
    await tamper(acme, number);
    const run = await acme.merge(number);
    expect(run.code).toBe(1);
    expect(messages(run)).toContain(message);
    expect(nameOfDb(acme)).toBe('Shop database');
  });

  it('is not taken for a review where nobody opened a pull request, unless that is not asked for', async () => {
    const acme = await established(shop);
    const before = acme.github.branches.get('main')!;
    const after = await acme.repository.commit('main', renamed);
    const push = events.push(acme.github, before, after);
    const refused = await acme.run(await acme.repository.checkout('main'), push);
    expect(refused.code).toBe(1);
    expect(messages(refused)).toContain('no pull request belongs to this commit');
    expect(nameOfDb(acme)).toBe('Shop database');
    const inputs = { 'require-approved-plan': 'false' };
    expect((await acme.run(await acme.repository.checkout('main'), push, { inputs })).code).toBe(0);
    expect(nameOfDb(acme)).toBe('Shop');
  });

  it('of two pull requests in one push applies what both showed, together', async () => {
    const acme = await established(shop);
    const one = await acme.propose('rename', renamed);
    const two = await acme.propose('model', {
      'polytomic/teams.yaml':
        'kind: Model\nkey: teams\nname: Teams\nconnection: db\nconfiguration: { table: company.teams }\n',
    });
    await acme.plan(one);
    await acme.plan(two);
    const { before } = await acme.repository.merge(one);
    const { after } = await acme.repository.merge(two);
    const run = await acme.run(
      await acme.repository.checkout('main'),
      events.push(acme.github, before, after),
    );
    expect(messages(run)).toBe('');
    expect(run.code).toBe(0);
    expect(nameOfDb(acme)).toBe('Shop');
    expect(outcomes(acme)).toHaveLength(2);
  });

  it('that fails in part says which, and does the rest when it is run again', async () => {
    const acme = await team({ 'README.md': 'Data\n' });
    const number = await acme.propose('shop', shop);
    await acme.plan(number);
    const secrets = JSON.stringify({ ...teamSecrets, DB_PASSWORD: 'wrong-password' });
    const run = await acme.merge(number, { inputs: { secrets } });
    expect(run.code).toBe(1);
    expect(outcomes(acme)[0]).toContain('❌ failed');
    expect(outcomes(acme)[0]).toContain('⚠️ skipped');
    expect(run.annotations).toContainEqual(
      expect.objectContaining({ level: 'error', file: 'polytomic/connections.yaml', line: 1 }),
    );
    expect(acme.sandbox.list('connections')).toHaveLength(1);
    const push = events.push(acme.github, acme.github.commits[0]!.sha, acme.github.branches.get('main')!);
    const again = await acme.run(await acme.repository.checkout('main'), push);
    // What is left of what was reviewed.
    expect(again).toMatchObject({ code: 0, outputs: { creates: '3', converged: 'true' } });
    expect(outcomes(acme)).toHaveLength(1);
    expect(outcomes(acme)[0]).toContain('**Applied: 3 created, in');
  });

  it('deletes nothing where that is not allowed, and no more than is allowed', async () => {
    const acme = await established(shop);
    const number = await acme.propose('less', { 'polytomic/customers.yaml': null });
    const none = await acme.plan(number, { inputs: { 'allow-deletes': 'false' } });
    expect(none.outputs).toMatchObject({ deletes: '0', 'has-changes': 'false' });
    const few = await acme.plan(number, { inputs: { 'max-deletes': '1' } });
    expect(few.code).toBe(1);
    expect(messages(few)).toContain('the plan would delete or replace 2 objects of 4, and may 1');
  });

  it('does not fail where only the comment cannot be written: what is done is done', async () => {
    const acme = await team({ 'README.md': 'Data\n' });
    const number = await acme.propose('shop', shop);
    await acme.plan(number);
    acme.github.troubles.push({ method: 'POST', path: /issues\/\d+\/comments/, times: 100, answer: 'error' });
    const run = await acme.merge(number);
    expect(run.code).toBe(0);
    expect(messages(run)).toContain('#1 could not be told');
    expect(acme.sandbox.list('syncs')).toHaveLength(1);
  });
});
