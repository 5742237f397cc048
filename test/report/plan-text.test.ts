import { describe, expect, it } from 'vitest';
import { everyChange } from '../support/every-change.js';
import { shop, stable, workbench } from '../support/workbench.js';

describe('a plan with a change of every sort', () => {
  it('reads as the golden file', async () => {
    const bench = await everyChange();
    const { out, err } = await bench.cli('plan');
    expect(err).toBe('');
    await expect(stable(out)).toMatchFileSnapshot('golden/every-change.txt');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect((await bench.cli('plan', '--detailed-exitcode')).code).toBe(0);
  });
});

describe('findings', () => {
  it('read as the golden file', async () => {
    const bench = await workbench({
      ...shop,
      'polytomic/bad.yaml':
        'kind: Sync\nkey: bad\nname: Bad\nmode: replce\nfields: [{ source: customers.email, target: A }]\nschedule: { frequency: daily }\ntarget: { connection: warehose, objct: X }\n---\nkind: Model\nkey: customers\n',
    });
    const { err, code } = await bench.cli('validate');
    expect(code).toBe(1);
    await expect(err).toMatchFileSnapshot('golden/findings.txt');
  });
});
