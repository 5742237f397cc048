/** Owners who have to approve what changes, from the pull request to the apply. */
import { describe, expect, it } from 'vitest';
import { events } from '../support/events.js';
import { folded } from '../support/folded.js';
import type { StoredReview } from '../support/github.js';
import { established, type Team } from '../support/team.js';
import { shop } from '../support/workbench.js';

const config = [
  'rules: [rules/*.yaml]',
  'owners:',
  "  - owners: ['@acme/data']",
  "  - { path: polytomic/customers.yaml, owners: ['@acme/growth', '@Jane'] }",
  '',
].join('\n');

const owned = {
  ...shop,
  'polytomic.config.yaml': config,
  'rules/owners.yaml':
    'kind: Rule\nname: owners-approve\nmatch: { action: [update, delete] }\nrequire: { approval: { owners: true } }\n',
};

const renamed = {
  'polytomic/customers.yaml': shop['polytomic/customers.yaml']!.replace(
    'name: Customers\n',
    'name: Clients\n',
  ),
};

/** A team whose members may write: jane, bo and kim; bo is of @acme/growth, and kim of @acme/data. */
const withOwners = async (): Promise<Team> => {
  const acme = await established(owned);
  for (const user of ['jane', 'bo', 'kim', 'ana']) acme.github.permissions.set(user, 'write');
  acme.github.teams.set('growth', [{ user: 'bo', state: 'active' }]);
  acme.github.teams.set('data', [{ user: 'kim', state: 'active' }]);
  return acme;
};

const say = (acme: Team, number: number, user: string, state: StoredReview['state'] = 'APPROVED'): void => {
  const pull = acme.github.pulls.find((each) => each.number === number)!;
  pull.reviews = [...(pull.reviews ?? []), { user, state, commit: pull.head.sha }];
};

const errorsOf = (run: Awaited<ReturnType<Team['plan']>>): readonly string[] =>
  run.annotations.filter(({ level }) => level === 'error').map(({ message }) => message);

const inputs = { 'owners-token': 'ghs-members' };

describe('a pull request that changes what somebody owns', () => {
  it('waits for their approval, and its comment says whose, without notifying them', async () => {
    const acme = await withOwners();
    const number = await acme.propose('rename', renamed);
    const waiting = await acme.plan(number, { inputs });
    expect(waiting.code).toBe(1);
    expect(errorsOf(waiting).join('\n')).toContain(
      'update of model.customers needs the approval of @Jane or @acme/growth',
    );
    const { body } = acme.github.comments.find(({ issue }) => issue === number)!;
    await expect(folded(body)).toMatchFileSnapshot('golden/owners-comment.md');
    say(acme, number, 'JANE');
    expect((await acme.plan(number, { inputs })).code).toBe(0);
    expect((await acme.merge(number, { inputs })).code).toBe(0);
    expect(acme.sandbox.list('models')[0]).toMatchObject({ name: 'Clients' });
  });

  it('is approved by one of a team, as the event of the review finds it', async () => {
    const acme = await withOwners();
    const number = await acme.propose('rename', renamed);
    say(acme, number, 'kim');
    expect((await acme.plan(number, { inputs })).code).toBe(1);
    say(acme, number, 'bo');
    const checkout = await acme.repository.checkoutMerge(number);
    const review = events.review(acme.github, number);
    expect((await acme.run(checkout, review, { inputs })).code).toBe(0);
    say(acme, number, 'bo', 'DISMISSED');
    expect((await acme.run(checkout, review, { inputs })).code).toBe(1);
  });

  it('has to be approved again after another commit', async () => {
    const acme = await withOwners();
    const number = await acme.propose('rename', renamed);
    say(acme, number, 'jane');
    expect((await acme.plan(number, { inputs })).code).toBe(0);
    await acme.repository.commit('rename', { 'README.md': 'More\n' });
    expect((await acme.plan(number, { inputs })).code).toBe(1);
  });

  it('is told which input is missing where the token sees no teams, and stays unapproved', async () => {
    const acme = await withOwners();
    const number = await acme.propose('rename', renamed);
    say(acme, number, 'bo');
    const run = await acme.plan(number);
    expect(run.code).toBe(1);
    expect(run.annotations.map(({ message }) => message).join('\n')).toContain(
      'Hint: give the input owners-token a token that may read the members of the organization',
    );
    expect(run.log).toContain('nobody can tell whether one of @acme/growth has approved');
  });

  it('does not get the token that sees teams, under whatever name', async () => {
    const acme = await withOwners();
    const secrets = JSON.stringify({ DB_PASSWORD: 'a', WAREHOUSE_PASSWORD: 'b', OWNERS: 'ghs-members' });
    const number = await acme.propose('token', {
      'polytomic/c.yaml':
        'kind: Connection\nkey: c\nname: C\ntype: postgresql\nconfiguration: { hostname: h, password: "${secret:OWNERS}" }\n',
    });
    const run = await acme.plan(number, { inputs: { ...inputs, secrets } });
    expect(run.code).toBe(1);
    expect(errorsOf(run).join('\n')).toContain('OWNERS');
    expect(run.masks).toContain('ghs-members');
  });

  it('cannot take it from them in the same breath', async () => {
    const acme = await withOwners();
    const customers = renamed['polytomic/customers.yaml'];
    for (const [branch, files] of Object.entries({
      config: {
        'polytomic.config.yaml': "rules: [rules/*.yaml]\nowners: [{ owners: ['@ana'] }]\n",
        ...renamed,
      },
      gone: { 'polytomic.config.yaml': null, ...renamed },
      renamed: {
        'polytomic.config.yaml': null,
        'polytomic.config.yml': 'rules: [rules/*.yaml]\n',
        ...renamed,
      },
      file: { 'polytomic/customers.yaml': null, 'polytomic/mine.yaml': customers },
      rule: {
        'rules/owners.yaml': null,
        'polytomic.config.yaml': config.replace(/^rules.*\n/, ''),
        ...renamed,
      },
    })) {
      const number = await acme.propose(branch, files);
      say(acme, number, 'kim');
      const run = await acme.plan(number, { inputs });
      expect([branch, run.code]).toEqual([branch, 1]);
      expect(errorsOf(run).join('\n')).toContain(
        'update of model.customers needs the approval of @Jane or @acme/growth',
      );
    }
  });

  it('is not applied where it was merged without them', async () => {
    const acme = await withOwners();
    const number = await acme.propose('rename', renamed);
    await acme.plan(number, { inputs });
    const run = await acme.merge(number, { inputs });
    expect(run.code).toBe(1);
    expect(acme.sandbox.list('models')[0]).toMatchObject({ name: 'Customers' });
    expect(errorsOf(run).join('\n')).toContain('needs the approval of @Jane or @acme/growth');
  });
});

describe('what was reviewed by its owners', () => {
  it('passes the merge queue, each pull request by those who own what it changes', async () => {
    const acme = await withOwners();
    const one = await acme.propose('rename', renamed);
    const two = await acme.propose('db', {
      'polytomic/connections.yaml': shop['polytomic/connections.yaml']!.replace('Shop database', 'Shop'),
    });
    say(acme, one, 'jane');
    say(acme, two, 'kim');
    await acme.plan(one, { inputs });
    await acme.plan(two, { inputs });
    const group = await acme.repository.queue(one, two);
    const event = events.mergeGroup(acme.github, group.ref, group.sha);
    expect((await acme.run(group, event, { inputs })).code).toBe(0);
    const pull = acme.github.pulls.find((each) => each.number === two)!;
    pull.reviews = [];
    say(acme, one, 'kim');
    const run = await acme.run(group, event, { inputs });
    expect(run.code).toBe(1);
    expect(errorsOf(run).join('\n')).toContain('update of connection.db needs the approval of @acme/data');
  });

  it('is nothing where no pull request belongs to a push', async () => {
    const acme = await withOwners();
    await acme.repository.git('checkout', '--quiet', 'main');
    const before = acme.github.branches.get('main') ?? '';
    const after = await acme.repository.commit('main', renamed);
    const checkout = await acme.repository.checkout('main');
    const run = await acme.run(checkout, events.push(acme.github, before, after), {
      inputs: { ...inputs, 'require-approved-plan': 'false' },
    });
    expect(run.code).toBe(1);
    expect(acme.sandbox.list('models')[0]).toMatchObject({ name: 'Customers' });
  });

  it('asks GitHub nothing where no rule wants an approval', async () => {
    const { 'rules/owners.yaml': _rule, ...unruled } = owned;
    const acme = await established({ ...unruled, 'polytomic.config.yaml': config.replace(/^rules.*\n/, '') });
    const number = await acme.propose('rename', renamed);
    expect((await acme.plan(number)).code).toBe(0);
    expect(acme.github.requests.filter((request) => /reviews|collaborators|orgs/.test(request))).toEqual([]);
    expect(acme.github.comments.find(({ issue }) => issue === number)!.body).toContain(
      'owners: `@acme/growth`, `@Jane`',
    );
  });
});
