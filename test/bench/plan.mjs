// Plans of 1,000 resources: by latency, by the rate that the API allows, from a cache, by CPU.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { applyWorkspace, loadSettings, planWorkspace } from '../../dist/index.js';
import { median, ms, ratioRow, row, runCli, temporary, timed, withSandbox } from './measure.mjs';
import { writeRepository } from './repository.mjs';

/** As many requests a second as the API allows, and no more: the best possible time is calls ÷ rate. */
const RATE = 20;

export const run = () =>
  temporary(async (folder) =>
    withSandbox({}, async ({ environment, slow, limit }) => {
      const { syncs } = await writeRepository(folder, 1000);
      const settings = await loadSettings({ cwd: folder, environment });
      const { ready } = await planWorkspace({ settings });
      const outcome = await applyWorkspace({
        settings: { ...settings, concurrency: 32 },
        ready,
        jobs: { interval: 1 },
      });
      const failed = outcome.results.find(({ status }) => status !== 'done');
      if (failed !== undefined) throw new Error(JSON.stringify(failed));
      await slow(50);
      const plan = async () => {
        const { ready: again } = await planWorkspace({ settings });
        if (again.plan.changes.length > 0) throw new Error('not converged');
      };
      const forget = async () =>
        rm(path.join(folder, '.polytomic', 'cache'), { recursive: true, force: true });
      const times = [];
      let calls = 0;
      for (let turn = 0; turn < 3; turn += 1) {
        await forget();
        times.push(await timed(plan));
        calls = await slow(50);
      }
      const ideal = (calls * 50) / settings.concurrency;
      ratioRow(
        'plan of 1,000 resources at 50 ms a call',
        median(times) / ideal,
        1.3,
        'calls × 50 ms ÷ connections',
        `${ms(median(times))}, ${calls} calls (${syncs} syncs), ${settings.concurrency} connections`,
      );
      await plan();
      const warm = await slow(0);
      row(
        'calls of a plan of 1,000 unchanged resources, warm',
        `${warm}`,
        'the lists alone: 1 + 1 + pages of models and of syncs',
        warm <= 2 + Math.ceil((1000 - syncs) / 50) + Math.ceil(syncs / 50),
        `cold ${calls}`,
      );
      const { cpu, time } = await runCli(folder, environment, 'plan');
      row(
        'CPU of a warm plan of 1,000 resources',
        ms(cpu),
        '1 s on two cores of 2026',
        cpu <= 1000,
        `${ms(time)} in all`,
      );
      await forget();
      await limit(RATE);
      const limited = await timed(plan);
      await limit(null);
      // A second's worth may be asked at once in the beginning.
      const least = ((calls - RATE) / RATE) * 1000;
      ratioRow(
        `plan of 1,000 resources at ${RATE} requests a second`,
        limited / least,
        1.15,
        'calls ÷ rate, without a failure',
        `${ms(limited)}, ${calls} calls`,
      );
    }),
  );
