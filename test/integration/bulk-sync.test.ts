/** Bulk syncs from end to end: their schemas, fields and schedules, against the sandbox. */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { objectsIn, type JsonObject } from '../../src/core/json.js';
import { ask } from '../support/ask.js';
import { shop, stable, workbench, type Workbench, type WorkbenchOptions } from '../support/workbench.js';

const copy = `kind: BulkSync
key: copy
name: Copy
mode: replicate
source_connection: db
destination_connection: warehouse
destination_configuration: { schema: RAW }
default_schedule: { frequency: daily, hour: 5, minute: 0 }
additional_schedules:
  - { frequency: weekly, day_of_week: sunday, hour: 3, minute: 0, resync_mode: rebuild }
  - { frequency: hourly, minute: 15, schemas: [company.accounts] }
schemas:
  - company.accounts
  - id: company.customers
    tracking_field: updated_at
    filters:
      - { field_id: email, function: IsNotNull }
    fields:
      - id
      - { id: email, obfuscate: true }
      - { id: last_name, enabled: false }
      - { id: first_name, user_output_name: given_name }
`;

const connections = { 'polytomic/connections.yaml': shop['polytomic/connections.yaml'] ?? '' };
const file = 'polytomic/copy.yaml';

const applied = async (manifest = copy, options: WorkbenchOptions = {}): Promise<Workbench> => {
  const bench = await workbench({ ...connections, [file]: manifest }, options);
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  bench.sandbox.clearRequests();
  return bench;
};

const syncOf = ({ sandbox }: Workbench): JsonObject & { readonly id: string } =>
  sandbox.list('bulkSyncs')[0]!;
const below = (bench: Workbench, path = ''): string => `bulk/syncs/${syncOf(bench).id}${path}`;
const schemaOf = async (bench: Workbench, id = 'company.customers'): Promise<JsonObject> =>
  ask(bench, 'GET', below(bench, `/schemas/${id}`));
const fieldsOf = async (bench: Workbench, id?: string): Promise<Readonly<Record<string, JsonObject>>> =>
  Object.fromEntries(
    objectsIn((await schemaOf(bench, id))['fields']).map((field) => [field['id'] as string, field]),
  );
const enabledIn = async (bench: Workbench): Promise<readonly unknown[]> =>
  objectsIn((await ask(bench, 'GET', below(bench, '/schemas'))) as unknown as readonly JsonObject[])
    .filter(({ enabled }) => enabled === true)
    .map(({ id }) => id);

/** What was written since the requests were cleared. */
const writes = ({ sandbox }: Workbench): readonly string[] =>
  sandbox.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => stable(`${method} ${path}`));

const hasNothingToDo = async (bench: Workbench): Promise<void> => {
  const { code, out } = await bench.cli('plan', '--detailed-exitcode');
  expect([code, out]).toEqual([0, expect.stringContaining('No changes.')]);
};

/** What lives, as a repository of its own. */
const exportOf = async ({ sandbox }: Workbench): Promise<Workbench> => {
  const bench = await workbench({});
  Object.assign(bench.environment, {
    POLYTOMIC_URL: sandbox.url,
    POLYTOMIC_API_KEY: sandbox.apiKey,
    SHOP_DATABASE_PASSWORD: 'x',
  });
  expect(await bench.cli('export', '--layout', 'single')).toMatchObject({ code: 0 });
  return bench;
};

const edit = async (bench: Workbench, change: (text: string) => string): Promise<void> =>
  bench.write({ [file]: change(await bench.read(file)) });

describe('a bulk sync', () => {
  it('is made with all that it names by one request, and then there is nothing to do', async () => {
    const bench = await workbench({ ...connections, [file]: copy });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(writes(bench)).toEqual(['POST /api/connections', 'POST /api/connections', 'POST /api/bulk/syncs']);
    await hasNothingToDo(bench);
    expect(await enabledIn(bench)).toEqual(['company.accounts', 'company.customers']);
    expect(await schemaOf(bench)).toMatchObject({
      tracking_field: 'updated_at',
      filters: [{ field_id: 'email', function: 'IsNotNull' }],
    });
    expect(await fieldsOf(bench)).toMatchObject({
      email: { enabled: true, obfuscated: true },
      last_name: { enabled: false },
      first_name: { user_output_name: 'given_name' },
      account_id: { enabled: true, obfuscated: false },
    });
  });

  it('waits for schemas that Polytomic is still reading, and is refused at once for anything else', async () => {
    const bench = await workbench({ ...connections, [file]: copy }, { sandbox: { jobPolls: 5 } });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    const asked = bench.sandbox.requests.map(({ method, path }) => `${method} ${path}`);
    expect(asked.filter((each) => each.endsWith('/schemas/status')).length).toBeGreaterThan(2);
    expect(asked.filter((each) => each === 'POST /api/bulk/syncs')).toHaveLength(1);
    const wrong = await workbench({
      ...connections,
      [file]: copy.replace('company.accounts\n', 'no.such\n'),
    });
    const { code, err, out } = await wrong.cli('apply', '--yes');
    expect([code, `${out}${err}`]).toEqual([3, expect.stringContaining('the source has no schema no.such')]);
    expect(wrong.sandbox.requests.filter(({ path }) => path.endsWith('/schemas/status')).length).toBeLessThan(
      3,
    );
  });

  it('that names no schemas copies all, with an empty list none', async () => {
    const head = copy.slice(0, copy.indexOf('schemas:\n  - company.accounts'));
    const all = await applied(head.replace(', schemas: [company.accounts]', ''));
    expect(await enabledIn(all)).toHaveLength(7);
    await hasNothingToDo(all);
    const none = await applied(`${head}schemas: []\n`);
    expect(await enabledIn(none)).toEqual([]);
    await hasNothingToDo(none);
  });

  it('that leaves all other fields out is switched on last', async () => {
    const bench = await workbench({ ...connections, [file]: `${copy}    other_fields: disabled\n` });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    const sent = bench.sandbox.requests.find(
      ({ method, path }) => `${method} ${path}` === 'POST /api/bulk/syncs',
    );
    expect((sent?.body as unknown as JsonObject)['schemas']).toMatchObject([
      'company.accounts',
      { id: 'company.customers', enabled: false },
    ]);
    expect(writes(bench).slice(2)).toEqual(['POST /api/bulk/syncs', 'PATCH /api/bulk/syncs/<id>/schemas']);
    const fields = await fieldsOf(bench);
    expect(Object.values(fields).flatMap(({ id, enabled }) => (enabled === true ? [id] : []))).toEqual([
      'id',
      'email',
      'first_name',
    ]);
    expect(await enabledIn(bench)).toEqual(['company.accounts', 'company.customers']);
    await hasNothingToDo(bench);
  });
});

describe('a change of a bulk sync', () => {
  it('of one field is planned as one field, and is one request of its schemas', async () => {
    const bench = await applied();
    const before = await fieldsOf(bench);
    await edit(bench, (text) => text.replace('      - id\n', '      - { id: id, obfuscate: true }\n'));
    const { out } = await bench.cli('plan');
    await expect(stable(out)).toMatchFileSnapshot('golden/bulk-sync-field.txt');
    bench.sandbox.clearRequests();
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(writes(bench)).toEqual(['PATCH /api/bulk/syncs/<id>/schemas']);
    expect(await fieldsOf(bench)).toEqual({ ...before, id: { ...before['id'], obfuscated: true } });
    await hasNothingToDo(bench);
  });

  it('of one schedule is one request, and keeps the schedule what it was', async () => {
    const bench = await applied();
    const idsOf = (): readonly unknown[] =>
      objectsIn(syncOf(bench)['additional_schedules']).map(({ id, created_at: at }) => [id, at]);
    const before = idsOf();
    await edit(bench, (text) => text.replace('hour: 3', 'hour: 4'));
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(writes(bench)).toEqual(['PUT /api/bulk/syncs/<id>']);
    expect(idsOf()).toEqual(before);
    expect(objectsIn(syncOf(bench)['additional_schedules'])).toMatchObject([
      { frequency: 'weekly', hour: '4', resync_mode: 'rebuild' },
      { frequency: 'hourly', schemas: ['company.accounts'] },
    ]);
    await hasNothingToDo(bench);
  });

  it('that takes a schema out of the manifest switches it off, and keeps what was set for it', async () => {
    const bench = await applied();
    await edit(bench, (text) => text.slice(0, text.indexOf('  - id: company.customers')));
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(await enabledIn(bench)).toEqual(['company.accounts']);
    expect(await fieldsOf(bench)).toMatchObject({
      email: { obfuscated: true },
      last_name: { enabled: false },
    });
    await hasNothingToDo(bench);
  });

  it('that takes settings of a schema out clears them; nothing is shown in clear because a line went', async () => {
    const bench = await applied();
    await edit(
      bench,
      (text) => `${text.slice(0, text.indexOf('  - id: company.customers'))}  - company.customers\n`,
    );
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(await schemaOf(bench)).toMatchObject({ enabled: true, tracking_field: '', filters: [] });
    expect(await fieldsOf(bench)).toMatchObject({
      email: { obfuscated: true },
      last_name: { enabled: false },
    });
    await hasNothingToDo(bench);
  });

  it('of its source writes the schemas of the new one', async () => {
    const bench = await applied();
    await bench.write({
      'polytomic/other.yaml': `kind: Connection\nkey: other\nname: Other\ntype: postgresql\nconfiguration: { hostname: other, password: "\${secret:DB_PASSWORD}" }\n`,
    });
    await edit(bench, (text) => text.replace('source_connection: db', 'source_connection: other'));
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    await hasNothingToDo(bench);
  });
});

describe('a source that is replaced', () => {
  it('is copied as the old one was, in the same apply', async () => {
    const bench = await applied();
    const before = [await enabledIn(bench), await fieldsOf(bench)];
    await bench.write({
      'polytomic/connections.yaml': connections['polytomic/connections.yaml'].replace('postgresql', 'mysql'),
    });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect([await enabledIn(bench), await fieldsOf(bench)]).toEqual(before);
    await hasNothingToDo(bench);
  });
});

describe('what a manifest does not name', () => {
  it('is left as it lives, whoever sets it', async () => {
    const bench = await applied();
    await ask(bench, 'PATCH', below(bench, '/schemas'), {
      schemas: [
        { id: 'company.teams', enabled: true, fields: [{ id: 'name', enabled: true, obfuscated: true }] },
        {
          ...(await schemaOf(bench)),
          partition_key: 'id',
          fields: Object.values({
            ...(await fieldsOf(bench)),
            account_id: { id: 'account_id', enabled: false },
          }),
        },
      ],
    });
    await hasNothingToDo(bench);
    await edit(bench, (text) => text.replace('      - id\n', '      - { id: id, obfuscate: true }\n'));
    expect((await bench.cli('plan')).out).toContain(
      '5 schemas and 3 fields that the manifest does not name stay as they live',
    );
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(await schemaOf(bench)).toMatchObject({ partition_key: 'id', tracking_field: 'updated_at' });
    expect(await fieldsOf(bench)).toMatchObject({
      account_id: { enabled: false },
      id: { obfuscated: true },
      email: { obfuscated: true },
    });
    expect((await fieldsOf(bench, 'company.teams'))['name']).toMatchObject({ obfuscated: true });
  });

  it('is switched off where it says so', async () => {
    const bench = await applied();
    await ask(bench, 'PATCH', below(bench, '/schemas'), {
      schemas: [
        { id: 'company.teams', enabled: true, fields: [{ id: 'name', enabled: true, obfuscated: true }] },
      ],
    });
    await edit(bench, (text) => `other_schemas: disabled\n${text}`);
    const { out } = await bench.cli('plan');
    expect(out).toContain('company.teams');
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(await enabledIn(bench)).toEqual(['company.accounts', 'company.customers']);
    expect((await fieldsOf(bench, 'company.teams'))['name']).toMatchObject({ obfuscated: true });
    await hasNothingToDo(bench);
  });
});

describe('a plan', () => {
  it('reads the summary of what is copied, and in full only what a manifest speaks of', async () => {
    const asked = async (manifest: string): Promise<readonly string[]> => {
      const bench = await applied(manifest);
      await bench.cli('plan');
      return bench.sandbox.requests
        .map(({ path: asked }) => stable(asked))
        .filter((each) => each.startsWith('/api/bulk/syncs/'));
    };
    const names = copy.slice(0, copy.indexOf('  - id: company.customers'));
    expect(await asked(`${names}  - company.customers\n`)).toEqual(['/api/bulk/syncs/<id>/schemas']);
    expect(await asked(copy)).toEqual([
      '/api/bulk/syncs/<id>/schemas',
      '/api/bulk/syncs/<id>/schemas/company.customers',
    ]);
  });
});

describe('drift of a bulk sync', () => {
  it('is told field by field, and mended', async () => {
    const bench = await applied();
    await ask(bench, 'PUT', below(bench, '/schemas/company.customers'), {
      ...(await schemaOf(bench)),
      tracking_field: 'created_at',
      fields: Object.values(await fieldsOf(bench)).map((field) => ({
        ...field,
        obfuscated: false,
        enabled: true,
      })),
    });
    const { code, out } = await bench.cli('drift');
    expect(code).toBe(2);
    await expect(stable(out).replace(/ at \d{4}-\S+/, ' at <time>')).toMatchFileSnapshot(
      'golden/bulk-sync-drift.txt',
    );
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(await fieldsOf(bench)).toMatchObject({
      email: { obfuscated: true },
      last_name: { enabled: false },
    });
    expect(await schemaOf(bench)).toMatchObject({ tracking_field: 'updated_at' });
  });

  it('while an apply is under way stops it before it undoes what it never saw', async () => {
    const bench = await applied();
    await edit(bench, (text) => text.replace('      - id\n', '      - { id: id, obfuscate: true }\n'));
    const schema = `${syncOf(bench).id}/company.customers`;
    bench.sandbox.failNext({
      method: 'GET',
      path: /\/schemas$/,
      skip: 1,
      edit: { collection: 'bulkSchemas', id: schema, change: { tracking_field: 'created_at' } },
    });
    const { code, err, out } = await bench.cli('apply', '--yes');
    expect([code, `${out}${err}`]).toEqual([
      1,
      expect.stringContaining('was changed since the plan was made'),
    ]);
    expect(writes(bench)).toEqual([]);
  });
});

describe('a bulk sync that lives', () => {
  it('is exported whole, and there is nothing to do afterwards, here or in an empty organization', async () => {
    const first = await applied(
      `${copy}error_handling: { subscribers: [data@example.com], ingestion_failure_threshold: 60 }\n`,
    );
    const all = 'polytomic/organization.yaml';
    const bench = await exportOf(first);
    const text = await bench.read(all);
    await expect(text).toMatchFileSnapshot('golden/bulk-sync-export.yaml');
    expect(await bench.cli('fmt', '--check')).toMatchObject({ code: 0 });
    await hasNothingToDo(bench);
    const second = await workbench({ [all]: text });
    second.environment['SHOP_DATABASE_PASSWORD'] = 'x';
    expect(await second.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(await (await exportOf(second)).read(all)).toBe(text);
  });

  it('is adopted by its name', async () => {
    const bench = await applied();
    await bench.remove('.polytomic/state/default.json');
    const { out } = await bench.cli('plan');
    expect(out).toContain('adopt');
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(bench.sandbox.list('bulkSyncs')).toHaveLength(1);
    expect(writes(bench)).toEqual([]);
    await hasNothingToDo(bench);
  });

  it('is deleted before its connections', async () => {
    const bench = await applied();
    await bench.remove(file);
    await bench.write({
      'polytomic/connections.yaml':
        'kind: Connection\nkey: left\nname: Left\ntype: postgresql\nconfiguration: { hostname: h }\n',
    });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(writes(bench).filter((each) => each.startsWith('DELETE'))).toEqual([
      'DELETE /api/bulk/syncs/<id>',
      'DELETE /api/connections/<id>',
      'DELETE /api/connections/<id>',
    ]);
  });
});

describe('an export onto manifests that are there', () => {
  it('says what lives in their own words, and names nothing that they left out', async () => {
    const bench = await applied();
    await ask(bench, 'PATCH', below(bench, '/schemas'), {
      schemas: [
        {
          id: 'company.accounts',
          enabled: true,
          tracking_field: 'id',
          fields: [{ id: 'plan', obfuscated: true }],
        },
        { id: 'company.teams', enabled: true, fields: [{ id: 'name', obfuscated: true }] },
        {
          ...(await schemaOf(bench)),
          filters: [],
          fields: Object.values(await fieldsOf(bench)).map((field) => ({
            ...field,
            enabled: true,
            obfuscated: field['id'] === 'id',
            user_output_name: '',
          })),
        },
      ],
    });
    expect(await bench.cli('export')).toMatchObject({ code: 0 });
    await expect(await bench.read(file)).toMatchFileSnapshot('golden/bulk-sync-edited.yaml');
    await hasNothingToDo(bench);
    expect(await bench.cli('fmt')).toMatchObject({ code: 0 });
    await hasNothingToDo(bench);
  });

  it('leaves out a schema that somebody switched off', async () => {
    const bench = await applied();
    await ask(bench, 'PATCH', below(bench, '/schemas'), {
      schemas: [{ id: 'company.accounts', enabled: false }],
    });
    expect(await bench.cli('export')).toMatchObject({ code: 0 });
    expect(await bench.read(file)).toBe(copy.replace('  - company.accounts\n', ''));
    await hasNothingToDo(bench);
  });
});

describe('a sync that runs after a bulk sync', () => {
  it('refers to it by its key, and is made after it', async () => {
    const bench = await workbench({
      ...shop,
      [file]: copy,
      'polytomic/after.yaml': `kind: Sync
key: after
name: After
mode: replace
fields: [{ source: customers.email, target: EMAIL }]
schedule: { frequency: runafter, run_after: { bulk_syncs: [copy] } }
target: { connection: warehouse, object: CUSTOMERS.CONTACTS }
`,
    });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    const after = bench.sandbox.list('syncs').find(({ name }) => name === 'After')!;
    expect((after['schedule'] as JsonObject)['run_after']).toEqual({ bulk_sync_ids: [syncOf(bench).id] });
    await hasNothingToDo(bench);
    expect((await bench.cli('graph')).out).toContain('bulkSync#46;copy');
    const again = await exportOf(bench);
    expect(await again.read('polytomic/organization.yaml')).toMatch(/bulk_syncs:\s+- copy/);
    await hasNothingToDo(again);
  });
});

describe('the example', () => {
  it('is formatted, fits the sandbox, and is applied as it says', async () => {
    const bench = await workbench({});
    const example = path.join(import.meta.dirname, '..', '..', 'examples', 'bulk-sync');
    await cp(example, bench.root, { recursive: true });
    bench.environment['SHOP_PASSWORD'] = 'x';
    expect(await bench.cli('fmt', '--check')).toMatchObject({ code: 0 });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(await bench.cli('validate', '--live')).toMatchObject({ code: 0, err: '' });
    await hasNothingToDo(bench);
    expect(await enabledIn(bench)).toEqual(['company.accounts', 'company.customers']);
    expect(await fieldsOf(bench)).toMatchObject({
      email: { enabled: true, obfuscated: true },
      first_name: { enabled: false },
      last_name: { enabled: false },
    });
  });
});

describe('a manifest that does not fit', () => {
  it('is told so at its lines', async () => {
    const bench = await applied();
    await edit(bench, (text) =>
      text
        .replace('{ schema: RAW }', '{ shema: RAW }')
        .replace('  - company.accounts\n', '  - company.acounts\n  - company.teams\n')
        .replace('tracking_field: updated_at', 'tracking_field: updated')
        .replace('function: IsNotNull', 'function: OnOrAfter, value: 2024-01-01')
        .replace('      - id\n', '      - idd\n'),
    );
    const { code, out, err } = await bench.cli('plan');
    expect(code).toBe(1);
    await expect(stable(`${out}${err}`)).toMatchFileSnapshot('golden/bulk-sync-findings.txt');
  });
});

describe.each(['2024-02-08', '2022-12-12'])('in version %s', (version) => {
  const simple = copy
    .replace(/additional_schedules:\n( {2}- .*\n)+/, '')
    .replace(
      'schemas:\n',
      'automatically_add_new_objects: all\nautomatically_add_new_fields: all\nschemas:\n',
    );
  const config = { 'polytomic.config.yaml': `version: '${version}'\n` };

  it('the same manifest does the same', async () => {
    const bench = await workbench({ ...connections, ...config, [file]: simple });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    await hasNothingToDo(bench);
    await edit(bench, (text) =>
      text.replace('      - id\n', '      - { id: id, obfuscate: true }\n').replace('hour: 5', 'hour: 6'),
    );
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(await fieldsOf(bench)).toMatchObject({ id: { obfuscated: true }, email: { obfuscated: true } });
    await hasNothingToDo(bench);
    // And the newest version sees the same.
    await bench.write({ 'polytomic.config.yaml': "version: '2025-09-18'\n" });
    await hasNothingToDo(bench);
  });

  it('what it has no words for is told at its line', async () => {
    const bench = await workbench({ ...connections, ...config, [file]: copy });
    const { code, err, out } = await bench.cli('plan');
    expect([code, `${out}${err}`]).toEqual([
      1,
      expect.stringContaining('this version of the API has no form for additional_schedules'),
    ]);
    expect(`${out}${err}`).toContain('copy.yaml:10');
  });
});
