import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/core/json.js';
import { edited, editFile } from '../../src/export/edit.js';
import type { Edit } from '../../src/export/splice.js';

const file = `# A file that somebody wrote by hand.
kind: Model
key: first
---
# Two people care for this one.
kind:   Sync      # aligned by hand
key: customers
name: "Customers"

fields:   # every column
  - { source: customers.email,   target: EMAIL }  # for marketing
  # the names
  - source: &first customers.first_name
    target: FIRST_NAME
  - {source: *first, target: 'GIVEN_NAME'}
labels: [crm, core]
target: {connection: warehouse, object: "CONTACTS"}
query: |
  select *
  from people
schedule:
    frequency: daily
    hour: 5   # before the office opens

# the end
---
kind: Model
key: last
`;

const inDocument = (edits: readonly Edit[]): readonly string[] => {
  const after = editFile(file, 1, edits).split('\n');
  const before = file.split('\n');
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
};

describe('an edit of a manifest', () => {
  const set = (path: string, value: Json): Edit => ({ type: 'set', path: path.split('/'), value });
  const add = (path: string, value: Json, after?: string): Edit => ({
    type: 'add',
    path: path.split('/'),
    value,
    ...(after === undefined ? {} : { after }),
  });
  const remove = (path: string): Edit => ({ type: 'remove', path: path.split('/') });
  const insert = (path: string, value: Json): Edit => ({ type: 'insert', path: path.split('/'), value });

  it.each<[string, Edit, readonly string[]]>([
    [
      'changes a scalar, and keeps its quotes',
      set('name', 'People'),
      ['- name: "Customers"', '+ name: "People"'],
    ],
    [
      'changes a number, and keeps the comment beside it',
      set('schedule/hour', 6),
      ['-     hour: 5   # before the office opens', '+     hour: 6   # before the office opens'],
    ],
    [
      'changes a value between brackets',
      set('fields/0/target', 'MAIL'),
      [
        '-   - { source: customers.email,   target: EMAIL }  # for marketing',
        '+   - { source: customers.email,   target: MAIL }  # for marketing',
      ],
    ],
    [
      'keeps what an alias of a changed anchor stands for',
      set('fields/1/source', 'customers.name'),
      [
        '-   - source: &first customers.first_name',
        "-   - {source: *first, target: 'GIVEN_NAME'}",
        '+   - source: &first customers.name',
        "+   - {source: customers.first_name, target: 'GIVEN_NAME'}",
      ],
    ],
    [
      'puts another value in the place of an alias',
      set('fields/2/source', 'customers.name'),
      [
        "-   - {source: *first, target: 'GIVEN_NAME'}",
        "+   - {source: customers.name, target: 'GIVEN_NAME'}",
      ],
    ],
    ['adds a field behind its neighbour', add('schedule/minute', 30, 'frequency'), ['+     minute: 30']],
    [
      'adds to brackets',
      add('target/x', 1),
      [
        '- target: {connection: warehouse, object: "CONTACTS"}',
        '+ target: {connection: warehouse, object: "CONTACTS", x: 1}',
      ],
    ],
    ['adds at the end of the document, before its last comment', add('active', true), ['+ active: true']],
    [
      'appends an item as its neighbours are written',
      insert('fields/3', { source: 'customers.id', target: 'ID' }),
      ['+   - { source: customers.id, target: ID }'],
    ],
    [
      'appends to brackets',
      insert('labels/2', 'new'),
      ['- labels: [crm, core]', '+ labels: [crm, core, new]'],
    ],
    ['removes a line', remove('schedule/frequency'), ['-     frequency: daily']],
    [
      'removes a map with all of its lines',
      remove('schedule'),
      ['- schedule:', '-     frequency: daily', '-     hour: 5   # before the office opens'],
    ],
    [
      'removes an item',
      remove('fields/0'),
      ['-   - { source: customers.email,   target: EMAIL }  # for marketing'],
    ],
    ['removes from brackets', remove('labels/0'), ['- labels: [crm, core]', '+ labels: [core]']],
    [
      'changes a text of several lines',
      set('query', 'select 1\nfrom dual\n'),
      ['-   select *', '-   from people', '+   select 1', '+   from dual'],
    ],
    [
      'writes several lines in the place of one',
      set('name', 'a\nb'),
      ['- name: "Customers"', '+ name: |-', '+   a', '+   b'],
    ],
    [
      'renames a field',
      { type: 'rename', path: ['target', 'connection'], name: 'to', value: 'lake' },
      ['- target: {connection: warehouse, object: "CONTACTS"}', '+ target: {to: lake, object: "CONTACTS"}'],
    ],
  ])('%s', (_, edit, lines) => {
    expect(inDocument([edit])).toEqual(lines);
  });

  it('keeps the line breaks of Windows', () => {
    const text = file.replaceAll('\n', '\r\n');
    const after = editFile(text, 1, [set('query', 'select 1\nfrom dual\n'), add('active', true)]);
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  const leaf: fc.Arbitrary<Json> = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      'yes',
      'null',
      '05',
      '- x',
      'a: b',
      '# c',
      'two\nlines',
      '{',
      "it's",
      ' spaces ',
      '*a',
      '<<',
    ),
    fc.integer(),
    fc.boolean(),
  );
  const name = fc.constantFrom('a', 'b', 'c', 'two words', 'ä', '1');
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  const pathsOf = (root: Json, at: readonly string[] = []): readonly (readonly string[])[] => [
    ...(at.length === 0 ? [] : [at]),
    ...(isJsonArray(root)
      ? root.flatMap((item, index) => pathsOf(item, [...at, String(index)]))
      : isJsonObject(root)
        ? Object.entries(root).flatMap(([key, item]) => pathsOf(item, [...at, key]))
        : []),
  ];
  const holdersOf = (root: Json): readonly (readonly string[])[] =>
    pathsOf({ root }).map(([, ...path]) => path);
  const valueAt = (root: Json, path: readonly string[]): Json =>
    path.reduce<Json>((held, segment) => (held as JsonObject)[segment]!, root);

  it('says what it was told to, whatever the document holds and however it is laid out', () => {
    fc.assert(
      fc.property(
        fc.dictionary(name, value, { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
        value,
        fc.nat(),
        fc.constantFrom('set', 'remove', 'add', 'insert'),
        fc.constantFrom('block', 'flow', 'any'),
        fc.constantFrom(2, 4),
        (root, fresh, number, type, collectionStyle, indent) => {
          const text = `# head\n${stringify(root, { collectionStyle, indent })}# foot\n---\nb: 1 # last\n`;
          const paths = pathsOf(root);
          const path = paths[number % paths.length]!;
          const holders = holdersOf(root);
          const holder = holders[number % holders.length]!;
          const held = valueAt(root, holder);
          const edit: Edit =
            type === 'insert' && isJsonArray(held)
              ? { type, path: [...holder, String(number % (held.length + 1))], value: fresh }
              : type === 'add' && isJsonObject(held)
                ? { type, path: [...holder, 'new'], value: fresh }
                : type === 'remove'
                  ? { type, path }
                  : { type: 'set', path, value: fresh };
          const after = editFile(text, 0, [edit]);
          const documents = parseAllDocuments(after, { merge: true });
          expect(documents).toHaveLength(2);
          expect((documents as { toJS: () => unknown }[])[0]!.toJS()).toEqual(edited(root, edit));
          expect(after.startsWith('# head\n')).toBe(true);
          expect(after.endsWith('# foot\n---\nb: 1 # last\n')).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
