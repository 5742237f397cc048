/** Fields that are added to a schema of a connection. */
import { describe, expect, it } from 'vitest';
import { ask, tell } from '../support/ask.js';
import { killedAt } from '../support/killing.js';
import { workbench, type Workbench } from '../support/workbench.js';

const database = `kind: Connection
key: db
name: Database
type: postgresql
configuration: { hostname: h, password: '\${secret:DB_PASSWORD}' }
`;
const field = (more: string, id = 'plan'): string =>
  `---\nkind: SchemaField\nkey: plan\nconnection: db\nschema_id: company.customers\nfield_id: ${id}\n${more}`;
const plain = 'label: Plan\ntype: string\npath: $.settings.plan\n';

const file = 'polytomic/all.yaml';

const applies = async (bench: Workbench): Promise<void> => {
  const { code, out, err } = await bench.cli('apply', '--yes');
  expect([code, err], out).toEqual([0, '']);
  expect((await bench.cli('plan')).out).toContain('No changes.');
};

const applied = async (manifests: string): Promise<Workbench> => {
  const bench = await workbench({ [file]: manifests });
  await applies(bench);
  return bench;
};

const path = ({ sandbox }: Workbench): string =>
  `connections/${sandbox.list('connections')[0]!.id}/schemas/company.customers`;

interface LiveField {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** The field as the connection shows it. */
const live = async (bench: Workbench, id = 'plan'): Promise<LiveField | undefined> => {
  const { fields } = (await ask(bench, 'GET', path(bench))) as unknown as {
    readonly fields: readonly LiveField[];
  };
  return fields.find((each) => each.id === id);
};

const writes = ({ sandbox }: Workbench): readonly unknown[] =>
  sandbox.requests
    .filter(({ path: at, method }) => method !== 'GET' && at.includes('/fields'))
    .map(({ method, body }) => [method, body]);

describe('a field of a schema', () => {
  it('is added with its connection, changed in place, and taken away with its manifest', async () => {
    const bench = await applied(database + field(`${plain}example: gold\n`));
    expect(await live(bench)).toMatchObject({ name: 'Plan', type: 'string', path: '$.settings.plan' });
    await bench.write({ [file]: database + field(plain.replace('string', 'number')) });
    await applies(bench);
    expect(await live(bench)).toMatchObject({ name: 'Plan', type: 'number' });
    expect(writes(bench)).toEqual([
      [
        'POST',
        {
          fields: [
            { field_id: 'plan', label: 'Plan', type: 'string', path: '$.settings.plan', example: 'gold' },
          ],
        },
      ],
      ['POST', { fields: [{ field_id: 'plan', label: 'Plan', type: 'number', path: '$.settings.plan' }] }],
    ]);
    await bench.write({ [file]: database });
    await applies(bench);
    expect(await live(bench)).toBeUndefined();
    expect(writes(bench).at(-1)).toEqual(['DELETE', undefined]);
  });

  it.each([
    ['label', { label: 'Tariff' }],
    ['type', { type: 'boolean' }],
    ['path', { path: '$.other' }],
  ])('whose %s was changed outside is drift, and set back', async (name, change) => {
    const bench = await applied(database + field(plain));
    await ask(bench, 'PATCH', `${path(bench)}/fields/plan`, change);
    expect((await bench.cli('drift')).out).toContain(name);
    await applies(bench);
  });

  it('that was taken away outside is added again', async () => {
    const bench = await applied(database + field(plain));
    await tell(bench, 'DELETE', `${path(bench)}/fields/plan`);
    expect((await bench.cli('plan')).out).toContain(
      'schemaField.plan "db / company.customers / plan" will be created',
    );
    await applies(bench);
    expect(await live(bench)).toBeDefined();
  });

  it('that somebody added is adopted', async () => {
    const bench = await applied(database);
    await tell(bench, 'POST', `${path(bench)}/fields`, {
      fields: [{ field_id: 'plan', label: 'Plan', type: 'string', path: '$.settings.plan' }],
    });
    await bench.write({ [file]: database + field(plain) });
    expect((await bench.cli('plan')).out).toContain('1 to adopt');
    await applies(bench);
    expect(writes(bench)).toHaveLength(1);
  });

  it('by another id is another field', async () => {
    const bench = await applied(database + field(plain));
    await bench.write({ [file]: database + field(plain, 'tariff') });
    await applies(bench);
    expect([await live(bench), (await live(bench, 'tariff'))?.name]).toEqual([undefined, 'Plan']);
  });

  it('whose connection is replaced is made anew at the new one, and so is a key', async () => {
    const keys =
      '---\nkind: PrimaryKeys\nkey: k\nconnection: db\nschema_id: company.customers\nfields: [plan]\n';
    const bench = await applied(database + field(plain) + keys);
    await bench.write({ [file]: database.replace('postgresql', 'mysql') + field(plain) + keys });
    const plan = (await bench.cli('plan')).out;
    expect(plan).toContain('schemaField.plan "db / company.customers / plan" must be REPLACED');
    expect(plan).toContain('refers to connection.db, which is replaced');
    await applies(bench);
    expect(await live(bench)).toMatchObject({ name: 'Plan', is_primary_key: true });
    expect(bench.sandbox.list('connections')).toHaveLength(1);
  });

  it('that comes or goes stops no change of a bulk sync of its schema in the same apply', async () => {
    const copy = (email: string): string =>
      `---\nkind: BulkSync\nkey: c\nname: Copy\nmode: replicate\nsource_connection: db\ndestination_connection: db\ndestination_configuration: { schema: RAW }\ndefault_schedule: { frequency: manual }\nschemas: [{ id: company.customers, fields: [id, ${email}] }]\n`;
    const bench = await applied(database + copy('email'));
    await bench.write({ [file]: database + field(plain) + copy('{ id: email, obfuscate: true }') });
    await applies(bench);
    await bench.write({ [file]: database + copy('{ id: email, user_output_name: mail }') });
    await applies(bench);
    expect(await live(bench)).toBeUndefined();
  });

  it('stands in one answer with others of its schema, which a plan asks for once', async () => {
    const others = ['a', 'b', 'c'].map((id) => field(plain, id).replace('key: plan', `key: ${id}`)).join('');
    const keys =
      '---\nkind: PrimaryKeys\nkey: k\nconnection: db\nschema_id: company.customers\nfields: [id]\n';
    const bench = await applied(database + others + keys);
    bench.sandbox.clearRequests();
    expect((await bench.cli('plan')).out).toContain('No changes.');
    expect(bench.sandbox.requests.filter(({ path: at }) => at.includes('/schemas/'))).toHaveLength(1);
  });

  it('of the system itself is none that can be added: the API says so, and nothing is lost', async () => {
    const bench = await workbench({ [file]: database + field(plain, 'email') });
    const { code, err } = await bench.cli('apply', '--yes');
    expect(code).toBe(3);
    expect(err).toContain('polytomic/all.yaml:7:1');
    expect(err).toContain('email is a field of the system itself');
    expect((await live(bench, 'email'))?.name).toBe('email');
  });
});

describe('a run that is killed at its write', () => {
  it.each([false, true])('(after the work: %s) is picked up by the next', async (afterEffect) => {
    const bench = await workbench({ [file]: database + field(plain) }, { real: true });
    await killedAt(bench, { method: 'POST', path: /fields/, afterEffect }, 'apply', '--yes');
    await applies(bench);
    expect((await live(bench))?.name).toBe('Plan');
  });
});
