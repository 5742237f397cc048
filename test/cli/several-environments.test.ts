/** One command in several environments: `--env all`, `--env one,two`. */
import { describe, expect, it } from 'vitest';
import { workbench, type Workbench } from '../support/workbench.js';

const config = (...names: readonly string[]): string =>
  `manifests: [polytomic.yaml]\nenvironments:\n${names
    .map((name) => `  ${name}: { variables: { host: ${name}.example.com } }\n`)
    .join('')}`;

const manifest =
  'kind: Connection\nkey: db\nname: Database\ntype: postgresql\nconfiguration: { hostname: "${var:host}" }\n';

const team = async (...names: readonly string[]): Promise<Workbench> =>
  workbench({ 'polytomic.config.yaml': config(...names), 'polytomic.yaml': manifest });

const headings = (text: string): readonly string[] =>
  [...text.matchAll(/^── (.*) ──$/gm)].map(([, name = '']) => name);

describe('several environments', () => {
  it('are gone through in the order of the file for all of them, and as named for some', async () => {
    const bench = await team('two', 'one', 'three');
    const every = await bench.cli('--env', 'all', 'plan');
    expect([every.code, every.err, headings(every.out)]).toEqual([0, '', ['two', 'one', 'three']]);
    const some = await bench.cli('--env', 'three, two,three', 'plan');
    expect([some.code, headings(some.out)]).toEqual([0, ['three', 'two']]);
  });

  it('have the gravest exit code, and what goes wrong in one does not stop the others', async () => {
    const bench = await team('one', 'two');
    expect((await bench.cli('--env', 'all', 'plan', '--detailed-exitcode')).code).toBe(2);
    const { code, out, err } = await bench.cli('--env', 'nowhere,two', 'plan', '--detailed-exitcode');
    expect([code, headings(out)]).toEqual([1, ['nowhere', 'two']]);
    expect(err).toContain('the configuration file has no environment "nowhere"');
    expect(out).toContain('connection.db "Database" will be created');
  });

  it('are one list for machines', async () => {
    const bench = await team('one', 'two');
    const { out } = await bench.cli('--json', '--env', 'nowhere,two', 'plan');
    const { environments } = JSON.parse(out) as { readonly environments: readonly object[] };
    expect(environments).toMatchObject([
      { environment: 'nowhere', exitCode: 1, diagnostics: [{ code: 'unknown-environment' }] },
      { environment: 'two', exitCode: 0, plan: { environment: 'two', changes: [{ action: 'create' }] } },
    ]);
  });

  it('have a state each', async () => {
    const bench = await team('one', 'two');
    expect((await bench.cli('--env', 'one,two', 'apply', '--yes')).code).toBe(0);
    expect(await bench.read('.polytomic/state/one.json')).toContain('one.example.com');
    expect(await bench.read('.polytomic/state/two.json')).toContain('two.example.com');
  });

  it.each([
    [['state', 'list'], 'list is about one environment'],
    [['plan', '--out', 'plan.json'], 'plan --out is about one environment'],
    [['apply', 'plan.json'], 'apply plan.json is about one environment'],
    [['export'], 'export is about one environment'],
  ])('are too many for %j', async (args, message) => {
    const bench = await team('one', 'two');
    const { code, out, err } = await bench.cli('--env', 'all', ...args);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(`${message}, and --env names 2: one, two`);
  });

  it('may be one that is called all', async () => {
    const bench = await team('all', 'two');
    const { code, out } = await bench.cli('--env', 'all', 'plan');
    expect([code, out]).toEqual([0, expect.stringContaining('environment all')]);
    expect(out).not.toContain('environment two');
  });

  it('are an error where there are none', async () => {
    const bench = await workbench({ 'polytomic.yaml': manifest });
    const { code, err } = await bench.cli('--env', 'all', 'plan');
    expect([code, err]).toEqual([1, expect.stringContaining('the configuration file has no environments')]);
  });

  it('end with the one that is interrupted', async () => {
    let interrupt: () => void = () => undefined;
    const bench = await workbench(
      { 'polytomic.config.yaml': config('one', 'two'), 'polytomic.yaml': manifest },
      {
        io: {
          onInterrupt: (listener) => {
            interrupt = listener;
            return () => undefined;
          },
        },
      },
    );
    bench.sandbox.failNext({
      method: 'POST',
      path: /connections$/,
      onHit: () => {
        interrupt();
      },
      status: 503,
      times: 9,
    });
    const { code, out } = await bench.cli('--env', 'all', 'apply', '--yes');
    expect([code, headings(out)]).toEqual([130, ['one']]);
  });
});
