/** Primary keys of a connection's schema: what is set in place of what Polytomic detects. */
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/index.js';
import { ask, tell } from '../support/ask.js';
import { killedAt } from '../support/killing.js';
import { workbench, type Workbench } from '../support/workbench.js';

const database = `kind: Connection
key: db
name: Database
type: postgresql
configuration: { hostname: h, password: '\${secret:DB_PASSWORD}' }
`;
const keysOf = (fields: string, schema = 'company.customers', key = 'customers'): string =>
  `---\nkind: PrimaryKeys\nkey: ${key}\nconnection: db\nschema_id: ${schema}\nfields: ${fields}\n`;

const file = 'polytomic/all.yaml';

const applied = async (manifests: string): Promise<Workbench> => {
  const bench = await workbench({ [file]: manifests });
  await applies(bench);
  return bench;
};

const applies = async (bench: Workbench): Promise<string> => {
  const { code, out, err } = await bench.cli('apply', '--yes');
  expect([code, err], out).toEqual([0, '']);
  expect((await bench.cli('plan')).out).toContain('No changes.');
  return out;
};

const path = ({ sandbox }: Workbench, schema = 'company.customers'): string =>
  `connections/${sandbox.list('connections')[0]!.id}/schemas/${schema}`;

/** The fields that make the key, as a connection shows it. */
const liveKey = async (bench: Workbench, schema?: string): Promise<readonly unknown[]> => {
  const { fields } = (await ask(bench, 'GET', path(bench, schema))) as unknown as {
    readonly fields: readonly { readonly id: string; readonly is_primary_key: boolean }[];
  };
  return fields.filter(({ is_primary_key: is }) => is).map(({ id }) => id);
};

const writes = ({ sandbox }: Workbench): readonly unknown[] =>
  sandbox.requests
    .filter(({ path: at, method }) => method !== 'GET' && at.endsWith('/primary_keys'))
    .map(({ method, body }) => [method, body]);

describe('primary keys', () => {
  it('are set with a new connection, in one apply, and taken away with their manifest', async () => {
    const bench = await applied(database + keysOf('[email]'));
    expect(await liveKey(bench)).toEqual(['email']);
    await bench.write({ [file]: database });
    const plan = await bench.cli('plan');
    expect(plan.out).toContain('the key that Polytomic detects is in effect again');
    await applies(bench);
    expect(await liveKey(bench)).toEqual(['id']);
    expect(writes(bench).at(-1)).toEqual(['DELETE', undefined]);
  });

  // Whether a field that a request leaves out is none of the key, or as detected, is documented nowhere: it is named.
  it('say of each field that was one whether it is one, whichever way the API reads it', async () => {
    const bench = await applied(database);
    await bench.write({ [file]: database + keysOf('[email]') });
    const out = await applies(bench);
    expect(out).toContain('- id');
    expect(out).toContain('+ email');
    expect(writes(bench)).toEqual([
      [
        'PUT',
        {
          fields: [
            { field_id: 'email', is_primary_key: true },
            { field_id: 'id', is_primary_key: false },
          ],
        },
      ],
    ]);
  });

  it('that were changed outside are drift, and set again', async () => {
    const bench = await applied(database + keysOf('[email, id]'));
    await tell(bench, 'PUT', `${path(bench)}/primary_keys`, {
      fields: [{ field_id: 'id', is_primary_key: true }],
    });
    expect((await bench.cli('drift')).out).toContain('primaryKeys.customers');
    expect((await bench.cli('plan')).out).toContain('changed outside');
    await applies(bench);
    expect([...(await liveKey(bench))].sort()).toEqual(['email', 'id']);
  });

  it('in another order are the same', async () => {
    const bench = await applied(database + keysOf('[email, id]'));
    await bench.write({ [file]: database + keysOf('[id, email]') });
    expect((await bench.cli('plan')).out).toContain('No changes.');
  });

  it('of another schema are others: those of the old one are detected again', async () => {
    const bench = await applied(database + keysOf('[email]'));
    await bench.write({ [file]: database + keysOf('[name]', 'company.teams') });
    const plan = (await bench.cli('plan')).out;
    expect(plan).toContain('primaryKeys.customers "db / company.teams" must be REPLACED');
    expect(plan).toContain('primaryKeys.customers (old) "db / company.customers" will be deleted');
    expect(plan).not.toContain('Not managed here');
    await applies(bench);
    expect([await liveKey(bench), await liveKey(bench, 'company.teams')]).toEqual([['id'], ['name']]);
  });

  it('make no call where nobody speaks of them', async () => {
    const bench = await applied(database);
    expect(bench.sandbox.requests.filter(({ path: at }) => at.includes('/schemas/'))).toEqual([]);
  });
});

describe('a mistake in primary keys', () => {
  it('of a field that the schema does not have is told at its line, with the nearest name', async () => {
    const bench = await applied(database);
    await bench.write({ [file]: database + keysOf('\n  - id\n  - emial') });
    const { err } = await bench.cli('plan');
    expect(err).toContain('polytomic/all.yaml:13:5');
    expect(err).toContain('the schema company.customers has no field "emial"');
    expect(err).toContain('did you mean "email"?');
    expect(writes(bench)).toEqual([]);
  });

  it('of a second manifest for one schema is told at the second', async () => {
    const bench = await workbench({
      [file]: database + keysOf('[id]') + keysOf('[email]', 'company.customers', 'again'),
    });
    const { code, err } = await bench.cli('validate');
    expect(code).toBe(1);
    expect(err).toContain('polytomic/all.yaml:13:1');
    expect(err).toContain('primaryKeys.customers stands for it already');
  });

  it('of no field at all is told: without the manifest the key is detected', async () => {
    const bench = await workbench({ [file]: database + keysOf('[]') });
    expect((await bench.cli('validate')).code).toBe(1);
  });
});

const added = (id: string, key: string = id): string =>
  `---\nkind: SchemaField\nkey: ${key}\nconnection: db\nschema_id: company.customers\nfield_id: ${id}\nlabel: More\ntype: string\npath: $.more\n`;

/** Each write below a schema, in the order in which it was asked for. */
const order = ({ sandbox }: Workbench): readonly string[] =>
  sandbox.requests.flatMap(({ path: at, method }) =>
    method === 'GET' || !at.includes('/schemas/') ? [] : [`${method} ${at.split('company.customers/')[1]!}`],
  );

describe('a key of a field that is added', () => {
  it('is set after it, in one apply, and taken away before it', async () => {
    const bench = await applied(database + keysOf('[plan]') + added('plan'));
    expect(await liveKey(bench)).toEqual(['plan']);
    expect(order(bench)).toEqual(['POST fields', 'PUT primary_keys']);
    bench.sandbox.clearRequests();
    await bench.write({ [file]: database });
    await applies(bench);
    expect(order(bench)).toEqual(['DELETE primary_keys', 'DELETE fields/plan']);
    expect(await liveKey(bench)).toEqual(['id']);
  });

  it.each(['a', 'z'])(
    'moves from one to another (%s), which has to be there before the first goes',
    async (key) => {
      const bench = await applied(database + added('plan', 'first') + keysOf('[plan]'));
      bench.sandbox.clearRequests();
      await bench.write({ [file]: database + added('tariff', key) + keysOf('[tariff]') });
      await applies(bench);
      expect(order(bench)).toEqual(['POST fields', 'PUT primary_keys', 'DELETE fields/plan']);
      expect(await liveKey(bench)).toEqual(['tariff']);
    },
  );

  it('follows it where the field is replaced by one of another id', async () => {
    const bench = await applied(database + added('plan', 'it') + keysOf('[plan]'));
    bench.sandbox.clearRequests();
    await bench.write({ [file]: database + added('tariff', 'it') + keysOf('[tariff]') });
    await applies(bench);
    expect(order(bench)).toEqual(['POST fields', 'PUT primary_keys', 'DELETE fields/plan']);
  });

  it('waits for no field that it does not name, nor for one of another schema', async () => {
    const others = added('plan') + added('email', 'elsewhere').replace('company.customers', 'company.teams');
    const bench = await workbench({ [file]: database + others + keysOf('[email]') });
    const { plan } = JSON.parse((await bench.cli('plan', '--json')).out) as { readonly plan: Plan };
    expect(plan.changes.find(({ kind }) => kind === 'PrimaryKeys')?.waitsFor).toEqual(['connection.db']);
  });

  it('takes it along where it is all that was selected, and says what is left out', async () => {
    const bench = await applied(database);
    await bench.write({ [file]: database + keysOf('[plan]') + added('plan') + added('unused') });
    const left = await bench.cli('plan', '--exclude', 'schemaField.plan');
    expect(left.err).toContain(
      'primaryKeys.customers needs schemaField.plan, which the selection leaves out',
    );
    expect(await bench.cli('apply', '--yes', '--target', 'primaryKeys.customers')).toMatchObject({ code: 0 });
    expect(order(bench)).toEqual(['POST fields', 'PUT primary_keys']);
  });

  it('is no mistake of the plan', async () => {
    const bench = await applied(database);
    await bench.write({ [file]: database + keysOf('[plan]') + added('plan') });
    expect(await bench.cli('plan')).toMatchObject({ code: 0, err: '' });
    await applies(bench);
  });
});

describe('a run that is killed at its write', () => {
  it.each([false, true])('(after the work: %s) is picked up by the next', async (afterEffect) => {
    const bench = await workbench({ [file]: database + keysOf('[email]') }, { real: true });
    await killedAt(bench, { method: 'PUT', path: /primary_keys/, afterEffect }, 'apply', '--yes');
    await applies(bench);
    expect(await liveKey(bench)).toEqual(['email']);
    expect(bench.sandbox.list('connections')).toHaveLength(1);
  });
});
