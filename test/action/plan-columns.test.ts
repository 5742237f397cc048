/** What a plan does to the data, on a pull request. */
import { describe, expect, it } from 'vitest';
import { folded } from '../support/folded.js';
import { established, type Team } from '../support/team.js';
import { shop } from '../support/workbench.js';

const customers = shop['polytomic/customers.yaml']!;
const reading = (columns: string): Readonly<Record<string, string>> => ({
  'polytomic/customers.yaml': customers.replace(
    '{ table: company.customers }',
    `{ query: 'SELECT ${columns} FROM company.customers' }`,
  ),
});
const kept = reading('id, email, first_name, score');

const previews = ({ sandbox }: Team): number =>
  sandbox.requests.filter(({ path }) => path === '/api/model-preview').length;

describe('a pull request that changes a model', () => {
  it('shows which columns come, go and change their type', async () => {
    const acme = await established(shop);
    const run = await acme.plan(await acme.propose('score', kept));
    expect(run.code).toBe(0);
    await expect(folded(acme.github.comments[0]!.body)).toMatchFileSnapshot('golden/columns-comment.md');
    expect(previews(acme)).toBe(1);
  });

  it('is merged and applied by the digest of its plan, for which nothing is asked again', async () => {
    const acme = await established(shop);
    const number = await acme.propose('score', kept);
    await acme.plan(number);
    const run = await acme.merge(number);
    expect([run.code, previews(acme)]).toEqual([0, 1]);
    expect(acme.sandbox.list('models')[0]).toMatchObject({
      configuration: { query: 'SELECT id, email, first_name, score FROM company.customers' },
    });
  });

  it('fails at the line of a sync whose column goes away', async () => {
    const acme = await established(shop);
    const run = await acme.plan(await acme.propose('score', reading('id, email, score')));
    expect(run.code).toBe(1);
    expect(run.annotations.map(({ message }) => message).join()).toContain(
      'this plan takes the column "first_name" from model customers',
    );
    expect(acme.github.comments[0]?.body).toContain('No plan: there are errors.');
  });

  it('has no query run where it is a stranger’s, or where the configuration says no', async () => {
    const acme = await established(shop);
    const number = await acme.propose('score', kept, 'mallory/data');
    expect((await acme.plan(number, { token: acme.github.tokens.readOnly })).code).toBe(0);
    await acme.plan(await acme.propose('none', { ...kept, 'polytomic.config.yaml': 'previews: false\n' }));
    expect(acme.github.comments[0]?.body).toContain('1 to update');
    expect(previews(acme)).toBe(0);
  });
});
