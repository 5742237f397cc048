import { describe, expect, it } from 'vitest';
import { applyWorkspace, loadSettings, planWorkspace, type Settings } from '../../src/workspace.js';
import type { Outcome } from '../../src/index.js';
import { shop, workbench, type Workbench } from '../support/workbench.js';

const settingsOf = async (bench: Workbench): Promise<Settings> => ({
  ...(await loadSettings({ cwd: bench.root, environment: bench.environment })),
  retryDelay: 1,
  timeout: 2000,
});

const applyWith = async (bench: Workbench, prepare: () => void): Promise<Outcome> => {
  const settings = await settingsOf(bench);
  const { ready } = await planWorkspace({ settings });
  prepare();
  return applyWorkspace({ settings, ready: ready!, jobs: { interval: 1 } });
};

const statuses = ({ results }: Outcome): Record<string, string> =>
  Object.fromEntries(results.map(({ change, status }) => [change.address, status]));

describe('an apply that goes wrong', () => {
  it('reports the resource, stops what depends on it, and does the rest', async () => {
    const bench = await workbench(shop, { real: true });
    bench.environment['DB_PASSWORD'] = 'wrong-password';
    const { code, out, err } = await bench.cli('apply', '--yes');
    expect(code).toBe(3);
    expect(out).toContain('+ connection.warehouse created');
    expect(out).toContain('✗ connection.db failed');
    expect(out).toContain('! model.customers skipped: connection.db was not done');
    expect(out).toContain('Applied: 1 created, 1 failed, 2 skipped');
    expect(err).toContain(
      'polytomic/connections.yaml:1:1\n  error: creating connection.db: PostgreSQL refused the credentials',
    );
    expect(err).toContain('hint:');
    expect(err).not.toContain('    at ');
    bench.environment['DB_PASSWORD'] = 'right-password';
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
    expect(bench.sandbox.list('connections')).toHaveLength(2);
  });

  it('a model whose job fails says what the job says', async () => {
    const bench = await workbench({ ...shop });
    await bench.write({
      'polytomic/customers.yaml': shop['polytomic/customers.yaml']!.replace(
        'company.customers }',
        'missing.customers }',
      ),
    });
    const { code, err } = await bench.cli('apply', '--yes');
    expect(code).toBe(3);
    expect(err).toContain('creating model.customers: table missing.customers does not exist');
  });

  it.each([
    ['the answer is lost', { drop: 'before', afterEffect: true }],
    ['the answer is cut short', { drop: 'within', afterEffect: true }],
    ['the answer is a 500, though the object was made', { status: 500, afterEffect: true }],
  ] as const)('makes nothing twice where %s', async (_what, fault) => {
    const bench = await workbench(shop, { real: true });
    const outcome = await applyWith(bench, () =>
      bench.sandbox.failNext({ method: 'POST', path: /connections$/, ...fault }),
    );
    expect(new Set(Object.values(statuses(outcome)))).toEqual(new Set(['done']));
    expect(bench.sandbox.list('connections')).toHaveLength(2);
    expect((await bench.cli('plan', '--detailed-exitcode')).code).toBe(0);
  });

  it('tries again under another key where a 500 made nothing', async () => {
    const bench = await workbench(shop, { real: true });
    const outcome = await applyWith(bench, () =>
      bench.sandbox.failNext({ method: 'POST', path: /models$/, status: 500 }),
    );
    expect(statuses(outcome)['model.customers']).toBe('done');
    const keys = bench.sandbox.requests
      .filter(({ method, path }) => method === 'POST' && path === '/api/models')
      .map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(2);
  });

  it('waits as Retry-After says and goes on', async () => {
    const bench = await workbench(shop, { real: true });
    const outcome = await applyWith(bench, () =>
      bench.sandbox.failNext({ method: 'POST', status: 429, times: 2, headers: { 'retry-after': '0' } }),
    );
    expect(new Set(Object.values(statuses(outcome)))).toEqual(new Set(['done']));
  });

  it('starts nothing more after an interruption, and keeps what is done', async () => {
    const bench = await workbench(shop, { real: true });
    const settings = await settingsOf(bench);
    const { ready } = await planWorkspace({ settings });
    const controller = new AbortController();
    const outcome = await applyWorkspace({
      settings,
      ready: ready!,
      signal: controller.signal,
      onEvent: ({ type }) => type === 'finished' && controller.abort(),
    });
    expect(outcome.interrupted).toBe(true);
    expect(statuses(outcome)).toMatchObject({ 'model.customers': 'skipped', 'sync.customers': 'skipped' });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(bench.sandbox.list('connections')).toHaveLength(2);
  });

  it('a delete of something that others use names them', async () => {
    const bench = await workbench(shop, { real: true });
    await bench.cli('apply', '--yes');
    const [connection] = bench.sandbox.list('connections').filter(({ name }) => name === 'Shop database');
    const [model] = bench.sandbox.list('models');
    await bench.write({
      'polytomic/customers.yaml': shop['polytomic/customers.yaml']!.split('---\n')[0]!
        .replace('name: Customers', 'name: Customers')
        .replace('connection: db', `connection: { id: ${connection!.id} }`),
    });
    await bench.write({
      'polytomic/connections.yaml': shop['polytomic/connections.yaml']!.split('---\n')[1]!,
    });
    const { code, err } = await bench.cli('apply', '--yes');
    expect(code).not.toBe(0);
    expect(err).toContain('connection in use');
    expect(err).toContain(`model "Customers" (${model!.id})`);
  });
});

describe('a plan that cannot read', () => {
  it.each([
    [401, 'check POLYTOMIC_API_KEY'],
    [403, 'the key may not do this'],
    [404, 'it may have been deleted meanwhile'],
    [409, 'something else works on it'],
    [422, 'the API refuses the values'],
  ])('for %i says which list and what to do', async (status, hint) => {
    const bench = await workbench(shop, { real: true });
    bench.sandbox.failNext({ path: /models$/, status });
    const { code, err } = await bench.cli('plan');
    expect(code).toBe(1);
    expect(err).toContain('reading the list of models');
    expect(err).toContain(hint);
    expect(err).not.toContain('    at ');
  });

  it('for HTML in place of JSON points at the url', async () => {
    const bench = await workbench(shop, { real: true });
    bench.sandbox.failNext({ path: /models$/, status: 200, body: '<html>Sign in</html>' });
    const { err } = await bench.cli('plan');
    expect(err).toContain('the answer is a web page, not JSON');
  });

  it('for a server that stays broken gives up and says so', async () => {
    const bench = await workbench(shop, { real: true });
    bench.sandbox.failNext({ path: /syncs$/, status: 503, times: 10 });
    await expect(planWorkspace({ settings: await settingsOf(bench) })).rejects.toMatchObject({
      diagnostics: [{ code: 'api-503', hint: expect.stringContaining('tell Polytomic') as string }],
    });
  });

  it('without a key, a host or the right organization', async () => {
    const bench = await workbench(shop, { real: true });
    await bench.cli('apply', '--yes');
    delete bench.environment['POLYTOMIC_API_KEY'];
    expect((await bench.cli('plan')).err).toContain('POLYTOMIC_API_KEY has no value');
    bench.environment['POLYTOMIC_API_KEY'] = 'wrong';
    expect((await bench.cli('whoami')).err).toContain('check POLYTOMIC_API_KEY');
    bench.environment['POLYTOMIC_API_KEY'] = bench.sandbox.apiKey;
    const state = await bench.read('.polytomic/state/default.json');
    await bench.write({
      '.polytomic/state/default.json': state.replace(
        bench.sandbox.organization.id,
        '00000000-0000-4000-8000-000000000000',
      ),
    });
    expect((await bench.cli('plan')).err).toContain('the state belongs to organization');
    await bench.write({ '.polytomic/state/default.json': '{' });
    expect((await bench.cli('plan')).err).toContain('the state is damaged');
  });
});
