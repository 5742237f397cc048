/** What lives, as a pull request. */
import { describe, expect, it } from 'vitest';
import { events } from '../support/events.js';
import { established, type Team } from '../support/team.js';
import type { ActionRun } from '../support/runner.js';
import { shop } from '../support/workbench.js';

const exportIt = async (acme: Team): Promise<ActionRun> =>
  acme.run(await acme.repository.checkout('main'), events.dispatch(acme.github), {
    inputs: { command: 'export' },
  });

describe('an export', () => {
  it('opens a pull request, keeps it up to date, and closes it when there is nothing to bring', async () => {
    const acme = await established(shop, { real: true });
    const files = (): Readonly<Record<string, string>> =>
      acme.github.written.get(acme.github.branches.get('polytomic-export')!)!;
    await exportIt(acme);
    expect(Object.keys(files())).toEqual(['.env.example']);
    await acme.repository.commit('main', files());
    expect((await exportIt(acme)).outputs).toMatchObject({ 'has-changes': 'false', 'comment-url': '' });
    expect(acme.github.pulls.filter(({ state }) => state === 'open')).toEqual([]);

    const sync = acme.sandbox.list('syncs')[0]!;
    acme.sandbox.edit('syncs', sync.id, { mode: 'create' });
    const run = await exportIt(acme);
    expect(run.code).toBe(0);
    const [pull] = acme.github.pulls.filter(({ state }) => state === 'open');
    expect(pull).toMatchObject({
      title: 'Polytomic: manifests of what lives',
      base: 'main',
      head: { ref: 'polytomic-export' },
    });
    expect(run.outputs['comment-url']).toBe(`https://github.test/acme/data/pull/${pull!.number}`);
    expect(files()).toEqual({
      'polytomic/customers.yaml': shop['polytomic/customers.yaml']!.replace('updateOrCreate', 'create'),
    });
    // Neither the state nor what lives is touched.
    expect((await acme.drift()).outputs['has-changes']).toBe('true');

    const tip = acme.github.branches.get('polytomic-export');
    await exportIt(acme);
    expect(acme.github.branches.get('polytomic-export')).toBe(tip);
    acme.sandbox.edit('syncs', sync.id, { mode: 'update' });
    await exportIt(acme);
    expect(files()['polytomic/customers.yaml']).toContain('mode: update\n');
    expect(acme.github.pulls.filter(({ state }) => state === 'open')).toHaveLength(1);

    acme.sandbox.edit('syncs', sync.id, { mode: 'updateOrCreate' });
    await exportIt(acme);
    expect(acme.github.pulls.find(({ number }) => number === pull!.number)?.state).toBe('closed');
  });
});
