/** Identities and filters of syncs in their two forms: what is written, planned, sent and exported. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { killedAt } from '../support/killing.js';
import { workbench, type Workbench } from '../support/workbench.js';

const world = `kind: Connection
key: db
name: Database
type: postgresql
configuration: { hostname: h, password: '\${secret:DB_PASSWORD}' }
---
kind: Connection
key: crm
name: CRM
type: salesforce
configuration: { oauth_refresh_token: '\${secret:CRM_TOKEN}' }
---
kind: Model
key: customers
name: Customers
connection: db
configuration: { table: company.customers }
---
`;

const sync = (more: string): string => `${world}kind: Sync
key: contacts
name: Contacts
mode: update
fields:
  - { source: customers.first_name, target: FirstName }
schedule: { frequency: manual }
target: { connection: crm, object: Contact }
${more}`;

const one = 'identity: { source: customers.email, target: Email, function: Equality }\n';
const several = (strategy: string): string => `identities:
  mappings:
    - { source: customers.email, target: Email, function: Equality }
    - { source: customers.id, target: Id, function: Equality }
  strategy: ${strategy}
`;
const newer = `model_filters:
  conditions:
    - { source: customers.email, function: IsNotNull, label: mail }
    - { source: customers.id, function: GreaterThan, value: 5, label: big }
    - { source: customers.id, function: IsNull, label: none }
  logic: mail and (none or big)
target_filters:
  conditions:
    - { field: LastName, function: Equality, value_source: customers.last_name }
    - { field: FirstName, function: IsNotNull }
  logic: A or B
`;
const older = `filters:
  - { field_id: LastName, field_type: Target, function: IsNotNull }
  - { field: customers.email, function: IsNotNull }
  - { field: customers.id, function: GreaterThan, value: 5 }
filter_logic: B OR C
`;

const secrets = { DB_PASSWORD: 'one', CRM_TOKEN: 'two' };
const file = 'polytomic/all.yaml';
const bench = async (text: string, version?: string): Promise<Workbench> => {
  const made = await workbench({
    [file]: text,
    ...(version === undefined ? {} : { 'polytomic.config.yaml': `version: '${version}'\n` }),
  });
  Object.assign(made.environment, secrets);
  return made;
};

const applied = async (text: string, version?: string): Promise<Workbench> => {
  const made = await bench(text, version);
  const { code, err } = await made.cli('apply', '--yes');
  expect([code, err]).toEqual([0, '']);
  await isEmpty(made);
  return made;
};

const isEmpty = async (made: Workbench): Promise<void> => {
  const { code, out, err } = await made.cli('plan', '--detailed-exitcode');
  expect([code, out, err]).toEqual([0, expect.stringContaining('No changes.'), '']);
};

const live = ({ sandbox }: Workbench): JsonObject => sandbox.list('syncs')[0] as JsonObject;
const bodies = ({ sandbox }: Workbench, method: string): readonly JsonObject[] =>
  sandbox.requests
    .filter((request) => request.method === method && request.path.startsWith('/api/syncs'))
    .map(({ body }) => body as JsonObject);

describe.each(['priority', 'and'])('the newer form, several identities by %s', (strategy) => {
  const text = sync(several(strategy) + newer);

  it('applies, plans empty, and is what the server holds', async () => {
    const made = await applied(text);
    expect(live(made)).toMatchObject({
      identities: { mappings: [{ target: 'Email' }, { target: 'Id' }], strategy },
      model_filters: { logic: 'A AND (C OR B)' },
      target_filters: { conditions: [{ value_source: { field: 'last_name' } }, {}], logic: 'A OR B' },
    });
  });

  it('exports, and makes the same in an empty organization', async () => {
    const made = await applied(text);
    const exported = async (from: Workbench): Promise<string> => {
      await rm(path.join(from.root, 'polytomic'), { recursive: true });
      expect((await from.cli('export', '--layout', 'single', '--force')).code).toBe(0);
      return from.read('polytomic/organization.yaml');
    };
    const first = await exported(made);
    expect((await made.cli('plan', '--detailed-exitcode', '--without-secrets')).code).toBe(0);
    // What was authorised in a browser is taken as it lives, and has to be there.
    const other = await bench(world.split('---\n')[1]!);
    expect((await other.cli('apply', '--yes')).code).toBe(0);
    await rm(path.join(other.root, '.polytomic'), { recursive: true });
    await other.write({ [file]: first });
    Object.assign(other.environment, { DATABASE_PASSWORD: 'one' });
    expect((await other.cli('apply', '--yes')).err).toBe('');
    // Ids of what lives stand in no manifest.
    expect(await exported(other)).toBe(first);
  });

  it('drifts field by field', async () => {
    const made = await applied(text);
    const { id } = live(made) as { readonly id: string };
    const items = (group: string, list: string): readonly JsonObject[] =>
      (live(made)[group] as Readonly<Record<string, readonly JsonObject[]>>)[list]!;
    const withItem = (group: string, list: string, index: number, change: JsonObject): JsonObject => ({
      [group]: {
        [list]: items(group, list).map((each, at) => (at === index ? { ...each, ...change } : each)),
      },
    });
    const source = (field: string): JsonObject => ({ model_id: modelOf(made), field });
    for (const [change, shown] of [
      [() => ({ identities: { strategy: strategy === 'and' ? 'priority' : 'and' } }), 'identities.strategy'],
      [() => withItem('identities', 'mappings', 1, { function: 'ISubstring' }), 'identities.mappings'],
      [() => withItem('identities', 'mappings', 1, { target: 'LastName' }), 'identities.mappings'],
      [() => withItem('identities', 'mappings', 0, { source: source('last_name') }), 'identities.mappings'],
      [
        () => ({ identities: { mappings: items('identities', 'mappings').toReversed() } }),
        'identities.mappings',
      ],
      [() => ({ model_filters: { logic: 'A and B and C' } }), 'model_filters.logic'],
      [() => withItem('model_filters', 'conditions', 0, { function: 'IsNull' }), 'model_filters.conditions'],
      [() => withItem('model_filters', 'conditions', 1, { value: 6 }), 'model_filters.conditions'],
      [
        () => withItem('model_filters', 'conditions', 2, { source: source('first_name') }),
        'model_filters.conditions',
      ],
      [() => ({ target_filters: { logic: 'A and B' } }), 'target_filters.logic'],
      [
        () => withItem('target_filters', 'conditions', 0, { value_source: source('first_name') }),
        'target_filters.conditions',
      ],
      [() => withItem('target_filters', 'conditions', 1, { field: 'Email' }), 'target_filters.conditions'],
      [
        () => withItem('target_filters', 'conditions', 1, { function: 'IsNull' }),
        'target_filters.conditions',
      ],
    ] as const) {
      made.sandbox.edit('syncs', id, change());
      expect((await made.cli('drift')).out, JSON.stringify(change())).toContain(shown);
      expect((await made.cli('apply', '--refresh-only', '--yes')).code).toBe(0);
      expect((await made.cli('drift')).out).toContain('No drift.');
    }
  });
});

describe.each(['POST', 'PUT'])(
  'a run that is killed at the %s of a sync with several identities',
  (method) => {
    it.each([false, true])('is finished by the next (done: %s)', async (afterEffect) => {
      const made = await workbench({ [file]: sync(several('and') + newer) }, { real: true });
      Object.assign(made.environment, secrets);
      if (method === 'PUT') {
        expect((await made.cli('apply', '--yes')).code).toBe(0);
        await made.write({ [file]: sync(several('priority') + newer) });
      }
      await killedAt(made, { method, path: /^\/api\/syncs/, afterEffect }, 'apply', '--yes');
      expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
      await isEmpty(made);
      expect(made.sandbox.list('syncs')).toMatchObject([
        {
          identities: {
            mappings: [{ target: 'Email' }, { target: 'Id' }],
            strategy: method === 'PUT' ? 'priority' : 'and',
          },
        },
      ]);
    });
  },
);

describe('logic', () => {
  it.each([
    'mail AND (none OR big)',
    '(big or none) and mail',
    'mail and ((big) or none)',
    'mail and (none or big) and mail',
  ])('%s is no difference', async (logic) => {
    const made = await applied(sync(several('and') + newer));
    await made.write({ [file]: sync(several('and') + newer.replace('mail and (none or big)', logic)) });
    await isEmpty(made);
  });

  it('of other structure is one', async () => {
    const made = await applied(sync(several('and') + newer));
    await made.write({
      [file]: sync(several('and') + newer.replace('mail and (none or big)', '(mail and none) or big')),
    });
    const { out } = await made.cli('plan');
    expect(out).toContain('~ model_filters.logic: A AND (B OR C) → B OR (A AND C)');
  });
});

describe('the older form', () => {
  it.each(['2025-09-18', '2024-02-08', '2022-12-12'])('goes on working in %s', async (version) => {
    const made = await applied(sync(one + older), version);
    expect(bodies(made, 'POST')[0]).toMatchObject({ identity: { target: 'Email' } });
    expect(live(made)).toMatchObject({
      model_filters: { conditions: [{ source: { field: 'email' } }, {}], logic: 'A OR B' },
      target_filters: { conditions: [{ field: 'LastName' }] },
    });
    await made.write({ [file]: sync(one + older).replace('value: 5', 'value: 6') });
    expect((await made.cli('apply', '--yes')).code).toBe(0);
    await isEmpty(made);
  });

  it('is sent where the server shows no other, and the newer one where it does', async () => {
    const made = await applied(sync(one + older));
    expect(bodies(made, 'POST')[0]).not.toHaveProperty('model_filters');
    await made.write({ [file]: sync(one + older).replace('name: Contacts', 'name: People') });
    expect((await made.cli('apply', '--yes')).code).toBe(0);
    const [put] = bodies(made, 'PUT');
    expect(put).toMatchObject({ identities: { mappings: [{ target: 'Email' }] }, model_filters: {} });
    for (const name of ['identity', 'filters', 'filter_logic']) expect(put).not.toHaveProperty(name);
  });

  it('shows an identity that somebody added, and takes it away by saying so', async () => {
    const made = await applied(sync(one));
    const { id, identity } = live(made) as { readonly id: string; readonly identity: JsonObject };
    made.sandbox.edit('syncs', id, {
      identities: { mappings: [identity, { ...identity, target: 'Id' }], strategy: 'and' },
    });
    expect((await made.cli('plan')).out).toContain('- identities.strategy');
    expect((await made.cli('apply', '--yes')).code).toBe(0);
    expect(bodies(made, 'PUT')).toMatchObject([{ identities: { mappings: [{ target: 'Email' }] } }]);
    await isEmpty(made);
  });

  it('is edited as it is written, as long as it can say what lives', async () => {
    const plain = older.replace(/ {2}- { field_id.*\n/, '').replace('B OR C', 'A OR B');
    const made = await applied(sync(one + plain));
    const { id } = live(made) as { readonly id: string };
    const text = async (): Promise<string> => readFile(path.join(made.root, file), 'utf8');
    made.sandbox.edit('syncs', id, { filter_logic: 'A AND B' });
    expect((await made.cli('export', '--force')).code).toBe(0);
    expect(await text()).toBe(sync(one + plain.replace(/filter_logic.*\n/, '')));
    made.sandbox.edit('syncs', id, {
      target_filters: {
        conditions: [
          { field: 'LastName', function: 'Equality', value_source: { model_id: modelOf(made), field: 'id' } },
        ],
      },
    });
    expect((await made.cli('export', '--force')).code).toBe(0);
    expect(await text()).not.toMatch(/^filters:/m);
    expect(await text()).toContain('value_source: customers.id');
    await isEmpty(made);
  });

  it('says nothing against the newer one beside it where both agree', async () => {
    const both = `${one}${several('and')}filters: [{ field: customers.email, function: IsNull }]
model_filters: { conditions: [{ source: customers.email, function: IsNull }] }
`;
    await applied(sync(both));
  });
});

const modelOf = ({ sandbox }: Workbench): string => sandbox.list('models')[0]!.id;

it('a version that has no form for what a manifest says is told so before anything is sent', async () => {
  const made = await bench(sync(several('and')), '2024-02-08');
  const told = 'this version of the API has no form for identities';
  const { code, err } = await made.cli('plan');
  expect([code, err]).toEqual([1, expect.stringContaining(`${file}:28:3\n  error: ${told}`)]);
  expect((await made.cli('apply', '--yes')).err).toContain(told);
  expect(made.sandbox.list('syncs')).toEqual([]);
});

it('what cannot be found any more is told at its line, until the manifest names something else', async () => {
  const made = await applied(sync(one + newer.replace('logic: A or B\n', '')));
  made.sandbox.edit('models', modelOf(made), { fields: ['id', 'first_name', 'last_name'] });
  const { err } = await made.cli('validate', '--live');
  expect(err).toContain(
    'Polytomic reports a problem with what lives here: model "Customers" has no field "email"',
  );
  expect(err).toMatch(/all\.yaml:30:\d+\n.*Polytomic reports/);
  for (const command of [['drift'], ['export', '--diff']])
    expect((await made.cli(...command)).err).toContain('sync.contacts: Polytomic reports a problem with ');
  await made.write({ [file]: (await made.read(file)).replaceAll('customers.email', 'customers.id') });
  expect((await made.cli('validate', '--live')).err).not.toContain('Polytomic reports');
});

describe('fmt --upgrade', () => {
  const commented = `# who takes part
filters: # in this order
  # the target first
  - { field_id: LastName, field_type: Target, function: IsNotNull } # last
  - field: customers.email # the mail
    function: IsNotNull
  - { field: customers.id, function: GreaterThan, value: 5 } # big
# and how
filter_logic: B OR C # either
`;

  it('moves filters of both kinds, keeps every comment, and changes nothing that is planned', async () => {
    const made = await applied(sync(one + commented));
    expect((await made.cli('validate')).out).toContain('1 resource in an older form');
    const { code, err } = await made.cli('fmt', '--upgrade');
    expect([code, err]).toEqual([0, expect.stringContaining('1 file of 1 was formatted')]);
    const text = await made.read(file);
    for (const [comment] of commented.matchAll(/# .+/g)) expect(text).toContain(comment);
    expect(text).toContain('logic: A OR B # either');
    expect(text).not.toMatch(/^(filters|filter_logic):/m);
    await isEmpty(made);
    expect((await made.cli('validate')).out).toBe('4 resources valid.\n');
    expect((await made.cli('fmt', '--upgrade', '--check')).code).toBe(0);
  });

  it('leaves the words of a logic whose letters stay', async () => {
    const made = await bench(
      sync(
        `${one}filters:\n  - { source: customers.id, function: IsNull }\nfilter_logic: (a)\n`.replace(
          '(a)',
          '( A )',
        ),
      ),
    );
    expect((await made.cli('fmt', '--upgrade')).code).toBe(0);
    expect(await made.read(file)).toContain(
      'model_filters:\n  conditions:\n    - { source: customers.id, function: IsNull }\n  logic: ( A )\n',
    );
  });

  it.each([
    ['a field by its id', 'filters: [{ field_id: 0b5f, function: IsNull }]\n', 'names its field by id'],
    ['a filter that the logic leaves out', older.replace('B OR C', 'B'), 'the logic leaves a filter out'],
  ])('leaves %s, and says why', async (_what, filters, why) => {
    const made = await bench(sync(one + filters));
    const { code, err } = await made.cli('fmt', '--upgrade');
    expect([code, err]).toEqual([0, expect.stringContaining(why)]);
    expect(await made.read(file)).toMatch(/^filters:/m);
  });
});
