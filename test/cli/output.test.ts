/** What becomes of a run whose output nobody takes. */
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { shop, workbench, type Workbench } from '../support/workbench.js';

const cli = path.resolve('dist/cli.js');

/** By a shell that tells how the tool ended, not what it was piped into. */
const shell = async (
  bench: Workbench,
  command: string,
): Promise<{ readonly code: number | undefined; readonly err: string }> => {
  const { exitCode, stderr } = await execa('bash', ['-c', command.replaceAll('TOOL', `node ${cli}`)], {
    cwd: bench.root,
    env: bench.environment,
    reject: false,
  });
  return { code: exitCode, err: stderr };
};

describe('a closed pipe', () => {
  it.each([
    ['--help', 0],
    ['--version', 0],
    ['plan --help', 0],
    ['validate', 0],
    ['validate --json', 0],
    ['plan', 0],
    ['plan --json', 0],
    ['plan --detailed-exitcode', 2],
    ['graph', 0],
    ['inspect types', 0],
    ['inspect types --json', 0],
    ['state list', 0],
    ['no-such-command', 1],
  ])('is a normal end for %s', async (command, code) => {
    const bench = await workbench(shop, { real: true });
    for (const reader of ['true', 'head -c 1 > /dev/null']) {
      const { code: ended, err } = await shell(
        bench,
        `TOOL ${command} 2>&1 | ${reader}; exit \${PIPESTATUS[0]}`,
      );
      expect([ended, err]).toEqual([code, '']);
    }
  });

  it('does not end an apply', async () => {
    const bench = await workbench(shop, { real: true });
    expect(await shell(bench, 'TOOL apply --yes 2>&1 | true; exit ${PIPESTATUS[0]}')).toEqual({
      code: 0,
      err: '',
    });
    expect((await bench.cli('plan')).out).toContain('No changes.');
  });
});

describe('an output that cannot be written', () => {
  it('is an error, and the work is done all the same', async () => {
    const bench = await workbench(shop, { real: true });
    const { code, err } = await shell(bench, 'TOOL apply --yes > /dev/full');
    expect([code, err]).toEqual([1, expect.stringContaining('the output cannot be written (ENOSPC)')]);
    expect((await bench.cli('plan')).out).toContain('No changes.');
  });
});
