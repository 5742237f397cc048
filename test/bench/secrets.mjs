// Secrets: the same 500 connections with a password each, and without.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { median, ms, ratioRow, row, runCli, temporary, withSandbox } from './measure.mjs';
import { writeConnections } from './repository.mjs';

const COUNT = 500;
const passwords = Object.fromEntries(
  Array.from({ length: COUNT }, (_, number) => [
    `PASSWORD_${number}`,
    `the password of connection ${number}`,
  ]),
);

/** Times of the first apply and of later plans, at 50 ms a call. */
const measure = async (isSecret) => {
  const times = {};
  await temporary(async (folder) =>
    withSandbox({}, async ({ environment: reach, slow }) => {
      const environment = { ...reach, ...(isSecret ? passwords : {}) };
      await writeConnections(folder, COUNT, isSecret);
      await slow(50);
      times.apply = (await runCli(folder, environment, 'apply', '--yes')).time;
      times.calls = await slow(50);
      const plans = [];
      const others = [];
      for (let turn = 0; turn < 5; turn += 1) {
        plans.push((await runCli(folder, environment, 'plan')).time);
        if (isSecret)
          others.push((await runCli(folder, { ...environment, POLYTOMIC_STATE_KEY: 'x' }, 'plan')).time);
      }
      times.plan = median(plans);
      times.other = median(others);
      await rm(path.join(folder, '.polytomic', 'cache'), { recursive: true, force: true });
    }),
  );
  return times;
};

export const run = async () => {
  const plain = await measure(false);
  const secret = await measure(true);
  ratioRow(
    `plan of ${COUNT} unchanged secrets at 50 ms a call`,
    secret.plan / plain.plan,
    1.15,
    'the same plan without secrets',
    `${ms(secret.plan)}, without ${ms(plain.plan)}`,
  );
  ratioRow(
    `first apply of ${COUNT} secrets at 50 ms a call`,
    secret.apply / plain.apply,
    1.1,
    'the same apply without secrets',
    `${ms(secret.apply)}, without ${ms(plain.apply)}; ${secret.calls} calls`,
  );
  row(
    `plan of ${COUNT} secrets with another API key`,
    `${(secret.other / plain.plan).toFixed(2)}×`,
    'one slow run',
    undefined,
    `${ms(secret.other)}, without secrets ${ms(plain.plan)}`,
  );
};
