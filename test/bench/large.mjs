// An organization of 10,000 objects, exported as one file a resource: what each command takes beside what it must.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { median, ms, ratioRow, row, runCli, temporary, timed, withSandbox } from './measure.mjs';
import { writeRepository } from './repository.mjs';

const COUNT = 10_000;
const LATENCY = 50;
const CONNECTIONS = 8;

/** Values for the passwords of an export: every name that stands in its manifests. */
export const writeSecrets = async (folder) => {
  const names = new Set();
  const files = await readdir(path.join(folder, 'polytomic'), { recursive: true });
  for (const file of files.filter((each) => each.endsWith('.yaml'))) {
    const text = await readFile(path.join(folder, 'polytomic', file), 'utf8');
    for (const [, name] of text.matchAll(/\$\{secret:(\w+)\}/g)) names.add(name);
  }
  await writeFile(path.join(folder, '.env'), [...names].map((name) => `${name}=value of ${name}\n`).join(''));
};

/** Milliseconds in which yaml alone parses all manifests of a folder. */
const yamlAlone = async (folder) => {
  const files = await readdir(path.join(folder, 'polytomic'), { recursive: true });
  const texts = await Promise.all(
    files
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => readFile(path.join(folder, 'polytomic', file), 'utf8')),
  );
  return timed(() =>
    texts.forEach((text) => parseAllDocuments(text, { merge: true }).forEach((document) => document.toJS())),
  );
};

const memory = (what, megabytes) =>
  row(what, `${megabytes.toFixed(0)} MB`, '400 MB', megabytes < 400, 'maximum resident set of the process');

export const run = async () => {
  await temporary(async (folder) =>
    withSandbox({ seed: COUNT }, async ({ environment, slow }) => {
      const pages = (number) => Math.max(1, Math.ceil(number / 50));
      const exported = await runCli(folder, environment, 'export');
      await rm(path.join(folder, '.polytomic', 'cache'), { recursive: true, force: true });
      memory(`memory for an export of ${COUNT} objects`, exported.memory);
      await writeSecrets(folder);
      const count = async (kind) => (await readdir(path.join(folder, 'polytomic', kind))).length;
      const [models, syncs] = [await count('models'), await count('syncs')];
      await runCli(folder, environment, 'plan');
      const alone = [];
      const validate = [];
      const plan = [];
      for (let turn = 0; turn < 3; turn += 1) {
        alone.push(await yamlAlone(folder));
        validate.push((await runCli(folder, environment, 'validate')).time);
        plan.push(await runCli(folder, environment, 'plan'));
      }
      const validated = median(validate);
      ratioRow(
        `validate ${COUNT} resources, one to a file`,
        validated / median(alone),
        1.5,
        '`yaml` parsing the same files',
        `${ms(validated)}, yaml ${ms(median(alone))}`,
      );
      const warm = median(plan.map(({ time }) => time));
      ratioRow(
        `warm plan of ${COUNT} resources without latency`,
        warm / validated,
        2,
        '`validate` of them',
        `${ms(warm)}, validate ${ms(validated)}`,
      );
      memory(`memory for a warm plan of ${COUNT} resources`, plan[0].memory);
      await slow(LATENCY);
      const slowly = await runCli(folder, environment, 'plan');
      await slow(LATENCY);
      const lists = Math.max(pages(models), pages(syncs)) * LATENCY;
      ratioRow(
        `warm plan of ${COUNT} resources at ${LATENCY} ms a call`,
        slowly.time / lists,
        1.3,
        'its longest list, page by page',
        `${ms(slowly.time)}, ${Math.max(pages(models), pages(syncs))} pages ${ms(lists)}`,
      );
      await rm(path.join(folder, '.polytomic', 'cache'), { recursive: true, force: true });
      const cold = await runCli(folder, environment, 'plan');
      const calls = await slow(LATENCY);
      const ideal = (calls * LATENCY) / CONNECTIONS;
      ratioRow(
        `cold plan of ${COUNT} resources at ${LATENCY} ms a call`,
        cold.time / ideal,
        1.15,
        'calls × latency ÷ connections',
        `${ms(cold.time)}, ${calls} calls`,
      );
      memory(`memory for a cold plan of ${COUNT} resources`, cold.memory);
      await temporary(async (other) => {
        const { time } = await runCli(other, environment, 'export');
        const needed = await slow(0);
        const least = (needed * LATENCY) / CONNECTIONS;
        ratioRow(
          `export of ${COUNT} objects at ${LATENCY} ms a call`,
          time / least,
          1.3,
          'calls × latency ÷ connections',
          `${ms(time)}, ${needed} calls`,
        );
      });
    }),
  );
  await temporary(async (folder) =>
    withSandbox({}, async ({ environment, slow }) => {
      await writeRepository(folder, 1000);
      await slow(LATENCY);
      const applied = await runCli(folder, environment, 'apply', '--yes');
      const calls = await slow(0);
      const least = (calls * LATENCY) / CONNECTIONS;
      ratioRow(
        `apply of 1,000 creates at ${LATENCY} ms a call`,
        applied.time / least,
        1.2,
        'calls × latency ÷ connections',
        `${ms(applied.time)}, ${calls} calls`,
      );
      memory('memory for an apply of 1,000 creates', applied.memory);
    }),
  );
};
