/** Schemas of a bulk sync, held to what the API documents of its requests: `apply` below is that, in two readings. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonArray, objectsIn, type Json, type JsonObject } from '../../src/core/json.js';
import {
  canonicalSchemas,
  collapseSchemas,
  completeSchemas,
  expandSchemas,
  sameSchema,
} from '../../src/kinds/bulk-sync/schemas.js';
import {
  createdSchemas,
  schemaRequests,
  schemasFromLive,
  wantsDetails,
  type SchemaRequest,
} from '../../src/kinds/bulk-sync/requests.js';
import { bulkSync } from '../../src/kinds/bulk-sync.js';
import { dialectOf } from '../../src/api/versions.js';

const current = dialectOf('2025-09-18');
const older = dialectOf('2024-02-08');

const fieldIds = ['id', 'email', 'plan', 'phone'];
const schemaIds = ['public.accounts', 'public.orders', 'public.a/b', 'events'];

const liveField = (id: string): fc.Arbitrary<JsonObject> =>
  fc.record({
    id: fc.constant(id),
    enabled: fc.boolean(),
    obfuscated: fc.boolean(),
    user_output_name: fc.constantFrom('', 'renamed'),
    output_name: fc.constant(id),
  });

const filter = fc.record({
  field_id: fc.constantFrom(...fieldIds),
  function: fc.constantFrom('Equality', 'IsNotNull'),
  value: fc.constantFrom<Json[]>('x', 5, ['a', 'b']),
});

const liveSchema = (id: string): fc.Arbitrary<JsonObject> =>
  fc.record({
    id: fc.constant(id),
    enabled: fc.boolean(),
    tracking_field: fc.constantFrom('', 'id'),
    partition_key: fc.constantFrom('', 'plan'),
    history_enabled: fc.boolean(),
    user_output_name: fc.constantFrom('', 'renamed'),
    output_name: fc.constant(id),
    disable_data_cutoff: fc.boolean(),
    data_cutoff_timestamp: fc.constantFrom<Json[]>(null, '2024-01-01T00:00:00Z'),
    filters: fc.array(filter, { maxLength: 2 }),
    fields: fc.tuple(...fieldIds.map(liveField)),
  });

const live = fc.tuple(...schemaIds.map(liveSchema));

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const defined = (object: object): JsonObject =>
  Object.fromEntries(
    Object.entries(object as JsonObject).filter(([, value]) => (value as unknown) !== undefined),
  );

const ourField = fc.oneof(
  fc.constantFrom<Json>(...fieldIds),
  fc
    .record({
      id: fc.constantFrom(...fieldIds),
      enabled: optional(fc.boolean()),
      obfuscate: optional(fc.boolean()),
      user_output_name: optional(fc.constantFrom<(string | null)[]>('', 'ours', null)),
    })
    .map((field): Json => defined(field)),
);

const idOf = (item: Json): Json => (typeof item === 'string' ? item : ((item as JsonObject)['id'] ?? null));
const distinct = (item: fc.Arbitrary<Json>): fc.Arbitrary<Json[]> =>
  fc.uniqueArray(item, { selector: idOf, maxLength: 4 });

const ourSchema = fc.oneof(
  fc.constantFrom<Json>(...schemaIds),
  fc
    .record({
      id: fc.constantFrom(...schemaIds),
      enabled: optional(fc.boolean()),
      fields: optional(distinct(ourField)),
      other_fields: optional(fc.constantFrom('kept', 'disabled')),
      filters: optional(fc.array(filter, { maxLength: 2 })),
      tracking_field: optional(fc.constantFrom<(string | null)[]>('', 'email', null)),
      history_enabled: optional(fc.boolean()),
      user_output_name: optional(fc.constantFrom<(string | null)[]>('', 'ours', null)),
      data_cutoff_timestamp: optional(fc.constantFrom<(string | null)[]>(null, '2024-06-01T00:00:00+02:00')),
    })
    .map((schema): Json => defined(schema)),
);

const manifest = fc
  .record({ schemas: distinct(ourSchema), other_schemas: optional(fc.constantFrom('kept', 'disabled')) })
  .map((document) => defined(document));

const resettable: JsonObject = {
  tracking_field: '',
  partition_key: '',
  filters: [],
  disable_data_cutoff: false,
  data_cutoff_timestamp: null,
};

/** One schema after a request, by the facts on bulk sync schemas: what is left out of a PUT is reset, of a PATCH … */
const changed = (before: JsonObject, sent: JsonObject, resets: boolean): JsonObject => {
  const fields = objectsIn(sent['fields']);
  return {
    ...before,
    ...(resets ? resettable : {}),
    enabled: true,
    ...sent,
    fields: objectsIn(before['fields']).map((field) => ({
      ...field,
      enabled: true,
      obfuscated: false,
      ...(fields.find(({ id }) => id === field['id']) ?? {}),
    })),
  };
};

/** What lives after these requests. `patchResets`: whether a PATCH resets what it leaves out; no page says. */
const apply = (
  before: readonly JsonObject[],
  requests: readonly SchemaRequest[],
  patchResets: boolean,
): readonly JsonObject[] =>
  requests.reduce<readonly JsonObject[]>((schemas, { method, path, body }) => {
    const sent =
      method === 'PATCH'
        ? objectsIn(body['schemas'])
        : [{ ...body, id: decodeURIComponent(path.split('/').at(-1) ?? '') }];
    return schemas.map((schema) => {
      const own = sent.find(({ id }) => id === schema['id']);
      return own === undefined ? schema : changed(schema, own, method === 'PUT' || patchResets);
    });
  }, before);

const nothing = ({ id }: JsonObject): JsonObject => ({ id: id ?? '', enabled: false });

describe('schemas of a bulk sync', () => {
  it('are the same spelled out, in short, and spelled out again', () => {
    fc.assert(
      fc.property(live, (raw) => {
        const document = { schemas: [...schemasFromLive(raw)] };
        const short = collapseSchemas(document);
        const again = expandSchemas(short);
        expect(collapseSchemas(again)).toEqual(short);
        // What is not there any more is what is not copied, and of which nothing is set.
        const left = objectsIn(again['schemas'] as Json);
        for (const schema of document.schemas)
          expect(sameSchema(schema, left.find(({ id }) => id === schema['id']) ?? nothing(schema))).toBe(
            true,
          );
      }),
    );
  });

  it('have one form of comparison', () => {
    fc.assert(
      fc.property(live, (raw) => {
        const once = canonicalSchemas({ schemas: [...schemasFromLive(raw)] });
        expect(canonicalSchemas(once)).toEqual(once);
      }),
    );
  });

  it('are completed once: again changes nothing', () => {
    fc.assert(
      fc.property(manifest, live, fc.option(manifest, { nil: undefined }), (ours, raw, last) => {
        const theirs = { schemas: schemasFromLive(raw) };
        const once = completeSchemas(
          expandSchemas(ours),
          theirs,
          last === undefined ? undefined : expandSchemas(last),
        );
        expect(completeSchemas(once, theirs, undefined)).toEqual(once);
      }),
    );
  });

  it.each([
    ['2025-09-18, where a PATCH keeps what it leaves out', current, false],
    ['2025-09-18, where a PATCH resets what it leaves out', current, true],
    ['2024-02-08', older, false],
  ])('become what is desired by their requests: %s', (_what, dialect, patchResets) => {
    fc.assert(
      fc.property(manifest, live, (ours, raw) => {
        const theirs = { schemas: schemasFromLive(raw) };
        const desired = (completeSchemas(expandSchemas(ours), theirs, undefined)['schemas'] ?? []) as Json;
        const requests = schemaRequests(desired, raw, dialect);
        const after = apply(raw, requests, patchResets);
        for (const schema of objectsIn(desired))
          expect(
            sameSchema(
              schema,
              schemasFromLive(after).find(({ id }) => id === schema['id']) ?? { id: 'none' },
            ),
            JSON.stringify({ schema, requests }),
          ).toBe(true);
        // What is there already is not asked for again.
        expect(schemaRequests(desired, [...after], dialect)).toEqual([]);
      }),
    );
  });

  it('that nobody names are not written at all', () => {
    fc.assert(
      fc.property(manifest, live, (given, raw) => {
        const { other_schemas: _, ...ours } = given;
        const named = new Set((isJsonArray(ours['schemas']) ? ours['schemas'] : []).map(idOf));
        const desired = completeSchemas(expandSchemas(ours), { schemas: schemasFromLive(raw) }, undefined);
        const requests = schemaRequests((desired['schemas'] ?? []) as Json, raw, current);
        const written = requests.flatMap(({ method, path, body }) =>
          method === 'PATCH'
            ? objectsIn(body['schemas']).map(({ id }) => id)
            : [decodeURIComponent(path.split('/').at(-1) ?? '')],
        );
        expect(written.filter((id) => !named.has(id ?? null))).toEqual([]);
      }),
    );
  });
});

const orders: JsonObject = {
  id: 'public.orders',
  enabled: true,
  filters: [{ field_id: 'plan', function: 'Equality', value: 'paid' }],
  tracking_field: 'id',
  fields: [
    { id: 'id', enabled: true, obfuscated: false },
    { id: 'email', enabled: true, obfuscated: true },
    { id: 'phone', enabled: false, obfuscated: false },
  ],
};
const events: JsonObject = { id: 'events', enabled: true, fields: [{ id: 'id', enabled: true }] };

const completed = (ours: JsonObject, raw: readonly JsonObject[], last?: JsonObject): JsonObject =>
  completeSchemas(
    expandSchemas(ours),
    { schemas: schemasFromLive([...raw]) },
    last === undefined ? undefined : expandSchemas(last),
  ) as JsonObject;

const after = (ours: JsonObject, raw: readonly JsonObject[], last?: JsonObject): readonly JsonObject[] =>
  schemasFromLive(
    apply(raw, schemaRequests(completed(ours, raw, last)['schemas'] ?? [], [...raw], current), true),
  );

describe('a manifest', () => {
  it('that names a schema alone leaves its filters, settings and fields as they live', () => {
    expect(
      schemaRequests(completed({ schemas: ['public.orders'] }, [orders])['schemas']!, [orders], current),
    ).toEqual([]);
  });

  it('that changes one field sends the schema whole, so that nothing else changes', () => {
    const ours = { schemas: [{ id: 'public.orders', fields: [{ id: 'id', obfuscate: true }] }] };
    expect(schemaRequests(completed(ours, [orders, events])['schemas']!, [orders, events], current)).toEqual([
      {
        method: 'PATCH',
        path: '/api/bulk/syncs/{id}/schemas',
        body: {
          schemas: [
            {
              ...orders,
              fields: [
                { id: 'id', enabled: true, obfuscated: true },
                { id: 'email', enabled: true, obfuscated: true },
                { id: 'phone', enabled: false, obfuscated: false },
              ],
            },
          ],
        },
      },
    ]);
  });

  it('switches off what it had applied and names no more, and nothing that others switched on', () => {
    const [first, second] = after({ schemas: [] }, [orders, events], { schemas: ['public.orders'] });
    expect(first).toMatchObject({ enabled: false, tracking_field: 'id' });
    expect(second).toMatchObject({ enabled: true });
    expect(after({}, [orders, events], { schemas: ['public.orders'] })[0]).toMatchObject({ enabled: true });
  });

  it('takes back what it had set, and shows nothing in clear because a line went', () => {
    const last = {
      schemas: [
        {
          id: 'public.orders',
          tracking_field: 'id',
          filters: orders['filters'] as Json,
          fields: [
            { id: 'email', obfuscate: true },
            { id: 'phone', enabled: false },
          ],
        },
      ],
    };
    const [schema] = after({ schemas: [{ id: 'public.orders', fields: ['email'] }] }, [orders], last);
    expect(schema).toMatchObject({ tracking_field: '', filters: [] });
    expect(schema!['fields']).toEqual(schemasFromLive([orders])[0]!['fields']);
  });

  it('that says so switches off all other schemas and fields', () => {
    const ours = {
      other_schemas: 'disabled',
      schemas: [{ id: 'public.orders', other_fields: 'disabled', fields: ['id', 'phone'] }],
    };
    const [first, second] = after(ours, [orders, events]);
    expect(objectsIn(first!['fields']).map(({ enabled }) => enabled)).toEqual([true, false, true]);
    expect(second).toMatchObject({ enabled: false });
  });

  it('asks a new bulk sync for what it names, and switches on last what has fields to be left out', () => {
    const ours = {
      schemas: [
        'events',
        { id: 'off', enabled: false },
        { id: 'later', enabled: false, tracking_field: 'id' },
        { id: 'secret', other_fields: 'disabled', fields: ['id', { id: 'email', obfuscate: true }] },
      ],
    };
    expect(createdSchemas((expandSchemas(ours) as JsonObject)['schemas']!)).toEqual([
      'events',
      { id: 'later', enabled: false, tracking_field: 'id' },
      { id: 'secret', enabled: false, fields: ['id', { id: 'email', enabled: true, obfuscate: true }] },
    ]);
  });

  it('has a schema read in full where it speaks of fields or filters, or changes it', () => {
    const summary: JsonObject = {
      id: 'public.orders',
      enabled: true,
      tracking_field: 'id',
      output_name: 'o',
    };
    const wants = (schema: Json): boolean => wantsDetails(summary, [expandSchemas({ schemas: [schema] })]);
    expect(wants('public.orders')).toBe(false);
    expect(wants('events')).toBe(false);
    expect(wants({ id: 'public.orders', tracking_field: 'id' })).toBe(false);
    expect(wants({ id: 'public.orders', tracking_field: '' })).toBe(true);
    expect(wants({ id: 'public.orders', fields: ['id'] })).toBe(true);
    expect(wants({ id: 'public.orders', filters: [] })).toBe(true);
    expect(wants({ id: 'public.orders', enabled: false })).toBe(true);
    // What is switched off goes out whole, too.
    expect(wantsDetails(summary, [{ schemas: [] }])).toBe(false);
    expect(wantsDetails(summary, [{ schemas: [], other_schemas: 'disabled' }])).toBe(true);
    const applied = expandSchemas({ schemas: ['public.orders'] });
    expect(wantsDetails(summary, [{ schemas: [] }, applied])).toBe(true);
    expect(wantsDetails(summary, [{ name: 'all' }, applied])).toBe(false);
  });

  it('switches off what was applied and is named no more, but not of another source that a run had moved to', () => {
    const manifest = { source_connection: 'b', ...expandSchemas({ schemas: ['public.orders'] }) };
    const live = {
      source_connection: 'b',
      schemas: [
        { id: 'public.orders', enabled: true },
        { id: 'events', enabled: true },
      ],
    };
    const enabled = (source: string): Json | undefined => {
      const applied = {
        source_connection: source,
        ...expandSchemas({ schemas: ['public.orders', 'events'] }),
      };
      const { schemas } = bulkSync.complete(manifest, live, applied) as JsonObject;
      return objectsIn(schemas).find(({ id }) => id === 'events')?.['enabled'];
    };
    expect([enabled('b'), enabled('a')]).toEqual([false, true]);
  });
});
