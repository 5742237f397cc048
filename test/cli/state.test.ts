import { describe, expect, it } from 'vitest';
import { shop, stable, workbench, type Workbench } from '../support/workbench.js';

const applied = async (): Promise<Workbench> => {
  const bench = await workbench(shop);
  expect((await bench.cli('apply', '--yes')).code).toBe(0);
  return bench;
};

const shown = async (bench: Workbench, ...args: readonly string[]): Promise<string> => {
  const { code, out, err } = await bench.cli(...args);
  expect([code, err]).toEqual([0, '']);
  return stable(out);
};

/** As a run leaves it that is killed when its last steps are in the journal, and not in the state. */
const killedAtTheEnd = async (bench: Workbench, organization: string): Promise<void> => {
  const text = await bench.read(stateFile);
  const state = JSON.parse(text) as { serial: number; resources: Record<string, unknown> };
  const steps = Object.entries(state.resources).filter(([address]) => !address.startsWith('connection.'));
  const entries = [
    { type: 'run', organization, serial: state.serial },
    ...steps.map(([address, binding]) => ({ type: 'done', step: address, address, binding })),
  ];
  const gone = new Set(steps.map(([address]) => address));
  const left = Object.entries(state.resources).filter(([address]) => !gone.has(address));
  await bench.write({
    [stateFile]: JSON.stringify({ ...state, resources: Object.fromEntries(left) }),
    [journalFile]: entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
  });
};
const stateFile = '.polytomic/state/default.json';
const journalFile = '.polytomic/journal/default.jsonl';

describe('state', () => {
  it('lists and shows what is bound, and no secret', async () => {
    const bench = await applied();
    const list = await shown(bench, 'state', 'list');
    expect(
      list
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(/\s+/)[0]),
    ).toEqual([...list.matchAll(/^\S+/gm)].map(([address]) => address).toSorted());
    const [address = ''] = /^connection\.\S+/m.exec(list) ?? [];
    const one = await shown(bench, 'state', 'show', address);
    expect(one).toContain(`address: ${address}`);
    expect(one).toContain('fingerprints of:');
    const everything = await shown(bench, 'state', 'pull');
    for (const secret of ['a-secret-of-the-database', 'a-secret-of-the-warehouse'])
      expect(`${one}${everything}`).not.toContain(secret);
  });

  it('moves a binding with its manifest: nothing changes in Polytomic', async () => {
    const bench = await applied();
    const list = await shown(bench, 'state', 'list');
    const [address = ''] = /^sync\.\S+/m.exec(list) ?? [];
    const file = Object.keys(shop).find((name) => shop[name]?.includes('kind: Sync')) ?? '';
    const text = await bench.read(file);
    await bench.write({ [file]: text.replace('kind: Sync\nkey: customers', 'kind: Sync\nkey: renamed') });
    expect(await shown(bench, 'state', 'mv', address, 'sync.renamed')).toBe(
      `Moved ${address} to sync.renamed.\n`,
    );
    expect(await shown(bench, 'plan')).toContain('No changes.');
  });

  it('forgets an object, which lives on and is found by its name again', async () => {
    const bench = await applied();
    const [address = ''] = /^model\.\S+/m.exec(await shown(bench, 'state', 'list')) ?? [];
    expect(await shown(bench, 'state', 'rm', address)).toContain('lives on, and is managed no more');
    expect((await bench.cli('plan')).out).toContain('1 to adopt');
  });

  it('takes over what a killed run noted as done, before it is changed by hand', async () => {
    const bench = await applied();
    await killedAtTheEnd(bench, bench.sandbox.organization.id);
    expect(await shown(bench, 'state', 'rm', 'sync.customers')).toContain('Forgot sync.customers.');
    const list = await shown(bench, 'state', 'list');
    expect(list).toContain('model.customers');
    expect(list).not.toContain('sync.customers');
    await expect(bench.read(journalFile)).rejects.toThrow('ENOENT');
    // What was forgotten by hand does not come back.
    expect((await bench.cli('plan')).out).toContain('Plan: 1 to adopt. 3 unchanged.');
  });

  it('takes over nothing that a run noted of another organization', async () => {
    const bench = await applied();
    await killedAtTheEnd(bench, 'another-organization');
    expect(await shown(bench, 'state', 'mv', 'connection.db', 'connection.other')).toContain('Moved');
    expect(await shown(bench, 'state', 'list')).not.toContain('model.customers');
    expect(await bench.read(journalFile)).toContain('another-organization');
  });

  it('is not written from what lives while a killed run is unsettled', async () => {
    const bench = await applied();
    await killedAtTheEnd(bench, bench.sandbox.organization.id);
    const refused = await bench.cli('export');
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('an apply was killed')]);
    expect((await bench.cli('apply', '--yes')).out).toContain('what it did is known: ');
    expect((await bench.cli('export')).code).toBe(0);
  });

  it('is put in place of another one, unless that is newer', async () => {
    const bench = await applied();
    const old = await shown(bench, 'state', 'pull');
    await bench.write({ 'old.json': (await bench.cli('state', 'pull')).out });
    const [address = ''] = /^model\.\S+/m.exec(await shown(bench, 'state', 'list')) ?? [];
    await bench.cli('state', 'rm', address);
    const refused = await bench.cli('state', 'push', 'old.json');
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining('is older than the state that is kept'),
    ]);
    expect(await shown(bench, 'state', 'push', 'old.json', '--force')).toContain('The state now has');
    const serial = /"serial": \d+/;
    expect((await shown(bench, 'state', 'pull')).replace(serial, '')).toBe(old.replace(serial, ''));
    await bench.write({
      'foreign.json': old.replace(/"id": "[^"]*",\n {4}"name": "Sandbox"/, '"id": "other", "name": "X"'),
    });
    expect((await bench.cli('state', 'push', 'foreign.json')).code).toBe(1);
    await bench.write({ 'bad.json': '{' });
    expect((await bench.cli('state', 'push', 'bad.json')).err).toContain('it is not JSON');
  });

  it.each([
    [['state', 'show', 'model.nothing'], 'the state has no model.nothing'],
    [['state', 'rm', 'model.nothing'], 'the state has no model.nothing'],
    [['state', 'push', 'nothing.json'], 'nothing.json cannot be read'],
    [['state', 'mv', 'model.a'], 'missing required argument'],
  ])('says what is wrong: %j', async (args, message) => {
    const { code, err } = await (await applied()).cli(...args);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  });

  it('is not there where none is kept', async () => {
    const bench = await workbench({ ...shop, 'polytomic.config.yaml': 'state: none\n' });
    expect((await bench.cli('state', 'list')).err).toContain('no state is kept');
  });
});

describe('the lock', () => {
  const lock = (pid: number): string =>
    JSON.stringify({
      id: 'abc',
      holder: 'ana@laptop',
      purpose: 'apply',
      since: new Date().toISOString(),
      host: 'x',
      pid,
    });

  it('keeps a second apply out, says who has it, and is removed by force', async () => {
    const bench = await applied();
    await bench.write({ '.polytomic/state/default.lock': lock(1) });
    const refused = await bench.cli('apply', '--yes');
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining('the state is locked: apply by ana@laptop'),
    ]);
    expect((await bench.cli('plan')).code).toBe(0);
    expect((await bench.cli('force-unlock', 'other')).err).toContain('the lock has the id abc');
    expect((await bench.cli('force-unlock', 'abc')).out).toContain('Removed the lock: apply by ana@laptop');
    expect((await bench.cli('force-unlock')).out).toBe('Nobody holds the lock.\n');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
  });
});

describe('the organization', () => {
  it('is pinned by the state and by the configuration file, before anything else is asked', async () => {
    const bench = await applied();
    const state = (await bench.cli('state', 'pull')).out;
    await bench.write({
      '.polytomic/state/default.json': state.replaceAll(bench.sandbox.organization.id, 'another-one'),
    });
    bench.sandbox.clearRequests();
    const refused = await bench.cli('plan');
    expect(refused.err).toContain('the state belongs to organization another-one ("Sandbox")');
    expect(bench.sandbox.requests.map(({ path }) => path)).toEqual(['/api/me']);
    await bench.write({
      '.polytomic/state/default.json': state,
      'polytomic.config.yaml': 'organization: Production\n',
    });
    expect((await bench.cli('apply', '--yes')).err).toContain('pins organization "Production"');
    await bench.write({ 'polytomic.config.yaml': 'organization: Sandbox\n' });
    expect((await bench.cli('plan')).code).toBe(0);
  });
});
