/** No secret is in anything that a run leaves behind, in whatever form. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { crashText } from '../../src/cli/crash.js';
import { shop, workbench, type Workbench } from '../support/workbench.js';

// Every form of it is another text: quotes and a line feed for JSON, signs for URLs.
const canaries = { DB_PASSWORD: 'canary "one"\n/ä?&=+%', WAREHOUSE_PASSWORD: 'canary-two#$<>\\' } as const;

const forms = (value: string): readonly string[] => [
  value,
  JSON.stringify(value).slice(1, -1),
  encodeURIComponent(value),
  encodeURI(value),
  Buffer.from(value).toString('base64'),
  Buffer.from(value).toString('base64url'),
  Buffer.from(value).toString('hex'),
];

const filesIn = async (root: string): Promise<Readonly<Record<string, string>>> => {
  const names = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    await Promise.all(
      names.map(async (entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return [path.relative(root, file), await readFile(file, 'utf8')] as const;
      }),
    ),
  );
};

const expectClean = async (bench: Workbench, printed: Readonly<Record<string, string>>): Promise<void> => {
  const all = { ...printed, ...(await filesIn(bench.root)) };
  for (const [where, text] of Object.entries(all))
    for (const value of Object.values(canaries))
      for (const form of forms(value)) expect([where, text.includes(form)]).toEqual([where, false]);
};

const armed = async (): Promise<Workbench> => {
  const bench = await workbench(shop);
  Object.assign(bench.environment, canaries);
  return bench;
};

describe('a secret', () => {
  it('is in no output, plan, state, cache, trace or log of a whole life', async () => {
    const bench = await armed();
    const printed: Record<string, string> = {};
    const run = async (...args: readonly string[]): Promise<void> => {
      const { out, err } = await bench.cli(
        '--log-level',
        'debug',
        '--trace-http',
        `trace-${Object.keys(printed).length}.har`,
        ...args,
      );
      printed[args.join(' ')] = `${out}${err}`;
    };
    await run('plan', '--out', 'plan.json');
    await run('--json', 'plan');
    await run('apply', 'plan.json');
    await run('state', 'pull');
    await run('state', 'show', 'connection.db');
    await run('drift');
    bench.sandbox.edit('connections', bench.sandbox.list('connections')[0]!.id, { name: 'Drifted' });
    await run('plan');
    await run('--json', 'apply', '--yes');
    await expectClean(bench, printed);
    // The sandbox did get them: the search above would have found something.
    expect(JSON.stringify(bench.sandbox.list('connections'))).toContain('canary-two');
  });

  it('is in nothing that a failure leaves behind, though the API echoes it', async () => {
    const bench = await armed();
    const echo = JSON.stringify({
      message: `access denied for password ${canaries.DB_PASSWORD}; dsn=${encodeURIComponent(canaries.DB_PASSWORD)} ${Buffer.from(canaries.WAREHOUSE_PASSWORD).toString('base64')}`,
      metadata: { password: canaries.WAREHOUSE_PASSWORD },
      status: 422,
    });
    bench.sandbox.failNext({ method: 'POST', path: /connections$/, status: 422, body: echo, times: 4 });
    const { out, err, code } = await bench.cli(
      '--log-level',
      'debug',
      '--trace-http',
      'trace.har',
      'apply',
      '--yes',
    );
    expect(code).toBe(1);
    expect(err).toContain('access denied for password (secret)');
    await expectClean(bench, { out, err });
  });

  it('is sent to nobody by a plan, not even to Polytomic', async () => {
    const bench = await armed();
    await bench.cli('apply', '--yes');
    bench.sandbox.clearRequests();
    bench.environment['DB_PASSWORD'] = `${canaries.DB_PASSWORD} rotated`;
    for (const args of [
      ['plan'],
      ['plan', '--out', 'p.json'],
      ['--json', 'plan'],
      ['drift'],
      ['whoami'],
      ['validate'],
    ])
      await bench.cli(...args);
    const sent = JSON.stringify(
      bench.sandbox.requests.map(({ headers: { authorization: _, ...headers }, ...rest }) => ({
        ...rest,
        headers,
      })),
    );
    expect(bench.sandbox.requests.length).toBeGreaterThan(5);
    expect(bench.sandbox.requests.every(({ method, body }) => method === 'GET' && body === undefined)).toBe(
      true,
    );
    for (const value of Object.values(canaries))
      for (const form of forms(value)) expect(sent).not.toContain(form);
  });

  it('is not in what a crash prints', async () => {
    const bench = await armed();
    await bench.cli('validate');
    const crash = crashText(new Error(`cannot send ${JSON.stringify({ password: canaries.DB_PASSWORD })}`));
    expect(crash).toContain('This is a bug in polytomic-gitops');
    for (const form of forms(canaries.DB_PASSWORD)) expect(crash).not.toContain(form);
  });

  it('is not asked for where a run goes without', async () => {
    const bench = await armed();
    delete bench.environment['DB_PASSWORD'];
    delete bench.environment['WAREHOUSE_PASSWORD'];
    const { code, out } = await bench.cli('plan', '--without-secrets');
    expect([code, out]).toEqual([0, expect.stringContaining('4 to create')]);
  });
});
