import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/core/diagnostics.js';
import { stable, workbench, type Workbench } from '../support/workbench.js';
import { connections, wrong } from './wrong.js';

const bench = async (): Promise<Workbench> => {
  const made = await workbench({ 'polytomic/connections.yaml': connections });
  expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0 });
  await made.write(wrong);
  made.sandbox.clearRequests();
  return made;
};

const findings = async (made: Workbench, ...args: readonly string[]): Promise<readonly Diagnostic[]> =>
  (JSON.parse((await made.cli('--json', ...args)).out) as { diagnostics: readonly Diagnostic[] }).diagnostics;

describe('a repository that is wrong in every way', () => {
  it('is told all of it, each at its place with the nearest right name', async () => {
    const made = await bench();
    const { code, err } = await made.cli('plan');
    expect(code).toBe(1);
    await expect(stable(err)).toMatchFileSnapshot('golden/findings.txt');
  });

  it('is told the same by validate --live, and nothing with --no-preflight', async () => {
    const made = await bench();
    const told = await findings(made, 'plan', '--no-preview');
    expect(await findings(made, 'validate', '--live')).toEqual(told);
    expect(await findings(made, 'plan', '--no-preflight')).toEqual([]);
    expect(await made.cli('validate')).toMatchObject({ code: 0, err: '' });
  });

  it('is asked about by reading alone, and each question once', async () => {
    const made = await bench();
    await made.cli('plan', '--no-preview');
    const { requests } = made.sandbox;
    expect(requests.every(({ method, body }) => method === 'GET' && body === undefined)).toBe(true);
    const asked = requests.map(({ path, query }) => `${path} ${JSON.stringify(query)}`);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it.each(['2022-12-12', '2024-02-08'])('is found wrong at version %s, too', async (version) => {
    const made = await bench();
    await made.write({ 'polytomic.config.yaml': `version: '${version}'\n` });
    const now = await findings(made, 'plan');
    const codes = new Set(now.map(({ code }) => code));
    for (const code of [
      'unknown-source',
      'unknown-target',
      'mode-not-offered',
      'missing-identity',
      'wrong-type',
    ])
      expect(codes).toContain(code);
    // The quickstart's version cannot tell the fields of a source; the fields of models that live it can.
    expect(now.some(({ code, address }) => code === 'unknown-field' && address === 'sync.mode')).toBe(true);
  });
});
