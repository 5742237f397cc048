/** Fields that the API has and this version does not know: nobody waits for a release, and no update loses them. */
import { describe, expect, it } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.js';
import { shop, workbench, type Workbench } from '../support/workbench.js';

const file = 'polytomic/customers.yaml';
const connections = 'polytomic/connections.yaml';
const newer = { sandbox: { newer: ['beta', 'gamma'] } };

const edit = async (bench: Workbench, path: string, from: string, to: string): Promise<void> => {
  const text = await bench.read(path);
  expect(text).toContain(from);
  await bench.write({ [path]: text.replace(from, () => to) });
};

const applied = async (
  files = shop,
  options: Parameters<typeof workbench>[1] = newer,
): Promise<Workbench> => {
  const bench = await workbench(files, options);
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
  return bench;
};

const sync = (bench: Workbench): JsonObject & { readonly id: string } => bench.sandbox.list('syncs')[0]!;

const settled = async (bench: Workbench): Promise<void> => {
  expect((await bench.cli('plan')).out).toContain('No changes.');
};

const schedule = 'schedule: { frequency: daily, hour: 5';

describe('a live field that this version does not know', () => {
  it.each(['connections', 'models', 'syncs'] as const)('of %s outlives an update', async (collection) => {
    const bench = await applied();
    for (const { id } of bench.sandbox.list(collection))
      bench.sandbox.edit(collection, id, { beta: { level: [1, 2] }, gamma: 'on' });
    await settled(bench);
    for (const [path, name] of [
      [connections, 'Shop database'],
      [connections, 'Warehouse'],
      [file, 'Customers'],
      [file, 'Customers to warehouse'],
    ] as const)
      await edit(bench, path, `name: ${name}\n`, `name: New ${name}\n`);
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
    for (const object of bench.sandbox.list(collection))
      expect(object).toMatchObject({
        name: expect.stringMatching(/^New /) as unknown,
        beta: { level: [1, 2] },
        gamma: 'on',
      });
    await settled(bench);
  });

  it('outlives it inside of the target, of fields, filters and the schedule, whatever their order', async () => {
    const bench = await applied();
    const mark = (value: Json | undefined): readonly JsonObject[] =>
      (value as readonly JsonObject[]).map((each, index) => ({ ...each, beta: index + 1 }));
    const { id, fields, filters, override_fields } = sync(bench);
    bench.sandbox.edit('syncs', id, {
      target: { beta: true },
      schedule: { beta: 'x' },
      identity: { beta: 0 },
      fields: mark(fields),
      filters: mark(filters),
      override_fields: mark(override_fields),
    });
    const before = sync(bench);
    await settled(bench);
    await edit(bench, file, 'active: true', 'active: false');
    await edit(bench, file, schedule, schedule.replace('5', '6'));
    expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0 });
    const byTarget = (value: Json | undefined): readonly JsonObject[] =>
      [...(value as readonly JsonObject[])].sort((a, b) =>
        JSON.stringify(a['target']) < JSON.stringify(b['target']) ? -1 : 1,
      );
    const after = sync(bench);
    expect(after).toMatchObject({
      active: false,
      target: { beta: true },
      schedule: { beta: 'x', hour: '6' },
      identity: { beta: 0 },
    });
    expect(byTarget(after['fields'])).toMatchObject(byTarget(before['fields']));
    expect(byTarget(after['override_fields'])).toMatchObject(byTarget(before['override_fields']));
    expect((after['filters'] as JsonObject[]).map(({ beta }) => beta)).toEqual([1, 2]);
    await settled(bench);
  });

  it('that is masked stops an update in place of becoming its mask', async () => {
    const bench = await applied();
    bench.sandbox.edit('syncs', sync(bench).id, { beta: { key: '********' } });
    await settled(bench);
    await edit(bench, file, schedule, schedule.replace('5', '6'));
    const { code, err } = await bench.cli('apply', '--yes');
    expect([code, err]).toEqual([1, expect.stringContaining('would lose the live secret /extra/beta/key')]);
  });

  it('is told as changed where no manifest says anything', async () => {
    const bench = await applied();
    bench.sandbox.edit('syncs', sync(bench).id, { beta: 1 });
    expect((await bench.cli('drift')).out).toContain('extra: nothing → {"beta":1}');
    expect((await bench.cli('drift', '--strict')).code).toBe(2);
  });

  it('is not in what an export writes', async () => {
    const bench = await applied();
    bench.sandbox.edit('syncs', sync(bench).id, { beta: 1 });
    await bench.remove(file);
    expect((await bench.cli('export')).code).toBe(0);
    await settled(bench);
    expect((await bench.cli('validate')).err).not.toContain('extra');
  });
});

describe('extra', () => {
  const more = (text: string): Readonly<Record<string, string>> => ({
    ...shop,
    [file]: (shop[file] ?? '')
      .replace('active: true\n', `active: true\n${text}`)
      .replace('object: CUSTOMERS.CONTACTS', 'object: CUSTOMERS.CONTACTS, extra: { beta: inside }')
      .replace('target: FIRST_NAME }', 'target: FIRST_NAME, extra: { anything: 1 } }'),
  });

  it('is sent as it is, compared as it lives, and told once', async () => {
    const bench = await applied(more('extra: { beta: { a: [1] }, gamma: x }\n'));
    expect(sync(bench)).toMatchObject({ beta: { a: [1] }, gamma: 'x', target: { beta: 'inside' } });
    expect(sync(bench)['fields']).toContainEqual(
      expect.objectContaining({ target: 'FIRST_NAME', anything: 1 }),
    );
    expect(JSON.stringify(sync(bench))).not.toContain('extra');
    await settled(bench);
    bench.sandbox.edit('syncs', sync(bench).id, { beta: { a: [2] } });
    const { out, err } = await bench.cli('plan');
    expect(out).toContain('extra.beta.a');
    expect(err.match(/does not know beta of a sync/g)).toHaveLength(1);
    expect((await bench.cli('drift')).code).toBe(2);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(sync(bench)).toMatchObject({ beta: { a: [1] } });
    await edit(bench, file, 'gamma: x', 'gamma: null');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(sync(bench)).not.toHaveProperty('gamma');
    await edit(bench, file, 'beta: { a: [1] }, ', '');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(sync(bench)).not.toHaveProperty('beta');
    await settled(bench);
    expect((await bench.cli('drift', '--strict')).code).toBe(0);
  });

  it('that no answer shows is compared with what was last applied', async () => {
    const bench = await applied(more('extra: { hidden: 1 }\n'));
    const sent = bench.sandbox.requests.findLast(({ path }) => path === '/api/syncs')?.body;
    expect(isJsonObject(sent) && sent['hidden']).toBe(1);
    await settled(bench);
    expect((await bench.cli('drift', '--strict')).code).toBe(0);
    await edit(bench, file, 'hidden: 1', 'hidden: 2');
    expect((await bench.cli('plan')).out).toContain('extra.hidden: 1 → 2');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    await settled(bench);
  });

  it('is kept by an export that brings a manifest up to date', async () => {
    const bench = await applied(more('extra: { beta: 1, hidden: 1 }\n'));
    bench.sandbox.edit('syncs', sync(bench).id, { beta: 2, gamma: 3 });
    expect((await bench.cli('export')).code).toBe(0);
    expect(await bench.read(file)).toContain('extra: { beta: 2, hidden: 1 }');
    await settled(bench);
  });

  it('is told once for all manifests', async () => {
    const text = (key: string): string =>
      `kind: Connection\nkey: ${key}\nname: ${key}\ntype: mysql\nconfiguration: { hostname: h }\nextra: { beta: 1 }\n`;
    const bench = await workbench({ 'polytomic/all.yaml': ['a', 'b', 'c'].map(text).join('---\n') }, newer);
    const { code, err } = await bench.cli('validate');
    expect([code, err.match(/does not know beta/g)?.length]).toEqual([0, 1]);
  });

  it.each([
    ['extra: { mode: append }\n', 'mode is a field of a sync that this version knows', 'beside extra'],
    ['extra: { model_ids: [] }\n', 'model_ids is set by the server', 'remove the line'],
    ['extra: { key: "${secret:DB_PASSWORD}" }\n', 'cannot stand here', ''],
    ['extra: { beta: "********" }\n', 'is a mask, not a value', 'remove the line'],
    ['extra: {}\n', 'the map is empty', ''],
    ['extra: [1]\n', 'extra must be a map', ''],
    ['quantum_entanglement: 1\n', 'unknown field "quantum_entanglement"', 'extra: {quantum_entanglement: …}'],
    ['actve: true\n', 'unknown field "actve"', 'did you mean "active"?'],
  ])('that is wrong is an error at its place: %s', async (text, message, hint) => {
    const bench = await workbench(more(text));
    const { code, err } = await bench.cli('validate');
    expect(code).toBe(1);
    expect(err).toMatch(/customers\.yaml:13:\d+/);
    expect(err).toContain(message);
    expect(err).toContain(hint);
  });
});
