/** Each command that the documentation shows runs in CI, or says why it cannot. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

const list = async () => execa('node', ['.ci/docs/commands.mjs', '--list'], { reject: false });

describe('the commands of the documentation', () => {
  it('that do not run say why, and every such mark has its lines', async () => {
    const { exitCode, stdout, stderr } = await list();
    expect([exitCode, stderr]).toEqual([0, '']);
    const lines = stdout.split('\n');
    const reasons = lines.filter((line) => line.startsWith('    not run: '));
    expect(reasons.length).toBe(lines.length / 2);
    // More of them is more that nobody tries: look for a way to run a new one first.
    expect(reasons.length).toBeLessThan(45);
  });

  it('stand in blocks of sh, not in others that nobody runs', async () => {
    const files = (await readdir('docs', { recursive: true })).filter((file) => file.endsWith('.md'));
    const others = await Promise.all(
      files.map(async (file) => {
        const text = await readFile(path.join('docs', file), 'utf8');
        return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)]
          .filter(
            ([, language = '', body = '']) => /^(?:npx )?polytomic-gitops /m.test(body) && language === '',
          )
          .map(() => file);
      }),
    );
    expect(others.flat()).toEqual([]);
  });
});
