import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { modeline } from '../../src/core/modeline.js';
import { startLanguageServer } from '../support/language-server.js';
import { shop, workbench } from '../support/workbench.js';

const pulled = '.polytomic/schemas/manifest.schema.json';

describe('schemas pull', () => {
  it('fetches the types in use, by reading alone, and says how to point an editor to them', async () => {
    const bench = await workbench(shop);
    delete bench.environment['DB_PASSWORD'];
    const { code, out, err } = await bench.cli('schemas', 'pull');
    expect([code, err]).toEqual([0, '']);
    await expect(out).toMatchFileSnapshot('golden/pull.txt');
    expect(bench.sandbox.requests.map(({ method, path: asked }) => `${method} ${asked}`).sort()).toEqual([
      'GET /api/connection_types/postgresql',
      'GET /api/connection_types/snowflake',
      'GET /api/me',
    ]);
    expect(
      JSON.parse(await bench.read('.polytomic/schemas/connection-types/snowflake.schema.json')),
    ).toMatchObject({
      properties: { account: { type: 'string' } },
    });
    const again = await bench.read(pulled);
    expect((await bench.cli('schemas', 'pull')).code).toBe(0);
    expect(await bench.read(pulled)).toBe(again);
  });

  it('takes types by name, warns of those that there are not, and writes nowhere else', async () => {
    const bench = await workbench(shop);
    const { code, out } = await bench.cli('schemas', 'pull', 'mysql', 'mysqll', '../../evil', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      types: ['mysql'],
      files: ['.polytomic/schemas/connection-types/mysql.schema.json', pulled],
      diagnostics: [{ code: 'no-type-schema' }, { code: 'no-type-schema' }],
    });
    expect(await readdir(path.join(bench.root, '.polytomic/schemas/connection-types'))).toEqual([
      'mysql.schema.json',
    ]);
    expect((await readdir(bench.root)).sort()).toEqual(['.polytomic', 'polytomic']);
  });

  it('says what is wrong without a key, with broken manifests, and where the API fails', async () => {
    const bench = await workbench({ ...shop, 'polytomic/bad.yaml': 'kind: Modle\nkey: x\n' });
    expect((await bench.cli('schemas', 'pull')).err).toContain('unknown kind "Modle"');
    await bench.remove('polytomic/bad.yaml');
    bench.environment['POLYTOMIC_API_KEY'] = 'wrong';
    expect(await bench.cli('schemas', 'pull')).toMatchObject({
      code: 1,
      err: expect.stringContaining('401') as string,
    });
    delete bench.environment['POLYTOMIC_API_KEY'];
    expect((await bench.cli('schemas', 'pull')).err).toContain('POLYTOMIC_API_KEY has no value');
  });
});

const connection = (configuration: string): string =>
  `kind: Connection\nkey: db\nname: DB\ntype: postgresql\nconfiguration:\n${configuration}`;

describe('with pulled schemas', () => {
  it('validate checks configurations without network, at the line', async () => {
    const bench = await workbench({
      'polytomic/db.yaml': connection(
        '  hostname: h\n  port: many\n  databse: x\n  password: ${secret:DB_PASSWORD}\n',
      ),
    });
    expect((await bench.cli('validate')).code).toBe(0);
    expect((await bench.cli('schemas', 'pull')).code).toBe(0);
    const asked = bench.sandbox.requests.length;
    const { code, out } = await bench.cli('validate', '--json');
    expect(code).toBe(1);
    expect(bench.sandbox.requests).toHaveLength(asked);
    expect((JSON.parse(out) as { readonly diagnostics: readonly object[] }).diagnostics).toEqual([
      expect.objectContaining({
        code: 'wrong-type',
        severity: 'error',
        place: { file: 'polytomic/db.yaml', line: 7, column: 9 },
      }),
      expect.objectContaining({
        code: 'unknown-configuration',
        severity: 'warning',
        hint: 'did you mean "database"?',
      }),
    ]);
    await bench.write({ 'polytomic/db.yaml': connection('  port: 5432\n') });
    // What lives may have what is missing here.
    expect(await bench.cli('validate')).toMatchObject({
      code: 0,
      err: expect.stringContaining('"hostname" is missing') as string,
    });
    await bench.write({ '.polytomic/schemas/connection-types/postgresql.schema.json': '{ damaged' });
    expect(await bench.cli('validate')).toMatchObject({ code: 0, err: '' });
  });

  it('an editor completes, explains and checks the configuration of a type', async () => {
    const bench = await workbench(shop);
    expect((await bench.cli('schemas', 'pull')).code).toBe(0);
    const server = await startLanguageServer(path.join(bench.root, 'polytomic', 'a.yaml'));
    onTestFinished(async () => server.close());
    // As the command says: relative to the file.
    const head = `${modeline(`../${pulled}`)}\n`;
    const labels = (await server.complete(`${head}${connection('  |')}`)).map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['hostname', 'port', 'ssl', 'ssh_host']));
    expect(labels).not.toContain('account');
    expect(
      (await server.complete(`${head}${connection('  |').replace('postgresql', 'snowflake')}`)).map(
        ({ label }) => label,
      ),
    ).toContain('account');
    expect(await server.hover(`${head}${connection('  hostname: h\n  |ssh_host: x\n')}`)).toContain(
      'SSH host',
    );
    expect(await server.problems(`${head}${connection('  hostname: h\n  port: many\n')}`)).toEqual([
      expect.stringMatching(/^8:9 /),
    ]);
    expect(
      await server.problems(
        `${head}${connection('  hostname: h\n  port: ${env:PORT}\n  password: ${secret:P}\n')}`,
      ),
    ).toEqual([]);
  });

  it('an editor can be pointed to them by its settings', async () => {
    const bench = await workbench(shop);
    const { out } = await bench.cli('schemas', 'pull');
    const settings = JSON.parse(/^ {2}(\{ "yaml\.schemas".*)$/m.exec(out)![1]!) as {
      readonly 'yaml.schemas': Readonly<Record<string, readonly string[]>>;
    };
    const absolute = Object.fromEntries(
      Object.entries(settings['yaml.schemas']).map(([file, globs]) => [
        pathToFileURL(path.join(bench.root, file)).href,
        globs,
      ]),
    );
    const server = await startLanguageServer(path.join(bench.root, 'polytomic', 'a.yaml'), {
      schemas: absolute,
    });
    onTestFinished(async () => server.close());
    expect((await server.complete(connection('  |'))).map(({ label }) => label)).toContain('ssh_host');
  });

  const template = `kind: Template
key: table-sync
parameters:
  table: { type: string, pattern: '^[a-z]+$', description: A table of the shop. }
  hour: { type: integer, maximum: 23, default: 5 }
  team: { enum: [growth, data], default: null }
resources:
  - { kind: Role, key: "\${param.key}", name: "\${param.table} \${param.hour} \${param.team}" }
`;

  it('an editor completes and checks the parameters of instances, without network', async () => {
    const bench = await workbench({
      'polytomic/template.yaml': template,
      'polytomic/wrong.yaml': 'kind: Modle\n',
    });
    const { code, out, err } = await bench.cli('schemas', 'pull', '--offline');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('1 template: table-sync');
    expect(bench.sandbox.requests).toEqual([]);
    const server = await startLanguageServer(path.join(bench.root, 'polytomic', 'a.yaml'));
    onTestFinished(async () => server.close());
    const head = `${modeline(`../${pulled}`)}\nkind: Instances\ntemplate: `;
    const labels = async (text: string): Promise<readonly string[]> =>
      (await server.complete(head + text)).map(({ label }) => label);
    expect(await labels('|')).toEqual(['table-sync']);
    expect(await labels('table-sync\ninstances:\n  - |')).toEqual(
      expect.arrayContaining(['table', 'hour', 'team', 'key']),
    );
    expect(await labels('table-sync\ninstances:\n  orders:\n    |')).toEqual(
      expect.arrayContaining(['table', 'hour', 'team']),
    );
    expect(await labels('table-sync\ninstances:\n  - table: a\n    team: |')).toEqual(
      expect.arrayContaining(['growth', 'data']),
    );
    expect(await server.hover(`${head}table-sync\ninstances:\n  - |table: a\n`)).toContain(
      'A table of the shop.',
    );
    expect(
      await server.problems(
        `${head}table-sync\ninstances:\n  - table: A\n    hour: 24\n  - hour: 5\n  - table: a\n    tabel: b\n`,
      ),
    ).toEqual([
      expect.stringMatching(/^5:12 /),
      expect.stringMatching(/^6:11 /),
      expect.stringMatching(/^7:5 Missing property "table"/),
      expect.stringMatching(/^9:5 Property tabel is not allowed/),
    ]);
    expect(
      await server.problems(
        `${head}table-sync\ninstances:\n  a: { table: a, hour: "\${var:HOUR}", team: null }\n`,
      ),
    ).toEqual([]);
  });

  it('an editor does not miss what defaults give', async () => {
    const bench = await workbench({
      'polytomic/defaults.yaml': 'kind: Defaults\nfor: Model\nvalues: { connection: db }\n',
    });
    expect((await bench.cli('schemas', 'pull', '--offline')).code).toBe(0);
    const server = await startLanguageServer(path.join(bench.root, 'polytomic', 'a.yaml'));
    onTestFinished(async () => server.close());
    const head = `${modeline(`../${pulled}`)}\n`;
    expect(
      await server.problems(`${head}kind: Model\nkey: a\nname: A\nconfiguration: { table: t }\n`),
    ).toEqual([]);
    expect(await server.problems(`${head}kind: Model\nkey: a\nconfiguration: { table: t }\n`)).toEqual([
      expect.stringMatching(/^2:1 Missing property "name"/),
    ]);
  });

  it('keeps what was fetched where only templates changed', async () => {
    const bench = await workbench(shop);
    expect((await bench.cli('schemas', 'pull')).code).toBe(0);
    await bench.write({ 'polytomic/template.yaml': template });
    const asked = bench.sandbox.requests.length;
    expect((await bench.cli('schemas', 'pull', '--offline')).out).toContain('snowflake');
    expect(bench.sandbox.requests).toHaveLength(asked);
    const offline = await bench.read(pulled);
    expect((await bench.cli('schemas', 'pull')).code).toBe(0);
    expect(JSON.parse(await bench.read(pulled))).toEqual(JSON.parse(offline));
  });
});
