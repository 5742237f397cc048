/** An apply that is killed at any moment: a plain apply after it makes nothing twice, and loses nothing. */
import path from 'node:path';
import { execa } from 'execa';
import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/index.js';
import { counted, expectDone, numbers, printCounts, sample, thirtyChanges } from '../support/kills.js';
import { workbench, type Workbench } from '../support/workbench.js';

const cli = path.resolve('dist/cli.js');

printCounts();

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

/** Every request of an apply of those thirty changes; a test below sees to it that none is missing. */
const requests: readonly (readonly [what: string, method: string, path: RegExp, times: number])[] = [
  ['who calls', 'GET', /^\/api\/me$/, 1],
  ['lists', 'GET', /^\/api\/(connections|models|syncs)$/, 3],
  [
    'details, and what is read again before it is touched',
    'GET',
    /^\/api\/(connections|models|syncs)\/[^/]+$/,
    28,
  ],
  ['questions about jobs', 'GET', /^\/api\/jobs\//, 8],
  ['creates', 'POST', /^/, 11],
  ['updates', 'PUT', /^/, 10],
  ['deletes', 'DELETE', /^/, 9],
];

/** Cases that go at once: most of the time of one is the start of a process. */
const atOnce = 3;

describe('an apply of thirty changes', () => {
  it('asks for what is listed here, and for nothing else', async () => {
    const bench = await thirtyChanges();
    expect((await bench.cli('apply', '--yes')).out).toContain('11 created, 10 updated, 9 deleted');
    const asked = bench.sandbox.requests.map(
      ({ method, path: of }) => requests.find(([, own, where]) => own === method && where.test(of))?.[0],
    );
    expect(
      Object.fromEntries(requests.map(([what]) => [what, asked.filter((one) => one === what).length])),
    ).toEqual(Object.fromEntries(requests.map(([what, , , times]) => [what, times])));
    expect(asked).toHaveLength(70);
  });

  it.each(requests)(
    'that is killed at any of these requests is done by the next: %s',
    async (what, method, where, times) => {
      const limit = pLimit(atOnce);
      const cases = numbers(times).flatMap((skip) =>
        (method === 'GET' ? [false] : [false, true]).map((afterEffect) => ({ skip, afterEffect })),
      );
      await Promise.all(
        sample(cases, 2).map((one) =>
          limit(async () => {
            const bench = await thirtyChanges();
            expect(await applyKilled(bench, { method, path: where, ...one })).toBe('SIGKILL');
            await counted(`killed at one request of ${what}`, bench, async () => expectDone(bench));
          }),
        ),
      );
    },
    600_000,
  );
});

describe.each([
  ['before the server did what it was asked', false],
  ['after that, and before the answer', true],
])('a first apply that is killed %s', (_when, afterEffect) => {
  it.each(sample([1, 3, 4, 16, 30], 2))('at write %i of 30', async (write) => {
    const bench = await workbench(repository, { real: true });
    expect(await applyKilled(bench, { method: 'POST', skip: write - 1, afterEffect })).toBe('SIGKILL');
    await expectWhole(bench);
  });
});

describe('killed', () => {
  it('again and again, it comes to its end', async () => {
    const bench = await workbench(repository, { real: true });
    for (let times = 0; times < 12; times += 1) {
      await applyKilled(bench, {
        method: 'POST',
        skip: times % 4,
        afterEffect: times % 2 === 0,
      });
    }
    await expectWhole(bench);
  });

  it.each(sample([1, 2, 5, 9], 1))('while it updates, at write %i', async (write) => {
    const bench = await workbench(repository, { real: true });
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
    const bench = await workbench(repository, { real: true });
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
    const bench = await workbench(repository, { real: true });
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
