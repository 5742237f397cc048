/** Requests of a killed run that land while later runs are at work: nothing twice, nothing lost. */
import { describe, expect, it } from 'vitest';
import { asText } from '../../src/core/text.js';
import { answered, hold, runKilled, type Held } from '../support/killing.js';
import { workbench, type Workbench, type WorkbenchOptions } from '../support/workbench.js';

const file = 'polytomic/all.yaml';
const journal = '.polytomic/journal/default.jsonl';

const connection = (host = 'h'): string =>
  `kind: Connection\nkey: db\nname: Database\ntype: postgresql\nconfiguration: { hostname: ${host}, password: "\${secret:DB_PASSWORD}" }\n`;
/** One that nothing refers to, and that a shard of five has for itself. */
const elsewhere = (host: string): string =>
  `---\nkind: Connection\nkey: z0\nname: Elsewhere\ntype: postgresql\nlabels: { key: z0 }\nconfiguration: { hostname: ${host} }\n`;
/** Two of them share a name. */
const models = (table = 'customers', fields = ''): string =>
  ['a', 'b', 'c']
    .map(
      (key, index) =>
        `---\nkind: Model\nkey: ${key}\nname: Model ${index % 2}\nconnection: db\nlabels: { key: ${key} }\nconfiguration: { table: company.${table} }\n${fields}`,
    )
    .join('');

const creates = { method: 'POST', path: /^\/api\/models$/ } as const;

/** A repository whose connection is there, and whose three models were sent by a run that was killed. */
const begin = async (options: WorkbenchOptions = {}): Promise<{ bench: Workbench; held: Held }> => {
  const bench = await workbench({ [file]: `${connection()}${elsewhere('h')}` }, { ...options, real: true });
  expect((await bench.cli('apply', '--yes')).code).toBe(0);
  await bench.write({ [file]: `${connection()}${models()}${elsewhere('h')}` });
  const held = hold(bench, { ...creates, times: 3 });
  expect(await runKilled(bench, held.arrived(3), 'apply', '--yes')).toBe('SIGKILL');
  expect(bench.sandbox.list('models')).toEqual([]);
  return { bench, held };
};

const refusedAsInFlight = async (bench: Workbench): Promise<void> =>
  answered(bench, ({ method, status }) => method === 'POST' && status === 409);

const expectWhole = async (bench: Workbench): Promise<void> => {
  const plan = await bench.cli('plan', '--detailed-exitcode');
  expect([plan.code, plan.err, plan.out]).toEqual([
    0,
    '',
    expect.stringContaining('No changes. 5 resources are as the manifests say.'),
  ]);
  expect(plan.out).not.toContain('Not managed here');
  expect(
    bench.sandbox
      .list('models')
      .map(({ name }) => asText(name))
      .sort(),
  ).toEqual(['Model 0', 'Model 0', 'Model 1']);
  await expect(bench.read(journal)).rejects.toThrow('ENOENT');
};

describe('creates that are still under way when their run is killed', () => {
  it('are waited for by the next run, and made once', async () => {
    const { bench, held } = await begin();
    const next = bench.cli('apply', '--yes');
    await refusedAsInFlight(bench);
    held.letGo();
    const { code, out, err } = await next;
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Applied: 3 created');
    await expectWhole(bench);
  });

  it('land between two runs, and are found', async () => {
    const { bench, held } = await begin();
    held.letGo();
    await answered(
      bench,
      ({ method, path, status }) => method === 'POST' && path.includes('models') && status === 201,
    );
    const { code, out } = await bench.cli('apply', '--yes');
    expect(code).toBe(0);
    expect(out).toContain('A run before this one was killed; what it did is known: ');
    await expectWhole(bench);
  });

  it('are waited for by the run after a second one that was killed, too', async () => {
    const { bench, held } = await begin();
    expect(await runKilled(bench, refusedAsInFlight(bench), 'apply', '--yes')).toBe('SIGKILL');
    bench.sandbox.clearRequests();
    const next = bench.cli('apply', '--yes');
    await refusedAsInFlight(bench);
    held.letGo();
    expect((await next).code).toBe(0);
    await expectWhole(bench);
  });

  it.each([
    ['--target', ['--target', 'connection.z0']],
    ['--exclude', ['--exclude', 'model.a', '--exclude', 'model.b', '--exclude', 'model.c']],
    ['--kind', ['--kind', 'Connection']],
    ['--selector', ['--selector', 'key=z0']],
    ['--shard', ['--shard', '4/5']],
  ])('are not forgotten by a run with %s', async (_flag, args) => {
    const { bench, held } = await begin();
    await bench.write({ [file]: `${connection()}${models()}${elsewhere('other')}` });
    expect((await bench.cli('apply', '--yes', ...args)).out).toContain('Applied: 1 updated');
    expect(await bench.read(journal)).toContain('"step":"model.a"');
    held.letGo();
    await answered(
      bench,
      ({ method, path, status }) => method === 'POST' && path.includes('models') && status === 201,
    );
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    await expectWhole(bench);
  });

  it('are not forgotten where the answer to the question is no', async () => {
    const { bench, held } = await begin({ io: { ask: async () => Promise.resolve('no') } });
    expect((await bench.cli('apply')).code).toBe(1);
    const next = bench.cli('apply', '--yes');
    await refusedAsInFlight(bench);
    held.letGo();
    expect((await next).code).toBe(0);
    await expectWhole(bench);
  });

  it('are told of where they land beside what was made in their place', async () => {
    const { bench, held } = await begin();
    await bench.write({ [file]: `${connection()}${models('accounts')}${elsewhere('h')}` });
    let number = 0;
    bench.sandbox.failNext({
      ...creates,
      times: 3,
      until: async () => {
        number += 1;
        if (number === 3) held.letGo();
        return Promise.resolve();
      },
    });
    const { code, err } = await bench.cli('apply', '--yes');
    expect(code).toBe(0);
    const late = bench.sandbox
      .list('models')
      .filter(
        ({ configuration }) => asText((configuration as { table?: string }).table) === 'company.customers',
      );
    expect(late).toHaveLength(3);
    for (const { id } of late)
      expect(err).toContain(`(${id}) was made by a run that was killed, beside the one that model.`);
    const plan = await bench.cli('plan');
    for (const { id } of late) expect(plan.err).toContain(`(${id}) was made by a run that was killed`);
    for (const { id } of late) bench.sandbox.remove('models', id);
    const after = await bench.cli('plan', '--detailed-exitcode');
    expect([after.code, after.err]).toEqual([0, '']);
  });

  it.each([
    ['deleted', (bench: Workbench, id: string) => bench.sandbox.remove('models', id)],
    // What somebody did since is told by the plan after the one that found it.
    ['renamed', (bench: Workbench, id: string) => bench.sandbox.edit('models', id, { name: 'Other' })],
    [
      'edited',
      (bench: Workbench, id: string) =>
        bench.sandbox.edit('models', id, { configuration: { table: 'company.accounts' } }),
    ],
  ])('and were %s by somebody when they had landed end as the manifests say', async (what, change) => {
    const { bench, held } = await begin();
    held.letGo();
    await answered(
      bench,
      ({ method, path, status }) => method === 'POST' && path.includes('models') && status === 201,
    );
    for (const { id } of bench.sandbox.list('models')) change(bench, id);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    if (what === 'renamed') expect((await bench.cli('apply', '--yes')).out).toContain('3 updated');
    await expectWhole(bench);
  });
});

describe('an object that was made twice, and that no journal tells of', () => {
  it('is in every plan', async () => {
    const all = { [file]: `${connection()}${models()}${elsewhere('h')}` };
    const bench = await workbench(all, { real: true });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    const sent = bench.sandbox.requests.filter(
      ({ method, path }) => method === 'POST' && path === '/api/models',
    );
    for (const { body, headers } of sent)
      await fetch(`${bench.sandbox.url}/api/models`, {
        method: 'POST',
        headers: {
          authorization: headers['authorization'] ?? '',
          'x-polytomic-version': headers['x-polytomic-version'] ?? '',
        },
        body: JSON.stringify(body),
      });
    const { code, out } = await bench.cli('plan', '--detailed-exitcode');
    expect(code).toBe(0);
    expect(out).toContain('Not managed here and left alone: 3 models, of which 3 look like duplicates.');
    expect(out).toMatch(/model "Model 1" \(\S+\) looks like a duplicate of model\.b \(\S+\): delete it/);
  });
});

describe('an update that is still under way when its run is killed', () => {
  it('and lands while the next run is at work is no change of somebody else', async () => {
    const bench = await workbench({ [file]: `${connection()}${models()}${elsewhere('h')}` }, { real: true });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    await bench.write({ [file]: `${connection()}${models('accounts')}${elsewhere('h')}` });
    const held = hold(bench, { method: 'PUT', times: 3 });
    expect(await runKilled(bench, held.arrived(3), 'apply', '--yes')).toBe('SIGKILL');
    // They land when the next run has planned, and looks at each of them once more.
    await bench.write({ [file]: `${connection()}${models('teams')}${elsewhere('h')}` });
    bench.sandbox.failNext({
      method: 'GET',
      path: /^\/api\/models\/./,
      times: 3,
      until: async () => {
        held.letGo();
        await answered(bench, ({ method, status }) => method === 'PUT' && status === 200);
      },
    });
    bench.sandbox.clearRequests();
    const { code, err } = await bench.cli('apply', '--yes');
    expect([code, err]).toEqual([0, '']);
    await expectWhole(bench);
    for (const { configuration } of bench.sandbox.list('models'))
      expect(configuration).toMatchObject({ table: 'company.teams' });
  });
});
