import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { redact, type ValueObject } from '../../src/core/secret.js';
import { comparable, completeFromLive } from '../../src/kinds/normalise.js';
import { kinds, kindOf } from '../../src/kinds/registry.js';

const connection = kindOf('Connection');
const model = kindOf('Model');
const sync = kindOf('Sync');

/** The comparable forms of a manifest's document and of a live object. */
const forms = (
  kind: typeof sync,
  manifest: ValueObject,
  live: JsonObject,
): readonly [JsonObject, JsonObject] => {
  const { document } = kind.fromLive(live);
  return [
    comparable(
      kind,
      redact(completeFromLive(kind, kind.expand(manifest), document, undefined)) as JsonObject,
    ),
    comparable(kind, document),
  ];
};

const same = (kind: typeof sync, manifest: ValueObject, live: JsonObject): void => {
  const [ours, theirs] = forms(kind, manifest, live);
  expect(ours).toEqual(theirs);
};

describe('a sync is the same', () => {
  it('whatever form its schedule has', () => {
    same(
      sync,
      { schedule: { frequency: 'daily', hour: 5, minute: '05' } },
      {
        schedule: {
          frequency: 'daily',
          hour: '05',
          minute: '5',
          day_of_week: '',
          month: null,
          connection_id: '',
        },
      },
    );
    same(
      sync,
      { schedule: { frequency: 'weekly', day_of_week: 'Monday', hour: '1', minute: '0' } },
      {
        schedule: {
          frequency: 'weekly',
          day_of_week: 'monday',
          hour: '1',
          minute: '00',
          run_after: { sync_ids: null },
        },
      },
    );
    same(sync, { schedule: { frequency: 'manual' } }, { schedule: { frequency: 'manual', hour: '3' } });
    same(sync, { schedule: {} }, { schedule: { frequency: 'manual' } });
  });

  it('with its defaults filled in by the server', () => {
    same(
      sync,
      { mode: 'append', fields: [{ target: 'A' }] },
      {
        mode: 'append',
        only_enrich_updates: false,
        sync_all_records: false,
        skip_initial_backfill: false,
        model_ids: ['x'],
        fields: [{ target: 'A', new: false, encryption_enabled: false, sync_mode: 'append' }],
      },
    );
  });

  it('with its constants merged into its fields', () => {
    const zero = '00000000-0000-0000-0000-000000000000';
    same(
      sync,
      {
        fields: [{ target: 'A' }],
        override_fields: [
          { target: 'B', override_value: 'x' },
          { target: 'C', override_value: 'y' },
        ],
      },
      {
        fields: [
          { target: 'C', override_value: 'y', source: null },
          { target: 'A' },
          { target: 'B', override_value: 'x', source: { model_id: zero, field: '' } },
        ],
      },
    );
  });

  it('with its filters in another order, lettered and resolved', () => {
    const field = { model_id: 'm', field: 'f' };
    const [ours, theirs] = forms(
      sync,
      {
        filters: [
          { field: { model: { id: 'm' }, field: 'f' }, function: 'Equality', value: 5 },
          { field_id: 'X', field_type: 'Target', function: 'IsNull' },
        ],
        filter_logic: 'A AND B',
      },
      {
        filters: [
          { label: 'B', field_id: 'X', field_type: 'Target', function: 'IsNull', value: null },
          { label: 'A', field, field_id: 'u', field_type: 'Model', function: 'Equality', value: '5' },
        ],
      },
    );
    expect(JSON.stringify(ours).replace('"model":{"id":"m"}', '"model_id":"m"')).toBe(JSON.stringify(theirs));
  });

  it('once the server made the target that was asked for', () => {
    same(
      sync,
      { target: { create: { name: 'T' }, new_name: 'T' } },
      { target: { object: 'S.T', search_values: { a: 1 }, configuration: {} } },
    );
  });

  it('where the manifest does not say whether it is active', () => {
    same(sync, { name: 'x' }, { name: 'x', active: true });
    const [ours, theirs] = forms(sync, { active: false }, { active: true });
    expect(ours).not.toEqual(theirs);
  });
});

describe('a model is the same', () => {
  it('with fields, labels and what was added read back as objects', () => {
    same(
      model,
      {
        fields: ['b', 'a'],
        additional_fields: [{ name: 'x', label: 'X', type: 'string', example: '1' }],
        labels: ['l', 'k'],
      },
      {
        fields: [
          { name: 'a', id: '1' },
          { name: 'x', label: 'X', type: 'string', user_added: true, example: 1 },
          { name: 'b', id: '2' },
        ],
        labels: [{ name: 'k' }, { label: 'l' }],
        relations: null,
        tracking_columns: [],
        version: 3,
        type: 'mysql',
      },
    );
  });

  it('with keys that the server added to its configuration', () => {
    same(
      model,
      { configuration: { table: 't' } },
      { configuration: { table: 't', query: '', tracking_columns: null, extra: 'x' } },
    );
  });
});

describe('a connection', () => {
  it('is the same with its type as an object and what the server keeps', () => {
    same(
      connection,
      { type: 'salesforce', configuration: { domain: 'd' } },
      {
        type: { id: 'salesforce', name: 'Salesforce' },
        configuration: { domain: 'd', oauth_token_expiry: 'x', authenticated_as: 'me' },
        saved: true,
        status: 'healthy',
      },
    );
  });

  it('never takes a mask into its document', () => {
    const { document, masked } = connection.fromLive({
      type: { id: 'mysql' },
      configuration: { hostname: 'h', passwd: '********', odd: '******', nested: { api_key: '****' } },
    });
    expect(document['configuration']).toEqual({ hostname: 'h', nested: {} });
    expect(masked).toEqual(['/configuration/passwd', '/configuration/odd', '/configuration/nested/api_key']);
  });

  it('has a secret where its type or its name says so', () => {
    expect(
      connection.sensitive({
        type: 'snowflake',
        configuration: { private_key: 'a', account: 'b', password: 'c', some_api_key: 'd' },
      }),
    ).toEqual(['/configuration/private_key', '/configuration/password', '/configuration/some_api_key']);
  });
});

describe('completing from live', () => {
  const complete = (desired: ValueObject, live: JsonObject, applied?: JsonObject) =>
    completeFromLive(
      connection,
      { configuration: desired },
      { configuration: live },
      applied === undefined ? undefined : { configuration: applied },
    )['configuration'];

  it('keeps what the manifest never mentioned, drops what it took back, and lets null remove', () => {
    expect(complete({ a: 1 }, { a: 2, b: 3 })).toEqual({ a: 1, b: 3 });
    expect(complete({ a: 1 }, { a: 1, b: 3 }, { a: 1, b: 3 })).toEqual({ a: 1 });
    expect(complete({ a: null }, { a: 2 })).toEqual({ a: null });
    expect(complete({ n: { x: 1 } }, { n: { x: 0, y: 2 } })).toEqual({ n: { x: 1, y: 2 } });
  });
});

describe('the form of comparison', () => {
  const json = fc.dictionary(
    fc.constantFrom('name', 'configuration', 'policies', 'labels', 'fields', 'filters', 'schedule', 'target'),
    fc.jsonValue({ maxDepth: 3 }),
    { maxKeys: 8 },
  );

  it.each(kinds.map((kind) => [kind.name, kind] as const))(
    'of a %s is stable: made twice it is the same, and the order of keys does not count',
    (_name, kind) => {
      fc.assert(
        fc.property(json, (value) => {
          const document = JSON.parse(JSON.stringify(value)) as JsonObject;
          const form = comparable(kind, document);
          const reversed = Object.fromEntries(Object.entries(document).reverse());
          expect(JSON.stringify(comparable(kind, reversed))).toBe(JSON.stringify(form));
        }),
        { numRuns: 200 },
      );
    },
  );
});
