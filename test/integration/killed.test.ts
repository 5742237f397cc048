/** An apply that is killed at any moment: a plain apply after it makes nothing twice, and loses nothing. */
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/index.js';
import { workbench, type Workbench } from '../support/workbench.js';

const cli = path.resolve('dist/cli.js');

const numbers = (most: number): readonly number[] => Array.from({ length: most }, (_, index) => index);

/** Thirty resources: three connections, twelve models, fifteen syncs, of which many share a name. */
const repository = {
  'polytomic/all.yaml': [
    ...numbers(3).map(
      (n) =>
        `kind: Connection\nkey: c${n}\nname: Connection ${n}\ntype: postgresql\nconfiguration: { hostname: h${n}, password: "\${secret:DB_PASSWORD}" }\n`,
    ),
    ...numbers(12).map(
      (n) =>
        `kind: Model\nkey: m${n}\nname: Model ${n % 10}\nconnection: c${n % 3}\nconfiguration: { table: company.customers }\n`,
    ),
    ...numbers(15).map(
      (n) =>
        `kind: Sync\nkey: s${n}\nname: Sync ${n}\nmode: replace\nfields: [{ source: m${n % 12}.email, target: EMAIL }]\nschedule: { frequency: manual }\ntarget: { connection: c${(n + 1) % 3}, object: CUSTOMERS.CONTACTS }\n`,
    ),
  ].join('---\n'),
};

const changes = 30;

const applyIn = (bench: Workbench) =>
  execa('node', [cli, 'apply', '--yes'], { cwd: bench.root, reject: false, env: bench.environment });

/** Applies until a request hits the fault, and is killed there. */
const applyKilled = async (bench: Workbench, fault: Fault): Promise<string | undefined> => {
  const run: { child?: ReturnType<typeof applyIn> } = {};
  bench.sandbox.failNext({ ...fault, drop: 'before', onHit: () => run.child?.kill('SIGKILL') });
  run.child = applyIn(bench);
  return (await run.child).signal;
};

const expectWhole = async (bench: Workbench): Promise<void> => {
  const { code, out, err } = await bench.cli('apply', '--yes');
  expect([code, err, out.includes('failed')]).toEqual([0, '', false]);
  expect(
    (['connections', 'models', 'syncs'] as const).map((collection) => bench.sandbox.list(collection).length),
  ).toEqual([3, 12, 15]);
  const plan = await bench.cli('plan', '--detailed-exitcode');
  expect([plan.code, plan.out]).toEqual([0, expect.stringContaining('No changes. 30 resources')]);
  // Nothing refers to something that was made twice and lost.
  const models = new Set(bench.sandbox.list('models').map(({ id }) => id));
  for (const sync of bench.sandbox.list('syncs'))
    expect(models).toContain((sync['model_ids'] as readonly string[])[0]);
};

describe.each([
  ['before the server did what it was asked', false],
  ['after that, and before the answer', true],
])('killed %s', (_when, afterEffect) => {
  it.each(numbers(changes).map((n) => n + 1))('at write %i of 30', async (write) => {
    const bench = await workbench(repository);
    expect(
      await applyKilled(bench, {
        method: 'POST',
        skip: write - 1,
        afterEffect,
      }),
    ).toBe('SIGKILL');
    await expectWhole(bench);
  });
});

describe('killed', () => {
  it('again and again, it comes to its end', async () => {
    const bench = await workbench(repository);
    for (let times = 0; times < 12; times += 1) {
      await applyKilled(bench, {
        method: 'POST',
        skip: times % 4,
        afterEffect: times % 2 === 0,
      });
    }
    await expectWhole(bench);
  });

  it.each([1, 2, 5, 9])('while it updates, at write %i', async (write) => {
    const bench = await workbench(repository);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    const text = await bench.read('polytomic/all.yaml');
    await bench.write({
      'polytomic/all.yaml': text
        .replaceAll('hostname: h', 'hostname: other')
        .replaceAll('company.customers', 'company.accounts')
        .replaceAll('m0.email', 'm0.name'),
    });
    bench.environment['DB_PASSWORD'] = 'rotated-since-then';
    expect(
      await applyKilled(bench, {
        method: 'PUT',
        skip: write - 1,
        afterEffect: write % 2 === 0,
      }),
    ).toBe('SIGKILL');
    await expectWhole(bench);
    for (const { configuration } of bench.sandbox.list('connections'))
      expect(configuration).toMatchObject({ password: 'rotated-since-then' });
  });

  it('while it deletes, it deletes the rest', async () => {
    const bench = await workbench(repository);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    await bench.write({
      'polytomic/all.yaml':
        'kind: Connection\nkey: c0\nname: Connection 0\ntype: postgresql\nconfiguration: { hostname: h0, password: "${secret:DB_PASSWORD}" }\n',
    });
    expect(
      await applyKilled(bench, {
        method: 'DELETE',
        skip: 7,
        afterEffect: true,
      }),
    ).toBe('SIGKILL');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(bench.sandbox.list('connections')).toHaveLength(1);
    expect([bench.sandbox.list('models'), bench.sandbox.list('syncs')]).toEqual([[], []]);
    expect((await bench.cli('plan')).out).toContain('No changes.');
  });

  it('leaves a journal without a secret, and none when it is settled', async () => {
    const bench = await workbench(repository);
    await applyKilled(bench, {
      method: 'POST',
      skip: 4,
      afterEffect: true,
    });
    const journal = await bench.read('.polytomic/journal/default.jsonl');
    expect(journal).toContain('"type":"started"');
    expect(journal).not.toContain('a-secret-of-the-database');
    const { out } = await bench.cli('apply', '--yes');
    expect(out).toContain('A run before this one was killed; what it did is known: ');
    await expect(bench.read('.polytomic/journal/default.jsonl')).rejects.toThrow('ENOENT');
  });
});
