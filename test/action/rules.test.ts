/** Rules on a pull request: whose count, who may approve, and what its comment says. */
import { describe, expect, it } from 'vitest';
import { folded } from '../support/folded.js';
import { established, team } from '../support/team.js';
import { shop } from '../support/workbench.js';

const rule = (name: string, require: string, more = ''): string =>
  `kind: Rule\nname: ${name}\nrequire: ${require}\n${more}`;

const daily = rule(
  'daily-at-night',
  '{ resource: { properties: { schedule: { properties: { hour: { enum: ["4", "5"] } } } } } }',
  'match: { kind: Sync }\nmessage: syncs run at night\nlink: https://wiki.acme.com/night\n',
);

const ruled = { ...shop, 'polytomic.config.yaml': 'rules: [rules/*.yaml]\n', 'rules/all.yaml': daily };

const customers = shop['polytomic/customers.yaml']!;
const noon = customers.replace('hour: 5', 'hour: 12');

describe('rules on a pull request', () => {
  it('are told at the line, fail the check, and the plan is shown all the same', async () => {
    const acme = await team(ruled);
    const run = await acme.plan(await acme.propose('noon', { 'polytomic/customers.yaml': noon }));
    expect(run.code).toBe(1);
    expect(run.annotations.filter(({ file }) => file !== undefined)).toEqual([
      {
        level: 'error',
        title: 'Polytomic: rule daily-at-night',
        file: 'polytomic/customers.yaml',
        line: 23,
        column: 37,
        message:
          'daily-at-night: syncs run at night (schedule.hour cannot be "12"; one of: "4", "5")\nSee https://wiki.acme.com/night',
      },
    ]);
    const [comment] = acme.github.comments;
    expect(comment?.body).toContain('Plan: 4 to create.');
    expect(comment?.body).toContain('<br>See <https://wiki.acme.com/night>');
    expect(run.files['polytomic-plan.html']).toContain('href="https://wiki.acme.com/night"');
  });

  it('of the base branch count, whatever the proposal makes of them; that it changes them is said in bold', async () => {
    for (const [name, files, change] of [
      [
        'removed',
        { 'rules/all.yaml': rule('other', '{ resource: true }') },
        'daily-at-night removed, other added',
      ],
      [
        'weaker',
        { 'rules/all.yaml': rule('daily-at-night', '{ resource: true }') },
        'daily-at-night changed',
      ],
      ['unnamed', { 'polytomic.config.yaml': '' }, 'daily-at-night removed'],
    ] as const) {
      const acme = await team(ruled);
      const number = await acme.propose(name, { 'polytomic/customers.yaml': noon, ...files });
      const run = await acme.plan(number);
      expect([name, run.code]).toEqual([name, 1]);
      expect(run.annotations.map(({ message }) => message).join()).toContain(
        'daily-at-night (as on the base branch): syncs run at night',
      );
      const { body } = acme.github.comments[0]!;
      expect(body).toContain(`**This pull request changes the rules:** ${change}.`);
      if (name === 'removed') await expect(folded(body)).toMatchFileSnapshot('golden/rules-comment.md');
    }
  });

  it('that change alone pass, and hold from the merge on', async () => {
    const acme = await established(ruled);
    const first = await acme.propose('weaker', { 'rules/all.yaml': rule('other', '{ resource: true }') });
    expect((await acme.plan(first)).code).toBe(0);
    await acme.merge(first);
    const second = await acme.propose('noon', { 'polytomic/customers.yaml': noon });
    expect((await acme.plan(second)).code).toBe(0);
    expect((await acme.merge(second)).code).toBe(0);
  });

  it('that are as on the base branch are not asked of GitHub file by file', async () => {
    const acme = await established(ruled);
    await acme.plan(await acme.propose('readme', { 'README.md': 'Data\n' }));
    expect(acme.github.requests.filter((request) => request.includes('git/blobs'))).toEqual([]);
    expect(acme.github.requests.filter((request) => request.includes('git/trees'))).toHaveLength(1);
  });

  it('whose base branch cannot be read are said to be the proposal’s own', async () => {
    const acme = await established(ruled);
    const number = await acme.propose('weaker', { 'rules/all.yaml': rule('other', '{ resource: true }') });
    acme.github.troubles.push({ method: 'GET', path: /git\/trees/, times: 9, answer: 'error' });
    const run = await acme.plan(number);
    expect(run.annotations.map(({ message }) => message).join()).toContain('base branch cannot be read');
  });

  it('excepted from are in the comment, with the reason', async () => {
    const acme = await team(ruled);
    const number = await acme.propose('noon', {
      'polytomic/customers.yaml': noon.replace(
        'mode: updateOrCreate',
        'mode: updateOrCreate\nlifecycle: { exceptions: [{ rule: daily-at-night, reason: "Sales <b>looks</b> at it at @noon" }] }',
      ),
    });
    const run = await acme.plan(number);
    expect(run.code).toBe(0);
    const { body } = acme.github.comments[0]!;
    expect(body).toContain('**1 exception from rules**');
    expect(body).not.toContain('<b>looks</b>');
    expect(run.files['polytomic-plan.html']).toContain('Sales &lt;b&gt;looks&lt;/b&gt;');
    expect(run.log).toContain('Excepted from rules:');
  });

  it('stop the apply of what was merged all the same', async () => {
    const acme = await established(ruled);
    const number = await acme.propose('noon', { 'polytomic/customers.yaml': noon });
    await acme.plan(number);
    const run = await acme.merge(number);
    expect(run.code).toBe(1);
    expect(acme.sandbox.list('syncs')).toMatchObject([{ schedule: { hour: '5' } }]);
  });
});
