/** Rules on the command line: where findings stand, exceptions, days, and what stops an apply. */
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/core/diagnostics.js';
import type { Excepted } from '../../src/rules/rule.js';
import { quick, shop, workbench, type Workbench } from '../support/workbench.js';

const config = (more = ''): string => `rules: [rules/**/*.yaml]\n${more}`;

const rule = (name: string, require: string, more = ''): string =>
  `kind: Rule\nname: ${name}\nrequire: ${require}\n${more}`;

const begin = async (
  rules: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
  today = '2026-11-28',
): Promise<Workbench> =>
  workbench(
    {
      ...shop,
      'polytomic.config.yaml': config(),
      ...Object.fromEntries(Object.entries(rules).map(([file, text]) => [`rules/${file}`, text])),
      ...more,
    },
    { io: { pace: { ...quick, today } } },
  );

interface Told {
  readonly diagnostics: readonly Diagnostic[];
  readonly excepted?: readonly Excepted[];
  readonly plan?: { readonly digest: string };
}

const told = async (bench: Workbench, ...args: readonly string[]): Promise<Told> =>
  JSON.parse((await bench.cli(...args, '--json')).out) as Told;

const lines = ({ diagnostics }: Told): readonly string[] =>
  diagnostics.map(
    ({ severity, message, place }) => `${place?.file ?? ''}:${place?.line ?? 0} ${severity} ${message}`,
  );

const customers = shop['polytomic/customers.yaml']!;
const withLifecycle = (lifecycle: string): string =>
  customers.replace('mode: updateOrCreate', `mode: updateOrCreate\nlifecycle: ${lifecycle}`);

describe('a rule about manifests', () => {
  it('is told at the line, with its name, message, severity and link', async () => {
    const bench = await begin({
      'a.yaml': [
        rule(
          'ports-are-closed',
          '{ resource: { properties: { configuration: { not: { required: [port] } } } } }',
          'match: { kind: Connection }\nseverity: warning\nmessage: no connection opens a port\nlink: https://wiki.example.com/ports\n',
        ),
        rule('daily', '{ resource: { properties: { schedule: { properties: { hour: { const: "6" } } } } } }'),
      ].join('---\n'),
    });
    const { code, out, err } = await bench.cli('validate');
    expect([code, out]).toEqual([1, '']);
    await expect(err).toMatchFileSnapshot('golden/validate.txt');
    const { diagnostics } = await told(bench, 'validate');
    expect(diagnostics[0]).toEqual({
      severity: 'warning',
      code: 'rule',
      url: 'https://polytomic.github.io/polytomic-gitops/findings#rule',
      rule: 'ports-are-closed',
      message:
        'ports-are-closed: no connection opens a port (configuration must not be {"hostname":"db.example.com","port":5432,"password":"(secre…)',
      link: 'https://wiki.example.com/ports',
      address: 'connection.db',
      place: { file: 'polytomic/connections.yaml', line: 6, column: 3 },
    });
  });

  it('sees the resource after defaults, overlays and short forms; its labels, key, file and environment', async () => {
    const asked = `{ resource: { required: [key, address], properties: { address: { const: sync.customers }, file: { const: polytomic/customers.yaml }, environment: { const: production }, labels: { const: { team: growth } }, lifecycle: { const: { prevent_destroy: true } }, mode: { const: create }, active: { const: false }, fields: { items: { properties: { source: { required: [model, field] } } } } } } }`;
    const bench = await begin(
      { 'a.yaml': rule('all', asked, 'match: { kind: Sync }\n') },
      {
        'polytomic.config.yaml': config(
          'environments: { production: { overlays: [overlays/*.yaml] }, staging: {} }\n',
        ),
        'polytomic/defaults.yaml':
          'kind: Defaults\nfor: Sync\nvalues: { labels: { team: growth }, lifecycle: { prevent_destroy: true } }\n',
        'overlays/a.yaml': 'kind: Overlay\ntarget: sync.customers\nmerge: { mode: create, active: false }\n',
      },
    );
    expect(lines(await told(bench, 'validate', '--env', 'production'))).toEqual([]);
    expect(lines(await told(bench, 'validate', '--env', 'staging'))).toEqual([
      'polytomic/customers.yaml:8 error all: environment must be "production", and is "staging"',
      'polytomic/customers.yaml:11 error all: mode must be "create", and is "updateOrCreate"',
      'polytomic/customers.yaml:12 error all: active must be true, and is false'.replace(
        'true, and is false',
        'false, and is true',
      ),
    ]);
  });

  it('is about kinds, labels, folders and environments, all of them', async () => {
    const never = '{ resource: { properties: { name: false } } }';
    const bench = await begin(
      {
        'a.yaml': [
          rule('a', never, 'match: { kind: [Sync, Model] }\n'),
          rule('b', never, 'match: { selector: "team=growth,tier" }\n'),
          rule('c', never, 'match: { folder: ./polytomic/crm/ }\n'),
          rule('d', never, 'match: { environment: production, kind: Model }\n'),
          rule('e', never, 'match: { environment: staging }\n'),
        ].join('---\n'),
      },
      {
        'polytomic.config.yaml': config('environments: { production: {}, staging: {} }\n'),
        'polytomic/crm/a.yaml':
          'kind: Model\nkey: leads\nname: Leads\nconnection: db\nlabels: { team: growth, tier: "1" }\nconfiguration: { table: leads }\n',
        'polytomic/crm.yaml':
          'kind: Model\nkey: other\nname: Other\nconnection: db\nconfiguration: { table: other }\n',
      },
    );
    const { diagnostics } = await told(bench, 'validate', '--env', 'production');
    expect(diagnostics.map(({ rule: name, address }) => `${name ?? ''} ${address ?? ''}`).sort()).toEqual([
      'a model.customers',
      'a model.leads',
      'a model.other',
      'a sync.customers',
      'b model.leads',
      'c model.leads',
      'd model.customers',
      'd model.leads',
      'd model.other',
    ]);
  });

  it('never sees a secret, nor what is only looked up', async () => {
    const bench = await begin(
      {
        'a.yaml': rule(
          'a',
          '{ resource: { properties: { configuration: { properties: { password: { const: x } } } } } }',
        ),
      },
      {
        'polytomic/external.yaml': 'kind: Connection\nkey: crm\nname: CRM\ntype: hubspot\nexternal: true\n',
      },
    );
    const found = await told(bench, 'validate');
    expect(lines(found)).toEqual([
      'polytomic/connections.yaml:8 error a: configuration.password must be "x", and is "(secret)"',
      'polytomic/connections.yaml:17 error a: configuration.password must be "x", and is "(secret)"',
    ]);
    expect(JSON.stringify(found)).not.toContain('a-secret-of');
  });

  it('counts until the end of its last day', async () => {
    for (const [until, number] of [
      ['2026-11-28', 1],
      ['2026-11-27', 0],
    ] as const) {
      const bench = await begin({
        'a.yaml': rule('freeze', '{ resource: { properties: { mode: false } } }', `until: ${until}\n`),
      });
      expect(lines(await told(bench, 'validate'))).toHaveLength(number);
      expect((await bench.cli('rules')).out.includes('ended')).toBe(number === 0);
    }
  });

  it('finds columns by the table of the model, and those of a schema of which nothing is said', async () => {
    const bench = await begin(
      {
        'a.yaml': rule(
          'personal',
          '{ obfuscated: { columns: [company.customers.first_name, public.users.ssn] } }',
        ),
      },
      {
        'polytomic/bulk.yaml':
          'kind: BulkSync\nkey: all\nname: All\nsource_connection: db\ndestination_connection: warehouse\ndefault_schedule: { frequency: manual }\nschemas:\n  - { id: public.users, fields: [id] }\n',
      },
    );
    expect(lines(await told(bench, 'validate'))).toEqual([
      'polytomic/bulk.yaml:8 error personal: public.users is copied, and nothing is said of its column ssn',
      'polytomic/customers.yaml:16 error personal: first_name is moved as it is',
    ]);
  });
});

describe('an exception', () => {
  const never = rule('no-sync', '{ resource: { properties: { mode: false } } }');
  const validate = async (lifecycle: string, rules = never): Promise<Told> =>
    told(
      await begin({ 'a.yaml': rules }, { 'polytomic/customers.yaml': withLifecycle(lifecycle) }),
      'validate',
    );

  it('takes the finding away, and is in the report with its reason', async () => {
    const bench = await begin(
      { 'a.yaml': never },
      {
        'polytomic/customers.yaml': withLifecycle(
          '{ exceptions: [{ rule: no-sync, reason: The last one of its kind., until: 2026-12-31 }] }',
        ),
      },
    );
    const { code, out, err } = await bench.cli('validate');
    expect([code, err]).toEqual([0, '']);
    await expect(out).toMatchFileSnapshot('golden/excepted.txt');
    expect((await told(bench, 'validate')).excepted).toEqual([
      {
        rule: 'no-sync',
        address: 'sync.customers',
        message: 'no-sync: mode must not be there',
        reason: 'The last one of its kind.',
        until: '2026-12-31',
        place: { file: 'polytomic/customers.yaml', line: 12, column: 27 },
      },
    ]);
    const plan = await bench.cli('plan');
    expect([plan.code, plan.out]).toEqual([0, expect.stringContaining('Excepted from rules:')]);
  });

  it('ends with its last day', async () => {
    const { diagnostics, excepted } = await validate(
      '{ exceptions: [{ rule: no-sync, reason: For now., until: 2026-11-27 }] }',
    );
    expect(excepted).toBeUndefined();
    expect(diagnostics).toEqual([
      expect.objectContaining({ severity: 'error', hint: 'its exception ended on 2026-11-27' }),
    ]);
  });

  it('that names no rule, or takes nothing away, is told at its line', async () => {
    expect(await validate('{ exceptions: [{ rule: no-snyc, reason: A typo. }] }')).toMatchObject({
      diagnostics: [
        { code: 'rule', severity: 'error' },
        { code: 'unknown-rule', severity: 'warning', hint: 'did you mean "no-sync"?', place: { line: 12 } },
      ],
    });
    const other = rule(
      'models',
      '{ resource: { properties: { connection: false } } }',
      'match: { kind: Sync }\n',
    );
    expect(await validate('{ exceptions: [{ rule: models, reason: Why not. }] }', other)).toMatchObject({
      diagnostics: [{ code: 'idle-exception', severity: 'warning' }],
    });
    const change = rule('changes', '{ change: { properties: { action: { const: create } } } }');
    expect(await validate('{ exceptions: [{ rule: changes, reason: Later. }] }', change)).toMatchObject({
      diagnostics: [],
    });
    const approval = rule('ask', '{ approval: { label: ok } }');
    expect(await validate('{ exceptions: [{ rule: ask, reason: I say so. }] }', approval)).toMatchObject({
      diagnostics: [{ code: 'no-exception', severity: 'warning' }],
    });
  });

  it('without a reason is none', async () => {
    expect(await validate('{ exceptions: [{ rule: no-sync }] }')).toMatchObject({
      diagnostics: [{ code: 'missing-field', message: 'the field "reason" is missing' }],
    });
    expect(await validate('{ exceptions: [{ rule: no-sync, reason: x, until: tomorrow }] }')).toMatchObject({
      diagnostics: [{ hint: 'write a day as YYYY-MM-DD' }],
    });
  });

  it('is kept by an export, and no part of what is applied', async () => {
    const bench = await begin(
      { 'a.yaml': never },
      { 'polytomic/customers.yaml': withLifecycle('{ exceptions: [{ rule: no-sync, reason: Old. }] }') },
    );
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    const before = await bench.read('polytomic/customers.yaml');
    expect((await bench.cli('export')).code).toBe(0);
    expect(await bench.read('polytomic/customers.yaml')).toBe(before);
    await bench.write({
      'polytomic/customers.yaml': customers,
      'rules/a.yaml': rule('other', '{ resource: true }'),
    });
    expect((await bench.cli('plan')).out).toContain('No changes.');
  });
});

describe('a rule about a plan', () => {
  it('about changes is told at the manifest, and stops an apply; the plan is shown all the same', async () => {
    const bench = await begin({
      'a.yaml': rule(
        'create-inactive',
        '{ change: { properties: { after: { properties: { active: { const: false } } } } } }',
        'match: { kind: Sync, action: [create] }\nmessage: a sync begins switched off\n',
      ),
    });
    expect(lines(await told(bench, 'validate'))).toEqual([]);
    const plan = await bench.cli('plan', '--out', 'plan.json');
    expect(plan.code).toBe(1);
    expect(plan.out).toContain('+ sync.customers');
    expect(plan.out).not.toContain('Saved');
    expect(plan.err).toBe(
      'polytomic/customers.yaml:8:1\n  error: create-inactive: a sync begins switched off (create of sync.customers: after.active must be false, and is true)\n    https://polytomic.github.io/polytomic-gitops/findings#rule\n\n1 error\n',
    );
    expect((await bench.cli('apply', '--yes')).code).toBe(1);
    expect(bench.sandbox.list('connections')).toHaveLength(0);
    await bench.write({ 'polytomic/customers.yaml': customers.replace('active: true', 'active: false') });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
  });

  it('counts what matches, by sort', async () => {
    const bench = await begin({
      'a.yaml': [
        rule('few', '{ plan: { changes: 3 } }', 'severity: warning\n'),
        rule('connections', '{ plan: { creates: 1, deletes: 0 } }', 'match: { kind: Connection }\n'),
      ].join('---\n'),
    });
    expect(lines(await told(bench, 'plan'))).toEqual(
      [
        'rules/a.yaml:2 warning few: 4 changes, and at most 3 are allowed: connection.db, model.customers, connection.warehouse, sync.customers',
        'rules/a.yaml:7 error connections: 2 creates, and at most 1 is allowed: connection.db, connection.warehouse',
      ].map((line) => expect.stringContaining(line.slice(0, 60)) as string),
    );
  });

  it('holds for a saved plan, too: what was saved before the rule is not applied after it', async () => {
    const bench = await begin({ 'a.yaml': rule('any', '{ resource: true }') });
    expect((await bench.cli('plan', '--out', 'plan.json')).code).toBe(0);
    await bench.write({ 'rules/a.yaml': rule('nothing', '{ plan: { changes: 0 } }') });
    const applied = await bench.cli('apply', 'plan.json');
    expect([applied.code, applied.err]).toEqual([
      1,
      expect.stringContaining('nothing: 4 changes, and at most 0 are allowed'),
    ]);
    expect(bench.sandbox.list('connections')).toHaveLength(0);
  });
});

describe('laws', () => {
  it('a rule that requires nothing changes no plan', async () => {
    const bench = await begin(
      { 'a.yaml': rule('nothing', '{ resource: true }') },
      { 'polytomic.config.yaml': '' },
    );
    const without = await told(bench, 'plan');
    await bench.write({ 'polytomic.config.yaml': config() });
    expect(await told(bench, 'plan')).toEqual(without);
    for (const nothing of [
      '{ change: {} }',
      '{ plan: { deletes: 0 } }',
      '{ obfuscated: { columns: [none] } }',
    ]) {
      await bench.write({ 'rules/a.yaml': rule('nothing', nothing) });
      expect(await told(bench, 'plan')).toEqual(without);
    }
  });

  it('neither the files of rules nor their order changes anything', async () => {
    const all = ['a', 'b', 'c'].map((name) => rule(name, '{ resource: { properties: { name: false } } }'));
    const one = await told(await begin({ 'a.yaml': all.join('---\n') }), 'validate');
    const other = await told(
      await begin({ 'x/1.yaml': all[2]!, 'y.yaml': [all[1]!, all[0]!].join('---\n') }),
      'validate',
    );
    expect(one.diagnostics).toHaveLength(12);
    expect(other).toEqual(one);
  });
});

describe('what a template makes', () => {
  const template = `kind: Template
key: role
parameters: { name: { type: string } }
resources:
  - { kind: Role, key: "\${param.key}", name: "A \${param.name}" }
`;
  const instances = `kind: Instances
template: role
instances:
  first: { name: one }
  second: { name: Two }
`;

  it('does not fit at the line of the template or of the instance, and the finding names both', async () => {
    const bench = await begin(
      {
        'a.yaml': [
          rule(
            'names',
            '{ resource: { properties: { name: { pattern: "^A [A-Z]" } } } }',
            'match: { kind: Role }\n',
          ),
          rule('keys', '{ resource: { properties: { key: { enum: [first] } } } }', 'match: { kind: Role }\n'),
          rule('owner', '{ resource: { required: [owner] } }', 'match: { kind: Role }\n'),
        ].join('---\n'),
      },
      { 'polytomic/role.yaml': template, 'polytomic/roles.yaml': instances },
    );
    const { diagnostics } = await told(bench, 'validate');
    expect(
      diagnostics.map(({ message, place, related = [] }) => [
        message.split(':')[0],
        `${place?.file ?? ''}:${place?.line ?? 0}`,
        ...related.map((each) => `${each.place.file}:${each.place.line}`),
      ]),
    ).toEqual([
      ['owner', 'polytomic/role.yaml:5', 'polytomic/roles.yaml:4'],
      ['owner', 'polytomic/role.yaml:5', 'polytomic/roles.yaml:5'],
      ['names', 'polytomic/roles.yaml:4', 'polytomic/role.yaml:5'],
      ['keys', 'polytomic/roles.yaml:5', 'polytomic/role.yaml:5'],
    ]);
  });
});
