import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../src/core/diagnostics.js';
import { secretsOf } from '../../src/core/secret.js';
import { loadSettings } from '../../src/load/config.js';
import { connection, folder, loadFiles, model, sync } from './repository.js';

const document = async (text: string, options = {}): Promise<unknown> => {
  const { desired, diagnostics } = await loadFiles({ 'polytomic/a.yaml': text }, options);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return desired?.resources.at(-1)?.document;
};

describe('manifests', () => {
  it('several in a file, by address', async () => {
    const { desired } = await loadFiles({
      'polytomic/b.yml': `${sync('s')}---\n${model('m')}`,
      'polytomic/deep/a.yaml': connection('db'),
    });
    expect(desired?.resources.map(({ address, place }) => [address, place.file, place.line])).toEqual([
      ['connection.db', 'polytomic/deep/a.yaml', 1],
      ['model.m', 'polytomic/b.yml', 9],
      ['sync.s', 'polytomic/b.yml', 1],
    ]);
  });

  it('anchors and merge keys', async () => {
    const text = connection('db').replace('{ hostname: h }', '&base { hostname: h, port: 1 }');
    expect(await document(`${text}policies: []\n`)).toMatchObject({
      configuration: { hostname: 'h', port: 1 },
    });
    expect(
      await document(
        connection('db').replace(
          '{ hostname: h }',
          '\n  ssh: &ssh { ssh: true, ssh_port: 22 }\n  <<: *ssh\n  ssh_port: 23',
        ),
      ),
    ).toMatchObject({ configuration: { ssh_port: 23 } });
  });

  it('short forms spelled out, numbers of a schedule as text', async () => {
    const text = `${connection('db')}---\n${model('m')}---\n${sync(
      's',
      'identity: { source: m.a.b, target: B, function: Equality }\n',
    )
      .replace('fields: []', 'fields: [{ source: m.email, target: EMAIL }]')
      .replace('frequency: manual', 'frequency: daily, hour: 5, minute: "00"')}`;
    expect(await document(text)).toMatchObject({
      fields: [{ source: { model: 'm', field: 'email' }, target: 'EMAIL' }],
      identities: { mappings: [{ source: { model: 'm', field: 'a.b' } }] },
      schedule: { hour: '5', minute: '00' },
    });
  });

  it("the API's own names for references", async () => {
    const id = '3f1c2a44-8a3e-4f0c-9a55-1c0e8f6f7b21';
    expect(await document(model('m').replace('connection: db', `connection_id: ${id}`))).toMatchObject({
      connection: { id },
    });
  });

  it('variables with their type, environment values, and a literal', async () => {
    const text = `kind: Connection
key: db
name: db
type: postgresql
configuration:
  port: \${var:port}
  hostname: \${var:host}.\${env:DOMAIN}:\${var:port}
  database: $\${var:x}
`;
    expect(
      await document(text, { variables: { port: 5432, host: 'h' }, environment: { DOMAIN: 'example.com' } }),
    ).toMatchObject({
      configuration: { port: 5432, hostname: 'h.example.com:5432', database: '${var:x}' },
    });
  });

  it('secrets that cannot print themselves', async () => {
    const text = connection('db').replace('{ hostname: h }', '{ password: "pre-${secret:PASSWORD}" }');
    const { desired } = await loadFiles(
      { 'polytomic/a.yaml': text },
      { environment: { PASSWORD: 'open sesame' } },
    );
    const secrets = secretsOf(desired!.resources[0]!.document);
    expect(secrets.map(([pointer, secret]) => [pointer, secret.reveal()])).toEqual([
      ['/configuration/password', 'pre-open sesame'],
    ]);
    expect(JSON.stringify(desired)).not.toContain('sesame');
    expect(String(secrets[0]![1])).toBe('(secret)');
  });

  it('a password in clear is a warning, and is treated as a secret', async () => {
    const { desired, diagnostics } = await loadFiles({
      'polytomic/a.yaml': connection('db').replace('hostname: h', 'password: open sesame'),
    });
    expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'secret-in-clear' }]);
    expect(JSON.stringify(desired)).not.toContain('sesame');
  });

  it('are the same for any order of files and documents', async () => {
    const texts = [connection('db'), connection('dc'), model('m'), model('n'), sync('s')];
    const expected = JSON.stringify(
      (await loadFiles({ 'polytomic/a.yaml': texts.join('---\n') })).desired?.resources.map(
        ({ place: _, ...rest }) => rest,
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(texts, { minLength: texts.length }),
        fc.boolean(),
        async (order, apart) => {
          const files = apart
            ? Object.fromEntries(order.map((text, index) => [`polytomic/${index}.yaml`, text]))
            : { 'polytomic/x.yml': order.join('---\n') };
          const { desired } = await loadFiles(files);
          expect(JSON.stringify(desired?.resources.map(({ place: _, ...rest }) => rest))).toBe(expected);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('the place of a finding', () => {
  it('behind an alias is where the value is written, with where it is used', async () => {
    const text = connection('db').replace(
      '{ hostname: h }',
      '\n  a: &a { deep: "${env:NOBODY}" }\n  b: 1\n  c: *a',
    );
    const { diagnostics } = await loadFiles({ 'polytomic/a.yaml': text });
    expect(
      diagnostics.map(({ place, related }) => [place?.line, place?.column, related?.[0]?.place.line]),
    ).toEqual([
      [6, 17, undefined],
      [6, 17, 8],
    ]);
  });

  it('behind a merge key is where the value is written', async () => {
    const text = connection('db').replace(
      '{ hostname: h }',
      '\n  a: &a\n    deep: "${env:NOBODY}"\n  b:\n    <<: *a',
    );
    const { diagnostics } = await loadFiles({ 'polytomic/a.yaml': text });
    expect(diagnostics.map(({ place }) => place?.line)).toEqual([7, 7]);
  });

  it('in a value that an overlay set is in the overlay', async () => {
    const { diagnostics } = await loadFiles(
      {
        'polytomic/a.yaml': `${connection('db')}---\n${sync('s').replace('fields: []', 'fields:\n  - { source: m.a, target: A }\n  - { source: m.b, target: B }')}---\n${model('m')}`,
        'overlays/a.yaml':
          'kind: Overlay\ntarget: connection.db\nmerge:\n  configuration:\n    hostname: ${env:NOBODY}\n---\nkind: Overlay\ntarget: sync.s\npatch:\n  - { op: add, path: /fields/0, value: { source: nobody.x, target: X } }\n  - { op: replace, path: /mode, value: nonsense }\n',
      },
      { overlays: ['overlays/**/*.yaml'] },
    );
    expect(diagnostics.map(({ code, place }) => `${code} ${place!.file}:${place!.line}`)).toEqual([
      'missing-variable overlays/a.yaml:5',
      'unknown-value overlays/a.yaml:11',
    ]);
  });

  it('behind an item that an overlay inserted is still that of the manifest', async () => {
    const { diagnostics } = await loadFiles(
      {
        'polytomic/a.yaml': `${connection('db')}---\n${sync('s').replace('fields: []', 'fields:\n  - { source: nobody.a, target: A }')}---\n${model('m')}`,
        'overlays/a.yaml':
          'kind: Overlay\ntarget: sync.s\npatch:\n  - { op: add, path: /fields/0, value: { source: m.x, target: X } }\n',
      },
      { overlays: ['overlays/**/*.yaml'] },
    );
    expect(diagnostics).toMatchObject([
      { code: 'unknown-reference', place: { file: 'polytomic/a.yaml', line: 12 } },
    ]);
  });
});

describe('overlays', () => {
  const overlaid = async (overlay: string) =>
    loadFiles(
      { 'polytomic/a.yaml': connection('db'), 'overlays/a.yaml': overlay },
      { overlays: ['overlays/*.yaml'] },
    );

  it('merge, then patch', async () => {
    const { desired } = await overlaid(
      'kind: Overlay\ntarget: connection.db\nmerge: { name: Other, configuration: { port: 1, hostname: null } }\n---\nkind: Overlay\ntarget: connection.db\npatch:\n  - { op: test, path: /name, value: Other }\n  - { op: copy, from: /configuration/port, path: /configuration/ssh_port }\n',
    );
    expect(desired?.resources[0]?.document).toEqual({
      name: 'Other',
      type: 'postgresql',
      configuration: { port: 1, ssh_port: 1 },
    });
  });

  it.each([
    [
      'that names nothing',
      'kind: Overlay\ntarget: connection.dc\nmerge: { name: x }\n',
      'unknown-target',
      2,
      'did you mean "connection.db"?',
    ],
    [
      'whose path leads nowhere',
      'kind: Overlay\ntarget: connection.db\npatch:\n  - { op: replace, path: /a/b, value: 1 }\n',
      'overlay-failed',
      4,
      'compare the path',
    ],
    [
      'whose test fails',
      'kind: Overlay\ntarget: connection.db\npatch:\n  - { op: test, path: /name, value: x }\n',
      'overlay-failed',
      4,
      'compare the path',
    ],
    ['that changes nothing', 'kind: Overlay\ntarget: connection.db\n', 'missing-field', 1, 'add merge'],
    [
      'with an unknown operation',
      'kind: Overlay\ntarget: connection.db\npatch: [{ op: ad, path: /name, value: x }]\n',
      'unknown-value',
      3,
      'did you mean "add"?',
    ],
    [
      'of the key',
      'kind: Overlay\ntarget: connection.db\nmerge: { key: x }\n',
      'fixed-field',
      1,
      'change another field',
    ],
    ['that is a manifest', model('m'), 'no-overlay', 1, 'begins with kind: Overlay'],
  ])('one %s is an error', async (_what, overlay, code, line, hint) => {
    const { desired, diagnostics } = await overlaid(overlay);
    expect(desired).toBeUndefined();
    expect(diagnostics[0]).toMatchObject({ code, place: { file: 'overlays/a.yaml', line } });
    expect(diagnostics[0]?.hint).toContain(hint);
  });

  it('that no file holds are a warning', async () => {
    const { desired, diagnostics } = await loadFiles(
      { 'polytomic/a.yaml': connection('db') },
      { overlays: ['nowhere/*.yaml'] },
    );
    expect(desired).toBeDefined();
    expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'no-overlays' }]);
  });

  it('among the manifests is an error', async () => {
    const { diagnostics } = await loadFiles({
      'polytomic/a.yaml': `${connection('db')}---\nkind: Overlay\ntarget: connection.db\nmerge: { name: x }\n`,
    });
    expect(diagnostics).toMatchObject([{ code: 'misplaced-overlay', place: { line: 7 } }]);
  });
});

describe('the configuration file', () => {
  const settings = async (text: string, environment: Record<string, string> = {}, environmentName?: string) =>
    loadSettings({
      cwd: await folder({ 'polytomic.config.yaml': text, '.env': 'FROM_FILE=1\nBOTH=file\n' }),
      environment,
      ...(environmentName === undefined ? {} : { environmentName }),
    });

  const problem = async (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: unknown) => (error instanceof DiagnosticError ? error.diagnostics[0] : error),
    );

  it('may be missing', async () => {
    expect(await loadSettings({ cwd: await folder({}), environment: {} })).toMatchObject({
      version: '2025-09-18',
      concurrency: 8,
      timeout: 60_000,
      url: 'https://app.polytomic.com',
    });
  });

  it('is found upwards', async () => {
    const root = await folder({ 'polytomic.config.json': '{"concurrency": 3}', 'a/b/.keep': '' });
    expect(await loadSettings({ cwd: `${root}/a/b`, environment: {} })).toMatchObject({
      root,
      concurrency: 3,
    });
  });

  it('gives an environment its variables, overlays and values', async () => {
    const found = await settings(
      'variables: { a: 1, b: 1 }\nenvironments: { prod: { variables: { b: 2 }, overlays: [o/*.yaml] } }\n',
      { BOTH: 'environment' },
      'prod',
    );
    expect(found).toMatchObject({
      variables: { a: 1, b: 2 },
      overlays: ['o/*.yaml'],
      environmentName: 'prod',
    });
    expect(found.environment).toMatchObject({ FROM_FILE: '1', BOTH: 'environment' });
  });

  it.each([
    ['an unknown field', 'concurency: 3\n', {}, undefined, 'unknown-field', 'did you mean "concurrency"?'],
    [
      'an unknown version',
      "version: '2025-09-19'\n",
      {},
      undefined,
      'unknown-value',
      'did you mean "2025-09-18"?',
    ],
    [
      'an unknown environment',
      'environments: { prod: {} }\n',
      {},
      'prd',
      'unknown-environment',
      'did you mean "prod"?',
    ],
    [
      "a stranger's host",
      'url: https://evil.example.com\n',
      { POLYTOMIC_API_KEY: 'k' },
      undefined,
      'untrusted-url',
      'POLYTOMIC_URL=https://evil.example.com',
    ],
    [
      'a host that only looks like it',
      'url: https://polytomic.com.evil.example\n',
      { POLYTOMIC_API_KEY: 'k' },
      undefined,
      'untrusted-url',
      'POLYTOMIC_URL',
    ],
    [
      'a dotenv file elsewhere',
      'envFile: ../../etc/passwd\n',
      {},
      undefined,
      'outside-repository',
      'beside the configuration file',
    ],
    ['YAML that does not parse', 'a: [', {}, undefined, 'yaml-syntax', 'bracket'],
  ])('%s is an error', async (_what, text, environment, name, code, hint) => {
    const found = await problem(settings(text, environment, name));
    expect(found).toMatchObject({ code });
    expect((found as { readonly hint: string }).hint).toContain(hint);
  });

  it('may name a deployment that the environment names too', async () => {
    expect(
      await settings('url: polytomic.example.com\n', {
        POLYTOMIC_API_KEY: 'k',
        POLYTOMIC_URL: 'https://polytomic.example.com/',
      }),
    ).toMatchObject({ url: 'https://polytomic.example.com' });
  });

  it('a dotenv file cannot send the key of the environment elsewhere', async () => {
    const cwd = await folder({ '.env': 'POLYTOMIC_URL=https://evil.example.com\n' });
    expect(await loadSettings({ cwd, environment: { POLYTOMIC_API_KEY: 'k' } })).toMatchObject({
      url: 'https://app.polytomic.com',
    });
  });

  it('is never code', async () => {
    const root = await folder({
      'polytomic.config.js': 'throw new Error("ran")',
      'package.json': '{"polytomic": {"concurrency": 3}}',
    });
    expect(await loadSettings({ cwd: root, environment: {} })).toMatchObject({ concurrency: 8 });
  });
});
