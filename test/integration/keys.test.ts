/** What the state holds of secrets, whoever comes with which key. */
import { createHash, scryptSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { killedAt } from '../support/killing.js';
import { workbench, type Workbench } from '../support/workbench.js';

const stateFile = '.polytomic/state/default.json';

const connection = (n: number): string =>
  `kind: Connection\nkey: c${n}\nname: Connection ${n}\ntype: postgresql\nconfiguration: { hostname: h, password: "\${secret:PASSWORD_${n}}" }\n`;
const repository = (count: number): Readonly<Record<string, string>> => ({
  'polytomic/all.yaml': Array.from({ length: count }, (_, n) => connection(n)).join('---\n'),
});

const secretOf = (n: number): string => `password number ${n}`;

const applied = async (count: number, key?: string, real = false): Promise<Workbench> => {
  const bench = await workbench(repository(count), { real });
  for (let n = 0; n < count; n += 1) bench.environment[`PASSWORD_${n}`] = secretOf(n);
  if (key !== undefined) bench.environment['POLYTOMIC_STATE_KEY'] = key;
  const { code, err } = await bench.cli('apply', '--yes');
  expect([code, err]).toEqual([0, '']);
  return bench;
};

const planned = async (bench: Workbench): Promise<{ readonly out: string; readonly err: string }> =>
  bench.cli('plan');

describe('the state', () => {
  it('holds no secret, no key, and nothing that tells one without a key', async () => {
    const bench = await applied(3, 'the key of the state');
    const text = await bench.read(stateFile);
    for (const told of [secretOf(0), 'the key of the state', bench.sandbox.apiKey, '"hash"'])
      expect(text).not.toContain(told);
    for (const algorithm of ['sha256', 'sha512', 'md5'])
      for (const encoding of ['base64', 'hex'] as const)
        expect(text).not.toContain(createHash(algorithm).update(secretOf(0)).digest(encoding));
  });

  it('is the same after an apply that changed nothing', async () => {
    const bench = await applied(3);
    const before = await bench.read(stateFile);
    expect((await bench.cli('apply', '--yes')).out).toContain('No changes.');
    expect(await bench.read(stateFile)).toBe(before);
  });
});

describe('with another API key', () => {
  it('the secrets themselves tell that they are the same; the next apply makes it fast again', async () => {
    const bench = await applied(9, 'the former one');
    bench.environment['POLYTOMIC_STATE_KEY'] = 'the next one';
    const first = await planned(bench);
    expect(first.out).toContain('No changes.');
    expect(first.err).toContain('the secrets themselves opened it');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    for (const key of ['the next one', 'the former one']) {
      bench.environment['POLYTOMIC_STATE_KEY'] = key;
      expect(await planned(bench)).toMatchObject({
        err: '',
        out: expect.stringContaining('No changes.') as string,
      });
    }
  });

  it('and a secret that changed as well, that one is seen, and a part of the others counts as changed', async () => {
    const bench = await applied(9, 'the former one');
    bench.environment['POLYTOMIC_STATE_KEY'] = 'the next one';
    bench.environment['PASSWORD_4'] = 'another password';
    const { out, err } = await planned(bench);
    expect(err).toContain('cannot be compared with what was last applied');
    expect(out).toContain('connection.c4 "Connection 4" will be updated');
    const number = Number(/Plan: (\d+) to update/.exec(out)?.[1]);
    expect(number).toBeGreaterThan(0);
    expect(number).toBeLessThan(9);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(await planned(bench)).toMatchObject({
      err: '',
      out: expect.stringContaining('No changes.') as string,
    });
  });

  it('a run without the values of the secrets says of none that it changed', async () => {
    const bench = await applied(2, 'the former one');
    bench.environment['POLYTOMIC_STATE_KEY'] = 'the next one';
    delete bench.environment['PASSWORD_0'];
    delete bench.environment['PASSWORD_1'];
    const { out } = await bench.cli('plan', '--without-secrets');
    expect(out).toContain('No changes.');
  });
});

describe('a secret that changed', () => {
  it('is seen, sent, and no longer seen', async () => {
    const bench = await applied(9);
    bench.environment['PASSWORD_4'] = 'another password';
    expect((await planned(bench)).out).toContain('Plan: 1 to update. 8 unchanged.');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect((await planned(bench)).out).toContain('No changes.');
    bench.environment['POLYTOMIC_STATE_KEY'] = 'another key';
    expect((await planned(bench)).out).toContain('No changes.');
  });

  it('is known as well where the run was killed before its end', async () => {
    const bench = await applied(3, undefined, true);
    for (const n of [0, 1, 2]) bench.environment[`PASSWORD_${n}`] = `today's ${n}`;
    await killedAt(bench, { method: 'PUT', skip: 2, afterEffect: true }, 'apply', '--yes');
    const { code, err } = await bench.cli('apply', '--yes');
    expect([code, err]).toEqual([0, '']);
    expect((await planned(bench)).out).toContain('No changes.');
    bench.environment['POLYTOMIC_STATE_KEY'] = 'another key';
    expect((await planned(bench)).out).toContain('No changes.');
  });
});

describe('a state of an older version', () => {
  const older = (text: string, count: number): string => {
    const { keyring: _, ...state } = JSON.parse(text) as {
      keyring: unknown;
      formatVersion: number;
      resources: Record<string, { secrets: unknown }>;
    };
    state.formatVersion = 2;
    for (let n = 0; n < count; n += 1) {
      const salt = Buffer.from(`salt of ${n}`);
      const hash = scryptSync(secretOf(n), salt, 32, { N: 16_384, r: 8, p: 5 });
      state.resources[`connection.c${n}`]!.secrets = {
        '/configuration/password': { salt: salt.toString('base64'), hash: hash.toString('base64') },
      };
    }
    return JSON.stringify(state);
  };

  it('is compared as it is, and becomes one of today by the next apply, also where nothing changes', async () => {
    const bench = await applied(3);
    await bench.write({ [stateFile]: older(await bench.read(stateFile), 3) });
    expect(await planned(bench)).toMatchObject({
      err: '',
      out: expect.stringContaining('No changes.') as string,
    });
    expect(await bench.read(stateFile)).toContain('"hash"');
    expect((await bench.cli('apply', '--yes')).out).toContain('No changes.');
    expect(await bench.read(stateFile)).not.toContain('"hash"');
    bench.environment['PASSWORD_1'] = 'another password';
    expect((await planned(bench)).out).toContain('Plan: 1 to update. 2 unchanged.');
  });

  it('becomes one of today together with what changed', async () => {
    const bench = await applied(3);
    await bench.write({ [stateFile]: older(await bench.read(stateFile), 3) });
    bench.environment['PASSWORD_1'] = 'another password';
    expect((await planned(bench)).out).toContain('Plan: 1 to update. 2 unchanged.');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect(await bench.read(stateFile)).not.toContain('"hash"');
    expect((await planned(bench)).out).toContain('No changes.');
  });
});

describe('a saved plan', () => {
  it('is applied with another key, as long as all secrets are the same', async () => {
    const bench = await applied(2);
    bench.environment['PASSWORD_0'] = 'another password';
    await bench.cli('plan', '--out', 'plan.json');
    bench.environment['POLYTOMIC_STATE_KEY'] = 'another key';
    bench.environment['PASSWORD_0'] = 'yet another one';
    const stale = await bench.cli('apply', 'plan.json');
    expect([stale.code, stale.err]).toEqual([
      4,
      expect.stringContaining('connection.c0 configuration.password: the secret is another one now'),
    ]);
    bench.environment['PASSWORD_0'] = 'another password';
    expect((await bench.cli('apply', 'plan.json')).code).toBe(0);
    expect(await bench.read('plan.json')).not.toContain('another password');
  });
});

describe('the key of the state', () => {
  it('is read where the API key is: a dotenv file cannot say it for a run with a key of the environment', async () => {
    const bench = await applied(2);
    await bench.write({ '.env': 'POLYTOMIC_STATE_KEY=known to everybody\n' });
    expect(await planned(bench)).toMatchObject({ err: '' });
    bench.environment['POLYTOMIC_STATE_KEY'] = 'known to everybody';
    expect((await planned(bench)).err).toContain('the secrets themselves opened it');
  });
});
