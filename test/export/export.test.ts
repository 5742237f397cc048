import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { shop, stable, workbench, type Workbench } from '../support/workbench.js';

const files = async (root: string): Promise<Readonly<Record<string, string>>> => {
  const all = await readdir(root, { recursive: true, withFileTypes: true });
  const own = all
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => !file.startsWith('.polytomic/') && !file.startsWith('.git/'))
    .sort();
  return Object.fromEntries(
    await Promise.all(
      own.map(async (file) => [file, await readFile(path.join(root, file), 'utf8')] as const),
    ),
  );
};

const asText = (all: Readonly<Record<string, string>>): string =>
  Object.entries(all)
    .map(([file, text]) => `=== ${file}\n${text}`)
    .join('\n');

const post = async ({ sandbox }: Workbench, url: string, body: JsonObject): Promise<string> => {
  const response = await fetch(`${sandbox.url}/api/${url}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { readonly data?: { readonly id: string } };
  if (answer.data === undefined) throw new Error(JSON.stringify(answer));
  return answer.data.id;
};

const idOf = ({ sandbox }: Workbench, collection: 'connections' | 'models' | 'syncs', name: string): string =>
  sandbox.list(collection).find((object) => object['name'] === name)!.id;

/** The shop lives in Polytomic, and nothing in the repository. */
const clicked = async (): Promise<Workbench> => {
  const bench = await workbench(shop);
  expect((await bench.cli('apply', '--yes')).code).toBe(0);
  for (const file of Object.keys(shop)) await bench.remove(file);
  await bench.remove('.polytomic/state/default.json');
  return bench;
};

/** The shop under a state, as it was written by hand. */
const applied = async (): Promise<Workbench> => {
  const bench = await workbench(shop);
  expect((await bench.cli('apply', '--yes')).code).toBe(0);
  return bench;
};

const isEmpty = async (bench: Workbench): Promise<void> => {
  const plan = await bench.cli('plan', '--detailed-exitcode', '--without-secrets');
  expect(plan).toMatchObject({ code: 0, err: '' });
};

describe('an export of an organization that people clicked together', () => {
  it('reads as the golden files, and its plan is empty', async () => {
    const bench = await clicked();
    await post(bench, 'connections', { name: 'Salesforce', type: 'salesforce', configuration: {} });
    await post(bench, 'models', {
      name: 'Revenue',
      connection_id: idOf(bench, 'connections', 'Shop database'),
      configuration: { query: "select id, total\nfrom orders\nwhere note <> '${x}'\n" },
      labels: ['core', 'Ünïcode'],
    });
    await post(bench, 'bulk/syncs', {
      name: 'Everything',
      source_connection_id: idOf(bench, 'connections', 'Shop database'),
      destination_connection_id: idOf(bench, 'connections', 'Warehouse'),
      mode: 'replicate',
      active: false,
      schedule: { frequency: 'manual' },
      destination_configuration: { schema: 'RAW' },
    });
    const { code, out, err } = await bench.cli('export');
    expect(err).toBe('');
    expect(code).toBe(0);
    await expect(stable(out)).toMatchFileSnapshot('golden/export.txt');
    await expect(asText(await files(bench.root))).toMatchFileSnapshot('golden/repository.txt');
    await isEmpty(bench);
  });

  it('writes nothing the second time', async () => {
    const bench = await clicked();
    await bench.cli('export');
    const before = await files(bench.root);
    const state = path.join(bench.root, '.polytomic/state/default.json');
    const bytes = await readFile(state);
    const { mtimeMs } = await stat(state);
    const again = await bench.cli('export');
    expect(again.out).toContain('No file changes: the manifests say what lives.');
    expect(await files(bench.root)).toEqual(before);
    expect(await readFile(state)).toEqual(bytes);
    expect((await stat(state)).mtimeMs).toBe(mtimeMs);
  });

  it('sends nothing to Polytomic', async () => {
    const bench = await clicked();
    bench.sandbox.clearRequests();
    await bench.cli('export');
    expect(new Set(bench.sandbox.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  it('holds no secret, neither in files nor on the screen nor in the state', async () => {
    const bench = await clicked();
    const { out, err } = await bench.cli('export');
    const state = await bench.read('.polytomic/state/default.json');
    for (const text of [out, err, state, asText(await files(bench.root))])
      expect(text).not.toMatch(/a-secret-of|\*\*\*\*/);
  });

  it('lists secrets behind those that .env.example has', async () => {
    const bench = await clicked();
    await bench.write({ '.env.example': '# ours\nWAREHOUSE_PASSWORD=\n' });
    await bench.cli('export');
    expect(await bench.read('.env.example')).toBe(
      '# ours\nWAREHOUSE_PASSWORD=\n\n# connection.shop-database: configuration.password\nSHOP_DATABASE_PASSWORD=\n',
    );
  });

  it.each(['2022-12-12', '2024-02-08'])('says the same in version %s', async (version) => {
    const bench = await clicked();
    await bench.cli('export', '--layout', 'single');
    const current = await bench.read('polytomic/organization.yaml');
    await bench.write({ 'polytomic.config.yaml': `version: '${version}'\nstate: none\n` });
    await bench.remove('polytomic/organization.yaml');
    await bench.cli('export', '--layout', 'single');
    expect(await bench.read('polytomic/organization.yaml')).toBe(current);
  });
});

describe('layouts', () => {
  it.each([
    ['single', ['polytomic/organization.yaml']],
    ['by-connection', ['polytomic/shop-database.yaml', 'polytomic/warehouse.yaml']],
  ])('%s', async (layout, expected) => {
    const bench = await clicked();
    expect((await bench.cli('export', '--layout', layout)).code).toBe(0);
    expect(Object.keys(await files(bench.root)).filter((file) => file.startsWith('polytomic/'))).toEqual(
      expected,
    );
    await isEmpty(bench);
  });

  it('follow the globs of the configuration file', async () => {
    const bench = await clicked();
    await bench.write({ 'polytomic.config.yaml': 'manifests: [live/*.yml]\n' });
    expect((await bench.cli('export')).code).toBe(0);
    expect(Object.keys(await files(bench.root)).filter((file) => file.startsWith('live/'))).toEqual([
      'live/connections-shop-database.yml',
      'live/connections-warehouse.yml',
      'live/models-customers.yml',
      'live/syncs-customers-to-warehouse.yml',
    ]);
    await isEmpty(bench);
  });

  it('say so where the globs leave no place', async () => {
    const bench = await clicked();
    await bench.write({ 'polytomic.config.yaml': 'manifests: [live/*/deep/*.json]\n' });
    const { code, err } = await bench.cli('export');
    expect(code).toBe(1);
    expect(err).toContain('find no file that could be added');
  });
});

describe('names', () => {
  it('of every sort become keys and files that every system can have', async () => {
    const bench = await clicked();
    const connection = idOf(bench, 'connections', 'Shop database');
    const names = [
      'a/b',
      'a.b',
      '🚀',
      'CON',
      '日本',
      'x'.repeat(300),
      '../../up',
      'Customers',
      'Customers',
      ' ',
      '# no',
      '${x}',
      'a\nb',
    ];
    for (const [index, name] of names.entries())
      await post(bench, 'models', {
        name,
        connection_id: connection,
        configuration: { table: `company.t${index}` },
      });
    const { code, err } = await bench.cli('export');
    expect(err).toBe('');
    expect(code).toBe(0);
    const models = Object.keys(await files(bench.root)).filter((file) =>
      file.startsWith('polytomic/models/'),
    );
    expect(models).toHaveLength(names.length + 1);
    for (const file of models) expect(file).toMatch(/^polytomic\/models\/[a-z0-9][a-z0-9_-]{0,90}\.yaml$/);
    expect(models).toContain('polytomic/models/con-model.yaml');
    await isEmpty(bench);
  });

  it('keep their keys when another object of the name appears', async () => {
    const bench = await clicked();
    await bench.cli('export');
    const connection = idOf(bench, 'connections', 'Shop database');
    await post(bench, 'models', {
      name: 'Customers',
      connection_id: connection,
      configuration: { table: 'a.a' },
    });
    const { out } = await bench.cli('export');
    expect(out).toContain('+ polytomic/models/customers-2.yaml');
    expect(out).toContain('1 file added, 0 changed.');
    await isEmpty(bench);
  });

  it('that two objects bear are told apart by their ids where no state is kept', async () => {
    const bench = await clicked();
    await bench.write({ 'polytomic.config.yaml': 'state: none\n' });
    const connection = idOf(bench, 'connections', 'Shop database');
    await post(bench, 'models', {
      name: 'Customers',
      connection_id: connection,
      configuration: { table: 'a.a' },
    });
    await bench.cli('export');
    expect(await bench.read('polytomic/models/customers-2.yaml')).toMatch(/^id: [0-9a-f-]{36}$/m);
    await isEmpty(bench);
  });
});

describe('an export over manifests that somebody wrote', () => {
  const written = `# Our own file.
kind: Sync   # the main one
key: customers
name: 'Customers to warehouse'
mode: updateOrCreate
active: true

identity: { source: customers.email, target: EMAIL, function: Equality }
fields:
  # marketing needs these
  - { source: customers.email,      target: EMAIL }
  - source: customers.first_name
    target: FIRST_NAME
override_fields: [{ target: LAST_NAME, override_value: unknown }]
filters:
  - { field: customers.email, function: IsNotNull }
  - { field: customers.id, function: GreaterThan, value: 5 }   # no testers
filter_logic: A AND B
schedule:
    frequency: daily
    hour:      5 # before the office opens
    minute: '05'
target: { connection: warehouse, object: CUSTOMERS.CONTACTS }
`;

  const edited = async (
    change: JsonObject | ((sync: JsonObject) => JsonObject),
  ): Promise<{ readonly bench: Workbench; readonly lines: readonly string[] }> => {
    const bench = await applied();
    const [model] = shop['polytomic/customers.yaml']!.split('---\n');
    await bench.write({
      'polytomic/customers.yaml': `${model!}---\n${written}---\nkind: Removed\nfrom: sync.old\ndestroy: false\n`,
    });
    const before = await bench.read('polytomic/customers.yaml');
    const sync = bench.sandbox.list('syncs')[0]!;
    bench.sandbox.edit('syncs', sync.id, typeof change === 'function' ? change(sync) : change);
    const { code, err } = await bench.cli('export');
    expect(err).toBe('');
    expect(code).toBe(0);
    await isEmpty(bench);
    const [old, now] = [before, await bench.read('polytomic/customers.yaml')].map((text) => text.split('\n'));
    const lines = [
      ...old!.filter((line) => !now!.includes(line)).map((line) => `- ${line}`),
      ...now!.filter((line) => !old!.includes(line)).map((line) => `+ ${line}`),
    ];
    return { bench, lines };
  };

  it('changes nothing where nothing changed', async () => {
    expect((await edited({})).lines).toEqual([]);
  });

  it('changes one value, and keeps its comment and its quotes', async () => {
    expect((await edited({ name: 'People', schedule: { hour: '6' } })).lines).toEqual([
      "- name: 'Customers to warehouse'",
      '-     hour:      5 # before the office opens',
      "+ name: 'People'",
      '+     hour:      6 # before the office opens',
    ]);
  });

  it('adds, changes and removes fields among the others', async () => {
    const { lines } = await edited((sync) => ({
      fields: [
        { source: { model_id: (sync['model_ids'] as string[])[0]!, field: 'first_name' }, target: 'EMAIL' },
        { source: { model_id: (sync['model_ids'] as string[])[0]!, field: 'last_name' }, target: 'SURNAME' },
      ],
    }));
    expect(lines).toEqual([
      '-   - { source: customers.email,      target: EMAIL }',
      '-   - source: customers.first_name',
      '-     target: FIRST_NAME',
      '+   - { source: customers.first_name,      target: EMAIL }',
      '+   - source: customers.last_name',
      '+     target: SURNAME',
    ]);
  });

  it('removes what went back to its default, and adds what left it', async () => {
    const { lines } = await edited({ override_fields: null, sync_all_records: true, active: false });
    expect(lines).toEqual([
      '- active: true',
      '- override_fields: [{ target: LAST_NAME, override_value: unknown }]',
      '+ active: false',
      '+ sync_all_records: true',
    ]);
  });

  it('changes filters in their order', async () => {
    const { lines } = await edited((sync) => ({
      filters: (sync['filters'] as JsonObject[]).map((filter) =>
        filter['label'] === 'B' ? { ...filter, value: 7 } : filter,
      ),
      filter_logic: 'A OR B',
    }));
    expect(lines).toEqual([
      '-   - { field: customers.id, function: GreaterThan, value: 5 }   # no testers',
      '- filter_logic: A AND B',
      '+   - { field: customers.id, function: GreaterThan, value: 7 }   # no testers',
      '+ filter_logic: A OR B',
    ]);
  });

  it('accepts what it wrote: nothing has drifted afterwards', async () => {
    const { bench } = await edited({ name: 'People' });
    expect((await bench.cli('drift')).out).toContain('No drift.');
  });

  it('writes references by the name that the API has for them, where the manifest does', async () => {
    const bench = await applied();
    const [db, warehouse] = ['Shop database', 'Warehouse'].map((name) => idOf(bench, 'connections', name));
    const text = shop['polytomic/customers.yaml']!.replace(
      'connection: db',
      `connection_id: ${db!} # by hand`,
    );
    await bench.write({ 'polytomic/customers.yaml': text });
    bench.sandbox.edit('models', idOf(bench, 'models', 'Customers'), { connection_id: warehouse! });
    await bench.cli('export');
    expect(await bench.read('polytomic/customers.yaml')).toBe(
      text.replace(`connection_id: ${db!} # by hand`, 'connection: warehouse # by hand'),
    );
    await isEmpty(bench);
  });

  it('adds what is new beside what is there, and brings back a manifest that was lost', async () => {
    const bench = await applied();
    await bench.write({ 'polytomic/customers.yaml': shop['polytomic/customers.yaml']!.split('---\n')[0]! });
    expect((await bench.cli('export')).out).toContain('+ polytomic/syncs/customers.yaml');
    await isEmpty(bench);
  });

  it('leaves out what a document says will leave', async () => {
    const bench = await applied();
    await bench.write({
      'polytomic/customers.yaml': `${shop['polytomic/customers.yaml']!.split('---\n')[0]!}---\nkind: Removed\nfrom: sync.customers\ndestroy: false\n`,
    });
    const { code, out } = await bench.cli('export');
    expect(code).toBe(0);
    expect(out).not.toContain('syncs');
    expect((await bench.cli('plan')).out).toContain('Plan: 1 to forget. 3 unchanged.');
  });

  it('says what lives no more, and keeps its manifest', async () => {
    const bench = await applied();
    bench.sandbox.remove('syncs', idOf(bench, 'syncs', 'Customers to warehouse'));
    const before = await files(bench.root);
    const { out, code } = await bench.cli('export');
    expect(code).toBe(0);
    expect(out).toContain('Live no more, and their manifests stay');
    expect(out).toContain('  sync.customers (polytomic/customers.yaml:8)');
    expect(await files(bench.root)).toMatchObject({
      'polytomic/customers.yaml': before['polytomic/customers.yaml'],
    });
  });

  it('keeps a secret that was not applied yet to be sent', async () => {
    const bench = await applied();
    const own = shop['polytomic/connections.yaml']!.replace(
      '  username: SYNC\n',
      '  username: SYNC\n  private_key: ${secret:DB_PASSWORD}\n',
    );
    await bench.write({ 'polytomic/connections.yaml': own });
    bench.sandbox.edit('connections', idOf(bench, 'connections', 'Warehouse'), { name: 'Lake' });
    await bench.cli('export');
    expect((await bench.cli('plan')).out).toContain('private_key');
  });

  it('stops at mistakes of the manifests, and at a run that was killed', async () => {
    const bench = await applied();
    await bench.write({ 'polytomic/more.yaml': 'kind: Model\nkey: x\nnmae: y\n' });
    expect(await bench.cli('export')).toMatchObject({ code: 1 });
    await bench.remove('polytomic/more.yaml');
    const run = { type: 'run', digest: 'd', organization: bench.sandbox.organization.id, serial: 1 };
    const begun = {
      type: 'started',
      step: 'model.x',
      address: 'model.x',
      kind: 'Model',
      action: 'create',
      name: 'X',
      key: 'a-key-in-flight',
      body: 'b',
      at: new Date().toISOString(),
      namesakes: [],
      binding: { kind: 'Model', name: 'X', applied: {}, secrets: {}, dependsOn: [] },
    };
    const journal = [run, begun].map((entry) => `${JSON.stringify(entry)}\n`).join('');
    await bench.write({ '.polytomic/journal/default.jsonl': journal });
    const { code, err } = await bench.cli('export');
    expect(code).toBe(1);
    expect(err).toContain('run polytomic-gitops apply first');
  });
});

describe('environments', () => {
  const config = `environments:
  staging:
    variables: { table: contacts }
    overlays: [overlays/staging/*.yaml]
`;
  const overlay = `kind: Overlay
target: sync.customers
merge: { schedule: { hour: 9 } }
`;

  it('an overlay keeps what it says, the manifest takes the rest, and the screen says so', async () => {
    const bench = await workbench({
      ...shop,
      'polytomic.config.yaml': config,
      'overlays/staging/syncs.yaml': overlay,
    });
    await bench.cli('--env', 'staging', 'apply', '--yes');
    bench.sandbox.edit('syncs', bench.sandbox.list('syncs')[0]!.id, {
      schedule: { hour: '11', minute: '30' },
    });
    const { out, code } = await bench.cli('--env', 'staging', 'export');
    expect(code).toBe(0);
    await expect(stable(out)).toMatchFileSnapshot('golden/overlay.txt');
    expect(await bench.read('overlays/staging/syncs.yaml')).toBe(overlay);
    expect(await bench.read('polytomic/customers.yaml')).toBe(
      shop['polytomic/customers.yaml']!.replace("minute: '05'", 'minute: 30'),
    );
  });

  it('an expression is not replaced by its value', async () => {
    const text = shop['polytomic/customers.yaml']!.replace('CUSTOMERS.CONTACTS', '"CUSTOMERS.${var:table}"');
    const bench = await workbench({
      ...shop,
      'polytomic/customers.yaml': text,
      'polytomic.config.yaml': 'variables: { table: CONTACTS }\n',
    });
    await bench.cli('apply', '--yes');
    bench.sandbox.edit('syncs', bench.sandbox.list('syncs')[0]!.id, { target: { object: 'OTHER' } });
    const { out } = await bench.cli('export');
    expect(out).toContain('sync.customers target.object: an expression gives it; change it by hand');
    expect(await bench.read('polytomic/customers.yaml')).toBe(text);
  });
});

describe('--select', () => {
  it.each([
    [['kind=sync'], ['polytomic/syncs/customers-to-warehouse.yaml']],
    [['name=Customers*'], ['polytomic/models/customers.yaml', 'polytomic/syncs/customers-to-warehouse.yaml']],
    [['name=Customers*', 'kind=Model'], ['polytomic/models/customers.yaml']],
    [
      ['connection=Warehouse'],
      ['polytomic/connections/warehouse.yaml', 'polytomic/syncs/customers-to-warehouse.yaml'],
    ],
    [
      ['connection=Shop*'],
      [
        'polytomic/connections/shop-database.yaml',
        'polytomic/models/customers.yaml',
        'polytomic/syncs/customers-to-warehouse.yaml',
      ],
    ],
    [
      ['kind=Model', 'kind=Sync'],
      ['polytomic/models/customers.yaml', 'polytomic/syncs/customers-to-warehouse.yaml'],
    ],
  ])('%s', async (criteria, expected) => {
    const bench = await clicked();
    const { code } = await bench.cli('export', ...criteria.flatMap((each) => ['--select', each]));
    expect(code).toBe(0);
    expect(Object.keys(await files(bench.root)).filter((file) => file.startsWith('polytomic/'))).toEqual(
      expected,
    );
    await isEmpty(bench);
  });

  it('refers to what it leaves out by its name', async () => {
    const bench = await clicked();
    await bench.cli('export', '--select', 'kind=Sync');
    expect(await bench.read('polytomic/syncs/customers-to-warehouse.yaml')).toContain(
      'target: { connection: { name: Warehouse }, object: CUSTOMERS.CONTACTS }',
    );
  });

  it.each([
    ['kind=Snyc', 'did you mean "Sync"?'],
    ['nam=x', 'did you mean "name"?'],
    ['Customers', 'kind=PATTERN'],
  ])('%s is an error with a hint', async (criterion, hint) => {
    const bench = await clicked();
    const { code, err } = await bench.cli('export', '--select', criterion);
    expect(code).toBe(1);
    expect(err).toContain(hint);
  });
});

describe('what cannot be managed', () => {
  it('is only looked up, with the reason beside it', async () => {
    const bench = await clicked();
    bench.sandbox.remove('models', idOf(bench, 'models', 'Customers'));
    const { code } = await bench.cli('export');
    expect(code).toBe(0);
    expect(await bench.read('polytomic/syncs/customers-to-warehouse.yaml')).toMatch(
      /# Looked up and never changed: no model has the id [0-9a-f-]+\.\nexternal: true\n/,
    );
    await isEmpty(bench);
  });

  it('is a mode that this version does not know, too', async () => {
    const bench = await clicked();
    bench.sandbox.edit('syncs', bench.sandbox.list('syncs')[0]!.id, { mode: 'mirror' });
    await bench.cli('export');
    expect(await bench.read('polytomic/syncs/customers-to-warehouse.yaml')).toContain(
      '# Looked up and never changed: mode cannot be "mirror".',
    );
    await isEmpty(bench);
  });

  it('is no circle of syncs that wait for each other', async () => {
    const bench = await clicked();
    const first = bench.sandbox.list('syncs')[0]!;
    const { id: _, ...body } = first;
    const second = await post(bench, 'syncs', {
      ...only(body),
      name: 'Second',
      schedule: { frequency: 'runafter', run_after: { sync_ids: [first.id] } },
    });
    bench.sandbox.edit('syncs', first.id, {
      schedule: { frequency: 'runafter', run_after: { sync_ids: [second] } },
    });
    expect((await bench.cli('export')).code).toBe(0);
    await isEmpty(bench);
  });

  it('leaves masks inside of lists to secrets', async () => {
    const bench = await workbench({});
    const id = await post(bench, 'connections', {
      name: 'Hook',
      type: 'postgresql',
      configuration: { hostname: 'h', password: 'p' },
    });
    bench.sandbox.edit('connections', id, {
      configuration: { headers: [{ name: 'X-Key', value: '********' }] },
    });
    await bench.cli('export');
    const text = await bench.read('polytomic/connections/hook.yaml');
    expect(text).toContain('value: ${secret:HOOK_HEADERS_0_VALUE}');
    await isEmpty(bench);
  });

  const only = ({ name, mode, fields, filters, identity, target }: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries({ name, mode, fields, filters, identity, target }).filter(
        ([, value]) => value !== undefined,
      ),
    ) as JsonObject;
});

describe('in Git', () => {
  const git = async (root: string, ...args: readonly string[]): Promise<void> => {
    await promisify(execFile)('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: root });
  };
  const committed = async (): Promise<Workbench> => {
    const bench = await applied();
    Object.assign(bench.environment, { PATH: process.env['PATH'] ?? '' });
    await bench.write({
      '.gitignore': '.polytomic/\n',
      '.env.example': 'DB_PASSWORD=\nWAREHOUSE_PASSWORD=\n',
    });
    await git(bench.root, 'init', '-q');
    await git(bench.root, 'add', '-A');
    await git(bench.root, 'commit', '-qm', 'first');
    bench.sandbox.edit('syncs', bench.sandbox.list('syncs')[0]!.id, { name: 'People' });
    return bench;
  };

  it('a file that is committed is overwritten', async () => {
    expect((await (await committed()).cli('export')).code).toBe(0);
  });

  it.each([
    ['changed', async () => Promise.resolve()],
    ['staged', async (root: string) => git(root, 'add', '-A')],
  ])('a file that is %s and not committed is not, but by --force', async (_, then) => {
    const bench = await committed();
    const own = `# mine\n${await bench.read('polytomic/customers.yaml')}`;
    await bench.write({ 'polytomic/customers.yaml': own });
    await then(bench.root);
    const refused = await bench.cli('export');
    expect(refused.code).toBe(1);
    await expect(refused.err).toMatchFileSnapshot('golden/uncommitted.txt');
    expect(await bench.read('polytomic/customers.yaml')).toBe(own);
    expect((await bench.cli('export', '--force')).code).toBe(0);
    expect(await bench.read('polytomic/customers.yaml')).toContain('# mine');
  });

  it('an untracked file is not either', async () => {
    const bench = await committed();
    await git(bench.root, 'rm', '-q', '--cached', 'polytomic/customers.yaml');
    await git(bench.root, 'commit', '-qm', 'second');
    expect((await bench.cli('export')).code).toBe(1);
  });

  it('changes elsewhere do not matter', async () => {
    const bench = await committed();
    await bench.write({ 'polytomic/connections.yaml': `# mine\n${shop['polytomic/connections.yaml']!}` });
    expect((await bench.cli('export')).code).toBe(0);
  });
});

describe('--check and --diff', () => {
  it('write nothing, and exit with 2 where files would change', async () => {
    const bench = await clicked();
    const check = await bench.cli('export', '--check');
    expect(check.code).toBe(2);
    expect(check.out).toContain('Files that would be written:');
    expect(await files(bench.root)).toEqual({});
    await expect(bench.read('.polytomic/state/default.json')).rejects.toThrow('ENOENT');
    await bench.cli('export');
    expect((await bench.cli('export', '--check')).code).toBe(0);
  });

  it('show the differences as Git does', async () => {
    const bench = await applied();
    bench.sandbox.edit('syncs', bench.sandbox.list('syncs')[0]!.id, { name: 'People' });
    const { code, out } = await bench.cli('export', '--diff');
    expect(code).toBe(2);
    await expect(out).toMatchFileSnapshot('golden/diff.txt');
  });

  it('--json says which files and which resources', async () => {
    const bench = await clicked();
    const { out } = await bench.cli('--json', 'export', '--select', 'kind=Model');
    expect(JSON.parse(stable(out))).toMatchObject({
      written: true,
      files: [{ file: 'polytomic/models/customers.yaml', status: 'added', addresses: ['model.customers'] }],
      resources: [{ address: 'model.customers', kind: 'Model', status: 'added' }],
    });
  });

  it('a folder that is a link out of the repository is not written to', async () => {
    const bench = await clicked();
    const outside = await workbench({});
    await mkdir(path.join(bench.root, 'polytomic'), { recursive: true });
    await symlink(outside.root, path.join(bench.root, 'polytomic', 'models'));
    const { code, err } = await bench.cli('export');
    expect(code).toBe(1);
    expect(err).toContain('leads out of the repository');
    expect(await files(outside.root)).toEqual({});
  });
});
