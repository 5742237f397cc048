/** The example of templates: as its README says, and through a life of instances. */
import { describe, expect, it } from 'vitest';
import { filesIn } from '../support/examples.js';
import { workbench, type Workbench } from '../support/workbench.js';

const start = async (): Promise<Workbench> => {
  const bench = await workbench(await filesIn('examples/templates'));
  Object.assign(bench.environment, { SHOP_PASSWORD: 'of-the-shop', CRM_PASSWORD: 'of-the-crm' });
  return bench;
};

const applied = async (bench: Workbench): Promise<void> => {
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
  expect((await bench.cli('plan')).out).toContain('No changes.');
};

describe('examples/templates', () => {
  it('is valid, applied, and the same as it lives; a value is explained by its row', async () => {
    const bench = await start();
    expect((await bench.cli('validate')).out).toContain('18 resources valid.');
    await applied(bench);
    expect(await bench.cli('drift')).toMatchObject({ code: 0 });
    const { out } = await bench.cli('explain', 'sync.orders');
    expect(out).toContain('object: SHOP.ORDERS # polytomic/tables.csv:6');
    expect(out).toContain('frequency: hourly # polytomic/tables.yaml:7');
    expect(out).toContain('mode: updateOrCreate # polytomic/templates/table-to-crm.yaml:21');
  });

  it('takes another row, another order, and a row that goes or has another name', async () => {
    const bench = await start();
    await applied(bench);
    const csv = await bench.read('polytomic/tables.csv');
    const [head = '', ...rows] = csv.trimEnd().split('\n');
    await bench.write({ 'polytomic/tables.csv': [head, ...rows.reverse()].join('\r\n') });
    expect((await bench.cli('plan')).out).toContain('No changes.');
    const changed = rows
      .filter((row) => !row.startsWith('coupons'))
      .map((row) => row.replace('refunds,', 'returns,'))
      .concat('stores,STORES,,');
    await bench.write({
      'polytomic/tables.csv': [head, ...changed].join('\n'),
      'polytomic/moved.yaml': 'kind: Moved\ntemplate: table-to-crm\nfrom: refunds\nto: returns\n',
    });
    const ids = new Map(bench.sandbox.list('syncs').map(({ name, id }) => [name, id]));
    const { out } = await bench.cli('plan');
    expect(out).toContain('model.coupons');
    expect(out).toMatch(/sync\.refunds → sync\.returns|sync\.returns/);
    expect(out).toContain('Plan: 2 to create');
    await applied(bench);
    const now = bench.sandbox.list('syncs');
    expect(now.find(({ name }) => name === 'Shop returns to the CRM')?.id).toBe(
      ids.get('Shop refunds to the CRM'),
    );
    expect(now.some(({ name }) => name === 'Shop coupons to the CRM')).toBe(false);
    expect(now).toHaveLength(8);
  });

  it('names the row as well, where only a plan finds what is wrong with the template', async () => {
    const bench = await start();
    const file = 'polytomic/templates/table-to-crm.yaml';
    await bench.write({
      [file]: (await bench.read(file)).replace('connection: crm', 'connection: { name: Nothing }'),
    });
    expect(await bench.cli('validate')).toMatchObject({ code: 0 });
    const { code, err } = await bench.cli('plan');
    expect(code).toBe(1);
    expect(err).toContain(`${file}:27:15`);
    expect(err).toContain('for the instance carts of table-to-crm: polytomic/tables.csv:2:1');
    // Once for all of them.
    expect(err).toContain('and 7 more');
    expect(err.match(/Nothing/g)).toHaveLength(1);
  });
});
