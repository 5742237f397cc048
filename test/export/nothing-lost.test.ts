/**
 * Settings that the importer of Polytomic's Terraform provider leaves out, or that its resources have no place for: set
 * through the API, each stands in an export, and what is made of it answers the same.
 */
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/core/json.js';
import { ask } from '../support/ask.js';
import { workbench, type Workbench } from '../support/workbench.js';

const all = 'polytomic/organization.yaml';

/** Makes it by hand, as the API takes it. */
const build = async (bench: Workbench): Promise<void> => {
  const { id: role } = await ask(bench, 'POST', 'permissions/roles', { name: 'Analysts' });
  const { id: policy } = await ask(bench, 'POST', 'permissions/policies', {
    name: 'Finance',
    policy_actions: [{ action: 'read', role_ids: [role] }],
  });
  const { id: db } = await ask(bench, 'POST', 'connections', {
    name: 'Shop',
    type: 'postgresql',
    configuration: { hostname: 'h', port: 5432, password: 'x' },
    policies: [policy],
  });
  const { id: warehouse } = await ask(bench, 'POST', 'connections', {
    name: 'Warehouse',
    type: 'snowflake',
    configuration: { account: 'acme', username: 'u', password: 'x' },
  });
  const { id: apollo } = await ask(bench, 'POST', 'connections', {
    name: 'Enrichment',
    type: 'apollo',
    configuration: { apikey: 'x' },
  });
  const { id: model } = await ask(bench, 'POST', 'models', {
    name: 'Customers',
    connection_id: db,
    configuration: { table: 'company.customers' },
    identifier: 'id',
    labels: ['core'],
    policies: [policy],
    tracking_columns: ['updated_at'],
    additional_fields: [{ name: 'extra', label: 'Extra', type: 'string' }],
    enricher: { connection_id: apollo, configuration: { object: 'companies' } },
  });
  // Two of one name.
  for (const [target, value] of [
    ['FIRST_NAME', 'unknown'],
    ['EMAIL', 'five'],
  ] as const) {
    const { id } = await ask(bench, 'POST', 'syncs', {
      name: 'Contacts',
      mode: 'updateOrCreate',
      identity: { source: { model_id: model, field: 'id' }, target: 'ID', function: 'Equality' },
      fields: [{ source: { model_id: model, field: 'email' }, target }],
      override_fields: [{ target: 'SOURCE', override_value: value }],
      filters: [
        { field: { model_id: model, field: 'email' }, function: 'IsNotNull' },
        { field: { model_id: model, field: 'id' }, function: 'GreaterThan', value: 5 },
      ],
      filter_logic: 'A OR B',
      overrides: [
        { field: { model_id: model, field: 'email' }, function: 'IsNull', override: 'nobody@example.com' },
      ],
      schedule: { frequency: 'daily', hour: '5', minute: '05' },
      target: { connection_id: warehouse, object: 'CUSTOMERS.CONTACTS' },
      policies: [policy],
    });
    await ask(bench, 'PUT', `syncs/${id}/error-handling`, { subscribers: ['a@example.com'] });
  }
  await ask(bench, 'GET', `connections/${db}/schemas/status`);
  // Two of one name.
  for (const schema of ['RAW', 'OTHER']) {
    const { id } = await ask(bench, 'POST', 'bulk/syncs', {
      name: 'Copy',
      mode: 'replicate',
      source_connection_id: db,
      destination_connection_id: warehouse,
      destination_configuration: { schema },
      default_schedule: { frequency: 'hourly', minute: '5' },
      additional_schedules: [
        { frequency: 'weekly', day_of_week: 'sunday', hour: '3', minute: '0', resync_mode: 'rebuild' },
        { frequency: 'daily', hour: '4', minute: '30', schemas: ['company.accounts'] },
      ],
      automatically_add_new_objects: 'none',
      automatically_add_new_fields: 'onlyIncremental',
      normalize_names: 'disabled',
      concurrency_limit: 3,
      resync_concurrency_limit: 2,
      data_cutoff_timestamp: '2024-01-01T00:00:00Z',
      disable_record_timestamps: true,
      policies: [policy],
    });
    await ask(bench, 'PATCH', `bulk/syncs/${id}/schemas`, {
      schemas: [
        { id: 'company.accounts', enabled: true },
        { id: 'company.teams', enabled: false },
        {
          id: 'company.customers',
          enabled: true,
          tracking_field: 'updated_at',
          partition_key: 'id',
          history_enabled: true,
          user_output_name: 'people',
          data_cutoff_timestamp: '2024-06-01T00:00:00Z',
          filters: [
            { field_id: 'email', function: 'StringOneOf', value: ['a', 'b'] },
            { field_id: 'id', function: 'GreaterThan', value: 5 },
          ],
          fields: [
            { id: 'id', enabled: true },
            { id: 'email', enabled: true, obfuscated: true },
            { id: 'first_name', enabled: true, user_output_name: 'given_name' },
            { id: 'last_name', enabled: false },
          ],
        },
      ],
    });
    await ask(bench, 'PUT', `bulk/syncs/${id}/error-handling`, { subscribers: ['b@example.com'] });
  }
};

/** A list's item by `[name=value]`, everything else by its name. */
const at = (value: Json | undefined, path: string): Json | undefined =>
  path
    .split(/\.(?![^[]*\])/)
    .flatMap((step) => step.split(/(?=\[)/))
    .filter((step) => step !== '')
    .reduce<Json | undefined>((held, step) => {
      const [, name = '', wanted] = /^\[(\w+)=(.*)\]$/.exec(step) ?? [];
      if (name === '') return isJsonObject(held) ? held[step] : undefined;
      return isJsonArray(held) ? held.find((item) => isJsonObject(item) && item[name] === wanted) : undefined;
    }, value);

const customers = 'schemas[id=company.customers]';
const weekly = 'additional_schedules[frequency=weekly]';
const daily = 'additional_schedules[frequency=daily]';

/** Setting, address of the manifest, where it stands there, what it says; and where the API answers it. */
const settings: readonly (readonly [what: string, key: string, path: string, says: Json, answer: string])[] =
  [
    // A plan over what is made without these copies in clear what was obfuscated.
    [
      'obfuscation of a field',
      'copy',
      `${customers}.fields[id=email].obfuscate`,
      true,
      'customers#fields[id=email].obfuscated',
    ],
    [
      'a field that is not copied',
      'copy',
      `${customers}.fields[id=last_name].enabled`,
      false,
      'customers#fields[id=last_name].enabled',
    ],
    [
      'the name of a field',
      'copy',
      `${customers}.fields[id=first_name].user_output_name`,
      'given_name',
      'customers#fields[id=first_name].user_output_name',
    ],
    [
      'a filter with a list',
      'copy',
      `${customers}.filters[field_id=email].value`,
      ['a', 'b'],
      'customers#filters[field_id=email].value',
    ],
    [
      'a filter with a number',
      'copy',
      `${customers}.filters[field_id=id].value`,
      5,
      'customers#filters[field_id=id].value',
    ],
    [
      'the function of a filter',
      'copy',
      `${customers}.filters[field_id=id].function`,
      'GreaterThan',
      'customers#filters[field_id=id].function',
    ],
    ['the tracking field', 'copy', `${customers}.tracking_field`, 'updated_at', 'customers#tracking_field'],
    ['the partition key', 'copy', `${customers}.partition_key`, 'id', 'customers#partition_key'],
    ['the history of a schema', 'copy', `${customers}.history_enabled`, true, 'customers#history_enabled'],
    ['the name of a schema', 'copy', `${customers}.user_output_name`, 'people', 'customers#user_output_name'],
    [
      'the cut-off of a schema',
      'copy',
      `${customers}.data_cutoff_timestamp`,
      '2024-06-01T00:00:00Z',
      'customers#data_cutoff_timestamp',
    ],
    ['a second schedule', 'copy', `${weekly}.day_of_week`, 'sunday', `bulk#${weekly}.day_of_week`],
    ['what a schedule does', 'copy', `${weekly}.resync_mode`, 'rebuild', `bulk#${weekly}.resync_mode`],
    ['a third schedule', 'copy', `${daily}.hour`, 4, `bulk#${daily}.hour`],
    ['the schemas of a schedule', 'copy', `${daily}.schemas`, ['company.accounts'], `bulk#${daily}.schemas`],
    ['the first schedule', 'copy', 'default_schedule.frequency', 'hourly', 'bulk#default_schedule.frequency'],
    [
      'what becomes of new schemas',
      'copy',
      'automatically_add_new_objects',
      'none',
      'bulk#automatically_add_new_objects',
    ],
    [
      'what becomes of new fields',
      'copy',
      'automatically_add_new_fields',
      'onlyIncremental',
      'bulk#automatically_add_new_fields',
    ],
    ['how names are written', 'copy', 'normalize_names', 'disabled', 'bulk#normalize_names'],
    ['how much is done at once', 'copy', 'concurrency_limit', 3, 'bulk#concurrency_limit'],
    ['how much is done at once anew', 'copy', 'resync_concurrency_limit', 2, 'bulk#resync_concurrency_limit'],
    ['the cut-off', 'copy', 'data_cutoff_timestamp', '2024-01-01T00:00:00Z', 'bulk#data_cutoff_timestamp'],
    ['times of records', 'copy', 'disable_record_timestamps', true, 'bulk#disable_record_timestamps'],
    [
      'who is told of errors',
      'copy',
      'error_handling.subscribers',
      ['b@example.com'],
      'bulk/error-handling#subscribers',
    ],
    ['policies of a bulk sync', 'copy', 'policies', ['finance'], 'bulk#policies'],
    ['a second bulk sync of the name', 'copy-2', 'name', 'Copy', 'bulk#name'],
    [
      'override fields',
      'contacts',
      'override_fields[target=SOURCE].override_value',
      'five',
      'sync#fields[target=SOURCE].override_value',
    ],
    [
      'a filter of a sync',
      'contacts',
      'model_filters.conditions[function=GreaterThan].value',
      5,
      'sync#model_filters.conditions[function=GreaterThan].value',
    ],
    ['the logic of filters', 'contacts', 'model_filters.logic', 'A OR B', 'sync#model_filters.logic'],
    [
      'overrides',
      'contacts',
      'overrides[function=IsNull].override',
      'nobody@example.com',
      'sync#overrides[function=IsNull].override',
    ],
    [
      'who is told of errors of a sync',
      'contacts',
      'error_handling.subscribers',
      ['a@example.com'],
      'sync/error-handling#subscribers',
    ],
    ['policies of a sync', 'contacts', 'policies', ['finance'], 'sync#policies'],
    ['a second sync of the name', 'contacts-2', 'name', 'Contacts', 'sync#name'],
    ['labels of a model', 'customers', 'labels', ['core'], 'model#labels'],
    ['policies of a model', 'customers', 'policies', ['finance'], 'model#policies'],
    [
      'the enrichment of a model',
      'customers',
      'enricher.configuration.object',
      'companies',
      'model#enricher.configuration.object',
    ],
    [
      'an added field of a model',
      'customers',
      'additional_fields[name=extra].label',
      'Extra',
      'model#fields[name=extra].label',
    ],
    ['tracking columns', 'customers', 'tracking_columns', ['updated_at'], 'model#tracking_columns'],
    ['policies of a connection', 'shop', 'policies', ['finance'], 'connection#policies'],
  ];

/** Ids of an organization by the words of the table; of two of one name, the one with the lower `mark`. */
const addresses = ({ sandbox }: Workbench): Readonly<Record<string, string>> => {
  const first = (collection: 'syncs' | 'bulkSyncs', mark: (object: JsonObject) => string): string =>
    [...sandbox.list(collection)].sort((a, b) => (mark(a) < mark(b) ? -1 : 1))[0]!.id;
  const bulk = `bulk/syncs/${first('bulkSyncs', (each) => JSON.stringify(each['destination_configuration']))}`;
  const sync = `syncs/${first('syncs', (each) => JSON.stringify(each['override_fields']))}`;
  return {
    bulk,
    customers: `${bulk}/schemas/company.customers`,
    'bulk/error-handling': `${bulk}/error-handling`,
    sync,
    'sync/error-handling': `${sync}/error-handling`,
    model: `models/${sandbox.list('models')[0]!.id}`,
    connection: `connections/${sandbox.list('connections').find(({ name }) => name === 'Shop')!.id}`,
  };
};

/** What the API answers for each setting, ids of policies by their names. */
const answers = async (bench: Workbench): Promise<Readonly<Record<string, Json | undefined>>> => {
  const where = addresses(bench);
  const asked = new Map<string, JsonObject>();
  for (const [name, url] of Object.entries(where)) asked.set(name, await ask(bench, 'GET', url));
  const policies = new Map(bench.sandbox.list('policies').map(({ id, name }) => [id, name]));
  return Object.fromEntries(
    settings.map(([what, , , , answer]) => {
      const [name = '', path = ''] = answer.split('#');
      const value = at(asked.get(name), path);
      return [
        what,
        what.startsWith('policies') && isJsonArray(value)
          ? value.map((id) => policies.get(id as string) ?? 'unknown')
          : value,
      ];
    }),
  );
};

it('of what the importer of the Terraform provider loses, an export loses nothing', async () => {
  const bench = await workbench({});
  await build(bench);
  expect(await bench.cli('export', '--layout', 'single')).toMatchObject({ code: 0, err: '' });
  const text = await bench.read(all);
  const manifests = new Map(
    parseAllDocuments(text).map((document) => {
      const manifest = document.toJS() as JsonObject;
      return [manifest['key'], manifest];
    }),
  );
  const stands = settings.map(([what, key, path]) => [what, at(manifests.get(key), path)]);
  expect(stands).toEqual(settings.map(([what, , , says]) => [what, says]));
  expect(await bench.cli('plan', '--detailed-exitcode', '--without-secrets')).toMatchObject({ code: 0 });

  const second = await workbench({ [all]: text });
  for (const [, secret = ''] of text.matchAll(/\$\{secret:(\w+)\}/g)) second.environment[secret] = 'x';
  expect(await second.cli('apply', '--yes')).toMatchObject({ code: 0 });
  expect(await second.cli('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
  const before = await answers(bench);
  expect(Object.entries(before).filter(([, value]) => value === undefined)).toEqual([]);
  expect(await answers(second)).toEqual(before);
});
