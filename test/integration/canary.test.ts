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
    await run('plan', '--html', 'create.html');
    await run('apply', 'plan.json');
    await run('state', 'pull');
    await run('state', 'show', 'connection.db');
    await run('drift');
    bench.sandbox.edit('connections', bench.sandbox.list('connections')[0]!.id, { name: 'Drifted' });
    bench.environment['DB_PASSWORD'] = `${canaries.DB_PASSWORD} rotated`;
    await run('plan', '--html', 'update.html');
    await run('status', '--html', 'status.html');
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

  it.each([
    ['a part of a composed value', 'canary-part-9', 'https://u:${secret:PART}@h', 'canary-part-9'],
    [
      'a line of a key',
      '-----BEGIN KEY-----\nfirst-canary\nsecond-canary\n-----END KEY-----',
      '${secret:PART}',
      'second-canary',
    ],
    ['a field of a JSON secret', '{"id":"x1","private":"json-canary"}', '${secret:PART}', 'json-canary'],
    ['HTML', '<canary> & "co"', '${secret:PART}', '&lt;canary&gt; &amp; &#34;co&#34;'],
    ['a form', 'canary with spaces/+', '${secret:PART}', 'canary+with+spaces%2F%2B'],
    ['JSON of ASCII alone', 'canäry-ünd', '${secret:PART}', 'can\\u00e4ry-\\u00FCnd'],
    [
      'the base64 of a longer text',
      'canary-in-basic',
      '${secret:PART}',
      Buffer.from('user:canary-in-basic').toString('base64'),
    ],
  ])('is not echoed as %s', async (_form, part, value, echo) => {
    const bench = await workbench({
      'polytomic/c.yaml': `kind: Connection\nkey: c\nname: C\ntype: postgresql\nconfiguration: { hostname: h, password: ${JSON.stringify(value)} }\n`,
    });
    bench.environment['PART'] = part;
    const body = `{"message": "refused: ${echo} is wrong", "status": 422, "metadata": {"seen": "${echo}"}}`;
    bench.sandbox.failNext({ method: 'POST', path: /connections$/, status: 422, body, times: 2 });
    const args = ['--log-level', 'debug', '--trace-http', 'trace.har'] as const;
    const text = await bench.cli(...args, 'apply', '--yes');
    const json = await bench.cli('--json', 'apply', '--yes');
    expect(text.err).toContain('(secret)');
    const decoded = JSON.parse(`"${echo}"`) as string;
    for (const left of [text.out, text.err, json.out, json.err, await bench.read('trace.har')])
      for (const form of [echo, decoded, part]) expect(left).not.toContain(form);
  });

  it('that is older and still lives is not echoed either', async () => {
    const bench = await armed();
    await bench.cli('apply', '--yes');
    // An API that does not mask it.
    const shown = bench.sandbox
      .list('connections')
      .map((each) =>
        each['name'] === 'Shop database'
          ? { ...each, configuration: { hostname: 'h', port: 5432, password: 'older-canary-1' } }
          : each,
      );
    const database = shown.find(({ configuration }) =>
      JSON.stringify(configuration).includes('older-canary'),
    );
    const answer = { method: 'GET', status: 200, times: 9 } as const;
    bench.sandbox.failNext({ ...answer, path: /connections$/, body: JSON.stringify({ data: shown }) });
    bench.sandbox.failNext({ ...answer, path: /connections\//, body: JSON.stringify({ data: database }) });
    const refusal = JSON.stringify({ message: 'older-canary-1 has expired', status: 422 });
    bench.sandbox.failNext({ method: 'PUT', path: /connections/, status: 422, body: refusal, times: 9 });
    const manifests = await bench.read('polytomic/connections.yaml');
    await bench.write({ 'polytomic/connections.yaml': manifests.replace('5432', '5433') });
    const { out, err } = await bench.cli('--trace-http', 'trace.har', 'apply', '--yes');
    expect(out + err).toContain('(secret) has expired');
    for (const left of [out, err, await bench.read('trace.har')]) expect(left).not.toContain('older-canary');
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
