/** Syncs that fail, as an issue of a schedule. */
import { describe, expect, it } from 'vitest';
import { ask } from '../support/ask.js';
import { events } from '../support/events.js';
import type { ActionRun } from '../support/runner.js';
import { established, team, type Team } from '../support/team.js';
import { shop, stable } from '../support/workbench.js';

const sync = ({ sandbox }: Team): string => sandbox.list('syncs')[0]!.id;

/** Runs the sync to its end. */
const ran = async (acme: Team): Promise<string> => {
  const path = `syncs/${sync(acme)}/executions`;
  const { id } = await ask(acme, 'POST', path, {});
  for (let look = 0; look < 5; look += 1) await ask(acme, 'GET', `${path}/${id}`);
  return id;
};

const look = async (acme: Team, inputs: Readonly<Record<string, string>> = {}): Promise<ActionRun> =>
  acme.run(await acme.repository.checkout('main'), events.schedule(acme.github), {
    inputs: { command: 'status', ...inputs },
  });

/** Each cell of each row is one, and each text that a run says of itself. */
const CANARY = 'canary';

const withRows = (acme: Team): void => {
  const database = acme.sandbox.list('connections').find(({ name }) => name === 'Shop database');
  acme.sandbox.setRows(
    database!.id,
    'company.customers',
    Array.from({ length: 3 }, (_, index) => ({
      id: 10 + index,
      email: `canary-${index}@cells.example`,
      first_name: `canary ${index}`,
    })),
  );
};

describe('status on a schedule', () => {
  it('is an issue that is opened, kept up to date and closed as syncs fail and run again', async () => {
    const acme = await established(shop);
    expect((await look(acme)).outputs).toMatchObject({ 'has-changes': 'false', converged: 'true' });
    expect(acme.github.issues).toEqual([]);

    acme.sandbox.failRun({ error: 'the warehouse went away' });
    const failed = await ran(acme);
    const run = await look(acme);
    expect(run.code).toBe(0);
    expect(run.outputs).toMatchObject({ 'has-changes': 'true', converged: 'false' });
    expect(run.files['polytomic-status.html']).toContain('<h2 id="failed-heading">failed (1)</h2>');
    expect(run.files['polytomic-status.html']).not.toContain('went away');
    const [issue] = acme.github.issues;
    expect(issue).toMatchObject({
      title: 'Polytomic syncs fail',
      state: 'open',
      labels: ['polytomic-failing-syncs'],
    });
    expect(issue?.body).toContain(`\`polytomic-gitops logs sync.customers --execution ${failed}\``);
    expect(run.outputs['comment-url']).toBe(`https://github.test/acme/data/issues/${issue!.number}`);
    await expect(
      stable(issue?.body ?? '')
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, '<instant>')
        .replace(/Commit \w+/, 'Commit <sha>'),
    ).toMatchFileSnapshot('golden/status.md');

    acme.sandbox.failRun({ refuse: [0] });
    await ran(acme);
    await look(acme);
    expect(acme.github.issues).toHaveLength(1);
    expect(acme.github.issues[0]?.body).toContain('records left out');

    await ran(acme);
    await look(acme);
    expect(acme.github.issues[0]).toMatchObject({ state: 'closed' });
    expect(acme.github.issues[0]?.body).toContain('**Nothing fails.** 1 sync looked at.');
    expect(acme.github.comments.at(-1)?.body).toContain('No sync fails any more: [run](');

    acme.sandbox.remove('syncs', sync(acme));
    await look(acme);
    expect(acme.github.issues.map(({ state }) => state)).toEqual(['closed', 'open']);
    expect(acme.github.issues[1]?.body).toContain('deleted outside');
  });

  it('leaves the issue of drift alone, and fails the run where that is asked for, without issues too', async () => {
    const acme = await established(shop);
    acme.sandbox.edit('syncs', sync(acme), { mode: 'create' });
    await acme.drift();
    await look(acme);
    expect(acme.github.issues).toMatchObject([{ title: 'Polytomic drift', state: 'open' }]);
    acme.sandbox.failRun({ error: 'no' });
    await ran(acme);
    acme.github.issuesEnabled = false;
    const run = await look(acme, { 'fail-on-failing-syncs': 'true' });
    expect(run.code).toBe(1);
    expect(run.summary).toContain('**1 sync of 1 fails.**');
    expect(run.annotations.map(({ level }) => level)).toEqual(['notice', 'error', 'error']);
    expect(acme.github.issues).toHaveLength(1);
  });

  it('has an issue for each environment, with commands that name it', async () => {
    const acme = await team({ 'README.md': 'Data\n' });
    const inputs = { environment: 'north,south' };
    const number = await acme.propose('first', {
      ...shop,
      'polytomic.config.yaml': 'environments: { north: {}, south: {} }\n',
    });
    await acme.plan(number, { inputs: { environment: 'north' } });
    expect((await acme.merge(number, { inputs: { ...inputs, 'require-approved-plan': 'false' } })).code).toBe(
      0,
    );
    acme.sandbox.failRun({ error: 'no' });
    await ran(acme);
    await look(acme, inputs);
    expect(acme.github.issues.map(({ title }) => title)).toEqual([
      'Polytomic syncs fail: north',
      'Polytomic syncs fail: south',
    ]);
    expect(acme.github.issues[1]?.body).toContain('polytomic-gitops --env south logs sync.customers');
    await ran(acme);
    await look(acme, { environment: 'south' });
    expect(acme.github.issues.map(({ state }) => state)).toEqual(['open', 'closed']);
  });

  it('writes nothing where comments are off, and asks for a key', async () => {
    const acme = await established(shop);
    acme.sandbox.failRun({ error: 'no' });
    await ran(acme);
    await look(acme, { comment: 'false' });
    expect(acme.github.issues).toEqual([]);
    const run = await look(acme, { 'api-key': '' });
    expect([run.code, run.annotations[0]?.message]).toEqual([
      1,
      expect.stringContaining('was given no API key'),
    ]);
  });

  it('has no cell of a row, and no text of a run, in an issue, a comment, the log, the summary or a file', async () => {
    const acme = await established(shop);
    withRows(acme);
    for (const fault of [{ error: `${CANARY} is no date`, after: 1 }, { refuse: [0, 1] }]) {
      acme.sandbox.failRun(fault);
      await ran(acme);
      const runs = [await look(acme), await acme.drift(), await acme.plan(1)];
      const left = JSON.stringify([runs, acme.github.issues, acme.github.comments]);
      expect(left.replaceAll(/canary-(database|warehouse|unused)/g, '')).not.toContain(CANARY);
      expect(acme.github.issues[0]?.body).toContain('`sync.customers`');
    }
    expect(JSON.stringify(acme.sandbox.list('executions'))).toContain('canary-1@cells.example');
  });
});
