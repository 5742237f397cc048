/** What happens in a merge queue: what was approved has to hold still. */
import { describe, expect, it } from 'vitest';
import { events } from '../support/events.js';
import { established } from '../support/team.js';
import { shop } from '../support/workbench.js';

const renamed = {
  'polytomic/connections.yaml': shop['polytomic/connections.yaml']!.replace('Shop database', 'Shop'),
};
const teams = {
  'polytomic/teams.yaml':
    'kind: Model\nkey: teams\nname: Teams\nconnection: db\nconfiguration: { table: company.teams }\n',
};

describe('a merge group', () => {
  it('passes where it does what was reviewed, of one pull request and of several behind each other', async () => {
    const acme = await established(shop);
    const one = await acme.propose('rename', renamed);
    const two = await acme.propose('teams', teams);
    await acme.plan(one);
    await acme.plan(two);
    for (const numbers of [[one], [one, two]]) {
      const group = await acme.repository.queue(...numbers);
      const run = await acme.run(group, events.mergeGroup(acme.github, group.ref, group.sha));
      expect(run.code).toBe(0);
      expect(run.annotations.map(({ message }) => message)).toEqual([
        `What would be applied is what was reviewed in ${numbers.map((number) => `#${number}`).join(', ')}.`,
      ]);
    }
    expect(acme.sandbox.list('models')).toHaveLength(1);
  });

  it('fails where something moved since the review, and changes nothing', async () => {
    const acme = await established(shop);
    const number = await acme.propose('rename', renamed);
    await acme.plan(number);
    acme.sandbox.edit('syncs', acme.sandbox.list('syncs')[0]!.id, { mode: 'create' });
    const group = await acme.repository.queue(number);
    const run = await acme.run(group, events.mergeGroup(acme.github, group.ref, group.sha));
    expect(run.code).toBe(1);
    expect(run.annotations[0]?.message).toContain(
      'sync.customers: now update, and was not part of what was reviewed',
    );
  });
});
