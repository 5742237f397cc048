/** `plan --html`, `status --html`: a report as a page in a file. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shop, workbench } from '../support/workbench.js';

const environments = 'environments:\n  north: {}\n  south: {}\n';

describe('--html', () => {
  it('writes a page beside what a plan prints, for its owner alone', async () => {
    const bench = await workbench(shop);
    const { code, out } = await bench.cli('plan', '--html', 'plan.html', '--detailed-exitcode');
    expect([code, out]).toEqual([2, expect.stringMatching(/4 to create[^]*\nAs a page: plan\.html\n$/)]);
    const page = await bench.read('plan.html');
    expect(page).toMatch(/^<!doctype html>[^]*<h3 [^>]*>\+ <code>sync\.customers<\/code>[^]*<\/html>\n$/);
    expect((await stat(path.join(bench.root, 'plan.html'))).mode & 0o777).toBe(0o600);
  });

  it('leaves what is printed for machines as it is', async () => {
    const bench = await workbench(shop);
    const plain = await bench.cli('--json', 'plan');
    expect(await bench.cli('--json', 'plan', '--html', 'plan.html', '--out', 'plan.json')).toEqual(plain);
    expect(await bench.read('plan.html')).toContain('<b>4</b> to create');
    expect(JSON.parse(await bench.read('plan.json'))).toMatchObject({ formatVersion: 2 });
  });

  it('writes a page of findings where there is no plan, and leaves none of an earlier run', async () => {
    const bench = await workbench({ ...shop, 'polytomic.config.yaml': environments });
    await bench.cli('--env', 'north', 'plan', '--html', 'plan.html');
    expect(await bench.read('plan.html')).toContain('<title>Polytomic plan for north</title>');
    bench.sandbox.failNext({
      method: 'GET',
      path: /connections$/,
      status: 403,
      body: '{"message":"no <b>"}',
    });
    expect((await bench.cli('--env', 'north', 'plan', '--html', 'plan.html')).code).toBe(1);
    const refused = await bench.read('plan.html');
    expect(refused).toContain('No plan: there are errors.');
    expect(refused).toContain('no &lt;b&gt;');
    expect((await bench.cli('--env', 'east', 'plan', '--html', 'plan.html')).code).toBe(1);
    expect(await bench.read('plan.html')).toContain('has no environment &quot;east&quot;');
  });

  it.each([['plan'], ['status']])('of %s is an error where the file cannot be written', async (command) => {
    const bench = await workbench({ ...shop, 'a-file': '' });
    for (const [file, why] of [
      ['nowhere/page.html', 'ENOENT'],
      ['a-file/page.html', 'ENOTDIR'],
    ]) {
      const { code, err } = await bench.cli(command, '--html', file!);
      expect([code, err]).toEqual([
        1,
        expect.stringContaining(`the page cannot be written to ${file} (${why})`),
      ]);
      expect(err).toContain('hint: name another file by --html');
    }
  });

  it.each([['plan'], ['status']])('of %s is about one environment', async (command) => {
    const bench = await workbench({ ...shop, 'polytomic.config.yaml': environments });
    const { code, err } = await bench.cli('--env', 'all', command, '--html', 'page.html');
    expect(code).toBe(1);
    expect(err).toContain(`${command} --html is about one environment, and --env names 2: north, south`);
    await expect(bench.read('page.html')).rejects.toThrow('ENOENT');
  });

  it('writes a page beside what status prints, of what it prints', async () => {
    const bench = await workbench(shop);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    const { code, out } = await bench.cli('status', '--html', 'status.html');
    expect([code, out]).toEqual([0, expect.stringMatching(/never ran[^]*\nAs a page: status\.html\n$/)]);
    expect(await bench.read('status.html')).toContain('never ran (1)');
    await bench.cli('status', '--failing', '--html', 'status.html');
    expect(await bench.read('status.html')).toContain('Nothing fails.');
    const plain = await bench.cli('--json', 'status');
    expect(await bench.cli('--json', 'status', '--html', 'status.html')).toEqual(plain);
    bench.sandbox.failNext({ method: 'GET', path: /me$/, status: 401, body: '{}' });
    expect((await bench.cli('status', '--html', 'status.html')).code).toBe(1);
    expect(await bench.read('status.html')).toContain('Errors and warnings');
  });
});
