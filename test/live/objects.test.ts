/** What lives is read where the tables of the kinds say. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import type { ValueObject } from '../../src/core/secret.js';
import type { Kind, PartRead } from '../../src/kinds/kind.js';
import { placeOf } from '../../src/kinds/identity.js';
import type { DetailCache } from '../../src/live/cache.js';
import { readLive, type Live, type LiveOptions } from '../../src/live/snapshot.js';
import { fixedReader, thing, type FixedReader } from '../support/kinds.js';

const read = async (
  reader: FixedReader,
  kind: Kind,
  options: LiveOptions = {},
  wants = true,
): Promise<Live> => readLive(reader, () => wants, 4, { kinds: [kind], ...options });

const table =
  (more: object): Kind['endpoints'] =>
  (dialect) => ({
    ...thing().endpoints(dialect)!,
    ...more,
  });

describe('objects of a kind are read', () => {
  it('from its list, page by page', async () => {
    const reader = fixedReader({
      '/api/things': { data: [{ id: 't1', name: 'One' }], pagination: { next_page_token: 'p' } },
      '/api/things?page_token=p': { data: [{ id: 't2', name: 'Two' }] },
    });
    expect((await read(reader, thing())).objects).toMatchObject([
      { kind: 'Thing', id: 't1', name: 'One' },
      { kind: 'Thing', id: 't2', name: 'Two' },
    ]);
  });

  it('one by one where the list holds summaries, as far as anybody wants them', async () => {
    const kind = thing({ endpoints: table({ lists: 'summaries' }) });
    const bodies = {
      '/api/things': { data: [{ id: 't/1', name: 'One' }] },
      '/api/things/t%2F1': { data: { id: 't/1', name: 'One', color: 'red' } },
    };
    expect((await read(fixedReader(bodies), kind)).objects[0]?.value['color']).toBe('red');
    const reader = fixedReader(bodies);
    await read(reader, kind, {}, false);
    expect(reader.asked).toEqual(['/api/things']);
  });

  it('as the only one that there is, without an envelope and without an id', async () => {
    const kind = thing({
      endpoints: table({ list: { path: '/api/the/{organization}/thing', is: 'alone' }, bare: true }),
      identity: { fields: [], unique: true, idless: true },
    });
    const { objects } = await read(fixedReader({ '/api/the/org-1/thing': { color: 'red' } }), kind);
    expect(objects).toEqual([{ kind: 'Thing', id: 'Thing', name: '', value: { color: 'red', id: 'Thing' } }]);
  });

  it('by what is spoken of, where the API has no list; what is not there is left out', async () => {
    const kind = thing({
      endpoints: table({ list: undefined, one: '/api/owners/{owner_id}/parts/{part}' }),
      identity: { fields: ['owner_id', 'part'], unique: true, idless: true },
    });
    const reader = fixedReader({ '/api/owners/o1/parts/a%2Fb%20c': { data: { color: 'red' } } });
    const { objects } = await read(reader, kind, {
      unlisted: () => ['Thing/o1/a%2Fb%20c', 'Thing/o1/gone'],
    });
    expect(objects).toEqual([
      {
        kind: 'Thing',
        id: 'Thing/o1/a%2Fb%20c',
        name: 'o1 / a/b c',
        value: { color: 'red', owner_id: 'o1', part: 'a/b c', id: 'Thing/o1/a%2Fb%20c' },
      },
    ]);
    expect(placeOf(kind, objects[0]!.id)).toEqual({ owner_id: 'o1', part: 'a/b c' });
  });

  it('not at all in a version that has none', async () => {
    const reader = fixedReader({});
    const live = await read(reader, thing({ endpoints: () => undefined }));
    expect([live.objects, [...(live.kinds ?? [])], reader.asked]).toEqual([[], [], []]);
  });

  it('only where somebody speaks of the kind, or each plan reads it', async () => {
    const reader = fixedReader({
      '/api/connections': { data: [] },
      '/api/models': { data: [] },
      '/api/syncs': { data: [] },
    });
    const { kinds } = await readLive(reader, () => true, 4);
    expect([...(kinds ?? [])]).toEqual(['Connection', 'Model', 'Sync']);
  });

  it('unless the key may not: which stops the run, or is noted where nobody speaks of them', async () => {
    const refusing = (): FixedReader => fixedReader({ '/api/things': 403 });
    await expect(read(refusing(), thing())).rejects.toThrow(/reading the list of things: no \(403\)/);
    const live = await read(refusing(), thing(), { mayRefuse: () => true });
    expect([...(live.refused ?? [])]).toEqual([['Thing', '403']]);
    expect(live.kinds?.has('Thing')).toBe(false);
  });
});

describe('parts of an object', () => {
  const withPart = (how: PartRead, more: object = {}): Kind =>
    thing({ parts: [{ name: 'items', isIn: () => true, read: how, requests: () => [], ...more }] });
  const list: PartRead = { path: '/api/things/{id}/items', is: 'list', query: { all: 'true' } };
  const bodies = {
    '/api/things': { data: [{ id: 't1', name: 'One', updated_at: 'now' }] },
    '/api/things/t1/items?all=true': { data: [{ id: 'a' }, { id: 'b' }] },
    '/api/things/t1/items/a': { data: { id: 'a', color: 'red' } },
    '/api/things/t1/items/b': { data: { id: 'b', color: 'blue' } },
    '/api/things/t1/setting': { data: { on: true } },
  };
  const items = async (
    kind: Kind,
    spoken: 'all' | readonly ValueObject[],
    cache?: DetailCache,
  ): Promise<readonly [unknown, readonly string[]]> => {
    const reader = fixedReader(bodies);
    const { objects } = await read(reader, kind, {
      spoken: () => spoken,
      ...(cache === undefined ? {} : { cache }),
    });
    return [objects[0]?.value['items'], reader.asked.slice(1)];
  };

  it('are read where a document speaks of them, and nowhere else', async () => {
    expect(await items(withPart(list), [])).toEqual([undefined, []]);
    expect(await items(withPart(list), [{ name: 'One' }])).toEqual([undefined, []]);
    expect((await items(withPart(list), [{ items: [] }]))[0]).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect((await items(withPart({ path: '/api/things/{id}/setting', is: 'object' }), 'all'))[0]).toEqual({
      on: true,
    });
  });

  it('are nothing where the version or this object has none', async () => {
    expect(await items(withPart(list, { isIn: () => false }), 'all')).toEqual([undefined, []]);
    expect((await items(withPart({ ...list, path: '/api/none/{id}' }), 'all'))[0]).toBeUndefined();
  });

  it('hold the details of the items that are wanted', async () => {
    const how: PartRead = {
      ...list,
      items: {
        path: '/api/things/{id}/items/{item}',
        wants: ({ id }, spoken) => JSON.stringify(spoken).includes(JSON.stringify(id)),
      },
    };
    expect((await items(withPart(how), [{ items: ['b'] }]))[0]).toEqual([
      { id: 'a' },
      { id: 'b', color: 'blue' },
    ]);
    expect((await items(withPart(how), 'all'))[1]).toHaveLength(3);
  });

  it('are kept with the details where a change of them moves the time of the object', async () => {
    const kept = new Map<unknown, JsonObject>();
    const cache: DetailCache = {
      find: ({ id, updated_at: at }) => {
        const found = kept.get(id);
        return found?.['updated_at'] === at ? found : undefined;
      },
      keep: (value) => kept.set(value['id'], value),
      save: async () => Promise.resolve(),
    };
    const dated = withPart({ ...list, dated: true });
    const first = await items(dated, 'all', cache);
    expect(first[1]).toEqual(['/api/things/t1/items?all=true']);
    expect(await items(dated, 'all', cache)).toEqual([first[0], []]);
    expect((await items(withPart(list), 'all', cache))[1]).toEqual(['/api/things/t1/items?all=true']);
  });
});
