/** What happens on a schedule. */
import { describe, expect, it } from 'vitest';
import { events } from '../support/events.js';
import { established, type Team } from '../support/team.js';
import { shop } from '../support/workbench.js';

const sync = ({ sandbox }: Team): string => sandbox.list('syncs')[0]!.id;

describe('on a schedule', () => {
  it('drift is an issue that is opened, kept up to date and closed as it comes and goes', async () => {
    const acme = await established(shop);
    expect((await acme.drift()).outputs).toMatchObject({ 'has-changes': 'false', converged: 'true' });
    expect(acme.github.issues).toEqual([]);

    acme.sandbox.edit('syncs', sync(acme), { mode: 'create' });
    const run = await acme.drift();
    expect(run.code).toBe(0);
    expect(run.outputs).toMatchObject({ 'has-changes': 'true', converged: 'false' });
    const [issue] = acme.github.issues;
    expect(issue).toMatchObject({ title: 'Polytomic drift', state: 'open', labels: ['polytomic-drift'] });
    expect(issue?.body).toContain('- mode: updateOrCreate\n+ mode: create');
    expect(run.files['polytomic-drift.html']).toContain(
      '<dd>applied <code>updateOrCreate</code>, lives as <code>create</code></dd>',
    );
    expect(run.outputs['comment-url']).toBe(`https://github.test/acme/data/issues/${issue!.number}`);

    acme.sandbox.edit('syncs', sync(acme), { mode: 'update' });
    await acme.drift();
    expect(acme.github.issues).toHaveLength(1);
    expect(acme.github.issues[0]?.body).toContain('+ mode: update');

    acme.sandbox.edit('syncs', sync(acme), { mode: 'updateOrCreate' });
    await acme.drift();
    expect(acme.github.issues[0]).toMatchObject({ state: 'closed' });
    expect(acme.github.comments.at(-1)?.body).toContain('What lives is as it was applied again');

    acme.sandbox.edit('syncs', sync(acme), { mode: 'create' });
    await acme.drift();
    expect(acme.github.issues.map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it('drift fails the run where that is asked for, and is told without issues too', async () => {
    const acme = await established(shop);
    acme.sandbox.edit('syncs', sync(acme), { mode: 'create' });
    acme.github.issuesEnabled = false;
    const run = await acme.drift({ inputs: { 'fail-on-drift': 'true' } });
    expect(run.code).toBe(1);
    expect(run.summary).toContain('**1 object changed outside since the last apply.**');
    expect(run.annotations.map(({ level }) => level)).toEqual(['notice', 'error', 'error']);
  });

  it('what was changed where no manifest says anything fails the run by the strict rule alone', async () => {
    const file = 'polytomic/customers.yaml';
    const acme = await established({ ...shop, [file]: (shop[file] ?? '').replace('active: true\n', '') });
    acme.sandbox.edit('syncs', sync(acme), { active: true });
    const lenient = await acme.drift({ inputs: { 'fail-on-drift': 'true' } });
    expect([lenient.code, acme.github.issues]).toEqual([0, []]);
    expect(lenient.summary).toContain('**1 object changed where no manifest says anything.**');
    const strict = await acme.drift({ inputs: { 'fail-on-drift': 'strict' } });
    expect(strict.code).toBe(1);
    expect(acme.github.issues[0]).toMatchObject({ title: 'Polytomic drift', state: 'open' });
    expect(acme.github.issues[0]?.body).toContain('- active: false\n+ active: true');
    expect(strict.annotations.at(-2)?.message).toContain('apply --refresh-only');
  });

  it('what another event starts is a question to the workflow', async () => {
    const acme = await established(shop);
    const run = await acme.run(await acme.repository.checkout('main'), events.other(acme.github, 'release'));
    expect(run.code).toBe(1);
    expect(run.annotations[0]?.message).toContain('nothing follows from the event release');
    const named = await acme.run(
      await acme.repository.checkout('main'),
      events.other(acme.github, 'release'),
      {
        inputs: { command: 'validate' },
      },
    );
    expect(named).toMatchObject({ code: 0 });
    expect(named.log).toContain('4 resources valid.');
  });
});
