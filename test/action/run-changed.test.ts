/** From the merge to the rows: what an apply changed is run, and the pull request is told what came of it. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { events } from '../support/events.js';
import { folded } from '../support/folded.js';
import { established, type Team } from '../support/team.js';
import { shop, stable } from '../support/workbench.js';

const CUSTOMERS = 'polytomic/customers.yaml';
const text = shop[CUSTOMERS]!;
const mapped = { [CUSTOMERS]: text.replace('customers.first_name', 'customers.last_name') };
const given = { inputs: { run: 'changed' } };

const rows = ({ sandbox }: Team): readonly JsonObject[] => {
  const warehouse = sandbox.list('connections').find(({ name }) => name === 'Warehouse');
  return sandbox.rows(warehouse?.id ?? '', 'CUSTOMERS.CONTACTS');
};

const outcomes = ({ github }: Team): readonly string[] =>
  github.comments.filter(({ body }) => body.includes('polytomic-gitops:outcome')).map(({ body }) => body);

const merged = async (
  files: Readonly<Record<string, string>>,
  real = false,
): Promise<{ acme: Team; number: number }> => {
  const acme = await established(shop, { real });
  const number = await acme.propose('change', files);
  await acme.plan(number);
  return { acme, number };
};

const again = async (acme: Team, inputs = given): Promise<Awaited<ReturnType<Team['run']>>> => {
  const head = acme.github.branches.get('main')!;
  return acme.run(await acme.repository.checkout('main'), events.push(acme.github, head, head), inputs);
};

describe('run: changed', () => {
  it('brings a mapping of a pull request into the rows of the target, and tells the pull request', async () => {
    // As the runner does it, by the bundle.
    const { acme, number } = await merged(mapped, true);
    const run = await acme.merge(number, given);
    expect([run.code, run.annotations]).toEqual([0, []]);
    expect(run.outputs).toMatchObject({ runs: '1', 'failed-runs': '0', converged: 'true' });
    expect(rows(acme)[0]).toMatchObject({ EMAIL: 'person6@example.com', FIRST_NAME: 'last_name 6' });
    expect(outcomes(acme)).toHaveLength(1);
    await expect(
      stable(folded(outcomes(acme)[0]!)).replaceAll(/\| \d+ (s|min) (?=\|)/g, '| <time> '),
    ).toMatchFileSnapshot('golden/run-comment.md');
    // No cell of a row.
    for (const told of [run.raw, ...acme.github.comments.map(({ body }) => body)])
      expect(told).not.toMatch(/person6@example\.com|last_name 6/);
    const nothing = await again(acme);
    expect([nothing.code, nothing.outputs['runs']]).toEqual([0, '0']);
  });

  it('fails the job where a run fails, says nothing of its records, and runs it again with the job', async () => {
    const { acme, number } = await merged(mapped);
    const id = acme.sandbox.list('syncs')[0]!.id;
    acme.sandbox.failRun({ sync: id, error: 'duplicate key person6@example.com' });
    const run = await acme.merge(number, given);
    expect(run.code).toBe(1);
    expect(run.outputs).toMatchObject({ updates: '1', runs: '1', 'failed-runs': '1' });
    expect(outcomes(acme)[0]).toContain('| `sync.customers` | ❌ failed |');
    expect(outcomes(acme)[0]).toContain('polytomic-gitops logs sync.customers --execution');
    expect(`${run.raw} ${outcomes(acme)[0]!}`).not.toContain('person6@example.com');
    const retried = await again(acme);
    expect([retried.code, retried.outputs['runs']]).toEqual([0, '1']);
    expect(rows(acme)[0]).toMatchObject({ FIRST_NAME: 'last_name 6' });
  });

  it('waits no longer than it may, and says that it goes on', async () => {
    const { acme, number } = await merged(mapped);
    const run = await acme.merge(number, { inputs: { run: 'changed', 'run-timeout': '0' } });
    expect([run.code, run.outputs['failed-runs']]).toEqual([1, '1']);
    expect(outcomes(acme)[0]).toContain('⏳ still running');
    expect(run.annotations.map(({ message }) => message).join('\n')).toContain('within 0 minutes');
  });

  it('runs nothing where it is not asked to, where the apply failed, or where nothing that runs was changed', async () => {
    const { acme, number } = await merged(mapped);
    expect((await acme.merge(number)).outputs['runs']).toBe('0');
    expect(acme.sandbox.list('executions')).toEqual([]);
    const other = await merged(mapped);
    other.acme.sandbox.failNext({ method: 'PUT', path: /syncs/, status: 422 });
    expect((await other.acme.merge(other.number, given)).outputs).toMatchObject({ runs: '0' });
    const third = await merged({
      'polytomic/connections.yaml': shop['polytomic/connections.yaml']!.replace('Shop database', 'Shop'),
    });
    const run = await third.acme.merge(third.number, given);
    expect([run.code, run.outputs['runs']]).toEqual([0, '0']);
    expect(outcomes(third.acme)[0]).not.toContain('Ran:');
  });

  it('says which input it does not understand', async () => {
    const acme = await established(shop);
    const run = await again(acme, { inputs: { run: 'chnged', 'run-timeout': 'soon' } as never });
    expect(run.annotations[0]?.message).toContain('did you mean "changed"?');
  });
});
