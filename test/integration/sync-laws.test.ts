/** A law of updates: one field of a manifest changes one field of an answer, whatever the sync holds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { ask } from '../support/ask.js';
import { workbench, type Workbench } from '../support/workbench.js';

const columns = ['id', 'email', 'first_name', 'last_name'] as const;
const column = fc.constantFrom(...columns);

/** A logic of all the letters, in any shape. */
const logicOf = (count: number, words: readonly string[], nested: boolean): string => {
  const letters = Array.from({ length: count }, (_, index) => String.fromCharCode(65 + index));
  const text = letters.reduce((whole, letter, index) => `${whole} ${words[index % words.length]!} ${letter}`);
  return nested && count > 2 ? `(${text}) and ${letters[0]!}` : text;
};

interface Group {
  readonly conditions: readonly JsonObject[];
  readonly logic: string;
}

const group = (condition: fc.Arbitrary<JsonObject>): fc.Arbitrary<Group> =>
  fc
    .record({
      conditions: fc.array(condition, { maxLength: 4 }),
      words: fc.array(fc.constantFrom('and', 'OR', 'or'), { minLength: 1, maxLength: 3 }),
      nested: fc.boolean(),
      has: fc.boolean(),
    })
    .map(({ conditions, words, nested, has }) => ({
      conditions,
      logic: has && conditions.length > 0 ? logicOf(conditions.length, words, nested) : '',
    }));

const compared = fc.oneof(
  fc.constant({ function: 'IsNotNull' }),
  fc.record({
    function: fc.constant('Equality'),
    value: fc.oneof(fc.string(), fc.integer(), fc.constant('5')),
  }),
  fc.record({ function: fc.constant('StringOneOf'), value: fc.array(fc.string(), { maxLength: 2 }) }),
);

const generated = fc.record({
  mappings: fc.uniqueArray(fc.constantFrom('Id', 'Email', 'LastName'), { minLength: 1, maxLength: 3 }),
  strategy: fc.constantFrom('priority', 'and'),
  ofModel: group(fc.tuple(column, compared).map(([field, more]) => ({ field, ...more }))),
  ofTarget: group(
    fc.oneof(
      fc.tuple(fc.constantFrom('Email', 'LastName'), compared).map(([field, more]) => ({ field, ...more })),
      column.map((source) => ({ field: 'FirstName', function: 'Equality', value_source: source })),
    ),
  ),
});

type Generated = typeof generated extends fc.Arbitrary<infer T> ? T : never;

/** Somebody clicks a sync together. */
const build = async (
  bench: Workbench,
  { mappings, strategy, ofModel, ofTarget }: Generated,
): Promise<string> => {
  const make = async (url: string, body: JsonObject): Promise<string> =>
    (await ask(bench, 'POST', url, body)).id;
  const configuration = { hostname: 'h', password: 'one' };
  const db = await make('connections', { name: 'Database', type: 'postgresql', configuration });
  const crm = await make('connections', {
    name: 'CRM',
    type: 'salesforce',
    configuration: { oauth_refresh_token: 't' },
  });
  const model_id = await make('models', {
    name: 'Customers',
    connection_id: db,
    configuration: { table: 'company.customers' },
  });
  const source = (field: JsonObject[string] | undefined): JsonObject => ({ model_id, field: field ?? '' });
  return make('syncs', {
    name: 'Contacts',
    mode: 'update',
    active: true,
    fields: [{ source: source('first_name'), target: 'FirstName' }],
    identities: {
      mappings: mappings.map((target, index) => ({
        source: source(columns[index]),
        target,
        function: 'Equality',
      })),
      strategy,
    },
    model_filters: {
      conditions: ofModel.conditions.map(({ field, ...more }) => ({ source: source(field), ...more })),
      logic: ofModel.logic,
    },
    target_filters: {
      conditions: ofTarget.conditions.map(({ value_source: from, ...more }) => ({
        ...more,
        ...(from === undefined ? {} : { value_source: source(from) }),
      })),
      logic: ofTarget.logic,
    },
    schedule: { frequency: 'manual' },
    target: { connection_id: crm, object: 'Contact' },
  });
};

/** What an expression says for one choice of the conditions that hold. */
const holds = (logic: string, held: ReadonlySet<string>): boolean => {
  let text = logic.replaceAll(/[A-Z]\b(?<!\w\w)/g, (letter) => (held.has(letter) ? '1' : '0'));
  const flat = (part: string): string =>
    part.split(/\bor\b/i).some((each) => each.split(/\band\b/i).every((value) => value.trim() === '1'))
      ? '1'
      : '0';
  while (text.includes('(')) text = text.replace(/\(([^()]*)\)/, (_, inner: string) => flat(inner));
  return flat(text) === '1';
};

/** A logic by its truth table; none at all is that all conditions hold. */
const meaning = (held: JsonObject[string] | undefined): JsonObject => {
  const { conditions, logic } = held as unknown as Group;
  const letters = conditions.map((_, index) => String.fromCharCode(65 + index));
  const table = Array.from({ length: 2 ** letters.length }, (_, number) =>
    holds(
      logic === '' ? letters.join(' and ') : logic,
      new Set(letters.filter((__, bit) => (number >> bit) & 1)),
    ),
  );
  return { conditions, table };
};

interface Change {
  /** In an answer: the field, and what says the same again. */
  readonly fields: readonly [string, ...string[]];
  readonly edit: (text: string) => string;
}

const insert =
  (line: string) =>
  (text: string): string =>
    text.replace('name: Contacts\n', `name: Contacts\n${line}\n`);

/** Changes of one field in a manifest. */
const change = fc.constantFrom<Change>(
  { fields: ['name'], edit: (text) => text.replace('name: Contacts', 'name: People') },
  { fields: ['active'], edit: (text) => text.replace('active: true', 'active: false') },
  { fields: ['schedule'], edit: (text) => text.replace('frequency: manual', 'frequency: continuous') },
  { fields: ['fields'], edit: insert('override_fields: [{ target: LastName, override_value: x }]') },
  {
    fields: ['overrides'],
    edit: insert('overrides: [{ field: customers.email, function: IsNull, override: x }]'),
  },
  {
    fields: ['identities', 'identity'],
    edit: (text) =>
      text.replace(/^identit(y|ies):[\s\S]*?function: Equality/m, (part) =>
        part.replace(/Equality$/, 'ISubstring'),
      ),
  },
  ...['only_enrich_updates', 'skip_initial_backfill', 'sync_all_records'].map((field): Change => ({
    fields: [field],
    edit: insert(`${field}: true`),
  })),
);

/** What an answer shows, but for some fields, who changed it, and the older form of filters, which follows. */
const shown = (
  { model_filters: ofModel, target_filters: ofTarget, target, ...rest }: JsonObject,
  fields: readonly string[],
): JsonObject => ({
  ...Object.fromEntries(
    Object.entries(rest).filter(
      ([name]) => ![...fields, 'updated_at', 'updated_by', 'filters', 'filter_logic'].includes(name),
    ),
  ),
  ofModel: meaning(ofModel),
  ofTarget: meaning(ofTarget),
  target: { ...(target as JsonObject), filter_logic: '' },
});

describe.each(['2025-09-18', '2024-02-08', '2022-12-12'])('a sync of any sort, in %s', (version) => {
  it('keeps all that an answer shows but for the one field that changes', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(generated, change, async (sync, { fields, edit }) => {
        const bench = await workbench({ 'polytomic.config.yaml': `version: '${version}'\n` });
        const id = await build(bench, sync);
        expect(await bench.cli('export', '--layout', 'single', '--force')).toMatchObject({ code: 0 });
        const file = 'polytomic/organization.yaml';
        await bench.write({ [file]: edit(await bench.read(file)) });
        Object.assign(bench.environment, { DATABASE_PASSWORD: 'one', CRM_OAUTH_REFRESH_TOKEN: 't' });
        const before = await ask(bench, 'GET', `syncs/${id}`);
        const { code } = await bench.cli('apply', '--yes');
        const after = await ask(bench, 'GET', `syncs/${id}`);
        expect(shown(after, fields)).toEqual(shown(before, fields));
        // An older version is refused what it would lose; the current one does it all.
        if (version === '2025-09-18') expect(code).toBe(0);
        if (code === 0) expect(after[fields[0]]).not.toEqual(before[fields[0]]);
        else expect(after[fields[0]]).toEqual(before[fields[0]]);
      }),
      { numRuns: 8 },
    );
  });
});
