/** What a plan does to the data: columns, as a source would give them, and what syncs do to records. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/core/diagnostics.js';
import type { Change } from '../../src/plan/plan.js';
import { shop, stable, workbench, type Workbench } from '../support/workbench.js';

const customers = shop['polytomic/customers.yaml']!;

/** The shop, applied, and then another model. */
const changed = async (
  edit: (text: string) => string,
  options: Parameters<typeof workbench>[1] = {},
): Promise<Workbench> => {
  const bench = await workbench(shop, options);
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
  await bench.write({ 'polytomic/customers.yaml': edit(customers) });
  bench.sandbox.clearRequests();
  return bench;
};

const reads = (query: string) => (text: string) =>
  text.replace('{ table: company.customers }', `{ query: ${query} }`);

/** All that the sync needs, beside a new column; others are gone, and all are text. */
const another = reads("'SELECT id, email, first_name, score FROM company.customers'");
const withoutEmail = reads("'SELECT id, first_name, mail FROM company.customers'");

interface Told {
  readonly plan?: { readonly changes: readonly Change[] };
  readonly rows?: readonly object[];
  readonly diagnostics: readonly Diagnostic[];
}

const planned = async (bench: Workbench, ...args: readonly string[]): Promise<Told> =>
  JSON.parse((await bench.cli('--json', 'plan', ...args)).out) as Told;

const columnsOf = ({ plan }: Told, address = 'model.customers'): Change['columns'] =>
  plan?.changes.find((change) => change.address === address)?.columns;

const previews = ({ sandbox }: Workbench): number =>
  sandbox.requests.filter(({ path: at }) => at === '/api/model-preview').length;

describe('columns', () => {
  it('that come, go and change their type stand below the change, in every form', async () => {
    const bench = await changed(another);
    const { code, out, err } = await bench.cli('plan');
    expect([code, err]).toEqual([0, '']);
    await expect(stable(out)).toMatchFileSnapshot('golden/plan-columns.txt');
    const columns = columnsOf(await planned(bench));
    expect(columns?.added).toEqual([{ name: 'score', type: 'string' }]);
    expect(columns?.removed).toContainEqual({ name: 'last_name', type: 'string' });
    expect(columns?.changed).toEqual([{ name: 'id', before: 'number', after: 'string' }]);
    expect(columns).not.toHaveProperty('unknown');
  });

  it('are kept in a saved plan, and are no part of what is compared', async () => {
    const bench = await changed(another);
    const { out } = await bench.cli('plan', '--out', 'plan.json');
    expect((await bench.cli('show', 'plan.json')).out).toContain('      + score: string\n');
    expect(out).toContain('      + score: string\n');
    const digest = (told: Told): unknown => (told.plan as { digest?: string } | undefined)?.digest;
    expect(digest(await planned(bench))).toBe(digest(await planned(bench, '--no-preview')));
    expect(await bench.cli('apply', 'plan.json')).toMatchObject({ code: 0 });
    expect((await bench.cli('plan', '--detailed-exitcode')).code).toBe(0);
  });

  it('all come with a new model', async () => {
    const bench = await changed(
      (text) =>
        `${text}---\nkind: Model\nkey: teams\nname: Teams\nconnection: db\nconfiguration: { table: company.teams }\n`,
    );
    expect(columnsOf(await planned(bench), 'model.teams')).toEqual({
      added: [
        { name: 'account_id', type: 'number' },
        { name: 'id', type: 'number' },
        { name: 'name', type: 'string' },
      ],
      removed: [],
      changed: [],
    });
  });

  it('are not known where the connection is made, or changed, by the same plan', async () => {
    const bench = await workbench(shop);
    expect(columnsOf(await planned(bench))?.unknown).toBe('connection.db does not live yet');
    expect((await bench.cli('plan')).out).toContain(
      '    # columns: not known: connection.db does not live yet\n',
    );
    await bench.cli('apply', '--yes');
    await bench.write({
      'polytomic/connections.yaml': shop['polytomic/connections.yaml']!.replace('5432', '5433'),
      'polytomic/customers.yaml': another(customers),
    });
    expect(columnsOf(await planned(bench))?.unknown).toBe('connection.db changes with this plan');
    expect(previews(bench)).toBe(0);
  });

  it('are asked for only where a change can change them, and where nobody said no', async () => {
    const bench = await changed((text) => text.replace('name: Customers\n', 'name: All customers\n'));
    expect(columnsOf(await planned(bench))).toBeUndefined();
    await bench.write({ 'polytomic/customers.yaml': customers });
    expect((await bench.cli('plan', '--detailed-exitcode')).code).toBe(0);
    await bench.write({ 'polytomic/customers.yaml': another(customers) });
    for (const no of ['--no-preview', '--no-preflight', '--without-secrets'])
      expect(columnsOf(await planned(bench, no))).toBeUndefined();
    await bench.cli('validate', '--live');
    expect(previews(bench)).toBe(0);
    await planned(bench);
    expect(previews(bench)).toBe(1);
  });

  it('are asked for without making or changing anything', async () => {
    const bench = await changed(another);
    const held = (): unknown =>
      (['connections', 'models', 'syncs'] as const).map((name) => bench.sandbox.list(name));
    const before = structuredClone(held());
    await bench.cli('plan', '--rows', '3');
    expect(held()).toEqual(before);
    expect(
      bench.sandbox.requests
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path: at }) => [method, at]),
    ).toEqual([['POST', '/api/model-preview']]);
  });
});

describe('a column that goes away', () => {
  it('and that a sync maps, filters or tells records apart by is an error at each of its lines', async () => {
    const bench = await changed(withoutEmail);
    const { code, err, out } = await bench.cli('plan');
    expect([code, out]).toEqual([1, '']);
    await expect(err).toMatchFileSnapshot('golden/plan-column-goes.txt');
    const { diagnostics, plan } = await planned(bench);
    expect(plan).toBeUndefined();
    expect(diagnostics.map(({ code: of, place }) => [of, place?.line])).toEqual([
      ['column-goes', 13],
      ['column-goes', 15],
      ['column-goes', 20],
    ]);
  });

  it('and that was never there is an error, too', async () => {
    const bench = await changed((text) =>
      another(text).replace('customers.first_name', 'customers.frist_name'),
    );
    const { diagnostics } = await planned(bench);
    expect(diagnostics).toMatchObject([
      { severity: 'error', code: 'unknown-field', hint: 'did you mean "first_name"?' },
    ]);
  });

  it('is a warning of the preflight as before where no source is asked', async () => {
    const bench = await changed((text) => text.replace('customers.first_name', 'customers.frist_name'));
    const { diagnostics } = await planned(bench, '--no-preview');
    expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'unknown-field' }]);
  });
});

describe('a preview', () => {
  it('that the source refuses is an error at the line of the model', async () => {
    const bench = await changed(reads("'SELECT email FROM missing.customers'"));
    expect((await planned(bench)).diagnostics).toMatchObject([
      {
        severity: 'error',
        code: 'preview-failed',
        message: 'the source says: table missing.customers does not exist',
        address: 'model.customers',
        place: { file: 'polytomic/customers.yaml', line: 5 },
      },
    ]);
  });

  it.each([
    ['may not be made', 403],
    ['is not known to the version', 404],
    ['fails for a reason of the API', 500],
  ])('that %s is a warning, and the plan goes on', async (_what, status) => {
    const bench = await changed(another);
    bench.sandbox.failNext({ method: 'POST', path: /model-preview/, status });
    const told = await planned(bench);
    expect(told.diagnostics).toMatchObject([{ severity: 'warning', code: 'preflight-incomplete' }]);
    expect(columnsOf(told)?.unknown).toBe('no preview was answered');
  });
});

describe.each(['2022-12-12', '2024-02-08'])('at version %s', (version) => {
  it('columns are told, too', async () => {
    const bench = await changed(another);
    await bench.write({ 'polytomic.config.yaml': `version: '${version}'\n` });
    expect(columnsOf(await planned(bench))?.added).toEqual([{ name: 'score', type: 'string' }]);
  });
});

/** Each file below a folder, with its text. */
const filesBelow = async (root: string): Promise<readonly (readonly [string, string])[]> => {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return [file, await readFile(file, 'utf8')] as const;
      }),
  );
};

describe('rows', () => {
  /** Values of the table that stand nowhere else. */
  const canary = 'canary-of-a-row';
  const withRows = async (edit: (text: string) => string): Promise<Workbench> => {
    const bench = await changed(edit);
    const { id } = bench.sandbox.list('connections').find(({ name }) => name === 'Shop database')!;
    const row = (index: number) => ({
      id: index,
      email: `${canary}-${index}@example.com`,
      first_name: `${canary}\u001b[31m${'x'.repeat(60)}`,
    });
    bench.sandbox.setRows(id, 'company.customers', [row(1), row(2)]);
    return bench;
  };

  it('stand side by side with an example of what comes, where they are asked for', async () => {
    const bench = await withRows(another);
    const { code, out } = await bench.cli('plan', '--rows', '2');
    expect(code).toBe(0);
    await expect(stable(out.slice(out.indexOf('Rows of')))).toMatchFileSnapshot('golden/plan-rows.txt');
    expect((await planned(bench, '--rows', '1')).rows).toMatchObject([
      { address: 'model.customers', before: [{ email: `${canary}-1@example.com` }] },
    ]);
  });

  it('are nowhere else: not in a plan, a saved one, the state, a cache', async () => {
    const bench = await withRows(another);
    const { out, err } = await bench.cli('plan', '--out', 'plan.json');
    const json = await bench.cli('--json', 'plan');
    await bench.cli('plan', '--rows', '2', '--out', 'rows.json');
    await bench.cli('apply', '--yes');
    for (const [file, text] of [
      ['text', `${out}${err}`],
      ['json', json.out],
      ...(await filesBelow(bench.root)),
    ])
      expect([file, text.includes(canary)]).toEqual([file, false]);
    expect(JSON.parse(json.out)).not.toHaveProperty('rows');
  });

  it('that cannot be read are a warning, and the plan goes on', async () => {
    const bench = await withRows(another);
    bench.sandbox.failNext({ method: 'GET', path: /sample$/, status: 403 });
    const told = await planned(bench, '--rows', '2');
    expect(told.diagnostics).toMatchObject([{ severity: 'warning', address: 'model.customers' }]);
    expect(told.rows).toMatchObject([{ before: [] }]);
  });

  it('of a column that a sync encrypts are hidden', async () => {
    const bench = await withRows((text) =>
      another(text).replace(
        '{ source: customers.email, target: EMAIL }\n',
        '{ source: customers.email, target: EMAIL, encryption_enabled: true }\n',
      ),
    );
    const { out } = await bench.cli('plan', '--rows', '2');
    expect(out).toMatch(/^ {2}email +\(hidden\) +\(hidden\) +\(hidden\)$/m);
    expect(out).not.toContain(`${canary}-1@example.com`);
  });

  it('of a column that a bulk sync obfuscates are hidden, and of one that may be the same by another name', async () => {
    const bench = await withRows(
      (text) => `${another(text)
        .replace(/ {2}- .*FIRST_NAME.*\n/, '')
        .replace('first_name, ', '')}---
kind: BulkSync
key: raw
name: Raw
mode: replicate
source_connection: db
destination_connection: warehouse
destination_configuration: { schema: RAW }
default_schedule: { frequency: manual }
schemas: [{ id: company.customers, fields: [id, { id: first_name, obfuscate: true }] }]
`,
    );
    const { out } = await bench.cli('plan', '--no-preflight', '--rows', '2');
    expect(out).not.toContain('Rows of');
    const rows = (await bench.cli('plan', '--rows', '2')).out;
    expect(rows).toMatch(/^ {2}first_name +\(hidden\) +\(hidden\) +–$/m);
    expect(rows).toMatch(/^ {2}score +– +– +\(hidden\)$/m);
    expect(rows).toContain(`${canary}-1@example.com`);
  });
});

describe('syncs', () => {
  const effects = async (edit: (text: string) => string): Promise<readonly string[]> => {
    const { plan } = await planned(await changed(edit), '--no-preview');
    return plan?.changes.find(({ address }) => address === 'sync.customers')?.effects ?? [];
  };

  it('say which fields they newly write, and which no longer', async () => {
    expect(await effects((text) => text.replace('target: FIRST_NAME', 'target: FULL_NAME'))).toEqual([
      'newly written to CUSTOMERS.CONTACTS: FULL_NAME',
      'no longer written to CUSTOMERS.CONTACTS: FIRST_NAME',
    ]);
  });

  it('say what becomes of the records that are there', async () => {
    expect(await effects((text) => text.replace('mode: updateOrCreate', 'mode: replace'))).toEqual([
      'replace: a run replaces all records of CUSTOMERS.CONTACTS; those that the model does not give are gone after it',
      'the mode changes: the next run may be a full one, of all records',
    ]);
  });

  it('say that the next run may be a full one where the identity is another one', async () => {
    expect(
      await effects((text) =>
        text.replace(
          '{ source: customers.email, target: EMAIL, f',
          '{ source: customers.id, target: EMAIL, f',
        ),
      ),
    ).toEqual(['the identity changes: the next run may be a full one, of all records']);
  });

  it('say nothing where neither fields nor records are touched', async () => {
    expect(await effects((text) => text.replace('hour: 5', 'hour: 6'))).toEqual([]);
  });
});
