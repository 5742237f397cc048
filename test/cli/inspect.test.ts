import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { SourceField, TargetField } from '../../src/api/enumeration.js';
import { proposeFields } from '../../src/kinds/propose.js';
import { shop, stable, workbench, type Workbench, type WorkbenchOptions } from '../support/workbench.js';

const applied = async (options?: WorkbenchOptions): Promise<Workbench> => {
  const bench = await workbench(shop, options);
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
  bench.sandbox.clearRequests();
  return bench;
};

describe('inspect', () => {
  it('reads as the golden file', async () => {
    const bench = await applied();
    const shown: string[] = [];
    for (const line of [
      'sources db',
      'sources db --path table=company.customers',
      'sources db --path table=company.customers --yaml',
      'targets warehouse',
      'targets warehouse --path schema=CUSTOMERS',
      'targets warehouse --path schema=CUSTOMERS --path object=CUSTOMERS.CONTACTS',
      'fields warehouse CUSTOMERS.CONTACTS --model customers --yaml',
      'model customers --sample 2',
      'types snowflake',
      'sources bd',
      'sources db --path table=company.custmers',
      'fields warehouse CUSTOMERS.CONTCTS',
      'types snowflak',
    ]) {
      const { out, err } = await bench.cli('inspect', ...line.split(' '));
      shown.push(`$ polytomic-gitops inspect ${line}\n${out}${err}`);
    }
    await expect(stable(shown.join('\n'))).toMatchFileSnapshot('golden/inspect.txt');
    expect(bench.sandbox.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('of bulk syncs reads as the golden file, in 80 columns', async () => {
    const bench = await workbench({
      ...shop,
      'polytomic/more.yaml': `kind: Connection
key: crm
name: Contacts
type: apollo
configuration: { apikey: x }
---
kind: Connection
key: hook
name: Hook
type: webhook
configuration: { url: https://example.com }
`,
    });
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
    bench.sandbox.clearRequests();
    const shown: string[] = [];
    for (const line of [
      'bulk db',
      'bulk db company.customers',
      'bulk db --to warehouse --yaml',
      'bulk db company.customers --yaml',
      'bulk db company.custmers',
      'bulk crm',
      'bulk hook',
      'bulk hook --yaml',
      'bulk db --to crm --yaml',
    ]) {
      const { out, err } = await bench.cli('inspect', ...line.split(' '));
      shown.push(`$ polytomic-gitops inspect ${line}\n${out}${err}`);
    }
    const text = stable(shown.join('\n'));
    await expect(text).toMatchFileSnapshot('golden/inspect-bulk.txt');
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(bench.sandbox.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it.each([
    ['the key of a manifest', () => 'db'],
    ['a live name', () => 'Shop database'],
    [
      'an id',
      ({ sandbox }: Workbench) =>
        sandbox.list('connections').find(({ name }) => name === 'Shop database')!.id,
    ],
  ])('finds a connection by %s', async (_what, word) => {
    const bench = await applied();
    const { out } = await bench.cli('--json', 'inspect', 'sources', word(bench));
    expect(JSON.parse(out)).toMatchObject({
      connection: 'Shop database',
      choices: { query: null, table: expect.arrayContaining(['company.customers']) as unknown },
    });
  });

  it('asks a person at the terminal, step by step', async () => {
    const answers = ['nonsense', '1', '2'];
    const bench = await applied({
      io: { outIsTerminal: true, ask: async () => Promise.resolve(answers.shift() ?? '') },
    });
    const { out } = await bench.cli('inspect', 'targets', 'warehouse');
    expect(out).toContain('   1  schema CUSTOMERS');
    expect(out).toContain('There is no nonsense.');
    expect(out).toContain('   2  object CUSTOMERS.CONTACTS');
    expect(out).toContain('EMAIL');
  });

  it.each(['2022-12-12', '2024-02-08'])('goes the same way at version %s', async (version) => {
    const bench = await applied();
    const args = ['--json', 'inspect', 'targets', 'warehouse', '--path', 'schema=CUSTOMERS'];
    const now = (await bench.cli(...args)).out;
    await bench.write({ 'polytomic.config.yaml': `version: '${version}'\n` });
    expect((await bench.cli(...args)).out).toBe(now);
    expect((await bench.cli('inspect', 'fields', 'warehouse', 'CUSTOMERS.CONTACTS')).out).toContain('EMAIL');
  });

  it('prints a sync that is valid and fits', async () => {
    const bench = await applied();
    const fields = ['inspect', 'fields', 'warehouse', 'CUSTOMERS.CONTACTS'];
    const { out } = await bench.cli(...fields, '--model', 'customers', '--yaml');
    expect(parse(out)).toMatchObject({ kind: 'Sync', mode: 'updateOrCreate' });
    await bench.write({ 'polytomic/pasted.yaml': out });
    expect(await bench.cli('validate', '--live')).toMatchObject({ code: 0, err: '' });
  });
});

const from = (name: string, type = 'string'): SourceField => ({ name, label: name, type, unique: false });
const to = (id: string, more: Partial<TargetField> = {}): TargetField => ({
  id,
  name: id,
  type: 'string',
  required: false,
  identityFunctions: [],
  ...more,
});

describe('fields that are proposed', () => {
  it('bear the same name, whatever the custom of the system', () => {
    const sources = [from('first_name'), from('Annual Revenue', 'number'), from('plan')];
    expect(
      proposeFields(sources, [
        to('FirstName'),
        to('Annual_Revenue__c', { type: 'number' }),
        to('PLAN'),
        to('Other'),
      ]),
    ).toEqual([
      { source: 'first_name', target: 'FirstName' },
      { source: 'Annual Revenue', target: 'Annual_Revenue__c' },
      { source: 'plan', target: 'PLAN' },
    ]);
  });

  it('are used once, can be written, and fit by type', () => {
    expect(
      proposeFields(
        [from('email'), from('id', 'number'), from('at')],
        [
          to('Email'),
          to('EMAIL'),
          to('Id', { createable: false, updateable: false }),
          to('At', { type: 'datetime' }),
        ],
      ),
    ).toEqual([{ source: 'email', target: 'Email' }]);
  });
});
