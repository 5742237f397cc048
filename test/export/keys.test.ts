import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isReserved, slugOf } from '../../src/core/slug.js';
import { assignKeys, type Nameable } from '../../src/export/keys.js';
import { checkSchema } from '../../src/load/schema.js';

const names = fc.oneof(
  fc.constantFrom(
    'Customers',
    'customers',
    'Customers!',
    'CON',
    'aux',
    '日本',
    '日本 Sales',
    '🚀',
    'a/b',
    'a.b',
    '../..',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.string({ unit: 'grapheme', minLength: 300, maxLength: 300 }),
);
const objects: fc.Arbitrary<readonly Nameable[]> = fc
  .array(
    fc.record({ kind: fc.constantFrom('Model', 'Sync'), name: names, content: fc.constantFrom('a', 'b') }),
    {
      maxLength: 12,
    },
  )
  .map((all) => all.map((each, index) => ({ ...each, id: `id-${index}` })));

describe('the key of a name', () => {
  it.each([
    ['Customers → Warehouse', 'customers-warehouse'],
    ["Ana's Models (v2.1)", 'anas-models-v2-1'],
    ['Straße nach Łódź', 'strasse-nach-lodz'],
    ['sync/with/slashes', 'sync-with-slashes'],
    ['../../etc/passwd', 'etc-passwd'],
    ['🚀 Launch 🚀', 'launch'],
    ['snake_case_name', 'snake_case_name'],
    ['CON', 'con-sync'],
    ['lpt1', 'lpt1-sync'],
    ['日本', 'sync-cf2abf'],
    ['日本 Sales', 'sales-642045'],
    ['🚀', 'sync-ebbc0b'],
  ])('%s is %s', (name, key) => {
    expect(slugOf(name, 'Sync')).toBe(key);
  });

  it('tells names of 300 characters apart', () => {
    const [first, second] = ['x', 'y'].map((end) => slugOf(`${'long '.repeat(60)}${end}`, 'Sync'));
    expect(first).not.toBe(second);
    expect(first!.length).toBeLessThan(100);
  });

  it('is a valid key and a name of a file on every system, whatever the names', () => {
    fc.assert(
      fc.property(objects, (all) => {
        for (const key of assignKeys(all, new Set()).values()) {
          expect(checkSchema('Connection', { kind: 'Connection', key, name: 'n', external: true })).toEqual(
            [],
          );
          expect(isReserved(key)).toBe(false);
        }
      }),
    );
  });

  it('is unique within its kind, also where capitals do not count', () => {
    fc.assert(
      fc.property(
        objects,
        fc.uniqueArray(fc.constantFrom('Model Customers', 'Sync a-b', 'Model customers-2')),
        (all, taken) => {
          const keys = assignKeys(all, new Set(taken));
          const used = [...taken, ...all.map(({ kind, id }) => `${kind} ${keys.get(`${kind} ${id}`)!}`)];
          expect(new Set(used.map((each) => each.toLowerCase())).size).toBe(used.length);
        },
      ),
    );
  });

  it('does not depend on the order of an answer, nor on ids', () => {
    fc.assert(
      fc.property(objects, fc.infiniteStream(fc.nat()), (all, numbers) => {
        const contents = new Set(all.map(({ kind, name, content }) => JSON.stringify([kind, name, content])));
        fc.pre(contents.size === all.length);
        const shuffled = all
          .map((each, index) => [numbers.next().value, { ...each, id: `other-${index}` }] as const)
          .sort(([a], [b]) => a - b)
          .map(([, each]) => each);
        const first = assignKeys(all, new Set());
        const second = assignKeys(shuffled, new Set());
        for (const [index, { kind, id }] of all.entries())
          expect(second.get(`${kind} other-${index}`)).toBe(first.get(`${kind} ${id}`));
      }),
    );
  });
});
