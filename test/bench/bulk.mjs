// 200 bulk syncs of 100 schemas each: what a plan asks for. And 10,000 resources of mixed kinds: what it holds in memory.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeSecrets } from './large.mjs';
import { ms, ratioRow, row, runCli, temporary, withSandbox } from './measure.mjs';
import { writeCopies, writeOthers } from './repository.mjs';

const SYNCS = 200;
const SCHEMAS = 100;
/** Schemas of each bulk sync of which fields or filters are named. */
const DETAILED = 5;
const LATENCY = 50;
const CONNECTIONS = 8;
const SEEDED = 7000;
const OTHERS = 3000;

/** A catalogue whose databases have a hundred tables more. */
const writeCatalog = async (folder) => {
  const columns = { id: { type: 'number', primary_key: true }, email: 'string', updated_at: 'datetime' };
  const tables = Object.fromEntries(
    Array.from({ length: SCHEMAS }, (_, number) => [`data.t${String(number).padStart(3, '0')}`, { columns }]),
  );
  await mkdir(path.join(folder, 'tables'), { recursive: true });
  await writeFile(path.join(folder, 'tables', 'postgresql.json'), JSON.stringify(tables));
  return Object.keys(tables);
};

const copies = () =>
  temporary(async (catalog) => {
    const tables = await writeCatalog(catalog);
    await temporary(async (folder) =>
      withSandbox({ catalog }, async ({ environment, slow }) => {
        await writeCopies(folder, SYNCS, tables, DETAILED);
        await runCli(folder, environment, 'apply', '--yes');
        const forget = async () =>
          rm(path.join(folder, '.polytomic', 'cache'), { recursive: true, force: true });
        await slow(0);
        const { cpu } = await runCli(folder, environment, 'plan', '--detailed-exitcode');
        const warm = await slow(LATENCY);
        // Who calls, connections, models, syncs, pages of bulk syncs.
        const lists = 4 + Math.ceil(SYNCS / 50);
        const needed = lists + SYNCS + SYNCS * DETAILED;
        row(
          `calls of a warm plan of ${SYNCS} bulk syncs with ${SCHEMAS} schemas each`,
          `${warm}`,
          `${needed}: the lists (${lists}), of each bulk sync its schemas, and those whose fields or filters are named`,
          warm <= needed,
          `${DETAILED} named so in each; CPU ${ms(cpu)}`,
        );
        await forget();
        const { time } = await runCli(folder, environment, 'plan', '--detailed-exitcode');
        const cold = await slow(0);
        ratioRow(
          `cold plan of them at ${LATENCY} ms a call`,
          time / ((cold * LATENCY) / CONNECTIONS),
          1.3,
          'calls × latency ÷ connections',
          `${ms(time)}, ${cold} calls`,
        );
      }),
    );
  });

const memory = (what, megabytes) =>
  row(what, `${megabytes.toFixed(0)} MB`, '400 MB', megabytes < 400, 'maximum resident set of the process');

const mixed = () =>
  temporary(async (folder) =>
    withSandbox({ seed: SEEDED }, async ({ environment }) => {
      await runCli(folder, environment, 'export');
      await writeSecrets(folder);
      await writeOthers(folder, OTHERS);
      await runCli(folder, environment, 'apply', '--yes');
      const count = SEEDED + OTHERS;
      const warm = await runCli(folder, environment, 'plan', '--detailed-exitcode');
      memory(`memory for a warm plan of ${count} resources of mixed kinds`, warm.memory);
      await rm(path.join(folder, '.polytomic', 'cache'), { recursive: true, force: true });
      const cold = await runCli(folder, environment, 'plan', '--detailed-exitcode');
      memory('memory for a cold one', cold.memory);
    }),
  );

export const run = async () => {
  await copies();
  await mixed();
};
