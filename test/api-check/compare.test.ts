/** What is told of small written clients, beside a small API of our own. */
import { describe, expect, it } from 'vitest';
import { manifestDifferences } from '../../.ci/api/check.js';
import { compareWithClients, type Client } from '../../.ci/api/compare.js';
import type { Description, Operation } from '../../.ci/api/description.js';
import type { JsonObject } from '../../src/core/json.js';

const text: JsonObject = { type: 'string' };
const number: JsonObject = { type: 'number' };
const ref = (name: string): JsonObject => ({ $ref: `#/types/${name}` });
const object = (properties: JsonObject, ...required: readonly string[]): JsonObject => ({
  type: 'object',
  properties,
  required: [...required],
});

const create: Operation = {
  method: 'POST',
  path: '/api/things/{id}',
  query: ['async'],
  body: ref('CreateThing'),
  answer: ref('ThingEnvelope'),
};
const own: Description = {
  operations: [create],
  types: {
    CreateThing: object({ name: text, mode: { anyOf: [ref('Mode'), { type: 'null' }] } }, 'name'),
    ThingEnvelope: object({ data: ref('Thing') }),
    Thing: object({ id: text, size: number, parts: { type: 'array', items: ref('Thing') } }),
    Mode: { enum: ['on', 'off'] },
  },
};

const client = (change: Partial<Description>, name = 'client 1'): Client => ({
  name,
  description: {
    operations: change.operations ?? own.operations,
    types: { ...own.types, ...change.types },
  },
});

const told = (...clients: readonly Client[]): readonly string[] =>
  compareWithClients(own, clients).map(({ section, row }) => `${section}: ${row}`);

describe('a client', () => {
  it('that knows the same is no difference, whatever it calls types and parameters', () => {
    const renamed: Description = {
      operations: [
        { ...create, path: '/api/things/{}/', body: ref('V4Request'), answer: ref('V4ThingEnvelope') },
      ],
      types: {
        V4Request: object({ name: text, mode: ref('V4Mode') }, 'name'),
        V4ThingEnvelope: object({ data: ref('V4Thing') }),
        V4Thing: object({
          id: text,
          size: { type: 'integer' },
          parts: { type: 'array', items: ref('V4Thing') },
        }),
        V4Mode: { anyOf: [{ enum: ['on', 'off'] }] },
      },
    };
    expect(told(client({}), { name: 'client 2', description: renamed })).toEqual([]);
  });

  it('with a new operation, or without one of ours, is told', () => {
    const other: Operation = { method: 'GET', path: '/api/others', query: [] };
    expect(told(client({ operations: [create, other] }))).toEqual(['missing: GET /api/others']);
    expect(told(client({ operations: [other] }))).toEqual([
      'missing: GET /api/others',
      'extra: POST /api/things/{}',
    ]);
  });

  it('whose operation has moved has a new one, and lacks the old one', () => {
    expect(told(client({ operations: [{ ...create, method: 'PUT' }] }))).toEqual([
      'missing: PUT /api/things/{}',
      'extra: POST /api/things/{}',
    ]);
  });

  it('with another parameter of a query, a body or an answer is told', () => {
    expect(told(client({ operations: [{ ...create, query: ['limit'] }] }))).toEqual([
      'missing: POST /api/things/{} ?limit',
      'extra: POST /api/things/{} ?async',
    ]);
    const { body: _body, answer: _answer, ...bare } = create;
    expect(told(client({ operations: [bare] }))).toEqual([
      'extra: POST /api/things/{} answer',
      'extra: POST /api/things/{} body',
    ]);
  });

  it('with a field more or less is told, however deep, by the name of our type', () => {
    const thing = object({ id: text, colour: text, parts: { type: 'array', items: ref('Thing') } });
    expect(told(client({ types: { Thing: thing } }))).toEqual(['missing: Thing.colour', 'extra: Thing.size']);
  });

  it('with other known words is told', () => {
    expect(told(client({ types: { Mode: { enum: ['on', 'auto'] } } }))).toEqual([
      'missing: Mode = auto',
      'extra: Mode = off',
    ]);
  });

  it('with another kind of value, or another duty, is told', () => {
    const thing = object({ id: number, size: number, parts: { type: 'array', items: ref('Thing') } }, 'size');
    const request = object({ name: text, mode: text });
    expect(told(client({ types: { Thing: thing, CreateThing: request } }))).toEqual([
      'changed: CreateThing.name in a body optional',
      'changed: Thing.id kind string, not number',
      'changed: Thing.size in an answer required',
    ]);
  });

  it('that says what an object holds is told where we leave it open, and not the other way round', () => {
    const sized = (size: JsonObject): Description => ({
      ...own,
      types: { ...own.types, Thing: object({ id: text, size }) },
    });
    const map: JsonObject = { type: 'object', additionalProperties: {} };
    const holds = object({ width: number });
    const rows = (ours: JsonObject, theirs: JsonObject): readonly string[] =>
      compareWithClients(sized(ours), [{ name: 'client', description: sized(theirs) }]).map(({ row }) => row);
    expect(rows(map, holds)).toEqual(['Thing.size kind map, not object']);
    expect(rows({}, holds)).toEqual(['Thing.size kind any, not object']);
    expect([...rows(holds, map), ...rows(holds, {}), ...rows({}, map), ...rows({}, text)]).toEqual([]);
  });

  it('that is older hides nothing that a newer one has, and takes nothing away', () => {
    const newer = object({
      id: text,
      size: number,
      parts: { type: 'array', items: ref('Thing') },
      colour: text,
    });
    const older = object({ id: number, parts: { type: 'array', items: ref('Thing') } });
    const both = [client({ types: { Thing: older } }, 'old'), client({ types: { Thing: newer } }, 'new')];
    expect(compareWithClients(own, both)).toEqual([
      { section: 'missing', row: 'Thing.colour', clients: ['new'] },
    ]);
  });

  it('whose alternatives have other names is compared as a whole', () => {
    const event = (types: Description['types']): Description => ({
      operations: [{ method: 'GET', path: '/api/events', query: [], answer: ref('Event') }],
      types,
    });
    const ours = event({
      Event: { anyOf: [ref('Made'), ref('Gone')] },
      Made: object({ id: text }),
      Gone: object({ id: text, why: text }),
    });
    const same = {
      Made: object({ id: text, at: text }),
      Gone: object({ id: text, why: text }),
      Lost: object({}),
    };
    const rows = (types: Description['types']): readonly string[] =>
      compareWithClients(ours, [{ name: 'client', description: event(types) }]).map(({ row }) => row);
    expect(rows({ ...same, Event: { anyOf: [ref('Made'), ref('Gone'), ref('Lost')] } })).toEqual([
      'GET /api/events answer of Lost',
      'Made.at',
    ]);
    expect(
      rows({
        Event: { anyOf: [ref('A'), ref('B')] },
        A: object({ id: text }),
        B: object({ id: text, why: text }),
      }),
    ).toEqual([]);
  });

  it('whose types lead nowhere, or to themselves, is an error', () => {
    expect(() => told(client({ types: { ThingEnvelope: object({ data: ref('Nothing') }) } }))).toThrow(
      'ThingEnvelope.data is of the type Nothing, which is not there',
    );
    expect(() => told(client({ types: { ThingEnvelope: ref('ThingEnvelope') } }))).toThrow(
      'a type without an end',
    );
    expect(() => told(client({ types: { ThingEnvelope: ref('constructor') } }))).toThrow(
      'which is not there',
    );
  });
});

describe('a body that the API takes', () => {
  const kind = {
    name: 'Thing',
    whole: ['POST /api/things', 'PUT /api/things/{}'],
    one: '/api/things/{}',
    parts: {},
    switches: {},
    schema: object({
      kind: { const: 'Thing' },
      key: { $ref: 'common.schema.json#/$defs/key' },
      name: text,
      mode: { enum: ['on', 'off'] },
      owner: { $ref: 'common.schema.json#/$defs/reference' },
      parts: {
        type: 'array',
        items: object({
          owner: { $ref: 'common.schema.json#/$defs/reference' },
          size: number,
          weight: number,
        }),
      },
      old: text,
      previous: text,
    }) as { readonly properties: object },
    references: [
      { path: [], name: 'owner', wire: 'owner_id', kind: 'Thing' },
      { path: ['parts', '*'], name: 'owner', wire: 'owner_id', kind: 'Thing' },
    ],
    aliases: [{ path: [], alias: 'previous', name: 'old' }],
  };
  const common = { key: text, reference: { type: ['string', 'object'], properties: { id: text } } };
  const body = object({
    key: text,
    name: text,
    mode: { enum: ['on', 'off', 'auto'] },
    owner_id: text,
    parts: { type: 'array', items: object({ owner_id: text, size: number, colour: text }) },
  });
  const put: Operation = {
    method: 'PUT',
    path: '/api/things/{}',
    query: [],
    body: object({ refresh: text }),
  };

  it('has its place in the manifest, under the name of a reference, or is told', () => {
    const found = manifestDifferences([kind], common, [
      client({ operations: [{ ...put, method: 'POST', path: '/api/things', body }, put] }),
    ]);
    expect(found.map(({ section, row }) => `${section}: ${row}`)).toEqual([
      // `key` is this tool's own: the API's has no place.
      'unmanaged: Thing.key',
      'unmanaged: Thing.mode = auto',
      'unmanaged: Thing.parts[].colour',
      'unmanaged: Thing.refresh',
      'unsent: Thing.old',
      'unsent: Thing.parts[].weight',
    ]);
  });

  it('of a part with an address of its own is a field by the name of that', () => {
    const part = (where: string): Operation => ({
      ...put,
      path: `/api/things/{}/${where}`,
      body: object({ size: number, colour: text }),
    });
    const operations = [{ ...put, body }, part('parts'), part('error-handling'), part('list/{}/item')];
    const found = manifestDifferences([kind], common, [client({ operations })]);
    expect(found.filter(({ row }) => /error|item|size/.test(row))).toEqual([
      { section: 'unmanaged', row: 'Thing.error_handling', clients: ['client 1'] },
    ]);
  });
});
