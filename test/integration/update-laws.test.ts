/** A law of updates: one field of a manifest changes one field of an answer, whatever else a model or a connection has. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/core/json.js';
import { ask } from '../support/ask.js';
import { workbench } from '../support/workbench.js';

const columns = ['id', 'email', 'first_name', 'last_name'] as const;
const text = fc.constantFrom('a', 'a b', '# no', '${x}', "it's", '日本');

const connection = fc.record(
  {
    hostname: text,
    port: fc.integer({ min: 1, max: 60_000 }),
    password: fc.constant('one'),
    database: text,
    username: text,
    ssl: fc.boolean(),
  },
  { requiredKeys: ['hostname', 'port', 'password'] },
);

const model = fc.record(
  {
    identifier: fc.constantFrom(...columns),
    labels: fc.uniqueArray(text, { maxLength: 3 }),
    tracking_columns: fc.uniqueArray(fc.constantFrom(...columns), { maxLength: 2 }),
    additional_fields: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('extra', 'more'),
        label: text,
        type: fc.constantFrom('string', 'number'),
      }),
      { selector: (field) => field.name, maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

interface Change {
  /** Which object it changes, and the path of the field in an answer. */
  readonly collection: 'connections' | 'models';
  readonly path: readonly string[];
  readonly edit: (text: string) => string;
}

const change = fc.constantFrom<Change>(
  {
    collection: 'connections',
    path: ['name'],
    edit: (manifest) => manifest.replace('name: Database', 'name: Source'),
  },
  {
    collection: 'connections',
    path: ['configuration', 'port'],
    edit: (manifest) => manifest.replace(/port: \d+/, 'port: 60001'),
  },
  {
    collection: 'models',
    path: ['name'],
    edit: (manifest) => manifest.replace('name: Customers', 'name: People'),
  },
  {
    collection: 'connections',
    path: ['configuration', 'hostname'],
    edit: (manifest) => manifest.replace(/hostname: .*/, 'hostname: another'),
  },
  {
    collection: 'models',
    path: ['tracking_columns'],
    edit: (manifest) =>
      manifest
        .replace(/^tracking_columns:(.*\n)(^( +|- ).*\n)*/m, '')
        .replace('name: Customers\n', `name: Customers\ntracking_columns: [${columns.join(', ')}]\n`),
  },
  {
    collection: 'models',
    path: ['labels'],
    edit: (manifest) =>
      manifest
        .replace(/^labels:(.*\n)(^( +|- ).*\n)*/m, '')
        .replace('name: Customers\n', 'name: Customers\nlabels: [of the law]\n'),
  },
);

/** What every change moves. */
const moving: ReadonlySet<string> = new Set(['updated_at', 'updated_by', 'version']);

/** An answer without one field. */
const without = (value: JsonObject, [head, ...rest]: readonly string[]): JsonObject =>
  Object.fromEntries(
    Object.entries(value).flatMap(([name, held]) =>
      name === head && rest.length === 0
        ? []
        : [[name, name === head && isJsonObject(held) ? without(held, rest) : held]],
    ),
  );

/** The API says one for the other. */
const isNothing = (value: Json): boolean => value === null || value === '' || canonicalJson(value) === '[]';

/** Without what every change moves, and lists in one order: the server gives fields in any. */
const inOrder = (value: Json): Json =>
  isJsonArray(value)
    ? value.map(inOrder).sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1))
    : isJsonObject(value)
      ? Object.fromEntries(
          Object.entries(value).flatMap(([name, held]) =>
            moving.has(name) || isNothing(held) ? [] : [[name, inOrder(held)]],
          ),
        )
      : value;

const fieldAt = (value: JsonObject, path: readonly string[]): unknown =>
  path.reduce<unknown>((held, name) => (held as JsonObject)[name], value);

describe.each(['2025-09-18', '2024-02-08', '2022-12-12'])('a model and its connection, in %s', (version) => {
  it('keep all that an answer shows but for the one field that changes', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(connection, model, change, async (configuration, more, { collection, path, edit }) => {
        const bench = await workbench({ 'polytomic.config.yaml': `version: '${version}'\n` });
        const db = await ask(bench, 'POST', 'connections', {
          name: 'Database',
          type: 'postgresql',
          configuration,
        });
        const customers = await ask(bench, 'POST', 'models', {
          ...more,
          name: 'Customers',
          connection_id: db.id,
          configuration: { table: 'company.customers' },
        });
        expect(await bench.cli('export', '--layout', 'single', '--force')).toMatchObject({ code: 0 });
        const file = 'polytomic/organization.yaml';
        await bench.write({ [file]: edit(await bench.read(file)) });
        bench.environment['DATABASE_PASSWORD'] = 'one';
        const both = async (): Promise<Readonly<Record<Change['collection'], JsonObject>>> => ({
          connections: await ask(bench, 'GET', `connections/${db.id}`),
          models: await ask(bench, 'GET', `models/${customers.id}`),
        });
        const before = await both();
        expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
        const after = await both();
        for (const each of ['connections', 'models'] as const) {
          const field = each === collection ? path : [''];
          expect(inOrder(without(after[each], field))).toEqual(inOrder(without(before[each], field)));
        }
        expect(fieldAt(after[collection], path)).not.toEqual(fieldAt(before[collection], path));
      }),
      { numRuns: 8 },
    );
  });
});
