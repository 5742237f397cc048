// Ten times as much takes at the most twelve times as long, whatever the command: CPU of the process, start taken away.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { row, runCli, temporary, withSandbox } from './measure.mjs';
import { writeSecrets } from './large.mjs';
import { writeRepository } from './repository.mjs';

const FEW = 400;
const MANY = 10 * FEW;

const commands = {
  validate: ['validate'],
  plan: ['plan'],
  drift: ['drift'],
  'apply, without a change': ['apply', '--yes'],
  'apply --refresh-only': ['apply', '--refresh-only', '--yes'],
  graph: ['graph'],
  'fmt --check': ['fmt', '--check'],
  'export, without a change': ['export'],
  'state list': ['state', 'list'],
};

/** CPU by command, in ms, for an organization of so many objects. */
const measure = async (count) => {
  const taken = {};
  await temporary(async (folder) => {
    const start = (await runCli(folder, {}, '--version')).cpu;
    await withSandbox({ seed: count }, async ({ environment }) => {
      taken.export = (await runCli(folder, environment, 'export')).cpu - start;
      await writeSecrets(folder);
      for (const [name, args] of Object.entries(commands))
        taken[name] = (await runCli(folder, environment, ...args)).cpu - start;
    });
    const fresh = path.join(folder, 'fresh');
    await mkdir(fresh);
    await writeRepository(fresh, count);
    await withSandbox({}, async ({ environment }) => {
      taken['apply, all of it new'] = (await runCli(fresh, environment, 'apply', '--yes')).cpu - start;
    });
  });
  return taken;
};

export const run = async () => {
  const few = await measure(FEW);
  const many = await measure(MANY);
  for (const name of Object.keys(few)) {
    const ratio = many[name] / few[name];
    row(
      `CPU of \`${name}\` for ${MANY} objects`,
      `${ratio.toFixed(1)}×`,
      `12× of that for ${FEW}`,
      ratio <= 12,
      `${(many[name] / 1000).toFixed(1)} s, ${(few[name] / 1000).toFixed(1)} s`,
    );
  }
};
