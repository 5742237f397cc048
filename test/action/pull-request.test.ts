/** What happens on a pull request. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { established, team, teamSecrets } from '../support/team.js';
import { filesIn } from '../support/examples.js';
import { folded } from '../support/folded.js';
import { shop } from '../support/workbench.js';

describe('a pull request', () => {
  it('gets one comment with its plan, and the outputs say what it amounts to', async () => {
    const acme = await team({ 'README.md': 'Data\n' }, { real: true });
    const run = await acme.plan(await acme.propose('shop', shop));
    expect(run.code).toBe(0);
    expect(acme.github.comments).toHaveLength(1);
    await expect(folded(acme.github.comments[0]!.body)).toMatchFileSnapshot('golden/plan-comment.md');
    expect(run.outputs).toMatchObject({
      'has-changes': 'true',
      creates: '4',
      updates: '0',
      deletes: '0',
      replaces: '0',
      converged: 'false',
      'comment-url': 'https://github.test/acme/data/issues/1#issuecomment-1000',
    });
    expect(run.outputs['digest']).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(JSON.parse(run.files['polytomic-plan.json'] ?? '')).toMatchObject({ formatVersion: 2 });
    expect(run.files['polytomic-plan.md']).toContain('Plan: 4 to create.');
    const page = run.files['polytomic-plan.html'] ?? '';
    expect(page).toContain('<b>4</b> to create');
    expect(page).toContain('<a href="#change-sync.customers"><g class="box create"');
    expect(page).toMatch(
      /<code><a href="https:\/\/github\.test\/acme\/data\/blob\/[0-9a-f]{40}\/polytomic\/customers\.yaml#L8">polytomic\/customers\.yaml:8<\/a>/,
    );
    expect(page).toContain('<a href="https://github.test/acme/data/actions/runs/4242">4242</a>');
    expect(run.summary).toContain('Plan: 4 to create.');
    expect(run.log).toContain('+ connection.db "Shop database" will be created');
    expect(acme.sandbox.list('connections')).toHaveLength(0);
  });

  it('has its comment updated in place, others of it removed, and marked when nothing is left to change', async () => {
    const acme = await established(shop);
    const connections = shop['polytomic/connections.yaml']!;
    const number = await acme.propose('names', {
      'polytomic/connections.yaml': connections.replace('Shop database', 'Shop').replace('5432', '5433'),
    });
    await acme.plan(number);
    const [first] = acme.github.comments;
    expect(first?.body).toContain('5433');
    acme.github.comments.push({ ...first!, id: 2000 });
    await acme.repository.commit('names', {
      'polytomic/connections.yaml': connections.replace('Shop database', 'Shop'),
    });
    await acme.plan(number);
    expect(acme.github.comments.map(({ id }) => id)).toEqual([first!.id]);
    expect(acme.github.comments[0]?.body).toContain('Plan: 1 to update. 3 unchanged.');
    expect(acme.github.comments[0]?.body).not.toContain('5433');
    await acme.repository.commit('names', { 'polytomic/connections.yaml': connections });
    const run = await acme.plan(number);
    expect(acme.github.comments).toHaveLength(1);
    expect(acme.github.comments[0]?.body).toContain('No changes. 4 resources are as the manifests say.');
    expect(run.outputs).toMatchObject({ 'has-changes': 'false', converged: 'true' });
  });

  it('that changes nothing gets no comment', async () => {
    const acme = await established(shop);
    const run = await acme.plan(await acme.propose('docs', { 'README.md': 'More data\n' }));
    expect(run.code).toBe(0);
    expect(acme.github.comments).toEqual([]);
    expect(acme.github.requests.filter((request) => !request.startsWith('GET'))).toEqual([
      'POST /api/graphql',
    ]);
  });

  it('has findings on the lines of its manifests, fails for errors, and its comment says so', async () => {
    const acme = await team({ 'README.md': 'Data\n' });
    const number = await acme.propose('shop', {
      'sales/polytomic.config.yaml': '',
      'sales/polytomic/a.yaml':
        'kind: Model\nkey: a\nname: A\nconnection: nowhere\nconfiguration: { table: t }\n',
    });
    const run = await acme.plan(number, { inputs: { 'working-directory': 'sales' } });
    expect(run.code).toBe(1);
    expect(run.annotations.filter(({ file }) => file !== undefined)).toEqual([
      expect.objectContaining({ level: 'error', file: 'sales/polytomic/a.yaml', line: 4, column: 13 }),
    ]);
    const [comment] = acme.github.comments;
    expect(comment?.body).toContain('No plan: there are errors.');
    expect(comment?.body).toContain('[`polytomic/a.yaml:4`](https://github.test/acme/data/blob/');
    expect(comment?.body).toContain('/sales/polytomic/a.yaml#L4)');
    const page = run.files['polytomic-plan-sales.html'] ?? '';
    expect(page).toContain('No plan: there are errors.');
    expect(page).toContain('/sales/polytomic/a.yaml#L4">polytomic/a.yaml:4</a>');
  });

  it('is told what it ends on top of everything else', async () => {
    const acme = await established(shop);
    const number = await acme.propose('less', {
      'polytomic/customers.yaml': null,
      'polytomic/connections.yaml': shop['polytomic/connections.yaml']!.replace('acme', 'acme-us1'),
    });
    const run = await acme.plan(number);
    expect(run.outputs).toMatchObject({ deletes: '2', updates: '1', creates: '0' });
    const { body } = acme.github.comments.find(({ issue }) => issue === number)!;
    await expect(folded(body)).toMatchFileSnapshot('golden/destructive-comment.md');
    expect(body.indexOf('[!CAUTION]')).toBeLessThan(body.indexOf('<details'));
    expect(body).toContain('<details open><summary><code>- model.customers</code>');
    expect(body).toContain('<details><summary><code>~ connection.warehouse</code>');
  });

  it('has a comment for each environment and folder of its own', async () => {
    const config = 'environments:\n  staging: {}\n  production: {}\n';
    const manifest = 'kind: Connection\nkey: a\nname: A\ntype: postgresql\nconfiguration: { hostname: a }\n';
    const acme = await team({ 'one/polytomic.config.yaml': config, 'two/polytomic.config.yaml': config });
    const number = await acme.propose('a', {
      'one/polytomic/a.yaml': manifest,
      'two/polytomic/a.yaml': manifest,
    });
    for (const folder of ['one', 'two'])
      await acme.plan(number, {
        inputs: { 'working-directory': folder, environment: 'staging, production' },
      });
    const { outputs } = await acme.plan(number, {
      inputs: { 'working-directory': 'one', environment: 'staging, production' },
    });
    expect(outputs['html-file']?.split('\n').map((file) => path.basename(file))).toEqual([
      'polytomic-plan-staging-one.html',
      'polytomic-plan-production-one.html',
    ]);
    const titles = acme.github.comments.map(({ body }) => /### (.*)/.exec(body)?.[1]);
    expect(titles).toEqual([
      'Polytomic plan for staging in one',
      'Polytomic plan for production in one',
      'Polytomic plan for staging in two',
      'Polytomic plan for production in two',
    ]);
  });

  it('goes through the organizations of a partner, also where one of them is still to be made', async () => {
    const acme = await team({ 'README.md': 'Data\n' });
    const number = await acme.propose('partner', await filesIn('examples/partner'));
    const run = await acme.plan(number, {
      inputs: {
        'api-key': acme.sandbox.partnerKey,
        environment: 'all',
        secrets: JSON.stringify({ SHOP_PASSWORD: 'a', WAREHOUSE_PASSWORD: 'b', SOUTH_CLIENT_SECRET: 'c' }),
      },
    });
    expect([run.code, run.outputs['creates']]).toEqual([0, '5']);
    const told = acme.github.comments.map(({ body }) => [/### (.*)/.exec(body)?.[1], body] as const);
    expect(told.map(([title]) => title)).toEqual(
      ['account', 'north', 'south'].map((name) => `Polytomic plan for ${name}`),
    );
    expect(told[1]?.[1]).toContain('Nothing can be planned yet.');
    expect(told[1]?.[1]).toContain('an apply of the environment "account" makes it');
  });

  it('is planned in parts where several runners share it, with a comment for each', async () => {
    const acme = await team({ 'README.md': 'Data\n' });
    const number = await acme.propose('six', {
      'polytomic/six.yaml': Array.from(
        { length: 6 },
        (_, index) =>
          `kind: Connection\nkey: c${index}\nname: C${index}\ntype: postgresql\nconfiguration: { hostname: h, database: d, username: u }\n`,
      ).join('---\n'),
    });
    const one = await acme.plan(number, { inputs: { shard: '1/2' } });
    const two = await acme.plan(number, { inputs: { shard: '2/2' } });
    expect(Number(one.outputs['creates']) + Number(two.outputs['creates'])).toBe(6);
    expect(acme.github.comments.map(({ body }) => /### (.*)/.exec(body)?.[1])).toEqual([
      'Polytomic plan for part 1/2',
      'Polytomic plan for part 2/2',
    ]);
  });

  it('with a plan longer than a comment has the counts, what fits, and where the rest is', async () => {
    const acme = await team({ 'README.md': 'Data\n' });
    const many = Array.from(
      { length: 400 },
      (_, index) =>
        `kind: Connection\nkey: c${index}\nname: Connection number ${index}\ntype: postgresql\nconfiguration: { hostname: h${index}.example.com, database: d, username: u }\n`,
    ).join('---\n');
    const run = await acme.plan(await acme.propose('many', { 'polytomic/many.yaml': many }));
    expect(run.code).toBe(0);
    const [comment] = acme.github.comments;
    expect(comment?.body.length).toBeLessThanOrEqual(65_536);
    expect(comment?.body.length).toBeGreaterThan(50_000);
    expect(comment?.body).toContain('Plan: 400 to create.');
    expect(comment?.body).toMatch(
      /\*\*\d+ more parts did not fit here\.\*\* The whole plan is in the \[summary/,
    );
    expect(run.files['polytomic-plan.md']).toContain('Connection number 399');
  });

  it('shows no secret anywhere, and sends none', async () => {
    const acme = await team({ 'README.md': 'Data\n' });
    const run = await acme.plan(await acme.propose('shop', shop));
    const seen = [
      run.log,
      run.summary,
      JSON.stringify(run.outputs),
      JSON.stringify(run.files),
      JSON.stringify(run.annotations),
      ...acme.github.comments.map(({ body }) => body),
    ].join('\n');
    for (const secret of Object.values(teamSecrets)) expect(seen).not.toContain(secret);
    expect(run.masks).toEqual(expect.arrayContaining([teamSecrets['DB_PASSWORD'], 'sandbox-key', 'ghs-bot']));
    expect(run.raw).not.toContain(teamSecrets['UNUSED']);
  });

  it('is planned without comments where none are wanted or no token is given', async () => {
    const acme = await team({ 'README.md': 'Data\n' });
    const number = await acme.propose('shop', shop);
    expect((await acme.plan(number, { inputs: { comment: 'false' } })).outputs['creates']).toBe('4');
    const run = await acme.plan(number, { token: '' });
    expect(run.code).toBe(0);
    expect(run.annotations).toEqual([expect.objectContaining({ level: 'notice' })]);
    expect(acme.github.comments).toEqual([]);
  });

  it.each([
    [{ command: 'aply' }, 'the input command is "aply"\nHint: did you mean "apply"?'],
    [{ secrets: '{' }, 'the input secrets is not JSON'],
    [{ 'max-deletes': 'some' }, 'the input max-deletes is "some"'],
    [{ shard: '3/2' }, 'the input shard is "3/2"'],
    [{ comment: 'perhaps' }, 'the input comment is "perhaps"'],
    [{ environment: 'nowhere' }, 'the configuration file has no environment "nowhere"'],
    [{ 'working-directory': 'nowhere' }, 'there is no folder'],
    [{ 'api-key': 'wrong-key' }, 'POLYTOMIC_API_KEY'],
  ])('that is run with %j is told what to correct', async (inputs, message) => {
    const acme = await team(shop);
    const run = await acme.plan(await acme.propose('a', { 'README.md': '' }), { inputs });
    expect(run.code).toBe(1);
    expect(run.annotations.map((each) => each.message).join('\n')).toContain(message);
    expect(run.raw).not.toContain('    at ');
  });
});
