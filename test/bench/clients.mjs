// Beside what people would write: the same organization, read by a script on Polytomic's own client for npm.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import { PolytomicClient } from 'polytomic';
import { ms, row, runCli, temporary, timed, withSandbox } from './measure.mjs';
import { writeSecrets } from './large.mjs';

/** This client asks for no second page: as many as have room on the first ones. */
const COUNT = 74;

/** Reads what a plan reads: all lists, and each sync, of which a list holds but a part. */
const readAll = async ({ POLYTOMIC_URL: environment, POLYTOMIC_API_KEY: token }, connections) => {
  const client = new PolytomicClient({ environment, token, version: '2024-02-08' });
  const limit = pLimit(connections);
  await limit(() => client.connections.list());
  const { data: models } = await limit(() => client.models.list());
  const { data: syncs } = await limit(() => client.modelSync.list());
  await Promise.all(syncs.map(({ id }) => limit(() => client.modelSync.get(id))));
  return models.length + syncs.length;
};

export const run = () =>
  temporary(async (folder) =>
    withSandbox({ seed: COUNT }, async ({ environment, slow }) => {
      await runCli(folder, environment, 'export');
      await writeSecrets(folder);
      await slow(50);
      const times = {};
      for (const connections of [1, 8])
        times[connections] = await timed(() => readAll(environment, connections));
      const calls = await slow(50);
      const warm = (await runCli(folder, environment, 'plan')).time;
      await rm(path.join(folder, '.polytomic', 'cache'), { recursive: true, force: true });
      const cold = (await runCli(folder, environment, 'plan')).time;
      for (const [what, time] of [
        ['cold', cold],
        ['warm', warm],
      ])
        row(
          `${what} plan of ${COUNT} objects at 50 ms a call`,
          `${(time / times[1]).toFixed(2)}×, ${(time / times[8]).toFixed(2)}×`,
          'a script on the npm client that only reads: one call at a time, eight',
          undefined,
          `${ms(time)}, script ${ms(times[1])} and ${ms(times[8])}, ${calls / 2} calls`,
        );
    }),
  );
