/** Many organizations, many runners. */
import { describe, expect, it } from 'vitest';
import { workbench, type Workbench } from '../support/workbench.js';

const connection = (index: number): string =>
  `kind: Connection\nkey: c${index}\nname: C${index}\ntype: postgresql\nconfiguration: { hostname: h${index} }\n---\nkind: Model\nkey: m${index}\nname: M${index}\nconnection: c${index}\nconfiguration: { table: company.teams }\n`;
const ten = {
  'polytomic/all.yaml': Array.from({ length: 10 }, (_, index) => connection(index)).join('---\n'),
};

const matrixOf = async (bench: Workbench, ...args: readonly string[]): Promise<unknown> =>
  (JSON.parse((await bench.cli('matrix', ...args)).out) as { include: unknown }).include;

describe('matrix', () => {
  const config = {
    'polytomic.config.yaml': `environments:\n${['acme', 'beta', 'gamma', 'delta', 'omega'].map((name) => `  ${name}: {}\n`).join('')}`,
  };

  it('is a job for each environment, on one line', async () => {
    const bench = await workbench(config);
    const { out, code } = await bench.cli('matrix');
    expect(code).toBe(0);
    expect(out.split('\n')).toHaveLength(2);
    expect(await matrixOf(bench)).toEqual(
      ['acme', 'beta', 'gamma', 'delta', 'omega'].map((environment) => ({ environment, shard: '1/1' })),
    );
    expect(bench.sandbox.requests).toEqual([]);
  });

  it('puts environments together where there are more than jobs', async () => {
    const bench = await workbench(config);
    expect(await matrixOf(bench, '--max-jobs', '2')).toEqual([
      { environment: 'acme,beta', shard: '1/1' },
      { environment: 'gamma,delta,omega', shard: '1/1' },
    ]);
    expect(await matrixOf(bench, '--max-jobs', '4', '--shards', '2')).toEqual([
      { environment: 'acme,beta', shard: '1/2' },
      { environment: 'acme,beta', shard: '2/2' },
      { environment: 'gamma,delta,omega', shard: '1/2' },
      { environment: 'gamma,delta,omega', shard: '2/2' },
    ]);
  });

  it('refuses more parts of one environment than jobs', async () => {
    const { code, out, err } = await (
      await workbench(config)
    ).cli('matrix', '--max-jobs', '4', '--shards', '5');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('5 parts of one environment are 5 jobs, and --max-jobs allows 4');
  });

  it('is one job without environments', async () => {
    expect(await matrixOf(await workbench({}))).toEqual([{ environment: '', shard: '1/1' }]);
  });
});

describe('a shard', () => {
  it('does its part; all of them, in any order, do the whole', async () => {
    const bench = await workbench(ten);
    const first = await bench.cli('plan', '--shard', '1/3');
    expect(first.out).toMatch(/Not selected, and left out: \d+ changes\./);
    for (const shard of ['3/3', '1/3', '2/3'])
      expect((await bench.cli('apply', '--yes', '--shard', shard)).code).toBe(0);
    expect((await bench.cli('plan')).out).toContain('No changes. 20 resources are as the manifests say.');
    expect(bench.sandbox.list('models')).toHaveLength(10);
  });

  it('waits for another one of the same state', async () => {
    const bench = await workbench(ten);
    const runs = await Promise.all(
      ['1/2', '2/2'].map(async (shard) =>
        bench.cli('apply', '--yes', '--shard', shard, '--lock-timeout', '60'),
      ),
    );
    expect(runs.map(({ code, out, err }) => [code, code === 0 ? '' : out + err])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect((await bench.cli('plan')).out).toContain('No changes.');
  });

  it('is saved with its plan', async () => {
    const bench = await workbench(ten);
    await bench.cli('plan', '--shard', '1/2', '--out', 'plan.json');
    const { out, code } = await bench.cli('apply', 'plan.json');
    expect(code).toBe(0);
    expect(out).toMatch(/Applied: \d+ created/);
    expect(bench.sandbox.list('models').length).toBeLessThan(10);
  });

  it('looks for drift in its part', async () => {
    const bench = await workbench(ten);
    await bench.cli('apply', '--yes');
    for (const { id } of bench.sandbox.list('models')) bench.sandbox.edit('models', id, { name: 'Other' });
    const drifted = await Promise.all(
      ['1/2', '2/2'].map(async (shard) => {
        const { out } = await bench.cli('--json', 'drift', '--shard', shard);
        return (JSON.parse(out) as { drifted: readonly { address: string }[] }).drifted.map(
          ({ address }) => address,
        );
      }),
    );
    expect(drifted.every((part) => part.length > 0)).toBe(true);
    expect(drifted.flat().toSorted()).toEqual(
      Array.from({ length: 10 }, (_, index) => `model.m${index}`).toSorted(),
    );
  });

  it('accepts what drifted in its part alone', async () => {
    const bench = await workbench(ten);
    await bench.cli('apply', '--yes');
    for (const { id } of bench.sandbox.list('models')) bench.sandbox.edit('models', id, { name: 'Other' });
    const drifted = async (...args: readonly string[]): Promise<number> =>
      (JSON.parse((await bench.cli('--json', 'drift', ...args)).out) as { drifted: readonly unknown[] })
        .drifted.length;
    const part = await drifted('--shard', '1/2');
    expect((await bench.cli('apply', '--refresh-only', '--yes', '--shard', '1/2')).code).toBe(0);
    expect([await drifted('--shard', '1/2'), await drifted()]).toEqual([0, 10 - part]);
    await bench.cli('apply', '--refresh-only', '--yes', '--shard', '2/2');
    expect(await drifted()).toBe(0);
  });

  it('that is none is a mistake on the command line', async () => {
    const bench = await workbench(ten);
    const { code, err } = await bench.cli('plan', '--shard', '3/2');
    expect(code).toBe(1);
    expect(err).toContain("error: option '--shard <part>' argument '3/2' is invalid.");
  });
});

describe('report', () => {
  const hostile = '| <b>@ana</b> `x`';
  const reports = async (): Promise<Workbench> => {
    const bench = await workbench({
      ...ten,
      'polytomic.config.yaml': 'environments:\n  acme: {}\n  beta: {}\n  gamma: {}\n  delta: {}\n',
    });
    const save = async (file: string, ...args: readonly string[]): Promise<void> =>
      bench.write({ [file]: (await bench.cli('--json', ...args)).out });
    await save('reports/acme-1.json', '--env', 'acme', 'plan', '--shard', '1/3');
    await save('reports/acme-3.json', '--env', 'acme', 'plan', '--shard', '3/3');
    await save('reports/beta.json', '--env', 'beta', 'apply', '--yes');
    await bench.cli('--env', 'gamma', 'apply', '--yes');
    await bench.write({
      'polytomic/all.yaml': connection(0).replace('name: M0', `name: ${JSON.stringify(hostile)}`),
    });
    await bench.cli('--env', 'gamma', 'apply', '--yes', '--prune', 'never');
    await bench.write({ 'polytomic/all.yaml': connection(1) });
    await bench.cli('--env', 'gamma', 'plan', '--target', 'model.m0', '--out', 'reports/gamma.json');
    bench.environment['POLYTOMIC_API_KEY'] = 'wrong-key';
    await save('reports/wrong.json', '--env', 'delta', 'plan');
    return bench;
  };

  it('shows many runs as one, and says what is not in order', async () => {
    const bench = await reports();
    const { out, code } = await bench.cli('report', 'reports/*.json');
    expect(code).toBe(1);
    await expect(out).toMatchFileSnapshot('golden/report.txt');
    for (const line of out.split('\n').filter((each) => each.startsWith('|')))
      expect(line.length).toBeLessThanOrEqual(80);
    const markdown = await bench.cli('report', 'reports/*.json', '--format', 'markdown');
    await expect(markdown.out).toMatchFileSnapshot('golden/report.md');
    const json = JSON.parse((await bench.cli('--json', 'report', 'reports/*.json')).out) as object;
    expect(json).toMatchObject({
      failed: true,
      rows: [{ environment: 'acme', missing: ['2/3'] }, {}, {}, {}],
    });
  });

  it('says where two reports tell of the same part', async () => {
    const bench = await workbench(ten);
    await bench.cli('plan', '--out', 'a.json');
    await bench.cli('plan', '--out', 'b.json');
    const { out, code } = await bench.cli('report', 'a.json', 'b.json');
    expect(code).toBe(1);
    expect(out).toContain('a.json and b.json tell of the same part');
  });

  it('counts drift, and apart from it what was changed where no manifest says anything', async () => {
    const bench = await workbench(ten);
    await bench.cli('apply', '--yes');
    const [one, two] = bench.sandbox.list('models');
    bench.sandbox.edit('models', one!.id, { name: 'Other' });
    bench.sandbox.edit('models', two!.id, { tracking_columns: ['id'] });
    await bench.write({ 'a.json': (await bench.cli('--json', 'drift')).out });
    const { out } = await bench.cli('report', 'a.json');
    expect(out).toMatch(/\| drifted \| not said \|/);
    expect(out).toMatch(/\| +1 \| +1 \|/);
  });

  it('shows the others beside a file that is no report', async () => {
    const bench = await workbench({ ...ten, 'half.json': '{"plan": ' });
    await bench.cli('plan', '--out', 'good.json');
    const { code, out, err } = await bench.cli('report', 'good.json', 'half.json');
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain('half.json: it is not JSON');
    expect(out).toMatch(/\| +20 \|/);
  });

  it('says which file is no report, and that there is none', async () => {
    const bench = await workbench({ 'a.json': '{"a":1}', 'b.json': 'x' });
    const wrong = await bench.cli('report', 'a.json', 'b.json');
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('a.json: it is no output of plan, apply or drift with --json');
    expect(wrong.err).toContain('b.json: it is not JSON');
    expect((await bench.cli('report', 'nothing/*.json')).err).toContain('no file matches nothing/*.json');
  });
});
