/** Templates: what an instance makes, where a finding stands, and what a stranger may not do with them. */
import path from 'node:path';
import { symlink } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { JsonObject } from '../../src/core/json.js';
import type { Desired } from '../../src/load/desired.js';
import { load } from '../../src/load/load.js';
import { diagnosticsText } from '../../src/report/diagnostics.js';
import { createStyle } from '../../src/report/style.js';
import { workbench } from '../support/workbench.js';
import { folder, loadFiles, type Files } from './repository.js';

const CONNECTIONS = `kind: Connection
key: db
name: Shop database
type: postgresql
configuration: { hostname: db.example.com, port: 5432 }
---
kind: Connection
key: warehouse
name: Warehouse
type: snowflake
configuration: { account: acme, username: SYNC }
`;

const TEMPLATE = `kind: Template
key: table-sync
description: One table of the shop into the CRM.
parameters:
  table: { type: string, pattern: '^[a-z._]+$', description: Schema and name. }
  object: { type: string }
  minute: { type: string, default: '05' }
  active: { type: boolean, default: true }
  labels: { type: object, default: null }
key_from: [table]
resources:
  - kind: Model
    key: \${param.key}
    name: \${param.table}
    connection: db
    configuration: { table: "\${param.table}" }
    identifier: id
  - kind: Sync
    key: \${param.key}
    name: \${param.table} to the CRM
    mode: append
    active: \${param.active}
    labels: \${param.labels}
    fields: [{ source: "\${param.key}.email", target: EMAIL }]
    schedule: { frequency: daily, hour: 5, minute: "\${param.minute}" }
    target: { connection: warehouse, object: "CRM.\${param.object}" }
`;

const INSTANCES = `kind: Instances
template: table-sync
instances:
  - { table: public.orders, object: ORDERS }
  - { table: public.customers, object: CONTACTS, active: false, labels: { team: growth } }
`;

const files = {
  'polytomic/connections.yaml': CONNECTIONS,
  'polytomic/templates/table-sync.yaml': TEMPLATE,
  'polytomic/shop.yaml': INSTANCES,
};

const loaded = async (more: Files): Promise<Desired> => {
  const { desired, diagnostics } = await loadFiles(more);
  expect(diagnostics).toEqual([]);
  return desired as Desired;
};

/** What the manifests ask for, places aside. */
const asked = ({ resources }: Desired): unknown =>
  JSON.parse(JSON.stringify(resources.map(({ place: _place, template: _template, ...rest }) => rest)));

const documentOf = ({ resources }: Desired, address: string): unknown =>
  resources.find((each) => each.address === address)?.document;

const codes = async (more: Files): Promise<readonly string[]> => {
  const { diagnostics } = await loadFiles({ ...files, ...more });
  return diagnostics.map(({ code }) => code);
};

const text = async (more: Files): Promise<string> => {
  const { diagnostics } = await loadFiles({ ...files, ...more });
  return diagnosticsText(diagnostics, createStyle(false));
};

describe('an instance', () => {
  it('makes the resources of its template: whole values keep their type, null leaves a field out', async () => {
    const desired = await loaded(files);
    expect(desired.resources.map(({ address }) => address)).toEqual([
      'connection.db',
      'connection.warehouse',
      'model.public-customers',
      'model.public-orders',
      'sync.public-customers',
      'sync.public-orders',
    ]);
    expect(documentOf(desired, 'sync.public-customers')).toMatchObject({
      name: 'public.customers to the CRM',
      active: false,
      schedule: { minute: '05' },
      target: { object: 'CRM.CONTACTS' },
    });
    const labels = Object.fromEntries(desired.resources.map((each) => [each.address, each.labels]));
    expect(labels['sync.public-customers']).toEqual({ team: 'growth' });
    expect(labels['sync.public-orders']).toEqual({});
  });

  it('stands in a list, in a map by its own key, or in a row of a CSV file, and asks for the same', async () => {
    const list = asked(await loaded(files));
    const map = `kind: Instances
template: table-sync
instances:
  public-orders: { table: public.orders, object: ORDERS }
  public-customers: { table: public.customers, object: CONTACTS, active: false, labels: { team: growth } }
`;
    expect(asked(await loaded({ ...files, 'polytomic/shop.yaml': map }))).toEqual(list);
    expect(
      asked(
        await loaded({
          ...files,
          'polytomic/shop.yaml': 'kind: Instances\ntemplate: table-sync\ncsv: tables/shop.csv\n',
          'polytomic/tables/shop.csv':
            '\uFEFFtable,object,active,labels\r\npublic.orders,ORDERS,,\r\n\r\npublic.customers,CONTACTS,false,"{""team"":""growth""}"\r\n',
        }),
      ),
    ).toEqual(list);
  });

  it('has the key that it gives, or one made of its parameters; its place in the list counts for nothing', async () => {
    const list = `kind: Instances
template: table-sync
instances:
  - { key: first, table: public.orders, object: ORDERS }
  - { table: public.customers_eu, object: CONTACTS }
`;
    const desired = await loaded({ ...files, 'polytomic/shop.yaml': list });
    expect(desired.resources.filter(({ kind }) => kind === 'Sync').map(({ key }) => key)).toEqual([
      'first',
      'public-customers_eu',
    ]);
  });

  it('is overlaid beside it, and by an environment after that', async () => {
    const root = {
      ...files,
      'polytomic/shop.yaml': `${INSTANCES}overlays:
  - target: sync.public-orders
    merge: { active: false, schedule: { minute: '30' } }
  - target: model.public-orders
    patch: [{ op: replace, path: /name, value: Orders }]
`,
      'overlays/a.yaml': 'kind: Overlay\ntarget: sync.public-orders\nmerge: { schedule: { minute: "45" } }\n',
    };
    const desired = await loaded(root);
    expect(documentOf(desired, 'sync.public-orders')).toMatchObject({
      active: false,
      schedule: { minute: '30' },
    });
    expect(documentOf(desired, 'model.public-orders')).toMatchObject({ name: 'Orders' });
    expect(desired.locate('sync.public-orders' as never, '/active', 'value')).toEqual({
      file: 'polytomic/shop.yaml',
      line: 8,
      column: 22,
    });
    const { desired: overlaid } = await loadFiles(root, { overlays: ['overlays/*.yaml'] });
    expect(documentOf(overlaid as Desired, 'sync.public-orders')).toMatchObject({
      active: false,
      schedule: { minute: '45' },
    });
  });

  it('has the defaults of the folder that its instances stand in', async () => {
    const desired = await loaded({
      ...files,
      'polytomic/growth/defaults.yaml': 'kind: Defaults\nfor: Sync\nvalues: { sync_all_records: true }\n',
      'polytomic/shop.yaml': 'kind: Removed\nfrom: sync.gone\ndestroy: false\n',
      'polytomic/growth/shop.yaml': INSTANCES,
    });
    expect(documentOf(desired, 'sync.public-orders')).toMatchObject({ sync_all_records: true });
  });

  it('of a template that uses another one makes what that one makes', async () => {
    const { desired: made, diagnostics } = await loadFiles(
      {
        ...files,
        'polytomic/templates/shop.yaml': `kind: Template
key: shop
parameters:
  region: { type: string }
resources:
  - kind: Connection
    key: \${param.key}
    name: Shop \${param.region}
    type: postgresql
    configuration: { hostname: "\${param.region}.example.com", password: "\${secret:DB_\${param.region}}" }
  - kind: Instances
    template: table-sync
    instances:
      - { key: "\${param.key}-orders", table: orders, object: "ORDERS_\${param.region}" }
`,
        'polytomic/shop.yaml':
          'kind: Instances\ntemplate: shop\ninstances:\n  eu: { region: EU }\n  us: { region: US }\n',
      },
      { environment: { DB_EU: 'a', DB_US: 'b' } },
    );
    expect(diagnostics).toEqual([]);
    expect(made?.resources.map(({ address }) => address)).toEqual([
      'connection.db',
      'connection.eu',
      'connection.us',
      'connection.warehouse',
      'model.eu-orders',
      'model.us-orders',
      'sync.eu-orders',
      'sync.us-orders',
    ]);
    expect(documentOf(made as Desired, 'sync.us-orders')).toMatchObject({
      target: { object: 'CRM.ORDERS_US' },
    });
  });

  it('moves with all that it makes where its key changes', async () => {
    const moved = 'kind: Moved\ntemplate: table-sync\nfrom: orders\nto: public-orders\n';
    const desired = await loaded({ ...files, 'polytomic/moved.yaml': moved });
    expect(desired.moves.map(({ from, to }) => [from, to])).toEqual([
      ['model.orders', 'model.public-orders'],
      ['sync.orders', 'sync.public-orders'],
    ]);
    expect(await text({ 'polytomic/moved.yaml': moved.replace('to: public', 'to: publc') })).toContain(
      'there is no instance publc-orders of table-sync\n    hint: did you mean "public-orders"?',
    );
    expect(await text({ 'polytomic/moved.yaml': moved.replace('from: ', 'from: public-') })).toContain(
      'there is an instance public-orders of table-sync',
    );
    expect(await text({ 'polytomic/moved.yaml': moved.replace('table-sync', 'table') })).toContain(
      'there is no template table',
    );
    expect(
      await text({ 'polytomic/moved.yaml': moved.replace('from: orders', 'from: sync.orders') }),
    ).toContain('polytomic/moved.yaml:3:7');
  });

  it('can write what looks like a parameter', async () => {
    const desired = await loaded({
      ...files,
      'polytomic/templates/table-sync.yaml': TEMPLATE.replace(
        'name: ${param.table}\n',
        () => 'name: $${param.table} of ${param.table}\n',
      ),
    });
    expect(documentOf(desired, 'model.public-orders')).toMatchObject({
      name: '${param.table} of public.orders',
    });
  });
});

describe('a finding', () => {
  it.each<[string, Files]>([
    [
      'in the template',
      {
        'polytomic/templates/table-sync.yaml': TEMPLATE.replace('append', 'appendd').replace(
          'identifier',
          'identifer',
        ),
      },
    ],
    [
      'in what an instance gives',
      {
        'polytomic/shop.yaml': `kind: Instances
template: table-sync
instances:
  - { table: PUBLIC.ORDERS, object: ORDERS, minute: 5 }
  - { tabel: public.customers, object: CONTACTS }
  - { table: public.users, object: USERS, labels: { team: 1 } }
`,
      },
    ],
    [
      'in a reference',
      { 'polytomic/templates/table-sync.yaml': TEMPLATE.replace('connection: db', 'connection: dbb') },
    ],
    [
      'of two instances that make the same',
      {
        'polytomic/shop.yaml': `${INSTANCES}  - { key: public-orders, table: orders, object: ORDERS }\n`,
        'polytomic/model.yaml': 'kind: Model\nkey: public-customers\nname: Customers\nconnection: db\n',
      },
    ],
    [
      'in a CSV file',
      {
        'polytomic/shop.yaml': 'kind: Instances\ntemplate: table-sync\ncsv: shop.csv\n',
        'polytomic/shop.csv': 'table,object,active,owner\na,A,yes,\nb,,,me\n',
      },
    ],
    [
      'in a template that another one uses',
      {
        'polytomic/templates/table-sync.yaml': TEMPLATE.replace('append', 'appendd'),
        'polytomic/templates/shop.yaml':
          'kind: Template\nkey: shop\nresources:\n  - kind: Instances\n    template: table-sync\n    instances: [{ table: "${param.key}", object: A }]\n',
        'polytomic/shop.yaml': 'kind: Instances\ntemplate: shop\ninstances: { a: , b: }\n',
      },
    ],
    [
      'in the parameters of a template',
      {
        'polytomic/templates/table-sync.yaml': TEMPLATE.replace("default: '05'", 'default: 5')
          .replace('${param.object}', '${param.objct}')
          .replace('key_from: [table]', 'key_from: [tables]')
          .replace('name: ${param.table}\n', 'name: ${param.}\n'),
      },
    ],
    [
      'in an overlay of an instance',
      {
        'polytomic/shop.yaml': `${INSTANCES}overlays:
  - { target: sync.public-order, merge: { active: false } }
  - { target: connection.db, merge: { name: x } }
  - { target: sync.public-orders, patch: [{ op: remove, path: /nothing }] }
  - { target: sync.public-customers, merge: { mode: x } }
`,
      },
    ],
  ])('%s names its line and that of the other side', async (what, more) => {
    await expect(await text(more)).toMatchFileSnapshot(`golden/templates/${what.replaceAll(' ', '-')}.txt`);
  });
});

describe('hostile templates', () => {
  const circle = (key: string, other: string): string =>
    `kind: Template\nkey: ${key}\nresources: [{ kind: Instances, template: ${other}, instances: { a: } }]\n`;
  it.each<[string, Files, string]>([
    [
      'a million instances',
      {
        'polytomic/shop.yaml': 'kind: Instances\ntemplate: table-sync\ncsv: shop.csv\n',
        'polytomic/shop.csv': `table,object\n${'a,\n'.repeat(1_000_000)}`,
      },
      'too-many-instances',
    ],
    [
      'templates that multiply',
      Object.fromEntries(
        Array.from({ length: 12 }, (_, level) => [
          `polytomic/t${level}.yaml`,
          level === 0
            ? 'kind: Template\nkey: t0\nresources: [{ kind: Role, key: "${param.key}", name: a }]\n'
            : `kind: Template\nkey: t${level}\nresources: [{ kind: Instances, template: t${level - 1}, instances: { a: , b: , c: , d: , e: , f: , g: , h: , i: , j: } }]\n`,
        ]).concat([['polytomic/shop.yaml', 'kind: Instances\ntemplate: t11\ninstances: { a: }\n']]),
      ),
      'too-many-instances',
    ],
    [
      'a text that grows',
      {
        'polytomic/templates/a.yaml': `kind: Template\nkey: a\nparameters: { x: {} }\nresources: [{ kind: Role, key: "\${param.key}", name: "${'${param.x}'.repeat(1000)}" }]\n`,
        'polytomic/shop.yaml': `kind: Instances\ntemplate: a\ninstances: [{ key: a, x: ${'x'.repeat(100_000)} }]\n`,
      },
      'too-many-instances',
    ],
    [
      'templates in a circle',
      { 'polytomic/a.yaml': circle('a', 'b'), 'polytomic/b.yaml': circle('b', 'a') },
      'template-cycle',
    ],
    ['a template that uses itself', { 'polytomic/a.yaml': circle('a', 'a') }, 'template-cycle'],
    [
      'a template that a parameter chooses',
      {
        'polytomic/a.yaml':
          'kind: Template\nkey: a\nparameters: { t: {} }\nresources: [{ kind: Instances, template: "${param.t}", instances: { a: } }]\n',
      },
      'fixed-field',
    ],
    [
      'a file outside',
      { 'polytomic/shop.yaml': 'kind: Instances\ntemplate: table-sync\ncsv: ../../../../../etc/passwd\n' },
      'outside-repository',
    ],
    [
      'a file that is not there',
      { 'polytomic/shop.yaml': 'kind: Instances\ntemplate: table-sync\ncsv: shop.csv\n' },
      'unreadable-file',
    ],
    [
      'a pattern that goes back and forth',
      {
        'polytomic/templates/table-sync.yaml': TEMPLATE.replace('^[a-z._]+$', '^(([a-z._])+)+$'),
        'polytomic/shop.yaml': `kind: Instances\ntemplate: table-sync\ninstances: [{ table: ${'a'.repeat(60)}!, object: A }]\n`,
      },
      'slow-schema',
    ],
    [
      'a key that is none',
      {
        'polytomic/shop.yaml':
          'kind: Instances\ntemplate: table-sync\ninstances: [{ key: ../a, table: a, object: A }]\n',
      },
      'wrong-format',
    ],
    [
      'a key of the prototype',
      {
        'polytomic/shop.yaml': 'kind: Instances\ntemplate: table-sync\ncsv: shop.csv\n',
        'polytomic/shop.csv': 'table,object,__proto__,constructor\na,A,"{""mode"":1}",x\n',
      },
      'unknown-parameter',
    ],
    [
      'a parameter of the prototype',
      { 'polytomic/templates/table-sync.yaml': TEMPLATE.replace('${param.object}', '${param.constructor}') },
      'unknown-parameter',
    ],
    [
      'a schema from elsewhere',
      {
        'polytomic/templates/table-sync.yaml': TEMPLATE.replace(
          'object: { type: string }',
          'object: { $ref: "https://example.com/a.json" }',
        ),
      },
      'bad-schema',
    ],
    [
      'a table that is none',
      {
        'polytomic/shop.yaml': 'kind: Instances\ntemplate: table-sync\ncsv: shop.csv\n',
        'polytomic/shop.csv': 'table,object\na,"b\n',
      },
      'bad-csv',
    ],
    [
      'rows of other lengths',
      {
        'polytomic/shop.yaml': 'kind: Instances\ntemplate: table-sync\ncsv: shop.csv\n',
        'polytomic/shop.csv': 'table,object\na,b,c\n',
      },
      'bad-csv',
    ],
  ])('%s', async (_what, more, code) => {
    expect(await codes(more)).toContain(code);
    expect(({} as { mode?: unknown }).mode).toBeUndefined();
  });

  it('read no link that leads out', async () => {
    const root = await folder({
      ...files,
      'polytomic/shop.yaml': 'kind: Instances\ntemplate: table-sync\ncsv: shop.csv\n',
    });
    await symlink('/etc/passwd', path.join(root, 'polytomic/shop.csv'));
    const { diagnostics } = await load({
      root,
      manifests: ['polytomic/**/*.yaml'],
      overlays: [],
      variables: {},
      environment: {},
    });
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'shop.csv: the file is a link that leads out of the repository',
    ]);
  });
});

/** Sets of parameters for the template, with the manifests that a person would write out for each. */
const sets = fc.uniqueArray(
  fc.record(
    {
      table: fc.stringMatching(/^[a-z]{1,8}\.[a-z]{1,8}$/),
      object: fc.oneof(
        fc.constantFrom('A', '$${x}', "it's", 'a: b', '${var:V}'),
        fc
          .string({ unit: 'binary-ascii', minLength: 1 })
          .filter((each) => !each.includes('${') && !/\p{Cc}/u.test(each)),
      ),
      minute: fc.option(fc.constantFrom('00', '30'), { nil: undefined }),
      active: fc.option(fc.boolean(), { nil: undefined }),
    },
    { requiredKeys: ['table', 'object'] },
  ),
  { minLength: 1, maxLength: 6, selector: ({ table }) => table },
);

const writtenOut = (set: {
  table: string;
  object: string;
  minute?: string | undefined;
  active?: boolean | undefined;
}): readonly JsonObject[] => {
  const key = set.table.replace('.', '-');
  return [
    {
      kind: 'Model',
      key,
      name: set.table,
      connection: 'db',
      configuration: { table: set.table },
      identifier: 'id',
    },
    {
      kind: 'Sync',
      key,
      name: `${set.table} to the CRM`,
      mode: 'append',
      active: set.active ?? true,
      fields: [{ source: `${key}.email`, target: 'EMAIL' }],
      schedule: { frequency: 'daily', hour: 5, minute: set.minute ?? '05' },
      target: { connection: 'warehouse', object: `CRM.${set.object}` },
    },
  ];
};

describe('the laws of templates', () => {
  it('a plan of what is written out is that of its templated form, byte for byte, places aside', async () => {
    const bench = await workbench(files);
    const planned = async (): Promise<readonly string[]> => {
      const [json, shown] = [await bench.cli('--json', 'plan'), await bench.cli('plan')];
      expect([json.code, shown.code]).toEqual([0, 0]);
      return [
        json.out.replaceAll(/"place": \{[^}]*\}/g, '"place"'),
        shown.out.replaceAll(/(# \S+):\d+/g, '$1'),
      ];
    };
    const templated = await planned();
    expect(templated[0]).toContain('"place"');
    await bench.remove('polytomic/templates/table-sync.yaml');
    await bench.write({
      'polytomic/shop.yaml': [
        ...writtenOut({ table: 'public.orders', object: 'ORDERS' }),
        ...writtenOut({ table: 'public.customers', object: 'CONTACTS', active: false }).map((each) =>
          each['kind'] === 'Sync' ? { ...each, labels: { team: 'growth' } } : each,
        ),
      ]
        .map((each) => stringify(each))
        .join('---\n'),
    });
    expect(await planned()).toEqual(templated);
  });

  it('what is written out and what a template makes ask for the same, in whatever order instances stand', async () => {
    await fc.assert(
      fc.asyncProperty(sets, async (some) => {
        const variables = { V: 'a value' };
        const plain = { 'polytomic/connections.yaml': CONNECTIONS };
        const out = await loadFiles(
          {
            ...plain,
            'polytomic/all.yaml': some
              .flatMap(writtenOut)
              .map((each) => stringify(each))
              .join('---\n'),
          },
          { variables },
        );
        const instances = (list: typeof some): string =>
          stringify({
            kind: 'Instances',
            template: 'table-sync',
            instances: list.map((set) => JSON.parse(JSON.stringify(set)) as JsonObject),
          });
        const templated = async (list: typeof some): Promise<unknown> => {
          const { desired, diagnostics } = await loadFiles(
            { ...files, 'polytomic/shop.yaml': instances(list) },
            { variables },
          );
          return desired === undefined
            ? diagnostics.map(({ code, message }) => [code, message])
            : asked(desired);
        };
        expect(out.diagnostics).toEqual([]);
        expect(await templated(some)).toEqual(asked(out.desired as Desired));
        expect(await templated([...some].reverse())).toEqual(asked(out.desired as Desired));
      }),
      { numRuns: 30 },
    );
  });
});
