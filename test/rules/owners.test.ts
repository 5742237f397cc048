import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/core/address.js';
import type { Ownership } from '../../src/generated/config.js';
import { ownersBy, ownersIn, type Owned } from '../../src/rules/owners.js';
import { emptyState, type Binding } from '../../src/state/state.js';
import { address, binding, connection } from '../support/documents.js';
import { shop, workbench } from '../support/workbench.js';

const ads: Owned = {
  address: 'sync.ads-google',
  kind: 'Sync',
  labels: { team: 'growth', tier: '1' },
  file: 'polytomic/growth/ads.yaml',
};

const only = (entry: Ownership, what = ads): boolean =>
  ownersBy([{ ...entry, owners: ['@jane'] }])(what).length === 1;

describe('an entry of owners', () => {
  it('says whose a resource is by its path, kind, labels and address, and of all by nothing', () => {
    expect(only({})).toBe(true);
    expect([only({ path: 'polytomic/growth/' }), only({ path: 'polytomic/finance/' })]).toEqual([
      true,
      false,
    ]);
    expect([only({ kind: 'Sync' }), only({ kind: 'Model' })]).toEqual([true, false]);
    expect([only({ selector: 'team=growth,tier' }), only({ selector: 'team=finance' })]).toEqual([
      true,
      false,
    ]);
    expect([only({ address: 'sync.ads-*' }), only({ address: 'ads-*' })]).toEqual([true, false]);
  });

  it('holds where all fits that it says, and of a list one', () => {
    expect(only({ kind: ['Model', 'Sync'], path: ['*.yml', '*.yaml'] })).toBe(true);
    expect(only({ kind: 'Sync', path: 'polytomic/finance/' })).toBe(false);
  });

  it('by a path says nothing of what nobody knows the file of', () => {
    const { file: _file, ...gone } = ads;
    expect(only({ path: '*' }, gone)).toBe(false);
  });

  it('wins over those before it, also where it names nobody', () => {
    const entries: readonly Ownership[] = [
      { owners: ['@acme/data'] },
      { selector: 'team=growth', owners: ['@acme/growth', '@jane'] },
      { address: 'sync.ads-test' },
    ];
    const ownersOf = ownersBy(entries);
    expect(ownersOf(ads)).toEqual(['@acme/growth', '@jane']);
    expect(ownersOf({ ...ads, labels: {} })).toEqual(['@acme/data']);
    expect(ownersOf({ ...ads, address: 'sync.ads-test' })).toEqual([]);
    expect(ownersBy([])(ads)).toEqual([]);
  });

  it('knows no labels that JavaScript gives each object', () => {
    expect(only({ selector: 'constructor' })).toBe(false);
    expect(only({ selector: '__proto__' })).toBe(false);
  });
});

describe('what changes', () => {
  const entries: readonly Ownership[] = [
    { path: 'growth/', owners: ['@acme/growth'] },
    { selector: 'team=finance', owners: ['@acme/finance'] },
    { address: 'connection.legacy', owners: ['@old'] },
  ];
  const ownersOf = (
    bound: Partial<Binding> | undefined,
    more: Parameters<typeof connection>[2],
    movedFrom: ReadonlyMap<Address, Address> = new Map(),
  ): readonly string[] =>
    ownersIn(entries, {
      resources: more === undefined ? [] : [connection('a', {}, more)],
      state: {
        ...emptyState,
        resources: Object.fromEntries(
          bound === undefined ? [] : [['connection.a', binding('Connection', 'c1', {}, bound)]],
        ),
      },
      movedFrom,
    })(address('connection.a'));
  const at = (file: string) => ({ place: { file, line: 1, column: 1 } });

  it('belongs, when it is new, to those whom its manifest names', () => {
    expect(ownersOf(undefined, at('growth/a.yaml'))).toEqual(['@acme/growth']);
    expect(ownersOf(undefined, { labels: { team: 'finance' } })).toEqual(['@acme/finance']);
    expect(ownersOf(undefined, {})).toEqual([]);
  });

  it('is not taken from its owners by another file, other labels or another address', () => {
    expect(ownersOf({ file: 'growth/a.yaml' }, at('mine/a.yaml'))).toEqual(['@acme/growth']);
    expect(ownersOf({ labels: { team: 'finance' } }, { labels: {} })).toEqual(['@acme/finance']);
    const moved = new Map([[address('connection.a'), address('connection.legacy')]]);
    expect(ownersOf({}, {}, moved)).toEqual(['@old']);
  });

  it('belongs, where nobody owned it, to those whom it is given to', () => {
    expect(ownersOf({}, { labels: { team: 'finance' } })).toEqual(['@acme/finance']);
  });

  it('and is deleted belongs to those who owned it', () => {
    expect(ownersOf({ file: 'growth/a.yaml' }, undefined)).toEqual(['@acme/growth']);
    expect(ownersOf({ labels: { team: 'finance' } }, undefined)).toEqual(['@acme/finance']);
    expect(ownersOf({}, undefined)).toEqual([]);
    expect(ownersOf(undefined, undefined)).toEqual([]);
  });
});

describe('a repository with owners', () => {
  const config = [
    'owners:',
    "  - owners: ['@acme/data']",
    "  - { path: polytomic/customers.yaml, owners: ['@acme/growth', '@jane'] }",
    '  - { kind: Connection, address: connection.db }',
    '',
  ].join('\n');

  it('shows them at each change, also of what is deleted', async () => {
    const bench = await workbench({ ...shop, 'polytomic.config.yaml': config });
    const { out } = await bench.cli('plan');
    expect(out).toContain(
      '+ sync.customers "Customers to warehouse" will be created\n    # polytomic/customers.yaml:8\n    # owners: @acme/growth, @jane\n',
    );
    expect(out.match(/# owners: .*/g)).toEqual([
      '# owners: @acme/data',
      '# owners: @acme/growth, @jane',
      '# owners: @acme/growth, @jane',
    ]);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    await bench.remove('polytomic/customers.yaml');
    expect((await bench.cli('plan')).out).toContain(
      '- model.customers "Customers" will be deleted\n    # owners: @acme/growth, @jane\n',
    );
  });

  it('knows where a manifest lay at the last apply, also where nothing but its place changed since', async () => {
    const bench = await workbench({ ...shop, 'polytomic.config.yaml': config });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    const customers = shop['polytomic/customers.yaml']!;
    await bench.remove('polytomic/customers.yaml');
    await bench.write({ 'polytomic/mine.yaml': customers.replace('name: Customers\n', 'name: Mine\n') });
    expect((await bench.cli('plan')).out).toContain('# owners: @acme/growth, @jane');
    await bench.write({ 'polytomic/mine.yaml': customers });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    await bench.write({ 'polytomic/mine.yaml': customers.replace('name: Customers\n', 'name: Mine\n') });
    expect((await bench.cli('plan')).out).not.toContain('@acme/growth');
  });

  it('has findings where an entry names what cannot own, or what there is not', async () => {
    const bench = await workbench({
      ...shop,
      'polytomic.config.yaml': [
        'owners:',
        '  - { kind: Connexion, owners: [jane@acme.example] }',
        "  - { owner: ['@jane'] }",
        "  - { owners: ['@acme/../x'] }",
        '',
      ].join('\n'),
    });
    const { code, err } = await bench.cli('validate');
    expect(code).toBe(1);
    expect(err).toContain('polytomic.config.yaml:2:');
    expect(err).toContain('polytomic.config.yaml:3:');
    expect(err).toContain('polytomic.config.yaml:4:');
    await bench.write({
      'polytomic.config.yaml': "owners: [{ kind: [Model, Conection], owners: ['@jane'] }]\n",
    });
    expect((await bench.cli('validate')).err).toMatch(
      /polytomic\.config\.yaml:1:\d+ +error +there is no kind "Conection" to own|there is no kind "Conection" to own/,
    );
  });
});
