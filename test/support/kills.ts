/** What the tests of killed runs share: an organization, what is to be made of it, and a count of how it ended. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, onTestFinished } from 'vitest';
import { asText } from '../../src/core/text.js';
import type { Collection } from '../../src/sandbox/index.js';
import { workbench, type Workbench } from './workbench.js';

/** `npm run kills` runs every case, `npm test` a sample of them. */
const whole = process.env['KILLS'] === 'all';

/** All of a list, or so many of it, spread over the whole. */
export const sample = <T>(all: readonly T[], most: number): readonly T[] =>
  whole || all.length <= most
    ? all
    : Array.from({ length: most }, (_, index) => all[Math.floor(((index + 0.5) * all.length) / most)] as T);

export const numbers = (most: number): readonly number[] => Array.from({ length: most }, (_, index) => index);

/** Manifests of connections, models and syncs: a number, and what is said of it. */
const manifests = (
  connections: readonly [number, string][],
  models: readonly [number, string][],
  syncs: readonly [number, string][],
): string =>
  [
    ...connections.map(
      ([n, host]) =>
        `kind: Connection\nkey: c${n}\nname: Connection ${n}\ntype: postgresql\nconfiguration: { hostname: ${host}${n === 3 ? ', password: "${secret:DB_PASSWORD}"' : ''} }\n`,
    ),
    // New models bear the names of old ones.
    ...models.map(
      ([n, table]) =>
        `kind: Model\nkey: m${n}\nname: Model ${n % 8}\nconnection: c0\nconfiguration: { table: company.${table} }\n`,
    ),
    ...syncs.map(
      ([n, field]) =>
        `kind: Sync\nkey: s${n}\nname: Sync ${n % 10}\nmode: replace\nfields: [{ source: m${n}.${field}, target: EMAIL }]\nmodel_filters: { conditions: [{ source: m${n}.${field}, function: IsNotNull }, { source: m${n}.id, function: IsNull }], logic: A or B }\nschedule: { frequency: manual }\ntarget: { connection: c1, object: CUSTOMERS.CONTACTS }\n`,
    ),
  ].join('---\n');

const each = (from: number, to: number, value: string): readonly [number, string][] =>
  numbers(to - from).map((n) => [from + n, value]);

/** What lives when the run begins, and what it makes of it: 11 creates, 10 updates, 9 deletes, of every kind. */
const before = manifests(each(0, 3, 'old'), each(0, 8, 'customers'), each(0, 8, 'email'));
const after = manifests(
  [...each(0, 2, 'new'), ...each(3, 6, 'new')],
  [...each(0, 4, 'accounts'), ...each(8, 12, 'accounts')],
  [...each(0, 4, 'name'), ...each(8, 12, 'name')],
);
/** As `after`, and both connections that are referred to must be made anew. */
const replaced = after
  .replaceAll('key: c0\nname: Connection 0\ntype: postgresql', 'key: c0\nname: Connection 0\ntype: mysql')
  .replaceAll('key: c1\nname: Connection 1\ntype: postgresql', 'key: c1\nname: Connection 1\ntype: mysql');

const wanted = { after, replaced } as const;
export type Wanted = keyof typeof wanted;

interface Begun {
  readonly state: string;
  /** The sandbox's file. */
  readonly data: string;
}

const stateFile = '.polytomic/state/default.json';

/** An organization and a state with what lives before, for every case to begin with. */
const begin = async (): Promise<Begun> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-killed-'));
  const data = path.join(folder, 'data.json');
  const bench = await workbench({ 'polytomic/all.yaml': before }, { sandbox: { data }, real: true });
  expect((await bench.cli('apply', '--yes')).code).toBe(0);
  const state = await bench.read(stateFile);
  const begun = { state, data: await readFile(data, 'utf8') };
  await rm(folder, { recursive: true });
  return begun;
};

let begun: Promise<Begun> | undefined;

/** A copy of what lives before, with the manifests of what is to be made of it. */
export const thirtyChanges = async (to: Wanted = 'after'): Promise<Workbench> => {
  const { state, data } = await (begun ??= begin());
  const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-killed-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'data.json');
  await writeFile(file, data);
  return workbench(
    { 'polytomic/all.yaml': wanted[to], [stateFile]: state },
    { sandbox: { data: file }, real: true },
  );
};

const collections = ['connections', 'models', 'syncs'] as const;
type Names = Readonly<Record<(typeof collections)[number], readonly string[]>>;

const names: Names = {
  connections: [0, 1, 3, 4, 5].map((n) => `Connection ${n}`),
  models: [0, 0, 1, 1, 2, 2, 3, 3].map((n) => `Model ${n}`),
  syncs: [0, 0, 1, 1, 2, 3, 8, 9].map((n) => `Sync ${n}`),
};

const namesOf = (bench: Workbench, collection: Collection): readonly string[] =>
  bench.sandbox
    .list(collection)
    .map(({ name }) => asText(name))
    .sort();

/** How many of `all` are in `others` no more, one for one. */
const missingFrom = (all: readonly string[], others: readonly string[]): number => {
  const left = [...others];
  return all.filter((name) => {
    const index = left.indexOf(name);
    if (index !== -1) left.splice(index, 1);
    return index === -1;
  }).length;
};

interface Count {
  runs: number;
  converged: number;
  twice: number;
  lost: number;
}

const counts = new Map<string, Count>();

/** Counts how a case ended, and lets its failure pass; `wanted` is what is to be there at the end. */
export const counted = async (
  what: string,
  bench: Workbench,
  end: () => Promise<void>,
  wanted: Names = names,
): Promise<void> => {
  const count = counts.get(what) ?? { runs: 0, converged: 0, twice: 0, lost: 0 };
  counts.set(what, count);
  count.runs += 1;
  try {
    await end();
    count.converged += 1;
  } finally {
    for (const collection of collections) {
      const live = namesOf(bench, collection);
      count.twice += missingFrom(live, wanted[collection]);
      count.lost += missingFrom(wanted[collection], live);
    }
  }
};

/** Prints the table of `docs/testing.md` at the end of the file. */
export const printCounts = (): void => {
  afterAll(() => {
    for (const [what, { runs, converged, twice, lost }] of counts)
      process.stdout.write(`| ${what} | ${runs} | ${converged} | ${twice} | ${lost} |\n`);
  });
};

/** One plain apply, and everything is there once, and as the manifests say. */
export const expectDone = async (bench: Workbench): Promise<void> => {
  const { code, out, err } = await bench.cli('apply', '--yes');
  expect([code, err, out.includes('failed')]).toEqual([0, '', false]);
  for (const collection of collections) expect(namesOf(bench, collection)).toEqual(names[collection]);
  for (const { configuration } of bench.sandbox.list('connections'))
    expect(configuration).toMatchObject({ hostname: 'new' });
  for (const { configuration } of bench.sandbox.list('models'))
    expect(configuration).toMatchObject({ table: 'company.accounts' });
  const models = bench.sandbox.list('models').map(({ id }) => id);
  // Each sync has a model of its own.
  expect(
    bench.sandbox
      .list('syncs')
      .flatMap((sync) => sync['model_ids'] as readonly string[])
      .sort(),
  ).toEqual(models.toSorted());
  const plan = await bench.cli('plan', '--detailed-exitcode');
  expect([plan.code, plan.err, plan.out]).toEqual([
    0,
    '',
    expect.stringContaining('No changes. 21 resources are as the manifests say.\n'),
  ]);
  expect(plan.out).not.toContain('Not managed here');
};
