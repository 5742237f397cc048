/** Which tables feed which: by their names, as far as anybody says them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bulkTables,
  feeds,
  modelTables,
  syncTables,
  wordsOf,
  type TableUse,
} from '../../src/kinds/lineage.js';

const connection = { to: 'key', key: 'warehouse' } as const;
const writes = (table?: string, schema?: string): TableUse => ({
  way: 'writes',
  connection,
  ...(table === undefined ? {} : { table }),
  ...(schema === undefined ? {} : { schema }),
});
const reads = (table?: string, query?: string): TableUse => ({
  way: 'reads',
  connection,
  ...(table === undefined ? {} : { table }),
  ...(query === undefined ? {} : { query }),
});

describe('what is written', () => {
  it.each([
    ['the same table in another case', writes('CRM.CONTACTS'), reads('crm.contacts')],
    ['a table of which one side says what it lies in', writes('contacts'), reads('crm.contacts')],
    ['a table below the destination of a bulk sync', writes('users', 'raw'), reads('raw.users')],
    ['any table of a schema, where nobody says which', writes(undefined, 'raw'), reads('raw.users')],
    ['a table in a query', writes('CRM.CONTACTS'), reads(undefined, 'select * from "crm"."contacts" c')],
    ['a schema in a query', writes(undefined, 'raw'), reads(undefined, 'select 1 from raw.orders')],
    ['any table, for whoever reads all of them', writes('CRM.CONTACTS'), reads()],
  ])('feeds what reads %s', (_what, written, read) => {
    expect(feeds(written, read)).toBe(true);
  });

  it.each([
    ['another table', writes('crm.contacts'), reads('crm.contacts_old')],
    ['a table of that name in another schema', writes('crm.contacts'), reads('billing.contacts')],
    [
      'a query in which the name is a part of a word',
      writes('orders'),
      reads(undefined, 'select reorders from x'),
    ],
    [
      'a query with a word that is no schema',
      writes(undefined, 'raw'),
      reads(undefined, 'select raw from x'),
    ],
  ])('does not feed what reads %s', (_what, written, read) => {
    expect(feeds(written, read)).toBe(false);
  });

  it('shares a word with what it feeds, so that pairs without one need no look', () => {
    const name = fc.constantFrom('a', 'b', 'a b', 'x.a', 'y.b', 'x.a b', 'A', '$c', 'x.$c');
    const use = (way: 'reads' | 'writes'): fc.Arbitrary<TableUse> =>
      fc.record({
        way: fc.constant(way),
        connection: fc.constant(connection),
        ...(way === 'reads' ? {} : { schema: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }) }),
        table: fc.option(name, { nil: undefined }),
        ...(way === 'writes'
          ? {}
          : {
              query: fc.option(
                fc.array(name).map((names) => `select * from ${names.join(', ')}`),
                { nil: undefined },
              ),
            }),
      }) as fc.Arbitrary<TableUse>;
    fc.assert(
      fc.property(use('writes'), use('reads'), (written, read) => {
        const shared = [...wordsOf(written)].some((word) => wordsOf(read).has(word));
        expect(shared || !feeds(written, read)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a document', () => {
  it('says what it reads and writes, by its references', () => {
    expect(
      modelTables({ connection: 'db', configuration: { database: 'shop', collection: 'users' } }),
    ).toEqual([{ way: 'reads', connection: { to: 'key', key: 'db' }, schema: 'shop', table: 'users' }]);
    expect(modelTables({ connection: 'db', configuration: {} })).toEqual([]);
    expect(syncTables({ target: { connection: { id: 'c' }, new_name: 'crm.new' } })).toEqual([
      { way: 'writes', connection: { to: 'id', id: 'c' }, table: 'crm.new' },
    ]);
    const bulk = {
      source_connection: 'db',
      destination_connection: 'warehouse',
      destination_configuration: { schema: 'raw' },
    };
    expect(bulkTables(bulk).map(({ way, schema, table }) => [way, schema, table])).toEqual([
      ['reads', undefined, undefined],
      ['writes', 'raw', undefined],
    ]);
    const schemas = [
      'public.users',
      { id: 'public.orders', output_name: 'sold' },
      { id: 'x', enabled: false },
    ];
    expect(bulkTables({ ...bulk, schemas }).map(({ way, schema, table }) => [way, schema, table])).toEqual([
      ['reads', undefined, 'public.users'],
      ['writes', 'raw', 'users'],
      ['reads', undefined, 'public.orders'],
      ['writes', 'raw', 'sold'],
    ]);
  });
});
