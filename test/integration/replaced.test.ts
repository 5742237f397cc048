/**
 * Replacements that stop in the middle: at each of their writes, in each way, with what a later run may know of it.
 * Whatever it was, the next plain apply ends as the manifests say.
 */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/index.js';
import { counted, numbers, printCounts, sample } from '../support/kills.js';
import { killedAt } from '../support/killing.js';
import { stable, workbench, type Workbench } from '../support/workbench.js';

const connection = (type: string, name = 'Database'): string =>
  `kind: Connection\nkey: db\nname: ${name}\ntype: ${type}\nconfiguration: { hostname: h, password: "\${secret:DB_PASSWORD}" }\n`;
const model = (n: number): string =>
  `---\nkind: Model\nkey: m${n}\nname: Model ${n}\nconnection: db\nconfiguration: { table: company.customers }\n`;
const repository = (type: string, models: number, name?: string): Readonly<Record<string, string>> => ({
  'polytomic.config.yaml': 'concurrency: 1\n',
  'polytomic/all.yaml': connection(type, name) + numbers(models).map(model).join(''),
});

interface Bench extends Workbench {
  /** Ctrl-C. */
  readonly interrupt: () => void;
}

/** An applied repository, whose connection is to be of another type now. */
const begun = async (models: number, real = false): Promise<Bench> => {
  const handlers = new Set<() => void>();
  const bench = await workbench(repository('postgresql', models), {
    real,
    io: {
      onInterrupt: (handler) => {
        handlers.add(handler);
        return () => handlers.delete(handler);
      },
    },
  });
  expect((await bench.cli('apply', '--yes')).code).toBe(0);
  await bench.write(repository('mysql', models));
  return { ...bench, interrupt: () => handlers.forEach((handler) => handler()) };
};

type Stop = (bench: Bench, skip: number) => Promise<void>;

const failing =
  (fault: Fault): Stop =>
  async (bench, skip) => {
    let isHit = false;
    bench.sandbox.failNext({ method: writes, skip, ...fault, onHit: () => (isHit = true) });
    await bench.cli('apply', '--yes');
    bench.sandbox.clearFaults();
    expect(isHit).toBe(true);
  };

const killing =
  (afterEffect: boolean): Stop =>
  async (bench, skip) =>
    killedAt(bench, { method: writes, skip, afterEffect }, 'apply', '--yes');

const writes = 'POST|PUT|DELETE';

const stops: Readonly<Record<string, Stop>> = {
  'is refused': failing({ status: 403 }),
  'is not answered': failing({ drop: 'before', times: 30 }),
  'is done, and not answered': failing({ drop: 'before', afterEffect: true, times: 30 }),
  'is killed before': killing(false),
  'is killed after': killing(true),
  'is interrupted': async (bench, skip) => {
    bench.sandbox.failNext({ method: writes, skip, slowMs: 0, onHit: bench.interrupt });
    expect((await bench.cli('apply', '--yes')).out).toContain('Interrupted');
    bench.sandbox.clearFaults();
  },
};

const forgetting: Readonly<Record<string, readonly string[]>> = {
  'all that it noted': [],
  'the state': ['journal'],
  nothing: ['journal', 'state'],
};

const expectReplaced = async (bench: Workbench, models: number, name = 'Database'): Promise<void> => {
  const { code, err, out } = await bench.cli('apply', '--yes');
  if (code !== 0 || err !== '' || out.includes('failed')) throw new Error(`${code}\n${err}\n${out}`);
  const lives = bench.sandbox.list('connections');
  expect(lives.map((each) => [each['name'], each['type']])).toEqual([[name, 'mysql']]);
  const users = bench.sandbox.list('models').map((each) => [each['name'], each['connection_id']]);
  expect(users.sort()).toEqual(numbers(models).map((n) => [`Model ${n}`, lives[0]!.id]));
  const plan = await bench.cli('plan', '--detailed-exitcode');
  expect([plan.code, plan.err]).toEqual([0, '']);
  expect(plan.out).toContain('No changes.');
  expect(plan.out).not.toContain('Not managed here');
};

interface Case {
  /** The number of the write at which it stops, from 0. */
  readonly write: number;
  /** So many models refer to what is replaced. */
  readonly models: number;
  /** What the next run knows. */
  readonly known: string;
}

const orderOf = (each: Case): string => createHash('sha256').update(JSON.stringify(each)).digest('hex');

/** Every prefix of a replacement's writes, in an order without a pattern. */
const cases: readonly Case[] = Object.keys(forgetting)
  .flatMap((known) =>
    [0, 1, 3].flatMap((models) => numbers(models + 3).map((write) => ({ write, models, known }))),
  )
  .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));

printCounts();

const endsWell = async (stop: Stop, { write, models, known }: Case, real: boolean): Promise<void> => {
  const bench = await begun(models, real);
  await stop(bench, write);
  for (const folder of forgetting[known]!)
    await rm(path.join(bench.root, '.polytomic', folder), { recursive: true, force: true });
  await counted(
    'a replacement, stopped at each of its writes',
    bench,
    async () => expectReplaced(bench, models),
    {
      connections: ['Database'],
      models: numbers(models).map((n) => `Model ${n}`),
      syncs: [],
    },
  );
};

describe('a replacement of which a write', () => {
  it.each(Object.keys(stops))(
    '%s ends well in the next run, whatever that knows of it',
    async (name) => {
      const limit = pLimit(4);
      const chosen = sample(cases, 4);
      const ended = await Promise.allSettled(
        // A run that is killed is a process of the bundle.
        chosen.map((each) => limit(async () => endsWell(stops[name]!, each, name.includes('killed')))),
      );
      expect(
        ended.flatMap((each, index) =>
          each.status === 'rejected' ? [`${JSON.stringify(chosen[index])}: ${String(each.reason)}`] : [],
        ),
      ).toEqual([]);
    },
    900_000,
  );
});

describe('a replacement that was not finished', () => {
  it('shows what is left of it, and is no drift', async () => {
    const bench = await begun(2);
    bench.sandbox.failNext({ method: 'PUT', path: /models/, status: 403 });
    expect((await bench.cli('apply', '--yes')).code).toBe(3);
    const plan = await bench.cli('plan');
    await expect(stable(plan.out).replaceAll(/replacing \w+/g, 'replacing <id>')).toMatchFileSnapshot(
      'golden/replace-goes-on.txt',
    );
    const drift = await bench.cli('drift');
    expect([drift.code, drift.err]).toEqual([0, '']);
    expect(drift.out).toContain('No drift');
    await expectReplaced(bench, 2);
  });

  it('takes up what the manifest says by now: another name, another field, another type again', async () => {
    for (const [type, name] of [
      ['mysql', 'Renamed'],
      ['postgresql', 'Database'],
    ] as const) {
      const bench = await begun(1);
      bench.sandbox.failNext({ method: 'DELETE', status: 403 });
      expect((await bench.cli('apply', '--yes')).code).toBe(3);
      await bench.write(repository(type, 1, name));
      expect((await bench.cli('apply', '--yes')).code).toBe(0);
      expect((await bench.cli('plan')).out).toContain('No changes.');
      expect(bench.sandbox.list('connections')).toMatchObject([{ name, type }]);
    }
  });

  it('is finished as well where its manifest has gone since', async () => {
    const bench = await begun(0);
    bench.sandbox.failNext({ method: 'DELETE', status: 403 });
    expect((await bench.cli('apply', '--yes')).code).toBe(3);
    await bench.write({
      'polytomic/all.yaml': model(0).slice(4).replace('connection: db', 'connection: other'),
    });
    await bench.write({
      'polytomic/other.yaml': connection('mysql', 'Other').replace('key: db', 'key: other'),
    });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(bench.sandbox.list('connections')).toMatchObject([{ name: 'Other' }]);
    expect((await bench.cli('plan')).out).toContain('No changes.');
  });

  it('has its old object in the way of nobody who asks for it by name', async () => {
    const bench = await begun(0);
    bench.sandbox.failNext({ method: 'DELETE', status: 403 });
    expect((await bench.cli('apply', '--yes')).code).toBe(3);
    await bench.write({
      'polytomic/m.yaml':
        'kind: Model\nkey: m\nname: M\nconnection: { name: Database }\nconfiguration: { table: company.customers }\n',
    });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    const [only, ...others] = bench.sandbox.list('connections');
    expect(others).toEqual([]);
    expect(bench.sandbox.list('models')).toMatchObject([{ connection_id: only!.id }]);
  });

  it('waits for what nobody manages, says so, and goes on when that points elsewhere', async () => {
    const bench = await begun(1);
    const [old] = bench.sandbox.list('connections');
    const response = await fetch(`${bench.sandbox.url}/api/models`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bench.sandbox.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'By hand',
        connection_id: old!.id,
        configuration: { table: 'company.customers' },
      }),
    });
    expect(response.ok).toBe(true);
    for (const partly of [3, 1]) {
      const { code, err } = await bench.cli('apply', '--yes');
      expect(code).toBe(partly);
      expect(err).toContain('connection in use');
      expect(err).toContain('By hand');
    }
    const byHand = bench.sandbox.list('models').find(({ name }) => name === 'By hand')!;
    bench.sandbox.remove('models', byHand.id);
    await expectReplaced(bench, 1);
  });

  it('of which only a part is selected keeps the old object until the rest has been', async () => {
    const bench = await begun(1);
    const part = await bench.cli('apply', '--yes', '--target', 'connection.db');
    expect([part.code, part.err]).toEqual([0, '']);
    expect(part.out).toContain('Not selected, and left out: 3 changes.');
    expect(bench.sandbox.list('connections')).toHaveLength(2);
    await expectReplaced(bench, 1);
  });
});
